"""One person, one year: the year's entries walked in order of date, shared caps filled, the requirement judged.

All credits are integers in tenths. The one computation serves preview, posting, statement, audit and what-if alike;
explanations are asked for apart, so that a province's run does not pay for them.
"""

from collections.abc import Sequence
from operator import attrgetter

from credits.rules.awards import tenths
from credits.rules.explain import explain_year
from credits.rules.facts import Activity, Person
from credits.rules.language import Regulation
from credits.rules.outcome import Result, Walk
from credits.rules.requirement import NOT_A_SUBJECT, Demand, is_subject
from credits.rules.rulebook import ProjectCaps, Rulebook, StayRule, rulebook
from credits.rules.settling import settle

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
    common = sum(
        [counted for activity, counted in zip(walk.ordered, walk.counted, strict=True) if activity.subject == "common"]
    )
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
    taken = [found[activity.category, activity.item, activity.role] for activity in ordered]
    earned: list[int] = []
    counted: list[int] = []
    stays: dict[StayRule, list[int]] = {}
    projects: dict[object, list[int]] = {}
    full_year = False
    for activity, rule in zip(ordered, taken, strict=True):
        if not activity.passed or (activity.makes_up is not None and activity.makes_up != year):
            worth = counts = 0
        elif rule.stay is not None:
            stays.setdefault(rule.stay, []).append(len(earned))
            worth = counts = 0
        elif rule.project is not None:
            worth = counts = rule.single(activity)
            if activity.project is not None:
                counts = _share_project(projects, rule.project, activity, worth)
        else:
            single = rule.single(activity)
            worth = counts = single * activity.count
            full_year = full_year or (worth >= rule.full_year_at and (by_entry or single >= rule.full_year_at))
            for cap in rule.caps:
                if counts > left[cap]:  # noqa: PLR1730 - min() takes five times as long, for millions of entries
                    counts = left[cap]
            for cap in rule.caps:
                left[cap] -= counts
        earned.append(worth)
        counted.append(counts)
    walk = Walk(ordered, taken, earned, counted, full_year, [])
    for stay, positions in stays.items():
        settle(walk, rules, year, stay, positions, left=left)
    return walk


def _in_order(activities: Sequence[Activity], *, undated_first: bool) -> Sequence[Activity]:
    try:
        return sorted(activities, key=START)
    except TypeError:  # some have no start
        dated = sorted((activity for activity in activities if activity.start is not None), key=START)
        undated = [activity for activity in activities if activity.start is None]
        return undated + dated if undated_first else dated + undated


def _share_project(projects: dict[object, list[int]], caps: ProjectCaps, activity: Activity, worth: int) -> int:
    """What is left for this entry of its project's caps: in all, for remote parts, of the published figure."""
    number = (activity.project, activity.role) if caps.by_role else activity.project
    left = projects.get(number)
    if left is None:
        left = projects[number] = [caps.whole, caps.remote, 0]
    whole, in_remote, published = left
    counts = worth if worth < whole else whole  # noqa: FURB136 - as above
    if caps.published_once and activity.published_credits is not None:
        counts = min(counts, max(0, tenths(activity.published_credits) - published))
        left[2] += counts
    if activity.delivery == "remote":
        counts = min(counts, in_remote)
        left[1] -= counts
    left[0] -= counts
    return counts


def _settled_before(rules: Rulebook, year: int, person: Person, activities: Sequence[Activity], demand: Demand) -> bool:
    """Whether what had ended before the new rules came already counted to the whole year (R55)."""
    day = rules.regulation.requirement.settled_before
    if day is None or day.year != year:
        return False
    ended = [
        activity for activity in activities if activity.start is not None and (activity.end or activity.start) < day
    ]
    return sum(walk_year(rules, year, person, ended).counted) >= demand.total
