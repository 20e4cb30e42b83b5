"""The embedded servers: a role that row-level security binds, passwords, and a clean end."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import portal
import psycopg2
import pytest
import redis
import servers
from postgresql_server import Owner, PostgreSQL, ServerError
from servers import ENVIRONMENT, throw_away

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts"

LAUNCHER = """
import servers, time
with servers.throw_away() as addresses:
    print(addresses["DATABASE_URL"], flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def embedded_servers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")


def test_servers_answer_refuse_strangers_and_end_together() -> None:
    with throw_away() as addresses:
        database, queue = psycopg2.connect(addresses["DATABASE_URL"]), redis.from_url(addresses["REDIS_URL"])
        with database.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False, False, True)
        assert queue.ping()
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(addresses["DATABASE_URL"].replace("cme:", "cme:wrong"))
        with pytest.raises(redis.AuthenticationError):
            redis.from_url(f"redis://127.0.0.1:{queue.connection_pool.connection_kwargs['port']}").ping()
    # The open connection did not hold the fast shutdown up, and nobody listens any more.
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(addresses["DATABASE_URL"])
    with pytest.raises(redis.ConnectionError):
        queue.ping()
    database.close()
    queue.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's own user can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="cme-portal-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_second_server_on_the_same_data_is_refused_and_a_stale_pid_is_not(home: Path) -> None:
    server = PostgreSQL(home, ENVIRONMENT, durable=False)
    server.start()
    try:
        with pytest.raises(ServerError, match="already serves"):
            PostgreSQL(home, ENVIRONMENT, durable=False).start()
    finally:
        server.stop()
    (server.data / "postmaster.pid").write_text("1\n")
    again = PostgreSQL(home, ENVIRONMENT, durable=False)
    again.start()
    again.stop()


def test_servers_end_when_their_launcher_is_killed() -> None:
    launcher = subprocess.Popen(
        [
            sys.executable,
            "-c",
            LAUNCHER,
        ],
        cwd=SCRIPTS,
        stdout=subprocess.PIPE,
        text=True,
    )
    with launcher:
        assert launcher.stdout is not None
        address = launcher.stdout.readline().strip()
        psycopg2.connect(address).close()
        launcher.send_signal(signal.SIGKILL)
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            psycopg2.connect(address).close()
        except psycopg2.OperationalError:
            return
        time.sleep(0.1)
    pytest.fail("PostgreSQL outlived the launcher that was killed.")


WHERE_FILES_GO = """
import json
from django.conf import settings
names = ("MEDIA_ROOT", "STATIC_ROOT", "CELERY_BEAT_SCHEDULE_FILENAME", "SIGNING_KEY_FILE", "EMAIL_FILE_PATH")
print(json.dumps([str(getattr(settings, name)) for name in names]))
"""


def test_everything_of_a_run_lies_in_the_folder_that_was_chosen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = home / "chosen"
    for name in ("STATIC_ROOT", "CME_SIGNING_KEY_FILE", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CME_DATA_DIR", str(chosen))
    place = servers.portal_place()
    with servers.running(place) as addresses:
        environment = portal.portal_environment(place, addresses)
        done = subprocess.run(
            [sys.executable, "-c", WHERE_FILES_GO],
            check=True,
            capture_output=True,
            text=True,
            cwd=SCRIPTS.parent,
            env=environment,
        )
    assert place == chosen
    assert all(Path(path).is_relative_to(chosen) for path in json.loads(done.stdout))
    kept = {path.name.partition("-")[0] for path in chosen.iterdir()}
    assert {"postgresql", "valkey", "secrets.json"} <= kept


def test_a_run_keeps_its_data_in_the_checkout_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CME_DATA_DIR", "")
    assert servers.portal_place() == servers.place("portal")


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_private_folder_that_postgresql_cannot_enter_is_refused_with_a_reason(
    home: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only root hands PostgreSQL to another user; everybody else enters their own private folders."""
    private = home / "private"
    private.mkdir()
    private.chmod(mode)
    monkeypatch.setenv("CME_DATA_DIR", str(private / "data"))
    if os.geteuid() == 0 and mode == 0o700:
        assert Owner.current().changes
        with pytest.raises(ServerError, match="private folder"):
            servers.portal_place()
    else:
        assert servers.portal_place() == private / "data"
