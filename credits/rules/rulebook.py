"""A regulation made ready to compute: for every category, item and role its function, its caps and how they are shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credits.rules.awards import Spread, Worth, compile_award, compile_spread, tenths, worth_of_hours
from credits.rules.facts import FACTS, Activity, Person
from credits.rules.language import Category, Item, Limit, Regulation
from credits.rules.remembered import Remembered
from credits.rules.requirement import demands
from credits.rules.stays import SHORTEST_MONTH
from credits.rules.terms import Award, By, Credits, FullYear, PerHours, Published

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
    """What one project number brings at most, in all and by its remote parts; whether a published figure counts once.

    by_hours: the worth of one occurrence of so many hours under these caps, by delivery, where hours are what counts.
    """

    whole: int
    remote: int
    by_role: bool
    publishes: bool
    published_once: bool  # only where it publishes
    by_hours: Mapping[str, Mapping[Any, int]] | None


@dataclass(frozen=True, slots=True, eq=False)
class StayRule:
    """How the stays of one category add up in a year.

    shortest: fewer days are never three calendar months. Below three months: spread, the worth of a stay's months where
    each_month caps it; cap, the index of the yearly cap.
    """

    category: Category
    award: FullYear
    brings: int
    shortest: int
    each_month: int | None
    spread: Spread | None
    cap: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What the engine knows of one category, item and role.

    rate: the worth of one occurrence; single: the same, for a project all occurrences together under its own cap. caps:
    indices of the yearly caps; cap: the only one, as it mostly is.
    """

    category: Category
    item: Item
    role: str
    award: Award  # the role's branch of what the item is written with
    rate: Worth
    single: Worth
    full_year_at: int
    caps: tuple[int, ...]
    cap: int | None
    project: ProjectCaps | None
    stay: StayRule | None

    @property
    def written(self) -> Award:
        """The item's award as the regulation writes it, all roles together."""
        return self.award if self.item.award is None else self.item.award

    @property
    def by_role(self) -> bool:
        return self.written is not self.award


class OpenItems(dict[str | None, Rule]):
    """The rules of a category whose items cities define: any item has the rule of none."""

    def __missing__(self, item: str | None) -> Rule:
        return self[None]


class Rulebook:
    """The rules of one regulation, found by category, role and item as an activity names them."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.caps: list[Cap] = []
        self.rules: dict[str, dict[str, dict[str | None, Rule]]] = {}
        for category in regulation.categories:
            self._add(category)
        self.demands = demands(regulation)
        readings = regulation.readings
        self.undated_first = readings["undated"] == "first"
        self.full_year_by_entry = readings["full_year_by"] == "entry"
        self.overlapping_days_each = readings["overlapping_days"] == "each"
        self.calendar_months = readings["three_months"] == "calendar_or_days"
        self.accumulates_at_least = readings["accumulated_credits"] == "at_least"
        self.limits = [cap.tenths for cap in self.caps]
        self.limits_in_primary_care = [cap.primary_care for cap in self.caps]

    def limits_for(self, person: Person) -> list[int]:
        """The yearly caps in tenths, by index of `caps`."""
        return self.limits_in_primary_care if person.primary_care else self.limits

    def rule_of(self, activity: Activity) -> Rule:
        """The rule of an activity. Raise KeyError where the regulation has none."""
        return self.rules[activity.category][activity.role][activity.item]

    def _add(self, category: Category) -> None:
        shared = self._cap(category.code, category.title, category.cite_caps or category.cite, category.each_year)
        stay = self._stay(category)
        self.rules[category.code] = {role: OpenItems() if category.open_items else {} for role in ROLES}
        for item in [category.item(item.code) for item in category.items] or [category.item()]:
            own = self._cap(f"{category.code}.{item.code}", item.title, item.cite, item.each_year)
            for role, by_item in self.rules[category.code].items():
                rule = by_item[item.code or None] = self._rule(category, item, role, (*own, *shared), stay)
                if item.code == category.default_item:
                    by_item[None] = rule

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
            caps[0] if len(caps) == 1 else None,
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
            award.months * SHORTEST_MONTH,
            None if award.each_month is None else tenths(award.each_month),
            None if award.each_month is None else compile_spread(award.otherwise, self.regulation.readings),
            cap[0] if cap else None,
        )

    def _cap(self, code: str, title: str, clause: str, most: Credits | Limit | None) -> tuple[int, ...]:
        """The index of a new yearly cap, or nothing where there is none."""
        if most is None:
            return ()
        everybody, primary_care = (most.credits, most.primary_care) if isinstance(most, Limit) else (most, most)
        self.caps.append(Cap(code, title, clause, tenths(everybody), tenths(primary_care)))
        return (len(self.caps) - 1,)


# Each regulation compiled, once for each regulation object.
RULEBOOKS: Final = Remembered[Regulation, Rulebook](Rulebook)


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
    remote = whole if category.each_remote_project is None else tenths(category.each_remote_project)
    by_hours = award.otherwise if isinstance(award, Published) else award
    return ProjectCaps(
        whole,
        remote,
        readings["project_parts"] == "by_role",
        isinstance(award, Published),
        isinstance(award, Published) and readings["published_figure"] == "once",
        _worth_under_caps(by_hours, readings, whole, remote) if isinstance(by_hours, PerHours) else None,
    )


def _worth_under_caps(
    award: PerHours, readings: Mapping[str, str], whole: int, remote: int
) -> dict[str, Remembered[Any, int]]:
    worth = worth_of_hours(award, readings)
    return {
        "in_person": Remembered(lambda hours: min(worth[hours], whole)),
        "remote": Remembered(lambda hours: min(worth[hours], remote)),
    }


def _capped(rate: Worth, project: ProjectCaps) -> Worth:
    """A project entry by itself: its occurrences together (a published figure stands for all of them), under its cap."""
    whole, remote, publishes = project.whole, project.remote, project.publishes

    def worth(activity: Activity) -> int:
        earned = rate(activity)
        if activity.count != 1 and not (publishes and activity.published_credits is not None):
            earned *= activity.count
        return min(earned, remote if activity.delivery == "remote" else whole)

    return worth
