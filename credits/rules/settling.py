"""What is settled together: entries of one project under its caps (R6, R26, R27), the stays of one category (R3 to R5).

Stays share the whole year's credits, or each counts by its time under the caps.
"""

from collections.abc import Sequence
from datetime import date

from credits.rules.awards import Spread, tenths
from credits.rules.outcome import Monthly, Result, new_settled
from credits.rules.rulebook import StayRule
from credits.rules.stays import Span, covers_months, days_by_month, different_days, inside, length, share


def settle_project(result: Result, positions: Sequence[int]) -> None:
    """Write what counts of several entries of one project number: its caps take them in together, or by role (R6).

    The result holds the worth of each by itself, which is under these caps already.
    """
    left: dict[str, tuple[int, int, int]] = {}  # in all, for remote parts; what a published figure has brought so far
    for position in positions:
        activity, counts = result.ordered[position], result.earned[position]
        caps = result.rulebook.rule_of(activity).project
        if caps is None:
            raise TypeError(f"{activity.id}: no entry of a project")
        sharers = activity.role if caps.by_role else ""
        whole, in_remote, published = left.get(sharers, (caps.whole, caps.remote, 0))
        counts = min(counts, whole)
        if caps.published_once and activity.published_credits is not None:
            counts = min(counts, max(0, tenths(activity.published_credits) - published))
            published += counts
        if activity.delivery == "remote":
            counts = min(counts, in_remote)
            in_remote -= counts
        left[sharers] = whole - counts, in_remote, published
        result.counted[position] = counts


def settle_stays(result: Result, year: int, stay: StayRule, positions: Sequence[int], left: list[int]) -> None:
    """Write the figures of a category's passed stays, which stand in the result by their time.

    `left` is what yearly caps still let through.
    """
    rules, spans = result.rulebook, []
    for position in positions:
        activity = result.ordered[position]
        spans.append(inside(year, activity.start, activity.end))
    covered = sum(map(length, spans)) if rules.overlapping_days_each else different_days(spans)
    complete = covered >= stay.award.days
    if not complete and covered >= stay.shortest and rules.calendar_months:
        complete = any(covers_months(span, stay.award.months) for span in spans)
    monthly: Monthly = ()
    if stay.spread is not None:
        monthly = _by_month(result, stay, stay.spread, positions, spans)
    elif stay.cap is not None:
        for position in positions:
            result.counted[position] = min(result.earned[position], left[stay.cap])
            left[stay.cap] -= result.counted[position]
    shared = complete and _share(result, stay, positions, spans)
    result.settled.append(new_settled((stay, positions, spans, covered, complete, shared, monthly)))


def _share(result: Result, stay: StayRule, positions: Sequence[int], spans: Sequence[Span]) -> bool:
    """Share the whole year's credits by days, unless the stays count more by their time and may (R4)."""
    result.full_year = True
    if result.rulebook.accumulates_at_least and sum([result.counted[position] for position in positions]) > stay.brings:
        return False
    shares = share(stay.brings, [length(span) for span in spans])
    for position, part in zip(positions, shares, strict=True):
        result.earned[position] = result.counted[position] = part
    return True


def _by_month(
    result: Result, stay: StayRule, spread: Spread, positions: Sequence[int], spans: Sequence[Span]
) -> Monthly:
    """Hours spread over the stay's days inside the year, cut to units in each month, then to the month's cap (R5)."""
    each_month = stay.each_month or 0
    left: dict[date, int] = {}
    monthly = []
    for position, in_year in zip(positions, spans, strict=True):
        activity, span = result.ordered[position], in_year
        if activity.start is not None and not length(span):  # made up after the year: by the days when it took place
            span = inside(activity.start.year, activity.start, activity.end)
        months = days_by_month(span)
        worths = spread(activity, [days for _, days in months])
        earned = counted = 0
        for (month, _), worth in zip(months, worths, strict=True):
            under = worth if worth < each_month else each_month  # noqa: FURB136 - min() takes five times as long
            room = left.get(month, each_month)
            counts = under if under < room else room  # noqa: FURB136 - as above
            left[month] = room - counts
            earned += under
            counted += counts
        result.earned[position], result.counted[position] = earned, counted
        monthly.append((months, worths))
    return monthly
