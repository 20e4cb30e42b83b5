"""The claim form: every kind of activity of every province, nothing lost, nothing impossible."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.assessment import regulation_of
from credits.claim_preview import TimeLimit, preview_of
from credits.evidence import MOST_DOCUMENTS
from credits.forms import ClaimForm
from credits.models import Claim, ClaimState
from credits.questions import questions
from credits.rules import regulation
from tests.cast import NOW, PROVINCES, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.documents import jpeg
from tests.credits.year import send_back, submit

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true"}
ANSWERS = {
    "activity_name": "重症护理新进展",
    "organizer": "示范医院",
    "start": "2026-03-02",
    "end": "2026-03-04",
    "role": "attendee",
    "delivery": "in_person",
    "project": "2026-01-001",
    "hours": "12",
    "days": "3",
    "months": "1",
    "passed": "yes",
    "subject": "professional",
    "journal": "core",
    "rank": "2",
    "grade": "second",
    "editor": "member",
    "patent": "utility",
    "words": "5000",
    "count": "1",
    "assessed_credits": "2",
    "item_name": "city-1",
    "agree": "on",
}
KINDS = [
    (code, declaration.code) for code in PROVINCES for declaration in regulation(code, 2026).procedure.declarable()
]


def begin(cast: Cast, code: str) -> Claim:
    with entered(cast.province.pk):
        return claims.start(actor=cast.person, code=code, year=2026, at=NOW)


def answers(cast: Cast, claim: Claim, **changed: str) -> dict[str, str]:
    """What a person would fill in: the questions of this kind and nothing else."""
    with entered(cast.province.pk):
        rules = regulation_of(cast.practitioner, 2026)
        chosen = claims.declaration(cast.practitioner, 2026, changed.get("declaration", claim.declaration))
        asked = questions(rules, chosen, {**ANSWERS, **changed})
    names = ["activity_name", "organizer", "agree", "item_name", *(question.name for question in asked)]
    given = {name: ANSWERS[name] for name in names if name in ANSWERS}
    levels = {"level": "municipal"}
    given |= {name: value for name, value in levels.items() if name in names}
    return {**given, "declaration": chosen.code, **changed}


def documents(cast: Cast, claim: Claim, item: str | None) -> dict[str, SimpleUploadedFile]:
    """A photograph for every document that must be handed in, as the plain form sends it."""
    with entered(cast.province.pk):
        chosen = claims.declaration(cast.practitioner, 2026, claim.declaration)
    return {
        f"files-{document.code}": SimpleUploadedFile(f"{document.code}.jpg", jpeg(), "image/jpeg")
        for document in chosen.evidence_for(item)
        if document.required
    }


def fresh(cast: Cast, claim: Claim) -> Claim:
    with entered(cast.province.pk):
        return Claim.objects.select_related("approval").get(pk=claim.pk)


@pytest.mark.parametrize(("code", "declaration"), KINDS)
def test_every_kind_of_activity_can_be_declared(code: str, declaration: str) -> None:
    cast = make_cast(code)
    client = signed_in(cast.practitioner.user)
    with entered(cast.province.pk):
        items = claims.declaration(cast.practitioner, 2026, declaration).items
    for item in items or (None,):
        claim = begin(cast, declaration)
        address = reverse("claim-edit", args=[claim.pk])
        assert client.get(address).status_code == 200
        typed = answers(cast, claim, **({"item": item} if item else {}))
        response = client.post(address, {**typed, "action": "submit", **documents(cast, claim, item)})
        assert response.status_code == 302, errors(response)
        assert response.url == claim.get_absolute_url()
        assert fresh(cast, claim).state == ClaimState.WAITING
        assert "您现在不需要做任何事" in text(client.get(response.url))


def test_choosing_a_kind_opens_its_form(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    assert "手术示范" in text(client.get(reverse("claim-new")))
    response = client.post(reverse("claim-new"), {"declaration": "practice"})
    with entered(cast.province.pk):
        claim = Claim.objects.get(practitioner=cast.practitioner)
    assert response.url == reverse("claim-edit", args=[claim.pk])
    assert client.get(claim.get_absolute_url()).url == response.url, "a draft is a form"


def test_choosing_leaves_no_draft_behind_until_something_is_typed(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    address = client.post(reverse("claim-new"), {"declaration": "practice"}).url
    untouched = {"declaration": "self_study", "activity_name": "", "role": "attendee", "passed": "yes", "tab": "1"}
    assert "有计划的自学" in text(client.post(address, {**untouched, "action": "reload"}))
    with entered(cast.province.pk):
        claim = Claim.objects.get(practitioner=cast.practitioner)
    assert claim.category == "self_study"
    saved = reverse("claim-save", args=[claim.pk])
    assert "保存" not in text(client.post(saved, {**untouched, "item": "plan"}, headers=SCRIPT))
    assert "没有保存草稿" in text(client.post(address, {**untouched, "action": "save"}, follow=True))
    for page in ("claims", "practitioner-home"):
        assert "未命名申报" not in text(client.get(reverse(page)))
    client.post(saved, {**untouched, "item": "plan", "start": "2026-03-02"})
    for page in ("claims", "practitioner-home"):
        assert "未命名申报" in text(client.get(reverse(page)))


def test_a_file_alone_makes_a_draft(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    client.post(reverse("claim-edit", args=[claim.pk]), {"action": "save", **documents(cast, claim, None)})
    assert "未命名申报" in text(client.get(reverse("claims")))


def test_a_kind_that_only_organisers_declare_is_refused(cast: Cast) -> None:
    response = signed_in(cast.practitioner.user).post(reverse("claim-new"), {"declaration": "project_in_person"})
    assert response.status_code == 422
    assert "不能由个人申报" in text(response)


def test_impossible_facts_are_said_beside_the_field_and_nothing_is_lost(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    typed = answers(cast, claim, start="2026-10-12", end="2026-10-07", hours="三十", activity_name="卒中实训")
    response = client.post(reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit"})
    assert response.status_code == 422
    page = text(response)
    assert re.search(r"<title>\s*错误：", page)
    for anchor, sentence in [("id_hours", "请填写数字"), ("id_files-attendance", "请上传“考勤记录或参加证明”")]:
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page
        assert sentence in page
    assert 'value="三十"' in page
    assert 'value="卒中实训"' in page
    assert fresh(cast, claim).typed["hours"] == "三十"


def test_an_answer_that_is_not_offered_is_asked_for_again(cast: Cast) -> None:
    claim = begin(cast, "study_leave")
    typed = answers(cast, claim, passed="on")
    page = text(signed_in(cast.practitioner.user).post(reverse("claim-preview", args=[claim.pk]), typed))
    assert "请重新选择考核结果" in page


def test_dates_in_the_wrong_order_are_refused_by_the_regulations_check(cast: Cast) -> None:
    claim = begin(cast, "practice")
    typed = answers(cast, claim, start="2026-10-12", end="2026-10-07")
    page = text(
        signed_in(cast.practitioner.user).post(reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit"})
    )
    assert 'href="#id_end"' in page
    assert "早于开始日期" in page


def test_an_activity_that_has_not_ended_is_refused(cast: Cast) -> None:
    claim = begin(cast, "practice")
    later = (timezone.localdate() + timedelta(days=5)).isoformat()
    typed = answers(cast, claim, end=later, start=timezone.localdate().isoformat())
    page = text(
        signed_in(cast.practitioner.user).post(reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit"})
    )
    assert "活动尚未结束" in page
    assert fresh(cast, claim).state == ClaimState.DRAFT


def test_a_year_before_the_regulation_is_refused_with_what_is_possible(cast: Cast) -> None:
    claim = begin(cast, "practice")
    typed = answers(cast, claim, start="2024-10-12", end="2024-10-14")
    response = signed_in(cast.practitioner.user).post(
        reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit"}
    )
    assert response.status_code == 422
    assert "2024 年度" in text(response)


def test_the_plain_button_saves_a_draft_with_its_files(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-edit", args=[claim.pk])
    photograph = SimpleUploadedFile("签到表.jpg", jpeg(), "image/jpeg")
    response = client.post(
        address,
        {"activity_name": "半份申报", "hours": "12", "action": "save", "files-attendance": photograph},
        follow=True,
    )
    page = text(response)
    assert response.redirect_chain == [(address, 302)]
    assert "保存。" in page
    assert 'value="半份申报"' in page
    assert "签到表.jpg" in page


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_removing_a_file_keeps_what_is_typed(cast: Cast, headers: dict[str, str]) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-edit", args=[claim.pk])
    client.post(address, {"activity_name": "甲", "action": "save", **documents(cast, claim, None)})
    button = re.search(rf'form="claim-form"\s+formaction="({address}\?remove=\d+)"', text(client.get(address)))
    response = client.post(button[1], {"activity_name": "乙"}, headers=headers)
    assert (response.status_code, response.content) == ((200, b"") if headers else (302, b""))
    page = text(client.get(address))
    assert 'value="乙"' in page
    assert "attendance.jpg" not in page
    assert "可能已被移除" in text(client.post(f"{address}?remove=999999", {"activity_name": "乙"}))


def test_the_form_saves_itself_and_says_when(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    response = client.post(reverse("claim-save", args=[claim.pk]), {"activity_name": "自动"}, headers=SCRIPT)
    assert re.search(r"草稿已于 \d\d:\d\d 保存。", text(response))
    assert fresh(cast, claim).typed["activity_name"] == "自动"
    assert "agree" not in fresh(cast, claim).typed


def test_changing_the_kind_and_back_loses_nothing(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-edit", args=[claim.pk])
    client.post(address, {"declaration": "practice", "hours": "18", "activity_name": "甲", "action": "reload"})
    page = text(client.post(address, {"declaration": "self_study", "activity_name": "甲", "action": "reload"}))
    assert 'name="item"' in page
    assert 'name="hours"' not in page
    assert fresh(cast, claim).category == "self_study"
    page = text(client.post(address, {"declaration": "practice", "activity_name": "甲", "action": "reload"}))
    assert 'value="18"' in page


def test_the_item_decides_which_facts_are_asked(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "self_study")
    address = reverse("claim-edit", args=[claim.pk])
    paper = text(client.post(address, {"declaration": "self_study", "item": "paper", "action": "reload"}))
    assert 'name="journal"' in paper
    assert 'name="rank"' in paper
    assert "论文全文及刊物封面、目录" in paper
    research = text(client.post(address, {"declaration": "self_study", "item": "research", "action": "reload"}))
    assert "国家级" in research
    assert "院级" not in research, "the table has no figure for it (R41)"


def test_the_form_asks_for_what_the_document_calls_it(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "self_study")
    address = reverse("claim-edit", args=[claim.pk])
    for item, labels in {"paper": ("论文题目", "刊物名称"), "book": ("书名", "出版社")}.items():
        page = text(client.post(address, {"item": item, "action": "reload"}))
        for label in labels:
            assert re.search(rf"<label[^>]*>{label}</label>", page)
    refused = client.post(address, {"item": "book", "activity_name": "", "action": "submit"})
    assert "请填写书名" in text(refused)
    with entered(cast.province.pk):
        sent = submit(cast, "self_study", "脑卒中护理", item="book", words=20000, start=date(2026, 9, 17))
        send_back(cast, sent, "见各项意见。", {"activity_name": "与版权页不一致"})
    page = text(client.get(sent.get_absolute_url()))
    assert "书名：与版权页不一致" in page
    assert "<dt>出版社</dt>" in page


def test_the_preview_is_what_the_engine_would_award(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    page = text(
        client.post(reverse("claim-preview", args=[claim.pk]), answers(cast, claim, hours="32"), headers=SCRIPT)
    )
    assert "每满 6 小时计 1 学分，计 5.0 学分" in page  # liaoning 三(四)
    assert "三(四)" in page
    assert "征求意见稿" in page
    assert re.search(r"0\.0 → <strong>5\.0</strong> / 25", page)
    assert fresh(cast, claim).typed == {}, "looking saves nothing"


def test_the_preview_says_that_other_stays_are_shared_anew(cast: Cast) -> None:
    """Three months in all bring the whole year, shared by days (liaoning 三(二), R3)."""
    with entered(cast.province.pk):
        submit(
            cast,
            "study_leave",
            "春季进修",
            item="study",
            hours=Decimal(300),
            start=date(2026, 3, 1),
            end=date(2026, 4, 30),
        )
    claim = begin(cast, "study_leave")
    typed = answers(cast, claim, start="2026-05-01", end="2026-05-31", hours="100")
    address = reverse("claim-preview", args=[claim.pk])
    page = text(signed_in(cast.practitioner.user).post(address, typed, headers=SCRIPT))
    assert re.search(r"16\.0 → <strong>25\.0</strong>", page)
    assert "其他记录随之重新分摊，合计增加 0.6 学分" in page, "16.6 and 8.4 of 25.0, by 61 and 31 days"
    later = answers(cast, claim, start="2026-05-01", end="2026-07-31", hours="100")
    page = text(signed_in(cast.practitioner.user).post(address, later, headers=SCRIPT))
    assert "其他记录随之重新分摊，合计减少 6.0 学分" in page, "10.0 and 15.0 of 25.0, by 61 and 92 days"


def promise(page: str) -> list[str]:
    """What the panel, the reader's status and the bar of a phone promise first."""
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    return re.findall(r"预计\w+ [\d.]+ 学分", shown)


def test_no_more_is_promised_than_the_year_gains(cast: Cast) -> None:
    """A year that stays fill already gains nothing by another one, though that counts (liaoning 三(二), R3)."""
    with entered(cast.province.pk):
        submit(
            cast,
            "study_leave",
            "春季进修",
            item="study",
            hours=Decimal(500),
            start=date(2026, 3, 1),
            end=date(2026, 6, 30),
        )
    claim = begin(cast, "study_leave")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    typed = answers(cast, claim, start="2026-07-01", end="2026-09-30", hours="400")
    page = text(client.post(address, typed, headers=SCRIPT))
    assert promise(page) == ["预计全年增加 0.0 学分"] * 3
    assert "同类的其他记录随之重新分摊，合计减少" in page
    assert "同类记录重新分摊" in page.partition('id="preview-short"')[2]
    whole = text(client.post(reverse("claim-edit", args=[claim.pk]), {**typed, "action": "reload"}))
    assert promise(whole) == ["预计全年增加 0.0 学分"] * 3


def test_what_a_cap_takes_from_later_records_is_not_promised(cast: Cast) -> None:
    """Caps are filled in the order of the dates (liaoning 三(四)): what is earlier takes the room of what is later."""
    with entered(cast.province.pk):
        submit(cast, "practice", "秋季实训", hours=Decimal(84), start=date(2026, 9, 1), end=date(2026, 9, 30))
    claim = begin(cast, "practice")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    page = text(client.post(address, answers(cast, claim, hours="12"), headers=SCRIPT))
    assert promise(page) == ["预计全年增加 1.0 学分"] * 3
    assert "已到全年上限 15.0 学分，按活动日期先后计入，其他记录随之变化，合计减少 1.0 学分" in page
    assert "已到全年上限" in page.partition('id="preview-short"')[2]


def test_the_cap_of_the_year_and_the_step_of_the_calculation_do_not_contradict_each_other(cast: Cast) -> None:
    """Above stands the whole year, claims in review included; the step goes by the order of the days, and says so."""
    with entered(cast.province.pk):
        submit(cast, "practice", "秋季实训", hours=Decimal(24), start=date(2026, 9, 1))
    claim = begin(cast, "practice")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    page = text(client.post(address, answers(cast, claim, hours="12"), headers=SCRIPT))
    assert promise(page) == ["预计计入 2.0 学分"] * 3
    assert '全年 <span class="num">6.0 / 上限 15</span>' in page
    assert "含本次和审核中的其他申报" in page
    assert "按活动日期先后，此前已计 0.0 学分，还可计 15.0 学分，本次计入 2.0 学分" in page


def test_the_form_tells_until_when_the_regulation_takes_it(cast: Cast) -> None:
    claim = begin(cast, "self_study")

    def limit(at: datetime, **typed: str) -> TimeLimit:
        with entered(cast.province.pk):
            return preview_of(ClaimForm(typed, claim=claim, at=at), at=at).time_limits[0]

    paper = {"item": "paper", "start": "2026-03-02"}
    assert limit(NOW, **paper).text == "次年 1 月底前登记（2026 年度）：2027-01-31 截止。"  # liaoning 四(二)2, L25
    assert [label for label, _ in limit(NOW, **paper).cites] == ["四(二)2"]
    late = limit(NOW.replace(year=2027, month=2, day=1), **paper)
    assert not late.is_open
    assert "已于 2027-01-31 截止。仍可提交，是否受理由审核单位决定。" in late.text
    learnt = limit(NOW.replace(month=3), item="self_learning", start="2026-03-02")
    assert "2026-10-01 开始" in learnt.text  # liaoning 三(六)12, L17
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-edit", args=[claim.pk])))
    assert "次年 1 月底前登记" in page


def test_the_preview_says_what_is_missing(cast: Cast) -> None:
    claim = begin(cast, "practice")
    page = text(
        signed_in(cast.practitioner.user).post(
            reverse("claim-preview", args=[claim.pk]), {"start": "2026-03-02"}, headers=SCRIPT
        )
    )
    assert "请填写小时数" in page


def test_a_likely_duplicate_is_shown_and_does_not_block(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, second = begin(cast, "practice"), begin(cast, "practice")
    for claim in (first, second):
        typed = answers(cast, claim)
        response = client.post(
            reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit", **documents(cast, claim, None)}
        )
        assert response.status_code == 302
    third = begin(cast, "practice")
    page = text(client.post(reverse("claim-preview", args=[third.pk]), answers(cast, third), headers=SCRIPT))
    assert "日期有重叠" in page
    assert first.get_absolute_url() in page


def test_a_remote_project_is_counted_as_remote_without_being_asked() -> None:
    cast = make_cast("sichuan")
    claim = begin(cast, "project_remote")
    client = signed_in(cast.practitioner.user)
    assert 'name="delivery"' not in text(client.get(reverse("claim-edit", args=[claim.pk])))
    page = text(
        client.post(reverse("claim-preview", args=[claim.pk]), answers(cast, claim, hours="30"), headers=SCRIPT)
    )
    assert re.search(r"0\.0 → <strong>3\.0</strong> / 25", page)  # sichuan 三(一): a remote project brings at most 3


def test_a_stay_over_new_year_is_declared_year_by_year(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "study_leave")
    address = reverse("claim-edit", args=[claim.pk])
    dates = {"start": "2025-12-01", "end": "2026-01-31"}
    page = text(client.post(address, {**answers(cast, claim, **dates), "action": "reload"}))
    assert 'name="hours_2025"' in page
    assert 'name="hours_2026"' in page
    assert 'name="hours"' not in page
    without = {name: value for name, value in answers(cast, claim, **dates).items() if not name.startswith("hours")}
    files = documents(cast, claim, "study")
    refused = client.post(address, {**without, "action": "submit", **files})
    assert refused.status_code == 422
    assert "请填写2026 年内的小时数" in text(refused)
    typed = {**without, "hours_2025": "48", "hours_2026": "36"}
    too_much = client.post(address, {**typed, "hours_2026": "2000", "action": "submit"})
    assert too_much.status_code == 422
    assert 'href="#id_hours_2026"' in text(too_much)
    assert client.post(address, {**typed, "action": "submit"}).status_code == 302
    with entered(cast.province.pk):
        parts = {one.year: one for one in Claim.objects.filter(practitioner=cast.practitioner)}
        assert {year: one.expected_tenths for year, one in parts.items()} == {2025: 80, 2026: 60}
        assert parts[2026].part_of_id == claim.pk
    assert "2026 年的部分" in text(client.get(claim.get_absolute_url()))


def test_days_beyond_those_of_the_year_are_said_beside_the_field() -> None:
    cast = make_cast("zhejiang")
    claim = begin(cast, "study_leave")
    typed = answers(cast, claim, start="2025-12-20", end="2026-02-01", days_2025="40", days_2026="0")
    files = documents(cast, claim, "study")
    refused = signed_in(cast.practitioner.user).post(
        reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit", **files}
    )
    page = text(refused)
    assert refused.status_code == 422
    assert 'href="#id_days_2025"' in page
    assert "在 2025 年内只有 12 天" in page
    assert 'href="#id_days_2026"' in page
    assert "2026 年内的天数不能为 0" in page
    assert 'value="40"' in page
    assert fresh(cast, claim).state == ClaimState.DRAFT


def stay_in_review(cast: Cast) -> tuple[Claim, Claim]:
    """A stay over New Year of which both years are in review."""
    claim = begin(cast, "study_leave")
    typed = {"start": "2025-12-01", "end": "2026-01-31", "hours_2025": "48", "hours_2026": "36"}
    given = {**answers(cast, claim, **typed), "action": "submit", **documents(cast, claim, "study")}
    sent = signed_in(cast.practitioner.user).post(reverse("claim-edit", args=[claim.pk]), given)
    assert sent.status_code == 302, errors(sent)
    with entered(cast.province.pk):
        return fresh(cast, claim), Claim.objects.get(part_of=claim)


def is_fixed(page: str, name: str) -> bool:
    return " disabled" in re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)[0]


def test_withdrawing_one_year_of_a_stay_says_that_the_other_stays_in_review(cast: Cast) -> None:
    first, later = stay_in_review(cast)
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-withdraw", args=[first.pk])))
    assert f'<a href="{later.get_absolute_url()}">该活动 2026 年的部分</a>仍在审核中，不随本次撤回' in page


def test_the_year_in_review_fixes_the_dates_of_the_withdrawn_one(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, later = stay_in_review(cast)
    client.post(reverse("claim-withdraw", args=[first.pk]))
    address = reverse("claim-edit", args=[first.pk])
    page = text(client.get(address))
    assert [name for name in ("start", "end", "hours_2025", "hours_2026") if is_fixed(page, name)] == [
        "start",
        "end",
        "hours_2026",
    ]
    assert f'<a href="{later.get_absolute_url()}">' in page
    assert "2026 年的部分在审核中" in page
    assert "要更改日期，请先撤回该部分" in page
    assert "2025 年全年" in page
    assert "2026 年全年" not in page, "the part in review is not counted against itself"
    own = {"activity_name": "重症护理新进展", "hours_2025": "60", "passed": "yes", "agree": "on"}
    changed = client.post(address, {**own, "end": "2026-03-15", "action": "submit"})
    assert changed.status_code == 422
    assert 'href="#id_end"' in text(changed)
    again = client.post(address, {**own, "action": "submit"})
    assert again.status_code == 302, errors(again)
    first, later = fresh(cast, first), fresh(cast, later)
    assert (first.state, first.hours, first.end) == (ClaimState.WAITING, 60, later.end)
    assert (later.hours, later.approval.round) == (36, 1)


def test_the_first_year_in_review_fixes_the_dates_of_the_later_one(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, later = stay_in_review(cast)
    client.post(reverse("claim-withdraw", args=[later.pk]))
    page = text(client.get(reverse("claim-edit", args=[later.pk])))
    assert is_fixed(page, "end")
    assert not is_fixed(page, "hours_2026")
    client.post(reverse("claim-withdraw", args=[first.pk]))
    assert not is_fixed(text(client.get(reverse("claim-edit", args=[later.pk]))), "end")


def test_returned_corrected_resubmitted(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    with entered(cast.province.pk):
        claim = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        send_back(cast, claim, "缺少发布页面截图。", {"start": "与截图不一致", "files-outreach": "看不清日期"})
    address = reverse("claim-edit", args=[claim.pk])
    page = text(client.get(address))
    remarks = ("缺少发布页面截图。", "审核意见：与截图不一致", "审核意见：看不清日期", "各项意见写在相应的填写项旁边")
    for sentence in remarks:
        assert sentence in page
    typed = answers(cast, claim, item="outreach", start="2026-09-18", activity_name="健康科普")
    assert client.post(address, {**typed, "action": "submit"}).status_code == 302
    claim = fresh(cast, claim)
    assert (claim.state, claim.start, claim.approval.round) == (ClaimState.WAITING, date(2026, 9, 18), 2)
    page = text(client.get(claim.get_absolute_url()))
    assert "本人修改后重新提交" in page
    assert "缺少发布页面截图。" in page


def test_what_was_mended_is_told_to_the_officer_once(cast: Cast) -> None:
    client, officer = signed_in(cast.practitioner.user), signed_in(cast.officer("hospital").user)
    with entered(cast.province.pk):
        claim = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        assert not ClaimForm(claim=claim, at=NOW).fields.get("mended"), "nothing has been returned yet"
        send_back(cast, claim, "缺少发布页面截图。")
    address = reverse("claim-edit", args=[claim.pk])
    typed = answers(cast, claim, item="outreach", activity_name="健康科普", mended="已补充含发布日期的截图。")
    assert "不超过 500" in errors(client.post(address, {**typed, "mended": "长" * 501, "action": "submit"}))
    client.post(reverse("claim-save", args=[claim.pk]), typed)
    assert "已补充含发布日期的截图。" in text(client.get(address)), "kept like everything else that is typed"
    assert client.post(address, {**typed, "action": "submit"}).status_code == 302
    for page in (client.get(claim.get_absolute_url()), officer.get(reverse("inbox-panel", args=[claim.approval_id]))):
        assert "已补充含发布日期的截图。" in text(page)
    with entered(cast.province.pk):
        send_back(cast, fresh(cast, claim), "截图仍看不清。")
    assert "已补充含发布日期的截图。" not in text(client.get(address)), "another return asks anew"


def test_a_return_without_remarks_points_at_none(cast: Cast) -> None:
    with entered(cast.province.pk):
        claim = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        send_back(cast, claim, "缺少发布页面截图。")
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-edit", args=[claim.pk])))
    assert "修改后重新提交即可" in page
    assert "写在相应的填写项旁边" not in page


def test_more_files_than_a_claim_holds_cost_nothing_else(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-edit", args=[claim.pk])
    assert f"每份申报最多 {MOST_DOCUMENTS} 份" in text(client.get(address))
    photographs = [SimpleUploadedFile(f"{number}.jpg", jpeg(), "image/jpeg") for number in range(MOST_DOCUMENTS + 1)]
    answer = client.post(address, {"activity_name": "甲", "action": "save", "files-attendance": photographs})
    assert answer.status_code == 422
    assert f"{MOST_DOCUMENTS}.jpg：每份申报最多 {MOST_DOCUMENTS} 份材料" in text(answer)
    assert 'value="甲"' in text(answer)


def test_a_claim_in_review_cannot_be_edited(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    with entered(cast.province.pk):
        claim = submit(cast, "practice", "病例讨论", hours=Decimal(12), start=date(2026, 3, 2))
    for method in (client.get, client.post):
        response = method(reverse("claim-edit", args=[claim.pk]), follow=True)
        assert response.redirect_chain == [(claim.get_absolute_url(), 302)]
        assert "不能修改" in text(response)
    assert "不能修改" in text(client.post(reverse("claim-save", args=[claim.pk]), {"activity_name": "乙"}))
    assert fresh(cast, claim).activity_name == "病例讨论"


def test_two_windows_do_not_overwrite_one_another(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-edit", args=[claim.pk])
    windows = [steering(text(client.get(address))) for _ in range(2)]
    client.post(reverse("claim-save", args=[claim.pk]), {**windows[0], "activity_name": "甲"})
    client.post(reverse("claim-save", args=[claim.pk]), {**windows[0], "activity_name": "甲甲"})
    saved = client.post(reverse("claim-save", args=[claim.pk]), {**windows[1], "activity_name": "乙"})
    assert "另一个窗口保存过" in text(saved)
    refused = client.post(address, {**windows[1], "activity_name": "乙", "action": "save"})
    assert refused.status_code == 422
    assert 'value="乙"' in text(refused), "this window keeps its text"
    assert fresh(cast, claim).typed["activity_name"] == "甲甲"
    insisted = client.post(address, {**steering(text(refused)), "activity_name": "乙", "action": "save"})
    assert insisted.status_code == 302
    assert fresh(cast, claim).typed["activity_name"] == "乙"


def test_a_draft_is_discarded_after_a_question(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    address = reverse("claim-discard", args=[claim.pk])
    assert "不能恢复" in text(client.get(address))
    assert client.post(address).url == reverse("claims")
    with entered(cast.province.pk):
        assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "name", ["claim-edit", "claim-save", "claim-preview", "claim-discard", "claim-withdraw", "claim"]
)
def test_other_peoples_claims_are_not_found(cast: Cast, strangers: Cast, name: str) -> None:
    claim = begin(cast, "practice")
    for user in (cast.colleague.user, strangers.practitioner.user):
        client = signed_in(user)
        answer = client.post if name in {"claim-save", "claim-preview"} else client.get
        assert answer(reverse(name, args=[claim.pk])).status_code == 404
    officer = signed_in(cast.officer("hospital").user)
    assert officer.get(reverse("claim", args=[claim.pk])).status_code == 404, "a draft is nobody else's business"


def test_a_session_that_has_ended_is_said_and_never_shown_as_a_saved_draft(cast: Cast) -> None:
    claim = begin(cast, "practice")
    assert (
        Client().post(reverse("claim-save", args=[claim.pk]), {"activity_name": "甲"}, headers=SCRIPT).status_code
        == 401
    )
    plain = Client().post(reverse("claim-edit", args=[claim.pk]), {"activity_name": "甲"})
    assert (plain.status_code, reverse("account_login") in plain.url) == (302, True)


def test_a_draft_keeps_answers_and_nothing_else_that_a_browser_sends(cast: Cast) -> None:
    claim = begin(cast, "study_leave")
    client = signed_in(cast.practitioner.user)
    sent = {"activity_name": "进修", "hours_2026": "8", "hours_9999": "8", "x" * 50: "y", "organizer": "长" * 5000}
    client.post(reverse("claim-save", args=[claim.pk]), sent, headers=SCRIPT)
    with entered(cast.province.pk):
        typed = Claim.objects.get(pk=claim.pk).typed
    assert set(typed) == {"activity_name", "hours_2026", "organizer"}
    assert len(typed["organizer"]) == 1000


@pytest.mark.parametrize("seen", ["2026-13-45T10:00", "2026-11-20T10:00", "yesterday"])
@pytest.mark.parametrize("page", ["claim-save", "claim-edit"])
def test_a_moment_that_no_page_has_sent_is_no_conflict(cast: Cast, page: str, seen: str) -> None:
    claim = begin(cast, "study_leave")
    sent = {"activity_name": "进修", "seen": seen, "tab": "another"}
    response = signed_in(cast.practitioner.user).post(reverse(page, args=[claim.pk]), sent, follow=True)
    assert response.status_code == 200
    assert "另一个窗口" not in text(response)


def test_every_field_has_a_label(cast: Cast) -> None:
    claim = begin(cast, "study_leave")
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-edit", args=[claim.pk])))
    form = page[page.index('id="claim-form"') :]
    shown = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', form)
    unlabelled = [one for one in shown if f'for="{one}"' not in form]
    assert shown
    assert not unlabelled


def steering(page: str) -> dict[str, str]:
    """What a window knows of the version it shows."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("tab", "seen")}


def errors(response: HttpResponse) -> str:
    return " ".join(re.findall(r'<p class="ferr">(.*?)</p>', text(response), re.DOTALL))
