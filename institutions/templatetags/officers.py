"""What officers' pages write with: how long something has waited, and totals that stop counting."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.core.paginator import Page

from cme_portal.foundation.clock import today as day_of

register = template.Library()


@register.filter
def waited(since: datetime, today: date) -> str:
    """How many days something has waited: 今天, 3 天."""
    days = (today - day_of(since)).days
    return f"{days} 天" if days > 0 else "今天"


@register.filter
def total(page: Page) -> str:
    """The number of rows, or that there are more than were counted."""
    bounded = getattr(page.paginator, "is_bounded", False)
    return "1 万以上" if bounded else str(page.paginator.count)
