"""Form fields for the facts of an activity, made from the vocabulary of the rules, so that every form asks alike."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms

from cme_portal.foundation.forms import DateField, NumberField
from credits.rules import FACTS, Activity
from credits.rules.language import Award, By, Halved, Item

BLANK = ("", "请选择")
DEFAULTS = {slot.name: slot.default for slot in fields(Activity)}


def fact_field(name: str, *, item: Item | None = None, required: bool = False) -> forms.Field:
    """The field for one fact; with an item its choices are those the item's award lists (R41).

    A fact with a default (an attendee, in person) offers no empty choice.
    """
    fact = FACTS[name]
    shared: dict[str, Any] = {"label": fact.label, "help_text": fact.help, "required": required}
    match fact.kind:
        case "choice":
            choices = choices_of(name, item)
            return forms.ChoiceField(choices=choices if DEFAULTS[name] else [BLANK, *choices], **shared)
        case "decimal":
            # What the database keeps: a third decimal would be rounded, and could make a unit complete.
            places = 2 if name == "hours" else 1
            return NumberField(
                unit=fact.unit, decimal_places=places, min_value=fact.minimum, max_value=fact.maximum, **shared
            )
        case "integer" | "year":
            return NumberField(
                unit=fact.unit, decimal_places=0, min_value=fact.minimum, max_value=fact.maximum, **shared
            )
        case "date":
            return DateField(**shared)
        case "flag":
            return forms.BooleanField(**shared)
        case _:
            return forms.CharField(max_length=60, **shared)


def choices_of(name: str, item: Item | None = None) -> list[tuple[str, str]]:
    """The codes of a fact with their labels; with an item those the item's award lists, where it lists any (R41)."""
    if item is None or item.award is None:
        return list(FACTS[name].choices.items())
    listed = listed_codes(item.award, name)
    return [(code, label) for code, label in item.labels_of(name).items() if not listed or code in listed]


def listed_codes(award: Award, fact: str) -> tuple[str, ...]:
    """The codes of a fact that an award's tables list; empty where no table asks for the fact."""
    match award:
        case By() if award.fact == fact:
            return tuple(award.table)
        case By():
            return tuple(dict.fromkeys(code for branch in award.table.values() for code in listed_codes(branch, fact)))
        case Halved():
            return listed_codes(award.award, fact)
        case _:
            return ()
