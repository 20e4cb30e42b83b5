"""Approval: submit, decide, withdraw, undo. One table of transitions, one function per act.

What is approved (a claim, later a plan or a project) is a ``Subject``: it is told of every move, and of the final word in the
same transaction. Officers who act on an old page are told so by the version they send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cme_portal.foundation import journal, outbox
from cme_portal.foundation.workdays import add_working_days
from institutions import access, tree
from institutions.actors import Actor, the_portal
from institutions.enums import ApprovalState, ChecksState, Verdict
from institutions.models import Approval, ApprovalStep, Decision, Institution, Practitioner

UNDO_WINDOW = timedelta(minutes=10)
NOT_UNDONE = "审核结果保持不变，不能撤销。退回的，由申报人重新提交，按现有机构审核；其他需要更正的，请联系省级管理员。"
GRANTED_BY_THE_PORTAL = "各项系统核验全部通过，按规定由系统授予，不经人工审核。"

# act: the states it may start from, and where it leads. "next" is the following step, or ``approved`` after the last one.
TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    Verdict.SUBMIT: (frozenset({ApprovalState.RETURNED, ApprovalState.WITHDRAWN}), ApprovalState.WAITING),
    Verdict.APPROVE: (frozenset({ApprovalState.WAITING}), "next"),
    Verdict.RETURN: (frozenset({ApprovalState.WAITING}), ApprovalState.RETURNED),
    Verdict.REJECT: (frozenset({ApprovalState.WAITING}), ApprovalState.REJECTED),
    Verdict.WITHDRAW: (frozenset({ApprovalState.WAITING, ApprovalState.RETURNED}), ApprovalState.WITHDRAWN),
    Verdict.UNDO: (
        frozenset({ApprovalState.WAITING, ApprovalState.RETURNED, ApprovalState.REJECTED, ApprovalState.APPROVED}),
        ApprovalState.WAITING,
    ),
}


class Outdated(access.Denied):
    """Somebody else acted first: the page that sent this act showed an older version."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the reviewer's page shows of a subject: a template of the subject's own app, and what may be objected to.

    ``fields`` are (name, label) pairs that an officer can give a reason for one by one; ``reasons`` are sentences often used.
    """

    template: str
    context: dict[str, Any]
    fields: Sequence[tuple[str, str]] = ()
    reasons: Sequence[str] = ()


class Subject(Protocol):
    """What an approval is about."""

    @property
    def amended(self) -> str:
        """What reviewers set otherwise than the person declared, in sentences with the reason; empty where nothing."""
        ...

    def panel(self, *, actor: Actor, query: Mapping[str, str], at: datetime) -> Panel:
        """For the officer who decides; ``query`` says which part of it is on show (a page of the evidence)."""
        ...

    def moved(self, approval: Approval, *, at: datetime) -> None: ...

    def granted(self, approval: Approval, *, at: datetime) -> None: ...

    def ungranted(self, approval: Approval, *, actor: Actor, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show of a subject."""

    title: str
    category: str
    category_title: str
    year: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Route:
    """The bodies that decide, in order, and where that is written."""

    steps: Sequence[tuple[str, Institution]]
    cite: str
    note: str = ""


def submit(
    *,
    actor: Actor,
    kind: str,
    practitioner: Practitioner,
    summary: Summary,
    route: Route,
    approval: Approval | None = None,
    mended: str = "",
    at: datetime,
) -> Approval:
    """Send a subject on its way; with ``approval`` it is a new round of one that was returned or withdrawn.

    ``mended`` is what the person says of having mended what was returned; the round's first decision keeps it as its reason.
    Raises ValidationError when a body of the route has been closed since the route was resolved.
    """
    with transaction.atomic():
        tree.keep_open(body for _, body in route.steps)
        if approval is None:
            approval = Approval(province_id=practitioner.province_id, kind=kind, submitted_at=at)
        else:
            approval = lock(approval.pk)
            access.require(actor, "approval.submit", approval)
            _refuse_unless_open_to(Verdict.SUBMIT, approval)
            approval.steps.all().delete()
            approval.round += 1
        approval.practitioner = practitioner
        approval.institution, approval.department = practitioner.institution, practitioner.department
        approval.practitioner_name = practitioner.name
        approval.name_sort, approval.name_initials = practitioner.name_sort, practitioner.name_initials
        approval.title, approval.year, approval.tenths = summary.title[:200], summary.year, summary.tenths
        approval.category, approval.category_title = summary.category, summary.category_title
        approval.route_cite, approval.route_note = route.cite, route.note
        approval.checks_state, approval.checks = ChecksState.PENDING, []
        approval.submitted_at, approval.closed_at = at, None
        _stand_at(approval, position=0, holder=route.steps[0][1], at=at)
        approval.version += 1
        approval.save()
        ApprovalStep.objects.bulk_create(
            ApprovalStep(
                province_id=approval.province_id,
                approval=approval,
                position=position,
                tier=tier,
                institution=institution,
            )
            for position, (tier, institution) in enumerate(route.steps)
        )
        _record(approval, Verdict.SUBMIT, actor, reason=mended.strip(), at=at)
    return approval


def decide(
    *,
    actor: Actor,
    approval_id: int,
    verdict: str,
    version: int,
    reason: str = "",
    field_reasons: dict[str, str] | None = None,
    at: datetime,
) -> Decision:
    """Approve, return or reject at the step where the approval stands.

    Raises ``Outdated`` when somebody acted since ``version``, ``Denied`` when the actor may not, ``ValueError`` for a missing
    reason.
    """
    with transaction.atomic():
        approval = lock(approval_id)
        if approval.version != version:
            raise Outdated(_what_happened_since(approval))
        access.require(actor, "approval.decide", approval)
        return _decide(approval, actor, verdict, reason=reason, field_reasons=field_reasons or {}, at=at)


def decide_by_the_portal(*, approval: Approval, at: datetime) -> None:
    """At a ``system`` step: grant when every check passed, else hand the same step to the employer (zhejiang 附件 成果, Z23).

    The approval must be locked.
    """
    step = approval.current_step
    if approval.state != ApprovalState.WAITING or step.tier != "system" or approval.checks_state == ChecksState.PENDING:
        return
    if approval.checks_state == ChecksState.PASSED:
        portal = the_portal(approval.practitioner.province)
        _decide(approval, portal, Verdict.APPROVE, reason=GRANTED_BY_THE_PORTAL, field_reasons={}, at=at)
    else:
        step.tier = "employer"
        step.save(update_fields=["tier"])


def withdraw(*, actor: Actor, approval_id: int, at: datetime) -> Decision:
    """The practitioner takes a subject back before the final word."""
    with transaction.atomic():
        approval = lock(approval_id)
        access.require(actor, "approval.withdraw", approval)
        _refuse_unless_open_to(Verdict.WITHDRAW, approval)
        _close(approval, ApprovalState.WITHDRAWN, at=at)
        approval.version += 1
        approval.save()
        return _record(approval, Verdict.WITHDRAW, actor, at=at)


def undo(*, actor: Actor, approval_id: int, at: datetime) -> Decision:
    """Take back one's own last decision within 10 minutes, while nobody has done anything with it since."""
    with transaction.atomic():
        approval = lock(approval_id)
        access.require(actor, "approval.undo", approval)
        last = _undoable(approval, actor, at=at)
        _refuse_unless_open_to(Verdict.UNDO, approval)
        ahead = approval.steps.filter(position__gte=last.position).select_related("institution").order_by("position")
        step, *_ = steps = list(ahead)
        try:
            tree.keep_open((one.institution for one in steps), remedy=NOT_UNDONE)
        except ValidationError as closed:
            raise access.Denied(closed.message) from closed
        if approval.state == ApprovalState.APPROVED:
            approval.subject.ungranted(approval, actor=actor, at=at)
        _stand_at(approval, position=step.position, holder=step.institution, at=_arrival(approval, before=last))
        approval.closed_at = None
        approval.version += 1
        approval.save()
        return _record(approval, Verdict.UNDO, actor, undoes=last, at=at)


def record_checks(*, approval_id: int, checks: list[dict[str, Any]], state: str, at: datetime) -> None:
    """Keep what the portal's own checks found, and act on it where the route leaves the decision to the portal."""
    with transaction.atomic():
        approval = lock(approval_id)
        approval.checks, approval.checks_state = checks, state
        approval.save(update_fields=["checks", "checks_state"])
        decide_by_the_portal(approval=approval, at=at)


def take_up(approval: Approval) -> None:
    """The person begins to mend what was returned: from now on the return stands. The approval must be locked."""
    if approval.state == ApprovalState.RETURNED and approval.decisions.filter(version=approval.version).exists():
        approval.version += 1
        approval.save(update_fields=["version"])


def lock(approval_id: int) -> Approval:
    """The approval under its row lock, with what acts and sentences need."""
    return (
        Approval.objects.select_for_update(of=("self",))
        .select_related("practitioner__province", "holder", "institution")
        .get(pk=approval_id)
    )


def _decide(
    approval: Approval, actor: Actor, verdict: str, *, reason: str, field_reasons: dict[str, str], at: datetime
) -> Decision:
    _refuse_unless_open_to(verdict, approval)
    reason = reason.strip()
    if verdict in {Verdict.RETURN, Verdict.REJECT} and not reason:
        msg = "退回或不通过须写明理由，申报人据此补正。"
        raise ValueError(msg)
    decided_at = approval.position
    _, target = TRANSITIONS[verdict]
    if target == "next":
        following = approval.steps.filter(position__gt=approval.position).select_related("institution").first()
        if following is not None:
            _stand_at(approval, position=following.position, holder=following.institution, at=at)
        else:
            _close(approval, ApprovalState.APPROVED, at=at)
    else:
        _close(approval, target, at=at)
    approval.version += 1
    approval.save()
    decision = _record(approval, verdict, actor, position=decided_at, reason=reason, field_reasons=field_reasons, at=at)
    if approval.state == ApprovalState.APPROVED:
        approval.subject.granted(approval, at=at)
    return decision


def _stand_at(approval: Approval, *, position: int, holder: Institution, at: datetime) -> None:
    """Wait at a step: its body holds the approval and promises to decide by a day."""
    promise = approval.practitioner.province.promise_working_days
    approval.state = ApprovalState.WAITING
    approval.position, approval.holder, approval.waiting_since = position, holder, at
    approval.promised_on = add_working_days(timezone.localdate(at), promise)
    approval.reminded_at = approval.escalated_at = None


def _close(approval: Approval, state: str, *, at: datetime) -> None:
    approval.state, approval.holder, approval.promised_on = state, None, None
    approval.closed_at = at if state != ApprovalState.RETURNED else None


def _record(
    approval: Approval,
    verdict: str,
    actor: Actor,
    *,
    position: int | None = None,
    reason: str = "",
    field_reasons: dict[str, str] | None = None,
    undoes: Decision | None = None,
    at: datetime,
) -> Decision:
    position = approval.position if position is None else position
    step = approval.steps.select_related("institution").get(position=position)
    decision = Decision.objects.create(
        province_id=approval.province_id,
        approval=approval,
        version=approval.version,
        round=approval.round,
        position=position,
        tier=step.tier,
        institution=step.institution if actor.post is not None else None,
        user=actor.user,
        user_name=actor.name,
        verdict=verdict,
        reason=reason,
        field_reasons=field_reasons or {},
        undoes=undoes,
        at=at,
    )
    journal.record(
        actor=actor,
        act=f"approval.{verdict}",
        subject=approval,
        institution=step.institution,
        at=at,
        detail={"tier": step.tier} | ({"reason": reason} if verdict in {Verdict.RETURN, Verdict.REJECT} else {}),
    )
    # A subject that is being submitted for the first time is linked to its approval by its own act.
    if verdict != Verdict.SUBMIT:
        approval.subject.moved(approval, at=at)
    outbox.add(
        "approval.moved",
        province_id=approval.province_id,
        payload={"decision": decision.pk},
        key=f"approval.moved:{decision.pk}",
        at=at,
    )
    return decision


def _refuse_unless_open_to(verdict: str, approval: Approval) -> None:
    allowed_from, _ = TRANSITIONS[verdict]
    if approval.state not in allowed_from:
        msg = f"该事项已是“{approval.get_state_display()}”，不能{Verdict(verdict).label}。请刷新页面查看最新进展。"
        raise access.Denied(msg)


def _undoable(approval: Approval, actor: Actor, *, at: datetime) -> Decision:
    """The last decision, where the actor may take it back."""
    last = approval.decisions.order_by("-version").first()
    if last is None or last.verdict not in {Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT}:
        raise access.Denied("没有可撤销的审核。")
    if last.user_id is None or last.user_id != actor.user.pk or last.institution_id != actor.post.institution_id:
        raise access.Denied("之后已有他人办理，不能再撤销。")
    if last.version != approval.version:
        raise access.Denied("申报人已开始补正，或学分已重新评定，不能再撤销。请刷新列表查看最新进展。")
    if at - last.at > UNDO_WINDOW:
        raise access.Denied("审核已超过 10 分钟，不能撤销。如需更正，请联系后续审核机构退回，或办理学分更正。")
    return last


def _arrival(approval: Approval, *, before: Decision) -> datetime:
    """When it came to the step that decided ``before``: undoing must not give that step its whole time again."""
    came = approval.decisions.filter(
        round=before.round,
        version__lt=before.version,
        verdict__in=[Verdict.SUBMIT, Verdict.APPROVE],
        undone_by__isnull=True,
    )
    return came.values_list("at", flat=True).latest("version")


def _what_happened_since(approval: Approval) -> str:
    """Who acted, or what changed without a decision (``take_up``, an amount assessed anew)."""
    unheard = "您的操作未生效。请查看最新进展。"
    last = approval.decisions.select_related("institution").order_by("-version").first()
    if last.version != approval.version:
        changed = "申报人已开始补正" if approval.state == ApprovalState.RETURNED else "所申报的学分已重新评定"
        return f"{changed}，{unheard}"
    who = f"{last.institution.name} {last.user_name}" if last.institution else last.user_name
    when = timezone.localtime(last.at)
    return f"{who} 已于 {when:%m-%d %H:%M} 办理（{last.get_verdict_display()}），{unheard}"
