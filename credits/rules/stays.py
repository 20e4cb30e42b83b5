"""The calendar of stays: days inside the year, three full months, different days, shares, days by month (R3 to R5).

Days are ordinals (`date.toordinal`); both ends of a span belong to it.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

Span = tuple[int, int]  # first and last day; the last before the first means that no day lies inside the year


def inside(year: int, start: date, end: date) -> Span:
    """The part of a stay that lies in the year."""
    return max(start, date(year, 1, 1)).toordinal(), min(end, date(year, 12, 31)).toordinal()


def length(span: Span) -> int:
    return max(0, span[1] - span[0] + 1)


def covers_months(span: Span, months: int) -> bool:
    """Whether the span reaches the eve of the same date so many months later; a missing day moves to the month's last."""
    first = date.fromordinal(span[0])
    years, month = divmod(first.month - 1 + months, 12)
    last_of_month = monthrange(first.year + years, month + 1)[1]
    same_date = date(first.year + years, month + 1, min(first.day, last_of_month))
    return span[1] >= same_date.toordinal() - 1


def different_days(spans: Iterable[Span]) -> int:
    """How many days the spans cover, overlapping days once."""
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
    """The months that a span touches, by their first day, each with the span's days in it."""
    months = []
    day, last = span
    while day <= last:
        first = date.fromordinal(day)
        end_of_month = day + monthrange(first.year, first.month)[1] - first.day
        months.append((first.replace(day=1), min(end_of_month, last) - day + 1))
        day = end_of_month + 1
    return months
