"""A regulation made ready to compute: for every category, item and role its function, its caps and how they are shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from credits.rules.awards import ShareWorth, Worth, compile_award, compile_share, tenths
from credits.rules.facts import FACTS, Activity, Person
from credits.rules.language import Category, Item, Limit, Regulation
from credits.rules.requirement import demands
from credits.rules.terms import Award, By, Credits, FullYear, Published

NEVER: Final = 10**9  # tenths that no occurrence is worth
ROLES: Final = tuple(FACTS["role"].choices)


@dataclass(frozen=True, slots=True)
class Cap:
    """A yearly cap: what it is called, where it stands, how many tenths it lets through, and how many in primary care."""

    code: str
    title: str
    clause: str
    tenths: int
    primary_care: int


@dataclass(frozen=True, slots=True)
class ProjectCaps:
    """What one project number brings at most, in all and by its remote parts; whether a published figure counts once."""

    whole: int
    remote: int
    by_role: bool
    publishes: bool
    published_once: bool  # only where it publishes


@dataclass(frozen=True, slots=True, eq=False)
class StayRule:
    """How the stays of one category add up in a year. cap: index of the yearly cap below three months."""

    category: Category
    award: FullYear
    brings: int
    each_month: int | None
    monthly_worth: ShareWorth | None
    cap: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What the engine knows of one category, item and role.

    rate: the worth of one occurrence; single: the same, for a project all occurrences together under its own cap.
    """

    category: Category
    item: Item
    role: str
    award: Award  # the role's branch of what the item is written with
    rate: Worth
    single: Worth
    full_year_at: int
    caps: tuple[int, ...]
    project: ProjectCaps | None
    stay: StayRule | None

    @property
    def written(self) -> Award:
        """The item's award as the regulation writes it, all roles together."""
        return self.award if self.item.award is None else self.item.award

    @property
    def by_role(self) -> bool:
        return self.written is not self.award


class Rules(dict[tuple[str, str | None, str], Rule]):
    """Rules by category, item and role. KeyError where the regulation has none."""

    def __init__(self) -> None:
        super().__init__()
        self.open: dict[tuple[str, str], Rule] = {}  # by category and role, where cities define the items

    def __missing__(self, key: tuple[str, str | None, str]) -> Rule:
        return self.open[key[0], key[2]]


class Rulebook:
    """The rules of one regulation, found by (category, item, role) as an activity names them."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.caps: list[Cap] = []
        self.rules = Rules()
        for category in regulation.categories:
            self._add(category)
        self.demands = demands(regulation)
        readings = regulation.readings
        self.undated_first = readings["undated"] == "first"
        self.full_year_by_entry = readings["full_year_by"] == "entry"
        self.overlapping_days_each = readings["overlapping_days"] == "each"
        self.calendar_months = readings["three_months"] == "calendar_or_days"
        self.accumulates_at_least = readings["accumulated_credits"] == "at_least"
        self.carries_hours = readings["hours_over_months"] == "carry"
        self.limits = [cap.tenths for cap in self.caps]
        self.limits_in_primary_care = [cap.primary_care for cap in self.caps]

    def limits_for(self, person: Person) -> list[int]:
        """The yearly caps in tenths, by index of `caps`."""
        return self.limits_in_primary_care if person.primary_care else self.limits

    def _add(self, category: Category) -> None:
        shared = self._cap(category.code, category.title, category.cite_caps or category.cite, category.each_year)
        stay = self._stay(category)
        for item in [category.item(item.code) for item in category.items] or [category.item()]:
            own = self._cap(f"{category.code}.{item.code}", item.title, item.cite, item.each_year)
            for role in ROLES:
                rule = self._rule(category, item, role, (*own, *shared), stay)
                if category.open_items:
                    self.rules.open[category.code, role] = rule
                else:
                    self.rules[category.code, item.code or None, role] = rule
                if item.code == category.default_item:
                    self.rules[category.code, None, role] = rule

    def _rule(self, category: Category, item: Item, role: str, caps: tuple[int, ...], stay: StayRule | None) -> Rule:
        award = for_role(item.award, role)
        readings = self.regulation.readings
        project = _project_caps(category, award, readings)
        rate = compile_award(award, role, readings)
        return Rule(
            category,
            item,
            role,
            award,
            rate,
            rate if project is None else _capped(rate, project),
            NEVER if category.full_year_at is None else tenths(category.full_year_at),
            caps,
            project,
            stay,
        )

    def _stay(self, category: Category) -> StayRule | None:
        award = category.award
        if not isinstance(award, FullYear):
            return None
        cap = self._cap(category.code, category.title, category.cite_caps or category.cite, award.each_year)
        return StayRule(
            category,
            award,
            tenths(award.brings),
            None if award.each_month is None else tenths(award.each_month),
            None if award.each_month is None else compile_share(award.otherwise, self.regulation.readings),
            cap[0] if cap else None,
        )

    def _cap(self, code: str, title: str, clause: str, most: Credits | Limit | None) -> tuple[int, ...]:
        """The index of a new yearly cap, or nothing where there is none."""
        if most is None:
            return ()
        everybody, primary_care = (most.credits, most.primary_care) if isinstance(most, Limit) else (most, most)
        self.caps.append(Cap(code, title, clause, tenths(everybody), tenths(primary_care)))
        return (len(self.caps) - 1,)


@lru_cache(maxsize=64)
def rulebook(regulation: Regulation) -> Rulebook:
    """The regulation compiled, once for each regulation object."""
    return Rulebook(regulation)


def for_role(award: Award | None, role: str) -> Award:
    """The branch of an award that is written by role, or the award itself."""
    if isinstance(award, By) and award.fact == "role":
        return award.table[role]
    if award is None:
        raise ValueError("an item without an award was not resolved by its category")
    return award


def _project_caps(category: Category, award: Award, readings: Mapping[str, str]) -> ProjectCaps | None:
    if category.each_project is None:
        return None
    whole = tenths(category.each_project)
    return ProjectCaps(
        whole,
        whole if category.each_remote_project is None else tenths(category.each_remote_project),
        readings["project_parts"] == "by_role",
        isinstance(award, Published),
        isinstance(award, Published) and readings["published_figure"] == "once",
    )


def _capped(rate: Worth, project: ProjectCaps) -> Worth:
    """A project entry by itself: its occurrences together (a published figure stands for all of them), under its cap."""
    whole, remote, publishes = project.whole, project.remote, project.publishes

    def worth(activity: Activity) -> int:
        earned = rate(activity)
        if activity.count != 1 and not (publishes and activity.published_credits is not None):
            earned *= activity.count
        most = remote if activity.delivery == "remote" else whole
        return most if earned > most else earned  # noqa: FURB136 - min() takes five times as long, for millions of entries

    return worth
