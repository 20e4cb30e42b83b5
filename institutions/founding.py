"""The beginning of a province on this installation: the tenant, its commission, its first administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from institutions import posts, tree
from institutions.actors import the_portal
from institutions.enums import Kind, Role, Tier
from institutions.models import Province, User


@dataclass(frozen=True, slots=True)
class Plan:
    """What a province is called. ``jurisdiction`` names its regulation in ``credits.rules`` (``national`` without its own)."""

    code: str
    letters: str
    name: str
    short_name: str
    jurisdiction: str
    is_municipality: bool = False
    palette: str = "blue"


def found_tenant(plan: Plan) -> Province:
    """The tenant itself, which must exist before it can be entered. Raises ValidationError with a sentence per field."""
    province = Province(
        code=plan.code,
        letters=plan.letters,
        name=plan.name,
        short_name=plan.short_name,
        jurisdiction=plan.jurisdiction,
        portal_name=f"{plan.name}继续医学教育学分管理平台",
        authority=f"{plan.name}卫生健康委员会",
        palette=plan.palette,
        is_municipality=plan.is_municipality,
    )
    province.full_clean()
    province.save()
    return province


def found_province(*, plan: Plan, account: str, name: str, password: str, at: datetime) -> Province:
    """Enter a province with the commission at its root and an administrator, who opens everything else in the portal.

    Raises ValidationError with a sentence per field.
    """
    with transaction.atomic():
        province = found_tenant(plan)
        administrator = User(username=account, name=name)
        administrator.set_password(password)
        administrator.full_clean(exclude=["password"])
        administrator.save()
        with entered(province.pk):
            portal = the_portal(province)
            root = tree.found(
                actor=portal,
                province=province,
                name=province.authority,
                tier=Tier.PROVINCE,
                kind=Kind.COMMISSION,
                at=at,
            )
            posts.appoint(
                actor=portal,
                user=administrator,
                institution=root,
                role=Role.ADMINISTRATOR,
                since=timezone.localdate(at),
                at=at,
            )
    return province
