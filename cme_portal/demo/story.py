"""What happens in a province of the demonstration: who claims what, and what becomes of it."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from cme_portal.demo.documents import photograph
from credits import claims, evidence
from credits.assessment import regulation_of
from credits.models import Claim
from credits.rules.language import Item
from institutions import approvals
from institutions.actors import Actor, as_practitioner
from institutions.enums import ApprovalState, Verdict
from institutions.models import Institution, Practitioner

Officer = Callable[[Institution], Actor]

# How far a claim gets: (weight, outcome). The outcome names the last thing that happens, or the tier that it waits for.
OUTCOMES = (
    (12, "draft"),
    (26, "waiting"),
    (14, "half_way"),
    (8, "returned"),
    (4, "rejected"),
    (4, "withdrawn"),
    (32, "approved"),
)
TOPICS = {
    "study_leave": ("重症医学专科护士进修", "心血管介入诊疗进修", "新生儿重症监护进修", "临床药师规范化进修"),
    "degree": ("护理学在职硕士学位教育", "公共卫生在职硕士学位教育"),
    "government_task": ("援藏医疗任务", "对口支援县医院", "突发疫情应急处置任务"),
    "practice": ("卒中溶栓与取栓模拟实训", "多学科诊疗病例讨论", "手术示范与新技术推广", "急诊急救护理操作实训"),
    "self_study": ("年度自学计划：糖尿病足护理", "年度自学计划：抗菌药物合理使用", "健康宣教系列活动"),
    "project": ("全国护理质量改进学习班", "心衰规范化诊治学习班", "感染防控新进展学习班"),
    "achievement": ("急性心梗院前延迟影响因素研究", "老年患者跌倒预防的队列研究"),
    "apprenticeship": ("名老中医学术经验继承",),
    "local": ("市级特色继续教育活动",),
    "other": ("基层适宜技术推广活动",),
}
SCHOOL = "示范医科大学"
RETURN_REASONS = (
    ("证明材料缺少单位公章，请补充盖章后的版本。", "evidence"),
    ("所填时间与证明材料不一致，请核对后重新填写。", "hours"),
    ("结束日期与证明材料不符，请按材料上的日期填写。", "end"),
)
REJECT_REASON = "该活动未经用人单位批准，不符合授予学分的条件。"
# What is wrong with each claim of a queue in turn: nothing, a document is missing, or the photograph is a colleague's.
FLAWS = ("", "", "missing", "", "copied", "", "", "copied")


@dataclass(frozen=True)
class Stage:
    """One claim to play: what is declared, how it ends, and what a reviewer should notice (see ``FLAWS``)."""

    declaration: str
    item: str | None
    outcome: str
    full_year: bool = False
    flaw: str = ""


def play(practitioner: Practitioner, stage: Stage, *, officer: Officer, chance: random.Random, now: datetime) -> Claim:
    """Declare, upload, submit and decide, each at its own time in the last weeks, by the acts that pages call."""
    actor = as_practitioner(practitioner)
    year = credit_year(now)
    begun = now - timedelta(days=chance.randint(2, 24), hours=chance.randint(1, 9))
    claim = claims.start(actor=actor, code=stage.declaration, year=year, at=begun)
    facts = _facts(practitioner, claim, stage, chance=chance, now=begun)
    claims.keep_typed(actor=actor, claim_id=claim.pk, typed=_typed(claim, facts), at=begun)
    _upload(actor, claim, facts, flaw=stage.flaw, at=begun + timedelta(minutes=6))
    if stage.outcome == "draft":
        return claim
    submitted = begun + timedelta(minutes=20)
    claims.submit(actor=actor, claim_id=claim.pk, facts=facts, at=submitted)
    claim.refresh_from_db()
    _decide(claim, stage.outcome, officer=officer, chance=chance, at=submitted, now=now)
    if stage.outcome == "withdrawn":
        approvals.withdraw(actor=actor, approval_id=claim.approval.pk, at=min(submitted + timedelta(hours=3), now))
    return claim


def stages(practitioner: Practitioner, chance: random.Random, *, now: datetime) -> Iterator[Stage]:
    """Up to two claims that suit the province; some people have their whole year by one stay."""
    offered = claims.declarations(practitioner, credit_year(now))
    weights, outcomes = zip(*OUTCOMES, strict=True)
    for _ in range(chance.choice((0, 1, 1, 2))):
        chosen = chance.choice(offered)
        item = chance.choice(chosen.items) if chosen.items else None
        yield Stage(chosen.code, item, chance.choices(outcomes, weights)[0])


def known_stages(practitioner: Practitioner, *, now: datetime) -> Iterator[Stage]:
    """Somebody with an account of the list has a claim in every state that asks for something."""
    offered = claims.declarations(practitioner, credit_year(now))
    for chosen, outcome in zip(offered, ("approved", "half_way", "returned", "draft"), strict=False):
        yield Stage(chosen.code, chosen.items[0] if chosen.items else None, outcome)


def queue_stages(
    colleagues: Sequence[Practitioner], chance: random.Random, *, length: int, tier: str | None = None, now: datetime
) -> Iterator[tuple[Practitioner, Stage]]:
    """Claims of colleagues that wait at the first step, or for a tier: most are in order, some have a flaw to be found.

    Nothing where no route of the province leads to that tier.
    """
    year = credit_year(now)
    for practitioner, flaw, _ in zip(cycle(colleagues), cycle(FLAWS), range(length), strict=False):
        procedure = regulation_of(practitioner, year).procedure
        offered = [
            one
            for one in claims.declarations(practitioner, year)
            if tier is None or tier in procedure.deciding_tiers(one.code, practitioner.institution.affiliation)
        ]
        if offered:
            chosen = chance.choice(offered)
            item = chance.choice(chosen.items) if chosen.items else None
            yield practitioner, Stage(chosen.code, item, tier or "waiting", flaw=flaw)


def credit_year(now: datetime) -> int:
    """The year the demonstration plays in: the running one, or the last one while the new year is young."""
    return (timezone.localdate(now) - timedelta(days=75)).year


def _decide(
    claim: Claim, outcome: str, *, officer: Officer, chance: random.Random, at: datetime, now: datetime
) -> None:
    """Officers act step by step until the outcome is reached."""
    if outcome in {"waiting", "withdrawn"}:
        return
    when = at
    while True:
        approval = approvals.lock(claim.approval.pk)
        step = approval.current_step
        if approval.state != ApprovalState.WAITING or step.tier == "system":
            return
        when = min(when + timedelta(hours=chance.randint(5, 40)), now - timedelta(hours=1))
        verdict, reason, fields = Verdict.APPROVE, "", {}
        if outcome == "returned":
            reason, field = chance.choice(RETURN_REASONS)
            verdict, fields = Verdict.RETURN, {field: reason}
        elif outcome == "rejected":
            verdict, reason = Verdict.REJECT, REJECT_REASON
        elif step.tier == outcome or (outcome == "half_way" and approval.is_last_step):
            return
        approvals.decide(
            actor=officer(step.institution),
            approval_id=approval.pk,
            verdict=verdict,
            version=approval.version,
            reason=reason,
            field_reasons=fields,
            at=when,
        )


def _facts(
    practitioner: Practitioner, claim: Claim, stage: Stage, *, chance: random.Random, now: datetime
) -> claims.Facts:
    """Plausible facts for the item, as far as the regulation asks for them."""
    rules = regulation_of(practitioner, claim.year)
    item = rules.category(claim.category).item(stage.item)
    latest = min(timezone.localdate(now) - timedelta(days=12), date(claim.year, 11, 30))
    is_stay = {"start", "end"} <= set(item.needed)
    length = 92 if stage.full_year else chance.choice((5, 12, 20)) if is_stay else chance.choice((1, 2, 3))
    earliest = date(claim.year, 1, 4)
    span = max((latest - earliest).days - length, 1)
    start = earliest + timedelta(days=chance.randrange(span))
    values: dict[str, Any] = {"start": start, "end": start + timedelta(days=length - 1), "passed": True}
    if stage.item:
        values["item"] = stage.item
    elif rules.category(claim.category).open_items:
        values["item"] = "特色活动"
    for name in item.needed:
        if name not in values:
            values[name] = _fact(name, item, claim.category, length, chance)
    if claim.category == "project":
        values["project"] = f"{claim.year}-{chance.randint(1, 20):02d}-{chance.randint(1, 400):03d}"
    topic = chance.choice(TOPICS[claim.category])
    organizer = SCHOOL if claim.category == "degree" else practitioner.institution.name
    return claims.Facts(activity_name=topic, organizer=organizer, values=values)


def _fact(name: str, item: Item, category: str, length: int, chance: random.Random) -> Any:
    match name:
        case "hours":
            return (
                Decimal(chance.choice((4, 6, 8)) * min(length, 60))
                if category != "practice"
                else Decimal(chance.choice((2, 7, 12)))
            )
        case "days":
            return max(length - 2 * (length // 7), 1)
        case "months":
            return 1
        case "count":
            return chance.randint(1, 3)
        case "words":
            return chance.choice((2500, 4000, 6000))
        case "rank":
            return chance.randint(1, 3)
        case "assessed_credits" | "published_credits":
            return Decimal(chance.choice((2, 3, 4)))
        case _:
            return chance.choice(sorted(_codes(name, item)))


def _codes(name: str, item: Item) -> set[str]:
    """The codes of a fact that the item's award has a figure for."""
    found: set[str] = set()
    pending = [item.award]
    while pending:
        award = pending.pop()
        if getattr(award, "fact", None) == name:
            found |= set(award.table)
        pending += getattr(award, "table", {}).values()
        if getattr(award, "award", None) is not None:
            pending.append(award.award)
    return found


def _typed(claim: Claim, facts: claims.Facts) -> dict[str, Any]:
    """What the form would hold for these facts."""
    typed = {name: _as_text(value) for name, value in facts.values.items()}
    if "passed" in typed:
        typed["passed"] = "yes" if facts.values["passed"] else "no"
    return {
        **typed,
        "declaration": claim.declaration,
        "activity_name": facts.activity_name,
        "organizer": facts.organizer,
    }


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _upload(actor: Actor, claim: Claim, facts: claims.Facts, *, flaw: str, at: datetime) -> None:
    """A photograph for each document that the regulation requires, at least one; with a flaw, one less or a copy."""
    chosen = claims.declaration(claim.practitioner, claim.year, claim.declaration)
    documents = [one for one in chosen.evidence_for(facts.values.get("item")) if one.required][:2]
    documents = documents or list(chosen.evidence_for(facts.values.get("item")))[:1]
    if flaw == "missing":
        documents = documents[1:]
    for number, document in enumerate(documents):
        lines = [
            f"姓名：{claim.practitioner.name}",
            f"活动：{facts.activity_name}",
            f"时间：{facts.values['start']} 至 {facts.values['end']}",
            f"单位：{facts.organizer}",
        ]
        is_copied = flaw == "copied"
        content = photograph(
            title="结业证书" if is_copied else document.title,
            lines=lines[-1:] if is_copied else lines,
            stamp=facts.organizer,
            seed=flaw if is_copied else f"{claim.pk}-{number}",
        )
        evidence.upload(
            actor=actor,
            claim_id=claim.pk,
            item=document.code,
            content=io.BytesIO(content),
            name=f"{document.title}.jpg",
            at=at,
        )
