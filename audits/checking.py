"""Is this PDF one of our certificates, unchanged? Answered from its bytes alone, without the database.

The file comes from anybody. It is read by a child process (`audits.pdf_reader`) that has a limit on its time and
memory, no environment and no way to write; a file that kills the child is simply no certificate.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
# The child is stopped after audits.pdf_reader.CPU_SECONDS of work; this much longer a busy server may take over it.
SECONDS = 40
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the bytes say about themselves.

    `number` is the certificate number written in the file, "" when there is none. `key_id` names the key of its one
    signature. `intact` is true when that signature covers the whole file and fits it. All of it is worth nothing until
    number, key and digest agree with our own record.
    """

    digest: str
    number: str = ""
    key_id: str = ""
    intact: bool = False


class CheckUnavailable(Exception):
    """The file could not be looked at in time; nothing is known about it."""


def check(pdf: bytes) -> Finding:
    """Look into a file of any origin.

    Raises `ValueError` with a sentence for people when it is too large or no PDF, and `CheckUnavailable` when the child
    had no chance to look: a busy server must never call a real certificate a false one.
    """
    if len(pdf) > MAX_BYTES:
        raise ValueError("文件超过 20 MB，不是本系统签发的证书。")
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("该文件不是 PDF 文件。请上传签发时下载的 PDF 原件，不要上传照片或截图。")
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "audits.pdf_reader"],
            input=pdf,
            capture_output=True,
            timeout=SECONDS,
            cwd=PROJECT,
            env={},
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckUnavailable from error
    except subprocess.CalledProcessError:
        return Finding(digest=digest)
    return Finding(digest=digest, **json.loads(answer.stdout))
