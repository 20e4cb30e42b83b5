"""Claims from the draft to the ledger, in every province."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Claim, ClaimState, LedgerEntry, Statement
from credits.overlaps import overlapping
from credits.questions import years_between
from institutions import approvals
from institutions.access import Denied
from institutions.actors import as_practitioner
from institutions.enums import ApprovalState, Verdict
from tests.cast import NOW, SHANGHAI, Cast, make_cast

pytestmark = pytest.mark.django_db

THREE_MONTHS = {"start": date(2026, 3, 1), "end": date(2026, 5, 31)}


def stay(code: str, **values: object) -> claims.Facts:
    """Three months of study leave, in the unit the province counts by."""
    time = {"days": 60} if code == "zhejiang" else {"hours": Decimal(500)}
    return claims.Facts("重症医学进修", "中国示范医院", {**THREE_MONTHS, **time, **values})


def submitted(cast: Cast, facts: claims.Facts, declaration: str = "study_leave", year: int = 2026) -> Claim:
    claim = claims.start(actor=cast.person, code=declaration, year=year, at=NOW)
    claims.submit(actor=cast.person, claim_id=claim.pk, facts=facts, at=NOW)
    claim.refresh_from_db()
    return claim


def decided(cast: Cast, claim: Claim) -> list[str]:
    """Approve to the end; answers the bodies that decided, in order."""
    bodies = {body.pk: key for key, body in cast.bodies.items()}
    route = []
    while (approval := approvals.lock(claim.approval_id)).state == ApprovalState.WAITING:
        route.append(bodies[approval.holder_id])
        approvals.decide(
            actor=cast.officer(route[-1]),
            approval_id=approval.pk,
            verdict=Verdict.APPROVE,
            version=approval.version,
            at=NOW,
        )
    claim.refresh_from_db()
    return route


@pytest.mark.parametrize(
    ("code", "route"),
    [
        ("liaoning", ["hospital", "county", "city", "province"]),  # liaoning 四(二)5, L28
        ("zhejiang", ["hospital"]),  # zhejiang 附件 外出进修（任务）, Z19
        ("jilin", ["department", "hospital"]),  # jilin 四(五), J17
        ("sichuan", ["hospital", "city", "office"]),  # sichuan 四(二), S15
        ("beijing", ["hospital", "county", "city"]),  # beijing 问题咨询, B7
    ],
)
def test_a_claim_climbs_its_provinces_route_and_completes_the_year(code: str, route: list[str]) -> None:
    cast = make_cast(code)
    with entered(cast.province.pk):
        claim = submitted(cast, stay(code))
        assert claim.expected_tenths == 250
        assert decided(cast, claim) == route
        assert claim.state == ClaimState.APPROVED
        statement = Statement.objects.get(practitioner=cast.practitioner, year=2026)
        assert (statement.total_tenths, statement.full_year, statement.compliant) == (250, True, True)


@pytest.mark.parametrize(
    ("code", "route"),
    [("liaoning", ["direct", "province"]), ("sichuan", ["direct", "office"]), ("jilin", ["direct"])],
)
def test_directly_affiliated_bodies_skip_the_tiers_between(code: str, route: list[str]) -> None:
    cast = make_cast(code)
    cast.practitioner = cast.hire("周慧敏", "direct", number=9)
    with entered(cast.province.pk):
        assert decided(cast, submitted(cast, stay(code))) == route


@pytest.fixture
def liaoning() -> Cast:
    return make_cast("liaoning")


def test_a_stay_over_new_year_becomes_a_claim_for_each_year(liaoning: Cast) -> None:
    facts = claims.Facts(
        "进修",
        "中国示范医院",
        {"start": date(2025, 12, 1), "end": date(2026, 2, 28)},
        by_year={2025: {"hours": Decimal(160)}, 2026: {"hours": Decimal(320)}},
    )
    with entered(liaoning.province.pk):
        first = submitted(liaoning, facts, year=2025)
        later = Claim.objects.get(part_of=first)
        assert (first.year, first.hours, first.expected_tenths) == (2025, 160, 80)  # one month at 8.0 (R5)
        assert (later.year, later.hours, later.expected_tenths) == (2026, 320, 160)
        assert first.state == later.state == ClaimState.WAITING
        decided(liaoning, first)
        assert Statement.objects.get(year=2025).total_tenths == 80
        assert not Statement.objects.filter(year=2026).exists()


def test_supervision_over_new_year_is_declared_by_the_months_of_each_year(liaoning: Cast) -> None:
    dates = {"start": date(2025, 11, 1), "end": date(2026, 2, 28), "item": "supervision"}
    months = {2025: {"months": 2}, 2026: {"months": 3}}
    with entered(liaoning.province.pk), pytest.raises(ValidationError) as refused:
        submitted(liaoning, claims.Facts("带教", "中国示范医院", dates, months), "self_study", 2025)
    assert "最多 2 个月" in refused.value.message_dict["months_2026"][0]
    months[2026] = {"months": 1}
    with entered(liaoning.province.pk):
        first = submitted(liaoning, claims.Facts("带教", "中国示范医院", dates, months), "self_study", 2025)
        later = Claim.objects.get(part_of=first)
        assert (first.expected_tenths, later.expected_tenths) == (20, 10)


def test_the_part_of_a_stay_that_has_not_ended_stays_a_draft(liaoning: Cast) -> None:
    january = NOW.replace(year=2027, month=1, day=10)
    facts = claims.Facts(
        "进修",
        "中国示范医院",
        {"start": date(2026, 12, 1), "end": date(2027, 2, 28)},
        by_year={2026: {"hours": Decimal(160)}, 2027: {"hours": Decimal(320)}},
    )
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="study_leave", year=2026, at=january)
        [sent] = claims.submit(actor=liaoning.person, claim_id=claim.pk, facts=facts, at=january)
        assert sent.year == 2026
        assert Claim.objects.get(part_of=claim).state == ClaimState.DRAFT


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end": date(2026, 2, 1)}, "end"),
        ({"end": date(2026, 12, 31)}, "end"),  # has not ended on 20 November
        ({"start": date(2024, 3, 1), "end": date(2024, 3, 9)}, "start"),  # no regulation for 2024
        ({"hours": Decimal(-1)}, "hours"),
        ({"end": date(2026, 3, 2), "hours": Decimal(60)}, "hours"),  # 60 hours in two days
    ],
)
def test_impossible_facts_are_refused_with_the_field(liaoning: Cast, values: dict, field: str) -> None:
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="study_leave", year=2026, at=NOW)
        with pytest.raises(ValidationError) as refused:
            claims.submit(actor=liaoning.person, claim_id=claim.pk, facts=stay("liaoning", **values), at=NOW)
        assert field in refused.value.message_dict
        claim.refresh_from_db()
        assert claim.state == ClaimState.DRAFT


def test_a_returned_claim_is_corrected_and_climbs_again(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = submitted(liaoning, stay("liaoning"))
        approvals.decide(
            actor=liaoning.officer("hospital"),
            approval_id=claim.approval_id,
            verdict=Verdict.RETURN,
            version=1,
            reason="学时与证书不一致。",
            field_reasons={"hours": "证书上是 480 学时。"},
            at=NOW,
        )
        claim.refresh_from_db()
        assert claim.state == ClaimState.RETURNED
        claims.submit(
            actor=liaoning.person,
            claim_id=claim.pk,
            facts=stay("liaoning", hours=Decimal(480)),
            at=NOW + timedelta(hours=2),
        )
        assert decided(liaoning, claim) == ["hospital", "county", "city", "province"]
        assert LedgerEntry.objects.get(claim=claim).hours == 480


def test_typed_text_is_kept_even_when_it_is_nonsense(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="practice", year=2026, at=NOW)
        typed = {"activity_name": "病例讨论", "hours": "六小时左右", "start": "上周三"}
        claims.keep_typed(actor=liaoning.person, claim_id=claim.pk, typed=typed, at=NOW)
        claim.refresh_from_db()
        assert claim.typed == typed


def test_nobody_edits_the_claim_of_another(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="practice", year=2026, at=NOW)
        with pytest.raises(Denied):
            claims.keep_typed(actor=as_practitioner(liaoning.colleague), claim_id=claim.pk, typed={}, at=NOW)


def test_a_claim_in_review_is_not_edited(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = submitted(liaoning, stay("liaoning"))
        with pytest.raises(Denied, match="请先撤回"):
            claims.submit(actor=liaoning.person, claim_id=claim.pk, facts=stay("liaoning"), at=NOW)


def test_overlapping_stays_are_pointed_out_with_the_other_claim(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        first = submitted(liaoning, stay("liaoning"))
        draft = claims.start(actor=liaoning.person, code="study_leave", year=2026, at=NOW)
        facts = stay("liaoning", start=date(2026, 5, 30), end=date(2026, 6, 3))
        [(sentence, other)] = overlapping(
            liaoning.practitioner, facts.values, category=draft.category, name=facts.activity_name, without=draft
        )
        assert other == first
        assert "重叠" in sentence


def new_year(start: date, end: date) -> claims.Facts:
    years = range(start.year, end.year + 1)
    by_year = {year: {"hours": Decimal(40)} for year in years} if len(years) > 1 else {}
    values = {"start": start, "end": end} | ({} if by_year else {"hours": Decimal(80)})
    return claims.Facts("重症医学进修", "中国示范医院", values, by_year)


def test_a_stay_that_no_longer_reaches_the_next_year_leaves_no_second_claim(liaoning: Cast) -> None:
    """What is in review for the later year would count the same days twice; a draft for it simply goes."""
    long_stay = new_year(date(2025, 12, 20), date(2026, 1, 20))
    with entered(liaoning.province.pk):
        first = submitted(liaoning, long_stay, year=2025)
        later = first.later_parts.get()
        approvals.withdraw(actor=liaoning.person, approval_id=first.approval_id, at=NOW)
        short = new_year(date(2025, 12, 1), date(2025, 12, 31))
        with pytest.raises(ValidationError, match="请先撤回该部分"):
            claims.submit(actor=liaoning.person, claim_id=first.pk, facts=short, at=NOW)
        approvals.withdraw(actor=liaoning.person, approval_id=later.approval_id, at=NOW)
        claims.submit(actor=liaoning.person, claim_id=first.pk, facts=short, at=NOW)
        assert Claim.objects.get(state=ClaimState.WAITING).year == 2025


@pytest.mark.parametrize("days", [40, 13])
def test_a_year_has_no_more_days_than_the_stay_has_in_it(days: int) -> None:
    cast = make_cast("zhejiang")
    with entered(cast.province.pk):
        with pytest.raises(ValidationError) as refused:
            submitted(cast, winter({2025: {"days": days}, 2026: {"days": 10}}), year=2025)
        [sentence] = refused.value.message_dict["days_2025"]
        assert "2025-12-20 至 2025-12-31 在 2025 年内只有 12 天" in sentence
        assert set(refused.value.message_dict) == {"days_2025"}
        assert submitted(cast, winter({2025: {"days": 12}, 2026: {"days": 32}}), year=2025).days == 12


def test_a_year_has_no_more_hours_than_its_days_of_the_stay(liaoning: Cast) -> None:
    with entered(liaoning.province.pk), pytest.raises(ValidationError) as refused:
        submitted(liaoning, winter({2025: {"hours": Decimal(289)}, 2026: {"hours": Decimal(40)}}), year=2025)
    assert "只有 12 天，最多 288 小时" in refused.value.message_dict["hours_2025"][0]


def test_a_stay_inside_one_year_has_no_more_days_than_its_length() -> None:
    cast = make_cast("zhejiang")
    facts = claims.Facts("进修", "", {"start": date(2025, 12, 1), "end": date(2025, 12, 31), "days": 40})
    with entered(cast.province.pk), pytest.raises(ValidationError) as refused:
        submitted(cast, facts, year=2025)
    assert "只有 31 天" in refused.value.message_dict["days"][0]


@pytest.mark.parametrize(
    ("by_year", "field", "remedy"),
    [
        ({2025: {"days": 12}, 2026: {"days": 0}}, "days_2026", "请把结束日期改为 2025-12-31"),
        ({2025: {"days": 0}, 2026: {"days": 32}}, "days_2025", "请把开始日期改为 2026-01-01"),
    ],
)
def test_a_year_in_which_nothing_was_done_makes_no_empty_claim(by_year: dict, field: str, remedy: str) -> None:
    cast = make_cast("zhejiang")
    with entered(cast.province.pk):
        with pytest.raises(ValidationError) as refused:
            submitted(cast, winter(by_year), year=2025)
        assert remedy in refused.value.message_dict[field][0]
        assert not Claim.objects.filter(part_of__isnull=False).exists()


def winter(by_year: dict[int, dict]) -> claims.Facts:
    """Twelve days in 2025, 32 in 2026."""
    return claims.Facts("进修", "中国示范医院", {"start": date(2025, 12, 20), "end": date(2026, 2, 1)}, by_year)


def test_the_parts_of_a_stay_never_tell_of_different_dates(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        first = submitted(liaoning, new_year(date(2025, 12, 20), date(2026, 2, 1)), year=2025)
        later = first.later_parts.get()
        approvals.withdraw(actor=liaoning.person, approval_id=first.approval_id, at=NOW)
        longer = new_year(date(2025, 12, 20), date(2026, 3, 15))
        with pytest.raises(ValidationError, match="2026 年的部分在审核中") as refused:
            claims.submit(actor=liaoning.person, claim_id=first.pk, facts=longer, at=NOW)
        assert set(refused.value.message_dict) == {"end"}
        same = new_year(date(2025, 12, 20), date(2026, 2, 1))
        [sent] = claims.submit(actor=liaoning.person, claim_id=first.pk, facts=same, at=NOW)
        assert sent == first, "the part in review stands by itself"
        first.refresh_from_db()
        for part in (first, later):
            approvals.withdraw(actor=liaoning.person, approval_id=part.approval_id, at=NOW)
        claims.submit(actor=liaoning.person, claim_id=first.pk, facts=longer, at=NOW)
        assert set(Claim.objects.values_list("year", "end")) == {(2025, date(2026, 3, 15)), (2026, date(2026, 3, 15))}


def test_a_granted_part_fixes_the_dates_of_the_stay_too(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        first = submitted(liaoning, new_year(date(2025, 12, 20), date(2026, 2, 1)), year=2025)
        later = first.later_parts.get()
        decided(liaoning, first)
        approvals.withdraw(actor=liaoning.person, approval_id=later.approval_id, at=NOW)
        with pytest.raises(ValidationError, match=r"2025 年的部分已认定.*请联系审核机构更正"):
            claims.submit(
                actor=liaoning.person,
                claim_id=later.pk,
                facts=new_year(date(2025, 12, 20), date(2026, 2, 15)),
                at=NOW,
            )


def test_another_kind_of_activity_does_not_leave_the_later_part_behind(liaoning: Cast) -> None:
    """A kind that is not declared year by year would count the days of the part in review once more."""
    with entered(liaoning.province.pk):
        first = submitted(liaoning, new_year(date(2025, 12, 20), date(2026, 2, 1)), year=2025)
        approvals.withdraw(actor=liaoning.person, approval_id=first.approval_id, at=NOW)
        claims.keep_typed(actor=liaoning.person, claim_id=first.pk, typed={"declaration": "practice"}, at=NOW)
        values = {"start": date(2025, 12, 20), "end": date(2026, 2, 1), "hours": Decimal(12)}
        with pytest.raises(ValidationError) as refused:
            claims.submit(actor=liaoning.person, claim_id=first.pk, facts=claims.Facts("讨论", "", values), at=NOW)
        assert set(refused.value.message_dict) == {"declaration"}


def test_the_draft_of_a_later_year_goes_with_the_year(liaoning: Cast) -> None:
    early = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)
    with entered(liaoning.province.pk):
        first = claims.start(actor=liaoning.person, code="study_leave", year=2025, at=early)
        facts = new_year(date(2025, 12, 20), date(2026, 1, 20))
        claims.submit(actor=liaoning.person, claim_id=first.pk, facts=facts, at=early)
        first.refresh_from_db()
        assert first.later_parts.get().state == ClaimState.DRAFT
        approvals.withdraw(actor=liaoning.person, approval_id=first.approval_id, at=early)
        short = new_year(date(2025, 12, 1), date(2025, 12, 31))
        claims.submit(actor=liaoning.person, claim_id=first.pk, facts=short, at=early)
        assert not first.later_parts.exists()


def test_what_no_database_keeps_costs_nothing_else_that_was_typed(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="practice", year=2026, at=NOW)
        typed = {"activity_name": "卒中\0实训", "organizer": "示范\0医院", "ho\0urs": "7"}
        claims.keep_typed(actor=liaoning.person, claim_id=claim.pk, typed=typed, at=NOW)
        claim.refresh_from_db()
        assert claim.typed == {"activity_name": "卒中实训", "organizer": "示范医院"}


def test_dates_a_thousand_years_apart_ask_for_no_thousand_years() -> None:
    assert years_between({"start": "0001-01-01", "end": "9999-12-31"}) == []
    assert years_between({"start": "2025-12-20", "end": "2026-01-20"}) == [2025, 2026]


def test_a_discarded_draft_is_gone(liaoning: Cast) -> None:
    with entered(liaoning.province.pk):
        claim = claims.start(actor=liaoning.person, code="practice", year=2026, at=NOW)
        claims.discard(actor=liaoning.person, claim_id=claim.pk, at=NOW)
        assert not Claim.objects.exists()
