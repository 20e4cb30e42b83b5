"""The row of a private file: its content lies under MEDIA_ROOT, named by its digest."""

from pathlib import Path

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from cme_portal.foundation.tenancy import TenantModel


class StoredFile(TenantModel):
    """Content kept once per province, never changed and never served by a web server (see ``files``)."""

    sha256 = models.CharField("SHA-256", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    size = models.PositiveBigIntegerField("字节数")
    stored_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        constraints = [
            models.UniqueConstraint("province", "sha256", name="stored_file_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_digest"),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        return content_path(self.province_id, self.sha256)


def province_folder(province_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / str(province_id)


def content_path(province_id: int, sha256: str) -> Path:
    return province_folder(province_id) / sha256[:2] / sha256
