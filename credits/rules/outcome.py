"""What comes out of a year: every line's figures and reasons, totals, what is unmet, caps used. Credits in tenths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import repeat
from typing import NamedTuple

from credits.rules.facts import Activity, Person
from credits.rules.requirement import NOT_A_SUBJECT, Demand
from credits.rules.rulebook import Rulebook, StayRule
from credits.rules.stays import Span


class Step(NamedTuple):
    """One sentence of an explanation. figure: a labelled amount in tenths beside it; reading: "R1" where one is used."""

    clause: str
    text: str
    figure: tuple[str, int] | None = None
    reading: str | None = None


class Line(NamedTuple):
    """One activity's outcome in tenths; steps only where an explanation was asked for."""

    id: str
    earned: int
    counted: int
    steps: tuple[Step, ...] = ()


# Made by the million: straight from a tuple of its fields, which is twice as fast as naming each.
new_step: Callable[[tuple[str, str, tuple[str, int] | None, str | None]], Step] = partial(tuple.__new__, Step)


class CapUse(NamedTuple):
    """A yearly cap of the regulation and how much of it the year has used, in tenths."""

    code: str
    title: str
    clause: str
    limit: int
    used: int


# Of each stay: the first day of every month with the stay's days in it, and the tenths of each month before its cap.
Monthly = Sequence[tuple[Sequence[tuple[date, int]], Sequence[int]]]


class Settled(NamedTuple):
    """A category's passed stays of the year: their spans inside it, and whether together they bring the whole year.

    shared: the year's credits were shared by days; otherwise each stay counts by its time (monthly: by calendar month).
    """

    rule: StayRule
    positions: Sequence[int]
    spans: Sequence[Span]
    covered: int
    complete: bool
    shared: bool
    monthly: Monthly


new_settled: Callable[[tuple[StayRule, Sequence[int], Sequence[Span], int, bool, bool, Monthly]], Settled]
new_settled = partial(tuple.__new__, Settled)


class Result:
    """The statement of one person's year, in tenths.

    ordered, earned, counted, steps: entry by entry in order of date (`lines` has the order of the list); in_common: the
    positions there of what passed in the common subject; settled_before: what ended before the new rules came frees the
    year from its split (R55). compliant is None where the person is no subject of continuing
    education this year (unmet is then ("not_a_subject",)).
    """

    steps: Sequence[tuple[Step, ...]] | None = None
    full_year = settled_before = False
    total = common = 0
    compliant: bool | None = None
    unmet: tuple[str, ...] = NOT_A_SUBJECT

    def __init__(
        self, rulebook: Rulebook, person: Person, activities: Sequence[Activity], ordered: Sequence[Activity]
    ) -> None:
        self.rulebook = rulebook
        self.person = person
        self.activities = activities
        self.ordered = ordered
        self.earned = [0] * len(ordered)
        self.counted = self.earned
        self.in_common: list[int] = []
        self.settled: list[Settled] = []

    @property
    def demand(self) -> Demand:
        return self.rulebook.demands[self.person.title, self.person.primary_care]

    @property
    def professional(self) -> int:
        return self.total - self.common

    @cached_property
    def by_category(self) -> dict[str, int]:
        """Counted tenths of every category present, in the order of the list."""
        sums = dict.fromkeys((activity.category for activity in self.activities), 0)
        for activity, counted in zip(self.ordered, self.counted, strict=True):
            sums[activity.category] += counted
        return sums

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every activity's outcome, in the order of the list."""
        told = self.steps if self.steps is not None else repeat(())
        ids = [activity.id for activity in self.ordered]
        fields = zip(ids, self.earned, self.counted, told, strict=False)
        lines = tuple(map(tuple.__new__, repeat(Line), fields))  # made by the million, as steps are
        if self.ordered == self.activities:  # the list was in order of date
            return lines
        by_activity = {id(activity): line for activity, line in zip(self.ordered, lines, strict=True)}
        return tuple([by_activity[id(activity)] for activity in self.activities])

    @cached_property
    def caps(self) -> tuple[CapUse, ...]:
        """The regulation's yearly caps with what this year has used of each; one lifted by three months is left out."""
        used = [0] * len(self.rulebook.caps)
        lifted = {settled.rule.cap for settled in self.settled if settled.shared}
        for activity, counted in zip(self.ordered, self.counted, strict=True):
            rule = self.rulebook.rule_of(activity)
            for cap in (rule.stay.cap,) if rule.stay else rule.caps:
                if cap is not None:
                    used[cap] += counted
        limits = self.rulebook.limits_for(self.person)
        return tuple(
            CapUse(cap.code, cap.title, cap.clause, limits[place], used[place])
            for place, cap in enumerate(self.rulebook.caps)
            if place not in lifted
        )
