"""One person, one year: the year's entries walked in order of date, shared caps filled, the requirement judged.

All credits are integers in tenths. The one computation serves preview, posting, statement, audit and what-if alike;
explanations are asked for apart, so that a province's run does not pay for them.
"""

from collections.abc import Sequence
from operator import attrgetter

from credits.rules.explain import explain_year
from credits.rules.facts import Activity, Person
from credits.rules.language import Regulation
from credits.rules.outcome import Result
from credits.rules.requirement import Demand, is_subject
from credits.rules.rulebook import RULEBOOKS, Rulebook, StayRule
from credits.rules.settling import settle_project, settle_stays

START = attrgetter("start")


def assess(
    regulation: Regulation, year: int, person: Person, activities: Sequence[Activity], *, explain: bool = False
) -> Result:
    """The statement of one person's year under a regulation.

    The activities are those that `checks.check` lets pass; a missing fact raises TypeError or KeyError, it is never a zero.
    """
    rules = RULEBOOKS[regulation]
    result = walk_year(rules, year, person, activities)
    counted = result.counted
    total = result.total = sum(counted)
    common = 0
    for position in result.in_common:
        common += counted[position]
    result.common = common
    if is_subject(regulation.subjects, person, year):
        demand = rules.demands[person.title, person.primary_care]
        unmet = demand.unmet(total, common, full_year=result.full_year)
        if unmet and "total" not in unmet and _settled_before(rules, year, person, activities, demand):
            unmet, result.settled_before = (), True
        result.unmet = unmet
        result.compliant = not unmet
    if explain:
        result.steps = explain_year(result, year)
    return result


def walk_year(rules: Rulebook, year: int, person: Person, activities: Sequence[Activity]) -> Result:
    """Earned and counted credits of every activity: shared caps are filled in order of start, then of the list."""
    try:
        ordered = sorted(activities, key=START)
    except TypeError:
        ordered = _with_undated(activities, rules)
    result = Result(rules, person, activities, ordered)
    left = (rules.limits_in_primary_care if person.primary_care else rules.limits).copy()
    parted, stays = _one_by_one(result, year, left)
    if parted:
        for positions in parted.values():
            settle_project(result, positions)
    if stays:
        for stay, positions in stays.items():
            settle_stays(result, year, stay, positions, left)
    return result


def _one_by_one(  # noqa: C901, PLR0912 - one loop without calls: what an entry costs here, a province pays by the million
    result: Result, year: int, left: list[int]
) -> tuple[dict[str, list[int]], dict[StayRule, list[int]]]:
    """Write what every entry by itself brings under the yearly caps; `left` is what these still let through.

    What must be settled together comes back by position: project numbers that have several entries, and the stays.
    """
    rules, earned = result.rulebook, result.earned
    found = rules.rules
    cut: list[tuple[int, int]] = []  # where a yearly cap leaves less, and how much
    projects: dict[str, int] = {}  # where each number stands first
    parted: dict[str, list[int]] = {}
    stays: dict[StayRule, list[int]] = {}
    for position, activity in enumerate(result.ordered):
        rule = found[activity.category][activity.role][activity.item]
        if not activity.passed or (activity.makes_up is not None and activity.makes_up != year):
            continue
        if activity.subject == "common":
            result.in_common.append(position)
        if rule.project is not None:
            by_hours = rule.project.by_hours
            earned[position] = (
                by_hours[activity.delivery][activity.hours]
                if by_hours is not None and activity.count == 1 and activity.published_credits is None
                else rule.single(activity)
            )
            number = activity.project
            if number in projects:
                parted.setdefault(number, [projects[number]]).append(position)
            elif number is not None:
                projects[number] = position
        elif rule.stay is not None:
            earned[position] = rule.single(activity)
            stays.setdefault(rule.stay, []).append(position)
        else:
            worth_of, cap = rule.single, rule.cap  # rule.single(activity) would first look for a method of that name
            single = worth_of(activity)
            worth = earned[position] = single * activity.count
            if worth >= rule.full_year_at and (single >= rule.full_year_at or rules.full_year_by_entry):
                result.full_year = True
            if cap is not None:
                room = left[cap]
                if worth > room:
                    worth = room
                    cut.append((position, room))
                left[cap] = room - worth
            elif rule.caps:
                cut.append((position, _under(rule.caps, worth, left)))
    result.counted = earned.copy()
    for position, counted in cut:
        result.counted[position] = counted
    return parted, stays


def _under(caps: Sequence[int], worth: int, left: list[int]) -> int:
    """What several yearly caps together still take in."""
    counts = min(worth, *[left[cap] for cap in caps])
    for cap in caps:
        left[cap] -= counts
    return counts


def _with_undated(activities: Sequence[Activity], rules: Rulebook) -> list[Activity]:
    """In order of date where some have no start (R39)."""
    dated = sorted((activity for activity in activities if activity.start is not None), key=START)
    undated = [activity for activity in activities if activity.start is None]
    return undated + dated if rules.undated_first else dated + undated


def _settled_before(rules: Rulebook, year: int, person: Person, activities: Sequence[Activity], demand: Demand) -> bool:
    """Whether what had ended before the new rules came already counted to the whole year (R55)."""
    day = rules.regulation.requirement.settled_before
    if day is None or day.year != year:
        return False
    ended = [
        activity for activity in activities if activity.start is not None and (activity.end or activity.start) < day
    ]
    return sum(walk_year(rules, year, person, ended).counted) >= demand.total
