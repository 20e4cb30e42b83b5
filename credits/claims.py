"""Claims: drafts that keep everything typed, submission, and the parts of a stay over New Year.

The order of the work: ``start``, ``keep_typed`` as the person writes, ``submit`` when the facts hold; the rest of a claim's
life is its approval's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cme_portal.foundation import journal, outbox
from credits.assessment import NEW, person_in, preview, regulation_of
from credits.facts import FACT_NAMES, SPLIT_FACTS
from credits.models import Claim, ClaimState
from credits.questions import says_something
from credits.rules import Activity, Regulation, RuleMissingError, check
from credits.rules.procedure import Declaration
from credits.stay_parts import check_years, drop_drafts_outside, refuse_changed_dates, years_to_submit
from institutions import access, approvals, tree
from institutions.actors import Actor
from institutions.models import Practitioner

MENDED = "mended"  # among what is typed: what the person says to the reviewer who returned the claim


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person declares, cleaned: the names are those of the assessment contract.

    ``by_year`` gives ``hours``, ``days`` or ``months`` inside each year of what lies in two, e.g.
    ``{2026: {"hours": Decimal(36)}}``.
    """

    activity_name: str
    organizer: str
    values: dict[str, Any]
    by_year: dict[int, dict[str, Any]] = field(default_factory=dict)

    def years(self) -> list[int]:
        """The credit years the activity touches: only stays (with ``by_year``) are split, others count where they start."""
        start: date | None = self.values.get("start")
        end: date | None = self.values.get("end") or start
        if start is None or end is None:
            return []
        return list(range(start.year, end.year + 1)) if self.by_year else [start.year]

    def inside(self, year: int) -> dict[str, Any]:
        return {**self.values, **self.by_year.get(year, {})}


def declarations(practitioner: Practitioner, year: int) -> tuple[Declaration, ...]:
    """What the person may declare under the regulation of the year."""
    return regulation_of(practitioner, year).procedure.declarable()


def declaration(practitioner: Practitioner, year: int, code: str) -> Declaration:
    """One declaration by its code; raises ValidationError naming those that exist."""
    offered = declarations(practitioner, year)
    for candidate in offered:
        if candidate.code == code:
            return candidate
    msg = f"本省不能由个人申报该类活动。可以申报：{'、'.join(one.title for one in offered)}。"
    raise ValidationError({"declaration": msg})


def start(*, actor: Actor, code: str, year: int, at: datetime) -> Claim:
    """Begin a draft for one kind of activity. It is listed once something is typed or uploaded (``ClaimQuerySet.begun``)."""
    access.require(actor, "claim.declare")
    practitioner = actor.declarant
    _refuse_unemployed(practitioner)
    chosen = declaration(practitioner, year, code)
    return Claim.objects.create(
        province_id=practitioner.province_id,
        practitioner=practitioner,
        institution=practitioner.institution,
        department=practitioner.department,
        declaration=chosen.code,
        category=chosen.category,
        year=year,
        created_at=at,
        changed_at=at,
    )


def keep_typed(*, actor: Actor, claim_id: int, typed: dict[str, Any], at: datetime) -> Claim:
    """Save what stands in the form, valid or not. A draft of which only the kind was chosen stays untouched."""
    with transaction.atomic():
        claim = lock(claim_id)
        access.require(actor, "claim.edit", claim)
        typed = _storable(typed)
        offered = declaration(claim.practitioner, claim.year, claim.declaration)
        is_untouched = claim.state == ClaimState.DRAFT and not claim.typed and not says_something(offered, typed)
        code = typed.get("declaration", claim.declaration)
        if code != claim.declaration:
            chosen = declaration(claim.practitioner, claim.year, code)
            claim.declaration, claim.category = chosen.code, chosen.category
        if is_untouched:
            claim.save(update_fields=["declaration", "category"])
            return claim
        claim.typed = typed
        claim.activity_name = str(typed.get("activity_name", ""))[:120]
        claim.changed_at = at
        claim.save(update_fields=["typed", "activity_name", "declaration", "category", "changed_at"])
        begin_mending(claim)
    return claim


def discard(*, actor: Actor, claim_id: int, at: datetime) -> None:
    """Throw away a draft that was never submitted."""
    with transaction.atomic():
        claim = lock(claim_id)
        access.require(actor, "claim.edit", claim)
        if claim.state != ClaimState.DRAFT:
            msg = "已提交过的申报不能删除，可以撤回。"
            raise access.Denied(msg)
        journal.record(actor=actor, act="claim.discard", subject=claim, institution=claim.institution, at=at)
        # Versions of a document point at one another, so the newest goes first.
        for evidence in claim.evidence.order_by("-version"):
            evidence.delete()
        claim.delete()


def forget_untouched(*, before: datetime) -> int:
    """Delete the province's drafts begun before a time into which nothing was ever written; answers how many.

    Each is asked again under the row lock that ``keep_typed`` and an upload take: whoever writes just now keeps the draft.
    """
    begun_long_ago = Claim.objects.untouched().filter(created_at__lt=before)
    forgotten = 0
    for claim_id in list(begun_long_ago.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Claim.objects.select_for_update(skip_locked=True).filter(pk=claim_id).first()
            if locked is not None and begun_long_ago.filter(pk=claim_id).exists():
                locked.delete()
                forgotten += 1
    return forgotten


def submit(*, actor: Actor, claim_id: int, facts: Facts, mended: str = "", at: datetime) -> list[Claim]:
    """Send a draft, or a returned or withdrawn claim, to approval. Answers the claims that are now in review.

    A stay over New Year becomes one claim per year; a part whose year has not ended stays a draft. ``mended`` is what the
    person says to the reviewer of a claim that was returned. Raises ValidationError with a sentence per fact.
    """
    with transaction.atomic():
        claim = lock(claim_id)
        access.require(actor, "claim.edit", claim)
        _refuse_unemployed(claim.practitioner)
        refuse_impossible(claim.practitioner, claim, facts, at=at)
        claim.typed.pop(MENDED, None)  # said once; another return asks anew
        years = years_to_submit(claim, facts)
        drop_drafts_outside(claim, years)
        submitted = []
        for year in years:
            part = claim if year == years[0] else _part_of(claim, year, at=at)
            if not part.is_editable:
                continue  # submitted or decided meanwhile: it stands by itself
            _set_facts(part, facts, year, at=at)
            if _ended(facts, year, at=at):
                _send(part, actor, mended=mended if part.state == ClaimState.RETURNED else "", at=at)
                submitted.append(part)
    return submitted


def begin_mending(claim: Claim) -> None:
    """Whatever changes a claim that was returned makes the return final. The claim must be locked."""
    if claim.approval is not None:
        approvals.take_up(claim.approval)


def refuse_impossible(practitioner: Practitioner, claim: Claim, facts: Facts, *, at: datetime) -> None:
    """Raise ValidationError for facts that cannot be: by the engine, by the calendar, beside the stay's other parts."""
    errors: dict[str, list[str]] = {}
    if not facts.activity_name.strip():
        errors["activity_name"] = ["请填写名称，与证明材料上的名称一致。"]
    if not facts.years():
        errors["start"] = ["请填写开始日期。"]
        raise ValidationError(errors)
    refuse_changed_dates(claim, facts)
    years = years_to_submit(claim, facts)
    try:
        for year in years:
            _check_year(practitioner, claim, facts, year, errors, at=at)
    except RuleMissingError as missing:
        errors["start"] = [str(missing)]
    if not any(_ended(facts, year, at=at) for year in years):
        errors.setdefault("end", []).append("活动尚未结束，结束后才能申报。可以先保存草稿。")
    check_years(facts, years, errors)
    if errors:
        raise ValidationError(errors)


def as_activity(category: str, facts: Facts, year: int) -> Activity:
    return Activity(id=NEW, category=category, **_given(facts.inside(year)))


def assess_amount(*, actor: Actor, claim_id: int, amount: Decimal, reason: str, at: datetime) -> Claim:
    """The reviewing officer sets the amount where the regulation leaves it to the reviewer (reading R20)."""
    with transaction.atomic():
        claim = lock(claim_id)
        approval = claim.approval
        access.require(actor, "claim.assess_amount", claim)
        if claim.assessed_credits is None:
            msg = "该类活动的学分按办法计算，不由审核人员评定。"
            raise access.Denied(msg)
        if amount < 0 or not reason.strip():
            raise ValidationError({"assessed_credits": "评定学分不能为负数，并须写明评定理由。"})
        before, claim.assessed_credits = claim.assessed_credits, amount
        claim.assessed_by, claim.assessed_at, claim.assessment_reason = actor.institution, at, reason.strip()
        claim.expected_tenths = _expected(claim, at=at)
        claim.save(
            update_fields=["assessed_credits", "assessed_by", "assessed_at", "assessment_reason", "expected_tenths"]
        )
        approval.tenths = claim.expected_tenths
        # A colleague who has the old amount on the screen is told before deciding on it.
        approval.version += 1
        approval.save(update_fields=["tenths", "version"])
        _order_checks(claim, at=at)
        journal.record(
            actor=actor,
            act="claim.assess_amount",
            subject=claim,
            institution=actor.institution,
            at=at,
            detail={"from": str(before), "to": str(amount), "reason": reason},
        )
    return claim


def _refuse_unemployed(practitioner: Practitioner) -> None:
    if practitioner.left_on is not None:
        msg = (
            f"您已于 {practitioner.left_on:%Y-%m-%d} 离职，目前没有用人单位，无法提交审核。"
            "请联系现单位的继续医学教育管理部门办理调入。"
        )
        raise access.Denied(msg)


def lock(claim_id: int) -> Claim:
    """The claim under its row lock; its approval first, as in decisions, so that the two never wait for each other."""
    approval_id = Claim.objects.values_list("approval_id", flat=True).get(pk=claim_id)
    approval = approvals.lock(approval_id) if approval_id is not None else None
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("practitioner__province", "practitioner__institution", "practitioner__department", "part_of")
        .get(pk=claim_id)
    )
    if approval is not None:
        claim.approval = approval
    return claim


def _storable(typed: dict[str, Any]) -> dict[str, Any]:
    """Without NUL, which a hostile browser sends and PostgreSQL keeps nowhere."""
    clean = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in typed.items()}
    return {name: value for name, value in clean.items() if "\0" not in name}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FACT_NAMES if values.get(name) not in (None, "")}


def _check_year(
    practitioner: Practitioner, claim: Claim, facts: Facts, year: int, errors: dict[str, list[str]], *, at: datetime
) -> None:
    rules = regulation_of(practitioner, year)
    for error in check(rules, year, person_in(practitioner, year, at=at), [as_activity(claim.category, facts, year)]):
        name = error.field.rpartition(".")[2]
        if facts.by_year and name in SPLIT_FACTS:
            name = f"{name}_{year}"
        if error.message not in errors.setdefault(name, []):
            errors[name].append(error.message)


def _ended(facts: Facts, year: int, *, at: datetime) -> bool:
    """Whether the part of the activity inside the year lies in the past."""
    end = facts.values.get("end") or facts.values["start"]
    return min(end, date(year, 12, 31)) <= timezone.localdate(at) if facts.by_year else end <= timezone.localdate(at)


def _part_of(claim: Claim, year: int, *, at: datetime) -> Claim:
    """The claim for a later year of the same stay, made when the first is submitted."""
    existing = claim.later_parts.filter(year=year).values_list("pk", flat=True).first()
    return (
        lock(existing)
        if existing is not None
        else Claim.objects.create(
            province_id=claim.province_id,
            practitioner=claim.practitioner,
            institution=claim.institution,
            department=claim.department,
            part_of=claim,
            declaration=claim.declaration,
            category=claim.category,
            year=year,
            typed=claim.typed,
            created_at=at,
            changed_at=at,
        )
    )


def _set_facts(claim: Claim, facts: Facts, year: int, *, at: datetime) -> None:
    values = facts.inside(year)
    for name in FACT_NAMES:
        default = Claim._meta.get_field(name).get_default()
        setattr(claim, name, values.get(name) if values.get(name) not in (None, "") else default)
    claim.declared_credits = claim.assessed_credits
    claim.assessed_by, claim.assessed_at, claim.assessment_reason = None, None, ""
    claim.activity_name, claim.organizer = facts.activity_name.strip(), facts.organizer.strip()
    claim.year, claim.changed_at = year, at
    claim.institution, claim.department = claim.practitioner.institution, claim.practitioner.department
    claim.regulation_version = regulation_of(claim.practitioner, year).version
    claim.expected_tenths = _expected(claim, at=at)
    claim.save()


def _expected(claim: Claim, *, at: datetime) -> int:
    """Tenths the claim would bring today, after shared caps and beside what is granted and in review."""
    return preview(claim.practitioner, claim.year, claim.as_activity(NEW), without=claim, at=at).line.counted


def _send(claim: Claim, actor: Actor, *, mended: str, at: datetime) -> None:
    practitioner = claim.practitioner
    rules = regulation_of(practitioner, claim.year)
    chosen = declaration(practitioner, claim.year, claim.declaration)
    approval = approvals.submit(
        actor=actor,
        kind="claim",
        practitioner=practitioner,
        summary=approvals.Summary(
            title=claim.activity_name,
            category=claim.category,
            category_title=chosen.title,
            year=claim.year,
            tenths=claim.expected_tenths,
        ),
        route=_route(practitioner, rules, chosen),
        approval=claim.approval,
        mended=mended,
        at=at,
    )
    claim.approval = approval
    claim.state = ClaimState.WAITING
    claim.save(update_fields=["approval", "state"])
    _order_checks(claim, at=at)


def _order_checks(claim: Claim, *, at: datetime) -> None:
    outbox.add(
        "claim.check",
        province_id=claim.province_id,
        payload={"claim": claim.pk},
        key=f"claim.check:{claim.pk}:{claim.approval.version}",
        at=at,
    )


def _route(practitioner: Practitioner, rules: Regulation, chosen: Declaration) -> approvals.Route:
    """The province's route for this activity and affiliation, resolved to bodies."""
    tiers = rules.procedure.deciding_tiers(chosen.code, practitioner.institution.affiliation)
    try:
        steps = tree.route_bodies(practitioner=practitioner, tiers=tiers)
    except tree.NoSuchBody as missing:
        raise ValidationError(str(missing)) from missing
    return approvals.Route(steps=steps, cite="；".join(chosen.route.cite), note=chosen.route.reading or "")
