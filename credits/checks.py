"""The portal's own checks of a claim, for the officer who decides: passed, or a thing to look at with the reason.

They never decide against anybody. Rows whose checks all pass may be approved in bulk; in Zhejiang they let the portal grant
achievements itself (zhejiang 附件 成果, Z23).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cme_portal.foundation import outbox
from credits.assessment import NEW, preview, regulation_of
from credits.claims import declaration, lock
from credits.duplicates import duplicates_of
from credits.evidence import mentions
from credits.evidence_models import Evidence, EvidenceState
from credits.models import Claim
from credits.overlaps import overlapping, same_file_twice, what_was_compared
from credits.time_limits import time_limits
from institutions import approvals
from institutions.enums import ApprovalState, ChecksState

PASSED = "passed"
LOOK = "look"
PENDING = "pending"
DUPLICATE = "duplicate"
SAME_FILE = "same_file"
MOST_DUPLICATES = 5  # named for one document: a notice that everybody uploads is found in thousands of claims


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list; ``claims`` are ids of other claims to look at."""

    code: str
    state: str
    text: str
    claims: Sequence[int] = ()


def run(*, claim_id: int, at: datetime) -> list[Check]:
    """Check a claim that is in review and keep the outcome on its approval."""
    with transaction.atomic():
        # Under the lock: what is found must be about the claim that it is kept with.
        claim = lock(claim_id)
        if claim.approval_id is None or claim.state != ApprovalState.WAITING:
            return []
        found = [
            *_evidence_is_complete(claim),
            *_evidence_names_the_person(claim),
            *_evidence_is_unique(claim),
            *_nothing_overlaps(claim),
            *_in_time(claim),
            *_caps(claim, at=at),
            *_amount(claim),
        ]
        states = {check.state for check in found}
        state = (
            ChecksState.PENDING
            if PENDING in states
            else ChecksState.ATTENTION
            if LOOK in states
            else ChecksState.PASSED
        )
        approvals.record_checks(
            approval_id=claim.approval_id, checks=[asdict(check) for check in found], state=state, at=at
        )
    return found


@outbox.handler("claim.check")
def run_from_outbox(payload: dict[str, Any], *, at: datetime) -> None:
    if Claim.objects.filter(pk=payload["claim"]).exists():  # a draft whose evidence was inspected may be discarded
        run(claim_id=payload["claim"], at=at)


def _evidence_is_complete(claim: Claim) -> list[Check]:
    chosen = declaration(claim.practitioner, claim.year, claim.declaration)
    current = list(Evidence.objects.of(claim).current())
    if any(one.is_waiting for one in current):
        return [Check("evidence", PENDING, "证明材料正在检查。")]
    refused = sum(one.state == EvidenceState.REFUSED for one in current)
    if refused:
        return [Check("evidence", LOOK, f"{refused} 份证明材料未通过文件检查，无法查看。")]
    given = {one.item for one in current}
    missing = [
        item.title for item in chosen.evidence_for(claim.item or None) if item.required and item.code not in given
    ]
    if missing:
        return [Check("evidence", LOOK, f"缺少证明材料：{'、'.join(missing)}。")]
    if not current:
        return [Check("evidence", LOOK, "没有上传证明材料。")]
    return [Check("evidence", PASSED, f"证明材料齐全，共 {len(current)} 份，均可查看。")]


def _evidence_names_the_person(claim: Claim) -> list[Check]:
    """Only documents that carry text can tell; photographs are a reviewer's to read."""
    name = claim.practitioner.name
    current = Evidence.objects.of(claim).current().filter(state=EvidenceState.ACCEPTED).prefetch_related("pages")
    told = [answer for one in current if (answer := mentions(one, name)) is not None]
    if not told and claim.approval.current_step.tier == "system":
        # Where the portal itself would grant, somebody must have read whose document it is (decision 4).
        return [Check("name", LOOK, f"材料中没有可检索的文字，系统不能核对是否为{name}的材料，由用人单位审核。")]
    if not told:
        return []
    if any(told):
        return [Check("name", PASSED, f"材料文字中有“{name}”。")]
    return [Check("name", LOOK, f"材料文字中没有“{name}”，请核对是否为本人的材料。")]


def _evidence_is_unique(claim: Claim) -> list[Check]:
    alike: dict[tuple[str, str], set[int]] = {}  # the same words are said once, of all the claims they are true of
    frequent: dict[str, None] = {}
    for one in Evidence.objects.of(claim).current():
        duplicates = duplicates_of(one, most=MOST_DUPLICATES + 1)
        for duplicate in duplicates[:MOST_DUPLICATES]:
            likeness = "相同" if duplicate.exact else "高度相似"
            alike.setdefault((one.original_name, likeness), set()).add(duplicate.evidence.claim_id)
        if len(duplicates) > MOST_DUPLICATES:
            frequent[one.original_name] = None
    found = []
    for (name, likeness), others in alike.items():
        whose = f"另外 {len(others)} 份申报" if len(others) > 1 else "另一申报"
        found.append(Check(DUPLICATE, LOOK, f"“{name}”与{whose}的材料{likeness}，请核对。", sorted(others)))
    found += [Check(SAME_FILE, LOOK, sentence) for sentence in same_file_twice(claim)]
    found += [Check(DUPLICATE, LOOK, f"“{name}”还与更多申报的材料相同或高度相似。") for name in frequent]
    return found or [Check(DUPLICATE, PASSED, "材料未在其他申报中使用。")]


def _nothing_overlaps(claim: Claim) -> list[Check]:
    name = claim.activity_name
    found = overlapping(claim.practitioner, claim.facts(), category=claim.category, name=name, without=claim)
    return [Check("overlap", LOOK, sentence, [other.pk]) for sentence, other in found] or [
        Check("overlap", PASSED, what_was_compared(claim))
    ]


def _in_time(claim: Claim) -> list[Check]:
    """By the same time limits that the form told the person; whether a late claim is accepted, the reviewer decides."""
    rules = regulation_of(claim.practitioner, claim.year)
    submitted = timezone.localdate(claim.approval.submitted_at)
    limits = time_limits(rules, claim.declaration, claim.item or None, year=claim.year, on=submitted)
    sent = f"提交于 {submitted:%Y-%m-%d}"
    if claim.approval.round > 1:
        first = claim.approval.decisions.earliest("version").at
        sent += f"（首次提交于 {timezone.localdate(first):%Y-%m-%d}）"
    return [Check("time", LOOK, f"逾期申报：{limit.closed}，{sent}。") for limit in limits if limit.is_late]


def _caps(claim: Claim, *, at: datetime) -> list[Check]:
    line = preview(claim.practitioner, claim.year, claim.as_activity(NEW), without=claim, at=at).line
    earned, counted = line.earned / 10, line.counted / 10
    if counted < earned:
        return [Check("cap", LOOK, f"按标准 {earned:.1f} 学分，受年度上限限制，计入 {counted:.1f} 学分。")]
    if line.earned == 0:
        return [Check("cap", LOOK, "按办法计算为 0 学分，请核对所填内容。")]
    return [Check("cap", PASSED, f"按办法计算 {earned:.1f} 学分，未超过上限。")]


def _amount(claim: Claim) -> list[Check]:
    return [Check("amount", LOOK, f"{claim.assessment}请核对后审核。")] if claim.assessment else []
