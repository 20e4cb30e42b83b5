"""Approvals: a route of tiers, the step it stands at, and the decisions taken on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cme_portal.foundation.tenancy import TenantModel
from institutions.enums import ApprovalState, ChecksState, Verdict
from institutions.queries import ApprovalQuerySet, SavedFilterQuerySet

if TYPE_CHECKING:
    from institutions.approvals import Subject
    from institutions.models import User

WAITING = Q(state=ApprovalState.WAITING)

# How an inbox is read: everything or one value of a column in the order of waiting, or a range of a column.
INBOX_ORDERS = {
    "inbox_by_wait": (),
    "inbox_by_checks": ("checks_state",),
    "inbox_by_category": ("category",),
    "inbox_by_year": ("year",),
    "inbox_by_institution": ("institution",),
    "inbox_by_department": ("department",),
}
INBOX_RANGES = {
    "inbox_by_name": "practitioner_name",
    "inbox_by_pinyin": "name_sort",
    "inbox_by_initials": "name_initials",
    "inbox_by_promise": "promised_on",
}


class Approval(TenantModel):
    """One subject on its way along the route of its regulation.

    ``kind`` names the subject's reverse one-to-one relation (``claim``), so that one inbox serves every kind. What the inbox
    shows and filters is copied here when the subject is submitted: a list of waiting approvals reads this table alone.
    """

    kind = models.CharField(max_length=30)
    practitioner = models.ForeignKey("institutions.Practitioner", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name="用人单位", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "institutions.Institution",
        verbose_name="科室",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(max_length=20, choices=ApprovalState)
    version = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    holder = models.ForeignKey(
        "institutions.Institution", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    route_cite = models.CharField("审核依据", max_length=200, blank=True)
    route_note = models.CharField("审核流程口径", max_length=300, blank=True)
    submitted_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    promised_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    practitioner_name = models.CharField(max_length=60)
    name_sort = models.CharField(max_length=120)
    name_initials = models.CharField(max_length=20)
    title = models.CharField("事项", max_length=200)
    category = models.CharField(max_length=40)
    category_title = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    tenths = models.PositiveIntegerField("学分（十分之一）", default=0)
    checks_state = models.CharField(max_length=20, choices=ChecksState, default=ChecksState.PENDING)
    checks = models.JSONField(default=list)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "审核"
        constraints = [
            models.CheckConstraint(
                condition=(WAITING & Q(holder__isnull=False, closed_at=None))
                | (Q(state=ApprovalState.RETURNED) & Q(holder=None, closed_at=None))
                | (
                    ~Q(state__in=[ApprovalState.WAITING, ApprovalState.RETURNED])
                    & Q(holder=None, closed_at__isnull=False)
                ),
                name="approval_holder_only_while_waiting",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=["province", "holder", *fields, "waiting_since", "id"], name=name, condition=WAITING
                )
                for name, fields in INBOX_ORDERS.items()
            ),
            *(
                models.Index(fields=["province", "holder", field], name=name, condition=WAITING)
                for name, field in INBOX_RANGES.items()
            ),
            models.Index(fields=["province", "promised_on", "id"], name="approval_overdue", condition=WAITING),
            models.Index(fields=["province", "practitioner", "-submitted_at"], name="approval_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def subject(self) -> Subject:
        """What is being approved, e.g. the claim."""
        return getattr(self, self.kind)

    @property
    def current_step(self) -> ApprovalStep:
        """The step it stands at; while it waits, that of its holder."""
        return self.steps.select_related("institution").get(position=self.position)

    @property
    def is_last_step(self) -> bool:
        return not self.steps.filter(position__gt=self.position).exists()

    def has_been_decided_by(self, user: User) -> bool:
        """Whether the user has decided at another body of the route, or here in this round: nobody is two pairs of eyes.

        Whoever returned the claim looks again at what was mended.
        """
        decided = self.decisions.filter(
            user=user, verdict__in=[Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT], undone_by__isnull=True
        )
        return decided.filter(Q(round=self.round) | ~Q(institution=self.holder_id)).exists()


class ApprovalStep(TenantModel):
    """One tier of the route, resolved to the institution that decides there."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=20)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "审核环节"
        ordering = ("position",)
        constraints = [models.UniqueConstraint("approval", "position", name="approval_step_once")]

    def __str__(self) -> str:
        return f"{self.position} {self.tier}"

    @property
    def decider(self) -> str:
        """Who decides here: the body, or the portal's own checks, which speak for no body."""
        return "系统核验" if self.tier == "system" else self.institution.name


class Decision(TenantModel):
    """What somebody did on an approval; append-only (trigger). The portal itself decides with no user."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="decisions")
    # The approval's version that this decision made: two officers at once cannot both make the same one.
    version = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=20)
    institution = models.ForeignKey("institutions.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=60)
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason = models.CharField("意见", max_length=500, blank=True)
    field_reasons = models.JSONField("逐项意见", default=dict)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "审核意见"
        ordering = ("version",)
        constraints = [
            models.UniqueConstraint("approval", "version", name="decision_once_a_version"),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.RETURN, Verdict.REJECT]) | ~Q(reason=""),
                name="decision_has_reason",
                violation_error_message="退回或不通过须写明理由。",
            ),
        ]
        # What an officer did in the last minutes and may take back.
        indexes = [models.Index(fields=["province", "user", "-at"], name="decision_by_user")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.at:%Y-%m-%d %H:%M}"


class SavedFilter(TenantModel):
    """A way to look at the inbox that an officer keeps under a name. It belongs to the post, and ends with it."""

    post = models.ForeignKey(
        "institutions.Post", on_delete=models.CASCADE, related_name="saved_filters", db_index=False
    )
    name = models.CharField("筛选名称", max_length=20)
    # The filters as they stand in the address of the page: what an old one no longer means is no filter.
    query = models.CharField("筛选条件", max_length=500)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "常用筛选"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                "post",
                "name",
                name="saved_filter_name_once",
                violation_error_message="已有同名的常用筛选，请换一个名称，或先删除原来的。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notification(TenantModel):
    """A sentence for somebody, shown in the portal and sent by e-mail where an address is known."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Addresses taken from the account by what is told: they are told too, once, and forgotten.
    former_emails = ArrayField(models.EmailField(), default=list, blank=True)

    class Meta:
        verbose_name = "通知"
        constraints = [models.UniqueConstraint("province", "user", "key", name="notification_once")]
        indexes = [models.Index(fields=["province", "user", "-at"], name="notification_by_user")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url
