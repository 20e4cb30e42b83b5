"""Claims of one person that look like the same activity: pointed out while the form is filled in, and to the reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q

from credits.assessment import regulation_of
from credits.models import LIVE, Claim
from credits.questions import DEFAULTS, takes_time
from institutions.models import Practitioner

MOST = 5  # named for one claim


def overlapping(
    practitioner: Practitioner, facts: dict[str, Any], *, category: str, without: Claim | None
) -> list[tuple[str, Claim]]:
    """The person's other claims that look like the same activity: same project number, or overlapping days of a category.

    Only what one takes part in for a while can overlap: a paper that came out during a course is another activity.
    """
    others = Claim.objects.filter(province_id=practitioner.province_id, practitioner=practitioner, state__in=LIVE)
    if without is not None:
        family = without.part_of_id or without.pk
        others = others.exclude(Q(pk=family) | Q(part_of=family))
    found = islice(_alike(practitioner, facts, category, others), MOST)
    return [(f"与已申报的“{other}”{reason}，请确认不是重复申报。", other) for reason, other in found]


def _alike(
    practitioner: Practitioner, facts: Mapping[str, Any], category: str, others: Any
) -> Iterator[tuple[str, Claim]]:
    start: date | None = facts.get("start")
    end: date | None = facts.get("end") or start
    same = Q(pk=None)
    if facts.get("project"):
        same |= Q(project=facts["project"])
    if start is not None and category and _takes_time(practitioner, start.year, category, facts):
        same |= Q(category=category, start__lte=end) & (Q(end__gte=start) | Q(end=None, start__gte=start))
    for other in others.filter(same).order_by("pk"):
        if facts.get("project") and other.project == facts["project"]:
            yield "项目编号相同", other
        elif _takes_time(practitioner, other.year, other.category, other.facts()):
            yield "同类活动的日期有重叠", other


def _takes_time(practitioner: Practitioner, year: int, category: str, facts: Mapping[str, Any]) -> bool:
    item = regulation_of(practitioner, year).category(category).item(facts.get("item") or None)
    return takes_time(item, facts.get("role") or DEFAULTS["role"])
