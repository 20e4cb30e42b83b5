"""Working days of mainland China, with the make-up working days of the State Council's yearly notices.

The notices of past years come with the `chinesecalendar` package and cost no query. A later year is known once its
notice has been imported into `SpecialDay`; until then weekends are the only days off and the year is provisional.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from chinese_calendar.constants import holidays as packaged_holidays
from chinese_calendar.constants import workdays as packaged_workdays
from django.db import models, transaction

ONE_DAY = timedelta(days=1)
PACKAGED_YEARS = frozenset(day.year for day in packaged_holidays)
SATURDAY = 5


class SpecialDay(models.Model):
    """A day of an imported notice that is not what its weekday says: a holiday, or a make-up working day."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("上班")

    class Meta:
        verbose_name = "节假日安排"
        verbose_name_plural = "节假日安排"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {'上班' if self.working else '放假'}"


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day` (before it when n is negative); `day` itself is never counted.

    With n = 0 the answer is `day`, or the next working day when `day` is not one.
    """
    special_days: dict[int, dict[date, bool]] = {}

    def works(candidate: date) -> bool:
        year = candidate.year
        if year not in special_days:
            special_days[year] = _special_days(year)
        return special_days[year].get(candidate, candidate.weekday() < SATURDAY)

    if n == 0:
        while not works(day):
            day += ONE_DAY
        return day
    step = ONE_DAY if n > 0 else -ONE_DAY
    remaining = abs(n)
    while remaining:
        day += step
        remaining -= works(day)
    return day


def is_provisional(year: int) -> bool:
    """True while the State Council's notice for the year is unknown: deadlines in that year may still move."""
    return year not in PACKAGED_YEARS and not SpecialDay.objects.filter(day__year=year).exists()


@transaction.atomic
def import_notice(*, year: int, holidays: Iterable[date], working_days: Iterable[date]) -> None:
    """Take over a year's notice, replacing an earlier import; the caller recomputes the deadlines in that year.

    Raises ValueError when a day lies outside the year, is named twice, or the notice names no holiday.
    """
    off, on = set(holidays), set(working_days)
    if not off:
        raise ValueError(f"{year} 年的放假通知没有列出任何放假日期，请核对文件后重新导入。")
    if off & on:
        raise ValueError(f"日期 {min(off & on)} 既列为放假又列为上班，请核对文件后重新导入。")
    if strangers := {day for day in off | on if day.year != year}:
        raise ValueError(f"日期 {min(strangers)} 不在 {year} 年内，请核对文件后重新导入。")
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        [SpecialDay(day=day, working=False) for day in off] + [SpecialDay(day=day, working=True) for day in on]
    )


def _special_days(year: int) -> dict[date, bool]:
    if year in PACKAGED_YEARS:
        return PACKAGED_BY_YEAR[year]
    return dict(SpecialDay.objects.filter(day__year=year).values_list("day", "working"))


def _packaged_by_year() -> dict[int, dict[date, bool]]:
    by_year: dict[int, dict[date, bool]] = {year: {} for year in PACKAGED_YEARS}
    for day in packaged_holidays:
        by_year[day.year][day] = False
    for day in packaged_workdays:
        by_year[day.year][day] = True
    return by_year


PACKAGED_BY_YEAR = _packaged_by_year()
