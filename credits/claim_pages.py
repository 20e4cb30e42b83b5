"""What the page of a claim tells its owner and the officers: where it stands, what happened, why so many credits.

``claim_context`` feeds ``templates/credits/claim_body.html``, which both sides show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from cme_portal.foundation.workdays import is_provisional
from credits import claim_evidence, statements
from credits.assessment import NEW, person_in, preview, regulation_of
from credits.checks import DUPLICATE, LOOK
from credits.claims import declaration as declaration_of
from credits.explanations import Explanation, explained
from credits.facts import FACT_NAMES
from credits.models import Claim, ClaimState, LedgerEntry
from credits.questions import item_of, names_of, questions
from credits.regulation_pages import clause_url
from credits.rules import FACTS, Regulation, check
from credits.rules.language import Item
from credits.rules.procedure import Declaration
from credits.stay_parts import other_parts
from institutions import access
from institutions.actors import Actor
from institutions.enums import Verdict
from institutions.models import Approval, ApprovalStep, Decision

TIERS = {
    "department": "科室",
    "employer": "单位",
    "own_unit": "单位",
    "county": "县（区）级",
    "district": "区级",
    "city": "市级",
    "province": "省级",
    "province_office": "省继教办",
    "tcm": "中医药管理",
    "system": "系统核验",
}
# The tier at which the portal's own checks decide, and nobody's officer.
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Step:
    """A place of the route in parts/steps.html."""

    label: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class Event:
    """A moment of the life of a claim, past or to come, in parts/timeline.html."""

    title: str
    state: str
    icon: str = ""
    status: str = ""
    at: datetime | None = None
    who: str = ""
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The one thing to know: who must act now, and what happens next."""

    kind: str
    title: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What the claim brings: its explanation, and the year's total with it, in tenths."""

    explanation: Explanation
    total: int
    required: int


def claim_context(
    claim: Claim, actor: Actor, at: datetime, *, query: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Everything ``credits/claim_body.html`` shows. ``query`` chooses the page of the evidence viewer."""
    approval = claim.approval
    route = list(approval.steps.select_related("institution")) if approval is not None else []
    decisions = list(approval.decisions.select_related("institution", "undone_by")) if approval is not None else []
    rules = regulation_of(claim.practitioner, claim.year)
    chosen = declaration_of(claim.practitioner, claim.year, claim.declaration)
    files = claim_evidence.of_claim(claim)
    entry = LedgerEntry.objects.filter(claim=claim, reverses=None).select_related("reversed_by").order_by("-pk").first()
    is_own = actor.practitioner is not None and actor.practitioner.pk == claim.practitioner_id
    return {
        "claim": claim,
        "declaration": chosen,
        "rules": rules,
        "is_own": is_own,
        "steps": _steps(claim, approval, route, decisions),
        "standing": _standing(claim, route, decisions, entry, is_own=is_own, at=at),
        "cites": _cites(approval),
        "events": _events(claim, approval, route, decisions, chosen),
        "worth": worth_of(claim, rules, entry, at=at),
        "facts": facts_shown(claim, rules, chosen),
        "checklist": claim_evidence.checklist(
            claim, chosen.evidence_for(claim.item or None), files, editable=False, for_officer=not is_own
        ),
        "viewer": claim_evidence.viewer_of(files, query or {}),
        "relatives": other_parts(claim),
        "can_edit": is_own and access.allowed(actor, "claim.edit", claim),
        "can_withdraw": is_own and claim.state in {ClaimState.WAITING, ClaimState.RETURNED},
    }


def worth_of(claim: Claim, rules: Regulation, entry: LedgerEntry | None, *, at: datetime) -> Worth | None:
    """What was counted once it is granted, else what it would bring today; None while the facts do not hold."""
    person = person_in(claim.practitioner, claim.year, at=at)
    if entry is not None and claim.state == ClaimState.APPROVED:
        if getattr(entry, "reversed_by", None) is not None:
            return None
        view = statements.explained(claim.practitioner, claim.year, at=at)
        line = next(line.line for line in view.lines if line.entry.pk == entry.pk)
        return Worth(explained(view.regulation, line), view.result.total, view.result.demand.total)
    activity = claim.as_activity(NEW)
    if claim.start is None or check(rules, claim.year, person, [activity]):
        return None
    found = preview(claim.practitioner, claim.year, activity, without=claim, at=at)
    return Worth(explained(rules, found.line), found.after.total, found.after.demand.total)


def facts_shown(claim: Claim, rules: Regulation, chosen: Declaration) -> list[tuple[str, str]]:
    """The declared facts as (label, value), those that the regulation asks for."""
    category = rules.category(chosen.category)
    answers = {name: getattr(claim, name) for name in FACT_NAMES if name not in {"start", "end"}}
    item = category.item(item_of(chosen, answers))
    shown = [("活动类别", chosen.title)]
    if claim.item:
        titles = {item.code: item.title for item in category.items}
        shown.append(("具体类型", titles.get(claim.item, claim.item)))
    if claim.organizer:
        shown.append((names_of(rules, chosen, claim.item or None).organizer, claim.organizer))
    for question in questions(rules, chosen, answers):
        # What the person declared stays what it was when a reviewer sets another amount.
        value = claim.declared_credits if question.fact == "assessed_credits" else getattr(claim, question.fact)
        if question.fact == "end" or value in (None, ""):
            continue
        if question.fact == "start":
            shown.append(("活动日期" if claim.end and claim.end != claim.start else "日期", dates_of(claim)))
        else:
            shown.append((question.label, _value(item, question.fact, value, question.unit)))
    return [*shown, ("计入年度", str(claim.year))]


def dates_of(activity: Claim | LedgerEntry) -> str:
    if activity.start is None:
        return "未填日期"
    if activity.end is None or activity.end == activity.start:
        return f"{activity.start:%Y-%m-%d}"
    return f"{activity.start:%Y-%m-%d} 至 {activity.end:%Y-%m-%d}"


def label_of(name: str, rules: Regulation, chosen: Declaration, item: str | None) -> str:
    """What a reviewer's remark is about: a field of the form, or a document of the checklist."""
    names = names_of(rules, chosen, item)
    own = {
        "activity_name": names.activity_name,
        "organizer": names.organizer,
        "item": "具体类型",
        "evidence": "证明材料",
    }
    documents = {document.code: document.title for document in chosen.evidence_for(item)}
    if name in own:
        return own[name]
    return FACTS[name].label if name in FACTS else documents.get(name.removeprefix("files-"), name)


def last_return(claim: Claim) -> Decision | None:
    """The return that a returned claim answers; its reasons stand beside the fields of the form."""
    if claim.approval_id is None:
        return None
    returned = claim.approval.decisions.filter(verdict=Verdict.RETURN, undone_by=None)
    return returned.select_related("institution").order_by("-version").first()


def _value(item: Item, name: str, value: Any, unit: str) -> str:
    if name == "passed":
        return "已合格" if value else "不合格或没有考核"
    if isinstance(value, bool):
        return "是" if value else "否"
    if labels := item.labels_of(name):
        return labels.get(value, str(value))
    if isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    return f"{value} {unit}".strip()


def _steps(
    claim: Claim, approval: Approval | None, route: Sequence[ApprovalStep], decisions: Sequence[Decision]
) -> list[Step]:
    if approval is None:
        return []
    passed = {
        decision.position: decision.at
        for decision in decisions
        if decision.verdict == Verdict.APPROVE and decision.round == approval.round and not _is_undone(decision)
    }
    steps = [Step("提交", _month_day(approval.submitted_at), "done")]
    for step in route:
        label = TIERS.get(step.tier, step.institution.name)
        where = "" if step.tier == SYSTEM else format_html('<span class="hide-m">{}<br></span>', step.institution.name)
        if step.position in passed:
            state, note = "done", _month_day(passed[step.position])
        elif step.position == approval.position and approval.state != ClaimState.APPROVED:
            state, note = "now", claim.get_state_display()
        else:
            state, note = "future", "未开始"
        steps.append(Step(label, format_html("{}{}", where, note), state))
    granted_at = approval.closed_at if approval.state == ClaimState.APPROVED else None
    steps.append(Step("入账", _month_day(granted_at) if granted_at else "未开始", "done" if granted_at else "future"))
    return steps


def _standing(
    claim: Claim,
    route: Sequence[ApprovalStep],
    decisions: Sequence[Decision],
    entry: LedgerEntry | None,
    *,
    is_own: bool,
    at: datetime,
) -> Standing:
    last = _answered(claim, decisions)
    match claim.state:
        case ClaimState.WAITING:
            return _waiting(claim, route, is_own=is_own, at=at)
        case ClaimState.RETURNED:
            title = "需要您补正后重新提交。" if is_own else "已退回本人补正。"
            return Standing("bad", title, f"{_where(last)}退回，意见：", _reasons(last, claim))
        case ClaimState.REJECTED:
            text = f"{_where(last)}审核不通过，理由："
            return Standing("bad", "审核不通过，本次申报不计学分。", text, _reasons(last, claim))
        case ClaimState.WITHDRAWN:
            text = "修改后可以重新提交，审核重新开始。" if is_own else "本人可以修改后重新提交。"
            return Standing("", "已撤回，不在审核中。", text)
        case ClaimState.APPROVED:
            reversal = getattr(entry, "reversed_by", None) if entry is not None else None
            if reversal is not None:
                counted = statements.correction(reversal, at=at).counted
                text = f"原计入 {counted / 10:.1f} 学分，{_day(reversal.posted_at)} 冲销，理由："
                return Standing("warn", "认定后已更正，本次申报不再计学分。", text, reversal.reason)
            return Standing("ok", f"学分已认定，计入 {claim.year} 年度。", "可以在对账单中查看全年合计。")
        case _:
            return Standing("", "草稿，尚未提交。", "提交后进入审核。")


def _answered(claim: Claim, decisions: Sequence[Decision]) -> Decision | None:
    """The return or rejection that the claim stands at; what it says is quoted once, at the top of the page."""
    if claim.state not in {ClaimState.RETURNED, ClaimState.REJECTED}:
        return None
    return next((one for one in reversed(decisions) if one.verdict in {Verdict.RETURN, Verdict.REJECT}), None)


def _waiting(claim: Claim, route: Sequence[ApprovalStep], *, is_own: bool, at: datetime) -> Standing:
    approval = claim.approval
    here = next(step for step in route if step.position == approval.position)
    following = next((step for step in route if step.position > approval.position), None)
    nobody_else = "，您现在不需要做任何事。" if is_own else "。"
    title = f"{'系统正在核验' if here.tier == SYSTEM else approval.holder.name + '审核中'}{nobody_else}"
    since = f"{_day(approval.waiting_since)} 起由该环节办理"
    promise = ""
    if approval.promised_on is not None:
        promise = f"，承诺不晚于 {_day(approval.promised_on)} 办结"
        if is_provisional(approval.promised_on.year):
            promise += "（该年放假安排公布后可能调整）"
        if approval.promised_on < timezone.localdate(at):
            days = (timezone.localdate(at) - approval.promised_on).days
            promise += f"；现已超过承诺日期 {days} 天，系统会提醒该机构和上级机构"
    result = f"学分计入 {claim.year} 年度" if following is None else f"由{following.institution.name}审核"
    return Standing("", title, f"{since}{promise}。通过后{result}。")


def _events(
    claim: Claim,
    approval: Approval | None,
    route: Sequence[ApprovalStep],
    decisions: Sequence[Decision],
    chosen: Declaration,
) -> list[Event]:
    answered = _answered(claim, decisions)
    events = [_happened(decision, claim, chosen, is_quoted=decision is answered) for decision in decisions]
    if claim.assessed_by is not None and claim.assessed_at is not None:
        place = sum(decision.at <= claim.assessed_at for decision in decisions)
        title = f"{claim.assessed_by.name}评定学分"
        events.insert(place, Event(title, "done", "edit", at=claim.assessed_at, text=claim.assessment))
    for number, decision in enumerate(decisions, start=1):
        if decision.verdict == Verdict.SUBMIT and (handed_on := _handed_on(decision, approval, route)) is not None:
            events.insert(number, handed_on)
    if approval is None or approval.state != ClaimState.WAITING:
        return events
    for step in route:
        title = step.decider if step.tier == SYSTEM else f"{step.decider}审核"
        if step.position == approval.position:
            events.append(Event(title, "now", "hourglass", "waiting", text=f"{_day(approval.waiting_since)} 起"))
        elif step.position > approval.position:
            events.append(Event(title, "future"))
    events.append(Event(f"认定学分，计入 {claim.year} 年度", "future"))
    return events


def _handed_on(submitted: Decision, approval: Approval | None, route: Sequence[ApprovalStep]) -> Event | None:
    """The portal's checks were to decide what was submitted, did not all pass, and left the step to a body.

    Whose documents a duplicate resembles is not the applicant's to know.
    """
    if approval is None or submitted.round != approval.round or submitted.tier != SYSTEM:
        return None
    step = next(step for step in route if step.position == submitted.position)
    if step.tier == SYSTEM:
        return None
    reasons = [check["text"] for check in approval.checks if check["state"] == LOOK and check["code"] != DUPLICATE]
    title = f"系统核验未全部通过，转由{step.institution.name}审核"
    return Event(title, "done", "alert-triangle", reason="\n".join(reasons))


def _happened(decision: Decision, claim: Claim, chosen: Declaration, *, is_quoted: bool) -> Event:
    event = _decided(decision, claim, chosen, is_quoted=is_quoted)
    if not _is_undone(decision):
        return event
    # It no longer stands: neither its colour nor its status may say so.
    return replace(event, title=f"{event.title}（已由审核人撤销）", state="undone", icon="ban", status="")


def _decided(decision: Decision, claim: Claim, chosen: Declaration, *, is_quoted: bool) -> Event:
    where = decision.institution.name if decision.institution is not None else ""
    who = f"{decision.user_name} · {where}" if where else decision.user_name
    match decision.verdict:
        case Verdict.SUBMIT:
            title = "本人提交" if decision.round == 1 else "本人修改后重新提交"
            return Event(title, "done", "send", at=decision.at, reason=decision.reason)
        case Verdict.APPROVE if decision.tier == SYSTEM:
            return Event("系统核验通过", "done", "check", "approve", decision.at, text=decision.reason)
        case Verdict.APPROVE:
            return Event(f"{where}审核通过", "done", "check", "approve", decision.at, who, reason=decision.reason)
        case Verdict.RETURN:
            reasons = "" if is_quoted else _reasons(decision, claim, chosen)
            return Event(f"{where}退回补正", "back", "arrow-back-up", "return", decision.at, who, reason=reasons)
        case Verdict.REJECT:
            reasons = "" if is_quoted else _reasons(decision, claim, chosen)
            return Event(f"{where}审核不通过", "back", "x", "reject", decision.at, who, reason=reasons)
        case Verdict.WITHDRAW:
            return Event("本人撤回", "back", "ban", at=decision.at)
        case _:
            return Event(f"{where}撤销刚才的审核，重新办理", "done", "arrow-back-up", at=decision.at, who=who)


def _reasons(decision: Decision | None, claim: Claim, chosen: Declaration | None = None) -> str:
    """The reason and what was said of single fields, a line each; a sentence that is both is said of its field alone."""
    if decision is None:
        return ""
    chosen = chosen or declaration_of(claim.practitioner, claim.year, claim.declaration)
    item = item_of(chosen, {"item": claim.item})
    rules = regulation_of(claim.practitioner, claim.year)
    single = [f"{label_of(name, rules, chosen, item)}：{text}" for name, text in decision.field_reasons.items()]
    general = [] if decision.reason in decision.field_reasons.values() else [decision.reason]
    return "\n".join(general + single)


def _where(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return f"{decision.institution.name} {_day(decision.at)} " if decision.institution else f"{_day(decision.at)} "


def _is_undone(decision: Decision) -> bool:
    return getattr(decision, "undone_by", None) is not None


def _cites(approval: Approval | None) -> list[tuple[str, str]]:
    """The clauses that the route stands on, as (number, address)."""
    labels = approval.route_cite.split("；") if approval is not None and approval.route_cite else []
    return [(label.partition(" ")[2], clause_url(label)) for label in labels]


def _month_day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d}"


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return f"{timezone.localtime(moment):%Y-%m-%d}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"
