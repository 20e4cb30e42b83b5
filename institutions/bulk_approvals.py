"""Approvals in bulk: many rows in one act, each by the act of ``approvals``; what cannot be done is said row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sized
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cme_portal.foundation import outbox
from institutions import access, approvals
from institutions.actors import Actor
from institutions.enums import ChecksState, Verdict
from institutions.models import Approval, Decision

# More at once is a bulk act: its messages go behind what people wait for.
A_FEW = 5


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What a bulk act did: the decisions, and (approval id, sentence) of each row that was left."""

    decisions: list[Decision]
    refused: list[tuple[int, str]]


def approve_many(*, actor: Actor, versions: dict[int, int], reason: str = "", at: datetime) -> BulkOutcome:
    """Approve the rows whose checks all pass. ``versions`` maps approval ids to the version the officer saw.

    ``reason`` is what the officer has to say of each of them.
    """
    outcome = BulkOutcome([], [])
    with transaction.atomic(), _behind_others_if_many(versions):
        for approval in _locked_in_order(versions):
            if approval.checks_state != ChecksState.PASSED:
                outcome.refused.append((approval.pk, "核验未全部通过，请逐条审核。"))
                continue
            try:
                decision = approvals.decide(
                    actor=actor,
                    approval_id=approval.pk,
                    verdict=Verdict.APPROVE,
                    version=versions[approval.pk],
                    reason=reason,
                    at=at,
                )
            except access.Denied as denied:
                outcome.refused.append((approval.pk, str(denied)))
            else:
                outcome.decisions.append(decision)
    return outcome


def undo_many(*, actor: Actor, approval_ids: Collection[int], at: datetime) -> BulkOutcome:
    """Take back a bulk approval; rows on which somebody has acted since are left as they are."""
    outcome = BulkOutcome([], [])
    with transaction.atomic(), _behind_others_if_many(approval_ids):
        for approval in _locked_in_order(approval_ids):
            try:
                outcome.decisions.append(approvals.undo(actor=actor, approval_id=approval.pk, at=at))
            except access.Denied as denied:
                outcome.refused.append((approval.pk, str(denied)))
    return outcome


def _behind_others_if_many(approval_ids: Sized) -> AbstractContextManager[None]:
    return outbox.behind_others() if len(approval_ids) > A_FEW else nullcontext()


def _locked_in_order(approval_ids: Iterable[int]) -> list[Approval]:
    """Lock all rows by id, then work person by person: two officers at once never wait for each other in a circle."""
    rows = Approval.objects.select_for_update().filter(pk__in=list(approval_ids)).order_by("pk")
    return sorted(rows, key=lambda approval: (approval.practitioner_id, approval.pk))
