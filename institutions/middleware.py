"""The seat of each request, and the transaction it works in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone

from cme_portal.foundation import journal
from cme_portal.foundation.tenancy import entered
from institutions.actors import Actor, sit
from institutions.models import Seat

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# allauth notes on the account itself what was shown when (recovery codes, addresses); its pages show nothing of a province.
ACCOUNT_PAGES = "/accounts/"


class ActorMiddleware:
    """Sets ``request.actor`` and runs the request in its province: one transaction, read-only for safe methods.

    ``request.seen`` collects (act, subject, institution) of what a page showed, and perhaps its detail; it is written to the
    journal after the page's read-only transaction. A form that comes back with its mistakes shows as much as any page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None
        request.seen = []
        seats = seats_in_order(request)
        if seats:
            # The body comes in before the transaction opens: a photograph on a slow line must not hold one for minutes.
            with suppress(UnreadablePostError):
                request.POST  # noqa: B018 - reading it receives the form and its files
        for seat in seats:
            if (response := self._answered_from(seat, request)) is not None:
                return response
        return self.get_response(request)

    def _answered_from(self, seat: Seat, request: HttpRequest) -> HttpResponse | None:
        """The page, answered from this seat; None when nobody may sit in it today."""
        with entered(seat.province_id, read_only=is_read_only(request)):
            request.actor = sit(seat, on=timezone.localdate())
            if request.actor is None:
                return None
            keep_seat(request, seat)
            response = self.get_response(request)
        if request.seen:
            self._record_seen(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A page that failed shows and leaves nothing, although the exception becomes a response further out."""
        request.seen.clear()
        if request.actor is not None and not _asks_on(request, exception):
            transaction.set_rollback(True)

    def _record_seen(self, request: HttpRequest) -> None:
        actor: Actor = request.actor
        with entered(actor.province_id):
            for act, subject, institution, *detail in request.seen:
                journal.record(
                    actor=actor,
                    act=act,
                    subject=subject,
                    institution=institution,
                    detail=dict(*detail),
                    at=timezone.now(),
                )


def _asks_on(request: HttpRequest, exception: Exception) -> bool:
    """Whether the answer to the exception still asks the database: allauth which page it is, an error page for the seats.

    What has read nothing but rows has nothing to take back.
    """
    if isinstance(exception, ImmediateHttpResponse | ReauthenticationRequired):
        return True
    return is_read_only(request) and isinstance(exception, Http404 | PermissionDenied)


def is_read_only(request: HttpRequest) -> bool:
    return request.method in SAFE_METHODS and not request.path.startswith(ACCOUNT_PAGES)


def seats_in_order(request: HttpRequest) -> list[Seat]:
    """The user's seats, also as ``request.seats``: the one kept in the session first, then practitioner before posts."""
    if not request.user.is_authenticated:
        return []
    request.seats = list(request.user.seats.select_related("province").order_by(F("post_id").asc(nulls_first=True)))
    chosen = request.session.get("seat")
    return sorted(request.seats, key=lambda seat: seat.pk != chosen)


def keep_seat(request: HttpRequest, seat: Seat) -> None:
    """Remember where the user sits; whoever has lost the seat taken before is told where this page is answered from."""
    before = request.session.get("seat")
    if before == seat.pk:
        return
    request.session["seat"] = seat.pk
    if before is not None:
        sentence = f"您原来的身份已终止或尚未开始，现以“{request.actor.seat_label}”的身份办理。"
        messages.warning(request, f"{sentence}如有疑问，请联系本机构管理员。")
