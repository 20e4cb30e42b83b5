"""Whether the portal lives and whether it can work, for machines.

The middleware answers before sessions, tenants and host names are looked at: a probe must not need what it examines.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import structlog
from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis.exceptions import RedisError

from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import exempt_role

log = structlog.get_logger(__name__)

PARKED_NAMED = 3


class HealthMiddleware:
    """Answers /health/live (the process answers) and /health/ready (everything it stands on works; else 503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live":
            return JsonResponse({"status": "ok"})
        if request.path == "/health/ready":
            return ready()
        return self.get_response(request)


def ready() -> JsonResponse:
    """{"status": "ok" | "failing", "parts": {name: "ok" or what is wrong}}, with 503 as soon as one part fails."""
    parts: dict[str, str] = {}
    for name, examine in (
        ("database", database),
        ("row_level_security", row_level_security),
        ("migrations", migrations),
        ("cache", cache_server),
        ("outbox", outbox_state),
    ):
        try:
            parts[name] = examine()
        except (DatabaseError, RedisError, OSError) as error:
            # The type only: the message may hold the address and the role of the server.
            parts[name] = f"unreachable ({type(error).__name__})"
    failing = {name: state for name, state in parts.items() if state != "ok"}
    if failing:
        log.error("health.failing", parts=failing)
    response = JsonResponse({"status": "failing" if failing else "ok", "parts": parts}, status=503 if failing else 200)
    response["Cache-Control"] = "no-store"
    return response


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def row_level_security() -> str:
    """The role's name stays in the logs of ``prepare``; anybody may ask for this page."""
    if exempt_role() is None:
        return "ok"
    return "does not bind the database role (superuser or BYPASSRLS): DATABASE_URL must name another"


def migrations() -> str:
    missing = _count_missing_migrations()
    return "ok" if not missing else f"{missing} not applied"


def cache_server() -> str:
    shared_cache.set("health", "ok", timeout=10)
    return "ok" if shared_cache.get("health") == "ok" else "does not keep values"


def outbox_state() -> str:
    age = outbox.oldest_due_age(at=timezone.now())
    if age > timedelta(seconds=settings.OUTBOX_LIMIT_SECONDS):
        return f"the oldest message has been due for {int(age.total_seconds())} s: is a worker running?"
    parked = outbox.parked_keys(limit=PARKED_NAMED)
    if parked:
        return f"parked after too many attempts: {', '.join(parked)}; mend the cause and run resume_outbox"
    return "ok"


class _MissingError(Exception):
    """Carries the number past the cache: only the answer "none is missing" may be remembered."""


def _count_missing_migrations() -> int:
    try:
        _require_migrations()
    except _MissingError as missing:
        return int(missing.args[0])
    return 0


@cache
def _require_migrations() -> None:
    """Reading the graph costs a third of a second; a process that saw all migrations applied never loses one."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise _MissingError(len(plan))
