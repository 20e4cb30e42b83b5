"""What a credit regulation can say: categories and items, their awards and caps, the year's requirement, readings.

Everything here is data, with the awards of `terms`; `engine` compiles it once, nothing in this file computes a year. A
province states what differs from the national measures: `NATIONAL.amended(code="liaoning", ..., categories=(...))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeVar, cast

from credits.rules.facts import FACTS
from credits.rules.names import ACTIVITY, Names
from credits.rules.procedure import Procedure
from credits.rules.provisions import RuleMissingError
from credits.rules.readings import DEFAULTS, SETTINGS
from credits.rules.terms import Award, By, Credits, Flat, FullYear, Halved, Needs, Published, Ranked, needs, optional

__all__ = [
    "DRAFT",
    "IN_FORCE",
    "SUPPLEMENT_DRAFT",
    "Award",
    "By",
    "Category",
    "Flat",
    "FullYear",
    "Halved",
    "Item",
    "Limit",
    "MakeUp",
    "Published",
    "Ranked",
    "Regulation",
    "Requirement",
    "Status",
    "Subjects",
    "limit",
]

Status = Literal["draft", "in_force", "supplement_draft"]

DRAFT: Final[Status] = "draft"
IN_FORCE: Final[Status] = "in_force"
SUPPLEMENT_DRAFT: Final[Status] = (
    "supplement_draft"  # the national measures are in force, what the city adds is a draft
)


# Caps, items, categories.


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap that differs in primary care."""

    credits: Credits
    _: KW_ONLY
    primary_care: Credits


limit = Limit


@dataclass(frozen=True, kw_only=True)
class Item:
    """A kind of activity inside a category. Without an award, names or unit of its own it has the category's.

    unit: what one occurrence is called (a paper is a 篇). labels: codes of a fact as the item's clause calls them, where
    that differs from the common words.
    """

    code: str = field(kw_only=False)
    title: str = field(kw_only=False)
    cite: str = ""
    award: Award | None = None
    each_year: Credits | Limit | None = None
    over_new_year: bool = False
    verb: str = ""
    names: Names | None = None
    unit: str = ""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    readings: tuple[str, ...] = ()

    def amended(self, **changes: Any) -> Item:
        return replace(self, **changes)

    def needs(self, role: str = "attendee") -> Needs:
        """Groups of facts, one of each group is needed for that role."""
        return needs(cast("Award", self.award), role)

    @property
    def needed(self) -> tuple[str, ...]:
        """The facts a claim form must ask for (an attendee's; of alternatives the first)."""
        return tuple(group[0] for group in self.needs())

    @property
    def optional(self) -> tuple[str, ...]:
        """Facts a claim form may offer beside the needed ones; dates, subject and passed are always possible."""
        return tuple(name for name in optional(cast("Award", self.award)) if name not in self.needed)

    def labels_of(self, fact: str) -> dict[str, str]:
        """The codes of a fact with their labels, in the words of the item's clause."""
        return {**FACTS[fact].choices, **self.labels.get(fact, {})}


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of activity of the regulation, its award, its caps and its items (the first is the default).

    each_project, each_remote_project: caps on what shares one project number. full_year_at: one single occurrence worth
    that much brings the whole year (R30). open_items: the item is a code that cities define. over_new_year: one entry may
    belong to two years; otherwise an entry belongs to the year in which it starts. cap_readings: what the caps rest on
    where the text does not give them itself.
    """

    code: str = field(kw_only=False)
    title: str = field(kw_only=False)
    cite: str
    cite_caps: str = ""  # where the caps stand in a clause of their own
    award: Award | None = None
    items: tuple[Item, ...] = ()
    default: str | None = None
    open_items: bool = False
    each_year: Credits | Limit | None = None
    each_project: Credits | None = None
    each_remote_project: Credits | None = None
    full_year_at: Credits | None = None
    over_new_year: bool = False
    verb: str = "参加"
    names: Names = ACTIVITY
    unit: str = "次"
    readings: tuple[str, ...] = ()
    cap_readings: tuple[str, ...] = ()

    @property
    def default_item(self) -> str | None:
        """The item meant when none is given; None where there are no items or none is the usual one."""
        if self.default is not None:
            return self.default
        return self.items[0].code if self.items else None

    def item(self, code: str | None = None) -> Item:
        """The item, with the category's award, clause and verb where it has none of its own. Raise RuleMissingError."""
        if not self.items:
            if code is None or self.open_items:
                return Item(
                    code or "",
                    self.title,
                    cite=self.cite,
                    award=self._own_award(),
                    verb=self.verb,
                    names=self.names,
                    unit=self.unit,
                )
            raise RuleMissingError(f"“{self.title}”没有细类，不能填“{code}”")
        wanted = code or self.default_item
        for item in self.items:
            if item.code == wanted:
                return replace(
                    item,
                    cite=item.cite or self.cite,
                    award=item.award or self._own_award(),
                    verb=item.verb or self.verb,
                    names=item.names or self.names,
                    unit=item.unit or self.unit,
                )
        raise RuleMissingError(f"“{self.title}”没有“{code}”这一细类")

    def amended(self, *, items: Iterable[Item] = (), without: Iterable[str] = (), **changes: Any) -> Category:
        """The category with items of the same code replaced, new ones added, those of `without` dropped."""
        return replace(self, items=_merged(self.items, items, without), **changes)

    def _own_award(self) -> Award:
        if self.award is None:
            raise RuleMissingError(f"“{self.title}”没有学分标准")
        return self.award


# The year and the person.


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What a year asks for. common, professional: least shares; common by title where the regulation tells titles apart.

    cite_split, split_reading: where the shares stand and how they are read; cite_at_once: where a whole year's credits at
    once are excused from them. common_in_primary_care: None where primary care is asked the same. settled_before:
    activities that ended before that day and already count to the total free their year from the split (R55).
    """

    cite: str
    total: Credits = 25
    common: Credits | Mapping[str, Credits] = 0
    common_in_primary_care: Credits | None = None
    professional: Credits = 0
    cite_split: str = ""
    split_reading: str = ""
    cite_at_once: str = ""
    settled_before: date | None = None
    cite_settled: str = ""


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """Who must earn credits at all. residents: also those in residency or specialist training (R45)."""

    cite: str
    residents: bool = False
    residents_in_primary_care: bool = False
    unlicensed: bool = False


@dataclass(frozen=True, kw_only=True)
class MakeUp:
    """A missed year is made up in the year after it (R54)."""

    cite: str
    years_after: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Regulation:
    """One version of one jurisdiction's regulation. Compared and cached by identity: an amended one is another regulation.

    in_force: the first day it rules; it decides whole credit years from that day's year on, until a later version does.
    """

    code: str
    name: str
    title: str
    version: str
    status: Status
    in_force: date
    requirement: Requirement
    subjects: Subjects
    categories: tuple[Category, ...]
    make_up: MakeUp | None = None
    readings: Mapping[str, str] = field(default_factory=lambda: DEFAULTS)
    procedure: Procedure | None = None

    def category(self, code: str) -> Category:
        """Raise RuleMissingError where the regulation knows no such category."""
        for category in self.categories:
            if category.code == code:
                return category
        raise RuleMissingError(f"{self.title}没有“{code}”这一类活动")

    def amended(
        self,
        *,
        categories: Iterable[Category] = (),
        without: Iterable[str] = (),
        readings: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> Regulation:
        """This regulation with categories of the same code replaced, others added or dropped, readings and fields changed.

        Raise RuleMissingError for a reading, or a choice of one, that does not exist.
        """
        for name, choice in (readings or {}).items():
            if name not in SETTINGS or choice not in SETTINGS[name].choices:
                raise RuleMissingError(f"no such reading: {name}={choice}")
        return replace(
            self,
            categories=_merged(self.categories, categories, without),
            readings={**self.readings, **(readings or {})},
            **changes,
        )


Coded = TypeVar("Coded", Item, Category)


def _merged(base: Iterable[Coded], changes: Iterable[Coded], without: Iterable[str]) -> tuple[Coded, ...]:
    dropped = frozenset(without)
    by_code = {entry.code: entry for entry in base if entry.code not in dropped}
    by_code.update({entry.code: entry for entry in changes})
    return tuple(by_code.values())
