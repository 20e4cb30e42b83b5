"""What follows elsewhere from changes to people and to the ledger: delivered from the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from cme_portal.foundation import outbox
from credits import statements
from credits.models import LedgerEntry, Statement
from institutions.notifications import notify


@outbox.handler("ledger.reversed")
def tell_of_correction(payload: dict[str, Any], *, at: datetime) -> None:
    """A posted entry was reversed: the person learns which, and why."""
    entry = LedgerEntry.objects.select_related(
        "practitioner__user", "practitioner__province", "practitioner__institution"
    ).get(pk=payload["entry"])
    user = entry.practitioner.user
    if user is None:
        return
    counted = statements.correction(entry, at=at).counted
    notify(
        user=user,
        province_id=entry.province_id,
        key=f"ledger.reversed:{entry.pk}",
        title=f"学分已更正：{entry.activity_name}"[:120],
        body=f"原计入 {entry.year} 年度 {counted / 10:.1f} 学分，现已冲销。理由：{entry.reason}"[:500],
        url=reverse("statement", args=[entry.year]),
        at=at,
    )


@outbox.handler("practitioner.changed")
def recompute_statements(payload: dict[str, Any], *, at: datetime) -> None:
    """A new title or employer changes what the years from then on ask for (reading R53)."""
    for statement in Statement.objects.filter(
        practitioner=payload["practitioner"], year__gte=payload["since"]
    ).select_related("practitioner__province", "practitioner__institution"):
        statements.recompute(practitioner=statement.practitioner, year=statement.year, at=at)
