"""One person, one year: the year's entries walked in order of date, shared caps filled, the requirement judged.

All credits are integers in tenths. The one computation serves preview, posting, statement, audit and what-if alike;
explanations are asked for apart, so that a province's run does not pay for them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter

from credits.rules.awards import tenths
from credits.rules.explain import explain_year
from credits.rules.facts import Activity, Person
from credits.rules.language import Regulation
from credits.rules.outcome import MonthPart, Result, Settled, Walk
from credits.rules.requirement import NOT_A_SUBJECT, Demand, is_subject
from credits.rules.rulebook import ProjectCaps, Rulebook, StayRule, rulebook
from credits.rules.stays import Span, covers_months, days_by_month, different_days, inside, length, share

START = attrgetter("start")


def assess(
    regulation: Regulation, year: int, person: Person, activities: Sequence[Activity], *, explain: bool = False
) -> Result:
    """The statement of one person's year under a regulation.

    The activities are those that `checks.check` lets pass; a missing fact raises TypeError or KeyError, it is never a zero.
    """
    rules = rulebook(regulation)
    walk = walk_year(rules, year, person, activities)
    total = sum(walk.counted)
    common = 0
    for activity, counted in zip(walk.ordered, walk.counted, strict=True):
        if activity.subject == "common":
            common += counted
    demand = rules.demands[person.title, person.primary_care]
    compliant: bool | None = None
    unmet: tuple[str, ...] = NOT_A_SUBJECT
    if is_subject(regulation.subjects, person, year):
        unmet = demand.unmet(total, common, full_year=walk.full_year)
        if unmet and "total" not in unmet and _settled_before(rules, year, person, activities, demand):
            unmet = ()
        compliant = not unmet
    result = Result(
        total, total - common, common, walk.full_year, compliant, unmet, demand, activities, walk, rules, person
    )
    if explain:
        result.steps = explain_year(result, year)
    return result


def walk_year(rules: Rulebook, year: int, person: Person, activities: Sequence[Activity]) -> Walk:
    """Earned and counted credits of every activity: shared caps are filled in order of start, then of the list."""
    ordered = _in_order(activities, undated_first=rules.undated_first)
    left = rules.limits_for(person).copy()
    found, by_entry = rules.rules, rules.full_year_by_entry
    earned: list[int] = []
    counted: list[int] = []
    stays: dict[str, tuple[StayRule, list[int]]] = {}
    projects: dict[object, list[int]] = {}
    full_year = False
    for position, activity in enumerate(ordered):
        rule = found.get((activity.category, activity.item, activity.role)) or rules.rule(activity)
        if not activity.passed or (activity.makes_up is not None and activity.makes_up != year):
            worth = counts = 0
        elif rule.stay is not None:
            stays.setdefault(rule.category.code, (rule.stay, []))[1].append(position)
            worth = counts = 0
        elif rule.project is not None:
            worth = counts = rule.single(activity)
            if activity.project is not None:
                counts = _share_project(projects, rule.project, activity, worth)
        else:
            single = rule.single(activity)
            worth = counts = single * activity.count
            if worth >= rule.full_year_at and (by_entry or single >= rule.full_year_at):
                full_year = True
            for cap in rule.caps:
                counts = min(counts, left[cap])
            for cap in rule.caps:
                left[cap] -= counts
        earned.append(worth)
        counted.append(counts)
    walk = Walk(ordered, earned, counted, full_year, [])
    for stay, positions in stays.values():
        _settle(walk, rules, year, stay, positions, left)
    return walk


def _in_order(activities: Sequence[Activity], *, undated_first: bool) -> Sequence[Activity]:
    try:
        return sorted(activities, key=START)
    except TypeError:  # some have no start
        dated = sorted((activity for activity in activities if activity.start is not None), key=START)
        undated = [activity for activity in activities if activity.start is None]
        return undated + dated if undated_first else dated + undated


def _share_project(
    projects: dict[object, list[int]], caps: ProjectCaps, activity: Activity, worth: int
) -> int:
    """What is left for this entry of its project's caps: in all, for remote parts, of the published figure."""
    number = (activity.project, activity.role) if caps.by_role else activity.project
    left = projects.setdefault(number, [caps.whole, caps.remote, 0])
    counts = min(worth, left[0])
    remote = activity.delivery == "remote"
    if remote:
        counts = min(counts, left[1])
    if caps.published_once and caps.publishes and activity.published_credits is not None:
        counts = min(counts, max(0, tenths(activity.published_credits) - left[2]))
        left[2] += counts
    if remote:
        left[1] -= counts
    left[0] -= counts
    return counts


def _settled_before(rules: Rulebook, year: int, person: Person, activities: Sequence[Activity], demand: Demand) -> bool:
    """Whether what had ended before the new rules came already counted to the whole year (R55)."""
    day = rules.regulation.requirement.settled_before
    if day is None or day.year != year:
        return False
    ended = [activity for activity in activities if activity.start is not None and (activity.end or activity.start) < day]
    return sum(walk_year(rules, year, person, ended).counted) >= demand.total


def _settle(walk: Walk, rules: Rulebook, year: int, stay: StayRule, positions: list[int], left: list[int]) -> None:
    """The passed stays of one category: the whole year together, or each by its own time under the category's caps."""
    activities = [walk.ordered[position] for position in positions]
    spans = [_span(activity, year) for activity in activities]
    covered = sum(map(length, spans)) if rules.overlapping_days_each else different_days(spans)
    complete = covered >= stay.award.days or (
        rules.calendar_months and any(length(span) > 0 and covers_months(span, stay.award.months) for span in spans)
    )
    settled = Settled(stay, positions, spans, covered, complete)
    walk.settled.append(settled)
    if stay.each_month is None:
        figures = _by_time(rules, stay, activities, left)
    else:
        figures = _by_month(rules, settled, activities)
    if complete:
        walk.full_year = True
        settled.shared = not rules.accumulates_at_least or sum(counts for _, counts in figures) <= stay.brings
    if settled.shared:
        figures = [(part, part) for part in share(stay.brings, [length(span) for span in spans])]
    for position, (worth, counts) in zip(positions, figures, strict=True):
        walk.earned[position], walk.counted[position] = worth, counts


def _span(activity: Activity, year: int) -> Span:
    if activity.start is None or activity.end is None:
        raise TypeError(f"{activity.id}: a stay needs its start and its end")
    return inside(year, activity.start, activity.end)


def _by_time(rules: Rulebook, stay: StayRule, activities: list[Activity], left: list[int]) -> list[tuple[int, int]]:
    figures = []
    for activity in activities:
        worth = counts = rules.rule(activity).single(activity)
        if stay.cap is not None:
            counts = min(worth, left[stay.cap])
            left[stay.cap] -= counts
        figures.append((worth, counts))
    return figures


def _by_month(rules: Rulebook, settled: Settled, activities: list[Activity]) -> list[tuple[int, int]]:
    """Hours spread over the stay's days inside the year, cut to units in each month, then to the month's cap (R5)."""
    each_month = settled.rule.each_month or 0
    left: dict[date, int] = {}
    for activity, span in zip(activities, settled.spans, strict=True):
        parts = [
            MonthPart(month, days, hours, worth, min(worth, each_month), min(worth, left.get(month, each_month)))
            for month, days, hours, worth in _month_worths(rules, settled.rule, activity, span)
        ]
        for part in parts:
            left[part.month] = left.get(part.month, each_month) - part.counted
        settled.monthly.append(parts)
    return [(sum(part.earned for part in parts), sum(part.counted for part in parts)) for parts in settled.monthly]


def _month_worths(
    rules: Rulebook, stay: StayRule, activity: Activity, span: Span
) -> Iterator[tuple[date, int, Decimal, int]]:
    """Each month of a stay: its first day, the stay's days in it, their hours, what they are worth before the month's cap.

    With the reading "carry" the hours that fill no unit go on into the stay's next month.
    """
    if length(span) == 0:  # made up after the year: by the days on which it took place
        span = _span(activity, activity.start.year) if activity.start else span
    whole, hours, worth_of = length(span), activity.hours, stay.monthly_worth
    if hours is None or worth_of is None:
        raise TypeError(f"{activity.id}: hours are missing")
    through = 0
    for month, days in days_by_month(span):
        if rules.carries_hours:
            before, through = through, through + days
            worth = worth_of(hours * through, whole) - worth_of(hours * before, whole)
        else:
            worth = worth_of(hours * days, whole)
        yield month, days, hours * days / whole, worth
