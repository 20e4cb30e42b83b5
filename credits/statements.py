"""A practitioner's year: derived from its entries, always recomputed whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from credits.assessment import assess_entries, line_of
from credits.models import LedgerEntry, Statement
from credits.rules import Line, Regulation, Result
from institutions.models import Practitioner


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry with its figures and reasons."""

    entry: LedgerEntry
    line: Line


@dataclass(frozen=True, slots=True)
class StatementView:
    """What the statement page shows: the year explained, and the corrections made to it."""

    regulation: Regulation
    result: Result
    lines: list[StatementLine]
    corrections: list[LedgerEntry]


def recompute(*, practitioner: Practitioner, year: int, at: datetime) -> Statement:
    """Recompute the year from its entries. The person's row is locked, so that two postings cannot cross."""
    with transaction.atomic():
        Practitioner.objects.select_for_update(of=("self",), no_key=True).get(pk=practitioner.pk)
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
    corrections = LedgerEntry.objects.filter(practitioner=practitioner, year=year, reverses__isnull=False)
    return StatementView(
        regulation=rules,
        result=result,
        lines=lines,
        corrections=list(corrections.select_related("reverses", "posted_by").order_by("posted_at")),
    )


def _entries(practitioner: Practitioner, year: int) -> list[LedgerEntry]:
    entries = LedgerEntry.objects.filter(
        province_id=practitioner.province_id, practitioner=practitioner, year=year
    ).in_force()
    return list(entries.order_by("pk"))
