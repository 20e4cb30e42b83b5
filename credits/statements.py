"""A practitioner's year: derived from its entries, always recomputed whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from credits.assessment import assess_entries, line_of, person_in, regulation_of
from credits.models import LedgerEntry, Statement
from credits.rules import Line, Regulation, Result, assess
from institutions.models import Practitioner


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry with its figures and reasons."""

    entry: LedgerEntry
    line: Line


@dataclass(frozen=True, slots=True)
class Correction:
    """A reversal, and the tenths that the reversed entry counted in its year until then: the figure its owner knew.

    What the entry earned by its own rate may be more, where it shares a cap or the credits of a whole year.
    """

    reversal: LedgerEntry
    counted: int


@dataclass(frozen=True, slots=True)
class StatementView:
    """What the statement page shows: the year explained, and the corrections made to it."""

    regulation: Regulation
    result: Result
    lines: list[StatementLine]
    corrections: list[Correction]


def recompute(*, practitioner: Practitioner, year: int, at: datetime) -> Statement:
    """Recompute the year from its entries. The person's row is locked, so that two postings cannot cross.

    What is known of the person is read under the lock as well: a correction may have come since the caller read it.
    """
    with transaction.atomic():
        locked = Practitioner.objects.select_for_update(of=("self",), no_key=True)
        practitioner = locked.select_related("province", "institution").get(pk=practitioner.pk)
        entries = _entries(practitioner, year)
        rules, person, result = assess_entries(practitioner, year, entries, at=at)
        statement, _ = Statement.objects.update_or_create(
            province_id=practitioner.province_id,
            practitioner=practitioner,
            year=year,
            defaults={
                "total_tenths": result.total,
                "professional_tenths": result.professional,
                "common_tenths": result.common,
                "full_year": result.full_year,
                "compliant": result.compliant,
                "unmet": list(result.unmet),
                "title": person.title,
                "primary_care": person.primary_care,
                "regulation_version": rules.version,
                "entry_count": len(entries),
                "computed_at": at,
            },
        )
    return statement


def explained(practitioner: Practitioner, year: int, *, at: datetime) -> StatementView:
    """The year with the reasons for every line, made on demand."""
    entries = _entries(practitioner, year)
    rules, _, result = assess_entries(practitioner, year, entries, explain=True, at=at)
    lines = [StatementLine(entry, line_of(result, f"entry-{entry.pk}")) for entry in entries]
    return StatementView(
        regulation=rules,
        result=result,
        lines=lines,
        corrections=corrections(practitioner, year, at=at),
    )


def corrections(practitioner: Practitioner, year: int, *, at: datetime) -> list[Correction]:
    """The reversals of a year in the order they were made; rows never change, so what stood before each can be told."""
    of_year = LedgerEntry.objects.filter(province_id=practitioner.province_id, practitioner=practitioner, year=year)
    rows = list(of_year.select_related("posted_by").order_by("pk"))
    reversals = {row.reverses_id: row for row in rows if row.reverses_id is not None}
    if not reversals:
        return []
    rules, person = regulation_of(practitioner, year), person_in(practitioner, year, at=at)
    found = []
    for entry_id, reversal in reversals.items():
        stood = [
            row.as_activity(str(row.pk))
            for row in rows
            if row.reverses_id is None and row.pk < reversal.pk and reversals.get(row.pk, reversal).pk >= reversal.pk
        ]
        counted = line_of(assess(rules, year, person, stood), str(entry_id)).counted
        found.append(Correction(reversal, counted))
    return found


def correction(reversal: LedgerEntry, *, at: datetime) -> Correction:
    """One reversal with the figure that it took away."""
    of_year = corrections(reversal.practitioner, reversal.year, at=at)
    return next(one for one in of_year if one.reversal.pk == reversal.pk)


def _entries(practitioner: Practitioner, year: int) -> list[LedgerEntry]:
    entries = LedgerEntry.objects.filter(
        province_id=practitioner.province_id, practitioner=practitioner, year=year
    ).in_force()
    return list(entries.order_by("pk"))
