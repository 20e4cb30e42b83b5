"""Periodic work of every province: reminders, escalation, posts that end, files nobody needs."""

from celery import shared_task
from django.utils import timezone

from cme_portal.foundation import files
from cme_portal.foundation.tenancy import entered
from institutions import notifications, posts
from institutions.models import Province


@shared_task
def remind_and_escalate() -> None:
    for province_id in Province.objects.values_list("pk", flat=True):
        with entered(province_id):
            notifications.remind_and_escalate(at=timezone.now())


@shared_task
def expire_posts() -> None:
    for province_id in Province.objects.values_list("pk", flat=True):
        with entered(province_id):
            posts.expire(on=timezone.localdate())


@shared_task
def sweep_files() -> None:
    for province_id in Province.objects.values_list("pk", flat=True):
        files.sweep(province_id=province_id, at=timezone.now())
