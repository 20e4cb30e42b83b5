"""A signing key for the tests, people who have earned their year, and certificates made in this process."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from audits import certificates
from audits.models import Certificate
from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import entered
from credits import statements
from credits.models import LedgerEntry, Statement
from institutions.actors import Actor
from institutions.enums import Role
from institutions.models import Practitioner
from tests.cast import NOW, Cast

YEAR = 2026
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True, scope="session")
def signing_key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A development key of this session, made like a developer's at the first start."""
    file = tmp_path_factory.mktemp("signing") / "signing-key.pem"
    settings.SIGNING_KEY_FILE = file
    return file


Earn = Callable[..., Statement]
Issue = Callable[..., Certificate]


@pytest.fixture
def earn() -> Earn:
    """Post credits to a person's year, as granted by a reviewer: `earn(practitioner, "15", "12.5")`."""

    def post(practitioner: Practitioner, *amounts: str, year: int = YEAR) -> Statement:
        with entered(practitioner.province_id):
            for number, amount in enumerate(amounts or ("15", "12.5")):
                LedgerEntry.objects.create(
                    province_id=practitioner.province_id,
                    practitioner=practitioner,
                    year=year,
                    category="other",
                    activity_name=f"学术活动 {number}",
                    assessed_credits=Decimal(amount),
                    earned_tenths=int(Decimal(amount) * 10),
                    regulation_version="test",
                    posted_at=NOW,
                )
            return statements.recompute(practitioner=practitioner, year=year, at=NOW)

    return post


@pytest.fixture
def certifier(cast: Cast) -> Actor:
    """The city's certifying officer."""
    return cast.officer("city", Role.CERTIFIER)


@pytest.fixture
def issued(cast: Cast, certifier: Actor, earn: Earn) -> Certificate:
    """The practitioner's valid certificate, printed and signed."""
    earn(cast.practitioner)
    return issue_and_make(certifier, cast.practitioner)


def issue_and_make(certifier: Actor, practitioner: Practitioner) -> Certificate:
    """Issue one certificate and do the background work here and now."""
    with entered(certifier.province_id):
        certificate = certificates.issue(actor=certifier, practitioner=practitioner, year=YEAR, at=NOW)
    make_all()
    return reloaded(certificate)


def make_all() -> None:
    """Deliver what the outbox owes: certificates are printed and signed."""
    outbox.deliver_due(at=timezone.now())


def reloaded(certificate: Certificate) -> Certificate:
    """The certificate as it stands now, with its holder."""
    with entered(certificate.province_id):
        return Certificate.objects.select_related("practitioner", "file", "province").get(pk=certificate.pk)
