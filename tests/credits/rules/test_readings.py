"""Every reading is one setting: the other choice changes the figure it is about, and the explanation says which was taken."""

from datetime import date
from decimal import Decimal

import pytest

from credits.rules import Activity, Person, RuleMissingError, assess, regulation
from credits.rules.readings import SETTINGS

PERSON = Person("intermediate")
MARCH = date(2026, 3, 2)


def total(jurisdiction: str, readings: dict[str, str], *activities: Activity) -> int:
    rules = regulation(jurisdiction, 2026).amended(readings=readings)
    return assess(rules, 2026, PERSON, activities, explain=True).total


def project(name: str = "a", hours: str = "4", **facts: object) -> Activity:
    activity = Activity(name, "project", hours=Decimal(hours), start=MARCH, end=date(2026, 3, 31))
    for fact, value in facts.items():
        setattr(activity, fact, value)
    return activity


def stay(name: str, start: date, end: date, hours: str = "60", category: str = "study_leave") -> Activity:
    return Activity(name, category, hours=Decimal(hours), start=start, end=end)


WORDS = Activity("a", "self_study", "book", words=2500)
HALF_A_MONTH_SHORT = (
    stay("a", date(2026, 1, 1), date(2026, 2, 14)),
    stay("b", date(2026, 2, 1), date(2026, 3, 21)),
)
CASES = {
    "partial_units": ("national", [project()], 10, 13),
    "practice_remainder": ("national", [Activity("a", "practice", hours=Decimal(7), start=MARCH)], 10, 11),
    "three_months": ("national", [stay("a", date(2026, 2, 1), date(2026, 4, 30), "60")], 250, 100),
    "overlapping_days": ("national", HALF_A_MONTH_SHORT, 200, 250),
    "accumulated_credits": ("national", [stay("a", date(2026, 3, 1), date(2026, 6, 30), "600")], 250, 1000),
    "hours_over_months": ("liaoning", [stay("a", date(2026, 3, 22), date(2026, 5, 20))], 90, 100),
    "project_parts": (
        "national",
        [project("a", "30", project="P"), project("b", "3", project="P", role="speaker")],
        100,
        160,
    ),
    "partial_words": ("liaoning", [WORDS], 20, 25),
    "assessed_figures": ("national", [Activity("a", "other", assessed_credits=Decimal("2.25"))], 22, 23),
    "published_figure": (
        "national",
        [project(name, "9", project="P", published_credits=Decimal(4)) for name in "ab"],
        40,
        80,
    ),
    "undated": (
        "liaoning",
        [
            Activity("a", "self_study", "plan", assessed_credits=Decimal(9), start=MARCH),
            Activity("b", "self_study", "plan", assessed_credits=Decimal(9)),
        ],
        100,
        100,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_choice_counts_its_own_way(name: str) -> None:
    jurisdiction, activities, first, second = CASES[name]
    choices = list(SETTINGS[name].choices)
    assert [total(jurisdiction, {name: choice}, *activities) for choice in choices] == [first, second]


def test_undated_activities_take_what_is_left_of_a_cap_or_take_first() -> None:
    _, activities, _, _ = CASES["undated"]
    rules = regulation("liaoning", 2026)
    last, first = (
        assess(rules.amended(readings={"undated": way}), 2026, PERSON, activities) for way in ("last", "first")
    )
    assert [line.counted for line in last.lines] == [90, 10]
    assert [line.counted for line in first.lines] == [10, 90]


def test_several_occurrences_in_one_entry_bring_a_full_year_only_by_choice() -> None:
    papers = [Activity("a", "achievement", "paper", journal="core", rank=1, count=2, start=MARCH)]
    rules = regulation("zhejiang", 2026)
    assert not assess(rules, 2026, PERSON, papers).full_year
    assert assess(rules.amended(readings={"full_year_by": "entry"}), 2026, PERSON, papers, explain=True).full_year


def test_a_full_year_may_still_be_asked_for_its_split() -> None:
    paper = [Activity("a", "achievement", "paper", journal="sci", rank=1, start=MARCH)]
    rules = regulation("jilin", 2026)
    assert assess(rules, 2026, PERSON, paper).unmet == ()
    assert assess(rules.amended(readings={"split_in_a_full_year": "asked"}), 2026, PERSON, paper).unmet == ("common",)


def test_the_explanation_names_the_reading_and_its_choice() -> None:
    for choice, words in SETTINGS["partial_units"].choices.items():
        rules = regulation("national", 2026).amended(readings={"partial_units": choice})
        (line,) = assess(rules, 2026, PERSON, [project()], explain=True).lines
        (step,) = [step for step in line.steps if step.reading == "R1"]
        assert step.text == f"口径 R1：{words}。"


@pytest.mark.parametrize("readings", [{"partial_units": "up"}, {"unheard_of": "discard"}])
def test_a_reading_that_does_not_exist_is_refused(readings: dict[str, str]) -> None:
    with pytest.raises(RuleMissingError):
        regulation("national", 2026).amended(readings=readings)
