"""What the platform promises to whoever runs it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements.in", "requirements-dev.in"])
def test_requirements_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.findall(r"https?://|file:|--index|--find-links", text)
