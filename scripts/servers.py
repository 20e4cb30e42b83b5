"""The two servers the portal stands on, as one pair: embedded ones, or those named by DATABASE_URL and REDIS_URL."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgresql_server import SHARED_PLACE, Owner, PostgreSQL, ServerError
from valkey_server import Valkey

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCAL = ROOT / ".local"


def place(purpose: str) -> Path:
    """Where a purpose keeps its data: in the checkout, unless the servers' user cannot reach it there."""
    folder = LOCAL / purpose
    folder.mkdir(parents=True, exist_ok=True)
    owner = Owner.current()
    if owner.can_execute(folder):
        return folder
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    elsewhere = SHARED_PLACE / checkout / purpose
    elsewhere.mkdir(parents=True, exist_ok=True)
    for path in (SHARED_PLACE, elsewhere.parent, elsewhere):
        path.chmod(0o755)
    return elsewhere


def portal_place() -> Path:
    """The one folder of everything `run` keeps: CME_DATA_DIR where it is set, else that of the checkout."""
    chosen = os.environ.get("CME_DATA_DIR")
    if not chosen:
        return place("portal")
    folder = Path(chosen).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not Owner.current().can_execute(folder):
        raise ServerError(
            f"CME_DATA_DIR={folder} lies in a private folder. Started by root, PostgreSQL runs as another user,"
            " who must be able to enter it: choose another folder, or do not start the portal as root."
        )
    return folder


@contextmanager
def running(home: Path) -> Iterator[dict[str, str]]:
    """Servers for as long as the block lasts; yields DATABASE_URL and REDIS_URL. Data stays in `home` for the next time."""
    with _started(home, durable=True) as addresses:
        yield addresses


@contextmanager
def throw_away() -> Iterator[dict[str, str]]:
    """Fast servers with a data folder of their own that disappears afterwards: what the tests run on."""
    with tempfile.TemporaryDirectory(prefix="cme-portal-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with _started(Path(folder), durable=False) as addresses:
            yield addresses


@contextmanager
def _started(home: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    postgresql = None if "DATABASE_URL" in os.environ else PostgreSQL(home, ENVIRONMENT, durable=durable)
    valkey = None if "REDIS_URL" in os.environ else Valkey(home, ENVIRONMENT, durable=durable)
    servers = [server for server in (postgresql, valkey) if server is not None]
    try:
        for server in servers:
            server.start()
        yield {
            "DATABASE_URL": postgresql.url if postgresql else os.environ["DATABASE_URL"],
            "REDIS_URL": valkey.url if valkey else os.environ["REDIS_URL"],
        }
    finally:
        for server in reversed(servers):
            server.stop()


class Background:
    """The developer's servers: they keep running between commands, on the same ports, until they are stopped."""

    def __init__(self) -> None:
        self.home = place("developer")
        self.ports_file = self.home / "ports.json"
        ports = json.loads(self.ports_file.read_text()) if self.ports_file.exists() else {}
        self.postgresql = PostgreSQL(self.home, ENVIRONMENT, port=ports.get("postgresql", 0))
        self.valkey = Valkey(self.home, ENVIRONMENT, port=ports.get("valkey", 0))

    def start(self) -> None:
        for server in (self.postgresql, self.valkey):
            if server.running_process() is None:
                server.start(detached=True)
        self.ports_file.write_text(json.dumps({"postgresql": self.postgresql.port, "valkey": self.valkey.port}))

    def stop(self) -> None:
        for server in (self.valkey, self.postgresql):
            server.stop()

    def exports(self) -> str:
        """Lines for a shell: `eval "$(python scripts/portal.py servers env)"`."""
        addresses = {"DATABASE_URL": self.postgresql.url, "REDIS_URL": self.valkey.url}
        return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in addresses.items())
