"""The door: everybody is sent to the page their seat begins with; whoever has not signed in learns what this is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cme_portal.pages.context import NAVIGATION
from institutions.access import public, seat_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the seat's navigation; an account without a seat is told whom to ask."""
    if request.actor is not None:
        _, first_page, _ = NAVIGATION[seat_of(request.actor)][0]
        return redirect(first_page)
    template = "pages/no_seat.html" if request.user.is_authenticated else "pages/landing.html"
    return render(request, template)
