"""Periodic work on the claims of every province."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from credits import claims
from institutions.tasks import start_in_every_province


@shared_task
def forget_untouched_claims() -> None:
    start_in_every_province(forget_untouched_claims_in)


@shared_task
def forget_untouched_claims_in(province_id: int) -> None:
    """Delete drafts that were opened a month ago and never written into."""
    with entered(province_id):
        claims.forget_untouched(before=timezone.now() - timedelta(days=30))
