"""Correcting an account: what changes, who is told, and that nobody takes over an account that reaches further."""

from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from cme_portal.foundation import outbox
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from institutions import posts
from institutions.access import Denied
from institutions.account_correction import correct_account
from institutions.actors import Actor, the_portal
from institutions.enums import Role
from institutions.models import Notification, Post, Practitioner, Seat, User
from tests.cast import NOW, PASSWORD, Cast, user_named
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db

FRESH = "a long password 9"


def administrator(cast: Cast, body: str = "hospital") -> Actor:
    return cast.officer(body, Role.ADMINISTRATOR)


def appointed(cast: Cast, user: User, body: str, role: str = Role.REVIEWER) -> Post:
    with entered(cast.province.pk):
        return posts.appoint(
            actor=the_portal(cast.province),
            user=user,
            institution=cast.bodies[body],
            role=role,
            since=date(2026, 1, 1),
            at=NOW,
        )


def seat_of(subject: Practitioner | Post) -> int:
    name = "practitioner" if isinstance(subject, Practitioner) else "post"
    return Seat.objects.get(**{name: subject}).pk


def refused(cast: Cast, actor: Actor, subject: Practitioner | Post) -> str:
    """The sentence that refuses; nothing has changed."""
    before = User.objects.values().get(pk=subject.user_id)
    with entered(cast.province.pk), pytest.raises(Denied) as denied:
        correct_account(actor=actor, seat_id=seat_of(subject), phone="13800000007", password=FRESH, at=NOW)
    assert User.objects.values().get(pk=subject.user_id) == before
    return str(denied.value)


def signs_in(name: str, password: str) -> bool:
    return Client().post("/accounts/login/", {"login": name, "password": password}).status_code == 302


def signed_in(name: str) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    assert client.get("/", follow=True).status_code == 200
    return client


def is_signed_in(client: Client) -> bool:
    return not client.get("/notifications/").headers.get("Location", "").startswith("/accounts/login/")


def test_a_mistyped_number_is_corrected_on_the_person(cast: Cast, seated: Seated) -> None:
    person, before = cast.practitioner, cast.practitioner.user.phone
    there = signed_in(before)
    client = seated(administrator(cast))
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert f'href="/people/{person.pk}/account/edit/"' in page
    form = client.get(f"/people/{person.pk}/account/edit/").content.decode()
    assert "退出全部登录" in form
    assert f"现为 {before[:3]}****{before[-4:]}" in form
    assert before not in form
    done = client.post(f"/people/{person.pk}/account/edit/", {"phone": "１３８ 0000 0007"}, follow=True)
    assert done.request["PATH_INFO"] == f"/people/{person.pk}/"
    assert "王思远的账号已更正。" in done.content.decode()
    assert not is_signed_in(there)
    assert signs_in("13800000007", PASSWORD)
    assert not signs_in(before, PASSWORD)


def test_a_staff_account_is_corrected_from_its_post(cast: Cast, seated: Seated) -> None:
    officer, client = cast.officer("hospital"), seated(administrator(cast))
    address = f"/posts/{officer.post.pk}/account/"
    there = signed_in(officer.user.username)
    page = client.get("/posts/").content.decode()
    assert f'href="{address}"' in page
    assert f'href="/posts/{administrator(cast).post.pk}/account/"' not in page
    weak = client.post(address, {"password": "12345678"})
    assert weak.status_code == 422
    done = client.post(address, {"password": FRESH}, follow=True)
    assert done.request["PATH_INFO"] == "/posts/"
    assert not is_signed_in(there)
    assert is_signed_in(client)
    assert signs_in(officer.user.username, FRESH)
    assert not signs_in(officer.user.username, PASSWORD)


def test_another_address_replaces_every_way_to_the_old_one_and_ends_no_session(cast: Cast, seated: Seated) -> None:
    user = cast.practitioner.user
    User.objects.filter(pk=user.pk).update(email="wrong@example.test")
    EmailAddress.objects.create(user=user, email="wrong@example.test", verified=True, primary=True)
    there, client = signed_in(user.phone), seated(administrator(cast))
    address = f"/people/{cast.practitioner.pk}/account/edit/"
    both = client.post(address, {"email": "Wang@Example.test", "email_removed": "on"})
    assert 'href="#id_email_removed"' in both.content.decode()
    assert client.post(address, {"email": "Wang@Example.test"}).status_code == 302
    assert is_signed_in(there)
    mail.outbox.clear()
    for asked in ("wrong@example.test", "wang@example.test"):
        Client().post("/accounts/password/reset/", {"email": asked})
    assert [message.to for message in mail.outbox] == [["wang@example.test"]]
    assert client.post(address, {"email_removed": "on"}).status_code == 302
    assert User.objects.get(pk=user.pk).email == ""
    assert "email_removed" not in client.get(address).content.decode()


def test_a_correction_is_journalled_and_told_without_the_values(cast: Cast, seated: Seated) -> None:
    user = cast.practitioner.user
    with entered(cast.province.pk):
        correct_account(
            actor=administrator(cast),
            seat_id=seat_of(cast.practitioner),
            phone="13800000007",
            email="wang@example.test",
            password=FRESH,
            at=NOW,
        )
        entry = JournalEntry.objects.get(act="account.correct")
        assert (entry.user, entry.institution) == (administrator(cast).user, cast.bodies["hospital"])
        assert (entry.subject_kind, entry.subject_id) == ("institutions.practitioner", cast.practitioner.pk)
        assert entry.detail == {"phone": True, "email": True, "password": True}
        told = Notification.objects.get(user=user)
    assert told.title == f"{cast.bodies['hospital']}更正了您的账号"
    assert "更正内容：手机号码、电子邮箱、密码。" in told.body
    outbox.deliver_due(at=NOW)
    assert [message.to for message in mail.outbox] == [["wang@example.test"]]
    page = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/").content.decode()
    for expected in ("更正账号", "手机号码：已更正", "密码：已更正"):
        assert expected in page
    assert "13800000007" not in page


@pytest.mark.parametrize("change", [{"email": "other@example.test"}, {"email_removed": True}])
def test_the_address_that_was_taken_away_is_told_too_and_not_kept(cast: Cast, change: dict[str, Any]) -> None:
    user = cast.practitioner.user
    User.objects.filter(pk=user.pk).update(email="wang@example.test")
    with entered(cast.province.pk):
        correct_account(actor=administrator(cast), seat_id=seat_of(cast.practitioner), at=NOW, **change)
    outbox.deliver_due(at=NOW)
    outbox.deliver_due(at=NOW)
    told = [message.recipients() for message in mail.outbox]
    assert sorted(told) == sorted([["wang@example.test"], *([[change["email"]]] if "email" in change else [])])
    assert all("更正内容：电子邮箱。" in message.body for message in mail.outbox)
    with entered(cast.province.pk):
        assert Notification.objects.get(user=user).former_emails == []


def test_every_confirmed_address_that_is_taken_away_is_told_and_learns_of_no_other(cast: Cast) -> None:
    user = cast.practitioner.user
    User.objects.filter(pk=user.pk).update(email="wang@example.test")
    EmailAddress.objects.create(user=user, email="mistyped@example.test")
    for email in ("second@example.test", "new@example.test"):
        EmailAddress.objects.create(user=user, email=email, verified=True)
    with entered(cast.province.pk):
        correct_account(actor=administrator(cast), seat_id=seat_of(cast.practitioner), email="new@example.test", at=NOW)
    outbox.deliver_due(at=NOW)
    told = sorted(address for message in mail.outbox for address in message.recipients())
    assert told == ["new@example.test", "second@example.test", "wang@example.test"]
    for message in mail.outbox:
        assert sum(address in str(message.message()) for address in told) <= 1


def test_an_address_that_stays_is_told_once(cast: Cast) -> None:
    User.objects.filter(pk=cast.practitioner.user.pk).update(email="wang@example.test")
    with entered(cast.province.pk):
        correct_account(actor=administrator(cast), seat_id=seat_of(cast.practitioner), password=FRESH, at=NOW)
    outbox.deliver_due(at=NOW)
    assert [message.to for message in mail.outbox] == [["wang@example.test"]]


def test_what_is_not_asked_for_stays_and_mistakes_stand_at_their_fields(cast: Cast, seated: Seated) -> None:
    user, client = cast.practitioner.user, seated(administrator(cast))
    address = f"/people/{cast.practitioner.pk}/account/edit/"
    before = User.objects.values().get(pk=user.pk)
    wrong = {
        "没有需要更正的内容": {"phone": "", "email": "", "password": ""},
        'href="#id_phone">该手机号码已由他人使用': {"phone": cast.colleague.user.phone},
        'href="#id_phone">请填写 11 位手机号码': {"phone": "1380000000"},
        "填写的与现有的相同": {"phone": user.phone},
    }
    for sentence, data in wrong.items():
        answer = client.post(address, data)
        assert answer.status_code == 422
        assert sentence in answer.content.decode(), sentence
    assert User.objects.values().get(pk=user.pk) == before


def test_an_account_always_has_a_way_in(cast: Cast) -> None:
    user = cast.practitioner.user
    user.email = "wang@example.test"
    user.set_unusable_password()
    user.save()
    with entered(cast.province.pk), pytest.raises(ValidationError, match="否则本人无法登录"):
        correct_account(actor=administrator(cast), seat_id=seat_of(cast.practitioner), email_removed=True, at=NOW)


def test_nobody_corrects_the_own_account(cast: Cast, seated: Seated) -> None:
    actor = administrator(cast)
    assert "不能更正本人的账号" in refused(cast, actor, actor.post)
    answer = seated(actor).get(f"/posts/{actor.post.pk}/account/")
    assert answer.status_code == 403
    assert "不能更正本人的账号" in answer.content.decode()


def test_an_account_that_also_sits_above_is_corrected_from_above(cast: Cast, seated: Seated) -> None:
    """Otherwise the hospital's administrator could sign in as the county's reviewer."""
    person, county = cast.practitioner, cast.bodies["county"]
    appointed(cast, person.user, "county")
    assert f"请由{county}的人员与岗位管理人员办理" in refused(cast, administrator(cast), person)
    page = f"/people/{person.pk}/account/edit/"
    for answer in (seated(administrator(cast)).get(page), seated(administrator(cast)).post(page, {"password": FRESH})):
        assert answer.status_code == 403
        assert f"请由{county}" in answer.content.decode()
    assert seated(administrator(cast, "county")).post(page, {"password": FRESH}).status_code == 302
    assert signs_in(person.user.phone, FRESH)


def test_an_account_that_also_sits_beside_is_corrected_by_the_body_above_both(cast: Cast) -> None:
    """A hospital's administrator appoints somebody's account for a moment, and has it no more than before."""
    officer = cast.officer("direct")
    lent = appointed(cast, officer.user, "hospital", Role.CERTIFIER)
    for body in ("hospital", "county", "city"):
        assert f"请由{cast.bodies['province']}的" in refused(cast, administrator(cast, body), lent)
    with entered(cast.province.pk):
        correct_account(actor=administrator(cast, "province"), seat_id=seat_of(lent), password=FRESH, at=NOW)
    assert signs_in(officer.user.username, FRESH)


def test_a_post_that_has_not_begun_counts(cast: Cast) -> None:
    with entered(cast.province.pk):
        posts.appoint(
            actor=the_portal(cast.province),
            user=cast.practitioner.user,
            institution=cast.bodies["city"],
            role=Role.ADMINISTRATOR,
            since=date(2027, 1, 1),
            at=NOW,
        )
    assert f"请由{cast.bodies['city']}的" in refused(cast, administrator(cast), cast.practitioner)


def test_an_account_that_also_sits_in_another_province_is_corrected_by_neither(cast: Cast, strangers: Cast) -> None:
    person = cast.practitioner
    abroad = appointed(strangers, person.user, "hospital")
    assert "该账号同时用于其他省份" in refused(cast, administrator(cast, "province"), person)
    assert "该账号同时用于其他省份" in refused(strangers, administrator(strangers, "province"), abroad)


def test_an_account_within_the_body_is_corrected_whatever_it_sits_on_there(cast: Cast) -> None:
    user = user_named("li.hong", "李红")
    for body, role in (("hospital", Role.REVIEWER), ("hospital", Role.ADMINISTRATOR), ("department", Role.REVIEWER)):
        post = appointed(cast, user, body, role)
    with entered(cast.province.pk):
        correct_account(actor=administrator(cast), seat_id=seat_of(post), phone="13800000007", at=NOW)
    assert signs_in("13800000007", PASSWORD)
    assert signs_in("li.hong", PASSWORD)


def test_whoever_does_not_manage_the_place_corrects_nothing(cast: Cast, strangers: Cast) -> None:
    person, officer = cast.practitioner, cast.officer("hospital")
    others = [
        cast.person,
        officer,
        administrator(cast, "department"),
        administrator(cast, "direct"),
        administrator(cast, "office"),
        the_portal(cast.province),
    ]
    for actor in others:
        refused(cast, actor, person)
        refused(cast, actor, officer.post)
    with entered(strangers.province.pk), pytest.raises(Seat.DoesNotExist):
        correct_account(actor=administrator(strangers, "province"), seat_id=seat_of(person), password=FRESH, at=NOW)


def test_an_account_is_not_reached_through_a_post_that_has_ended(cast: Cast, seated: Seated) -> None:
    """Its holder may sit elsewhere tomorrow."""
    officer, client = cast.officer("hospital"), seated(administrator(cast))
    with entered(cast.province.pk):
        posts.end(actor=administrator(cast), post_id=officer.post.pk, until=date(2026, 11, 1), at=NOW)
    address = f"/posts/{officer.post.pk}/account/"
    assert address not in client.get("/posts/?held=all").content.decode()
    for answer in (client.get(address), client.post(address, {"password": FRESH})):
        assert answer.status_code == 404


def test_the_posts_page_is_for_administrators_of_the_place(cast: Cast, strangers: Cast, seated: Seated) -> None:
    address = f"/posts/{cast.officer('hospital').post.pk}/account/"
    assert seated(cast.officer("hospital")).get(address).status_code == 403
    for outsider in (administrator(cast, "direct"), administrator(strangers, "province")):
        assert seated(outsider).get(address).status_code == 404
    assert seated(administrator(cast)).get(address).status_code == 200


def test_whoever_has_no_account_has_none_to_correct(cast: Cast, seated: Seated) -> None:
    with entered(cast.province.pk):
        Seat.objects.filter(practitioner=cast.colleague).delete()
        Practitioner.objects.filter(pk=cast.colleague.pk).update(user=None)
    client = seated(administrator(cast))
    assert "更正账号" not in client.get(f"/people/{cast.colleague.pk}/").content.decode()
    assert client.get(f"/people/{cast.colleague.pk}/account/edit/").status_code == 404
