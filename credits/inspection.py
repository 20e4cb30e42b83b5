"""What an uploaded file is, and whether it may be evidence.

Nothing here opens the file: a virus scanner (where one is configured) and a child process with limits (`inspector.py`)
do. A file that makes the child crash, run out of memory or exceed its time is refused. What is wrong on our side (no
disk, no process, no scanner) is raised instead, so that the outbox tries again and no file is refused for it.
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from credits import virus_scan
from credits.virus_scan import Scan

WALL_SECONDS = 120  # generous, for a busy server; the processor time of the child is limited far below
INSPECTOR = Path(__file__).resolve().with_name("inspector.py")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
}
# How the files begin that may turn out to be evidence: PDF, JPEG, PNG, WebP, HEIC.
BEGINNINGS = re.compile(
    rb"%PDF-|\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP|....ftyp(hei[cmsx]|hev[cx]|mif1|msf1)", re.DOTALL
)
TOO_HEAVY = "文件过大或过于复杂，未能在限定时间和内存内打开。请重新拍照，或打印为新的 PDF 后上传。"
INFECTED = "文件被检出病毒（{name}），已隔离，不能作为证明材料。请在安全的电脑上重新生成文件后上传。"


class InspectorFailed(Exception):
    """The server could not inspect the file (no space, a missing library); the file is not to blame."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One page as reviewers see it, in WebP, with the text a PDF page carries (never recognised from pixels)."""

    width: int
    height: int
    picture: bytes
    thumbnail: bytes
    dhashes: tuple[int, int, int, int]  # the page turned by 0, 90, 180, 270 degrees; unsigned 64 bits each
    text: str


@dataclass(frozen=True, slots=True)
class Inspection:
    verdict: Literal["accepted", "refused"]
    scan: Scan
    reason: str = ""
    kind: str = ""  # a key of MEDIA_TYPES
    previews: tuple[Preview, ...] = ()
    rendition: bytes | None = None  # for photographs: the re-encoded JPEG that is shown instead of the upload

    @property
    def pages(self) -> int:
        return len(self.previews)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.kind, "application/octet-stream")


def could_be_evidence(head: bytes) -> bool:
    """A first look at the first 12 bytes, to tell a person at once; it decides nothing else."""
    return BEGINNINGS.match(head) is not None


def inspect_file(path: Path, *, clamd_url: str) -> Inspection:
    """Judge the file at `path`; `clamd_url` may be empty, then the scan state is `not_scanned`.

    Raises virus_scan.ScannerUnavailable, InspectorFailed or OSError when the server itself cannot work.
    """
    scan, virus = virus_scan.scan(path, clamd_url=clamd_url)
    if scan == Scan.INFECTED:
        return Inspection("refused", scan, reason=INFECTED.format(name=virus))
    with tempfile.TemporaryDirectory(prefix="inspection-") as name:
        folder = Path(name)
        found = _run_inspector(path, folder)
        if found is None:
            return Inspection("refused", scan, reason=TOO_HEAVY)
        if "refused" in found:
            return Inspection("refused", scan, reason=found["refused"])
        return Inspection(
            "accepted",
            scan,
            kind=found["kind"],
            previews=tuple(_preview(page, folder, number) for number, page in enumerate(found["pages"], start=1)),
            rendition=(folder / found["rendition"]).read_bytes() if found["rendition"] else None,
        )


def _run_inspector(path: Path, folder: Path) -> dict | None:
    """What the child found; None when it did not come to an end."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(INSPECTOR), str(path), str(folder)],
            env={"LANG": "C.UTF-8"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if child.returncode < 0:  # killed by a signal: a crash of a parser, or the limit of processor time
        return None
    if child.returncode:
        raise InspectorFailed(
            f"{INSPECTOR.name} exited with {child.returncode}: no disk space, or a library is missing"
        )
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def _preview(page: dict, folder: Path, number: int) -> Preview:
    return Preview(
        width=page["width"],
        height=page["height"],
        picture=(folder / f"page-{number}.webp").read_bytes(),
        thumbnail=(folder / f"thumbnail-{number}.webp").read_bytes(),
        dhashes=tuple(page["dhashes"]),
        text=page["text"],
    )
