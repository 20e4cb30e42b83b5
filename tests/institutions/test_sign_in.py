"""Signing in: by phone or staff account, delays after failures, disabled accounts, forgotten passwords."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tasks import forget_ended_sessions
from cme_portal.foundation.tenancy import entered
from cme_portal.settings import base
from institutions.enums import Role
from institutions.models import Practitioner, Seat, User
from institutions.sign_in import open_account
from tests.cast import NOW, PASSWORD, Cast, user_named
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client: Client, login: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(LOGIN, {"login": login, "password": password})


def full_width(text: str) -> str:
    """``138`` as ``１３８``."""
    return "".join(chr(ord(one) + 0xFEE0) if one != " " else "\u3000" for one in text)


@pytest.mark.parametrize(
    "typed", ["13800000001", "138 0000 0001", full_width("13800000001"), full_width("138 0000 0001")]
)
def test_a_phone_number_however_it_is_typed(typed: str) -> None:
    user = user_named("p-1", "王思远", phone="13800000001")
    client = Client()
    assert sign_in(client, typed).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert sign_in(Client(), typed, "wrong password").status_code == 200


def test_a_staff_account_and_a_wrong_password(cast: Cast) -> None:
    username = cast.officer("hospital").user.username
    client = Client()
    refused = sign_in(client, username, "wrong password")
    assert "_auth_user_id" not in client.session
    unknown = sign_in(client, "nobody", "wrong password")
    for response in (refused, unknown):
        assert "手机号（或工作账号）或密码不正确" in response.content.decode()
    assert sign_in(client, username).status_code == 302
    assert client.get("/", follow=True).request["PATH_INFO"] == "/inbox/"


def test_nobody_signs_in_with_a_colleagues_number_as_account_name() -> None:
    with pytest.raises(Exception, match="user_account_is_no_phone"):
        user_named("13800000001", "冒名者")


def test_an_account_opened_with_a_full_width_number_is_the_number(cast: Cast, seated: Seated) -> None:
    with entered(cast.province.pk):
        Seat.objects.filter(practitioner=cast.colleague).delete()
        Practitioner.objects.filter(pk=cast.colleague.pk).update(user=None)
    page = f"/people/{cast.colleague.pk}/account/"
    administrator = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    taken = administrator.post(
        page, {"phone": full_width(cast.practitioner.user.phone), "password": "a long password 9"}
    )
    assert "该手机号码已由他人使用" in taken.content.decode()
    data = {"phone": full_width("138 0000 0007"), "password": "a long password 9"}
    assert administrator.post(page, data).status_code == 302
    for typed in ("13800000007", data["phone"]):
        assert sign_in(Client(), typed, "a long password 9").status_code == 302


def test_the_menu_names_what_one_signs_in_with(cast: Cast, client: Client) -> None:
    """Behind a phone number stands an account name that nobody has ever seen."""
    person = cast.hire("孙悦", number=31)
    with entered(cast.province.pk):
        Seat.objects.filter(practitioner=person).delete()
        Practitioner.objects.filter(pk=person.pk).update(user=None)
        opened = open_account(
            actor=cast.officer("hospital", Role.ADMINISTRATOR),
            practitioner_id=person.pk,
            phone="13800000077",
            password=PASSWORD,
            at=NOW,
        )
    client.force_login(opened.user, "institutions.sign_in.PhoneOrAccountBackend")
    page = client.get("/credits/").content.decode()
    assert "<small>138****0077</small>" in page
    assert opened.user.username not in page


def test_nobody_takes_a_person_registered_under_the_own_name_for_oneself(cast: Cast) -> None:
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    User.objects.filter(pk=administrator.user.pk).update(phone="13800000077", name=cast.colleague.name)
    administrator.user.refresh_from_db()
    with entered(cast.province.pk):
        Seat.objects.filter(practitioner=cast.colleague).delete()
        Practitioner.objects.filter(pk=cast.colleague.pk).update(user=None)
        with pytest.raises(ValidationError, match="不能为本人的账号关联人员"):
            open_account(actor=administrator, practitioner_id=cast.colleague.pk, phone="13800000077", at=NOW)


@pytest.mark.parametrize("phone", [full_width("13800000001"), "12800000001", "1380000000", ""])
def test_no_account_keeps_anything_but_a_number(phone: str) -> None:
    with pytest.raises(IntegrityError, match="user_phone_is_a_number"):
        user_named("p-1", "王思远", phone=phone)


def test_nobody_is_shut_out_by_an_account_that_differs_in_capitals_or_width(cast: Cast, seated: Seated) -> None:
    user_named("lihong", "李红")
    administrator = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    for taken in ("lihong", "LIHong", full_width("LIHONG"), full_width("lihong")):
        data = {"username": taken, "name": "李红", "password": "a long password 9"}
        answer = administrator.post("/posts/account/", data)
        assert answer.status_code == 422
        assert 'href="#id_username">该工作账号已被使用' in answer.content.decode()
    with pytest.raises(ValidationError, match="该工作账号已被使用"):
        User(username=full_width("LIHONG"), name="李红").full_clean(exclude=["password"])
    with pytest.raises(IntegrityError, match="user_account_once"), transaction.atomic():
        user_named("LIHONG", "李红")
    assert sign_in(Client(), "LiHong").status_code == 302


def test_a_staff_account_is_no_full_width_phone_number_either(cast: Cast, seated: Seated) -> None:
    administrator = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    data = {"username": full_width("13800000001"), "name": "李红", "password": "a long password 9"}
    answer = administrator.post("/posts/account/", data)
    assert 'href="#id_username">工作账号不能是手机号码' in answer.content.decode()


def test_signing_in_and_a_forgotten_password_look_the_account_up_in_an_index() -> None:
    """Every user of every province is in one table."""
    asked = {
        "user_account_once": User.objects.filter(username__iexact="li.hong"),
        "user_by_email": User.objects.filter(email="li.hong@example.test"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table would be read through
    for index, users in asked.items():
        assert f"using {index}" in users.explain()


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "3/m/ip,3/m/key"})
def test_after_failures_even_the_right_password_waits() -> None:
    user_named("li.hong", "李红")
    client = Client()
    for _ in range(3):
        sign_in(client, "li.hong", "wrong password")
    response = sign_in(client, "li.hong")
    assert "_auth_user_id" not in client.session
    assert response.status_code == 200


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "9/m/ip,3/m/key"})
def test_failures_are_counted_on_the_account_however_it_is_typed() -> None:
    user_named("p-1", "王思远", phone="13800000001")
    client = Client()
    for typed in ("13800000001", "138 0000 0001", "１３８００００ ０００１"):
        sign_in(client, typed, "wrong password")
    assert sign_in(client, "1 3800000001").status_code == 200
    assert "_auth_user_id" not in client.session


@override_settings(ACCOUNT_RATE_LIMITS=base.ACCOUNT_RATE_LIMITS)
def test_as_deployed_an_account_waits_after_five_failures_and_its_neighbours_do_not() -> None:
    for name in ("li.hong", "wu.dan"):
        user_named(name, "同事")
    client, neighbour = Client(), Client()
    for _ in range(5):
        sign_in(client, "li.hong", "wrong password")
    told = sign_in(client, "li.hong").content.decode()
    assert "_auth_user_id" not in client.session
    assert "请等待 5 分钟后再试" in told
    sign_in(neighbour, "wu.dan")
    assert "_auth_user_id" in neighbour.session


def test_the_journal_tells_each_body_of_signing_in_failing_and_signing_out(cast: Cast) -> None:
    officer = cast.officer("hospital")
    client = Client()
    sign_in(client, officer.user.username.upper(), "wrong password")
    sign_in(client, cast.practitioner.user.phone, "wrong password")
    sign_in(client, "nobody", "wrong password")
    sign_in(client, officer.user.username)
    client.post("/accounts/logout/")
    with entered(cast.province.pk):
        entries = JournalEntry.objects.filter(act__startswith="account.sign").order_by("pk")
        assert [(entry.act, entry.user, entry.institution) for entry in entries] == [
            (act, officer.user, cast.bodies["hospital"])
            for act in ("account.sign_in_failed", "account.sign_in", "account.sign_out")
        ]


def test_the_journal_tells_of_changes_of_the_own_password_and_address(cast: Cast, seated: Seated) -> None:
    officer = cast.officer("hospital")
    client, new = Client(), "an entirely new 密码"
    sign_in(client, officer.user.username)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post("/accounts/email/", {"action_add": "", "email": "hospital@example.test"})
    confirm_by_link()
    Client().post("/accounts/password/reset/", {"email": "hospital@example.test"})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body).group()
    page = Client().get(link, follow=True)
    stranger = page.client
    stranger.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    acts = ("account.change_password", "account.add_email", "account.change_email", "account.reset_password")
    with entered(cast.province.pk):
        entries = JournalEntry.objects.filter(act__in=acts).order_by("pk")
        assert [(entry.act, entry.user, entry.institution) for entry in entries] == [
            (act, officer.user, cast.bodies["hospital"]) for act in acts
        ]
    journal = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/").content.decode()
    for label in ("修改本人密码", "添加本人电子邮箱", "更改本人电子邮箱", "通过电子邮箱重设本人密码"):
        assert f'<td data-label="操作">{label}</td>' in journal, label
    assert "hospital@example.test" not in journal


def confirm_by_link() -> None:
    """The owner opens the link of the last message, wherever it is read, and presses the button."""
    link = re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body).group()
    Client().post(link)


def test_the_journal_tells_of_another_address_when_the_account_uses_it(cast: Cast) -> None:
    officer = cast.officer("hospital")
    user, client = officer.user, Client()
    sign_in(client, user.username)

    heard: list[str] = []

    def told() -> tuple[str, list[str]]:
        """The address that the account uses, and what the journal tells of it since the last question."""
        with entered(cast.province.pk):
            acts = JournalEntry.objects.filter(user=user, act__endswith="_email").order_by("pk")
            new = list(acts.values_list("act", flat=True))[len(heard) :]
        heard.extend(new)
        return User.objects.get(pk=user.pk).email, [act.removeprefix("account.") for act in new]

    def after(action: str, email: str) -> tuple[str, list[str]]:
        client.post("/accounts/email/", {f"action_{action}": "", "email": email})
        return told()

    first, second = "first@example.test", "second@example.test"
    assert after("add", first) == ("", ["add_email"])
    confirm_by_link()
    assert told() == (first, ["change_email"])
    assert after("add", second) == (first, ["add_email"])
    assert after("remove", second) == (first, ["remove_email"])
    assert after("add", second) == (first, ["add_email"])
    confirm_by_link()
    assert told() == (first, [])
    assert after("primary", second) == (second, ["change_email"])
    assert after("primary", second) == (second, [])
    assert after("remove", first) == (second, ["remove_email"])
    assert after("remove", second) == ("", ["remove_email", "change_email"])


def test_a_session_ends_after_eight_hours_and_with_the_browser(cast: Cast) -> None:
    client = Client()
    response = sign_in(client, cast.officer("hospital").user.username)
    assert client.session.get_expiry_age() == 8 * 60 * 60
    assert response.cookies["sessionid"]["max-age"] == ""


def test_signing_out_everywhere_else_ends_the_other_sessions(cast: Cast) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, cast.officer("hospital").user.username)
        assert client.get("/inbox/").status_code == 200
    here.post("/accounts/sessions/")
    assert there.get("/inbox/").status_code == 302
    assert here.get("/inbox/").status_code == 200


def test_what_ended_is_forgotten(cast: Cast) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, cast.officer("hospital").user.username)
        client.get("/inbox/")
    assert UserSession.objects.count() == 2
    Session.objects.filter(pk=there.session.session_key).update(expire_date=timezone.now())
    forget_ended_sessions()
    assert UserSession.objects.get().session_key == here.session.session_key == Session.objects.get().pk


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_as_deployed_passwords_are_kept_as_argon2(cast: Cast, seated: Seated) -> None:
    """Whoever comes with an older hash has it renewed by signing in; the cast's are the tests' cheap ones."""
    administrator = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    data = {"username": "li.hong", "name": "李红", "password": "a long password 9"}
    assert administrator.post("/posts/account/", data).status_code == 302
    User.objects.filter(pk=cast.practitioner.user.pk).update(
        password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1)
    )
    assert sign_in(Client(), cast.practitioner.user.phone).status_code == 302
    for user in (User.objects.get(username="li.hong"), User.objects.get(pk=cast.practitioner.user.pk)):
        assert user.password.startswith("argon2$argon2id$"), user.username
    assert sign_in(Client(), "li.hong", "a long password 9").status_code == 302


def test_a_disabled_account_stays_outside() -> None:
    User.objects.filter(pk=user_named("li.hong", "李红").pk).update(is_active=False)
    client = Client()
    sign_in(client, "li.hong")
    assert "_auth_user_id" not in client.session


def test_disabling_ends_a_session(cast: Cast) -> None:
    officer = cast.officer("hospital")
    client = Client()
    sign_in(client, officer.user.username)
    assert client.get("/inbox/").status_code == 200
    User.objects.filter(pk=officer.user.pk).update(is_active=False)
    assert client.get("/inbox/").status_code == 302


def test_a_forgotten_password_is_set_anew_by_e_mail() -> None:
    user = user_named("li.hong", "李红")
    user.email = "Li.Hong@Example.test"
    user.full_clean()
    user.save()
    client = Client()
    client.post("/accounts/password/reset/", {"email": "Li.Hong@Example.test"})
    assert re.search(r"[\u4e00-\u9fff]", mail.outbox[0].subject)
    assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", mail.outbox[0].body)
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body).group()
    page = client.get(link, follow=True)
    new = "an entirely new 密码"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    client.logout()
    assert sign_in(client, "li.hong", new).status_code == 302
    assert "_auth_user_id" in client.session


def test_an_unknown_address_is_answered_alike_and_gets_nothing() -> None:
    response = Client().post("/accounts/password/reset/", {"email": "nobody@example.test"})
    assert response.status_code == 302
    assert mail.outbox == []


def test_nobody_signs_up() -> None:
    response = Client().post("/accounts/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    assert response.status_code == 200
    assert "不开放注册" in response.content.decode()
    assert not User.objects.filter(username="x").exists()
