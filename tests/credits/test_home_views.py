"""The practitioner's first page: the figures, the one sentence, what to do, in what order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.outlook import outlook
from credits.rules import FACTS, regulation
from institutions import employment
from institutions.enums import Role
from institutions.models import Practitioner
from tests.cast import NOW, PROVINCES, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.year import approve, live, send_back, submit

pytestmark = pytest.mark.django_db

HOME = "practitioner-home"


def home(cast: Cast, **query: object) -> str:
    return text(signed_in(cast.practitioner.user).get(reverse(HOME), query))


@pytest.mark.parametrize("code", PROVINCES)
def test_a_new_year_shows_the_requirement_and_every_category_of_the_province(code: str) -> None:
    page = home(make_cast(code))
    rules = regulation(code, timezone.localdate().year)
    assert rules.title in page
    assert "还差 25.0 学分达标" in page
    for category in rules.categories:
        assert category.title in page
    read = re.sub(r"<[^>]+>", "", page)
    assert not re.search(r"\S\s+[，。；、）]|[^\d\s]\s+截止", read), "a space before a stop breaks the line there"


def test_a_year_that_cannot_be_is_refused_on_the_page(cast: Cast) -> None:
    assert "学分" in home(cast, year="0000")


def test_the_year_so_far(cast: Cast) -> None:
    lived = live(cast)
    page = home(cast, year=2026)
    # 14.0 granted; 5.0 in review, of which the cap of 15.0 leaves 1.0 (liaoning 三(四))
    assert "已认定 14.0 学分，审核中 1.0 学分" in page
    assert "还差 11.0 学分达标" in page
    assert reverse("claim-edit", args=[lived.returned.pk]) in page
    assert reverse("claim-edit", args=[lived.draft.pk]) in page


@pytest.mark.parametrize("code", ["practice", "self_study", "study_leave", "other"])
def test_a_draft_of_nonsense_is_listed_and_can_be_mended(cast: Cast, code: str) -> None:
    """What a broken browser sent is kept as it came, and must not stand between the person and the own pages."""
    nonsense = dict.fromkeys([*FACTS, "item"], "zzz") | {"activity_name": "半份草稿"}
    with entered(cast.province.pk):
        draft = claims.start(actor=cast.person, code=code, year=2026, at=NOW)
        claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed=nonsense, at=NOW)
    assert "半份草稿" in home(cast, year=2026)
    assert signed_in(cast.practitioner.user).get(reverse("claim-edit", args=[draft.pk])).status_code == 200


def test_one_sentence_says_what_closes_the_gap(cast: Cast) -> None:
    live(cast)
    with entered(cast.province.pk):
        found = outlook(cast.practitioner, 2026, at=NOW)
    assert found.sentence == "审核中的 1.0 学分认定后，还差 10.0 学分。做好一件事就够：有计划的自学。"


def test_credits_that_others_register_are_not_offered_for_declaration() -> None:
    cast = make_cast("beijing")  # national 第四部分: the organiser registers a project
    with entered(cast.province.pk):
        found = {one.title: one for one in outlook(cast.practitioner, 2026, at=NOW).to_do}
    project = found["继续医学教育项目"]
    assert (project.declaration, project.url) == ("", reverse("regulation"))
    assert "由举办单位登记，不需要个人申报" in project.text
    assert found["有组织的继续医学教育实践活动"].declaration == "practice"


def test_of_a_project_only_the_certificate_from_elsewhere_is_declared(cast: Cast) -> None:
    with entered(cast.province.pk):
        to_do = outlook(cast.practitioner, 2026, at=NOW).to_do
    project = next(one for one in to_do if one.title == "继续医学教育项目")
    assert project.label == "申报外省项目证书"
    assert project.declaration == "project_other_province"  # liaoning 四(一)[1], L21
    assert "由举办单位登记，不需要个人申报。外省项目证书由本人申报。" in project.text


def test_the_button_of_a_suggestion_opens_its_form(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    offered = re.findall(r'name="declaration" value="(\w+)"', text(client.get(reverse(HOME), {"year": 2026})))
    assert {"practice", "self_study"} <= set(offered)
    form = text(client.post(reverse("claim-new"), {"declaration": "self_study"}, follow=True))
    assert re.search(r'value="self_study"[^>]*checked', form)


def test_waiting_is_enough_and_what_else_is_open_is_named(cast: Cast) -> None:
    with entered(cast.province.pk):
        stay = {"start": date(2026, 3, 1), "end": date(2026, 5, 31), "hours": Decimal(500)}
        submit(cast, "study_leave", "重症医学进修", item="study", **stay)
        draft = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
        claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed={"activity_name": "病例讨论"}, at=NOW)
        found = outlook(cast.practitioner, 2026, at=NOW)
        assert found.sentence == "等待审核结果即可。未提交的草稿不影响达标，需要时再继续填写。"
        returned = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        send_back(cast, returned, "缺少截图。")
        found = outlook(cast.practitioner, 2026, at=NOW)
    assert "不需要做任何事" not in found.sentence
    assert "请按意见补正" in found.sentence


def test_what_to_do_begins_with_what_was_returned(cast: Cast) -> None:
    live(cast)
    with entered(cast.province.pk):
        kinds = [one.kind for one in outlook(cast.practitioner, 2026, at=NOW).to_do]
        effects = [one.effect for one in outlook(cast.practitioner, 2026, at=NOW).to_do if one.kind == "room"]
    assert kinds[:2] == ["returned", "draft"]
    assert set(kinds[2:]) == {"room"}
    assert effects == sorted(effects, reverse=True)


def test_what_is_begun_stands_in_the_order_of_what_it_brings(cast: Cast) -> None:
    with entered(cast.province.pk):
        small = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        send_back(cast, small, "缺少截图。")
        complete = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
        typed = {"activity_name": "病例讨论", "hours": "12", "start": "2026-03-02", "end": "2026-03-04"}
        claims.keep_typed(actor=cast.person, claim_id=complete.pk, typed=typed, at=NOW)
        bare = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
        claims.keep_typed(actor=cast.person, claim_id=bare.pk, typed={"activity_name": "操作培训"}, at=NOW)
        begun = [one for one in outlook(cast.practitioner, 2026, at=NOW).to_do if one.kind != "room"]
    assert [reverse("claim-edit", args=[claim.pk]) for claim in (complete, small, bare)] == [one.url for one in begun]
    assert [one.effect for one in begun] == [20, 5, 0]  # what the preview in the form promises
    page = text(signed_in(cast.practitioner.user).get(begun[0].url))
    assert "2.0 学分" in page


def test_the_badge_of_a_suggestion_says_what_its_figure_means(cast: Cast) -> None:
    """The cap may leave more than the year still lacks; the badge is about what is lacking."""
    live(cast)
    page = " ".join(home(cast, year=2026).split())
    assert "还差 10.0 学分" in page
    assert "可补所差的 10.0 学分" in page
    badges = re.findall(r'<span class="tag info num">(.*?) ([\d.]+) 学分</span>', page)
    assert badges[0][0] == "最多", "what the returned claim brings"
    assert {words for words, _ in badges[1:]} == {"可补所差的"}


def test_a_full_category_is_not_suggested(cast: Cast) -> None:
    live(cast)
    with entered(cast.province.pk):
        suggested = [one.title for one in outlook(cast.practitioner, 2026, at=NOW).to_do]
    assert "有组织的继续医学教育实践活动" not in suggested


def test_the_missing_common_subject_is_named(strangers: Cast) -> None:
    cast = strangers  # zhejiang 三2: intermediate titles need 5.0 of the common subject
    with entered(cast.province.pk):
        for code, amount in (("other", 20), ("self_study", 10)):
            claim = submit(cast, code, "学习", assessed_credits=Decimal(amount), start=date(2026, 3, 2))
            approve(cast, claim)
        found = outlook(cast.practitioner, 2026, at=NOW)
    assert found.year.granted.total >= 250
    assert found.headline == "还差 5.0 学分达标"
    assert "公需科目 5.0 学分" in found.sentence
    assert found.to_do[0].kind == "share"


def test_credits_of_the_other_subject_do_not_close_the_gap(strangers: Cast) -> None:
    cast = strangers  # zhejiang 三2
    with entered(cast.province.pk):
        for code, amount in (("other", 20), ("self_study", 10)):
            approve(cast, submit(cast, code, "学习", assessed_credits=Decimal(amount), start=date(2026, 3, 2)))
        draft = claims.start(actor=cast.person, code="other", year=2026, at=NOW)
        typed = {"activity_name": "适宜技术推广", "assessed_credits": "12", "start": "2026-05-04"}
        claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed=typed, at=NOW)
        found = outlook(cast.practitioner, 2026, at=NOW)
        assert found.sentence.endswith("做好一件事就够：学习公需科目 5.0 学分。")
        assert [one.kind for one in found.to_do] == ["share", "draft"]
        claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed={**typed, "subject": "common"}, at=NOW)
        found = outlook(cast.practitioner, 2026, at=NOW)
    assert found.sentence.endswith("做好一件事就够：继续填写草稿“适宜技术推广”。")
    assert [one.kind for one in found.to_do] == ["draft", "share"]


def test_the_button_of_the_missing_subject_opens_a_form_of_that_subject(strangers: Cast) -> None:
    client = signed_in(strangers.practitioner.user)
    with entered(strangers.province.pk):
        share = next(one for one in outlook(strangers.practitioner, 2026, at=NOW).to_do if one.kind == "share")
    chooser = client.get(share.url)
    assert "公需科目" in text(chooser)
    carried = dict(re.findall(r'type="hidden" name="(subject)" value="(\w+)"', chooser.content.decode()))
    form = client.post(reverse("claim-new"), {**carried, "declaration": "other"}, follow=True).content.decode()
    assert re.search(r'name="subject" value="common"[^>]*checked', form)


def test_a_completed_year_asks_for_nothing(cast: Cast) -> None:
    with entered(cast.province.pk):
        stay = {"start": date(2026, 3, 1), "end": date(2026, 5, 31), "hours": Decimal(500)}
        claim = submit(cast, "study_leave", "重症医学进修", item="study", **stay)
        assert "审核中的学分认定后即可达标" in home(cast, year=2026)
        approve(cast, claim)
    page = home(cast, year=2026)
    assert "2026 年度已达标" in page
    assert "现在没有需要您做的事" in page


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"licensed": False}, "尚未取得执业资格"),
        ({"residency_in_training": True}, "正在接受毕业后医学教育"),
        ({"residency_completed": date(2027, 6, 30)}, "正在接受毕业后医学教育"),
        ({"residency_completed": date(2026, 6, 30)}, "本年度完成毕业后医学教育，次年起为继续医学教育对象"),
    ],
)
def test_of_whom_the_year_asks_nothing_is_told_why(cast: Cast, known: dict[str, object], why: str) -> None:
    with entered(cast.province.pk):
        Practitioner.objects.filter(pk=cast.practitioner.pk).update(**known)
    client = signed_in(cast.practitioner.user)
    for page in (client.get(reverse(HOME), {"year": 2026}), client.get(reverse("statement", args=[2026]))):
        assert f"本年度不是继续医学教育对象（{why}）" in text(page)


def test_windows_of_the_province_that_lie_ahead(cast: Cast) -> None:
    with entered(cast.province.pk):
        dates = outlook(cast.practitioner, 2026, at=NOW).dates
    shown = {(one.day, one.title) for one in dates}
    assert (date(2026, 12, 31), "证书取得当年上传（2026 年度）") in shown  # liaoning 四(一)[1], L21
    assert (date(2027, 1, 31), "次年 1 月底前登记（2026 年度）") in shown  # liaoning 四(二)2, L25
    assert [one.day for one in dates] == sorted(one.day for one in dates)


def test_other_years_can_be_looked_at_or_say_why_not(cast: Cast) -> None:
    assert "2025 年度学分" in home(cast, year=2025)
    assert "2025 年以前的学分按当时的规定登记" in home(cast, year=2024)
    assert f"{timezone.localdate().year} 年度学分" in home(cast, year="abc")


def test_the_page_costs_the_same_for_one_claim_and_for_twenty(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    counts = []
    for wanted in (1, 20):
        with entered(cast.province.pk):
            for number in range(wanted):
                draft = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
                typed = {"activity_name": "病例讨论", "hours": "3", "start": "2026-03-02", "end": "2026-03-02"}
                claims.keep_typed(actor=cast.person, claim_id=draft.pk, typed=typed, at=NOW)
                submit(cast, "self_study", f"科普 {wanted} {number}", item="outreach", count=1, start=date(2026, 3, 2))
        client.get(reverse(HOME))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(HOME))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_officers_have_another_first_page(cast: Cast) -> None:
    assert signed_in(cast.officer("hospital").user).get(reverse(HOME)).status_code == 403


def test_who_has_left_is_told_so_and_offered_nothing_to_declare(cast: Cast) -> None:
    live(cast)
    with entered(cast.province.pk):
        employment.leave(
            actor=cast.officer("hospital", Role.ADMINISTRATOR),
            practitioner_id=cast.practitioner.pk,
            left_on=date(2026, 11, 1),
            at=NOW,
        )
        cast.practitioner.refresh_from_db()
        found = outlook(cast.practitioner, 2026, at=NOW)
    assert found.sentence == "审核中的 1.0 学分认定后，还差 10.0 学分。"
    page = home(cast, year=2026)
    main = page[page.index("<main") : page.index("</main>")]
    assert "离职后不能提交申报；办理调入后可以继续" in main
    assert "已认定 14.0 学分" in main
    for offered in ("要做的事", "继续填写"):
        assert offered not in main, offered
    client = signed_in(cast.practitioner.user)
    pages = [client.get(address) for address in (reverse("claims"), reverse("statement", args=[2025]))]
    for shown in (page, *map(text, pages)):
        assert reverse("claim-new") not in shown, "neither in the page nor in the navigation"
