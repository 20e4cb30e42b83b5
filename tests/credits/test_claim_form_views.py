"""The claim form: every kind of activity of every province, nothing lost, nothing impossible."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.evidence import MOST_DOCUMENTS
from credits.forms import ClaimForm
from credits.models import Claim, ClaimState
from credits.rules import regulation
from tests.cast import NOW, PROVINCES, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.claim_form import SCRIPT, answers, begin, documents, errors, fresh, steering
from tests.credits.documents import jpeg
from tests.credits.year import send_back, submit

pytestmark = pytest.mark.django_db

KINDS = [
    (code, declaration.code) for code in PROVINCES for declaration in regulation(code, 2026).procedure.declarable()
]


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


@pytest.mark.parametrize(
    ("code", "declaration", "item", "sentence"),
    [
        ("zhejiang", "achievement", "book", "已提交，系统正在核验。"),
        ("liaoning", "practice", None, "已提交，由{hospital}审核。"),
    ],
)
def test_who_reads_what_was_sent_is_said_at_once(code: str, declaration: str, item: str | None, sentence: str) -> None:
    cast = make_cast(code)
    client, claim = signed_in(cast.practitioner.user), begin(cast, declaration)
    typed = answers(cast, claim, **({"item": item} if item else {}))
    sent = {**typed, "action": "submit", **documents(cast, claim, item)}
    page = text(client.post(reverse("claim-edit", args=[claim.pk]), sent, follow=True))
    assert sentence.format(hospital=cast.bodies["hospital"].name) in page


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


def test_a_remote_project_is_counted_as_remote_without_being_asked() -> None:
    cast = make_cast("sichuan")
    claim = begin(cast, "project_remote")
    client = signed_in(cast.practitioner.user)
    assert 'name="delivery"' not in text(client.get(reverse("claim-edit", args=[claim.pk])))
    page = text(
        client.post(reverse("claim-preview", args=[claim.pk]), answers(cast, claim, hours="30"), headers=SCRIPT)
    )
    assert re.search(r"0\.0 → <strong>3\.0</strong> / 25", page)  # sichuan 三(一): a remote project brings at most 3


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


def test_only_what_was_written_since_the_return_is_said_to_be_saved(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    with entered(cast.province.pk):
        claim = submit(cast, "self_study", "健康科普", item="outreach", count=1, start=date(2026, 9, 17))
        send_back(cast, claim, "缺少发布页面截图。")
    address = reverse("claim-edit", args=[claim.pk])
    assert not re.search(r"已于 [\d: -]+ 保存", text(client.get(address)))
    typed = answers(cast, claim, item="outreach", activity_name="健康科普")
    client.post(reverse("claim-save", args=[claim.pk]), typed)
    page = text(client.get(address))
    assert re.search(r"修改已于\s+[\d: -]+\s+保存", page)
    assert "草稿已于" not in page


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
