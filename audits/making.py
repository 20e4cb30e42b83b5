"""Making certificates in the background: print, sign, keep, tell the holder. A message is a handful of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from audits.models import Certificate, CertificateStatus, IssuingRun
from cme_portal.foundation import files, outbox
from institutions.notifications import notify

if TYPE_CHECKING:
    from audits.signing import SigningKey

# A message's work is one transaction: small enough that progress is seen to move, and that a lost worker costs little.
AT_ONCE = 25


def order(certificates: Sequence[Certificate], *, at: datetime) -> None:
    """Have these new certificates made, in the order of their numbers, after the caller's transaction."""
    for start in range(0, len(certificates), AT_ONCE):
        ids = [certificate.pk for certificate in certificates[start : start + AT_ONCE]]
        outbox.add(
            "certificate.make",
            province_id=certificates[start].province_id,
            payload={"certificates": ids},
            key=f"certificate.make:{ids[0]}",
            at=at,
        )


@outbox.handler("certificate.make")
def make(payload: dict[str, Any], *, at: datetime) -> None:
    """Print and sign those of the ordered certificates that are not made yet."""
    # The libraries that print and sign take seconds to load, which only a worker that makes a certificate should pay.
    from audits import rendering  # noqa: PLC0415 - see above
    from audits.signing import signing_key  # noqa: PLC0415 - see above

    with transaction.atomic():
        waiting = Certificate.objects.filter(pk__in=payload["certificates"], status=CertificateStatus.RENDERING)
        certificates = list(
            waiting.select_for_update(of=("self",)).select_related("practitioner__user", "supersedes").order_by("pk")
        )
        key = signing_key()
        sheets = [(certificate.face, verify_address(certificate)) for certificate in certificates]
        for certificate, pdf in zip(certificates, rendering.render(sheets), strict=True):
            _finish(certificate, key.sign(pdf, reason=certificate.number), key=key, at=at)
        for run in sorted({certificate.run_id for certificate in certificates if certificate.run_id is not None}):
            _tell_office(run, at=at)


def verify_address(certificate: Certificate) -> str:
    """What the QR code on the certificate leads to, for good: the public page with number and check code."""
    return f"{settings.PORTAL_URL}{reverse('verify-number', args=[certificate.number])}?code={certificate.check_code}"


def tell_holder(certificate: Certificate, what: str, *, at: datetime) -> None:
    """Tell the holder, if the person signs in, that the certificate 已签发, 已换发 or 已撤销."""
    if certificate.practitioner.user is None:
        return
    notify(
        user=certificate.practitioner.user,
        province_id=certificate.province_id,
        key=f"certificate:{certificate.pk}:{certificate.status}",
        title=f"{certificate.year} 年度学分证书{what}",
        body=f"证书编号 {certificate.number}",
        url=certificate.get_absolute_url(),
        at=at,
    )


def _tell_office(run_id: int, *, at: datetime) -> None:
    """Tell the officer who issued a list that all of it is made."""
    # Two workers with the last two handfuls of a run: the second waits here and then sees what the first has made.
    run = IssuingRun.objects.select_for_update(of=("self",), no_key=True).select_related("requested_by").get(pk=run_id)
    if run.certificates.filter(status=CertificateStatus.RENDERING).exists():
        return
    notify(
        user=run.requested_by,
        province_id=run.province_id,
        key=f"certificate-run:{run.pk}",
        title=f"{run.year} 年度学分证书 {run.certificates.count()} 份已全部制作完成",
        body="持证人已收到通知。",
        url=run.get_absolute_url(),
        at=at,
    )


def _finish(certificate: Certificate, pdf: bytes, *, key: SigningKey, at: datetime) -> None:
    old = certificate.supersedes
    if old is not None and old.status == CertificateStatus.VALID:
        old.status = CertificateStatus.SUPERSEDED
        old.save(update_fields=["status"])
    certificate.file = files.store(province_id=certificate.province_id, content=pdf, at=at)
    certificate.sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.key_id, certificate.signed_at = key.key_id, at
    certificate.status = CertificateStatus.VALID
    certificate.save(update_fields=["file", "sha256", "key_id", "signed_at", "status"])
    tell_holder(certificate, "已签发" if old is None else "已换发", at=at)
