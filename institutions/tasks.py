"""Periodic work of every province: reminders, escalation, posts that end, files nobody needs.

Beat starts the tasks without a province; each of them starts one for every province, so that a province in which something
fails keeps no other from its work.
"""

from celery import Task, shared_task
from django.utils import timezone

from cme_portal.foundation import files, outbox
from cme_portal.foundation.tenancy import entered
from institutions import notifications, posts
from institutions.models import Province


def start_in_every_province(task: Task) -> None:
    for province_id in Province.objects.values_list("pk", flat=True):
        task.delay(province_id)


@shared_task
def remind_and_escalate() -> None:
    start_in_every_province(remind_and_escalate_in)


@shared_task
def remind_and_escalate_in(province_id: int) -> None:
    with entered(province_id), outbox.behind_others():
        notifications.remind_and_escalate(at=timezone.now())


@shared_task
def expire_posts() -> None:
    start_in_every_province(expire_posts_in)


@shared_task
def expire_posts_in(province_id: int) -> None:
    with entered(province_id):
        posts.expire(on=timezone.localdate())


@shared_task
def sweep_files() -> None:
    start_in_every_province(sweep_files_in)


@shared_task
def sweep_files_in(province_id: int) -> None:
    files.sweep(province_id=province_id, at=timezone.now())
