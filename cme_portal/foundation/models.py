"""Tables of the foundation."""

from enum import IntEnum

from django.conf import settings
from django.db import models

from cme_portal.foundation.stored_file import StoredFile
from cme_portal.foundation.tenancy import TenantModel
from cme_portal.foundation.workdays import SpecialDay

__all__ = ["JournalEntry", "OutboxMessage", "Priority", "SpecialDay", "StoredFile"]


class Priority(IntEnum):
    """Of a message and of the task that carries it; the broker serves the lower number first."""

    # Somebody may be waiting in front of a screen.
    SOON = 0
    # Promised by a bulk act or by periodic work.
    LATER = 9


class OutboxMessage(models.Model):
    """Something that must happen after the commit that wrote it (see ``outbox``)."""

    province = models.ForeignKey("institutions.Province", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField(default=Priority.SOON.value)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    # Tried too often: nobody tries it again until it is resumed.
    parked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="outbox_due",
                condition=models.Q(delivered_at=None, parked_at=None),
            ),
            models.Index(fields=["parked_at"], name="outbox_parked", condition=models.Q(parked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key


class JournalEntry(TenantModel):
    """Who did or saw what, from which seat, when. Rows are never changed (trigger ``append_only``)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField("身份", max_length=120)
    act = models.CharField("操作", max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    institution = models.ForeignKey(
        "institutions.Institution", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    institution_path = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "操作日志"
        indexes = [
            models.Index(fields=["province", "-at"], name="journal_by_time"),
            models.Index(fields=["province", "institution_path", "-at"], name="journal_by_institution"),
            models.Index(fields=["province", "subject_kind", "subject_id"], name="journal_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
