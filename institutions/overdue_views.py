"""What the bodies below one's own hold beyond the promised day, for the body that has to press them. It only shows."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cme_portal.foundation.clock import today
from cme_portal.foundation.paging import BoundedPaginator
from institutions.access import gate
from institutions.models import Approval

PAGE_ROWS = 25


@gate("inbox.overdue")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who holds them, since when, and how long beyond the promise. Each leads to its own page, not to one's own inbox."""
    on = today(timezone.now())
    rows = Approval.objects.overdue_below(request.actor.institution, on=on).select_related("holder")
    page = BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    prefetch_related_objects(list(page), *{row.kind for row in page})
    context = {
        "page": page,
        "institution": request.actor.institution,
        "today": on,
        "crumbs": [("待审核", reverse("inbox"))],
        "here": "下级超期事项",
    }
    return render(request, "institutions/overdue.html", context)
