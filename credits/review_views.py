"""The one act of review that is the claim's own: the officer sets the amount."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from credits import claims
from credits.models import Claim
from credits.review import AmountForm
from institutions import access
from institutions.access import gate
from institutions.inbox_views import inbox_page


@gate("claim.assess_amount")
@require_POST
def assess_amount(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Set the amount and go back to the open row of the inbox, with its calculation made anew."""
    rows = Claim.objects.visible_to(request.actor).exclude(approval=None)
    claim = get_object_or_404(rows.select_related("approval__institution", "approval__practitioner"), pk=claim_id)
    form = AmountForm(request.POST)
    if form.is_valid():
        try:
            claims.assess_amount(
                actor=request.actor,
                claim_id=claim.pk,
                amount=Decimal(form.cleaned_data["amount"]) / 10,
                reason=form.cleaned_data["amount_reason"],
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        except access.Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, "已评定学分，请继续审核。")
            return redirect(f"{reverse('inbox-panel', args=[claim.approval_id])}?{request.GET.urlencode()}")
    return inbox_page(request, opened=claim.approval, subject_context={"amount_form": form}, status=422)
