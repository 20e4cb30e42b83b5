"""The Celery application. Redis only carries "look now"; what must happen is a row in the outbox."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cme_portal.settings.development")

app = Celery("cme_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging_of_settings(**_: object) -> None:
    """Stop Celery from installing its own handlers: LOGGING in the settings holds for workers too."""
