"""What comes out of a year: every line's figures and reasons, totals, what is unmet, caps used. Credits in tenths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import repeat
from operator import is_
from typing import NamedTuple

from credits.rules.facts import Activity, Person
from credits.rules.requirement import Demand
from credits.rules.rulebook import Rule, Rulebook, StayRule
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


# Both are made by the million: straight from a tuple of their fields, which is twice as fast as naming each.
new_step: Callable[[tuple[str, str, tuple[str, int] | None, str | None]], Step] = partial(tuple.__new__, Step)
new_line: Callable[[tuple[str, int, int, tuple[Step, ...]]], Line] = partial(tuple.__new__, Line)


class CapUse(NamedTuple):
    """A yearly cap of the regulation and how much of it the year has used, in tenths."""

    code: str
    title: str
    clause: str
    limit: int
    used: int


class MonthPart(NamedTuple):
    """A stay's part in one calendar month (its first day): days, then tenths by rate, under the month's cap, counted."""

    month: date
    days: int
    worth: int
    earned: int
    counted: int


@dataclass(slots=True)
class Settled:
    """A category's passed stays of the year: their spans inside it, and whether together they bring the whole year.

    shared: the year's credits were shared by days; otherwise each stay counts by its time (monthly: by calendar month).
    """

    rule: StayRule
    positions: Sequence[int]
    spans: Sequence[Span]
    covered: int
    complete: bool
    shared: bool = False
    monthly: list[list[MonthPart]] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """The figures of a year, in order of date."""

    ordered: Sequence[Activity]
    rules: list[Rule]
    earned: list[int]
    counted: list[int]
    full_year: bool
    settled: list[Settled]


@dataclass
class Result:
    """The statement of one person's year, in tenths.

    compliant is None where the person is no subject of continuing education this year (unmet is then ("not_a_subject",)).
    """

    total: int
    professional: int
    common: int
    full_year: bool
    compliant: bool | None
    unmet: tuple[str, ...]
    demand: Demand
    activities: Sequence[Activity]
    walk: Walk
    rulebook: Rulebook
    person: Person
    steps: Sequence[tuple[Step, ...]] | None = None  # in order of the walk

    @cached_property
    def by_category(self) -> dict[str, int]:
        """Counted tenths of every category present, in the order of the list."""
        sums = dict.fromkeys((activity.category for activity in self.activities), 0)
        for activity, counted in zip(self.walk.ordered, self.walk.counted, strict=True):
            sums[activity.category] += counted
        return sums

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every activity's outcome, in the order of the list."""
        walk = self.walk
        told = self.steps if self.steps is not None else repeat(())
        ids = [activity.id for activity in walk.ordered]
        lines = tuple(map(new_line, zip(ids, walk.earned, walk.counted, told, strict=False)))
        if all(map(is_, walk.ordered, self.activities)):  # the list was in order of date
            return lines
        by_activity = {id(activity): line for activity, line in zip(walk.ordered, lines, strict=True)}
        return tuple([by_activity[id(activity)] for activity in self.activities])

    @cached_property
    def caps(self) -> tuple[CapUse, ...]:
        """The regulation's yearly caps with what this year has used of each; one lifted by three months is left out."""
        used = [0] * len(self.rulebook.caps)
        lifted = {settled.rule.cap for settled in self.walk.settled if settled.shared}
        for rule, counted in zip(self.walk.rules, self.walk.counted, strict=True):
            for cap in (rule.stay.cap,) if rule.stay else rule.caps:
                if cap is not None:
                    used[cap] += counted
        limits = self.rulebook.limits_for(self.person)
        return tuple(
            CapUse(cap.code, cap.title, cap.clause, limits[place], used[place])
            for place, cap in enumerate(self.rulebook.caps)
            if place not in lifted
        )
