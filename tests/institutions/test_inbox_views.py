"""The inbox as an officer meets it: list, filters, open row, decisions, bulk approval, undo, two officers at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import ledger
from institutions import approvals, employment, posts, tree
from institutions.actors import as_officer, the_portal
from institutions.enums import ApprovalState, ChecksState, Role, Verdict
from institutions.models import Approval, Decision
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated, declared, passed

pytestmark = pytest.mark.django_db


def fresh(approval: Approval) -> Approval:
    with entered(approval.province_id):
        return Approval.objects.select_related("holder").get(pk=approval.pk)


def decide(client: Client, approval: Approval, verdict: str, **typed: str) -> object:
    data = {"verdict": verdict, "version": approval.version, "reason": "", "common": "", **typed}
    return client.post(f"/inbox/{approval.pk}/decide/", data)


def test_the_inbox_shows_what_waits_here_and_opens_the_first(cast: Cast, seated: Seated) -> None:
    declared(cast)
    page = seated(cast.officer("hospital")).get("/inbox/").content.decode()
    assert "王思远" in page
    assert "1 条待审" in page
    assert "需人工判断" in page
    assert "没有上传证明材料" in page or "缺少证明材料" in page  # the open row's checks
    assert 'name="verdict" value="approve"' in page


def test_other_bodies_and_other_provinces_see_nothing_of_it(cast: Cast, strangers: Cast, seated: Seated) -> None:
    approval = declared(cast)
    for officer in (cast.officer("county"), cast.officer("direct"), strangers.officer("hospital")):
        assert "王思远" not in seated(officer).get("/inbox/").content.decode()
    for officer in (cast.officer("direct"), strangers.officer("hospital")):
        client = seated(officer)
        assert client.get(f"/inbox/{approval.pk}/").status_code == 404
        assert decide(client, approval, Verdict.APPROVE).status_code == 404
    assert fresh(approval).state == ApprovalState.WAITING


def test_search_by_name_pinyin_and_initials(cast: Cast, seated: Seated) -> None:
    declared(cast)
    declared(cast, cast.colleague)
    client = seated(cast.officer("hospital"))
    for typed in ("王", "wangsi", "wsy", "WSY"):
        page = client.get("/inbox/", {"q": typed}).content.decode()
        assert "王思远" in page
        assert "赵一鸣" not in page
    assert "没有符合条件的申报" in client.get("/inbox/", {"q": "李"}).content.decode()


@pytest.mark.parametrize("typed", ["mmtal", "mmt·al", "MMT AL", "mmt.a", "maimaitiaili", "maimaiti·ai", "买买提·艾"])
def test_separators_in_a_name_or_in_what_is_typed_do_not_matter_to_pinyin(
    cast: Cast, seated: Seated, typed: str
) -> None:
    declared(cast, cast.hire("买买提·艾力", number=3))
    declared(cast)
    page = seated(cast.officer("hospital")).get("/inbox/", {"q": typed}).content.decode()
    assert "买买提·艾力" in page
    assert "王思远" not in page


@pytest.mark.parametrize("query", ["q=王", "category=study_leave", "year=2026", "checks=passed", "waiting=10"])
def test_all_that_waits_is_not_marked_as_shown_while_a_filter_is_on(cast: Cast, seated: Seated, query: str) -> None:
    """And it leads to all that waits, as its count says."""
    passed(cast)
    client = seated(cast.officer("hospital"))

    def everything(address: str) -> str:
        return client.get(address).content.decode().partition('id="chip-1"')[2].partition("</a>")[0]

    assert 'aria-current="true"' in everything("/inbox/")
    chip = everything(f"/inbox/?{query}")
    assert "全部待审" in chip
    assert "aria-current" not in chip
    assert 'href="/inbox/"' in chip


def test_filters_by_checks_category_year_department_and_wait(cast: Cast, seated: Seated) -> None:
    passed(cast)
    declared(cast, cast.colleague)
    client = seated(cast.officer("hospital"))
    department = cast.bodies["department"].pk
    shown = {
        "checks=passed": (True, False),
        "checks=attention": (False, True),
        "category=study_leave": (True, True),
        "category=none": (False, False),
        "year=2026": (True, True),
        "year=2025": (False, False),
        f"body={department}": (True, True),
        "waiting=overdue&checks=passed": (False, False),
        "year=abc&body=-1&waiting=x": (True, True),  # what does not fit is no filter
    }
    for query, (first, second) in shown.items():
        page = client.get(f"/inbox/?{query}").content.decode()
        assert (">王思远<" in page, ">赵一鸣<" in page) == (first, second), query


def test_closed_departments_are_not_offered_as_filter(cast: Cast, seated: Seated) -> None:
    with entered(cast.province.pk):
        portal, hospital = the_portal(cast.province), cast.bodies["hospital"]
        here = {"province": cast.province, "tier": "department", "kind": "department", "parent": hospital}
        tree.found(actor=portal, name="急诊科", at=NOW, **here)
        closed = tree.found(actor=portal, name="旧门诊", at=NOW, **here)
        actor = cast.officer("hospital", Role.ADMINISTRATOR)
        tree.close(actor=actor, institution_id=closed.pk, reason="撤销", at=NOW)
    page = seated(cast.officer("hospital")).get("/inbox/").content.decode()
    assert ">急诊科</option>" in page
    assert "旧门诊" not in page


def test_a_long_wait_is_a_filter_and_said_at_the_row(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        long_ago = timezone.now() - timedelta(days=30)
        Approval.objects.filter(pk=approval.pk).update(waiting_since=long_ago, promised_on=long_ago.date())
    page = seated(cast.officer("hospital")).get("/inbox/?waiting=10").content.decode()
    assert "30 天" in page
    assert "超期" in page


def test_a_decision_moves_the_claim_on_and_opens_the_next_row(cast: Cast, seated: Seated) -> None:
    first, second = declared(cast), declared(cast, cast.colleague)
    response = decide(seated(cast.officer("hospital")), first, Verdict.APPROVE)
    assert response.status_code == 302
    assert response.url == f"/inbox/{second.pk}/"
    assert fresh(first).holder == cast.bodies["county"]


def test_filters_survive_a_decision(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    data = {"verdict": Verdict.APPROVE, "version": approval.version}
    response = client.post(f"/inbox/{approval.pk}/decide/?checks=attention&q=wsy", data)
    assert response.url == "/inbox/?checks=attention&q=wsy"


def test_returning_needs_a_reason_and_keeps_what_was_typed(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    response = decide(client, approval, Verdict.RETURN)
    assert response.status_code == 422
    page = response.content.decode()
    assert "请填写退回补正的理由" in page
    assert "<title>" in page
    assert page.split("<title>")[1].strip().startswith("错误：")
    assert fresh(approval).state == ApprovalState.WAITING


def test_common_reason_own_words_and_reasons_by_field_reach_the_practitioner(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    common = "缺少盖章页，请补充上传。"
    typed = {"common": common, "reason": "另请核对日期", "about-hours": "与证书不符"}
    assert decide(seated(cast.officer("hospital")), approval, Verdict.RETURN, **typed).status_code == 302
    with entered(cast.province.pk):
        decision = Decision.objects.get(approval=approval, verdict=Verdict.RETURN)
    assert decision.reason == f"{common}；另请核对日期"
    assert decision.field_reasons == {"hours": "与证书不符"}


def test_two_officers_at_once_the_second_is_told_and_keeps_the_words(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    with entered(cast.province.pk):
        approvals.decide(
            actor=cast.officer("hospital"),
            approval_id=approval.pk,
            verdict=Verdict.REJECT,
            version=approval.version,
            reason="材料不实",
            at=timezone.now(),
        )
    response = decide(client, approval, Verdict.RETURN, reason="请补充盖章页")
    assert response.status_code == 422
    page = response.content.decode()
    assert "您的操作未生效" in page
    assert "不通过" in page  # the newest state
    assert "请补充盖章页" in page
    assert fresh(approval).state == ApprovalState.REJECTED


def test_undo_within_ten_minutes(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    decide(client, approval, Verdict.APPROVE)
    page = client.get("/inbox/").content.decode()
    assert "已通过 1 条" in page
    key = page.split('name="at" value="')[1].split('"')[0]
    response = client.post("/inbox/undo/", {"at": key}, follow=True)
    assert "已撤销 1 条" in response.content.decode()
    assert fresh(approval).holder == cast.bodies["hospital"]


def test_the_way_of_a_claim_names_its_bodies_its_promise_and_its_clauses(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    page = seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/").content.decode()
    way = page.partition("审核过程")[2].partition("</details>")[0]
    assert f"{cast.bodies['hospital'].name}（现在）" in way
    assert f"承诺不晚于 {approval.promised_on} 办结" in way
    assert "依据 四(二)" in way
    assert "liaoning" not in way


def test_undo_is_not_offered_once_the_body_above_has_acted(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    decide(client, approval, Verdict.APPROVE)
    page = client.get("/inbox/").content.decode()
    key = page.split('name="at" value="')[1].split('"')[0]
    decide(seated(cast.officer("county")), fresh(approval), Verdict.APPROVE)
    assert "已通过 1 条" not in client.get("/inbox/").content.decode()
    response = client.post("/inbox/undo/", {"at": key}, follow=True)
    assert "不能再撤销" in response.content.decode()
    assert fresh(approval).holder == cast.bodies["city"]


def test_undo_is_not_offered_again_once_a_certificate_stood_in_its_way(
    cast: Cast, seated: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = declared(cast)
    way = ("hospital", "county", "city", "province")
    for place in way:
        client = seated(cast.officer(place))
        decide(client, fresh(approval), Verdict.APPROVE)
    assert fresh(approval).state == ApprovalState.APPROVED
    page = client.get("/inbox/").content.decode()
    key = page.split('name="at" value="')[1].split('"')[0]
    monkeypatch.setattr(ledger, "UNDO_OBJECTIONS", [lambda _person, year: f"{year} 年度学分证书已签发，不能撤销审核。"])
    told = client.post("/inbox/undo/", {"at": key}, follow=True).content.decode()
    assert "1 条未办理：2026 年度学分证书已签发" in told
    assert "前可以撤销" not in told
    assert "前可以撤销" not in client.get("/inbox/").content.decode()
    another = declared(cast, cast.colleague)
    for place in way[:-1]:
        decide(seated(cast.officer(place)), fresh(another), Verdict.APPROVE)
    decide(client, fresh(another), Verdict.APPROVE)
    assert "前可以撤销" in client.get("/inbox/").content.decode(), "what is done later can be taken back"


def test_bulk_previews_takes_passed_rows_only_and_can_be_undone(cast: Cast, seated: Seated) -> None:
    one, other = passed(cast), passed(cast, cast.hire("周慧敏", number=3))
    flagged = declared(cast, cast.colleague)
    client = seated(cast.officer("hospital"))
    preview = client.get("/inbox/approve/", {"selected": [one.pk, other.pk, flagged.pk]}).content.decode()
    assert "将通过 2 条，合计 50.0 学分" in preview
    assert "不参与批量 1 条" in preview
    assert "赵一鸣" in preview
    rows = [f"{row.pk}:{row.version}" for row in (one, other, flagged)]
    wordy = client.post("/inbox/approve/", {"row": rows, "reason": "长" * 501})
    assert (wordy.status_code, "将通过 2 条" in wordy.content.decode()) == (422, True)
    sent = {"row": rows, "reason": "材料齐全，同意。"}
    page = client.post("/inbox/approve/", sent, follow=True).content.decode()
    assert "1 条未办理：核验未全部通过，请逐条审核。" in page
    assert "已通过 2 条，合计 50.0 学分" in page
    with entered(cast.province.pk):
        reasons = Decision.objects.filter(verdict=Verdict.APPROVE).values_list("approval", "reason")
        assert sorted(reasons) == [(one.pk, "材料齐全，同意。"), (other.pk, "材料齐全，同意。")]
    assert [fresh(row).holder.name for row in (one, flagged)] == [
        cast.bodies["county"].name,
        cast.bodies["hospital"].name,
    ]
    key = page.split('name="at" value="')[1].split('"')[0]
    client.post("/inbox/undo/", {"at": key})
    assert {fresh(row).holder for row in (one, other)} == {cast.bodies["hospital"]}


def test_everything_that_passed_under_the_filters(cast: Cast, seated: Seated) -> None:
    passed(cast)
    declared(cast, cast.colleague)
    page = seated(cast.officer("hospital")).get("/inbox/approve/?everything=1").content.decode()
    assert "将通过 1 条" in page
    assert "赵一鸣" not in page


def test_bulk_says_that_none_of_the_filtered_rows_has_passed(cast: Cast, seated: Seated) -> None:
    passed(cast)
    declared(cast, cast.colleague)
    client = seated(cast.officer("hospital"))
    page = client.get("/inbox/approve/", {"everything": 1, "q": "赵"}, follow=True).content.decode()
    assert "所筛选的申报中没有核验全部通过的" in page
    assert "请先在列表中勾选" not in page


def test_bulk_with_nothing_selected_says_so(cast: Cast, seated: Seated) -> None:
    response = seated(cast.officer("hospital")).get("/inbox/approve/", follow=True)
    assert "没有选中可以批量通过的申报" in response.content.decode()


def test_htmx_gets_the_open_row_alone(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    client = seated(cast.officer("hospital"))
    response = client.get(f"/inbox/{approval.pk}/", headers={"HX-Request": "true", "HX-Target": "side"})
    page = response.content.decode()
    assert page.strip().startswith("<aside")
    assert "<html" not in page
    assert "HX-Request" in response["Vary"]


def test_the_list_costs_the_same_for_one_row_and_for_twenty(cast: Cast, seated: Seated) -> None:
    declared(cast)
    client = seated(cast.officer("hospital"))
    client.get("/inbox/")  # what the process reads once
    with CaptureQueriesContext(connection) as for_one:
        client.get("/inbox/")
    for number in range(19):
        declared(cast, cast.hire("新同事", number=100 + number))
    with CaptureQueriesContext(connection) as for_twenty:
        page = client.get("/inbox/").content.decode()
    assert "1–20 / 20" in page
    assert len(for_twenty) <= len(for_one) + 1  # the link to the following row


def test_looking_at_a_claim_is_journalled(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/")
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="approval.view")
    assert (entry.subject_id, entry.institution_id) == (approval.pk, cast.bodies["hospital"].pk)
    assert entry.user == cast.officer("hospital").user


def test_a_form_that_comes_back_shows_the_claim_as_well_and_is_journalled(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    page = decide(seated(cast.officer("hospital")), approval, Verdict.RETURN)
    assert page.status_code == 422
    assert "王思远" in page.content.decode()
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="approval.view")
    assert (entry.user, entry.subject_id) == (cast.officer("hospital").user, approval.pk)


def test_a_page_that_failed_is_not_journalled_as_seen(
    cast: Cast, seated: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = declared(cast)

    def fail(*_: object) -> None:
        raise Http404

    monkeypatch.setattr("institutions.inbox_views.inbox.neighbours", fail)
    assert seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/").status_code == 404
    with entered(cast.province.pk):
        assert not JournalEntry.objects.filter(act="approval.view").exists()


def test_nobody_reviews_the_own_claim(cast: Cast, seated: Seated) -> None:
    """The officer who is also a practitioner sees why, and no buttons."""
    approval = passed(cast)
    with entered(cast.province.pk):
        post = posts.appoint(
            actor=the_portal(cast.province),
            user=cast.practitioner.user,
            institution=cast.bodies["hospital"],
            role=Role.REVIEWER,
            since=date(2025, 1, 1),
            at=NOW,
        )
    officer = as_officer(post)
    client = seated(officer)
    page = client.get(f"/inbox/{approval.pk}/").content.decode()
    assert "不能审核本人的申报" in page
    assert 'name="verdict"' not in page
    assert decide(client, approval, Verdict.APPROVE).status_code == 422
    assert "本人的申报" in client.get("/inbox/approve/", {"selected": [approval.pk]}).content.decode()
    assert fresh(approval).checks_state == ChecksState.PASSED
    assert fresh(approval).state == ApprovalState.WAITING


def test_the_open_row_says_that_its_person_has_left(cast: Cast, seated: Seated) -> None:
    declared(cast)
    client = seated(cast.officer("hospital"))
    assert "已离职" not in client.get("/inbox/").content.decode()
    with entered(cast.province.pk):
        employment.leave(
            actor=cast.officer("hospital", Role.ADMINISTRATOR),
            practitioner_id=cast.practitioner.pk,
            left_on=date(2026, 11, 1),
            at=NOW,
        )
    assert "已离职（2026-11-01 起）" in client.get("/inbox/").content.decode()
