"""`manage.py assess` answers requests with nothing but the rules: no database, no Redis, no settings of a machine."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUEST = {
    "jurisdiction": "zhejiang",
    "year": 2026,
    "practitioner": {"title": "intermediate"},
    "activities": [{"id": "a1", "category": "project", "hours": "24", "start": "2026-03-02", "end": "2026-03-04"}],
}


def assess(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "assess", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin"},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_request_on_standard_input_is_answered() -> None:
    done = assess(json.dumps(REQUEST))
    given = json.loads(done.stdout)

    assert done.returncode == 0
    assert (given["total"], given["unmet"]) == ("8.0", ["total", "common"])
    assert given["activities"][0]["because"][0]["clause"] == "zhejiang 附件 继续医学教育项目"


def test_a_list_in_a_file_gives_a_list(tmp_path: Path) -> None:
    file = tmp_path / "requests.json"
    file.write_text(json.dumps([REQUEST, REQUEST]), encoding="utf-8")
    assert [given["total"] for given in json.loads(assess("", str(file)).stdout)] == ["8.0", "8.0"]


def test_a_wrong_request_ends_with_status_2_and_names_the_field() -> None:
    done = assess(json.dumps(REQUEST | {"year": 2024, "colour": "red"}))
    assert done.returncode == 2
    assert {error["field"] for error in json.loads(done.stdout)["errors"]} == {"year", "colour"}
    assert "year：" in done.stderr


def test_what_cannot_be_read_ends_with_status_2(tmp_path: Path) -> None:
    assert assess("{").returncode == 2
    assert assess("", str(tmp_path / "missing.json")).returncode == 2
