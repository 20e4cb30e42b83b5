"""A worker dies after its work and before the commit, or a message comes twice: certificates and notices are made once."""

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail

from audits import certificates
from audits.models import Certificate, CertificateStatus
from cme_portal.foundation import files, outbox
from cme_portal.foundation.models import OutboxMessage, StoredFile
from cme_portal.foundation.tenancy import entered
from institutions import approvals
from institutions.actors import Actor
from institutions.enums import Verdict
from institutions.models import Notification, User
from tests.audits.conftest import YEAR, Earn
from tests.cast import NOW, Cast
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)
Mishap = Callable[[str], None]


class Killed(BaseException):
    """As kill -9 it is handled by nobody, and ends the transaction."""


def dies_before_the_commit(kind: str) -> None:
    save = OutboxMessage.save

    def killed(message: OutboxMessage, *, update_fields: list[str]) -> None:
        if "delivered_at" in update_fields:
            raise Killed
        save(message, update_fields=update_fields)

    with mock.patch.object(OutboxMessage, "save", killed), pytest.raises(Killed):
        outbox.deliver_due(at=NOW, kind=kind)


def comes_twice(kind: str) -> None:
    assert outbox.deliver_due(at=NOW, kind=kind)
    OutboxMessage.objects.filter(kind=kind).update(delivered_at=None)


def deliver_the_rest() -> None:
    """What was in hand is due again in half a minute."""
    outbox.deliver_due(at=LATER)
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


@pytest.fixture(params=[dies_before_the_commit, comes_twice])
def mishap(request: pytest.FixtureRequest) -> Mishap:
    return request.param


@pytest.fixture
def ordered(cast: Cast, certifier: Actor, earn: Earn) -> Certificate:
    """Has a number and waits for the worker; nobody has been told of anything yet."""
    User.objects.filter(pk=cast.practitioner.user_id).update(email="wang@example.test")
    earn(cast.practitioner)
    with entered(cast.province.pk):
        certificate = certificates.issue(actor=certifier, practitioner=cast.practitioner, year=YEAR, at=NOW)
        assert not Notification.objects.exists()
    return certificate


def test_a_certificate_is_signed_once_kept_once_and_told_of_once(
    ordered: Certificate, cast: Cast, certifier: Actor, mishap: Mishap
) -> None:
    mishap("certificate.make")
    deliver_the_rest()
    with entered(ordered.province_id):
        made = Certificate.objects.select_related("file").get()
        assert made.status == CertificateStatus.VALID
        assert made.signed_at == (LATER if mishap is dies_before_the_commit else NOW)
        assert list(StoredFile.objects.all()) == [made.file]
        with files.open(made.file) as content:
            assert content.read().startswith(b"%PDF-")
        told = Notification.objects.values_list("user", flat=True)
        assert sorted(told) == sorted([cast.practitioner.user_id, certifier.user.pk])
    assert len(mail.outbox) == 1


def test_a_decision_is_told_of_once(cast: Cast, mishap: Mishap) -> None:
    approval, officer = declared(cast), cast.officer("hospital")
    User.objects.filter(pk=cast.practitioner.user_id).update(email="wang@example.test")
    with entered(cast.province.pk):
        version = approvals.lock(approval.pk).version
        approvals.decide(actor=officer, approval_id=approval.pk, verdict=Verdict.APPROVE, version=version, at=NOW)
    mishap("approval.moved")
    deliver_the_rest()
    with entered(cast.province.pk):
        assert Notification.objects.get().title == "苏家屯区人民医院审核通过：重症医学进修"
    assert len(mail.outbox) == 1


def test_a_mail_that_went_out_twice_is_known_by_its_id(ordered: Certificate, mishap: Mishap) -> None:
    """Nothing takes an e-mail back; mail systems drop the second of the same id."""
    outbox.deliver_due(at=NOW, kind="certificate.make")
    mishap("notification.mail")
    deliver_the_rest()
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 2
    assert len(set(ids)) == 1
