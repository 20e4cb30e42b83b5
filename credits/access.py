"""Rows of the access matrix for claims, the ledger and statements."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import F

from cme_portal.foundation import journal
from institutions import tree
from institutions.access import EVERYBODY, OFFICERS, PRACTITIONER, permit, refusal, territory_includes
from institutions.actors import Actor
from institutions.enums import Kind, Role
from institutions.models import Decision, Institution, Practitioner

if TYPE_CHECKING:
    from credits.models import LedgerEntry


def _edit(actor: Actor, claim: Any) -> str | None:
    if claim.practitioner_id != actor.practitioner.pk:
        return "只能办理本人的申报。"
    if not claim.is_editable:
        return f"申报已是“{claim.get_state_display()}”，不能修改。需要修改请先撤回。"
    return None


def _assess_amount(actor: Actor, claim: Any) -> str | None:
    approval = claim.approval
    if approval is None or approval.state != "waiting" or approval.holder_id != actor.post.institution_id:
        return "只有正在审核该申报的机构可以评定学分。"
    # The amount is part of the decision: only who may decide sets it, and nobody acts on two tiers of one route.
    return refusal(actor, "approval.decide", approval)


def _correct(actor: Actor, entry: LedgerEntry) -> str | None:
    granted_by = granting_bodies([entry]).get(entry.pk)
    if corrects(actor, entry.practitioner, granted_by):
        return None
    if _is_own(actor, entry.practitioner):
        return "不能更正本人的学分。"
    if granted_by is None or not _is_in_territory(actor, entry.practitioner):
        return "该人员不在本机构的管理范围内。"
    over_both = tree.lowest_above(granted_by, entry.practitioner.institution)
    return f"该笔学分由{granted_by}认定，本机构不能更正。请报{over_both}办理。"


def corrects(actor: Actor, practitioner: Practitioner, granted_by: Institution | None) -> bool:
    """Whether the officer may correct what ``granted_by`` granted the person: nobody corrects a higher body."""
    is_mine = _is_in_territory(actor, practitioner) and not _is_own(actor, practitioner)
    return is_mine and (granted_by is None or _stands_over(actor.institution, granted_by))


def _is_own(actor: Actor, practitioner: Practitioner) -> bool:
    return practitioner.user_id is not None and practitioner.user_id == actor.user.pk


def _is_in_territory(actor: Actor, practitioner: Practitioner) -> bool:
    return territory_includes(actor, practitioner.institution, practitioner.department)


def granting_bodies(entries: Collection[LedgerEntry]) -> dict[int, Institution]:
    """By entry the body whose decision granted it; what came by no approval, or by the portal's own checks, has none."""
    granted = {(entry.claim_id, entry.approval_version): entry.pk for entry in entries}
    decisions = Decision.objects.filter(approval__claim__in={entry.claim_id for entry in entries})
    bodies = {}
    for one in decisions.select_related("institution").annotate(claim=F("approval__claim")):
        entry_id = granted.get((one.claim, one.version))
        if entry_id is not None and one.institution is not None:
            bodies[entry_id] = one.institution
    return bodies


def _stands_over(institution: Institution, body: Institution) -> bool:
    """Whether the body is the institution or below it; the CME office works for its whole province, under the commission."""
    if institution.kind == Kind.CME_OFFICE:
        return body.parent_id is not None
    return body.path.startswith(institution.path)


permit("credits.own", PRACTITIONER)
permit("claim.declare", PRACTITIONER)
permit("claim.edit", PRACTITIONER, when=_edit)
permit("claim.view", *EVERYBODY)
permit("claim.assess_amount", Role.REVIEWER, when=_assess_amount)
permit("evidence.view", *EVERYBODY)
permit("statement.view", *EVERYBODY)
permit("ledger.correct", Role.REVIEWER, when=_correct)
permit("practitioner.credits", *OFFICERS)

journal.name(
    {
        "claim.discard": "删除申报草稿",
        "claim.view": "查看申报",
        "statement.view": "查看学分对账单",
        "claim.assess_amount": "评定学分",
        "evidence.upload": "上传证明材料",
        "evidence.remove": "移除证明材料",
        "evidence.view": "查看证明材料",
        "ledger.reverse": "更正（冲销）学分",
    }
)
