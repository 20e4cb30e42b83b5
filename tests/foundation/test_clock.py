"""Asia/Shanghai decides the day and the year."""

from datetime import UTC, date, datetime

import pytest

from cme_portal.foundation.clock import credit_year, today


def test_the_year_turns_at_midnight_in_china() -> None:
    assert credit_year(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == 2026
    assert credit_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027


def test_the_day_is_that_of_china() -> None:
    assert today(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today(datetime(2026, 3, 1, 16, 0))  # noqa: DTZ001 - the mistake under test
