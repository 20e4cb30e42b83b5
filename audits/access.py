"""Rows of the access matrix for certificates."""

from __future__ import annotations

from typing import Any

from cme_portal.foundation import journal
from institutions.access import PRACTITIONER, permit, territory_includes
from institutions.actors import Actor
from institutions.enums import Kind, Role

# Certificates are a commission's: the province's, a city's or a county's, or the province's CME office.
ISSUING_KINDS: frozenset[str] = frozenset({Kind.COMMISSION, Kind.CME_OFFICE})


def issuing_refusal(actor: Actor, practitioner: Any) -> str | None:
    """Why this officer may not decide on certificates of this person, or None."""
    if actor.institution.kind not in ISSUING_KINDS:
        return "学分证书由卫生健康行政部门签发，本机构不能办理。"
    if practitioner.user_id is not None and practitioner.user_id == actor.user.pk:
        return "不能为本人办理证书。请由本机构其他签发人员办理。"
    if not territory_includes(actor, practitioner.institution, practitioner.department):
        return "该人员的用人单位不在本机构的管理范围内。"
    return None


def _of_certificate(actor: Actor, certificate: Any) -> str | None:
    return issuing_refusal(actor, certificate.practitioner)


permit("certificate.own", PRACTITIONER)
permit("certificate.view", PRACTITIONER, Role.CERTIFIER, Role.AUDITOR)
permit("certificate.list", Role.CERTIFIER, Role.AUDITOR)
permit("certificate.issue", Role.CERTIFIER, when=issuing_refusal)
permit("certificate.revoke", Role.CERTIFIER, when=_of_certificate)
permit("certificate.reissue", Role.CERTIFIER, when=_of_certificate)

journal.name(
    {
        "certificate.issue": "签发证书",
        "certificate.reissue": "换发证书",
        "certificate.revoke": "撤销证书",
        "certificate.view": "查看证书",
        "certificate.download": "下载证书",
    }
)
