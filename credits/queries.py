"""Which claims, entries and statements an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from institutions.models import ApprovalStep

if TYPE_CHECKING:
    from institutions.actors import Actor


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A practitioner's own; for an officer those submitted in the territory or on a route through the officer's body."""
        rows = self.filter(province_id=actor.province_id)
        if actor.practitioner is not None:
            return rows.filter(practitioner_id=actor.practitioner.pk)
        if actor.post is None:
            return rows.none()
        on_route = ApprovalStep.objects.filter(approval=OuterRef("approval"), institution=actor.post.institution)
        submitted = rows.exclude(approval=None)
        return submitted.filter(actor.territory("institution", "department") | Exists(on_route))


class OfPractitioner(models.QuerySet):
    """Rows that belong to a practitioner's record."""

    def visible_to(self, actor: Actor) -> Self:
        """A practitioner's own record; for an officer those of the people of the territory today."""
        rows = self.filter(province_id=actor.province_id)
        if actor.practitioner is not None:
            return rows.filter(practitioner_id=actor.practitioner.pk)
        if actor.post is None:
            return rows.none()
        return rows.filter(actor.territory("practitioner__institution", "practitioner__department"))


class LedgerEntryQuerySet(OfPractitioner):
    def in_force(self) -> Self:
        """Entries that count: neither reversed nor reversals."""
        return self.filter(reverses=None, reversed_by=None)


class StatementQuerySet(OfPractitioner):
    pass
