"""Private files: whole or not at all, once per province, and swept when nothing refers to them."""

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from cme_portal.foundation import files
from cme_portal.foundation.files import EmptyFile, FileTooLarge, StorageFull
from cme_portal.foundation.models import StoredFile
from cme_portal.foundation.stored_file import province_folder
from cme_portal.foundation.tenancy import entered
from institutions.models import Province
from tests.cast import NOW, make_province

CONTENT = b"certificate of Wang Siyuan"


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


@pytest.fixture
def liaoning(db: None) -> Province:
    return make_province("liaoning")


def on_disk(province: Province) -> list[Path]:
    return [path for path in province_folder(province.pk).rglob("*") if path.is_file()]


def full_disk(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_is_stored_is_read_back(liaoning: Province) -> None:
    with entered(liaoning.pk):
        stored = files.store(province_id=liaoning.pk, content=io.BytesIO(CONTENT), at=NOW)
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with files.open(stored) as content:
        assert content.read() == CONTENT


def test_nobody_else_on_the_machine_may_read_it(liaoning: Province) -> None:
    with entered(liaoning.pk):
        stored = files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
    assert stored.path.stat().st_mode & 0o077 == 0
    assert stored.path.parent.stat().st_mode & 0o077 == 0


def test_the_same_content_is_kept_once_per_province(liaoning: Province) -> None:
    zhejiang = make_province("zhejiang")
    with entered(liaoning.pk):
        first = files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
        assert files.store(province_id=liaoning.pk, content=CONTENT, at=NOW) == first
    with entered(zhejiang.pk):
        other = files.store(province_id=zhejiang.pk, content=CONTENT, at=NOW)
    assert len(on_disk(liaoning)) == 1
    assert other.path != first.path


def test_storing_again_mends_a_lost_file(liaoning: Province) -> None:
    with entered(liaoning.pk):
        stored = files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
        stored.path.unlink()
        with pytest.raises(FileNotFoundError):
            files.open(stored)
        files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
    assert stored.path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("content", "limit", "error"), [(b"", None, EmptyFile), (b"x" * 11, 10, FileTooLarge)], ids=["empty", "too large"]
)
def test_what_is_not_kept_leaves_nothing(
    liaoning: Province, content: bytes, limit: int | None, error: type[Exception]
) -> None:
    with entered(liaoning.pk):
        with pytest.raises(error, match="请"):
            files.store(province_id=liaoning.pk, content=content, limit=limit, at=NOW)
        assert not StoredFile.objects.exists()
    assert on_disk(liaoning) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(
    liaoning: Province, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full_disk)
    with entered(liaoning.pk):
        with pytest.raises(StorageFull, match="已填写的内容不受影响"):
            files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
        assert not StoredFile.objects.exists()
    assert on_disk(liaoning) == []


def test_an_upload_that_breaks_off_leaves_nothing(liaoning: Province) -> None:
    class Broken(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with entered(liaoning.pk), pytest.raises(ConnectionResetError):
        files.store(province_id=liaoning.pk, content=Broken(CONTENT), at=NOW)
    assert on_disk(liaoning) == []


def test_the_sweep_takes_what_nothing_refers_to_after_a_day(liaoning: Province) -> None:
    with entered(liaoning.pk):
        files.store(province_id=liaoning.pk, content=CONTENT, at=NOW)
    orphan = province_folder(liaoning.pk) / "ab" / ("ab" * 32)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left behind by a rollback")
    written = max(path.stat().st_mtime for path in on_disk(liaoning))

    assert files.sweep(province_id=liaoning.pk, at=NOW) == 0
    assert len(on_disk(liaoning)) == 2

    later = NOW.fromtimestamp(max(written, NOW.timestamp()), tz=NOW.tzinfo) + timedelta(days=2)
    assert files.sweep(province_id=liaoning.pk, at=later) == 2
    with entered(liaoning.pk):
        assert not StoredFile.objects.exists()
    assert on_disk(liaoning) == []


def test_the_sweep_of_one_province_leaves_the_others_alone(liaoning: Province) -> None:
    zhejiang = make_province("zhejiang")
    with entered(zhejiang.pk):
        stored = files.store(province_id=zhejiang.pk, content=CONTENT, at=NOW)
    files.sweep(province_id=liaoning.pk, at=NOW + timedelta(days=365))
    assert stored.path.exists()
