"""The stays of one category in one year: the whole year's credits shared, or each by its time under the caps (R3 to R5)."""

from collections.abc import Iterator, Sequence
from datetime import date

from credits.rules.facts import Activity
from credits.rules.outcome import MonthPart, Settled, Walk
from credits.rules.rulebook import Rulebook, StayRule
from credits.rules.stays import Span, covers_months, days_by_month, different_days, inside, length, share


def settle(
    walk: Walk, rules: Rulebook, year: int, stay: StayRule, positions: Sequence[int], *, left: list[int]
) -> None:
    """Write the figures of a category's passed stays into the walk; `left` is what its yearly cap still lets through."""
    spans = [_span(walk.ordered[position], year) for position in positions]
    covered = sum(map(length, spans)) if rules.overlapping_days_each else different_days(spans)
    complete = covered >= stay.award.days
    if not complete and rules.calendar_months:
        for span in spans:
            complete = complete or covers_months(span, stay.award.months)
    settled = Settled(stay, positions, spans, covered, complete)
    walk.settled.append(settled)
    by_time = _by_time(walk, settled, left) if stay.each_month is None else _by_month(walk, rules, settled)
    if complete:
        walk.full_year = True
        settled.shared = by_time <= stay.brings or not rules.accumulates_at_least
    if settled.shared:
        shares = share(stay.brings, [length(span) for span in spans])
        for position, part in zip(positions, shares, strict=True):
            walk.earned[position] = walk.counted[position] = part


def _span(activity: Activity, year: int) -> Span:
    if activity.start is None or activity.end is None:
        raise TypeError(f"{activity.id}: a stay needs its start and its end")
    return inside(year, activity.start, activity.end)


def _by_time(walk: Walk, settled: Settled, left: list[int]) -> int:
    """Hours or days of each stay, together under the category's yearly cap where it has one; what counts in all."""
    cap, total = settled.rule.cap, 0
    for position in settled.positions:
        earned = counted = walk.rules[position].rate(walk.ordered[position])
        if cap is not None:
            counted = min(earned, left[cap])
            left[cap] -= counted
        walk.earned[position], walk.counted[position] = earned, counted
        total += counted
    return total


def _by_month(walk: Walk, rules: Rulebook, settled: Settled) -> int:
    """Hours spread over the stay's days inside the year, cut to units in each month, then to the month's cap (R5)."""
    each_month = settled.rule.each_month or 0
    left: dict[date, int] = {}
    total = 0
    for position, span in zip(settled.positions, settled.spans, strict=True):
        parts = []
        for month, days, worth in _worth_of_months(rules, settled.rule, walk.ordered[position], span):
            earned = min(worth, each_month)
            counted = min(earned, left.get(month, each_month))
            left[month] = left.get(month, each_month) - counted
            parts.append(MonthPart(month, days, worth, earned, counted))
        settled.monthly.append(parts)
        walk.earned[position] = sum([part.earned for part in parts])
        walk.counted[position] = sum([part.counted for part in parts])
        total += walk.counted[position]
    return total


def _worth_of_months(
    rules: Rulebook, stay: StayRule, activity: Activity, span: Span
) -> Iterator[tuple[date, int, int]]:
    """Each month of a stay: its first day, the stay's days in it, what their hours are worth before the month's cap.

    With the reading "carry" the hours that fill no unit go on into the stay's next month.
    """
    if length(span) == 0:  # made up after the year: by the days on which it took place
        span = _span(activity, activity.start.year) if activity.start else span
    worth_of = stay.monthly_worth
    if activity.hours is None or worth_of is None:
        raise TypeError(f"{activity.id}: hours are missing")
    hours, denominator = activity.hours.as_integer_ratio()
    denominator *= length(span)
    through = 0
    for month, days in days_by_month(span):
        worth = worth_of(hours * days, denominator)
        if rules.carries_hours:
            before, through = through, through + days
            worth = worth_of(hours * through, denominator) - worth_of(hours * before, denominator)
        yield month, days, worth
