"""A stranger finds nothing: at every address that names somebody's row the answer is that for a row which does not exist.

The addresses are walked in the URL configuration, so that a new one is asked too. Who may not enter an address at all (a
practitioner at the inbox) is told so whatever number stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from cme_portal.foundation.tenancy import TenantModel, entered
from credits import claims
from institutions.access import MATRIX, seat_of
from institutions.actors import Actor, as_practitioner
from institutions.enums import Role
from institutions.models import Seat
from tests.addresses import Address, addresses
from tests.cast import NOW, Cast, make_cast
from tests.credits.documents import jpeg
from tests.province_in_use import OWNER, ProvinceInUse, use

pytestmark = pytest.mark.django_db

NOBODY = 987_654_321
# Parameters that say which part of a row is meant, not whose row.
PARTS = {"item": "other", "number": 1, "year": 2026}
# Addresses whose parameters name nobody's row.
OF_NOBODY = {
    "statement": "a year of one's own",
    "regulation": "a jurisdiction; regulations are public",
    "verify-number": "public; a number without its check code tells nothing (tests/audits/test_verification.py)",
    "verify-number-english": "the same in English",
}
OWN = [address for address in addresses() if address.parameters and not address.is_of_a_library]
NAMING_A_ROW = [address for address in OWN if address.name not in OF_NOBODY]


@pytest.fixture(scope="module")
def used(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ProvinceInUse]:
    """Made once, inside a transaction that the tests nest theirs into."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield use()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def elsewhere(used: ProvinceInUse, django_db_blocker: DjangoDbBlocker) -> Cast:
    """Another province."""
    with django_db_blocker.unblock():
        return make_cast("zhejiang")


@pytest.fixture(scope="module")
def strangers(used: ProvinceInUse, elsewhere: Cast, django_db_blocker: DjangoDbBlocker) -> dict[str, Browser]:
    """A practitioner and officers of another province; a colleague, and officers of a hospital nearby."""
    with django_db_blocker.unblock():
        actors = {
            "another province's practitioner": elsewhere.person,
            **{f"another province's {role}": elsewhere.officer("province", role) for role in Role.values},
            "colleague": as_practitioner(used.cast.colleague),
            **{f"another hospital's {role}": used.cast.officer("direct", role) for role in Role.values},
        }
        return {who: Browser(actor) for who, actor in actors.items()}


@pytest.fixture(scope="module")
def concerned(used: ProvinceInUse, django_db_blocker: DjangoDbBlocker) -> list[Browser]:
    """The owner, the reviewer it waits for, and the city's officers."""
    with django_db_blocker.unblock():
        cast = used.cast
        officers = [cast.officer("hospital"), *(cast.officer("city", role) for role in Role.values)]
        return [Browser(actor) for actor in (cast.person, *officers)]


class Browser(Client):
    """Signed in, and sitting in the actor's seat."""

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        self.force_login(actor.user, backend="institutions.sign_in.PhoneOrAccountBackend")
        session = self.session
        session["seat"] = Seat.objects.get(practitioner=actor.practitioner, post=actor.post).pk
        session.save()
        self.sits_as = seat_of(actor)

    def may_enter(self, address: Address) -> bool:
        return self.sits_as in MATRIX[address.gate].seats


def address_of(address: Address, used: ProvinceInUse) -> str:
    """The address of the owner's row."""
    values = {name: row.pk for name, row in used.rows().items()} | PARTS
    return reverse(address.name, kwargs={name: values[name] for name in address.parameters})


def address_of_nobody(address: Address) -> str:
    return reverse(address.name, kwargs={name: PARTS.get(name, NOBODY) for name in address.parameters})


def shown(answer: HttpResponse, asked: str = "") -> str:
    """The answer without what differs each time: the address itself, and tokens."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()).replace(asked, "")


def photograph() -> SimpleUploadedFile:
    return SimpleUploadedFile("证明.jpg", jpeg(), "image/jpeg")


def test_every_address_with_a_parameter_names_a_row_or_says_why_not() -> None:
    assert {address.name for address in OWN} >= set(OF_NOBODY)
    assert len(NAMING_A_ROW) > 25


@pytest.mark.parametrize("address", NAMING_A_ROW, ids=str)
def test_a_strangers_answer_is_that_for_a_row_that_does_not_exist(
    address: Address, used: ProvinceInUse, strangers: dict[str, Browser]
) -> None:
    real, unreal = address_of(address, used), address_of_nobody(address)
    for who, stranger in strangers.items():
        if not stranger.may_enter(address):
            assert stranger.get(real).status_code == 403, who
            continue
        for ask in (stranger.get, stranger.post):
            answer, nothing = ask(real), ask(unreal)
            assert answer.status_code in {404, 405}, f"{who}: {answer.status_code}"
            assert answer.status_code == nothing.status_code, who
            assert shown(answer, real) == shown(nothing, unreal), who
            assert OWNER not in answer.content.decode(), who


@pytest.mark.parametrize("address", NAMING_A_ROW, ids=str)
def test_those_it_concerns_find_it(address: Address, used: ProvinceInUse, concerned: list[Browser]) -> None:
    """Otherwise the test above would prove nothing."""
    asked = address_of(address, used)
    answers = set()
    for browser in concerned:
        if browser.may_enter(address):
            answer = browser.get(asked)
            answer = browser.post(asked) if answer.status_code == 405 else answer
            answer.getvalue()  # reads a file to its end, which closes it
            answers.add(answer.status_code)
    assert answers - {404, 405}, answers


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, TenantModel)])
def test_a_query_that_forgot_its_filter_shows_nothing_of_another_province(
    model: type[TenantModel], used: ProvinceInUse, elsewhere: Cast
) -> None:
    """Row-level security alone: no filter of ours stands in this query."""
    with entered(used.cast.province.pk):
        theirs = set(model.objects.values_list("pk", flat=True))
        assert theirs, f"tests/province_in_use.py makes no {model.__name__}"
    with entered(elsewhere.province.pk):
        assert theirs.isdisjoint(model.objects.values_list("pk", flat=True))
        assert not model.objects.exclude(province=elsewhere.province).exists()
    assert not model.objects.exists()


def test_a_strangers_row_in_a_form_does_not_exist_either(
    used: ProvinceInUse, elsewhere: Cast, strangers: dict[str, Browser]
) -> None:
    """Ids also travel in forms; each answer is that for an id of nobody."""
    with entered(elsewhere.province.pk):
        draft = claims.start(actor=elsewhere.person, code="study_leave", year=2026, at=NOW)
    body, unit = used.cast.bodies["hospital"].pk, elsewhere.practitioner.pk
    owner_seat = Seat.objects.get(practitioner=used.cast.practitioner).pk
    asked = [
        (Role.REVIEWER, "inbox-approve", [], lambda id_: {"row": f"{id_}:1"}, used.at_the_hospital.approval_id),
        (Role.CERTIFIER, "certificate-issue", [], lambda id_: {"practitioner": id_}, used.cast.practitioner.pk),
        (Role.ADMINISTRATOR, "person-employ", [unit], lambda id_: {"institution": id_, "since": "2026-11-01"}, body),
        (Role.ADMINISTRATOR, "post-new", [], lambda id_: {"institution": id_, "role": Role.REVIEWER}, body),
        (Role.ADMINISTRATOR, "body-new", [], lambda id_: {"parent": id_, "name": "新院", "kind": "hospital"}, body),
        ("practitioner", "seat-switch", [], lambda id_: {"seat": id_}, owner_seat),
        ("practitioner", "evidence-upload", [draft.pk], lambda id_: {f"replace-{id_}": photograph()}, used.evidence.pk),
    ]
    for seat, name, path, form, victim in asked:
        client = strangers[f"another province's {seat}"]
        answer, nothing = (client.post(reverse(name, args=path), form(id_)) for id_ in (victim, NOBODY))
        assert answer.status_code == nothing.status_code, name
        assert shown(answer) == shown(nothing), name
        assert OWNER not in shown(answer), name
    with entered(used.cast.province.pk):
        used.at_the_hospital.approval.refresh_from_db()
        assert used.at_the_hospital.approval.state == "waiting"
