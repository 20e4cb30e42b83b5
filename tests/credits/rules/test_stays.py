"""The calendar of three months: full months from any date, days counted once, shares that add up."""

from datetime import date

import pytest

from credits.rules.stays import covers_months, days_by_month, different_days, inside, share


def span(start: str, end: str, year: int = 2026) -> tuple[int, int]:
    return inside(year, date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("start", "end", "full"),
    [
        ("2026-02-01", "2026-04-30", True),
        ("2026-02-01", "2026-04-29", False),
        ("2026-02-10", "2026-05-09", True),
        ("2026-02-10", "2026-05-08", False),
        ("2026-01-31", "2026-04-29", True),
        ("2026-01-31", "2026-04-28", False),
        ("2026-11-30", "2027-02-27", False),
        ("2026-10-01", "2027-03-31", True),
        ("2025-12-15", "2026-03-31", True),
        ("2026-07-01", "2026-09-30", True),
        ("2026-07-01", "2026-09-29", False),
    ],
)
def test_three_full_months_inside_the_year(start: str, end: str, *, full: bool) -> None:
    assert covers_months(span(start, end), 3) is full


def test_a_leap_year_has_a_day_more() -> None:
    assert covers_months(span("2028-01-31", "2028-04-29", 2028), 3)
    assert covers_months(span("2028-02-01", "2028-04-30", 2028), 3)
    assert not covers_months(span("2028-02-01", "2028-04-29", 2028), 3)


def test_overlapping_days_count_once() -> None:
    assert different_days([span("2026-03-01", "2026-04-30"), span("2026-04-16", "2026-05-29")]) == 90
    assert different_days([span("2026-03-01", "2026-03-31"), span("2026-03-10", "2026-03-12")]) == 31
    assert different_days([span("2025-01-01", "2025-03-31"), span("2026-03-10", "2026-03-12")]) == 3


@pytest.mark.parametrize(
    ("days", "shares"), [([40, 50], [111, 139]), ([30, 30, 30], [84, 83, 83]), ([92], [250]), ([1, 89], [3, 247])]
)
def test_shares_add_up_by_largest_remainder(days: list[int], shares: list[int]) -> None:
    assert share(250, days) == shares


def test_days_by_month() -> None:
    parts = days_by_month(span("2026-03-22", "2026-05-20"))
    assert [(month.month, days) for month, days in parts] == [(3, 10), (4, 30), (5, 20)]
