"""Receiving uploads: a file that is too large, or that finds the disk full, must not cost the rest of the form.

Set as the only FILE_UPLOAD_HANDLERS. The refused file is drained and handed to the view as a RefusedUpload, so that the
text fields around it and the other files still arrive.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from cme_portal.foundation.files import FileError, FileTooLarge, disk_full_reported


class RefusedUpload(UploadedFile):
    """An upload of which nothing was kept; `refusal` is the error to show."""

    def __init__(self, *, name: str, content_type: str | None, refusal: FileError) -> None:
        super().__init__(file=io.BytesIO(), name=name, content_type=content_type, size=0)
        self.refusal = refusal


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to a temporary file and stops writing, not reading, at UPLOAD_MAX_BYTES or on a full disk."""

    refusal: FileError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.refusal = None
        with self._refusing():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.refusal is None:
            with self._refusing():
                if start + len(raw_data) > settings.UPLOAD_MAX_BYTES:
                    raise FileTooLarge(settings.UPLOAD_MAX_BYTES)
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.refusal is None:
            with self._refusing():
                self.file.flush()
        if self.refusal is not None:
            return RefusedUpload(name=self.file_name or "", content_type=self.content_type, refusal=self.refusal)
        return super().file_complete(file_size)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            with disk_full_reported():
                yield
        except FileError as error:
            self.refusal = error
            if hasattr(self, "file"):
                # Closing deletes the temporary file; on a full disk its last bytes cannot be flushed, and need not be.
                with suppress(OSError):
                    self.file.close()
