"""A year of the cast's practitioner in Liaoning: something granted, something in review, something returned, a draft."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cme_portal.foundation.tenancy import entered
from credits import claims, evidence
from credits.models import Claim
from institutions import approvals
from institutions.enums import ApprovalState, Verdict
from tests.cast import NOW, Cast
from tests.credits.documents import jpeg


@dataclass(frozen=True)
class Lived:
    """The claims of the year."""

    granted: Claim
    waiting: Claim
    returned: Claim
    draft: Claim


def live(cast: Cast) -> Lived:
    with entered(cast.province.pk):
        granted = submit(
            cast,
            "practice",
            "2026 年卒中溶栓与取栓模拟实训工作坊",
            hours=Decimal(84),
            start=date(2026, 3, 2),
            end=date(2026, 3, 20),
        )
        approve(cast, granted)
        waiting = submit(
            cast, "practice", "多学科病例讨论", hours=Decimal(32), start=date(2026, 10, 12), end=date(2026, 10, 17)
        )
        approve(cast, waiting, steps=1)
        returned = submit(
            cast, "self_study", "健康科普：中风 120 识别", item="outreach", count=1, start=date(2026, 9, 17)
        )
        send_back(
            cast, returned, "缺少发布页面截图，请补充平台、发布日期和作者署名。", {"start": "与截图上的日期不一致"}
        )
        draft = claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)
        claims.keep_typed(
            actor=cast.person, claim_id=draft.pk, typed={"activity_name": "重症医学进修", "start": "2026-04-01"}, at=NOW
        )
        return Lived(*(Claim.objects.get(pk=one.pk) for one in (granted, waiting, returned, draft)))


def submit(cast: Cast, code: str, name: str, **values: object) -> Claim:
    """Declare and send off an activity with one photograph for every document that must be handed in."""
    claim = claims.start(actor=cast.person, code=code, year=2026, at=NOW)
    chosen = claims.declaration(cast.practitioner, 2026, code)
    for document in chosen.evidence_for(str(values.get("item") or "")):
        if document.required:
            content = io.BytesIO(jpeg())
            evidence.upload(
                actor=cast.person, claim_id=claim.pk, item=document.code, content=content, name="证明.jpg", at=NOW
            )
    typed = {name: str(value) for name, value in values.items()} | {"activity_name": name}
    claims.keep_typed(actor=cast.person, claim_id=claim.pk, typed=typed, at=NOW)
    claims.submit(actor=cast.person, claim_id=claim.pk, facts=claims.Facts(name, "示范医院", dict(values)), at=NOW)
    claim.refresh_from_db()
    return claim


def approve(cast: Cast, claim: Claim, *, steps: int = 9) -> None:
    """Approve so many steps, at most to the end."""
    for _ in range(steps):
        approval = approvals.lock(claim.approval_id)
        if approval.state != ApprovalState.WAITING:
            return
        _decide(cast, claim, Verdict.APPROVE)


def send_back(
    cast: Cast,
    claim: Claim,
    reason: str,
    field_reasons: dict[str, str] | None = None,
    *,
    verdict: str = Verdict.RETURN,
) -> None:
    """Return the claim, or reject it."""
    _decide(cast, claim, verdict, reason=reason, field_reasons=field_reasons or {})


def _decide(cast: Cast, claim: Claim, verdict: str, **told: object) -> None:
    approval = approvals.lock(claim.approval_id)
    bodies = {body.pk: name for name, body in cast.bodies.items()}
    approvals.decide(
        actor=cast.officer(bodies[approval.holder_id]),
        approval_id=approval.pk,
        verdict=verdict,
        version=approval.version,
        at=NOW,
        **told,
    )
