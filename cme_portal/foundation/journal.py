"""The journal of who did and who saw what: append-only, without personal data, readable by the body's auditor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cme_portal.foundation.models import JournalEntry

if TYPE_CHECKING:
    from django.db.models import Model

# What the auditor reads for each act; every app adds its own.
LABELS: dict[str, str] = {}


def name(labels: dict[str, str]) -> None:
    """Give acts their names in Chinese: ``name({"approval.approve": "审核通过"})``."""
    LABELS.update(labels)


def record(
    *,
    actor: Any,
    act: str,
    at: datetime,
    subject: Model | None = None,
    institution: Any = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write that ``actor`` did ``act`` on ``subject`` at ``institution``.

    ``actor`` has ``user``, ``province_id`` and ``seat_label`` (institutions.actors.Actor); ``detail`` holds codes, figures and
    ids, never names or numbers of people.
    """
    JournalEntry.objects.create(
        province_id=actor.province_id,
        user=actor.user,
        seat=actor.seat_label,
        act=act,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        institution=institution,
        institution_path=institution.path if institution is not None else "",
        at=at,
        detail=detail or {},
    )
