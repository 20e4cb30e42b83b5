"""Claims of one person that look like the same activity: pointed out while the form is filled in, and to the reviewer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from credits.models import LIVE, Claim
from institutions.models import Practitioner


def overlapping(
    practitioner: Practitioner, facts: dict[str, Any], *, category: str, without: Claim | None
) -> list[tuple[str, Claim]]:
    """The person's other claims that look like the same activity: same project number, or overlapping days of a category."""
    others = Claim.objects.filter(province_id=practitioner.province_id, practitioner=practitioner, state__in=LIVE)
    if without is not None:
        family = without.part_of_id or without.pk
        others = others.exclude(Q(pk=family) | Q(part_of=family))
    start: date | None = facts.get("start")
    end: date | None = facts.get("end") or start
    same = Q(pk=None)
    if facts.get("project"):
        same |= Q(project=facts["project"])
    if start is not None and end is not None and category:
        same |= Q(category=category, start__lte=end) & (Q(end__gte=start) | Q(end=None, start__gte=start))
    found = []
    for other in others.filter(same).order_by("pk")[:5]:
        is_same_project = bool(facts.get("project")) and other.project == facts["project"]
        reason = "项目编号相同" if is_same_project else "同类活动的日期有重叠"
        found.append((f"与已申报的“{other}”{reason}，请确认不是重复申报。", other))
    return found
