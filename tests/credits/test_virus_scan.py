"""The client for clamd: clean, infected, not scanned, and never a silent "clean"."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from credits.virus_scan import Scan, ScannerUnavailable, scan


@contextmanager
def clamd(answer: bytes, received: list[bytes]) -> Iterator[str]:
    """A clamd that reads one INSTREAM to its end and gives a fixed answer."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as incoming:
            received.append(incoming.read(10))
            while length := int.from_bytes(incoming.read(4), "big"):
                received.append(incoming.read(length))
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(b"x" * 300_000)
    return path


@pytest.fixture
def scanned(upload: Path) -> Callable[[bytes], tuple[Scan, str]]:
    def ask(answer: bytes) -> tuple[Scan, str]:
        received: list[bytes] = []
        with clamd(answer, received) as url:
            try:
                return scan(upload, clamd_url=url)
            finally:
                assert received[0] == b"zINSTREAM\0"
                assert b"".join(received[1:]) == upload.read_bytes()

    return ask


def test_without_a_scanner_the_file_is_not_scanned(upload: Path) -> None:
    assert scan(upload, clamd_url="") == (Scan.NOT_SCANNED, "")


def test_clean(scanned: Callable[[bytes], tuple[Scan, str]]) -> None:
    assert scanned(b"stream: OK\0") == (Scan.CLEAN, "")


def test_infected(scanned: Callable[[bytes], tuple[Scan, str]]) -> None:
    assert scanned(b"stream: Eicar-Test-Signature FOUND\0") == (Scan.INFECTED, "Eicar-Test-Signature")


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK? ERROR\0"])
def test_any_other_answer_is_no_verdict(scanned: Callable[[bytes], tuple[Scan, str]], answer: bytes) -> None:
    with pytest.raises(ScannerUnavailable):
        scanned(answer)


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "clamd:3310"])
def test_a_scanner_that_is_away_is_no_verdict(upload: Path, url: str) -> None:
    with pytest.raises(ScannerUnavailable):
        scan(upload, clamd_url=url)
