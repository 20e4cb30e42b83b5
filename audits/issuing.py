"""Who can be given a certificate now: compliant people of the territory without one, chosen one by one or all together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from audits.certificates import AlreadyIssued, CertificateRefused, without_certificate
from audits.models import Certificate, CertificateStatus, IssuingRun
from cme_portal.foundation.paging import bounded_count
from credits.models import Statement
from institutions.actors import Actor
from institutions.models import Institution, Practitioner
from institutions.queries import below

# Numbers are taken and problems found in one transaction; the printing that follows takes as long as it takes.
MOST_AT_ONCE = 2000
RUNS_SHOWN = 5

# Somebody whose certificate of the year was revoked is not chosen for another one in passing.
REVOKED_BEFORE = Exists(
    Certificate.objects.filter(
        province=OuterRef("province"),
        practitioner=OuterRef("practitioner"),
        year=OuterRef("year"),
        status=CertificateStatus.REVOKED,
    )
)


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer of those chosen. Bodies of different counties share names, so that it is told with its superior."""

    name: str
    superior: str
    people: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What would be issued: to whom, the largest of their employers, and the first of them by name.

    ``revoked_before`` is the number of people whom a choice of everybody leaves out.
    """

    practitioner_ids: Sequence[int]
    employers: Sequence[Employer]
    more_employers: int
    people: Sequence[Statement]
    revoked_before: int = 0

    @property
    def total(self) -> int:
        return len(self.practitioner_ids)

    @property
    def digest(self) -> str:
        return digest_of(self.practitioner_ids)


def candidates(actor: Actor, wanted: Mapping[str, Any]) -> QuerySet[Statement]:
    """The statements that could be certified, in the order of the index that finds them.

    ``wanted`` are the cleaned values of ``CandidateFilter``.
    """
    statements = Statement.objects.visible_to(actor).select_related("practitioner__institution")
    rows = without_certificate(statements.filter(year=wanted["year"])).annotate(revoked_before=REVOKED_BEFORE)
    if wanted["area"]:
        rows = rows.filter(below("practitioner__institution__path", wanted["area"].path))
    if wanted["unit"]:
        units = Institution.objects.visible_to(actor).filter(name__contains=wanted["unit"].strip())
        rows = rows.filter(practitioner__institution__in=units)
    if wanted["text"].strip():
        people = Practitioner.objects.visible_to(actor).search(wanted["text"])
        rows = rows.filter(practitioner__in=people)
    return rows.order_by("practitioner_id")


def choose(rows: QuerySet[Statement], practitioner_ids: Iterable[int], *, shown: int) -> Choice:
    """Those of the candidates who were ticked. Raises ``CertificateRefused`` when they are too many for one run."""
    return _choice(rows.filter(practitioner__in=list(practitioner_ids)), shown=shown)


def choose_everybody(rows: QuerySet[Statement], *, shown: int) -> Choice:
    """All candidates, but for those with a revoked certificate: they are ticked one by one or not at all.

    Raises ``CertificateRefused`` when they are too many for one run.
    """
    revoked = bounded_count(rows.filter(REVOKED_BEFORE), limit=MOST_AT_ONCE)
    return _choice(rows.filter(~REVOKED_BEFORE), shown=shown, revoked=revoked)


def everybody(rows: QuerySet[Statement], *, digest: str) -> Sequence[int]:
    """The practitioners' ids of ``choose_everybody``.

    Raises ``CertificateRefused`` when they are no longer those whom the officer confirmed or too many for one run, and
    ``AlreadyIssued`` when nobody is left.
    """
    found = _at_once(rows.filter(~REVOKED_BEFORE))
    if not found:
        raise AlreadyIssued("名单中已没有待签发的人员，没有重复签发。")
    if digest_of(found) != digest:
        raise CertificateRefused(
            f"确认后名单已有变化，现为 {len(found)} 人；刚刚签发的不再列出，可在“证书”页查看。请重新核对后签发。"
        )
    return found


def digest_of(practitioner_ids: Iterable[int]) -> str:
    """What two lists share only if they name the same people: SHA-256 of the ids in order, in hexadecimal."""
    return hashlib.sha256(",".join(map(str, sorted(practitioner_ids))).encode()).hexdigest()


def unfinished_runs(actor: Actor) -> QuerySet[IssuingRun]:
    """The body's runs whose certificates are still being made, the latest first."""
    rendering = Certificate.objects.filter(province_id=actor.province_id, status=CertificateStatus.RENDERING)
    runs = IssuingRun.objects.visible_to(actor).filter(pk__in=rendering.values("run"))
    return runs.with_progress().order_by("-pk")[:RUNS_SHOWN]


def _choice(rows: QuerySet[Statement], *, shown: int, revoked: int = 0) -> Choice:
    ids = _at_once(rows)
    chosen = rows.filter(practitioner__in=ids)
    employers = _employers(chosen)
    return Choice(
        practitioner_ids=ids,
        employers=employers[:shown],
        more_employers=max(len(employers) - shown, 0),
        people=list(chosen.order_by("practitioner__name_sort", "pk")[:shown]),
        revoked_before=revoked,
    )


def _at_once(rows: QuerySet[Statement]) -> Sequence[int]:
    """The practitioners' ids of the rows; no more are read than one run may issue."""
    found = list(rows.values_list("practitioner_id", flat=True)[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        raise CertificateRefused(f"一次最多签发 {MOST_AT_ONCE} 份。请按地区或用人单位筛选，分批签发。")
    return found


def _employers(rows: QuerySet[Statement]) -> list[Employer]:
    """Those with most people first."""
    employer = "practitioner__institution"
    counted = rows.order_by().values_list(employer, f"{employer}__name", f"{employer}__parent__name")
    employers = [Employer(name, superior or "", people) for _, name, superior, people in counted.annotate(Count("pk"))]
    return sorted(employers, key=lambda one: (-one.people, one.name, one.superior))
