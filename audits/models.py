"""Certificates: what was issued, frozen, and the runs in which they were issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audits.face import Face
from audits.queries import CertificateQuerySet, IssuingProblemQuerySet, IssuingRunQuerySet
from cme_portal.foundation.files import StoredFile
from cme_portal.foundation.templatetags.cme import as_credits
from cme_portal.foundation.tenancy import TenantModel
from institutions.models import Institution, Post, Practitioner, User


class CertificateKind(models.TextChoices):
    ANNUAL = "annual", "年度学分证书"


class CertificateStatus(models.TextChoices):
    """The life of a certificate; `audits_certificate_frozen` in the database allows these steps and no others."""

    RENDERING = "rendering", "制证中"
    VALID = "valid", "有效"
    SUPERSEDED = "superseded", "已换发"
    REVOKED = "revoked", "已撤销"


class NumberSeries(TenantModel):
    """The last number given out in a province's credit year; locked while one is taken, so that none is left out."""

    year = models.PositiveSmallIntegerField("学分年度")
    last_number = models.PositiveIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = "证书编号序列"
        constraints = [models.UniqueConstraint("province", "year", name="number_series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last_number}"


class IssuingRun(TenantModel):
    """One request to issue certificates to a list of people. Its progress is counted from its certificates."""

    year = models.PositiveSmallIntegerField("学分年度")
    institution = models.ForeignKey(Institution, verbose_name="发证单位", on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField("提交时间")

    objects = IssuingRunQuerySet.as_manager()

    class Meta:
        verbose_name = "发证批次"

    def __str__(self) -> str:
        return f"{self.year} {timezone.localtime(self.requested_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("certificate-run", args=[self.pk])


class IssuingProblem(TenantModel):
    """Somebody of a run without a certificate, and why. Where a person must act, it is open until one is issued."""

    run = models.ForeignKey(IssuingRun, on_delete=models.CASCADE, related_name="problems")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("学分年度")
    reason = models.CharField("原因", max_length=300)
    needs_person = models.BooleanField("需人工处理")
    resolved_at = models.DateTimeField("处理时间", null=True)

    objects = IssuingProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "未发证记录"
        indexes = [
            models.Index(
                fields=["province", "practitioner", "year"],
                name="issuing_problem_open",
                condition=Q(needs_person=True, resolved_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Certificate(TenantModel):
    """A certificate as it was printed. Everything but its status, its file and its revocation is frozen by a trigger.

    The printed columns are as long as the sheet has room for: a test prints the longest of everything.
    """

    number = models.CharField("证书编号", max_length=20)
    check_code = models.CharField("校验码", max_length=8)
    kind = models.CharField("种类", max_length=20, choices=CertificateKind, default=CertificateKind.ANNUAL)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(IssuingRun, null=True, on_delete=models.PROTECT, related_name="certificates")

    province_name = models.CharField("省份", max_length=30)
    issuer = models.CharField("发证单位", max_length=80)
    holder = models.CharField("姓名", max_length=60)
    identity_last4 = models.CharField("身份证号末四位", max_length=4)
    identity_index = models.CharField(max_length=64)  # of the whole number: whether it was corrected since
    employer = models.CharField("工作单位", max_length=80)
    # Whose name that was: a body that is renamed later makes no certificate wrong.
    employing_body = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField("职称级别", max_length=20)
    year = models.PositiveSmallIntegerField("学分年度")
    total_tenths = models.PositiveIntegerField("总学分（十分之一）")
    professional_tenths = models.PositiveIntegerField("专业科目（十分之一）")
    common_tenths = models.PositiveIntegerField("公需科目（十分之一）")
    full_year = models.BooleanField("单项活动完成全年学分")
    regulation_title = models.CharField("认定依据", max_length=120)
    regulation_version = models.CharField("办法版本", max_length=40)
    issued_on = models.DateField("发证日期")

    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField("签发时间")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    correction = models.CharField("换发理由", max_length=300, blank=True)

    status = models.CharField("状态", max_length=20, choices=CertificateStatus, default=CertificateStatus.RENDERING)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    key_id = models.CharField("签名密钥", max_length=32, blank=True)
    signed_at = models.DateTimeField("签名时间", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField("撤销理由", max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "学分证书"
        constraints = [
            models.UniqueConstraint("number", name="certificate_number_once"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z]{2,4}-[0-9]{4}-[0-9]{7}$"), name="certificate_number_form"
            ),
            models.UniqueConstraint(
                "practitioner",
                "year",
                "kind",
                name="certificate_valid_once",
                condition=Q(status=CertificateStatus.VALID),
                violation_error_message="该人员本年度已有有效证书。",
            ),
            models.UniqueConstraint(
                "practitioner",
                "year",
                "kind",
                name="certificate_rendering_once",
                condition=Q(status=CertificateStatus.RENDERING),
                violation_error_message="该人员本年度的证书正在制作。",
            ),
            models.CheckConstraint(
                condition=Q(status=CertificateStatus.RENDERING, file=None, sha256="", key_id="", signed_at=None)
                | (
                    ~Q(status=CertificateStatus.RENDERING)
                    & Q(file__isnull=False, sha256__regex=r"^[0-9a-f]{64}$", signed_at__isnull=False)
                    & ~Q(key_id="")
                ),
                name="certificate_signed_when_made",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=CertificateStatus.REVOKED, revoked_at__isnull=False, revoked_by__isnull=False)
                    & ~Q(reason="")
                )
                | (~Q(status=CertificateStatus.REVOKED) & Q(revoked_at=None, revoked_by=None, reason="")),
                name="certificate_revoked_with_reason",
                violation_error_message="撤销证书须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, correction="") | (Q(supersedes__isnull=False) & ~Q(correction="")),
                name="certificate_reissued_with_reason",
                violation_error_message="换发证书须写明理由。",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "practitioner", "year"], name="certificate_by_person"),
            models.Index(fields=["province", "year", "status", "-id"], name="certificate_by_year"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.pk])

    @property
    def is_made(self) -> bool:
        """Whether there is a signed PDF."""
        return self.status != CertificateStatus.RENDERING

    @property
    def face(self) -> Face:
        """The printed fields, from the frozen columns alone."""
        return Face(
            number=self.number,
            check_code=self.check_code,
            province=self.province_name,
            issuer=self.issuer,
            holder=self.holder,
            identity_last4=self.identity_last4,
            employer=self.employer,
            title=self.title,
            year=self.year,
            total=as_credits(self.total_tenths),
            professional=as_credits(self.professional_tenths),
            common=as_credits(self.common_tenths),
            full_year=self.full_year,
            regulation=self.regulation_title,
            issued_on=self.issued_on,
        )
