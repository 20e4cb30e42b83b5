"""Claims of one person that look like the same activity: pointed out while the form is filled in, and to the reviewer.

Compared are project numbers, names, days and files. None of them proves anything: they are things to look at.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q

from credits.assessment import regulation_of
from credits.evidence_models import Evidence, EvidenceState
from credits.models import LIVE, Claim
from credits.queries import ClaimQuerySet
from credits.questions import DEFAULTS, takes_time
from institutions.models import Practitioner

MOST = 5  # named for one claim


def overlapping(
    practitioner: Practitioner, facts: Mapping[str, Any], *, category: str, name: str, without: Claim | None
) -> list[tuple[str, Claim]]:
    """The person's other claims that look like the same activity: same project number, same name, or overlapping days.

    What one takes part in for a while may bear the same name again (a weekly ward round), but not on the same days. What is
    obtained on one day (a paper, an award) overlaps with nothing, but is obtained only once, whatever date is given for it.
    Names and days are compared inside a category: a paper that came out during a course is another activity.
    """
    others = _others(practitioner, without)
    found = islice(_alike(practitioner, facts, category, name, others), MOST)
    return [(f"与已申报的“{other}”{reason}，请确认不是重复申报。", other) for reason, other in found]


def with_same_file(claim: Claim) -> list[tuple[str, Claim]]:
    """The person's other claims that one of this claim's files was uploaded to as well."""
    usable = Evidence.objects.current().exclude(state=EvidenceState.REFUSED)
    same = usable.filter(province_id=claim.province_id, sha256__in=usable.of(claim).values("sha256"))
    others = _others(claim.practitioner, claim).filter(pk__in=same.values("claim"))
    return [
        (f"已申报的“{other}”用过相同的证明材料，请确认不是重复申报。", other) for other in others.order_by("pk")[:MOST]
    ]


def same_file_twice(claim: Claim) -> list[str]:
    """Files that the claim holds more than once: one scan may well show two documents, but somebody must look."""
    names: dict[str, list[str]] = {}
    for one in Evidence.objects.of(claim).current().exclude(state=EvidenceState.REFUSED):
        names.setdefault(one.sha256, []).append(f"“{one.original_name}”")
    return [f"{'、'.join(same)}是同一个文件，请确认各项材料都在其中。" for same in names.values() if len(same) > 1]


def what_was_compared(claim: Claim) -> str:
    """What no other claim was found to share with this one, in words: no more than ``overlapping`` looked at."""
    if _takes_time(claim.practitioner, claim.year, claim.category, claim.facts()):
        return "本人其他申报中，没有项目编号相同的，没有日期重叠的同类活动。"
    return "本人其他申报中，没有项目编号相同的，没有名称相同的同类成果。"


def _others(practitioner: Practitioner, without: Claim | None) -> ClaimQuerySet:
    """The person's claims that may still bring credits, but for one and the other years of its stay."""
    others = Claim.objects.filter(province_id=practitioner.province_id, practitioner=practitioner, state__in=LIVE)
    if without is None:
        return others
    family = without.part_of_id or without.pk
    return others.exclude(Q(pk=family) | Q(part_of=family))


def _alike(
    practitioner: Practitioner, facts: Mapping[str, Any], category: str, name: str, others: ClaimQuerySet
) -> Iterator[tuple[str, Claim]]:
    start: date | None = facts.get("start")
    end: date | None = facts.get("end") or start
    same = Q(pk=None)
    if facts.get("project"):
        same |= Q(project=facts["project"])
    is_once = False
    if start is not None and category:
        is_once = not _takes_time(practitioner, start.year, category, facts)
        days = Q(start__lte=end) & (Q(end__gte=start) | Q(end=None, start__gte=start))
        same |= Q(category=category, item=facts.get("item") or "") if is_once else Q(category=category) & days
    for other in others.filter(same).order_by("pk"):
        if facts.get("project") and other.project == facts["project"]:
            yield "项目编号相同", other
        elif is_once:
            if _spelled(name) and _spelled(other.activity_name) == _spelled(name):
                yield "名称相同", other
        elif _takes_time(practitioner, other.year, other.category, other.facts()):
            yield "同类活动的日期有重叠", other


def _takes_time(practitioner: Practitioner, year: int, category: str, facts: Mapping[str, Any]) -> bool:
    item = regulation_of(practitioner, year).category(category).item(facts.get("item") or None)
    return takes_time(item, facts.get("role") or DEFAULTS["role"])


def _spelled(name: str) -> str:
    """The letters and figures of a name: how it is spaced, punctuated and capitalised makes no other paper of it."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
