"""Hypothesis strategies: people and activities that a regulation can assess, built from the regulation itself."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from credits.rules import FACTS, JURISDICTIONS, TITLES, Activity, Person, Regulation, regulation
from credits.rules.language import Item
from credits.rules.rulebook import for_role
from credits.rules.terms import By, Halved

YEAR = 2026
NEW_YEARS_EVE = date(YEAR, 12, 31)

regulations = st.sampled_from(JURISDICTIONS).map(lambda code: regulation(code, YEAR))
persons = st.builds(
    Person,
    title=st.sampled_from(list(TITLES)),
    primary_care=st.booleans(),
)
# Some days are drawn again and again, so that a year has entries of equal dates.
days_of_the_year = st.sampled_from([date(YEAR, 3, 2), date(YEAR, 8, 31)]) | st.dates(date(YEAR, 1, 1), NEW_YEARS_EVE)
PROJECTS = st.none() | st.sampled_from(["P-1", "P-2"])


def tables(award: object) -> dict[str, list[str]]:
    """The codes that each fact may have, for awards by table (branches of one table are alike in ours)."""
    if isinstance(award, Halved):
        return tables(award.award)
    if not isinstance(award, By):
        return {}
    codes: dict[str, list[str]] = {award.fact: list(award.table)}
    for branch in award.table.values():
        codes.update(tables(branch))
    return codes


@st.composite
def activities(draw: st.DrawFn, rules: Regulation, after: date | None = None) -> Activity:
    """An activity of the year that the regulation can assess; `after`: one that starts later than that day."""
    category = draw(st.sampled_from(rules.categories))
    if category.open_items:
        item = Item("CITY-1", category.title, award=category.award)
    else:
        item = draw(st.sampled_from(category.items)) if category.items else category.item()
        item = category.item(item.code or None)
    activity = Activity(id="x", category=category.code, item=item.code or None)
    activity.role = draw(st.sampled_from(["attendee", "speaker"]))
    activity.delivery = draw(st.sampled_from(["in_person", "remote"]))
    activity.subject = draw(st.sampled_from(["professional", "common"]))
    activity.passed = draw(st.integers(0, 9)) > 0
    activity.start = draw(days_of_the_year if after is None else st.dates(after + timedelta(1), NEW_YEARS_EVE))
    longest = (NEW_YEARS_EVE - activity.start).days
    activity.end = activity.start + timedelta(draw(st.integers(0, min(longest, 120))))
    award = for_role(item.award, activity.role)
    length = (activity.end - activity.start).days + 1
    for name, codes in tables(award).items():
        setattr(activity, name, draw(st.sampled_from(codes)))
    for group in item.needs(activity.role):
        _state(draw, activity, draw(st.sampled_from(group)), length)
    if category.each_project is not None:
        activity.project = draw(PROJECTS)
    elif not category.over_new_year and (activity.hours is None or activity.hours * 3 <= length * 24):
        activity.count = draw(st.integers(1, 3))
    activity.review = draw(st.booleans())
    return activity


def _state(draw: st.DrawFn, activity: Activity, name: str, length: int) -> None:
    """Give a needed fact a possible value, unless it has one."""
    if getattr(activity, name) is not None and name != "count":
        return
    values: dict[str, st.SearchStrategy[object]] = {
        "hours": st.decimals(0, length * 24, places=2).map(Decimal),
        "days": st.integers(0, length),
        "months": st.integers(0, 1),
        "words": st.integers(0, 20_000),
        "rank": st.integers(1, 6),
        "count": st.integers(1, 12),
        "published_credits": st.decimals(0, 20, places=1),
        "assessed_credits": st.decimals(0, 30, places=2),
    }
    strategy = values.get(name)
    setattr(activity, name, draw(strategy if strategy is not None else st.sampled_from(list(FACTS[name].choices))))


@st.composite
def years(draw: st.DrawFn, most: int = 10) -> tuple[Regulation, Person, list[Activity]]:
    """A regulation, a person and a year of entries with ids of their own."""
    rules = draw(regulations)
    entries = draw(st.lists(activities(rules), max_size=most))
    for place, entry in enumerate(entries):
        entry.id = f"a{place}"
    return rules, draw(persons), entries
