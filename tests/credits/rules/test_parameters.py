"""The figures that clauses show beside their paraphrase, against the rules that compute and the provisions that time."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest

from credits.rules import Regulation
from credits.rules.language import Category, Item, Limit
from credits.rules.procedure import Procedure
from credits.rules.provisions import Clause
from credits.rules.registry import VERSIONS
from credits.rules.terms import (
    Award,
    By,
    Credits,
    Flat,
    FullYear,
    Halved,
    PerDay,
    PerHours,
    PerMonth,
    PerWords,
    Published,
    Ranked,
)

Row = tuple[Decimal, ...]

# A number of a parameter; that of a reading (R6) is none.
NUMBER = re.compile(r"(?<![R\d])\d+(?:\.\d+)?")
HALF = Decimal("0.5")
HOURS_OF_A_DAY = 6  # the contract's `days` are days of at least 6 hours
NINETY_HOURS = ("折合", "90 学时")  # R59: fulfilled by the year's credits, computed nowhere
# The cap of primary care stands in a clause of its own.
IN_PRIMARY_CARE = {"zhejiang 二2": "internal_training"}


def row(*figures: Credits | Decimal) -> Row:
    """Figures as one parameter shows them."""
    return tuple(Decimal(figure) for figure in figures)


def said_once(groups: Iterable[list[Row]]) -> list[Row]:
    """Groups of rows one after the other; what several of them share is shown once."""
    return [one for group in dict.fromkeys(map(tuple, groups)) for one in group]


def shown(clause: Clause) -> list[Row]:
    rows = (
        row(*NUMBER.findall(f"{label} {value}".replace("减半", str(HALF))))
        for label, value in clause.parameters
        if (label, value) != NINETY_HOURS
    )
    return [one for one in rows if one]


# What the rules compute


def of_rate(award: Award | None) -> list[Row]:
    """The row of an award by time, by words or by figure; nothing where a reviewer sets the amount."""
    match award:
        case PerHours():
            return [row(award.hours, award.credits, *([award.short] if award.short else []))]
        case PerWords():
            return [row(award.words, award.credits)]
        case PerMonth():
            return [row(1, award.credits)]
        case PerDay():
            return [row(award.credits, HOURS_OF_A_DAY)]
        case Flat():
            return [row(award.credits)]
        case Ranked():
            return [row(*(award.steps if len(set(award.steps)) > 1 else award.steps[:1]))]
    return []


def of_award(award: Award | None) -> list[Row]:
    """The rows of an award as the pages lay a table out: what depends on role or grade alone stands in one row."""
    match award:
        case Halved():
            return [*of_award(award.award), row(HALF)]
        case Published():
            return of_award(award.otherwise)
        case FullYear():
            return list(of_full_year(award))
        case By():
            rows = said_once(of_award(branch) for branch in award.table.values())
            flat = all(isinstance(branch, Flat) for branch in award.table.values())
            return [tuple(chain(*rows))] if flat and award.fact in ("role", "grade") else rows
    return of_rate(award)


def of_full_year(award: FullYear) -> Iterator[Row]:
    yield row(award.months, award.brings)
    for one in of_award(award.otherwise):
        yield (Decimal(award.months), *one)
    if award.each_month is not None:
        yield row(award.each_month)
    if award.each_year is not None:
        yield row(award.months, award.each_year)


def of_cap(cap: Credits | Limit | None) -> list[Row]:
    if cap is None:
        return []
    return [row(cap.credits, cap.primary_care) if isinstance(cap, Limit) else row(cap)]


def items_of(category: Category) -> list[Item]:
    return [category.item(item.code) for item in category.items] or [category.item()]


def computed(rules: Regulation, label: str) -> list[Row]:
    """The figures that the standards fix under that clause: rates in the order of the table, then caps."""
    groups = [list(of_requirement(rules, label))]
    for category in rules.categories:
        for item in items_of(category):
            if item.cite == label:
                groups += [of_award(item.award), of_cap(item.each_year)]
            # Caps that rest on a reading have no clause of their own (R6): each item shows them.
            if label == (item.cite if category.cap_readings else category.cite_caps or item.cite):
                groups.append([*of_cap(category.each_project), *of_cap(category.each_remote_project)])
        if label == (category.cite_caps or category.cite):
            groups.append(of_cap(category.each_year))
    if label in IN_PRIMARY_CARE:
        cap = rules.category(IN_PRIMARY_CARE[label]).each_year
        assert isinstance(cap, Limit)
        groups.append([row(cap.primary_care)])
    return said_once(groups)


def of_requirement(rules: Regulation, label: str) -> Iterator[Row]:
    asked = rules.requirement
    if label == asked.cite:
        yield row(asked.total)
    if label == asked.cite_split:
        least: Iterable[Any] = asked.common.values() if not isinstance(asked.common, int | str) else [asked.common]
        yield from (row(one) for one in (*least, asked.professional) if one)
    if label == asked.cite_settled and asked.settled_before is not None:
        day = asked.settled_before
        yield row(day.year, day.month, day.day)


# What the provisions time


def laid_down(procedure: Procedure, label: str) -> list[Row]:
    """The days, weeks, minimums and years of the provisions that stand in that clause."""
    rows = [row(abs(one.offset)) for one in procedure.deadlines if label in one.cite and one.offset is not None]
    rows += [row(*(one.opens or ()), *one.closes) for one in procedure.windows if label in one.cite and one.closes]
    rows += [row(one.per_day) for one in procedure.attendance if label in one.cite]
    rows += [row(one.pass_percent) for one in procedure.examinations if label in one.cite]
    rows += [row(one.min_years, one.max_years) for one in procedure.sanctions if label in one.cite]
    rows += [row(one.year, one.of_year, one.percent) for one in procedure.quotas if label in one.cite]
    return rows


def clauses() -> Iterator[Any]:
    for jurisdiction, versions in VERSIONS.items():
        procedure = versions[-1].procedure
        assert procedure is not None
        for clause in procedure.clauses:
            yield pytest.param(versions[-1], clause, id=f"{jurisdiction}-{clause.code}")


@pytest.mark.parametrize(("rules", "clause"), list(clauses()))
def test_a_clause_shows_the_figures_of_its_rule(rules: Regulation, clause: Clause) -> None:
    """All that is computed under the clause, in its order; where nothing is, all that its provisions time, or none."""
    procedure = rules.procedure
    assert procedure is not None
    figures = shown(clause)
    by_rule = computed(rules, clause.code)
    if not by_rule or clause.code == "beijing 北京思路3":  # R22: a district's projects have the rates of all projects
        assert figures in ([], laid_down(procedure, clause.code))  # none: in words (第一季度) or in the statements
    else:
        assert figures == by_rule


@pytest.mark.parametrize(("rules", "clause"), list(clauses()))
def test_a_clause_that_fixes_figures_works_an_example(rules: Regulation, clause: Clause) -> None:
    if computed(rules, clause.code):
        assert clause.examples
