"""A client for ClamAV's clamd (INSTREAM): clean, infected, or honestly not scanned."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from django.db import models

CHUNK = 128 * 1024
SECONDS = 60


class Scan(models.TextChoices):
    CLEAN = "clean", "未发现病毒"
    INFECTED = "infected", "发现病毒"
    NOT_SCANNED = "not_scanned", "未经病毒扫描"


class ScannerUnavailable(Exception):
    """A scanner is configured but gave no verdict. The file must wait, not pass."""


def scan(path: Path, *, clamd_url: str) -> tuple[Scan, str]:
    """The scanner's verdict and, for an infected file, the virus's name.

    `clamd_url` is tcp://host:3310 or unix:///run/clamd.sock; empty means that no scanner is configured.
    Raises ScannerUnavailable.
    """
    if not clamd_url:
        return Scan.NOT_SCANNED, ""
    try:
        with _connect(clamd_url) as connection:
            connection.sendall(b"zINSTREAM\0")
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall(bytes(4))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerUnavailable(f"clamd at {clamd_url} cannot be used: {error}") from error
    if answer == "stream: OK":
        return Scan.CLEAN, ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Scan.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnavailable(f"clamd answered {answer!r}; check StreamMaxLength and its log")


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        connection.connect(parts.path)
        return connection
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=SECONDS)
    raise ScannerUnavailable(f"CLAMD_URL must be tcp://host:port or unix:///path, not {url!r}")


def _answer(connection: socket.socket) -> str:
    answer = b""
    while part := connection.recv(4096):
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
