"""The end of a session moves with every request, and nothing else of the session is written by one that changed nothing.

Written back whole, as Django's SESSION_SAVE_EVERY_REQUEST does, a slow page would put back what it read at its beginning:
the seat that the same person has left meanwhile in another window. The cookie is not sent again: it ends with the browser
(ACCOUNT_SESSION_REMEMBER), and names no day that would have to move too.
"""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

# The row is not written again for every part of a page: a session ends at most so much earlier.
PRECISION = timedelta(minutes=5)


class SessionEndMiddleware:
    """Stands right inside Django's, which writes what was changed, and the end with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.modified and session.session_key is not None:
            end = session.get_expiry_date()
            Session.objects.filter(pk=session.session_key, expire_date__lt=end - PRECISION).update(expire_date=end)
        return response
