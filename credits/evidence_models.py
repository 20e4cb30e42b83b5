"""Evidence: the documents of a claim, their versions, and how they look to those who judge them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cme_portal.foundation.stored_file import StoredFile
from cme_portal.foundation.tenancy import TenantModel
from credits.virus_scan import Scan

if TYPE_CHECKING:
    from credits.models import Claim
    from institutions.actors import Actor


class EvidenceState(models.TextChoices):
    UPLOADED = "uploaded", "正在检查"
    ACCEPTED = "accepted", "可以使用"
    REFUSED = "refused", "不能使用"
    REMOVED = "removed", "已删除"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The evidence of the claims the actor may see, and of the first year of a stay whose later year is seen."""
        from credits.models import Claim  # noqa: PLC0415 - claims are built on evidence

        claims = Claim.objects.visible_to(actor)
        return self.filter(
            Q(claim__in=claims.values("pk")) | Q(claim__in=claims.exclude(part_of=None).values("part_of")),
            province_id=actor.province_id,
        )

    def of(self, claim: Claim) -> Self:
        """What the claim shows, in the order of upload; a later year of a stay shows the first year's."""
        return self.filter(claim_id=claim.part_of_id or claim.pk).order_by("pk")

    def current(self) -> Self:
        """The newest version of each document that was not removed."""
        return self.filter(current=True)


class Evidence(TenantModel):
    """One version of one document. A new version supersedes; nothing is overwritten."""

    # Only a draft that was never submitted can be deleted, and its evidence goes with it.
    claim = models.ForeignKey("credits.Claim", on_delete=models.CASCADE, related_name="evidence")
    item = models.CharField("材料", max_length=60)
    document = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField("版本", default=1)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.RESTRICT, related_name="superseded_by")
    current = models.BooleanField("现行版本", default=True)

    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField("文件名", max_length=160)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")

    # What the inspection found.
    state = models.CharField("状态", max_length=20, choices=EvidenceState, default=EvidenceState.UPLOADED)
    media_type = models.CharField("类型", max_length=40, blank=True)
    refusal = models.CharField("不能使用的原因", max_length=300, blank=True)
    scan = models.CharField("病毒扫描", max_length=20, choices=Scan, default=Scan.NOT_SCANNED)
    rendition = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    inspected_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "证明材料"
        verbose_name_plural = "证明材料"
        constraints = [
            models.UniqueConstraint("document", "version", name="evidence_version_once"),
            models.UniqueConstraint("document", name="evidence_one_current_version", condition=Q(current=True)),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False),
                name="evidence_later_version_supersedes",
            ),
            models.CheckConstraint(
                condition=~Q(state=EvidenceState.REMOVED, current=True), name="evidence_removed_is_not_current"
            ),
            models.CheckConstraint(
                condition=Q(state=EvidenceState.REFUSED) ^ Q(refusal=""),
                name="evidence_refused_with_reason",
                violation_error_message="不能使用的材料须写明原因。",
            ),
        ]
        indexes = [models.Index("province", "sha256", name="evidence_by_digest", condition=Q(current=True))]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_waiting(self) -> bool:
        return self.state == EvidenceState.UPLOADED

    @property
    def is_accepted(self) -> bool:
        return self.state == EvidenceState.ACCEPTED

    @property
    def shown(self) -> StoredFile:
        """What is handed out: for a photograph the picture encoded anew, for a PDF the inspected file itself."""
        return self.rendition or self.stored


class EvidencePage(TenantModel):
    """A page as reviewers see it."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveSmallIntegerField("页码")
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    text = models.TextField("文字", blank=True)
    # Signed 64-bit difference hashes of the page turned by 0, 90, 180 and 270 degrees.
    dhashes = ArrayField(models.BigIntegerField(), size=4)

    class Meta:
        verbose_name = "材料页"
        verbose_name_plural = "材料页"
        ordering = ("number",)
        constraints = [models.UniqueConstraint("evidence", "number", name="evidence_page_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id} 第 {self.number} 页"


class EvidenceFingerprint(TenantModel):
    """One band of the difference hash of an upright page: by it similar pages are found (``duplicates``)."""

    page = models.ForeignKey(EvidencePage, on_delete=models.CASCADE, related_name="fingerprints")
    band = models.IntegerField()
    dhash = models.BigIntegerField()

    class Meta:
        verbose_name = "材料指纹"
        verbose_name_plural = "材料指纹"
        indexes = [models.Index("province", "band", name="fingerprint_by_band")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.band}"
