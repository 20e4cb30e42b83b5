"""From a practitioner's record to the engine and back: facts in, figures and reasons out.

The same call serves the live preview, the posting, the statement and the pages that explain it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from credits.models import Claim, ClaimState, LedgerEntry
from credits.rules import Activity, Line, Person, Regulation, Result, assess, regulation
from institutions.models import Practitioner

NEW = "new"


@dataclass(frozen=True, slots=True)
class Preview:
    """What one more activity does to the year. ``before`` and ``after`` count what is granted and what is in review."""

    before: Result
    after: Result
    line: Line

    @property
    def gain(self) -> int:
        """Tenths of a credit by which the year's total changes."""
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True)
class Year:
    """A practitioner's year: granted so far, and as it will be if everything in review is granted."""

    regulation: Regulation
    granted: Result
    with_review: Result


def regulation_of(practitioner: Practitioner, year: int) -> Regulation:
    """The regulation in force for the year in the practitioner's province; raises RuleMissing before 2025."""
    return regulation(practitioner.province.jurisdiction, year)


def person_in(practitioner: Practitioner, year: int, *, at: datetime) -> Person:
    """Title and primary care as at 31 December, or today while the year runs (reading R53)."""
    day = min(date(year, 12, 31), timezone.localdate(at))
    return Person(
        title=title_on(practitioner, day),
        primary_care=primary_care_on(practitioner, day),
        licensed=practitioner.licensed,
        residency="in_training" if practitioner.residency_in_training else practitioner.residency_completed,
    )


def title_on(practitioner: Practitioner, day: date) -> str:
    """The title held on a day; before the first appointment, the first one."""
    appointments = sorted(practitioner.titles.all(), key=lambda appointment: appointment.since)
    held = [appointment for appointment in appointments if appointment.since <= day]
    return (held[-1] if held else appointments[0]).title


def primary_care_on(practitioner: Practitioner, day: date) -> bool:
    """Whether the employer of that day is a primary-care institution; without one, today's or the last."""
    for employment in practitioner.employments.select_related("institution"):
        if employment.since <= day and (employment.until is None or day < employment.until):
            return employment.institution.primary_care
    return practitioner.institution.primary_care


def granted_activities(practitioner: Practitioner, year: int) -> list[Activity]:
    entries = LedgerEntry.objects.filter(
        province_id=practitioner.province_id, practitioner=practitioner, year=year
    ).in_force()
    return [entry.as_activity(f"entry-{entry.pk}") for entry in entries.order_by("pk")]


def activities_in_review(practitioner: Practitioner, year: int, *, without: Claim | None = None) -> list[Activity]:
    claims = Claim.objects.filter(
        province_id=practitioner.province_id, practitioner=practitioner, year=year, state=ClaimState.WAITING
    )
    if without is not None:
        claims = claims.exclude(pk=without.pk)
    return [claim.as_activity(f"claim-{claim.pk}") for claim in claims.order_by("pk")]


def preview(
    practitioner: Practitioner, year: int, activity: Activity, *, without: Claim | None = None, at: datetime
) -> Preview:
    """What ``activity`` (id ``NEW``) is worth in the year, with reasons; ``without`` leaves out the claim being edited."""
    rules = regulation_of(practitioner, year)
    person = person_in(practitioner, year, at=at)
    standing = [*granted_activities(practitioner, year), *activities_in_review(practitioner, year, without=without)]
    before = assess(rules, year, person, standing)
    after = assess(rules, year, person, [*standing, activity], explain=True)
    return Preview(before=before, after=after, line=line_of(after, activity.id))


def line_of(result: Result, identifier: str) -> Line:
    return next(line for line in result.lines if line.id == identifier)


def assess_entries(
    practitioner: Practitioner, year: int, entries: Sequence[LedgerEntry], *, explain: bool = False, at: datetime
) -> tuple[Regulation, Person, Result]:
    """The statement's calculation over the given entries of one year."""
    rules = regulation_of(practitioner, year)
    person = person_in(practitioner, year, at=at)
    activities = [entry.as_activity(f"entry-{entry.pk}") for entry in entries]
    return rules, person, assess(rules, year, person, activities, explain=explain)
