"""The tree of bodies: founding, correcting and closing them, and who decides above whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from cme_portal.foundation import journal, outbox
from cme_portal.foundation.clock import today
from institutions import access
from institutions.actors import Actor
from institutions.enums import Affiliation, ApprovalState, Kind, Tier
from institutions.models import ApprovalStep, Employment, Institution, Post, Practitioner, Province
from institutions.queries import InstitutionQuerySet

SUBMIT_AGAIN = "请重新提交；仍不能提交的，请联系省级管理员。"
# What a correction may change of a body.
REGISTERED = ("name", "kind", "affiliation", "primary_care", "audit_authority")


class NoSuchBody(LookupError):
    """The route names a tier that has no body above the employer; the message says which."""


def found(
    *,
    actor: Actor,
    province: Province,
    name: str,
    tier: str,
    kind: str,
    parent: Institution | None = None,
    affiliation: str = Affiliation.LOCAL,
    primary_care: bool = False,
    audit_authority: Institution | None = None,
    at: datetime,
) -> Institution:
    """Enter a body into the tree of its province below ``parent``. Raises ValidationError with a sentence per field."""
    with transaction.atomic():
        if actor.user is not None:
            access.require(actor, "bodies.manage", parent)
        if parent is not None:
            require_open(parent, field="parent")
        institution = Institution(
            province=province,
            name=name,
            tier=tier,
            kind=kind,
            parent=parent,
            affiliation=affiliation,
            primary_care=primary_care,
            audit_authority=audit_authority,
            path=f"new {province.pk} {name}",
        )
        institution.full_clean(exclude=["path"])
        institution.save()
        institution.path = f"{parent.path if parent else ''}{institution.pk}."
        institution.save(update_fields=["path"])
        journal.record(actor=actor, act="institution.found", subject=institution, institution=institution, at=at)
    return institution


def correct(
    *,
    actor: Actor,
    institution_id: int,
    name: str,
    kind: str,
    affiliation: str,
    primary_care: bool,
    audit_authority: Institution | None,
    at: datetime,
) -> Institution:
    """Correct what is registered of a body; its place in the tree stays. Raises ValidationError with a sentence per field.

    What is under review keeps its route; a new kind or affiliation counts for what is submitted from now on.
    """
    with transaction.atomic():
        institution = _lock(institution_id)
        access.require(actor, "bodies.change", institution)
        _refuse_closed(institution)
        if _tier_as(institution, kind) != institution.tier:
            msg = f"该类别不属于{institution.get_tier_display()}这一层级。类别确需变更的，请关闭本机构后重新登记。"
            raise ValidationError({"kind": msg})
        if audit_authority is not None and audit_authority.pk != institution.audit_authority_id:
            _refuse_unfit_authority(institution, audit_authority)
        before = _registered(institution)
        institution.name, institution.kind = name, kind
        institution.affiliation, institution.primary_care = affiliation, primary_care
        institution.audit_authority = audit_authority
        institution.full_clean()
        institution.save()
        changed = {
            field: [before[field], now] for field, now in _registered(institution).items() if before[field] != now
        }
        journal.record(
            actor=actor,
            act="institution.correct",
            subject=institution,
            institution=institution,
            at=at,
            detail=changed,
        )
        if "primary_care" in changed:
            outbox.add(
                "institution.changed",
                province_id=institution.province_id,
                payload={"institution": institution.pk},
                key=f"institution.changed:{institution.pk}:{at.isoformat()}",
                at=at,
            )
    return institution


def close(*, actor: Actor, institution_id: int, reason: str, at: datetime) -> Institution:
    """Close a body from today on. Raises ValidationError with a sentence for each thing that is in the way."""
    with transaction.atomic():
        institution = _lock(institution_id)
        access.require(actor, "bodies.change", institution)
        _refuse_closed(institution)
        if obstacles := in_the_way(institution, on=today(at)):
            raise ValidationError(obstacles)
        institution.closed_on = today(at)
        institution.save(update_fields=["closed_on"])
        journal.record(
            actor=actor,
            act="institution.close",
            subject=institution,
            institution=institution,
            at=at,
            detail={"reason": reason},
        )
    return institution


def in_the_way(institution: Institution, *, on: date) -> list[str]:
    """What keeps a body from being closed, and what to do about it; nothing when it can be closed."""
    if institution.parent_id is None:
        return ["省级卫生健康行政部门不能关闭。"]
    lasting = Q(until=None) | Q(until__gt=on)
    here = Q(institution=institution) | Q(department=institution)
    below = Institution.objects.within(institution).open().exclude(pk=institution.pk)
    audited = Institution.objects.open().filter(audit_authority=institution)
    waiting = ApprovalStep.objects.filter(
        institution=institution, approval__state=ApprovalState.WAITING, position__gte=F("approval__position")
    )
    found = (
        (below.count(), "还有 {} 个下属机构。请先关闭下属机构。"),
        (Post.objects.filter(lasting, institution=institution).count(), "还有 {} 个在任岗位。请先终止岗位。"),
        (Employment.objects.filter(lasting & here).count(), "还有 {} 人在此任职。请先办理调动或登记离职。"),
        (waiting.count(), "还有 {} 项申报正在或将要由本机构审核。请先办结。"),
        (audited.count(), "还有 {} 个机构以此为学分审验机关。请先更正其学分审验机关。"),
    )
    return [sentence.format(count) for count, sentence in found if count]


def require_open(institution: Institution, *, field: str = "__all__") -> None:
    """Raise ValidationError at ``field`` for a closed body. Its row is locked, so that nobody closes it meanwhile."""
    current = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    if current.closed_on is not None:
        raise ValidationError({field: f"“{current}”已于 {current.closed_on:%Y-%m-%d} 关闭，请选择其他机构。"})


def keep_open(institutions: Iterable[Institution], *, remedy: str = SUBMIT_AGAIN) -> None:
    """Raise ValidationError when one of them is closed; until the transaction ends none of them can be closed.

    ``remedy`` tells whoever acts what to do then; by default the practitioner who submits.
    The lock is shared: submissions never wait for each other at the commission of the province, only closing waits.
    """
    shared = "SELECT id, name, closed_on FROM institutions_institution WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
    for body in Institution.objects.raw(shared, [sorted({one.pk for one in institutions})]):
        if body.closed_on is not None:
            msg = f"“{body}”已于 {body.closed_on:%Y-%m-%d} 关闭，不再审核。{remedy}"
            raise ValidationError(msg)


def closed_already(institution: Institution) -> str:
    """The sentence for whoever would change a closed body."""
    return f"“{institution}”已于 {institution.closed_on:%Y-%m-%d} 关闭，登记信息不再更改。确需继续使用的，请重新登记。"


def audit_authorities(institution: Institution) -> InstitutionQuerySet:
    """Who may audit the credits of an employer: a city, the office of its university's hospitals (jilin 四(九)), the province.

    None for other bodies: a department is audited with its employer, a commission or office employs nobody under audit.
    """
    if institution.tier != Tier.UNIT:
        return Institution.objects.none()
    auditing = Q(tier__in=[Tier.PROVINCE, Tier.CITY]) | Q(kind=Kind.HOSPITAL_OFFICE)
    rows = Institution.objects.open().filter(
        auditing | Q(pk=institution.audit_authority_id), province_id=institution.province_id
    )
    return rows.exclude(pk=institution.pk).order_by("path")


def _refuse_unfit_authority(institution: Institution, authority: Institution) -> None:
    require_open(authority, field="audit_authority")
    if not audit_authorities(institution).filter(pk=authority.pk).exists():
        raise ValidationError({"audit_authority": f"{authority}不能作为本机构的学分审验机关，请重新选择。"})


def _refuse_closed(institution: Institution) -> None:
    if institution.closed_on is not None:
        raise ValidationError(closed_already(institution))


def _registered(institution: Institution) -> dict[str, Any]:
    """What is registered, as the journal keeps it: codes, and the name of the other body."""
    values = {field: getattr(institution, field) for field in REGISTERED}
    return {field: value.name if isinstance(value, Institution) else value for field, value in values.items()}


def _lock(institution_id: int) -> Institution:
    """The whole row, not only its values: what ``keep_open`` holds is not locked before it is let go."""
    rows = Institution.objects.select_for_update(of=("self",)).select_related("parent__province", "audit_authority")
    return rows.get(pk=institution_id)


def _tier_as(institution: Institution, kind: str) -> str:
    """The tier that the body would have as one of this kind, where it stands."""
    if institution.parent is None:
        return Tier.PROVINCE if kind == Kind.COMMISSION else Tier.UNIT
    return tier_below(institution.parent, kind)


def tier_below(parent: Institution, kind: str) -> str:
    """The tier of a new body of this kind below ``parent``; raises ValidationError where it cannot stand there."""
    is_root = parent.tier == Tier.PROVINCE
    if kind == Kind.COMMISSION:
        if parent.tier == Tier.CITY or (is_root and parent.province.is_municipality):
            return Tier.COUNTY
        if is_root:
            return Tier.CITY
        raise ValidationError({"kind": "卫生健康行政部门只能设在省级或市级卫生健康行政部门之下。"})
    if kind in {Kind.CME_OFFICE, Kind.TCM_ADMINISTRATION}:
        if is_root:
            return Tier.PROVINCE_OFFICE
        raise ValidationError({"kind": "该类机构只能设在省级卫生健康行政部门之下。"})
    if kind == Kind.DEPARTMENT:
        if parent.tier == Tier.UNIT:
            return Tier.DEPARTMENT
        raise ValidationError({"kind": "科室只能设在用人单位之下。"})
    if parent.tier in {Tier.DEPARTMENT, Tier.PROVINCE_OFFICE}:
        raise ValidationError({"parent": "用人单位应设在卫生健康行政部门或用人单位之下。"})
    return Tier.UNIT


def ancestors(institution: Institution) -> list[Institution]:
    """The body and those above it, from the nearest to the root."""
    ids = [int(part) for part in institution.path.rstrip(".").split(".")]
    by_id = Institution.objects.select_related("province").in_bulk(ids)
    return [by_id[pk] for pk in reversed(ids)]


def lowest_above(one: Institution, other: Institution) -> Institution:
    """The lowest body that both are or lie below; of one province it is the root at the latest."""
    return next(body for body in ancestors(other) if one.path.startswith(body.path))


def route_bodies(*, practitioner: Practitioner, tiers: Iterable[str]) -> list[tuple[str, Institution]]:
    """The bodies that decide on a practitioner's matter, tier by tier.

    A tier that does not exist above this employer (no county between hospital and city, no department) is skipped; the
    employer, the city and the province must exist. Two tiers of one body are one step.
    """
    above = ancestors(practitioner.institution)
    steps: list[tuple[str, Institution]] = []
    for tier in tiers:
        body = _body(tier, above, practitioner)
        if body is None:
            if tier in {"department", "county", "district"}:
                continue
            msg = f"{practitioner.institution} 的上级中没有“{tier}”一级的审核机构，请联系省级管理员完善机构树。"
            raise NoSuchBody(msg)
        if not steps or steps[-1][1].pk != body.pk:
            steps.append((tier, body))
    return steps


def _body(tier: str, above: list[Institution], practitioner: Practitioner) -> Institution | None:
    match tier:
        case "department":
            return practitioner.department
        case "employer" | "own_unit" | "system":
            return _employer(above)
        case "county" | "district":
            return _nearest(above, Tier.COUNTY)
        case "city":
            city = _nearest(above, Tier.CITY)
            # In a municipality the commission at the root is the city (beijing B7: institution, district, city); a directly
            # affiliated body lies in no city, so the province decides where a route knows no way of its own for it.
            is_direct = above[0].affiliation != Affiliation.LOCAL
            return above[-1] if city is None and (is_direct or above[-1].province.is_municipality) else city
        case "province":
            return above[-1]
        case "province_office":
            return _office(above[-1], Kind.CME_OFFICE) or above[-1]
        case "tcm":
            return _office(above[-1], Kind.TCM_ADMINISTRATION) or above[-1]
        case _:
            return None


def _employer(above: list[Institution]) -> Institution:
    """The unit itself; a village clinic is managed by the township health centre above it."""
    unit = above[0]
    if unit.kind == Kind.VILLAGE_CLINIC and len(above) > 1 and above[1].tier == Tier.UNIT:
        return above[1]
    return unit


def _nearest(above: list[Institution], tier: str) -> Institution | None:
    return next((body for body in above if body.tier == tier), None)


def _office(root: Institution, kind: str) -> Institution | None:
    return Institution.objects.open().filter(province_id=root.province_id, parent=root, kind=kind).first()
