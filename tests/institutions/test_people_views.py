"""Pages about people, for officers who look and administrators who manage."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cme_portal.foundation import outbox
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import statements
from institutions import approvals
from institutions.actors import as_practitioner
from institutions.enums import Role, Verdict
from institutions.models import Notification, Practitioner, Seat, User
from institutions.national_id import fictional
from tests.cast import NOW, PASSWORD, Cast, user_named
from tests.institutions.conftest import Seated, declared

pytestmark = pytest.mark.django_db

NUMBER = fictional(city="2101", born=date(1990, 1, 2), sequence=77)
REGISTRATION = {
    "name": "孙浩然",
    "national_id": NUMBER,
    "employee_number": "208814",
    "employed_since": "2021-07-01",
    "profession": "药学",
    "title": "junior",
    "title_since": "2022-01-01",
    "licensed": "on",
}


def administrator(cast: Cast, body: str = "hospital") -> object:
    return cast.officer(body, Role.ADMINISTRATOR)


def test_officers_find_the_people_of_their_territory(cast: Cast, strangers: Cast, seated: Seated) -> None:
    shown = {"hospital": True, "department": True, "county": True, "province": True, "office": True, "direct": False}
    for body, sees in shown.items():
        page = seated(cast.officer(body)).get("/people/").content.decode()
        assert ("王思远" in page) == sees, body
        page = seated(cast.officer(body)).get("/people/?q=zym").content.decode()
        assert ("赵一鸣" in page, "王思远" in page) == (sees, False), body
    foreign = seated(strangers.officer("province"))
    assert foreign.get(f"/people/{cast.practitioner.pk}/").status_code == 404
    assert seated(cast.officer("direct")).get(f"/people/{cast.practitioner.pk}/").status_code == 404


def test_the_list_shows_and_filters_how_people_stand_this_year(
    cast: Cast, seated: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        for body in ("hospital", "county", "city", "province"):
            version = approvals.lock(approval.pk).version
            approvals.decide(
                actor=cast.officer(body), approval_id=approval.pk, verdict=Verdict.APPROVE, version=version, at=NOW
            )
        statements.recompute(practitioner=cast.colleague, year=2026, at=NOW)
    monkeypatch.setattr("institutions.people_views.timezone.now", lambda: NOW)
    client = seated(cast.officer("hospital"))
    page = client.get("/people/").content.decode()
    assert "已达标" in page
    assert "尚未达标" in page
    for standing, names in (("compliant", (True, False)), ("short", (False, True)), ("exempt", (False, False))):
        page = client.get(f"/people/?standing={standing}").content.decode()
        assert ("王思远" in page, "赵一鸣" in page) == names, standing
    assert "赵一鸣" not in client.get("/people/?title=senior").content.decode()
    assert "赵一鸣" in client.get("/people/?title=intermediate").content.decode()


def test_the_list_costs_the_same_for_two_people_and_for_twenty(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital"))
    client.get("/people/")
    with CaptureQueriesContext(connection) as for_two:
        client.get("/people/")
    for number in range(18):
        cast.hire("新同事", number=100 + number)
    with CaptureQueriesContext(connection) as for_twenty:
        page = client.get("/people/").content.decode()
    assert "20 人" in page
    assert len(for_twenty) == len(for_two)


def test_registering_somebody(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast))
    data = {**REGISTRATION, "institution": cast.bodies["hospital"].pk, "department": cast.bodies["department"].pk}
    response = client.post("/people/new/", data, follow=True)
    page = response.content.decode()
    assert "已登记孙浩然。" in page
    assert NUMBER not in page
    assert "2101**********" in page
    again = client.post("/people/new/", data)
    assert again.status_code == 422
    told = again.content.decode()
    assert "该人员已在本单位登记，无需再次登记。" in told
    assert f'<a href="{response.redirect_chain[-1][0]}">查看人员信息</a>' in told
    assert "办理调入" not in told
    elsewhere = {**data, "institution": cast.bodies["direct"].pk, "department": ""}
    told = seated(administrator(cast, "province")).post("/people/new/", elsewhere).content.decode()
    assert "该身份证号码已登记。请先查找已有人员，办理调入。" in told


def test_mistakes_are_named_at_their_fields_and_nothing_typed_is_lost(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast, "province"))
    data = {
        **REGISTRATION,
        "national_id": "123",
        "title": "",
        "institution": cast.bodies["direct"].pk,
        "department": cast.bodies["department"].pk,
    }
    response = client.post("/people/new/", data)
    assert response.status_code == 422
    page = response.content.decode()
    for sentence in ("请选择职称", "该科室不属于所选用人单位"):
        assert sentence in page
    assert 'value="孙浩然"' in page
    data |= {"title": "junior", "department": ""}
    page = client.post("/people/new/", data).content.decode()
    assert "身份证号码应为 18 位" in page
    assert 'href="#id_national_id"' in page


def test_a_date_to_come_is_refused_beside_its_field(cast: Cast, seated: Seated) -> None:
    data = {**REGISTRATION, "institution": cast.bodies["hospital"].pk, "employed_since": "2199-01-01"}
    response = seated(administrator(cast)).post("/people/new/", data)
    assert response.status_code == 422
    assert 'href="#id_employed_since">不能晚于今天' in response.content.decode()


def test_managing_is_for_administrators_of_the_place(cast: Cast, seated: Seated) -> None:
    pages = (
        "edit",
        "employment",
        "employment/start",
        "leaving",
        "leaving/take-back",
        "title",
        "account",
        "account/edit",
        "national-id",
    )
    for path in pages:
        assert seated(cast.officer("hospital")).get(f"/people/{cast.practitioner.pk}/{path}/").status_code == 403
        outsider = seated(administrator(cast, "direct"))
        assert outsider.get(f"/people/{cast.practitioner.pk}/{path}/").status_code == 404
        assert seated(administrator(cast)).get(f"/people/{cast.practitioner.pk}/{path}/").status_code == 200


def test_moving_promoting_correcting_and_opening_an_account(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast, "province"))
    with entered(cast.province.pk):
        person = Practitioner.objects.get(pk=cast.colleague.pk)
    acts = {
        "employment": {"institution": cast.bodies["direct"].pk, "since": "2026-11-01"},
        "title": {"title": "senior", "since": "2026-10-01"},
        "edit": {"name": person.name, "profession": "临床", "licensed": "on", "licence_number": "110"},
    }
    for path, data in acts.items():
        assert client.post(f"/people/{person.pk}/{path}/", data).status_code == 302, path
    page = client.get(f"/people/{person.pk}/").content.decode()
    for expected in ("辽宁省肿瘤医院", "高级", "临床", "2026-11-01 起"):
        assert expected in page
    taken = client.post(f"/people/{person.pk}/account/", {"phone": "13800000001", "password": "a long password 9"})
    assert taken.status_code == 422
    assert "该人员已有账号" in taken.content.decode()


def test_leaving_and_coming_back(cast: Cast, seated: Seated) -> None:
    client, person = seated(administrator(cast)), cast.colleague
    early = client.post(f"/people/{person.pk}/leaving/", {"left_on": "2199-01-01"})
    assert early.status_code == 422
    assert "不能晚于今天" in early.content.decode()
    page = client.post(f"/people/{person.pk}/leaving/", {"left_on": "2026-11-02"}, follow=True).content.decode()
    for expected in ("离职已登记。", "2026-11-02 起离职", "2026-11-02 止", "重新任职"):
        assert expected in page
    assert "登记离职</a>" not in page
    assert "赵一鸣" in client.get("/people/?employed=no").content.decode()
    assert "赵一鸣" not in client.get("/people/?employed=yes").content.decode()
    refused = seated(as_practitioner(person)).post("/claims/new/", {"declaration": "project"})
    assert "您已于 2026-11-02 离职" in refused.content.decode()
    back = {"institution": cast.bodies["hospital"].pk, "since": "2026-11-09"}
    assert "赵一鸣：重新任职" in client.get(f"/people/{person.pk}/employment/").content.decode()
    page = client.post(f"/people/{person.pk}/employment/", back, follow=True).content.decode()
    assert "已登记重新任职。" in page
    assert "起离职" not in page


def test_the_number_is_corrected_without_being_shown(cast: Cast, seated: Seated) -> None:
    client, person = seated(administrator(cast)), cast.colleague
    url, typed = f"/people/{person.pk}/edit/", {"name": "赵一名", "profession": "护理", "licensed": "on"}
    with entered(cast.province.pk):
        mine = Practitioner.objects.get(pk=person.pk).national_id
        taken = Practitioner.objects.get(pk=cast.practitioner.pk).national_id
    page = client.get(url).content.decode()
    assert "不更正则留空" in page
    assert mine not in page
    refused = client.post(url, {**typed, "national_id": taken})
    assert refused.status_code == 422
    assert 'href="#id_national_id">该身份证号码已登记在另一人名下' in refused.content.decode()
    assert "赵一名" in client.post(url, {**typed, "national_id": NUMBER}, follow=True).content.decode()
    with entered(cast.province.pk):
        assert Practitioner.objects.get(pk=person.pk).national_id == NUMBER


def test_leaving_names_what_waits_and_is_taken_back(cast: Cast, seated: Seated) -> None:
    declared(cast)
    client, person = seated(administrator(cast)), cast.practitioner
    sentence = "还有 1 项申报正在审核，离职后仍由原审核单位办结"
    assert sentence in client.get(f"/people/{person.pk}/leaving/").content.decode()
    assert sentence not in client.get(f"/people/{cast.colleague.pk}/leaving/").content.decode()
    page = client.post(f"/people/{person.pk}/leaving/", {"left_on": "2026-11-02"}, follow=True).content.decode()
    url = f"/people/{person.pk}/leaving/take-back/"
    assert url in page
    page = client.post(url, follow=True).content.decode()
    assert "离职登记已撤回。" in page
    assert "2026-11-02" not in page
    again = client.post(url)
    assert again.status_code == 422
    assert "没有登记离职" in again.content.decode()


def test_the_first_day_of_an_employment_is_corrected(cast: Cast, seated: Seated) -> None:
    client, url = seated(administrator(cast)), f"/people/{cast.colleague.pk}/employment/start/"
    assert url in client.get(f"/people/{cast.colleague.pk}/").content.decode()
    assert 'value="2020-01-01"' in client.get(url).content.decode()
    late = client.post(url, {"since": "2199-01-01"})
    assert late.status_code == 422
    assert 'href="#id_since">不能晚于今天' in late.content.decode()
    page = client.post(url, {"since": "2020-02-03"}, follow=True).content.decode()
    assert "起始日期已更正。" in page
    assert "2020-02-03 起" in page


def test_an_account_needs_a_way_in(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast))
    client.post(
        "/people/new/",
        {**REGISTRATION, "institution": cast.bodies["hospital"].pk, "department": cast.bodies["department"].pk},
    )
    with entered(cast.province.pk):
        person = Practitioner.objects.get(name="孙浩然")
    url = f"/people/{person.pk}/account/"
    assert "请填写电子邮箱或初始密码" in client.post(url, {"phone": "13800000001"}).content.decode()
    weak = client.post(url, {"phone": "13800000001", "password": "12345678"})
    assert weak.status_code == 422
    assert client.post(url, {"phone": "13800000001", "password": "a long password 9"}).status_code == 302
    assert client.login(username="13800000001", password="a long password 9")


def test_who_has_an_account_keeps_its_password_and_the_administrator_is_told(cast: Cast, seated: Seated) -> None:
    user = user_named("zhao.yiming", "赵一鸣", phone="13800000001")
    with entered(cast.province.pk):
        Seat.objects.filter(practitioner=cast.colleague).delete()
        Practitioner.objects.filter(pk=cast.colleague.pk).update(user=None)
    data = {"phone": "13800000001", "email": "zhao@example.test", "password": "a long password 9"}
    page = seated(administrator(cast)).post(f"/people/{cast.colleague.pk}/account/", data, follow=True).content.decode()
    assert "已关联本人原有账号，密码和电子邮箱不变" in page
    assert "账号已开通" not in page
    user.refresh_from_db()
    assert (user.check_password(PASSWORD), user.email) == (True, "")
    assert user.seats.get().practitioner_id == cast.colleague.pk


def test_the_full_number_is_shown_once_for_a_reason(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast))
    with entered(cast.province.pk):
        number = Practitioner.objects.get(pk=cast.colleague.pk).national_id
    url = f"/people/{cast.colleague.pk}/national-id/"
    assert client.post(url, {"reason": ""}).status_code == 422
    shown = client.post(url, {"reason": "核对证件"})
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert number not in client.get(f"/people/{cast.colleague.pk}/").content.decode()
    with entered(cast.province.pk):
        assert JournalEntry.objects.filter(act="practitioner.reveal_national_id").count() == 1


def test_taking_over_from_another_body(cast: Cast, seated: Seated) -> None:
    client = seated(administrator(cast, "direct"))
    with entered(cast.province.pk):
        number = Practitioner.objects.get(pk=cast.colleague.pk).national_id
    data = {"name": "赵一", "national_id": number, "institution": cast.bodies["direct"].pk, "since": "2026-11-01"}
    assert "没有姓名与身份证号码均相符的人员" in client.post("/people/transfer/", data).content.decode()
    page = client.post("/people/transfer/", {**data, "name": "赵一鸣"}, follow=True).content.decode()
    assert "已将赵一鸣调入。" in page
    assert "辽宁省肿瘤医院" in page


def test_who_is_taken_over_and_the_former_employer_learn_of_it(cast: Cast, seated: Seated) -> None:
    person, former, employer = cast.colleague, cast.bodies["hospital"].name, cast.bodies["direct"].name
    User.objects.filter(pk=person.user.pk).update(email="zhao@example.test")
    with entered(cast.province.pk):
        number = Practitioner.objects.get(pk=person.pk).national_id
    data = {"name": "赵一鸣", "national_id": number, "institution": cast.bodies["direct"].pk, "since": "2026-11-01"}
    assert seated(administrator(cast, "direct")).post("/people/transfer/", data).status_code == 302
    journal = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/?act=practitioner.transfer_away")
    for expected in (administrator(cast, "direct").user.name, f"用人单位：{employer}", "起始日期：2026-11-01"):
        assert expected in journal.content.decode(), expected
    sentence = f"自 2026-11-01 起，您的用人单位由{former}变更为{employer}。"
    assert sentence in seated(as_practitioner(person)).get("/notifications/").content.decode()
    outbox.deliver_due(at=timezone.now())
    [message] = mail.outbox
    assert message.to == ["zhao@example.test"]
    assert sentence in message.body


def test_a_move_within_the_employer_is_no_transfer(cast: Cast, seated: Seated) -> None:
    data = {"institution": cast.bodies["hospital"].pk, "department": "", "since": "2026-11-01"}
    moved = seated(administrator(cast)).post(f"/people/{cast.colleague.pk}/employment/", data)
    assert moved.status_code == 302
    with entered(cast.province.pk):
        assert not JournalEntry.objects.filter(act="practitioner.transfer_away").exists()
        assert not Notification.objects.filter(user=cast.colleague.user).exists()
