"""Is this certificate real? Asked by anybody, by number and check code or with the PDF itself; nothing is stored.

The number names its province, and only that province is entered. A wrong check code is answered like an unknown number,
so that numbers, which count up, tell nobody anything.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audits import checking
from audits.checking import Finding
from audits.face import Row
from audits.models import Certificate, CertificateStatus
from cme_portal.foundation import clock
from cme_portal.foundation.tenancy import entered
from institutions.models import Province

NUMBER = re.compile(r"([A-Z]{2,4})-[0-9]{4}-[0-9]{7}")
WITHOUT_DASHES = re.compile(r"([A-Z]{2,4})([0-9]{4})([0-9]{7})")
# Unicode's classes of what separates or cannot be seen; the minus sign is no dash to Unicode, but to people.
SEPARATORS = frozenset({"Pd", "Zs", "Cf", "Cc"})
MINUS = "\N{MINUS SIGN}"


class Outcome(StrEnum):
    """`UNKNOWN`: we never issued it. `ALTERED`: the file names one of ours, but is not the file that we issued."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    ALTERED = "altered"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer, complete: a page needs nothing else. Names are masked and there is no ID number in it.

    `replaced_by` is the number of the certificate that holds instead; `digest`, `key_id` and `signed_on` are those on
    record, and empty when the outcome is `UNKNOWN` or `ALTERED`.
    """

    outcome: Outcome
    number: str = ""
    rows: tuple[Row, ...] = ()
    issuer: str = ""
    issued_on: date | None = None
    revoked_on: date | None = None
    replaced_by: str = ""
    digest: str = ""
    key_id: str = ""
    signed_on: date | None = None


def by_number(*, number: str, check_code: str) -> Verdict:
    """The verdict on a certificate number with the check code printed beside it, however the two were typed."""
    number, check_code = as_issued(number), characters(check_code)
    found = _on_record(number)
    if found is None or not hmac.compare_digest(found.check_code.encode(), check_code.encode()):
        return Verdict(outcome=Outcome.UNKNOWN, number=number)
    return found.verdict


def by_file(*, pdf: bytes) -> Verdict:
    """The verdict on a PDF: its signature, its digest and our record must agree.

    Raises ValueError with a sentence for people when the bytes are no PDF or too many, and checking.CheckUnavailable.
    """
    finding = checking.check(pdf)
    found = _on_record(finding.number)
    if found is None:
        return Verdict(outcome=Outcome.UNKNOWN, number="")
    if not _is_the_one(finding, found.verdict):
        return Verdict(outcome=Outcome.ALTERED, number=finding.number)
    return found.verdict


def characters(typed: str) -> str:
    """The letters and digits that were meant: full-width ones made plain, in capitals, without spaces and dashes."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(one for one in plain if one != MINUS and unicodedata.category(one) not in SEPARATORS)


def as_issued(number: str) -> str:
    """A typed number as it is printed: letters, year and seven digits, with the dashes; unchanged if it is none."""
    match = WITHOUT_DASHES.fullmatch(characters(number))
    return "-".join(match.groups()) if match else number


@dataclass(frozen=True)
class _Found:
    check_code: str
    verdict: Verdict


def _on_record(number: str) -> _Found | None:
    """Look a number up in the province whose letters it begins with. A certificate still being made is not out yet."""
    match = NUMBER.fullmatch(number)
    province = Province.objects.filter(letters=match[1]).first() if match else None
    if province is None:
        return None
    with entered(province.pk):
        certificate = (
            Certificate.objects.filter(province=province, number=number)
            .exclude(status=CertificateStatus.RENDERING)
            .select_related("superseded_by")
            .first()
        )
        return _Found(certificate.check_code, _verdict(certificate)) if certificate is not None else None


def _verdict(certificate: Certificate) -> Verdict:
    replacement = getattr(certificate, "superseded_by", None)
    is_replaced = certificate.status == CertificateStatus.SUPERSEDED and replacement is not None
    face = certificate.face
    return Verdict(
        outcome=Outcome(certificate.status),
        number=certificate.number,
        rows=tuple(face.public_rows()),
        issuer=certificate.issuer,
        issued_on=certificate.issued_on,
        revoked_on=clock.today(certificate.revoked_at) if certificate.revoked_at else None,
        replaced_by=replacement.number if is_replaced else "",
        digest=certificate.sha256,
        key_id=certificate.key_id,
        signed_on=clock.today(certificate.signed_at) if certificate.signed_at else None,
    )


def _is_the_one(finding: Finding, verdict: Verdict) -> bool:
    return finding.intact and finding.key_id == verdict.key_id and finding.digest == verdict.digest
