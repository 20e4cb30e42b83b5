"""The outbox: what must happen after a commit is a row of the same transaction; Celery only carries it.

An act adds a message; once the transaction has committed, a task delivers it. If Redis is flushed or a worker is killed,
the row is still there and the sweeper sends it again. A handler does its effect in the transaction that marks the message
delivered, so that running twice is harmless.

What bulk acts promise goes behind what a person waits for. The priority is kept in the row: what a handler adds, what the
sweeper sends again and what is resumed by hand stand where the act that began it stood.

Every attempt is counted, and the next one put off, before the handler runs: a message that kills its worker waits like any
other that fails. After ``MOST_ATTEMPTS`` it is parked until somebody has mended the cause and runs ``resume_outbox``.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Min, QuerySet
from kombu.exceptions import OperationalError

from cme_portal.foundation.models import OutboxMessage, Priority
from cme_portal.foundation.tenancy import entered

log = structlog.get_logger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# About a day of trying.
MOST_ATTEMPTS = 30
NO_ANSWER = "the worker ended before the handler did"
_priority: ContextVar[int] = ContextVar("priority", default=Priority.SOON)


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
    message = OutboxMessage(
        kind=kind,
        province_id=province_id,
        payload=payload,
        key=key,
        priority=_priority.get(),
        created_at=at,
        due_at=due or at,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    if message.due_at <= at:
        transaction.on_commit(lambda: _send(message), robust=True)


def behind_others() -> AbstractContextManager[None]:
    """Messages added inside, and what follows from them, go behind what people wait for in front of a screen."""
    return _adding_at(Priority.LATER)


@contextmanager
def _adding_at(priority: int) -> Iterator[None]:
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


def _send(message: OutboxMessage) -> None:
    from cme_portal.foundation.tasks import deliver  # noqa: PLC0415 - the task carries this module's own act

    try:
        deliver.apply_async((message.key,), priority=message.priority)
    except OperationalError:
        # The row is safe in the database; the sweeper sends it when the broker is back.
        log.warning("outbox.broker_unreachable", key=message.key)


def deliver(key: str, *, at: datetime) -> bool:
    """Deliver one message now. True if this call did it; False if it is done, gone, being done, not due, parked, or failed."""
    if not _attempt(key, at=at):
        return False
    try:
        with transaction.atomic():
            message = _free(key).first()
            if message is None:
                return False
            with entered(message.province_id), _adding_at(message.priority):
                HANDLERS[message.kind](message.payload, at=at)
            message.delivered_at, message.last_error = at, ""
            message.save(update_fields=["delivered_at", "last_error"])
    except Exception as error:
        log.exception("outbox.failed", key=key)
        OutboxMessage.objects.filter(key=key).update(last_error=_without_values(error)[:500])
        return False
    return True


def _attempt(key: str, *, at: datetime) -> bool:
    """Count an attempt and put off the next one; False when there is none to make.

    The task has no transaction around it, so this is committed before the handler runs.
    """
    with transaction.atomic():
        message = _free(key).filter(parked_at=None, due_at__lte=at).first()
        if message is None:
            return False
        if message.attempts >= MOST_ATTEMPTS:
            message.parked_at = at
            message.save(update_fields=["parked_at"])
            log.error("outbox.parked", key=key, attempts=message.attempts, last_error=message.last_error)
            return False
        message.due_at = at + min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(message.attempts, 10))
        message.attempts += 1
        message.last_error = NO_ANSWER
        message.save(update_fields=["due_at", "attempts", "last_error"])
    return True


def _free(key: str) -> QuerySet[OutboxMessage]:
    """The message, locked, while it is owed and nobody else is at it."""
    return OutboxMessage.objects.select_for_update(skip_locked=True).filter(key=key, delivered_at=None)


def _without_values(error: Exception) -> str:
    """The error's type and where it was raised: its text may repeat a row, and this table is read across provinces."""
    *_, innermost = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {innermost.filename}:{innermost.lineno}"


def due_messages(*, at: datetime, kind: str | None = None, limit: int = 500) -> list[OutboxMessage]:
    """Key and priority of messages (of one kind) that should have been delivered by now.

    What people wait for comes first, then what is oldest: the backlog of a bulk act keeps nobody waiting.
    """
    waiting = _due(at)
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    return list(waiting.order_by("priority", "due_at").only("key", "priority")[:limit])


def due_keys(*, at: datetime, kind: str | None = None) -> list[str]:
    return [message.key for message in due_messages(at=at, kind=kind)]


def oldest_due_age(*, at: datetime) -> timedelta:
    """How long the oldest due message has been waiting; zero when none is. Readiness looks at it."""
    oldest = _due(at).aggregate(oldest=Min("due_at"))["oldest"]
    return at - oldest if oldest else timedelta(0)


def _due(at: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(delivered_at=None, parked_at=None, due_at__lte=at)


def parked_keys(*, limit: int) -> list[str]:
    """Keys of messages that are tried no more, the longest parked first."""
    parked = OutboxMessage.objects.filter(parked_at__isnull=False).order_by("parked_at")
    return list(parked.values_list("key", flat=True)[:limit])


def resume(*, keys: Sequence[str] = (), at: datetime) -> int:
    """Try parked messages again from the beginning, those of ``keys`` or all; answers how many."""
    parked = OutboxMessage.objects.filter(parked_at__isnull=False)
    if keys:
        parked = parked.filter(key__in=keys)
    return parked.update(parked_at=None, attempts=0, due_at=at)


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
