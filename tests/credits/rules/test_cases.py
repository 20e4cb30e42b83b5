"""The worked cases: what a request must be answered, for every figure and line that the case names."""

import json
from pathlib import Path
from typing import Any

import pytest

from credits.rules.contract import answer

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "assessment.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_worked_case(case: dict[str, Any]) -> None:
    given = answer(case["request"])

    expected = dict(case["expect"])
    lines = expected.pop("activities", [])
    assert {name: given[name] for name in expected} == expected
    assert [
        {name: line[name] for name in wanted} for line, wanted in zip(given["activities"], lines, strict=bool(lines))
    ] == lines


def test_every_line_that_earns_says_why() -> None:
    for case in CASES:
        for line in answer(case["request"])["activities"]:
            assert line["because"], (case["name"], line["id"])
            assert all(step["clause"] and step["text"].endswith("。") for step in line["because"])
