"""Changing the seat, and the notifications of a person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from cme_portal.foundation.ids import row_id
from institutions.access import gate
from institutions.models import Notification, Seat

PAGE_ROWS = 30


@gate("seat.switch")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Sit down somewhere else; every page from now on is that seat's."""
    seat = get_object_or_404(Seat, pk=row_id(request.POST.get("seat", "")), user=request.user)
    request.session["seat"] = seat.pk
    return redirect("home")


@gate("notification.view")
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    rows = _own(request).order_by("-at", "-pk")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "institutions/notifications.html", {"page": page})


@gate("notification.view")
@require_POST
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one read and go to the page it speaks of."""
    notification = get_object_or_404(_own(request), pk=notification_id)
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    # Addresses are written by the portal's own acts; one that leads elsewhere would be a mistake worth stopping.
    is_ours = url_has_allowed_host_and_scheme(notification.url, allowed_hosts=None)
    return HttpResponseRedirect(notification.url if is_ours else reverse("notifications"))


@gate("notification.view")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    _own(request).filter(read_at=None).update(read_at=timezone.now())
    return redirect("notifications")


def _own(request: HttpRequest) -> QuerySet[Notification]:
    return Notification.objects.filter(province_id=request.actor.province_id, user=request.actor.user)
