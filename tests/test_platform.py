"""What the repository promises to whoever clones it."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from cme_portal.celery import app

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "requirements.in", "requirements-dev.in"]
# Wherever files of others lie, a VENDOR.json beside them says which, under what licence, and with which digest.
VENDORED = sorted(path for folder in ("static", "audits", "tests") for path in (ROOT / folder).rglob("VENDOR.json"))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_name_no_address(name: str) -> None:
    assert not re.findall(r"https?://|file:|--index|--find-links", (ROOT / name).read_text())


def test_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed, tested = (
        set(re.findall(r"^([\w.-]+(?:\[\w+\])?==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert deployed <= tested


def test_every_static_file_a_template_names_exists() -> None:
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", template.read_text())
    }
    assert {name for name in named if not (ROOT / "static" / name).exists()} == set()


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


@pytest.mark.parametrize("manifest", VENDORED, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_vendored_files_are_what_their_manifest_says(manifest: Path) -> None:
    listed = {entry["file"]: entry for entry in json.loads(manifest.read_text())}
    present = {
        str(path.relative_to(manifest.parent))
        for path in manifest.parent.rglob("*")
        if path.is_file() and path != manifest and not path.name.startswith(("LICENSE", "OFL"))
    }
    assert present == set(listed)
    for name, entry in listed.items():
        assert hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["version"]
        assert entry["licence"]
