"""A claim as its owner and the officers see it, the list of claims, and taking one back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import claims, ledger
from credits.assessment import regulation_of
from credits.models import Claim, ClaimState, LedgerEntry
from institutions import approvals
from institutions.enums import ChecksState, Role
from tests.cast import NOW, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.year import approve, live, send_back, submit

pytestmark = pytest.mark.django_db


def discussion(cast: Cast, name: str = "多学科病例讨论", **changed: object) -> Claim:
    """A practice activity in review at the hospital."""
    with entered(cast.province.pk):
        return submit(cast, "practice", name, **{"hours": Decimal(12), "start": date(2026, 3, 2), **changed})


def decided(cast: Cast, claim: Claim, steps: int) -> None:
    with entered(cast.province.pk):
        approve(cast, claim, steps=steps)


def test_a_waiting_claim_says_who_holds_it_and_that_nothing_is_to_be_done(cast: Cast) -> None:
    claim = discussion(cast)
    decided(cast, claim, 1)
    page = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    holder, following = cast.bodies["county"].name, cast.bodies["city"].name
    assert f"{holder}审核中，您现在不需要做任何事。" in page
    assert f"通过后由{following}审核" in page
    assert "2026-11-20 起" in page
    assert "承诺不晚于 2026-12-04 办结" in page  # 10 working days after 2026-11-20
    assert "每满 6 小时计 1 学分，计 2.0 学分" in page
    assert 'aria-current="step"' in page


def test_an_undone_approval_is_no_longer_shown_as_one(cast: Cast) -> None:
    claim = discussion(cast)
    decided(cast, claim, 1)
    client = signed_in(cast.practitioner.user)

    def timeline() -> str:
        return text(client.get(claim.get_absolute_url())).partition('<ol class="tl">')[2].partition("</ol>")[0]

    assert 'class="tag ok"' in timeline()
    with entered(cast.province.pk):
        officer = cast.officer("hospital")
        approvals.undo(actor=officer, approval_id=claim.approval_id, at=NOW + timedelta(minutes=9))
    assert "审核通过（已由审核人撤销）" in timeline()
    assert 'class="tag ok"' not in timeline()
    assert "通过（已撤销）" in text(signed_in(officer.user).get(reverse("inbox-panel", args=[claim.approval_id])))


def test_a_returned_claim_says_what_to_do_and_where(cast: Cast) -> None:
    lived = live(cast)
    page = text(signed_in(cast.practitioner.user).get(lived.returned.get_absolute_url()))
    assert "需要您补正后重新提交。" in page
    assert "缺少发布页面截图" in page
    assert "日期：与截图上的日期不一致" in page
    assert reverse("claim-edit", args=[lived.returned.pk]) in page


def test_a_granted_claim_tells_what_counted(cast: Cast) -> None:
    lived = live(cast)
    page = text(signed_in(cast.practitioner.user).get(lived.granted.get_absolute_url()))
    assert "学分已认定，计入 2026 年度。" in page
    assert "计 14.0 学分" in page
    assert reverse("claim-withdraw", args=[lived.granted.pk]) not in page


def test_a_corrected_grant_tells_why(cast: Cast) -> None:
    claim = discussion(cast)
    decided(cast, claim, 9)
    with entered(cast.province.pk):
        entry = LedgerEntry.objects.get(claim=claim)
        ledger.reverse(actor=cast.officer("province"), entry_id=entry.pk, reason="考勤记录不实", at=NOW)
    page = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    assert "认定后已更正" in page
    assert "考勤记录不实" in page


def test_what_the_portal_granted_names_no_officer_and_says_why() -> None:
    """Zhejiang leaves achievements to the portal's own checks (附件, Z23)."""
    cast = make_cast("zhejiang")
    with entered(cast.province.pk):
        claim = submit(cast, "achievement", "护理质量改进研究", item="book", start=date(2026, 3, 2), editor="chief")
        waiting = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
        approvals.record_checks(approval_id=claim.approval_id, checks=[], state=ChecksState.PASSED, at=NOW)
    granted = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    assert "系统正在核验，您现在不需要做任何事。" in waiting
    assert "学分已认定，计入 2026 年度。" in granted
    assert "系统核验通过" in granted
    assert "各项系统核验全部通过，按规定由系统授予" in granted
    for page in (waiting, granted):
        assert f"{cast.bodies['hospital'].name}审核" not in page
    history = granted.partition("审核过程")[2].partition("证明材料")[0]
    assert cast.bodies["hospital"].name not in history


def test_what_the_portal_could_not_grant_says_why_and_who_reads_it_now() -> None:
    """Zhejiang 附件, Z23: whose document resembles it stays among the officers."""
    cast = make_cast("zhejiang")
    checks = [
        {"code": "evidence", "state": "look", "text": "没有上传证明材料。", "claims": []},
        {"code": "duplicate", "state": "look", "text": "“封面.pdf”与另一申报的材料相同，请核对。", "claims": [1]},
        {"code": "cap", "state": "passed", "text": "未超过上限。", "claims": []},
    ]
    with entered(cast.province.pk):
        claim = submit(cast, "achievement", "护理质量改进研究", item="book", start=date(2026, 3, 2), editor="chief")
        approvals.record_checks(approval_id=claim.approval_id, checks=checks, state=ChecksState.ATTENTION, at=NOW)
    page = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    history = page.partition("审核过程")[2].partition('id="documents"')[0]
    submitted, handed_on, _ = history.partition(f"系统核验未全部通过，转由{cast.bodies['hospital'].name}审核")
    assert "本人提交" in submitted
    assert handed_on, "the timeline says that the portal did not grant it"
    assert "没有上传证明材料。" in history
    assert "另一申报" not in history
    assert "未超过上限" not in history


def test_why_a_claim_came_back_is_said_once(cast: Cast) -> None:
    claim = discussion(cast)
    with entered(cast.province.pk):
        send_back(cast, claim, "时间与考勤记录不一致。", {"hours": "时间与考勤记录不一致。", "start": "早了一天"})
    page = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    assert page.count("时间与考勤记录不一致。") == 1
    assert "小时数：时间与考勤记录不一致。" in page
    assert page.count("早了一天") == 1


def test_the_years_total_says_what_it_includes_and_only_of_a_claim_that_may_count(cast: Cast) -> None:
    client, claim = signed_in(cast.practitioner.user), discussion(cast)
    assert re.search(r"认定后全年.*含审核中的其他申报", text(client.get(claim.get_absolute_url())), re.DOTALL)
    client.post(reverse("claim-withdraw", args=[claim.pk]))
    assert "认定后全年" not in text(client.get(claim.get_absolute_url()))


def test_withdrawing_asks_first_and_opens_the_form_again(cast: Cast) -> None:
    client, claim = signed_in(cast.practitioner.user), discussion(cast)
    address = reverse("claim-withdraw", args=[claim.pk])
    assert "审核从头开始" in text(client.get(address))
    page = text(client.post(address, follow=True))
    assert "已撤回" in page
    assert client.get(reverse("claim-edit", args=[claim.pk])).status_code == 200
    again = text(client.post(address, follow=True))
    assert "不能撤回" in again


def test_officers_on_the_route_see_it_and_are_journalled(cast: Cast) -> None:
    claim = discussion(cast)
    for body in ("hospital", "city"):
        page = text(signed_in(cast.officer(body).user).get(claim.get_absolute_url()))
        assert claim.activity_name in page
        assert cast.practitioner.name in page
        assert "您现在不需要做任何事" not in page
        assert reverse("claim-withdraw", args=[claim.pk]) not in page
    with entered(cast.province.pk):
        seen = JournalEntry.objects.filter(act="claim.view", subject_id=claim.pk)
        assert {one.user_id for one in seen} == {cast.officer(body).user.pk for body in ("hospital", "city")}
        assert {one.institution_id for one in seen} == {cast.bodies["hospital"].pk}


def test_ones_own_visit_is_not_journalled(cast: Cast) -> None:
    claim = discussion(cast)
    signed_in(cast.practitioner.user).get(claim.get_absolute_url())
    with entered(cast.province.pk):
        assert not JournalEntry.objects.filter(act="claim.view").exists()


def test_nobody_else_finds_it(cast: Cast, strangers: Cast) -> None:
    claim = discussion(cast)
    others = [
        cast.colleague.user,
        strangers.practitioner.user,
        strangers.officer("province").user,
        cast.officer("direct").user,
    ]
    for user in others:
        assert signed_in(user).get(claim.get_absolute_url()).status_code == 404


def test_the_list_filters_by_state_and_links_to_each(cast: Cast) -> None:
    lived = live(cast)
    client = signed_in(cast.practitioner.user)
    everything = text(client.get(reverse("claims")))
    for claim in (lived.granted, lived.waiting, lived.returned, lived.draft):
        assert str(claim) in everything
    with entered(cast.province.pk):
        promised = Claim.objects.get(pk=lived.waiting.pk).approval.promised_on
    waiting = (cast.bodies["county"].name, "2026-11-20 起", f"承诺不晚于 {promised:%Y-%m-%d} 办结")
    for page in (everything, text(client.get(reverse("practitioner-home")))):
        for told in waiting:
            assert page.count(told) == 1
    returned = text(client.get(reverse("claims"), {"state": "returned"}))
    assert str(lived.returned) in returned
    assert str(lived.waiting) not in returned
    assert "没有符合条件的申报" in text(client.get(reverse("claims"), {"state": "rejected"}))


def test_a_claim_is_named_as_the_regulation_of_its_year_names_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of activity that this year's regulation no longer knows keeps its words."""
    with entered(cast.province.pk):
        draft = claims.start(actor=cast.person, code="practice", year=2025, at=NOW)
        claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed={"activity_name": "病例讨论"}, at=NOW)
    rules = regulation_of(cast.practitioner, 2025)
    by_year = {2025: rules, 2026: replace(rules, categories=())}
    monkeypatch.setattr("credits.claim_views.regulation_of", lambda _, year: by_year[year])
    assert "有组织的继续医学教育实践活动" in text(signed_in(cast.practitioner.user).get(reverse("claims")))


def test_the_empty_list_says_how_to_begin(cast: Cast) -> None:
    page = text(signed_in(cast.practitioner.user).get(reverse("claims")))
    assert "还没有申报" in page
    assert reverse("claim-new") in page


def test_the_list_is_paged_at_a_fixed_number_of_queries(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    counts = []
    for wanted in (1, 20):
        with entered(cast.province.pk):
            while Claim.objects.count() < wanted:
                claim = claims.start(actor=cast.person, code="practice", year=2026, at=NOW + timedelta(minutes=wanted))
                Claim.objects.filter(pk=claim.pk).update(typed={"activity_name": f"活动 {claim.pk}"})
        client.get(reverse("claims"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("claims"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with entered(cast.province.pk):
        claim = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
        claims.keep_typed(actor=cast.person, claim_id=claim.pk, typed={"activity_name": "第二十一项"}, at=NOW)
    assert "第 1–20 条，共 21 条" in text(client.get(reverse("claims")))


def test_officers_and_visitors_have_no_list(cast: Cast) -> None:
    assert signed_in(cast.officer("hospital").user).get(reverse("claims")).status_code == 403
    assert Client().get(reverse("claims")).status_code == 302


def test_a_rejected_claim_says_why(cast: Cast) -> None:
    claim = discussion(cast)
    with entered(cast.province.pk):
        send_back(cast, claim, "与已认定的活动重复。", verdict="reject")
    page = text(signed_in(cast.practitioner.user).get(claim.get_absolute_url()))
    assert "审核不通过，本次申报不计学分。" in page
    assert re.search(r"与已认定的活动重复。", page)
    assert reverse("claim-edit", args=[claim.pk]) not in page
    with entered(cast.province.pk):
        assert Claim.objects.get(pk=claim.pk).state == ClaimState.REJECTED


def test_an_auditor_of_the_hospital_sees_the_claims_of_its_people(cast: Cast) -> None:
    claim = discussion(cast)
    auditor = cast.officer("hospital", Role.AUDITOR)
    assert signed_in(auditor.user).get(claim.get_absolute_url()).status_code == 200
