"""One log line a request: which page, by whom, how it ended, how long it took; never what was in it."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLogMiddleware:
    """Gives the request an id (the proxy's, if it sent a plain one), repeats it in the answer, and writes the line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        log.info(
            "request",
            method=request.method,
            # The template, such as claims/<int:pk>/: an address itself may name a person or a certificate.
            path=request.resolver_match.route if request.resolver_match else None,
            status=response.status_code,
            ms=round((time.monotonic() - began) * 1000),
            **_who(request),
        )
        return response


def _who(request: HttpRequest) -> dict[str, int | None]:
    """Ids of the user and the province, as far as the request has already looked them up."""
    user = getattr(request, "_cached_user", None)
    actor = getattr(request, "actor", None)
    return {"user": getattr(user, "pk", None), "province": getattr(actor, "province_id", None)}
