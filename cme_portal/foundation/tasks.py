"""Background tasks of the foundation: thin carriers that take a key and call an act."""

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from cme_portal.foundation import outbox

SWEEP_SECONDS = 30


@shared_task
def deliver(key: str) -> None:
    outbox.deliver(key, at=timezone.now())


@shared_task
def sweep() -> None:
    """Send again what is due, each at its own priority: after a flushed broker, a killed worker, or when its day has come."""
    for message in outbox.due_messages(at=timezone.now()):
        # The next sweep sends it again, so that copies do not pile up behind busy workers.
        deliver.apply_async((message.key,), expires=SWEEP_SECONDS, priority=message.priority)


@shared_task
def forget_delivered() -> None:
    """Delete delivered messages after three months; what they did is in the journal and in the rows they changed."""
    outbox.forget_delivered(before=timezone.now() - timedelta(days=90))


@shared_task
def forget_ended_sessions() -> None:
    """Delete sessions that have expired, and the devices that they were signed in on."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
