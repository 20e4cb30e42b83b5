#!/usr/bin/env python3
"""The portal in one command: `make run`, `make test`, and servers for developers.

    portal.py run                  everything a person needs to see the portal, until Ctrl-C
    portal.py test [ARGS]          the whole test suite on servers of its own
    portal.py exec -- COMMAND      one command on throw-away servers, inside the virtual environment
    portal.py servers start        servers that stay; prints the lines for `eval "$(...)"`
    portal.py servers stop | env

Standard library only, because it creates the virtual environment that everything else lives in. DATABASE_URL and
REDIS_URL replace the embedded servers; HOST (127.0.0.1) and PORT (8000) say where `run` listens, and CME_DATA_DIR where
it keeps everything (.local/portal).
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import servers
from postgresql_server import ServerError, dies_with_parent
from preparation import PYTHON, ROOT, PreparationError, browser, prepare

READY_SECONDS = 60
STOP_SECONDS = 15


def main() -> int:
    arguments = _arguments()
    # However it is asked to end, even where a shell ignores SIGINT for background jobs, every `finally` runs.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return int(arguments.command(arguments))
    except (PreparationError, ServerError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"\nFailed with status {error.returncode}: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(_: argparse.Namespace) -> int:
    """Prepare, start the servers, the web, the worker and beat, say where to look, and stop it all together."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    _require_free(host, port)
    prepare(tests=False)
    home = servers.portal_place()
    address = f"http://{_reachable(host)}:{port}"
    with servers.running(home) as addresses:
        environment = {"PORTAL_URL": address, **portal_environment(home, addresses), "BIND": f"{host}:{port}"}
        subprocess.run([PYTHON, "manage.py", "prepare", "--demo"], check=True, cwd=ROOT, env=environment)
        return _supervise(environment, address, home)


def portal_environment(home: Path, addresses: dict[str, str]) -> dict[str, str]:
    """What the processes of `run` are told: the caller's variables before ours, but one folder for all of them."""
    return {
        **_secrets(home / "secrets.json"),
        "DJANGO_SETTINGS_MODULE": "cme_portal.settings.development",
        "DJANGO_DEBUG": "0",
        # The terminal is for people; LOG_LEVEL=INFO shows every request and task.
        "LOG_LEVEL": "WARNING",
        **_environment(addresses),
        "CME_DATA_DIR": str(home),
    }


def test(arguments: argparse.Namespace) -> int:
    """Run pytest on fast servers of its own; returns pytest's status."""
    prepare(tests=True)
    with servers.throw_away() as addresses:
        environment = {**_environment(addresses), "CHROMIUM": browser() or ""}
        # One more than two cores can carry: what a browser test waits for, another one computes.
        workers = [] if os.cpu_count() == 1 else ["-n", "3"]
        command = [PYTHON, "-m", "pytest", *workers, *arguments.rest]
        return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode


def execute(arguments: argparse.Namespace) -> int:
    """Run one command on throw-away servers; returns its status."""
    prepare(tests=True)
    with servers.throw_away() as addresses:
        command = arguments.rest[1:] if arguments.rest[:1] == ["--"] else arguments.rest
        return subprocess.run(command, check=False, cwd=ROOT, env=_environment(addresses)).returncode


def background(arguments: argparse.Namespace) -> int:
    """Start, stop or describe the developer's servers."""
    if arguments.action == "start":
        prepare(tests=True)
    pair = servers.Background()
    if arguments.action == "start":
        pair.start()
    if arguments.action == "stop":
        pair.stop()
    else:
        print(pair.exports())
    return 0


def _supervise(environment: dict[str, str], address: str, home: Path) -> int:
    """Keep the processes of the Procfile running until Ctrl-C or until one of them ends."""
    command: list[str | Path] = [PYTHON, "-m", "honcho", "--env", os.devnull, "start"]
    # In a session of its own, so that Ctrl-C reaches the launcher alone and things stop in the right order.
    processes = subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, preexec_fn=dies_with_parent(signal.SIGTERM)
    )
    try:
        if _answers(f"{address}/health/live", while_running=processes):
            print(
                f"\nThe portal is ready at {address}\n(accounts: see above; Ctrl-C stops it; the data stays in {home})\n",
                flush=True,
            )
        return processes.wait()
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        return 0
    finally:
        processes.terminate()
        try:
            processes.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            processes.kill()


def _answers(url: str, *, while_running: subprocess.Popen[bytes]) -> bool:
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and while_running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address on this machine
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _environment(addresses: dict[str, str]) -> dict[str, str]:
    """The caller's variables, the servers' addresses, and the virtual environment's programs first."""
    path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, **addresses, "PATH": path, "PYTHONUNBUFFERED": "1"}


def _secrets(file: Path) -> dict[str, str]:
    """Keys of this checkout's demonstration, made once: its encrypted rows must stay readable."""
    if not file.exists():
        names = ("DJANGO_SECRET_KEY", "CME_ENCRYPTION_KEY", "CME_INDEX_KEY")
        file.touch(mode=0o600)
        file.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in names}))
    stored: dict[str, str] = json.loads(file.read_text())
    return stored


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(
                f"{host}:{port} cannot be used ({error.strerror}). Try: PORT={port + 1} make run"
            ) from error


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"", "0.0.0.0"} else host  # noqa: S104 - compared, not bound


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("run").set_defaults(command=run)
    for name, function in (("test", test), ("exec", execute)):
        command = commands.add_parser(name, prefix_chars="\0")
        command.add_argument("rest", nargs="*")
        command.set_defaults(command=function)
    command = commands.add_parser("servers")
    command.add_argument("action", choices=("start", "stop", "env"))
    command.set_defaults(command=background)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
