"""Asia/Shanghai decides which day and which credit year a moment belongs to, whatever zone is active.

It is the settings' TIME_ZONE as well and nothing activates another, so Django's ``timezone.localdate`` tells the same day.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today(at: datetime) -> date:
    """The calendar day in China at the moment `at` (aware; ValueError if naive)."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be turned into a day; pass an aware datetime.")
    return at.astimezone(SHANGHAI).date()


def credit_year(at: datetime) -> int:
    """The credit year a moment belongs to: the calendar year in China."""
    return today(at).year
