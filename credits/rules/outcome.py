"""What comes out of a year: every line's figures and reasons, totals, what is unmet, caps used. Credits in tenths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from credits.rules.facts import Activity, Person
from credits.rules.requirement import Demand
from credits.rules.rulebook import Rulebook, StayRule
from credits.rules.stays import Span


class Step(NamedTuple):
    """One sentence of an explanation. figure: a labelled amount in tenths to show beside it; reading: "R1" where one is used."""

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


class CapUse(NamedTuple):
    """A yearly cap of the regulation and how much of it the year has used, in tenths."""

    code: str
    title: str
    clause: str
    limit: int
    used: int


class MonthPart(NamedTuple):
    """A stay's part in one calendar month (its first day): days, hours, then tenths by rate, under the cap, counted."""

    month: date
    days: int
    hours: Decimal
    worth: int
    earned: int
    counted: int


@dataclass(slots=True)
class Settled:
    """A category's passed stays of the year: their spans inside it, and whether together they bring the whole year.

    shared: the year's credits were shared by days; otherwise each stay counts by its time (monthly: by calendar month).
    """

    rule: StayRule
    positions: list[int]
    spans: list[Span]
    covered: int
    complete: bool
    shared: bool = False
    monthly: list[list[MonthPart]] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """The figures of a year, in order of date."""

    ordered: Sequence[Activity]
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
        walk, steps = self.walk, self.steps or [()] * len(self.walk.ordered)
        lines = {
            id(activity): Line(activity.id, earned, counted, told)
            for activity, earned, counted, told in zip(walk.ordered, walk.earned, walk.counted, steps, strict=True)
        }
        return tuple(lines[id(activity)] for activity in self.activities)

    @cached_property
    def caps(self) -> tuple[CapUse, ...]:
        """The regulation's yearly caps with what this year has used of each; one lifted by three months is left out."""
        used = [0] * len(self.rulebook.caps)
        lifted = {settled.rule.cap for settled in self.walk.settled if settled.shared}
        for activity, counted in zip(self.walk.ordered, self.walk.counted, strict=True):
            rule = self.rulebook.rule(activity)
            for cap in (rule.stay.cap,) if rule.stay else rule.caps:
                if cap is not None:
                    used[cap] += counted
        limits = self.rulebook.limits_for(self.person)
        return tuple(
            CapUse(cap.code, cap.title, cap.clause, limits[place], used[place])
            for place, cap in enumerate(self.rulebook.caps)
            if place not in lifted
        )
