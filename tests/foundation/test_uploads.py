"""A file that is too large, or that finds the disk full, does not cost the rest of its form."""

import errno
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from cme_portal.foundation.files import FileTooLarge, StorageFull
from cme_portal.foundation.uploads import RefusedUpload

Send = Callable[..., HttpRequest]


@pytest.fixture
def sent() -> Iterator[Send]:
    requests: list[HttpRequest] = []

    def send(*contents: bytes) -> HttpRequest:
        uploads = [SimpleUploadedFile(f"{number}.pdf", content) for number, content in enumerate(contents)]
        form = {"activity_name": "脑卒中培训", "files": uploads, "organizer": "省医院"}
        requests.append(RequestFactory().post("/", form))
        return requests[-1]

    yield send
    for request in requests:
        request.close()


def test_files_within_the_limit_arrive(sent: Send) -> None:
    request = sent(b"first", b"second")
    assert [upload.read() for upload in request.FILES.getlist("files")] == [b"first", b"second"]


@override_settings(UPLOAD_MAX_BYTES=100_000)
def test_a_file_too_large_is_named_and_everything_else_arrives(sent: Send) -> None:
    request = sent(b"x" * 100_001, b"y" * 100_000)
    too_large, fitting = request.FILES.getlist("files")
    assert isinstance(too_large, RefusedUpload)
    assert isinstance(too_large.refusal, FileTooLarge)
    assert too_large.name == "0.pdf"
    assert fitting.size == 100_000
    assert (request.POST["activity_name"], request.POST["organizer"]) == ("脑卒中培训", "省医院")


@pytest.mark.parametrize("step", ["write", "flush"])
def test_a_full_disk_keeps_what_was_typed(sent: Send, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(TemporaryUploadedFile, step, full, raising=False)
    request = sent(b"first")
    assert isinstance(request.FILES["files"].refusal, StorageFull)
    assert (request.POST["activity_name"], request.POST["organizer"]) == ("脑卒中培训", "省医院")
