"""The calendar of stays: days inside the year, three full months, different days, shares, days by month (R3 to R5).

Days are ordinals (`date.toordinal`); both ends of a span belong to it.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

SHORTEST_MONTH: Final = 28
LONGEST_MONTH: Final = 31

Span = tuple[int, int]  # first and last day; the last before the first means that no day lies inside the year


@lru_cache(maxsize=256)
def whole_year(year: int) -> Span:
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()


def inside(year: int, start: date, end: date) -> Span:
    """The part of a stay that lies in the year."""
    first, last = whole_year(year)
    return max(start.toordinal(), first), min(end.toordinal(), last)


def length(span: Span) -> int:
    return max(0, span[1] - span[0] + 1)


def covers_months(span: Span, months: int) -> bool:
    """Whether the span reaches the eve of the same date so many months later; a missing day moves to the month's last."""
    if span[1] - span[0] >= LONGEST_MONTH * months:
        return True
    if span[1] - span[0] < SHORTEST_MONTH * months - 1:
        return False
    first = date.fromordinal(span[0])
    years, month = divmod(first.month - 1 + months, 12)
    last_of_month = monthrange(first.year + years, month + 1)[1]
    same_date = date(first.year + years, month + 1, min(first.day, last_of_month))
    return span[1] >= same_date.toordinal() - 1


def different_days(spans: Sequence[Span]) -> int:
    """How many days the spans cover, overlapping days once."""
    if len(spans) == 1:
        return length(spans[0])
    covered = reach = 0
    for first, last in sorted(spans):
        if last > reach:
            covered += max(0, last - max(first, reach + 1) + 1)
            reach = last
    return covered


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in whole parts proportional to the weights: largest remainder first, the earlier of equal ones first."""
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def days_by_month(span: Span) -> list[tuple[date, int]]:
    """The months that a span inside one year touches, by their first day, each with the span's days in it."""
    since, until = span
    touched = []
    for first, last, month in months_of(date.fromordinal(since).year):
        if first <= until and last >= since:
            touched.append((month, min(last, until) - max(first, since) + 1))
    return touched


@lru_cache(maxsize=256)
def months_of(year: int) -> tuple[tuple[int, int, date], ...]:
    """First and last day of every month, and the first as a date."""
    firsts = [date(year, month, 1) for month in range(1, 13)]
    return tuple(
        (first.toordinal(), first.toordinal() + monthrange(year, first.month)[1] - 1, first) for first in firsts
    )
