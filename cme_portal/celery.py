"""The Celery application. Redis only carries "look now"; what must happen is a row in the outbox."""

import os

import structlog
from celery import Celery, Task
from celery.signals import setup_logging, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cme_portal.settings.development")

app = Celery("cme_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging_of_settings(**_: object) -> None:
    """Stop Celery from installing its own handlers: LOGGING in the settings holds for workers too."""


@task_prerun.connect
def name_task_in_logs(task_id: str, task: Task, **_: object) -> None:
    """Every line that a task writes says which task wrote it."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
