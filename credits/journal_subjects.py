"""What the journal's entries about claims, evidence and the ledger are about (institutions.journal_subjects)."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from credits.models import Claim, Evidence, LedgerEntry
from institutions.actors import Actor
from institutions.journal_subjects import Told, tells


@tells("credits.claim", "申报")
def claims(actor: Actor, ids: Collection[int]) -> Told:
    rows = Claim.objects.visible_to(actor).filter(pk__in=ids).select_related("practitioner")
    return {one.pk: (f"{one.practitioner}：{one}", one.get_absolute_url()) for one in rows}


@tells("credits.evidence", "证明材料")
def evidence(actor: Actor, ids: Collection[int]) -> Told:
    """By its claim, whose page shows it."""
    rows = Evidence.objects.visible_to(actor).filter(pk__in=ids).select_related("claim__practitioner")
    return {one.pk: (f"{one.claim.practitioner}：{one.claim}", one.claim.get_absolute_url()) for one in rows}


@tells("credits.ledgerentry", "学分账目")
def entries(actor: Actor, ids: Collection[int]) -> Told:
    """By its person and year, whose statement lists it."""
    rows = LedgerEntry.objects.visible_to(actor).filter(pk__in=ids).select_related("practitioner")
    return {
        one.pk: (
            f"{one.practitioner}：{one.year} 年“{one.activity_name}”",
            reverse("person-statement", args=[one.practitioner_id, one.year]),
        )
        for one in rows
    }
