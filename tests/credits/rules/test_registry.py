"""Which regulation rules a year, and what is missing where none does."""

from datetime import date

import pytest

from credits.rules import JURISDICTIONS, RuleMissingError, regulation, version


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_rules_hold_from_2025_on(jurisdiction: str) -> None:
    rules = regulation(jurisdiction, 2025)
    assert rules is regulation(jurisdiction, date(2026, 7, 1)) is version(f"{jurisdiction}-2025.1")
    assert rules.procedure is not None


@pytest.mark.parametrize(
    ("year", "bound"), [(1999, "2025 年起可以计算$"), (2101, "不晚于 2100 年$"), (0, "2025 年起可以计算$")]
)
def test_a_year_without_rules_is_an_error_that_says_what_is_missing(year: int, bound: str) -> None:
    with pytest.raises(RuleMissingError, match=rf"{year} 年度的学分规定，.*{bound}"):
        regulation("liaoning", year)


def test_an_unknown_jurisdiction_is_an_error() -> None:
    with pytest.raises(RuleMissingError, match="hebei"):
        regulation("hebei", 2026)
    with pytest.raises(RuleMissingError, match=r"hebei-2025\.1"):
        version("hebei-2025.1")


def test_drafts_are_told_from_what_is_in_force() -> None:
    assert {code for code in JURISDICTIONS if regulation(code, 2026).status == "draft"} == {"liaoning", "jilin"}
    assert regulation("beijing", 2026).status == "supplement_draft"
