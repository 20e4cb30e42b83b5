"""The demonstration of one province: everybody on the sign-in page gets in, and there is something of everything to see."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from audits.models import Certificate, CertificateStatus
from cme_portal.demo.accounts import ACCOUNTS, PASSWORD
from cme_portal.demo.geography import PLANS, found_bodies
from cme_portal.demo.loader import load
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits.models import Claim, ClaimState
from institutions.enums import Affiliation, Kind, Role, Tier
from institutions.founding import found_province
from institutions.models import Institution, Post, Practitioner, Province, Seat, User
from tests.cast import NOW
from tests.client import text

LIAONING = PLANS[0]
LIAONING_COMMISSIONS = {Tier.PROVINCE: 1, Tier.CITY: 4, Tier.COUNTY: 5}
SIGN_IN_NAMES = {account.key: account.sign_in(LIAONING.letters, 1) for account in ACCOUNTS}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def province(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Province]:
    """Made once, inside a transaction that the tests nest theirs into."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MEDIA_ROOT=folder, SIGNING_KEY_FILE=folder / "signing-key.pem"),
    ):
        load(now=timezone.now(), report=lambda _: None, plans=[LIAONING])
        yield Province.objects.get()
        transaction.set_rollback(True)


def signed_in(key: str) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": SIGN_IN_NAMES[key], "password": PASSWORD})
    assert answer.status_code == 302, key
    return client


@pytest.mark.usefixtures("province")
@override_settings(DEMO_MODE=True)
def test_everybody_on_the_sign_in_page_gets_in() -> None:
    page = text(Client().get("/accounts/login/"))
    for key, name in SIGN_IN_NAMES.items():
        assert f'href="?account={name}"' in page
        assert signed_in(key).get("/", follow=True).status_code == 200, key


def test_one_person_declares_and_reviews_and_one_officer_holds_two_posts(province: Province) -> None:
    with entered(province.pk):
        nurse = User.objects.get(phone=SIGN_IN_NAMES["head-nurse"])
        assert sorted(seat.practitioner is None for seat in Seat.objects.filter(user=nurse)) == [False, True]
        manager = User.objects.get(username=SIGN_IN_NAMES["manager"])
        assert {seat.post.role for seat in Seat.objects.filter(user=manager)} == {"administrator", "auditor"}
        seat = Seat.objects.get(user=nurse, practitioner=None)
    client = signed_in("head-nurse")
    assert client.get("/inbox/").status_code == 403
    client.post("/seat/", {"seat": seat.pk})
    assert client.get("/inbox/").status_code == 200


def test_a_province_has_bodies_of_every_kind_and_forty_people(province: Province) -> None:
    with entered(province.pk):
        bodies = Counter(Institution.objects.values_list("tier", "kind", "affiliation"))
        commissions = {tier: bodies[tier, Kind.COMMISSION, Affiliation.LOCAL] for tier in LIAONING_COMMISSIONS}
        assert commissions == LIAONING_COMMISSIONS
        for kind in (Kind.CME_OFFICE, Kind.TCM_ADMINISTRATION):
            assert bodies[Tier.PROVINCE_OFFICE, kind, Affiliation.LOCAL] == 1
        assert bodies[Tier.UNIT, Kind.HOSPITAL, Affiliation.PROVINCIAL] == 1
        assert bodies[Tier.UNIT, Kind.SOCIETY, Affiliation.SOCIETY] == 1
        for kind in (Kind.TOWNSHIP_HEALTH_CENTRE, Kind.VILLAGE_CLINIC, Kind.COMMUNITY_HEALTH_CENTRE):
            assert bodies[Tier.UNIT, kind, Affiliation.LOCAL] == 1
        hospitals = Institution.objects.filter(kind=Kind.HOSPITAL, affiliation=Affiliation.LOCAL)
        above = Counter(hospitals.values_list("parent__tier", flat=True))
        assert above == {tier: LIAONING_COMMISSIONS[tier] for tier in (Tier.CITY, Tier.COUNTY)}
        assert Practitioner.objects.count() == 40


def test_every_role_and_every_tier_that_reviews_has_an_account(province: Province) -> None:
    with entered(province.pk):
        held = Post.objects.filter(user__username__in=SIGN_IN_NAMES.values())
        assert set(held.values_list("role", flat=True)) == set(Role)
        reviewing = held.filter(role=Role.REVIEWER)
        assert set(reviewing.values_list("institution__tier", flat=True)) == set(Tier)


def test_jilin_has_the_hospital_of_the_university_whose_own_office_reviews_it(db: None) -> None:
    """Its bodies alone, without people and claims."""
    plan = next(one for one in PLANS if one.code == "jilin")
    province = found_province(plan=plan.tenant, account="jl-administrator", name="金兰", password=PASSWORD, at=NOW)
    with entered(province.pk):
        hospital = found_bodies(plan, province, at=NOW)["jlu"]
        assert (hospital.kind, hospital.affiliation) == (Kind.UNIVERSITY_HOSPITAL, Affiliation.JLU)
        assert hospital.audit_authority == hospital.parent
        assert (hospital.parent.kind, hospital.parent.affiliation) == (Kind.HOSPITAL_OFFICE, Affiliation.JLU)


def test_claims_are_in_every_state_and_a_certificate_is_revoked(province: Province) -> None:
    with entered(province.pk):
        assert set(Claim.objects.values_list("state", flat=True)) == set(ClaimState.values)
        assert Certificate.objects.filter(status=CertificateStatus.REVOKED).exists()


def test_accounts_are_opened_by_the_acts_that_the_portal_uses(province: Province) -> None:
    """Else the journal and the checks of those acts would know nothing of them."""
    acts = ("account.open", "account.open_staff")
    with entered(province.pk):
        opened = JournalEntry.objects.filter(act__in=acts)
        # The first administrator comes with the province.
        assert opened.count() == User.objects.filter(seats__province=province).distinct().count() - 1
