"""The State Council's notice of a year's holidays arrives: what was promised for that year is counted again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from cme_portal.foundation import workdays
from cme_portal.foundation.tenancy import entered
from institutions.enums import ApprovalState
from institutions.models import Approval, Province


def take_over(*, year: int, holidays: Iterable[date], working_days: Iterable[date]) -> int:
    """Import the notice and correct the promised days of waiting approvals; answers how many changed.

    Raises ValueError for a notice that cannot be (see ``workdays.import_notice``).
    """
    with transaction.atomic():
        workdays.import_notice(year=year, holidays=holidays, working_days=working_days)
        return sum(_promise_again(province, since=date(year, 1, 1)) for province in Province.objects.all())


def _promise_again(province: Province, *, since: date) -> int:
    """Count the promised days from ``since`` on again, in one province."""
    with entered(province.pk):
        # In the order in which acts on many approvals lock them.
        waiting = (
            Approval.objects.select_for_update(of=("self",))
            .filter(state=ApprovalState.WAITING, promised_on__gte=since)
            .order_by("pk")
        )
        changed = []
        for approval in waiting:
            began = timezone.localdate(approval.waiting_since)
            promised = workdays.add_working_days(began, province.promise_working_days)
            if promised != approval.promised_on:
                approval.promised_on = promised
                changed.append(approval)
        return Approval.objects.bulk_update(changed, ["promised_on"], batch_size=500)
