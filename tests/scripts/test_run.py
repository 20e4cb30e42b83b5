"""`make run` as a newcomer has it: one command, a portal with people in it, Ctrl-C, and the same again tomorrow."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Servers, keys and settings of the tests around; a terminal has none.
OF_THE_TESTS = ("DATABASE_URL", "REDIS_URL", "DJANGO_", "CME_", "PYTEST_")
READY = "The portal is ready at "
FIRST_START_SECONDS, LATER_START_SECONDS, END_SECONDS = 420, 120, 60  # on a machine busy with other tests


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's own user can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="cme-portal-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "portal"


@contextmanager
def portal(home: Path, *, within: float) -> Iterator[tuple[str, str]]:
    """A running portal: its address, and what the terminal said until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home.parent / f"{port}.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_TESTS)}
    environment |= {"CME_DATA_DIR": str(home), "PORT": str(port)}
    command = [sys.executable, "scripts/portal.py", "run"]
    with log.open("w") as output:
        launcher = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        limit = time.monotonic() + within
        while READY not in (told := log.read_text()):
            assert launcher.poll() is None, told
            assert time.monotonic() < limit, told
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", told
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(END_SECONDS) == 0, log.read_text()
    finally:
        launcher.kill()
        launcher.wait()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5)


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
        return answer.read().decode()


def test_the_first_start_makes_everything_and_the_second_keeps_it(home: Path) -> None:
    with portal(home, within=FIRST_START_SECONDS) as (address, told):
        assert "演示数据已生成" in told
        assert "ln-hospital" in told
        assert '"ok"' in page(f"{address}/health/ready")
        assert "ln-hospital" in page(f"{address}/accounts/login/")
    with portal(home, within=LATER_START_SECONDS) as (address, told):
        assert "演示数据已生成" not in told
        assert "ln-hospital" in page(f"{address}/accounts/login/")
