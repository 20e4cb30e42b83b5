"""Rules that the worked cases leave to further ones: stays that overlap or fail, several people's years, the turn of 2025."""

from datetime import date
from decimal import Decimal

import pytest

from credits.rules import Activity, Person, assess, regulation


def day(text: str) -> date:
    return date.fromisoformat(text)


def stay(name: str, start: str, end: str, hours: str = "60", category: str = "study_leave") -> Activity:
    return Activity(name, category, hours=Decimal(hours), start=day(start), end=day(end))


def figures(jurisdiction: str, *activities: Activity, year: int = 2026) -> list[tuple[int, int]]:
    result = assess(regulation(jurisdiction, year), year, Person("intermediate"), activities)
    return [(line.earned, line.counted) for line in result.lines]


def test_two_stays_share_the_cap_of_a_month_in_order_of_date() -> None:
    later, earlier = stay("a", "2026-03-16", "2026-03-31", "36"), stay("b", "2026-03-01", "2026-03-15", "36")
    assert figures("liaoning", later, earlier) == [(60, 20), (60, 60)]


def test_stays_of_equal_length_share_what_does_not_divide_the_earlier_first() -> None:
    stays = [
        stay(name, f"2026-{month}-01", f"2026-{month}-30")
        for name, month in zip("abc", ("09", "04", "06"), strict=True)
    ]
    assert figures("national", *stays) == [(83, 83), (84, 84), (83, 83)]


def test_a_made_up_stay_does_not_add_to_the_months_of_the_missed_year() -> None:
    own = stay("a", "2026-03-01", "2026-04-29", "60")
    made_up = stay("b", "2027-03-01", "2027-05-31", "120")
    made_up.makes_up = 2026
    assert figures("sichuan", own, made_up) == [(100, 100), (200, 200)]


def test_a_failed_degree_in_zhejiang_leaves_room_for_the_passed_one() -> None:
    failed = Activity("a", "degree", passed=False, start=day("2026-01-01"))
    passed = Activity("b", "degree", start=day("2026-02-01"))
    assert figures("zhejiang", failed, passed) == [(0, 0), (250, 250)]


def test_a_failed_part_takes_nothing_of_the_published_figure() -> None:
    parts = [
        Activity(name, "project", project="P", published_credits=Decimal(6), start=day(start), passed=passed)
        for name, start, passed in (("a", "2026-03-01", False), ("b", "2026-04-01", True))
    ]
    assert figures("zhejiang", *parts) == [(0, 0), (60, 60)]


def test_the_published_figure_counts_once_over_remote_and_in_person_parts() -> None:
    parts = [
        Activity(name, "project", project="P", published_credits=Decimal(6), delivery=delivery, start=day(start))
        for name, start, delivery in (("a", "2026-03-01", "remote"), ("b", "2026-04-01", "in_person"))
    ]
    assert figures("national", *parts) == [(30, 30), (60, 30)]


def test_a_city_project_has_its_published_figure_for_everybody() -> None:
    projects = [
        Activity(
            role,
            "project",
            "municipal",
            role=role,
            published_credits=Decimal(4),
            hours=Decimal(3),
            start=day("2026-03-01"),
        )
        for role in ("attendee", "speaker")
    ]
    assert figures("liaoning", *projects) == [(40, 40), (40, 40)]


@pytest.mark.parametrize(
    ("jurisdiction", "person", "subject"),
    [
        ("national", Person("junior"), True),
        ("national", Person("junior", residency="in_training"), False),
        ("liaoning", Person("junior", residency=date(2026, 1, 1)), False),
        ("liaoning", Person("junior", residency=date(2025, 12, 31)), True),
        ("beijing", Person("junior", residency=date(2027, 6, 30)), False),
        ("sichuan", Person("junior", licensed=False), False),
        ("jilin", Person("junior", licensed=False), False),
        ("jilin", Person("junior", residency="in_training"), True),
        ("jilin", Person("junior", residency=date(2026, 6, 30)), True),
        ("jilin", Person("junior", primary_care=True, residency=date(2026, 6, 30)), False),
        ("jilin", Person("junior", primary_care=True, residency=date(2025, 6, 30)), True),
    ],
)
def test_who_is_a_subject(jurisdiction: str, person: Person, *, subject: bool) -> None:
    result = assess(regulation(jurisdiction, 2026), 2026, person, [])
    assert (result.compliant is not None) is subject
    assert ("not_a_subject" in result.unmet) is not subject


def test_a_year_settled_before_the_new_rules_stays_settled_whatever_comes_later() -> None:
    before = [
        Activity(f"p{n}", "project", hours=Decimal(30), start=day(start), end=day(end))
        for n, (start, end) in enumerate(
            (("2025-02-03", "2025-02-06"), ("2025-04-07", "2025-04-10"), ("2025-07-10", "2025-07-14"))
        )
    ]
    after = Activity("late", "project", hours=Decimal(30), start=day("2025-07-13"), end=day("2025-07-20"))
    rules = regulation("zhejiang", 2025)
    assert assess(rules, 2025, Person("junior"), [*before, after]).unmet == ()
    assert assess(rules, 2025, Person("junior"), [*before[:2], after]).unmet == ("common",)


def test_the_same_year_in_2026_asks_for_the_common_subject() -> None:
    entries = [
        Activity(f"p{n}", "project", hours=Decimal(30), start=date(2026, n, 1), end=date(2026, n, 4)) for n in (1, 2, 3)
    ]
    assert assess(regulation("zhejiang", 2026), 2026, Person("junior"), entries).unmet == ("common",)


def test_several_practice_sessions_are_cut_each_before_they_are_multiplied() -> None:
    sessions = Activity("a", "practice", hours=Decimal(7), count=3, start=day("2026-03-01"), end=day("2026-03-03"))
    assert figures("jilin", sessions) == [(30, 30)]
