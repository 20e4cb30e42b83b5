"""The terms in which a regulation grants credits: what one activity is worth before any cap, and what must be known for it.

Data only, written as the regulation writes it: credits as `25` or `"0.5"`, hours and characters as whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

Credits = int | str  # as the regulation writes them: 25, "0.5"


@dataclass(frozen=True, slots=True)
class PerHours:
    """`credits` for every `hours` taken part in. A session of an hour or more below one unit brings `short` instead."""

    hours: int
    credits: Credits = 1
    _: KW_ONLY
    short: Credits = 0


@dataclass(frozen=True, slots=True)
class PerWords:
    """`credits` for every so many characters written."""

    words: int
    credits: Credits = 1


@dataclass(frozen=True, slots=True)
class PerMonth:
    """`credits` for every full month."""

    credits: Credits


@dataclass(frozen=True, slots=True)
class PerDay:
    """`credits` for every day of at least six hours."""

    credits: Credits


@dataclass(frozen=True, slots=True)
class Flat:
    """The same figure for every occurrence. `unit` names the occurrence (次, 项) where several are declared together."""

    credits: Credits
    unit: str = ""
    _: KW_ONLY
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A figure for each rank among authors or members; ranks beyond the list bring nothing (R8)."""

    steps: tuple[Credits, ...]


@dataclass(frozen=True, slots=True)
class Halved:
    """Half of the award for a review article or a translated work (R18)."""

    award: Award
    when: Literal["review", "translated"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """The figure that the reviewer granted (R20)."""


@dataclass(frozen=True, slots=True)
class Published:
    """The figure published for the project, under the project's caps (R27); without one, `otherwise` (None: it is needed)."""

    otherwise: PerHours | None = None
    _: KW_ONLY
    named_first: bool = False  # a missing figure is asked for as the published one rather than as hours


@dataclass(frozen=True, slots=True)
class FullYear:
    """A stay: the whole year's `brings` once the category's stays of the year reach `months` (or so many `days`, R3, R4).

    Below that it is `otherwise`, by time; each_month and each_year cap what it brings then, together with the others.
    """

    months: int
    _: KW_ONLY
    otherwise: PerHours | PerDay
    days: int = 90
    brings: Credits = 25
    each_month: Credits | None = None
    each_year: Credits | None = None


@dataclass(frozen=True, slots=True)
class By:
    """An award for each code of a fact; a code outside the table is an error (R41)."""

    fact: str
    table: Mapping[str, Award]


Award = PerHours | PerWords | PerMonth | PerDay | Flat | Ranked | Halved | Assessed | Published | FullYear | By

per_hours, per_words, per_month, per_day = PerHours, PerWords, PerMonth, PerDay
flat, halved, assessed, published = Flat, Halved, Assessed, Published


def ranked(*steps: Credits) -> Ranked:
    return Ranked(steps)


def by(fact: str, **table: Award | Credits) -> By:
    """`by("level", national=ranked(10, 9, 8), municipal=2)`; a bare figure is `flat`."""
    return By(fact, {code: Flat(award) if isinstance(award, int | str) else award for code, award in table.items()})


def full_year_or(
    otherwise: PerHours | PerDay, *, months: int, each_month: Credits | None = None, each_year: Credits | None = None
) -> FullYear:
    return FullYear(months, otherwise=otherwise, each_month=each_month, each_year=each_year)


# What an award needs to know.

Needs = tuple[tuple[str, ...], ...]  # every group needs one of its facts; the first is the one asked for


NEEDED: Final[Mapping[type[Award], str]] = {
    PerHours: "hours",
    PerWords: "words",
    PerMonth: "months",
    PerDay: "days",
    Ranked: "rank",
    Assessed: "assessed_credits",
}


def needs(award: Award, role: str = "attendee") -> Needs:
    """The facts without which the award cannot be told for that role."""
    if type(award) in NEEDED:
        return ((NEEDED[type(award)],),)
    match award:
        case Flat():
            return (("count",),) if award.unit else ()
        case Halved():
            return needs(award.award, role)
        case Published(otherwise=None):
            return (("published_credits",),)
        case Published():
            return (("published_credits", "hours") if award.named_first else ("hours", "published_credits"),)
        case FullYear():
            return (("start",), ("end",), *needs(award.otherwise))
        case By(fact="role"):
            return needs(award.table[role], role)
        case By():
            groups = [(award.fact,), *(group for branch in award.table.values() for group in needs(branch, role))]
            return tuple(dict.fromkeys(groups))
    raise TypeError(f"no award: {award}")


def optional(award: Award) -> tuple[str, ...]:
    """Further facts that change the award and have a default."""
    match award:
        case Halved():
            return (*optional(award.award), award.when)
        case By(fact="role"):
            return tuple(
                dict.fromkeys(["role", *(name for branch in award.table.values() for name in optional(branch))])
            )
        case By():
            return tuple(dict.fromkeys(name for branch in award.table.values() for name in optional(branch)))
        case PerHours() if award.short:
            return ("count",)
        case Published():
            return ("project", "delivery", "published_credits") if award.otherwise else ("project", "delivery")
        case _:
            return ()
