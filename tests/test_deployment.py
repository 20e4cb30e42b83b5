"""What an operator relies on: production refuses half a configuration, and compose names every part of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "DJANGO_SECRET_KEY": "k" * 60,
    "CME_ENCRYPTION_KEY": "e" * 40,
    "CME_INDEX_KEY": "i" * 40,
    "CME_SIGNING_KEY_FILE": "/run/secrets/signing-key",
    "PORTAL_URL": "https://cme.example",
    "ALLOWED_HOSTS": "cme.example",
    "DATABASE_URL": "postgresql://cme:secret@database/cme",
    "REDIS_URL": "redis://:secret@valkey/0",
}


def load_production(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import cme_portal.settings.production as s; print(s.DATABASES['default']['USER'])"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_production_starts_with_a_complete_configuration() -> None:
    done = load_production(COMPLETE)
    assert (done.returncode, done.stdout.strip()) == (0, "cme"), done.stderr


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_production_refuses_to_start_without(name: str) -> None:
    done = load_production({key: value for key, value in COMPLETE.items() if key != name})
    assert done.returncode != 0
    assert f"The environment variable {name} is not set" in done.stderr


def test_statements_of_the_web_server_end_by_themselves_and_those_of_commands_do_not() -> None:
    """The settings as a connection sees them, once with gunicorn's configuration loaded and once without."""
    shown = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "cursor = connection.cursor()\n"
        "for name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'):\n"
        "    cursor.execute(f'SHOW {name}')\n"
        "    print(cursor.fetchone()[0], end=' ')\n"
    )
    loaded = "import runpy; runpy.run_path('gunicorn.conf.py')\n"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cme_portal.settings.test"}
    for code, timeouts in ((loaded + shown, ["30s", "10s", "1min"]), (shown, ["0", "0", "0"])):
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT, env=environment
        )
        assert done.stdout.split() == timeouts


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_lasting_service_restarts_and_is_examined(compose: dict) -> None:
    lasting = {name: service for name, service in compose["services"].items() if name != "migration"}
    assert set(lasting) == {"database", "valkey", "web", "worker", "beat", "proxy"}
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert all("healthcheck" in service for service in lasting.values())


def test_only_the_proxy_is_reachable_from_outside(compose: dict) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_compose_passes_everything_that_production_requires(compose: dict) -> None:
    for name in ("migration", "web", "worker", "beat"):
        assert set(COMPLETE) <= set(compose["services"][name]["environment"])


def test_every_named_volume_is_declared(compose: dict) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])


def test_example_of_environment_covers_compose_and_holds_no_secret() -> None:
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(example) == asked
    assert not [name for name, value in example.items() if value and re.search("KEY|PASSWORD|URL|HOSTS", name)]


def test_image_runs_as_an_ordinary_user_and_checks_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE) == ["portal"]
