"""Import the State Council's holiday notice of a year, and count the promised days in it again.

manage.py import_holiday_notice 2027 --holidays 2027-01-01..2027-01-03 --working-days 2027-02-20
"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from institutions import holidays


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--holidays", nargs="+", type=days, required=True, metavar="DAY[..DAY]")
        parser.add_argument("--working-days", nargs="*", type=days, default=[], metavar="DAY[..DAY]")

    def handle(self, *, year: int, **given: Any) -> None:
        try:
            changed = holidays.take_over(
                year=year,
                holidays=chain.from_iterable(given["holidays"]),
                working_days=chain.from_iterable(given["working_days"]),
            )
        except ValueError as impossible:
            raise CommandError(str(impossible)) from impossible
        self.stdout.write(f"Promised days changed: {changed}")


def days(text: str) -> list[date]:
    """``2027-10-01`` or ``2027-10-01..2027-10-07``."""
    first, _, last = text.partition("..")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text} is not a day such as 2027-10-01 or days such as 2027-10-01..2027-10-07"
        ) from error
    if end < start:
        raise ArgumentTypeError(f"{text} ends before it begins")
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
