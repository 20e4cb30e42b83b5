"""The Celery application. Redis only carries "look now"; what must happen is a row in the outbox."""

import os
import signal
from types import FrameType

import structlog
from celery import Celery, Task
from celery.signals import setup_logging, task_prerun, worker_process_init

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


@worker_process_init.connect
def let_children_finish(**_: object) -> None:
    """A child that has a task in hand ends it when the whole process group is told to stop; the next signal kills it.

    Process managers such as honcho signal the group, and Celery would report the task as lost. The signal is taken with
    each task because Celery's pool takes it back after this.
    """
    task_prerun.connect(_finish_first)


def _finish_first(**_: object) -> None:
    signal.signal(signal.SIGTERM, _told_to_stop)


def _told_to_stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
