"""Why a line counts what it counts, as pages show it: numbered steps with their clauses, the reading where one is used.

And why a year asks nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credits.regulation_pages import cited, reading_url
from credits.rules import Line, Person, Regulation, Step


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One sentence. Steps with a figure are numbered; a reading (``is_reading``) explains the step before it."""

    number: int | None
    text: str
    label: str
    tenths: int | None
    clause: str
    url: str
    is_reading: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One activity's outcome in tenths with its steps."""

    earned: int
    counted: int
    steps: tuple[ShownStep, ...]

    @property
    def cut(self) -> int:
        """Tenths that caps shared with other activities took away."""
        return self.earned - self.counted


def explained(rules: Regulation, line: Line) -> Explanation:
    return Explanation(line.earned, line.counted, tuple(_shown(rules, line.steps)))


def why_no_subject(rules: Regulation, person: Person, year: int) -> str:
    """Why the year asks nothing of the person, where it does not (reading R45)."""
    if not (person.licensed or rules.subjects.unlicensed):
        return "尚未取得执业资格"
    if not isinstance(person.residency, date) or person.residency.year > year:
        return "正在接受毕业后医学教育"
    return "本年度完成毕业后医学教育，次年起为继续医学教育对象"


def _shown(rules: Regulation, steps: Sequence[Step]) -> list[ShownStep]:
    shown: list[ShownStep] = []
    number = 0
    for step in steps:
        is_reading = step.reading is not None
        number += not is_reading
        clause = cited(rules.code, step.clause)
        shown.append(
            ShownStep(
                number=None if is_reading else number,
                text=step.text,
                label=step.figure[0] if step.figure else "",
                tenths=step.figure[1] if step.figure else None,
                clause=clause.label,
                url=reading_url(rules.code, step.reading) if step.reading else clause.url,
                is_reading=is_reading,
            )
        )
    return shown
