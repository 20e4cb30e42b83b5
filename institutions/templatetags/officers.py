"""What officers' pages write with: how long something has waited, and totals that stop counting."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.core.paginator import Page

from cme_portal.foundation.clock import today as day_of
from cme_portal.foundation.paging import COUNT_LIMIT

register = template.Library()


@register.filter
def waited(since: datetime, today: date) -> str:
    """How many days something has waited: 今天, 3 天."""
    days = (today - day_of(since)).days
    return f"{days} 天" if days > 0 else "今天"


@register.filter
def days_past(day: date, today: date) -> int:
    """How many days have passed since a day that lies behind."""
    return (today - day).days


@register.filter
def in_words(count: int) -> str:
    """A bounded count: 23, or 1 万以上 where the counting stopped."""
    return "1 万以上" if count > COUNT_LIMIT else str(count)


@register.filter
def clauses(cite: str) -> str:
    """The numbers of the clauses that a route stands on: 四(二)4、四(二)5. Each is kept behind the code of its regulation."""
    return "、".join(label.partition(" ")[2] or label for label in cite.split("；"))


@register.filter
def total(page: Page) -> str:
    """The number of rows of all pages, as far as they were counted."""
    return in_words(page.paginator.count + page.paginator.is_bounded)
