"""Which facts a claim form asks for: read from the regulation's award for the chosen kind of activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from credits.facts import SPLIT_FACTS
from credits.rules import FACTS, Item, Regulation
from credits.rules.language import Award, By, Flat, FullYear, Published
from credits.rules.names import ACTIVITY, Names
from credits.rules.procedure import Declaration

# Facts of something a person takes part in; the rest (papers, awards, patents) is obtained on one day.
TAKING_PART = frozenset({"hours", "days", "months", "published_credits", "assessed_credits"})
FIRST = ("start", "end", "role", "delivery", "project")
LAST = ("count", "passed", "subject", "review", "translated")
DEFAULTS = {"role": "attendee", "delivery": "in_person", "passed": "yes", "subject": "professional", "count": "1"}
LONGEST_STAY_YEARS = 10
LABELS = {"passed": "考核结果", "assessed_credits": "申报学分"}
HELP = {
    "assessed_credits": "按证明材料填写您申报的学分，由审核单位评定",
    "published_credits": "项目公布了学分的填公布学分，没有公布的填小时数",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact as the form asks for it; with a ``year``, for the part of the activity inside that year."""

    fact: str
    label: str
    help: str
    unit: str
    required: bool
    year: int | None = None

    @property
    def name(self) -> str:
        """The field: ``hours``, or ``hours_2026``."""
        return f"{self.fact}_{self.year}" if self.year else self.fact


def item_of(declaration: Declaration, typed: Mapping[str, Any]) -> str | None:
    """The item chosen among the declaration's, else its first; None where it has none."""
    if not declaration.items:
        return None
    chosen = typed.get("item")
    return chosen if chosen in declaration.items else declaration.items[0]


def role_in(typed: Mapping[str, Any]) -> str:
    """The role that was typed; whoever typed none, or one that there is not, takes part."""
    role = str(typed.get("role"))
    return role if role in FACTS["role"].choices else DEFAULTS["role"]


def names_of(rules: Regulation, declaration: Declaration, item: str | None) -> Names:
    """What the form calls the activity's name and its organiser: 论文题目, 刊物名称."""
    return rules.category(declaration.category).item(item).names or ACTIVITY


def says_something(declaration: Declaration, typed: Mapping[str, Any]) -> bool:
    """Whether more stands in the form than the kind of activity and what it offers by itself."""
    offered = {**DEFAULTS, "item": item_of(declaration, {})}
    kind = {"declaration", "tab"}
    return any(value not in ("", offered.get(name)) for name, value in typed.items() if name not in kind)


def questions(rules: Regulation, declaration: Declaration, typed: Mapping[str, Any]) -> list[Question]:
    """The facts to ask for, in the order of the form. ``typed`` is what stands in it already."""
    category = rules.category(declaration.category)
    item = category.item(item_of(declaration, typed))
    role = role_in(typed)
    required = _required(rules, item, role)
    if declaration.route.delivery is not None:
        required.pop("delivery", None)
    takes_part = takes_time(item, role)
    required.setdefault("start", True)
    if takes_part:
        required.setdefault("end", False)
    found = [_question(name, item, role, required=required[name]) for name in _in_order(required)]
    if not takes_part:
        found = [_dated_once(question) if question.fact == "start" else question for question in found]
    years = years_between(typed)
    if (category.over_new_year or item.over_new_year) and len(years) > 1:
        found = list(_by_year(found, years))
    return found


def years_between(typed: Mapping[str, Any]) -> list[int]:
    """The calendar years of the typed dates, both included; empty while they are not two dates in order.

    Nor for dates so far apart that one of them is a slip of the pen: nobody is asked for the hours of a thousand years.
    """
    start, end = as_date(typed.get("start")), as_date(typed.get("end"))
    if start is None or end is None or not 0 <= end.year - start.year < LONGEST_STAY_YEARS or end < start:
        return []
    return list(range(start.year, end.year + 1))


def as_date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def takes_time(item: Item, role: str) -> bool:
    """Whether one takes part in it for a while: papers, awards and patents are obtained on one day."""
    return any(TAKING_PART.intersection(group) for group in item.needs(role)) or _is_examined(item.award)


def _required(rules: Regulation, item: Item, role: str) -> dict[str, bool]:
    """The facts to ask for, and whether one cannot do without: of alternatives (hours, published credits) none is."""
    asked = {name: len(group) == 1 for group in item.needs(role) for name in group}
    asked |= {name: False for name in item.optional if name not in asked}
    if "role" in asked:
        asked["role"] = True
    if _is_examined(item.award):
        asked["passed"] = True
    if rules.requirement.common:
        asked["subject"] = True
    return asked


def _is_examined(award: Award | None) -> bool:
    """Projects, stays and degrees end with an assessment; papers and lectures do not."""
    match award:
        case By():
            return any(_is_examined(branch) for branch in award.table.values())
        case Flat():
            return bool(award.phrase)
        case _:
            return isinstance(award, FullYear | Published)


def _question(name: str, item: Item, role: str, *, required: bool) -> Question:
    fact = FACTS[name]
    return Question(
        fact=name,
        label=LABELS.get(name, fact.label),
        help="" if name == "end" and required else HELP.get(name, fact.help),
        unit=_unit(item.award, role) if name == "count" else fact.unit,
        required=required,
    )


def _dated_once(question: Question) -> Question:
    return Question(question.fact, "日期", "发表、获批、获奖、出版或举办当天；多次的填第一次", "", required=True)


def _unit(award: Award | None, role: str) -> str:
    """次, 项, 篇: what is counted, as the regulation says it."""
    match award:
        case Flat():
            return award.unit
        case By(fact="role"):
            return _unit(award.table[role], role)
        case By():
            return next((unit for branch in award.table.values() if (unit := _unit(branch, role))), "")
        case _:
            return "次"


def _by_year(found: Iterable[Question], years: list[int]) -> Iterable[Question]:
    """Hours, days and months over New Year are stated year by year (reading R31)."""
    for question in found:
        if question.fact not in SPLIT_FACTS:
            yield question
            continue
        for year in years:
            label = f"{year} 年内的{question.label}"
            hint = f"只填 {year} 年 1 月 1 日至 12 月 31 日之间的{question.label}"
            yield Question(question.fact, label, hint, question.unit, question.required, year)


def _in_order(asked: Iterable[str]) -> list[str]:
    names = list(asked)
    middle = [name for name in names if name not in FIRST and name not in LAST]
    return [*(name for name in FIRST if name in names), *middle, *(name for name in LAST if name in names)]
