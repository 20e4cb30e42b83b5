"""The portal's own checks of a claim, for the officer who decides: passed, or a thing to look at with the reason.

They never decide against anybody. Rows whose checks all pass may be approved in bulk; in Zhejiang they let the portal grant
achievements itself (zhejiang 附件 成果, Z23).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from cme_portal.foundation import outbox
from credits import evidence
from credits.assessment import NEW, preview
from credits.claims import declaration
from credits.models import LIVE, Claim, Evidence
from institutions import approvals
from institutions.enums import ApprovalState, ChecksState
from institutions.models import Practitioner

PASSED = "passed"
LOOK = "look"
PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list; ``claim`` is another claim to look at."""

    code: str
    state: str
    text: str
    claim: int | None = None


def run(*, claim_id: int, at: datetime) -> list[Check]:
    """Check a claim that is in review and keep the outcome on its approval."""
    with transaction.atomic():
        claim = Claim.objects.select_related("practitioner__province", "practitioner__institution", "part_of").get(pk=claim_id)
        if claim.approval_id is None or claim.state != ApprovalState.WAITING:
            return []
        found = [
            *_evidence_is_complete(claim),
            *_evidence_is_unique(claim),
            *_nothing_overlaps(claim),
            *_caps(claim, at=at),
            *_amount(claim),
        ]
        states = {check.state for check in found}
        state = (
            ChecksState.PENDING if PENDING in states else ChecksState.ATTENTION if LOOK in states else ChecksState.PASSED
        )
        approvals.record_checks(
            approval_id=claim.approval_id, checks=[asdict(check) for check in found], state=state, at=at
        )
    return found


@outbox.handler("claim.check")
def run_from_outbox(payload: dict[str, Any], *, at: datetime) -> None:
    run(claim_id=payload["claim"], at=at)


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


def _evidence_is_complete(claim: Claim) -> list[Check]:
    owner = claim.evidence_owner
    chosen = declaration(claim.practitioner, claim.year, claim.declaration)
    current = list(Evidence.objects.filter(claim=owner).current())
    if any(one.state in {Evidence.State.UPLOADED, Evidence.State.INSPECTING} for one in current):
        return [Check("evidence", PENDING, "证明材料正在核验。")]
    refused = [one for one in current if one.state == Evidence.State.REFUSED]
    if refused:
        return [Check("evidence", LOOK, f"{len(refused)} 份证明材料未通过文件核验，无法查看。")]
    given = {one.item for one in current}
    missing = [item.title for item in chosen.evidence_for(claim.item or None) if item.required and item.code not in given]
    if missing:
        return [Check("evidence", LOOK, f"缺少证明材料：{'、'.join(missing)}。")]
    if not current:
        return [Check("evidence", LOOK, "没有上传证明材料。")]
    return [Check("evidence", PASSED, f"证明材料齐全，共 {len(current)} 份，均可查看。")]


def _evidence_is_unique(claim: Claim) -> list[Check]:
    owner = claim.evidence_owner
    found = []
    for one in Evidence.objects.filter(claim=owner).current():
        for duplicate in evidence.duplicates_of(one):
            if owner.pk in {duplicate.claim.pk, duplicate.claim.part_of_id}:
                continue
            likeness = "相同" if duplicate.exact else "高度相似"
            found.append(
                Check("duplicate", LOOK, f"“{one.original_name}”与另一申报的材料{likeness}，请核对。", duplicate.claim.pk)
            )
    return found or [Check("duplicate", PASSED, "材料未在其他申报中使用。")]


def _nothing_overlaps(claim: Claim) -> list[Check]:
    found = overlapping(claim.practitioner, claim.facts(), category=claim.category, without=claim)
    return [Check("overlap", LOOK, sentence, other.pk) for sentence, other in found] or [
        Check("overlap", PASSED, "与本人其他申报无重复、无日期重叠。")
    ]


def _caps(claim: Claim, *, at: datetime) -> list[Check]:
    line = preview(claim.practitioner, claim.year, claim.as_activity(NEW), without=claim, at=at).line
    earned, counted = line.earned / 10, line.counted / 10
    if counted < earned:
        return [Check("cap", LOOK, f"按标准 {earned:.1f} 学分，受年度上限限制，计入 {counted:.1f} 学分。")]
    if line.earned == 0:
        return [Check("cap", LOOK, "按办法计算为 0 学分，请核对所填内容。")]
    return [Check("cap", PASSED, f"按办法计算 {earned:.1f} 学分，未超过上限。")]


def _amount(claim: Claim) -> list[Check]:
    if claim.assessed_credits is None:
        return []
    return [Check("amount", LOOK, f"申报 {claim.assessed_credits} 学分，由审核单位评定，请核对后审核。")]
