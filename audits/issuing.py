"""Who can be given a certificate now: compliant people of the territory without one, chosen one by one or all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from audits.certificates import CertificateRefused, without_certificate
from audits.models import Certificate, CertificateStatus, IssuingRun
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
class Choice:
    """What would be issued: ``total`` people, counted by employer, and the first of them by name.

    ``revoked_before`` is the number of people whom a choice of everybody leaves out.
    """

    total: int
    employers: Sequence[tuple[str, int]]
    people: Sequence[Statement]
    revoked_before: int = 0


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
    """Those of the candidates who were ticked."""
    return _choice(rows.filter(practitioner__in=list(practitioner_ids)), shown=shown)


def choose_everybody(rows: QuerySet[Statement], *, shown: int) -> Choice:
    """All candidates, but for those with a revoked certificate: they are ticked one by one or not at all."""
    return _choice(rows.filter(revoked_before=False), shown=shown, revoked=rows.filter(revoked_before=True).count())


def everybody(rows: QuerySet[Statement], *, expected: int) -> list[int]:
    """The practitioners' ids of ``choose_everybody``.

    Raises ``CertificateRefused`` when they are no longer as many as the officer confirmed, or too many for one run.
    """
    found = list(rows.filter(revoked_before=False).values_list("practitioner_id", flat=True)[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        raise CertificateRefused(f"一次最多签发 {MOST_AT_ONCE} 份。请按地区或用人单位筛选，分批签发。")
    if len(found) != expected:
        raise CertificateRefused(f"名单已有变化：确认时 {expected} 人，现为 {len(found)} 人。请重新核对后签发。")
    return found


def unfinished_runs(actor: Actor) -> QuerySet[IssuingRun]:
    """The body's runs whose certificates are still being made, the latest first."""
    rendering = Certificate.objects.filter(province_id=actor.province_id, status=CertificateStatus.RENDERING)
    runs = IssuingRun.objects.visible_to(actor).filter(pk__in=rendering.values("run"))
    return runs.with_progress().order_by("-pk")[:RUNS_SHOWN]


def _choice(rows: QuerySet[Statement], *, shown: int, revoked: int = 0) -> Choice:
    employers = rows.order_by().values_list("practitioner__institution__name").annotate(people=Count("pk"))
    counted = sorted(employers, key=lambda pair: (-pair[1], pair[0]))
    people = list(rows.order_by("practitioner__name_sort", "pk")[:shown])
    return Choice(sum(count for _, count in counted), counted, people, revoked)
