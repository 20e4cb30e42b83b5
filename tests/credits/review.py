"""A claim taken to be in review, without the way that leads there."""

from credits.models import Claim, ClaimState
from institutions.models import Approval
from tests.cast import NOW


def put_in_review(claim: Claim) -> None:
    """As if the claim had been submitted: its approval waits at the employer."""
    approval = Approval.objects.create(
        province_id=claim.province_id,
        kind="claim",
        practitioner=claim.practitioner,
        institution=claim.institution,
        holder=claim.institution,
        state="waiting",
        submitted_at=NOW,
        waiting_since=NOW,
        practitioner_name=claim.practitioner.name,
        title="进修",
        category=claim.category,
        year=claim.year,
    )
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.WAITING, approval=approval, start=NOW, end=NOW)
    claim.refresh_from_db()
