"""Claims, the ledger, and the statements derived from it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cme_portal.foundation.tenancy import TenantModel
from credits.evidence_models import Evidence, EvidenceFingerprint, EvidencePage
from credits.facts import ActivityFacts, fact_constraints
from credits.queries import ClaimQuerySet, LedgerEntryQuerySet, StatementQuerySet
from institutions.enums import ApprovalState
from institutions.models import Approval, Institution, Practitioner, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from institutions.actors import Actor
    from institutions.approvals import Panel

__all__ = ["Evidence", "EvidenceFingerprint", "EvidencePage"]


class ClaimState(models.TextChoices):
    """The draft before it is submitted, then the approval's state."""

    DRAFT = "draft", "草稿"
    WAITING = ApprovalState.WAITING.value, ApprovalState.WAITING.label
    RETURNED = ApprovalState.RETURNED.value, ApprovalState.RETURNED.label
    REJECTED = ApprovalState.REJECTED.value, ApprovalState.REJECTED.label
    WITHDRAWN = ApprovalState.WITHDRAWN.value, ApprovalState.WITHDRAWN.label
    APPROVED = ApprovalState.APPROVED.value, ApprovalState.APPROVED.label


EDITABLE = frozenset({ClaimState.DRAFT, ClaimState.RETURNED, ClaimState.WITHDRAWN})
# States in which a claim may still bring credits: duplicates and previews look at these.
LIVE = frozenset({ClaimState.WAITING, ClaimState.RETURNED, ClaimState.APPROVED})


class Claim(TenantModel, ActivityFacts):
    """What a practitioner declares for one credit year, with evidence.

    ``typed`` keeps what stands in the form of a draft, valid or not, so that nothing typed is lost; the typed columns are set
    when it is submitted. A stay over New Year is one claim per year: the later years are ``part_of`` the first and share its
    evidence.
    """

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey(Institution, verbose_name="用人单位", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Institution, verbose_name="科室", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, related_name="claim")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later_parts")
    declaration = models.CharField("申报类型", max_length=60)
    activity_name = models.CharField("活动名称", max_length=120, blank=True)
    organizer = models.CharField("组织单位", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("学分年度")
    state = models.CharField("状态", max_length=20, choices=ClaimState, default=ClaimState.DRAFT)
    typed = models.JSONField(default=dict, blank=True)
    expected_tenths = models.PositiveIntegerField(default=0)
    regulation_version = models.CharField(max_length=40, blank=True)
    # Where the amount is the reviewer's to set (reading R20): what the person declared, and who set another, when and why.
    # ``assessed_credits`` is what counts.
    declared_credits = models.DecimalField("本人申报学分", max_digits=5, decimal_places=1, null=True)
    assessed_by = models.ForeignKey(
        Institution, verbose_name="评定机构", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assessed_at = models.DateTimeField("评定时间", null=True)
    assessment_reason = models.CharField("评定理由", max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "学分申报"
        constraints = [
            *fact_constraints("claim"),
            models.CheckConstraint(
                condition=Q(state=ClaimState.DRAFT, approval=None)
                | (~Q(state=ClaimState.DRAFT) & Q(approval__isnull=False)),
                name="claim_draft_has_no_approval",
            ),
            models.CheckConstraint(
                condition=Q(assessed_by=None, assessed_at=None, assessment_reason="")
                | (Q(assessed_by__isnull=False, assessed_at__isnull=False) & ~Q(assessment_reason="")),
                name="claim_assessment_has_reason",
                violation_error_message="评定学分须写明理由。",
            ),
            models.UniqueConstraint("part_of", "year", name="claim_part_once_a_year"),
        ]
        indexes = [
            models.Index(fields=["province", "practitioner", "-changed_at"], name="claim_by_person"),
            models.Index(fields=["province", "practitioner", "year", "state"], name="claim_by_year"),
        ]

    def __str__(self) -> str:
        return self.activity_name or "未命名申报"

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def assessment(self) -> str:
        """What the person declared and what became of it, where the amount is the reviewer's to set; else empty."""
        if self.declared_credits is None:
            return ""
        declared = f"本人申报 {self.declared_credits:.1f} 学分"
        if self.assessed_by is not None:
            reason = self.assessment_reason.rstrip("。")
            return f"{declared}，{self.assessed_by.name}评定 {self.assessed_credits:.1f} 学分：{reason}。"
        if self.state == ClaimState.APPROVED:
            return f"{declared}，审核单位按此认定。"
        return f"{declared}，由审核单位评定。"

    @property
    def amended(self) -> str:
        """What reviewers set otherwise than declared (approvals.Subject)."""
        return self.assessment if self.assessed_credits != self.declared_credits else ""

    def panel(self, *, actor: Actor, query: Mapping[str, str], at: datetime) -> Panel:
        """What the reviewing officer sees (approvals.Subject)."""
        from credits import review  # noqa: PLC0415 - it reads claims

        return review.panel_of(self, actor=actor, query=query, at=at)

    def moved(self, approval: Approval, *, at: datetime) -> None:
        """Follow the approval's state (approvals.Subject)."""
        self.state, self.changed_at = approval.state, at
        self.save(update_fields=["state", "changed_at"])

    def granted(self, approval: Approval, *, at: datetime) -> None:
        """The final approval posts the ledger entry in the same transaction (approvals.Subject)."""
        from credits import ledger  # noqa: PLC0415 - the ledger is built on these models

        ledger.post(claim=self, at=at)

    def ungranted(self, approval: Approval, *, actor: Actor, at: datetime) -> None:
        """A final approval was taken back: the entry is reversed (approvals.Subject)."""
        from credits import ledger  # noqa: PLC0415 - the ledger is built on these models

        ledger.reverse_claim(claim=self, actor=actor, reason="审核人员在 10 分钟内撤销了认定", at=at)


class LedgerEntry(TenantModel, ActivityFacts):
    """Credits earned, with the facts they follow from. Rows are never changed; a correction is a reversing entry.

    ``earned_tenths`` is by the activity's own rate and cap; what shared caps leave of it is the statement's business.
    """

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("学分年度")
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="entries")
    approval_version = models.PositiveIntegerField(null=True)
    activity_name = models.CharField("活动名称", max_length=120)
    earned_tenths = models.IntegerField("学分（十分之一）")
    regulation_version = models.CharField("办法版本", max_length=40)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField("更正理由", max_length=300, blank=True)
    posted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    posted_at = models.DateTimeField("入账时间")

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "学分账目"
        constraints = [
            *fact_constraints("entry"),
            models.UniqueConstraint("claim", "approval_version", name="entry_once_a_grant", condition=Q(reverses=None)),
            models.CheckConstraint(
                condition=Q(reverses=None, earned_tenths__gte=0)
                | (Q(reverses__isnull=False, earned_tenths__lte=0) & ~Q(reason="")),
                name="entry_reversal_is_negative_with_reason",
                violation_error_message="冲销须写明理由。",
            ),
        ]
        indexes = [models.Index(fields=["province", "practitioner", "year"], name="entry_by_person_year")]

    def __str__(self) -> str:
        return f"{self.activity_name} {self.earned_tenths / 10:.1f}"


class Statement(TenantModel):
    """A practitioner's year, always recomputed whole from its entries, because a shared cap is filled in order of date."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("学分年度")
    total_tenths = models.PositiveIntegerField("总学分（十分之一）")
    professional_tenths = models.PositiveIntegerField("专业科目（十分之一）")
    common_tenths = models.PositiveIntegerField("公需科目（十分之一）")
    full_year = models.BooleanField("一次性完成当年学分")
    compliant = models.BooleanField("达标", null=True)
    unmet = ArrayField(models.CharField(max_length=20), default=list)
    title = models.CharField("职称", max_length=20)
    primary_care = models.BooleanField("基层")
    regulation_version = models.CharField("办法版本", max_length=40)
    entry_count = models.PositiveSmallIntegerField("账目数")
    computed_at = models.DateTimeField("计算时间")

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "学分对账单"
        constraints = [models.UniqueConstraint("province", "practitioner", "year", name="statement_once_a_year")]
        indexes = [models.Index(fields=["province", "year", "compliant", "practitioner"], name="statement_by_outcome")]

    def __str__(self) -> str:
        return f"{self.practitioner_id} {self.year}"
