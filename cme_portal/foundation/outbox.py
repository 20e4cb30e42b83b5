"""The outbox: what must happen after a commit is a row of the same transaction; Celery only carries it.

An act adds a message; once the transaction has committed, a task delivers it. If Redis is flushed or a worker is killed,
the row is still there and the sweeper sends it again. A handler does its effect in the transaction that marks the message
delivered, so that running twice is harmless.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from cme_portal.foundation.models import OutboxMessage
from cme_portal.foundation.tenancy import entered

log = structlog.get_logger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register ``function(payload, *, at)`` as the deliverer of a kind of message."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def add(
    kind: str, *, province_id: int, payload: dict[str, Any], key: str, at: datetime, due: datetime | None = None
) -> None:
    """Write a message in the caller's transaction. ``payload`` holds ids only; a second message of the same key is dropped."""
    if kind not in HANDLERS:
        msg = f"no handler for outbox messages of kind {kind!r}"
        raise LookupError(msg)
    [message] = OutboxMessage.objects.bulk_create(
        [OutboxMessage(kind=kind, province_id=province_id, payload=payload, key=key, created_at=at, due_at=due or at)],
        ignore_conflicts=True,
    )
    if due is None or due <= at:
        transaction.on_commit(lambda: _send(message.key), robust=True)


def _send(key: str) -> None:
    from cme_portal.foundation.tasks import deliver  # noqa: PLC0415 - the task carries this module's own act

    try:
        deliver.delay(key)
    except OperationalError:
        # The row is safe in the database; the sweeper sends it when the broker is back.
        log.warning("outbox.broker_unreachable", key=key)


def deliver(key: str, *, at: datetime) -> bool:
    """Deliver one message now. True if this call did it; False if it is done, gone, being done, or failed."""
    try:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True).filter(key=key, delivered_at=None).first()
            )
            if message is None:
                return False
            with entered(message.province_id):
                HANDLERS[message.kind](message.payload, at=at)
            message.delivered_at = at
            message.save(update_fields=["delivered_at"])
    except Exception as error:
        log.exception("outbox.failed", key=key)
        _postpone(key, error, at=at)
        return False
    return True


def _postpone(key: str, error: Exception, *, at: datetime) -> None:
    message = OutboxMessage.objects.filter(key=key, delivered_at=None).first()
    if message is None:
        return
    message.attempts += 1
    message.last_error = _without_values(error)[:500]
    message.due_at = at + min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(message.attempts - 1, 10))
    message.save(update_fields=["attempts", "last_error", "due_at"])


def _without_values(error: Exception) -> str:
    """The error's type and where it was raised: its text may repeat a row, and this table is read across provinces."""
    *_, innermost = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {innermost.filename}:{innermost.lineno}"


def due_keys(*, at: datetime, kind: str | None = None, limit: int = 500) -> list[str]:
    """Keys of messages (of one kind) that should have been delivered by now, oldest first."""
    waiting = OutboxMessage.objects.filter(delivered_at=None, due_at__lte=at).order_by("due_at")
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    return list(waiting.values_list("key", flat=True)[:limit])


def oldest_due_age(*, at: datetime) -> timedelta:
    """How long the oldest due message has been waiting; zero when none is. Readiness looks at it."""
    oldest = OutboxMessage.objects.filter(delivered_at=None, due_at__lte=at).order_by("due_at").first()
    return at - oldest.due_at if oldest else timedelta(0)


def deliver_due(*, at: datetime, kind: str | None = None) -> int:
    """Deliver everything (of one kind) that is due in this process; for the demo, for tests and for a rescue by hand."""
    delivered = 0
    while keys := due_keys(at=at, kind=kind):
        done = sum(deliver(key, at=at) for key in keys)
        delivered += done
        if not done:
            break
    return delivered


def forget_delivered(*, before: datetime) -> int:
    """Delete the messages delivered before a time; answers how many."""
    deleted, _ = OutboxMessage.objects.filter(delivered_at__lt=before).delete()
    return deleted
