"""Private files: written safely, found by content, read back, and swept when nothing refers to them.

A file is written beside its place, flushed to disk and only then renamed to its digest, so that a full disk, a broken
upload or a killed process leaves either the whole file or none of it.
"""

import errno
import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet

from cme_portal.foundation.stored_file import StoredFile, content_path, province_folder
from cme_portal.foundation.tenancy import entered

__all__ = ["EmptyFile", "FileTooLarge", "StorageFull", "StoredFile", "open", "store", "sweep"]

CHUNK = 256 * 1024
INCOMING = "incoming"
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
# A file may wait this long for the commit that refers to it.
GRACE = timedelta(days=1)


class FileError(Exception):
    """The content was not kept; `str(error)` is a sentence for the person."""


class StorageFull(FileError):
    def __init__(self) -> None:
        super().__init__("服务器存储空间不足，文件没有保存，已填写的内容不受影响。请稍后重试，仍不成功请联系管理员。")


class FileTooLarge(FileError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"文件超过 {limit // (1024 * 1024)} MB，没有保存。请压缩或拆分后重新上传。")


class EmptyFile(FileError):
    def __init__(self) -> None:
        super().__init__("文件是空的，没有保存。请检查原文件后重新上传。")


def store(*, province_id: int, content: IO[bytes] | bytes, at: datetime, limit: int | None = None) -> StoredFile:
    """Keep `content` for the province and return its row; the same content twice is one row.

    `limit` is in bytes (default settings.UPLOAD_MAX_BYTES). Raises EmptyFile, FileTooLarge or StorageFull.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    folder = province_folder(province_id)
    with disk_full_reported():
        sha256, size, waiting = _receive(stream, folder / INCOMING, limit or settings.UPLOAD_MAX_BYTES)
        try:
            # Always renamed, even onto the same content: that mends a lost file and renews its time for the sweep.
            _put(waiting, content_path(province_id, sha256))
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise
    # The renewed time keeps the sweep away from a row that is about to be used again.
    stored, _ = StoredFile.objects.update_or_create(
        province_id=province_id,
        sha256=sha256,
        defaults={"stored_at": at},
        create_defaults={"stored_at": at, "size": size},
    )
    return stored


def open(stored: StoredFile) -> BinaryIO:  # noqa: A001 - read as files.open(stored)
    """The content for reading. Raises FileNotFoundError when the disk has lost it."""
    return stored.path.open("rb")


def sweep(*, province_id: int, at: datetime) -> int:
    """Delete what nothing refers to after a day: discarded drafts, aborted uploads, rolled back transactions.

    Returns how many files were deleted. Opens the province itself.
    """
    oldest_kept = at - GRACE
    with entered(province_id):
        unused = (
            _unused().filter(province_id=province_id, stored_at__lt=oldest_kept).select_for_update(skip_locked=True)
        )
        StoredFile.objects.filter(pk__in=[stored.pk for stored in unused]).delete()
    folders = list(province_folder(province_id).glob("*/"))
    return sum(_sweep_folder(folder, province_id=province_id, oldest_kept=oldest_kept) for folder in folders)


def _sweep_folder(folder: Path, *, province_id: int, oldest_kept: datetime) -> int:
    """Delete the files of one folder that have no row; folder by folder, because a province has millions of files."""
    with entered(province_id):
        rows = StoredFile.objects.filter(province_id=province_id, sha256__gte=folder.name, sha256__lt=f"{folder.name}g")
        known = set(rows.values_list("sha256", flat=True))
    removed = 0
    for path in folder.iterdir():
        # An upload that is just being put into its place is gone from here.
        with suppress(FileNotFoundError):
            # The time of the file is looked at last: the same content may have been stored anew a moment ago.
            if path.name not in known and path.stat().st_mtime < oldest_kept.timestamp():
                path.unlink()
                removed += 1
    return removed


def _unused() -> QuerySet[StoredFile]:
    """Stored files that no row of any table refers to."""
    unused = StoredFile.objects.all()
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            users = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            unused = unused.exclude(Exists(users))
    return unused


@contextmanager
def disk_full_reported() -> Iterator[None]:
    """Turn the operating system's "no space left" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise StorageFull from error
        raise


def _receive(stream: IO[bytes], folder: Path, limit: int) -> tuple[str, int, Path]:
    """Write the stream to a temporary file and flush it to disk: its digest, its size and where it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = folder / uuid.uuid4().hex
    try:
        with waiting.open("xb") as target:
            waiting.chmod(0o600)
            sha256, size = _copy(stream, target, limit)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    return sha256, size, waiting


def _copy(stream: IO[bytes], target: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise EmptyFile
    return digest.hexdigest(), size


def _put(waiting: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting.replace(target)
    # The rename itself must reach the disk as well.
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
