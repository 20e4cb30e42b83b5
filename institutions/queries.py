"""Which rows an actor may see. ``visible_to(actor)`` is the only way to a tenant's rows; a foreign row is never found.

Prefixes are asked for as ranges, because LIKE cannot use an index under row-level security.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from institutions.enums import Kind

if TYPE_CHECKING:
    from institutions.actors import Actor
    from institutions.models import Institution

LAST_CHARACTER = "\U0010ffff"


def starts_with(field: str, prefix: str) -> Q:
    """Rows whose ``field`` begins with ``prefix``, as a range of the index."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + LAST_CHARACTER})


def letters(text: str) -> str:
    """Letters and digits in lower case: ``mmt·al`` and ``MMT AL`` are both ``mmtal``, as pinyin and initials are kept."""
    return "".join(filter(str.isalnum, text)).lower()


def called(text: str, *, name: str = "name", of: str = "") -> Q:
    """Rows of people whose name, full pinyin or initials begin with ``text``; ``of`` leads there (``practitioner__``)."""
    text, latin = text.strip(), letters(text)
    if latin and latin.isascii():
        return starts_with(f"{of}name_sort", latin) | starts_with(f"{of}name_initials", latin)
    return starts_with(f"{of}{name}", text) if text else Q()


def below(field: str, path: str) -> Q:
    """Rows whose ``field`` (a path) is ``path`` or lies below it."""
    return starts_with(field, path)


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, actor: Actor) -> Self:
        """The bodies of the actor's province: their names are public within it."""
        return self.filter(province_id=actor.province_id)

    def open(self) -> Self:
        """Those that have not been closed."""
        return self.filter(closed_on=None)

    def called(self, text: str) -> Self:
        """Those whose name contains ``text``."""
        return self.filter(name__contains=text.strip())

    def within(self, institution: Institution) -> Self:
        """The body and everything below it."""
        return self.filter(below("path", institution.path), province_id=institution.province_id)


class PersonalQuerySet(models.QuerySet):
    """Rows about people: a practitioner sees those about oneself, an officer those of the body's territory."""

    person, unit, department = "practitioner", "institution", "department"

    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(province_id=actor.province_id)
        if actor.practitioner is not None:
            return rows.filter(**{self.person: actor.practitioner.pk})
        return rows.filter(self._of_officer(actor)) if actor.post is not None else rows.none()

    def _of_officer(self, actor: Actor) -> Q:
        return actor.territory(self.unit, self.department)


class PractitionerQuerySet(PersonalQuerySet):
    person = "pk"

    def search(self, text: str) -> Self:
        """People whose name, full pinyin or initials begin with ``text``."""
        return self.filter(called(text))


class PostQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(province_id=actor.province_id)
        if actor.post is None:
            return rows.filter(user=actor.user)
        return rows.filter(below("institution__path", actor.post.institution.path))

    def held_on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's own post."""
        return self.filter(province_id=actor.province_id, post=actor.post) if actor.post is not None else self.none()


class ApprovalQuerySet(PersonalQuerySet):
    def _of_officer(self, actor: Actor) -> Q:
        """Those of the territory and those that come to the officer's body."""
        return super()._of_officer(actor) | Q(on_the_way_to(actor, approval="pk"))

    def held_by(self, institution: Institution) -> Self:
        """Everything that waits for a decision of this body: its inbox."""
        return self.filter(province_id=institution.province_id, holder=institution, state="waiting")

    def overdue_below(self, institution: Institution, *, on: date) -> Self:
        """What a body below this one holds beyond the promised day, the longest overdue first.

        The province's CME office works under the commission for all the other bodies of the province.
        """
        path = institution.path
        if institution.kind == Kind.CME_OFFICE:
            path = path.split(".", 1)[0] + "."
        strictly_below = Q(holder__path__gt=path) & below("holder__path", path)
        rows = self.filter(strictly_below, province_id=institution.province_id, state="waiting", promised_on__lt=on)
        return rows.exclude(holder=institution).order_by("promised_on", "pk")

    def categories(self) -> list[tuple[str, str]]:
        """(code, title) of the categories among the rows, each found by one step through the index: no row is counted."""
        found: list[tuple[str, str]] = []
        rows = self.order_by("category").values_list("category", "category_title")
        while row := (rows.filter(category__gt=found[-1][0]) if found else rows).first():
            found.append(row)
        return found

    def search(self, text: str) -> Self:
        """Approvals of people whose name, full pinyin or initials begin with ``text``."""
        return self.filter(called(text, name="practitioner_name"))


def on_the_way_to(actor: Actor, *, approval: str) -> Exists:
    """Rows whose ``approval`` has the officer's body on its route."""
    from institutions.approval_models import ApprovalStep  # noqa: PLC0415 - approvals are built on these queries

    return Exists(ApprovalStep.objects.filter(approval=OuterRef(approval), institution=actor.post.institution))
