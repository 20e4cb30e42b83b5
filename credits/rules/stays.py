"""The calendar of stays: days inside the year, three full months, different days, shares, days by month (R3 to R5).

Days are ordinals (`date.toordinal`); both ends of a span belong to it.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final

from credits.rules.remembered import Remembered

SHORTEST_MONTH: Final = 28
LONGEST_MONTH: Final = 31

WHOLE_YEAR: Final = Remembered[int, tuple[int, int]](
    lambda year: (date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
)

MONTHS: Final = Remembered[int, list[tuple[date, int]]](  # of a year: the first day of each as a date, its last day
    lambda year: [
        (date(year, month, 1), date(year, month, monthrange(year, month)[1]).toordinal()) for month in range(1, 13)
    ]
)

Span = tuple[int, int]  # first and last day; without a day inside the year the last is the eve of the first


def inside(year: int, start: date | None, end: date | None) -> Span:
    """The part of a stay that lies in the year. Raise TypeError where a date is missing."""
    if start is None or end is None:
        raise TypeError("a stay needs its start and its end")
    first, last = WHOLE_YEAR[year]
    since, until = start.toordinal(), end.toordinal()
    if first <= since <= until <= last:
        return since, until
    since, until = max(since, first), min(until, last)
    return since, max(until, since - 1)


def length(span: Span) -> int:
    return span[1] - span[0] + 1


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
        first, last = spans[0]
        return last - first + 1
    covered = reach = 0
    for first, last in sorted(spans):
        if last > reach:
            covered += max(0, last - max(first, reach + 1) + 1)
            reach = last
    return covered


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in whole parts proportional to the weights: largest remainder first, the earlier of equal ones first."""
    if len(weights) == 1:
        return [amount]
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def days_by_month(span: Span) -> list[tuple[date, int]]:
    """The months that a span inside one year touches, by their first day, each with the span's days in it."""
    since, until = span
    start = date.fromordinal(since)
    touched = []
    for month, last in MONTHS[start.year][start.month - 1 :]:
        if until <= last:
            touched.append((month, until - since + 1))
            break
        touched.append((month, last - since + 1))
        since = last + 1
    return touched
