"""Which claims, entries and statements an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from institutions.queries import PersonalQuerySet, on_the_way_to

if TYPE_CHECKING:
    from institutions.actors import Actor


class ClaimQuerySet(PersonalQuerySet):
    def begun(self) -> Self:
        """Those that hold something. A draft in which only the kind of activity was chosen is nobody's work yet."""
        return self.exclude(self._untouched())

    def untouched(self) -> Self:
        """Drafts without a typed word and without a file."""
        return self.filter(self._untouched())

    def _untouched(self) -> Q:
        files = apps.get_model("credits", "Evidence").objects.filter(claim=OuterRef("pk"))
        return Q(state="draft", typed={}, part_of=None) & ~Q(Exists(files))

    def _of_officer(self, actor: Actor) -> Q:
        """Those submitted in the territory or on a route through the officer's body."""
        of_body = super()._of_officer(actor) | Q(on_the_way_to(actor, approval="approval"))
        return Q(approval__isnull=False) & of_body


class OfPractitioner(PersonalQuerySet):
    """Rows that belong to a practitioner's record: an officer sees those of the people of the territory today."""

    unit, department = "practitioner__institution", "practitioner__department"


class LedgerEntryQuerySet(OfPractitioner):
    def in_force(self) -> Self:
        """Entries that count: neither reversed nor reversals."""
        return self.filter(reverses=None, reversed_by=None)


class StatementQuerySet(OfPractitioner):
    pass
