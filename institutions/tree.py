"""The tree of bodies: founding them, and who decides above whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from cme_portal.foundation import journal
from institutions import access
from institutions.actors import Actor
from institutions.enums import Affiliation, Kind, Tier
from institutions.models import Institution, Practitioner, Province


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
    return Institution.objects.filter(province_id=root.province_id, parent=root, kind=kind).first()
