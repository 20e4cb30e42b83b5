"""Working days with holidays, make-up days, and years whose notice is still to come."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme_portal.foundation.workdays import add_working_days, import_notice, is_provisional

announced = st.dates(date(2005, 1, 1), date(2026, 9, 1))


def is_working_day(day: date) -> bool:
    return add_working_days(day, 0) == day


def test_ten_working_days_before_a_course_skip_the_national_holiday() -> None:
    # 1 to 7 October 2026 are holidays; 20 September and 10 October are make-up working days.
    assert add_working_days(date(2026, 10, 12), -10) == date(2026, 9, 21)


def test_make_up_days_are_worked() -> None:
    assert is_working_day(date(2026, 10, 10))
    assert add_working_days(date(2026, 10, 9), 1) == date(2026, 10, 10)


def test_no_days_later_is_the_day_itself_or_the_next_worked_one() -> None:
    assert add_working_days(date(2026, 9, 30), 0) == date(2026, 9, 30)
    assert add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 8)


@given(announced, st.integers(1, 60))
def test_the_answer_is_a_working_day_on_the_right_side(day: date, n: int) -> None:
    later, earlier = add_working_days(day, n), add_working_days(day, -n)
    assert later > day > earlier
    assert is_working_day(later)
    assert is_working_day(earlier)


@given(announced, st.integers(1, 60))
def test_there_are_exactly_n_working_days_in_between(day: date, n: int) -> None:
    later = add_working_days(day, n)
    passed = [day + timedelta(days=offset) for offset in range(1, (later - day).days + 1)]
    assert sum(map(is_working_day, passed)) == n


@given(announced, st.integers(1, 30), st.integers(1, 30))
@settings(max_examples=50)
def test_days_add_up(day: date, first: int, second: int) -> None:
    assert add_working_days(add_working_days(day, first), second) == add_working_days(day, first + second)


def test_announced_years_are_final() -> None:
    assert not is_provisional(2026)


@pytest.mark.django_db
def test_a_year_is_provisional_until_its_notice_is_imported() -> None:
    assert is_provisional(2027)
    assert add_working_days(date(2027, 9, 30), 1) == date(2027, 10, 1)

    holidays = [date(2027, 10, day) for day in range(1, 8)]
    import_notice(year=2027, holidays=holidays, working_days=[date(2027, 10, 9)])

    assert not is_provisional(2027)
    assert add_working_days(date(2027, 9, 30), 1) == date(2027, 10, 8)
    assert add_working_days(date(2027, 9, 30), 2) == date(2027, 10, 9)


@pytest.mark.django_db
def test_a_second_import_replaces_the_first() -> None:
    import_notice(year=2027, holidays=[date(2027, 10, 1)], working_days=[])
    import_notice(year=2027, holidays=[date(2027, 10, 4)], working_days=[])
    assert is_working_day(date(2027, 10, 1))
    assert not is_working_day(date(2027, 10, 4))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("holidays", "working_days", "sentence"),
    [
        ([], [date(2027, 10, 9)], "没有列出"),
        ([date(2027, 10, 1)], [date(2027, 10, 1)], "既列为放假又列为上班"),
        ([date(2028, 10, 1)], [], "不在 2027 年内"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(holidays: list[date], working_days: list[date], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        import_notice(year=2027, holidays=holidays, working_days=working_days)
