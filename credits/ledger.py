"""The ledger: post and reverse. Rows never change, and every posting recomputes the statement in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from cme_portal.foundation import journal, outbox
from credits import statements
from credits.assessment import person_in, regulation_of
from credits.facts import FACT_NAMES
from credits.models import Claim, LedgerEntry
from credits.rules import assess
from institutions import access
from institutions.actors import Actor
from institutions.models import Practitioner

# Sentences of those who build on a granted year, such as a certificate: why an approval can no longer be undone, or None.
UndoObjection = Callable[[Practitioner, int], str | None]
UNDO_OBJECTIONS: list[UndoObjection] = []


def objects_to_undo(objection: UndoObjection) -> UndoObjection:
    """Register ``objection(practitioner, year)``, asked before the undo of an approval takes credits back."""
    UNDO_OBJECTIONS.append(objection)
    return objection


def post(*, claim: Claim, at: datetime) -> LedgerEntry:
    """Post a granted claim; called by its final approval, under the approval's lock."""
    rules = regulation_of(claim.practitioner, claim.year)
    # What the activity earns by its own rate does not depend on the rest of the year.
    alone = assess(rules, claim.year, person_in(claim.practitioner, claim.year, at=at), [claim.as_activity("entry")])
    with transaction.atomic():
        last = claim.approval.decisions.select_related("user").order_by("-version").first()
        entry = LedgerEntry.objects.create(
            province_id=claim.province_id,
            practitioner=claim.practitioner,
            year=claim.year,
            claim=claim,
            approval_version=claim.approval.version,
            activity_name=claim.activity_name,
            category=claim.category,
            **{name: getattr(claim, name) for name in FACT_NAMES},
            earned_tenths=alone.lines[0].earned,
            regulation_version=rules.version,
            posted_by=last.user if last is not None else None,
            posted_at=at,
        )
        statements.recompute(practitioner=claim.practitioner, year=claim.year, at=at)
    return entry


def reverse(*, actor: Actor, entry_id: int, reason: str, at: datetime) -> LedgerEntry:
    """Correct a posted entry by a reversing one, with a reason; the person is told.

    Raises ``Denied`` if the actor may not or the entry is reversed already, ``ValueError`` without a reason.
    """
    with transaction.atomic():
        entry = (
            LedgerEntry.objects.select_for_update(of=("self",))
            .select_related("practitioner__institution")
            .get(pk=entry_id)
        )
        access.require(actor, "ledger.correct", entry)
        return _reverse(entry, actor=actor, reason=reason, at=at)


def reverse_claim(*, claim: Claim, actor: Actor, reason: str, at: datetime) -> LedgerEntry:
    """Reverse what the claim's approval posted; called by the undo of that approval, which has checked the right to."""
    entry = LedgerEntry.objects.select_for_update(of=("self",)).in_force().filter(claim=claim).first()
    if entry is None:
        msg = "该笔学分入账后已更正，不能再撤销认定。"
        raise access.Denied(msg)
    # The lock that issuing a certificate takes too: either it sees the undo, or the undo sees it.
    Practitioner.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.practitioner_id)
    for objection in UNDO_OBJECTIONS:
        if (sentence := objection(claim.practitioner, claim.year)) is not None:
            raise access.Denied(sentence)
    return _reverse(entry, actor=actor, reason=reason, at=at)


def _reverse(entry: LedgerEntry, *, actor: Actor, reason: str, at: datetime) -> LedgerEntry:
    reason = reason.strip()
    if not reason:
        msg = "请写明更正理由。"
        raise ValueError(msg)
    if entry.reverses_id is not None or LedgerEntry.objects.filter(reverses=entry).exists():
        msg = "该笔学分已更正，不能重复更正。"
        raise access.Denied(msg)
    reversal = LedgerEntry.objects.create(
        province_id=entry.province_id,
        practitioner_id=entry.practitioner_id,
        year=entry.year,
        claim_id=entry.claim_id,
        approval_version=entry.approval_version,
        activity_name=entry.activity_name,
        category=entry.category,
        **{name: getattr(entry, name) for name in FACT_NAMES},
        earned_tenths=-entry.earned_tenths,
        regulation_version=entry.regulation_version,
        reverses=entry,
        reason=reason,
        posted_by=actor.user,
        posted_at=at,
    )
    statements.recompute(practitioner=entry.practitioner, year=entry.year, at=at)
    journal.record(
        actor=actor,
        act="ledger.reverse",
        subject=entry,
        institution=actor.institution,
        at=at,
        detail={"tenths": entry.earned_tenths, "reversal": reversal.pk},
    )
    outbox.add(
        "ledger.reversed",
        province_id=entry.province_id,
        payload={"entry": reversal.pk},
        key=f"ledger.reversed:{reversal.pk}",
        at=at,
    )
    return reversal
