"""Awards compiled: from what a regulation writes to a function from one activity's facts to tenths of a credit.

Each function tells one single occurrence before any cap; an entry of several is multiplied afterwards (R10, R28, R42).
Hours are exact decimals, so complete units and shares never suffer a rounding.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from operator import attrgetter, sub
from typing import Any, Protocol, assert_never

from credits.rules.remembered import Remembered
from credits.rules.terms import (
    Assessed,
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

Worth = Callable[[Any], int]
Spread = Callable[[Any, Sequence[int]], list[int]]
HALF_A_TENTH = Decimal("0.5")
ONE_HOUR = Decimal(1)
# Hours as a fraction of whole numbers, which stay exact when they are spread over days.
RATIO = Remembered[Decimal, tuple[int, int]](Decimal.as_integer_ratio)


class Stated(Protocol):
    """An activity whose needed facts are all there (`checks.check` has seen it)."""

    hours: Decimal
    words: int
    months: int
    days: int
    rank: int
    published_credits: Decimal | None
    assessed_credits: Decimal


def tenths(written: Credits | Decimal) -> int:
    """Credits as a regulation or a reviewer writes them, cut to tenths: "0.55" is 5."""
    return int(Decimal(written) * 10)


def compile_award(award: Award, role: str, readings: Mapping[str, str]) -> Worth:
    """The function that tells what one occurrence is worth for that role under those readings."""
    match award:
        case PerHours():
            return _per_hours(award, readings)
        case PerWords():
            return _per_words(award, readings)
        case Flat():
            figure = tenths(award.credits)
            return lambda _activity: figure
        case Ranked():
            return _ranked(award)
        case Assessed():
            return _assessed(readings)
        case PerMonth() | PerDay():
            return _per_count(award)
        case _:
            return _compile_composite(award, role, readings)


def _compile_composite(award: Halved | Published | FullYear | By, role: str, readings: Mapping[str, str]) -> Worth:
    match award:
        case By(fact="role"):
            return compile_award(award.table[role], role, readings)
        case By():
            branches = {code: compile_award(branch, role, readings) for code, branch in award.table.items()}
            fact = attrgetter(award.fact)
            return lambda activity: branches[fact(activity)](activity)
        case Halved():
            whole, halves = compile_award(award.award, role, readings), attrgetter(award.when)
            return lambda activity: whole(activity) // 2 if halves(activity) else whole(activity)
        case Published():
            return _published(award, readings)
        case FullYear():
            return compile_award(award.otherwise, role, readings)
        case _:
            assert_never(award)


def _per_hours(award: PerHours, readings: Mapping[str, str]) -> Worth:
    worth = worth_of_hours(award, readings)
    return lambda activity: worth[activity.hours]


def worth_of_hours(award: PerHours, readings: Mapping[str, str]) -> Remembered[Decimal, int]:
    """Tenths for the hours of one session."""
    unit, rate, short = Decimal(award.hours), tenths(award.credits), tenths(award.short)
    prorated = readings["practice_remainder" if award.short else "partial_units"] == "prorate"

    def worth(hours: Decimal) -> int:
        if short and hours < unit:
            return short if hours >= ONE_HOUR else 0
        return int(hours * rate // unit) if prorated else int(hours // unit) * rate

    return Remembered(worth)


def compile_spread(award: PerHours | PerDay, readings: Mapping[str, str]) -> Spread:
    """Tenths for each part of a stay, when its hours are spread over parts of so many days (R5)."""
    if isinstance(award, PerDay):
        raise TypeError("a monthly cap needs an award by hours")
    unit, rate = award.hours, tenths(award.credits)
    prorated, carried = readings["partial_units"] == "prorate", readings["hours_over_months"] == "carry"

    def spread(activity: Stated, days: Sequence[int]) -> list[int]:
        hours, whole = RATIO[activity.hours]
        whole *= unit * sum(days)
        upto = list(accumulate(days)) if carried else days  # hours that fill no unit go on into the next part
        worth = [hours * some * rate // whole if prorated else hours * some // whole * rate for some in upto]
        return [worth[0], *map(sub, worth[1:], worth)] if carried else worth

    return spread


def _per_words(award: PerWords, readings: Mapping[str, str]) -> Worth:
    unit, rate = award.words, tenths(award.credits)
    if readings["partial_words"] == "prorate":

        def in_proportion(activity: Stated) -> int:
            return activity.words * rate // unit

        return in_proportion

    def whole_units(activity: Stated) -> int:
        return activity.words // unit * rate

    return whole_units


def _per_count(award: PerMonth | PerDay) -> Worth:
    rate = tenths(award.credits)

    def per_month(activity: Stated) -> int:
        return activity.months * rate

    def per_day(activity: Stated) -> int:
        return activity.days * rate

    return per_month if isinstance(award, PerMonth) else per_day


def _ranked(award: Ranked) -> Worth:
    steps = tuple(tenths(step) for step in award.steps)
    last = len(steps)

    def by_rank(activity: Stated) -> int:
        return steps[activity.rank - 1] if activity.rank <= last else 0

    return by_rank


def _assessed(readings: Mapping[str, str]) -> Worth:
    rounding = HALF_A_TENTH if readings["assessed_figures"] == "round" else Decimal(0)
    granted = Remembered[Decimal, int](lambda figure: int(figure * 10 + rounding))
    return lambda activity: granted[activity.assessed_credits]


def _published(award: Published, readings: Mapping[str, str]) -> Worth:
    """The published figure, or the hours' worth; a missing fact raises TypeError, it is never a zero."""
    if award.otherwise is None:
        return lambda activity: int(activity.published_credits * 10)
    by_hours = worth_of_hours(award.otherwise, readings)

    def worth(activity: Stated) -> int:
        figure = activity.published_credits
        return by_hours[activity.hours] if figure is None else int(figure * 10)

    return worth
