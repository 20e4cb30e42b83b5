"""The seat of each request, and the transaction it works in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone

from cme_portal.foundation import journal
from cme_portal.foundation.tenancy import entered
from institutions.actors import Actor, sit
from institutions.models import Seat

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ActorMiddleware:
    """Sets ``request.actor`` and runs the request in its province: one transaction, read-only for safe methods.

    ``request.seen`` collects (act, subject, institution) of what a page showed; it is written to the journal after the page's
    read-only transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None
        request.seen = []
        seat = chosen_seat(request)
        if seat is None:
            return self.get_response(request)
        # The body comes in before the transaction opens: a photograph on a slow line must not hold one for minutes.
        with suppress(UnreadablePostError):
            request.POST  # noqa: B018 - reading it receives the form and its files
        with entered(seat.province_id, read_only=request.method in SAFE_METHODS):
            request.actor = sit(seat, on=timezone.localdate())
            response = self.get_response(request)
        if request.seen and response.status_code < 400:
            self._record_seen(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A page that failed leaves nothing behind, although the exception becomes a response further out."""
        if request.actor is not None:
            transaction.set_rollback(True)

    def _record_seen(self, request: HttpRequest) -> None:
        actor: Actor = request.actor
        with entered(actor.province_id):
            for act, subject, institution in request.seen:
                journal.record(actor=actor, act=act, subject=subject, institution=institution, at=timezone.now())


def chosen_seat(request: HttpRequest) -> Seat | None:
    """The seat kept in the session, else the user's first: practitioner before posts."""
    if not request.user.is_authenticated:
        return None
    seats = list(request.user.seats.select_related("province").order_by(F("post_id").asc(nulls_first=True)))
    chosen = request.session.get("seat")
    request.seats = seats
    return next((seat for seat in seats if seat.pk == chosen), seats[0] if seats else None)
