"""What forms and what-if build on: needed facts by category and item, amending, what a regulation does not know."""

from datetime import date
from decimal import Decimal

import pytest

from credits.rules import FACTS, JURISDICTIONS, Activity, Person, RuleMissingError, assess, regulation
from credits.rules.provisions import Clause


@pytest.mark.parametrize(
    ("jurisdiction", "category", "item", "needed"),
    [
        ("national", "project", None, ("hours",)),
        ("beijing", "project", "district", ("published_credits",)),
        ("liaoning", "project", "municipal", ("published_credits",)),
        ("national", "study_leave", "study", ("start", "end", "hours")),
        ("zhejiang", "study_leave", "government_task", ("start", "end", "days")),
        ("zhejiang", "degree", None, ()),
        ("jilin", "self_study", None, ("hours",)),
        ("sichuan", "apprenticeship", None, ("assessed_credits",)),
        ("zhejiang", "internal_training", None, ("count",)),
        ("jilin", "special_training", None, ("start", "end", "days")),
        ("zhejiang", "achievement", "paper", ("journal", "rank")),
        ("zhejiang", "achievement", "research", ("level", "rank")),
        ("zhejiang", "achievement", "award", ("level", "rank", "grade")),
        ("zhejiang", "achievement", "book", ("editor",)),
        ("zhejiang", "achievement", "patent_or_standard", ()),
        ("liaoning", "self_study", None, ("assessed_credits",)),
        ("liaoning", "self_study", "supervision", ("months",)),
        ("liaoning", "self_study", "exam", ("level", "count")),
        ("liaoning", "self_study", "award", ("level", "grade")),
        ("liaoning", "self_study", "patent", ("patent", "count")),
    ],
)
def test_needed_facts(jurisdiction: str, category: str, item: str | None, needed: tuple[str, ...]) -> None:
    assert regulation(jurisdiction, 2026).category(category).item(item).needed == needed


def test_optional_facts_are_those_that_change_the_award() -> None:
    rules = regulation("zhejiang", 2026)
    assert rules.category("project").item().optional == ("role", "project", "delivery", "published_credits")
    assert rules.category("achievement").item("paper").optional == ("review",)
    assert rules.category("internal_training").item("theory").optional == ("role",)


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_category_and_item_has_a_title_a_clause_and_known_facts(jurisdiction: str) -> None:
    rules = regulation(jurisdiction, 2026)
    for category in rules.categories:
        for item in [category.item(item.code) for item in category.items] or [category.item()]:
            assert item.title
            assert item.cite.split()[0] in JURISDICTIONS
            assert {*item.needed, *item.optional} <= FACTS.keys()
            clause = rules.procedure.clause(item.cite) if rules.procedure else None
            assert isinstance(clause, Clause) or item.cite.startswith("national"), item.cite


def test_what_if_is_an_amended_regulation_on_the_same_entries() -> None:
    rules = regulation("liaoning", 2026)
    raised = rules.amended(categories=[rules.category("practice").amended(each_year=20)])
    entries = [Activity("a", "practice", hours=Decimal(120), start=date(2026, 1, 5), end=date(2026, 2, 5))]

    assert assess(rules, 2026, Person("junior"), entries).total == 150
    assert assess(raised, 2026, Person("junior"), entries).total == 200


def test_what_a_regulation_does_not_know_is_an_error() -> None:
    rules = regulation("zhejiang", 2026)
    with pytest.raises(RuleMissingError):
        rules.category("practice")
    with pytest.raises(RuleMissingError):
        rules.category("project").item("district")
    with pytest.raises(RuleMissingError):
        rules.category("degree").item("study")


def test_a_missing_fact_is_never_a_zero() -> None:
    rules = regulation("liaoning", 2026)
    with pytest.raises(TypeError):
        assess(rules, 2026, Person("junior"), [Activity("a", "study_leave", hours=Decimal(60))])
    with pytest.raises(KeyError):
        assess(rules, 2026, Person("junior"), [Activity("a", "internal_training")])
