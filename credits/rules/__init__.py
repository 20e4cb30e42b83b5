"""Regulations as code: which credits an activity brings, under which clause, and what a year asks for.

Standard library alone: no database, no clock. `regulation()` finds the version of a year, `check()` looks at facts,
`assess()` computes a person's year; `contract` offers the same as JSON.
"""

from credits.rules.checks import FieldError, check
from credits.rules.engine import assess
from credits.rules.facts import FACTS, TITLES, Activity, Fact, Person
from credits.rules.language import Category, Item, Regulation
from credits.rules.outcome import CapUse, Line, Result, Step
from credits.rules.provisions import RuleMissingError
from credits.rules.registry import JURISDICTIONS, regulation, version

__all__ = [
    "FACTS",
    "JURISDICTIONS",
    "TITLES",
    "Activity",
    "CapUse",
    "Category",
    "Fact",
    "FieldError",
    "Item",
    "Line",
    "Person",
    "Regulation",
    "Result",
    "RuleMissingError",
    "Step",
    "assess",
    "check",
    "regulation",
    "version",
]
