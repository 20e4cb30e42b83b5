"""The public calculator: what activities would earn, and why. It keeps nothing; everything stands in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cme_portal.foundation.forms import DateField, Form, ListedError, errors_of
from credits.explanations import Explanation, explained
from credits.fact_fields import fact_field
from credits.questions import DEFAULTS, role_in
from credits.regulation_pages import UNMET
from credits.rules import FACTS, TITLES, Activity, Person, Regulation, Result, assess, check, regulation
from credits.rules.facts import IN_TRAINING
from credits.rules.registry import VERSIONS
from institutions.access import public

MOST_ACTIVITIES = 12
ROW_NUMBER = re.compile(r"[0-9]{1,3}")
COMPLETED = "completed"
WHOLE = frozenset(name for name, fact in FACTS.items() if fact.kind in {"integer", "year"})
# Facts that most people leave as they are; the page folds them away.
RARE = ("project", "subject", "passed", "makes_up")


class PractitionerForm(Form):
    """Whose year it is, under which regulation."""

    jurisdiction = forms.ChoiceField(
        label="适用规定", choices=[(code, versions[-1].title) for code, versions in VERSIONS.items()]
    )
    title = forms.ChoiceField(label="职称", choices=list(TITLES.items()))
    residency = forms.ChoiceField(
        label="毕业后医学教育",
        choices=[("", "未参加"), (IN_TRAINING, "正在住培或专培"), (COMPLETED, "已结业")],
        required=False,
    )
    residency_completed = DateField(label="结业考核合格日期", required=False, help_text="已结业的填写")
    primary_care = forms.BooleanField(label="在基层医疗卫生机构工作（含乡村医生）", required=False)
    unlicensed = forms.BooleanField(label="尚未取得执业资格", required=False)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data, use_required_attribute=False)
        self.fields["year"] = forms.TypedChoiceField(
            label="学分年度", coerce=int, choices=[(year, str(year)) for year in years(today)]
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("residency") == COMPLETED and not cleaned.get("residency_completed"):
            self.add_error("residency_completed", "请填写结业考核合格日期，次年起计算学分要求")
        return cleaned

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in ("jurisdiction", "year", "title", "primary_care")]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in ("residency", "residency_completed", "unlicensed")]

    @property
    def rare_is_used(self) -> bool:
        return any(field.errors or field.value() for field in self.rare)

    def person(self) -> Person:
        cleaned = self.cleaned_data
        residency = {IN_TRAINING: IN_TRAINING, COMPLETED: cleaned["residency_completed"]}.get(cleaned["residency"])
        return Person(
            title=cleaned["title"],
            primary_care=cleaned["primary_care"],
            licensed=not cleaned["unlicensed"],
            residency=residency,
        )


class ActivityForm(Form):
    """One activity: its kind, and the facts that this kind needs under the regulation.

    A category or item that the regulation does not know gives way to its first one, so that the regulation can be changed.
    """

    def __init__(self, rules: Regulation, typed: Mapping[str, str], *, number: int) -> None:
        self.number = number
        categories = {category.code: category for category in rules.categories}
        self.category = categories.get(typed.get("category", ""), rules.categories[0])
        items = {item.code: item for item in self.category.items}
        self.item = self.category.item(typed["item"] if typed.get("item") in items else None)
        chosen = {**typed, "category": self.category.code} | ({"item": self.item.code} if items else {})
        data = {f"{number}-{name}": value for name, value in chosen.items()}
        super().__init__(data, prefix=str(number), use_required_attribute=False)
        titles = [(category.code, category.title) for category in rules.categories]
        self.fields["category"] = forms.ChoiceField(label="活动类别", choices=titles)
        if items:
            self.fields["item"] = forms.ChoiceField(
                label="细类", choices=[(item.code, item.title) for item in self.category.items]
            )
        elif self.category.open_items:
            self.fields["item"] = forms.CharField(
                label="类型代码", max_length=40, help_text="所在市公布的类型名称或代码"
            )
        for name in self._facts(rules, role_in(typed)):
            self.fields[name] = fact_field(name, item=self.item)
        self.fields["passed"] = forms.ChoiceField(
            label="考核结果", choices=[("yes", "合格"), ("no", "不合格")], required=False
        )

    def _facts(self, rules: Regulation, role: str) -> list[str]:
        """Needed facts first, then those that change the award, then what every activity may say."""
        needed = [name for group in self.item.needs(role) for name in group]
        names = dict.fromkeys(["role"] * ("role" in self.item.optional) + needed + list(self.item.optional))
        names |= dict.fromkeys(["start", "end", "subject"])
        if rules.make_up is not None:
            names["makes_up"] = None
        return list(names)

    @property
    def title(self) -> str:
        return "，".join(dict.fromkeys([self.category.title, self.item.title]))

    @property
    def kind(self) -> list[forms.BoundField]:
        """The fields that decide which other fields there are."""
        return [self[name] for name in ("category", "item", "role") if name in self.fields]

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("category", "item", "role", *RARE)]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in RARE if name in self.fields]

    @property
    def is_begun(self) -> bool:
        """Whether more was said of it than its kind and what the form offers by itself."""
        return any(field.value() not in (None, "", DEFAULTS.get(field.name)) for field in self.facts)

    def activity(self) -> Activity:
        """The facts that were filled in, whole numbers as such."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        whole = {name: int(value) for name, value in given.items() if isinstance(value, Decimal) and name in WHOLE}
        return Activity(**{**given, **whole, "id": str(self.number), "passed": given.get("passed") != "no"})


@dataclass(frozen=True, slots=True)
class Calculated:
    """One activity's outcome, and why."""

    number: int
    title: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Calculation:
    """The year of the activities that could be assessed, and a sentence for each that could not."""

    result: Result
    activities: tuple[Calculated, ...]
    missing: tuple[ListedError, ...]
    unmet: tuple[str, ...]
    categories: tuple[tuple[str, int], ...]


@public
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The form with its result; ``do=calculate`` says that the reader is done and wants to see every error."""
    today = timezone.localdate()
    practitioner = PractitionerForm(with_defaults(request.GET, request), today=today)
    rules = _rules(practitioner)
    rows = arranged(typed_rows(request.GET), request.GET.get("do", ""))
    activities = [ActivityForm(rules, row, number=number) for number, row in enumerate(rows, start=1)]
    calculation = calculate(rules, practitioner, activities)
    wrong = request.GET.get("do") == "calculate" and bool(
        practitioner.errors or calculation is None or calculation.missing
    )
    context = {
        "practitioner": practitioner,
        "activities": activities,
        "rules": rules,
        "calculation": calculation,
        "is_begun": wrong or practitioner.rare_is_used or any(activity.is_begun for activity in activities),
        "errors": _listed(practitioner, calculation) if wrong else [],
        "room": len(rows) < MOST_ACTIVITIES,
        "here": "学分计算",
    }
    return render(request, "credits/calculator.html", context, status=422 if wrong else 200)


def years(today: date) -> range:
    """The years that can be calculated: from the first regulation to next year."""
    first = min(versions[0].in_force.year for versions in VERSIONS.values())
    return range(first, max(today.year, first) + 2)


def with_defaults(typed: QueryDict, request: HttpRequest) -> dict[str, str]:
    """What was typed; before that the reader's own province, this year, an intermediate title."""
    actor = getattr(request, "actor", None)
    defaults = {
        "jurisdiction": actor.province.jurisdiction if actor is not None else "national",
        "year": str(max(timezone.localdate().year, years(timezone.localdate())[0])),
        "title": "intermediate",
    }
    return defaults | typed.dict()


def typed_rows(typed: QueryDict) -> list[dict[str, str]]:
    """The activities of the address (``1-category=project&1-hours=24``), in order of their numbers."""
    rows: dict[int, dict[str, str]] = {}
    for key, value in typed.items():
        number, dash, name = key.partition("-")
        if dash and ROW_NUMBER.fullmatch(number):
            rows.setdefault(int(number), {})[name] = str(value)
    return [rows[number] for number in sorted(rows)][:MOST_ACTIVITIES]


def arranged(rows: list[dict[str, str]], act: str) -> list[dict[str, str]]:
    """The rows after the button ``add`` or ``remove-2``; never none."""
    verb, _, number = act.partition("-")
    if verb == "add" and len(rows) < MOST_ACTIVITIES:
        rows = [*rows, {}]
    if verb == "remove" and ROW_NUMBER.fullmatch(number):
        rows = [row for place, row in enumerate(rows, start=1) if place != int(number)]
    return rows or [{}]


def calculate(
    rules: Regulation, practitioner: PractitionerForm, activities: Sequence[ActivityForm]
) -> Calculation | None:
    """Assess what can be assessed; None while the practitioner's own facts are wrong."""
    if not practitioner.is_valid():
        return None
    person, year = practitioner.person(), practitioner.cleaned_data["year"]
    ready: list[tuple[ActivityForm, Activity]] = []
    missing: list[ListedError] = []
    for form in activities:
        problems = _problems(rules, year, person, form)
        missing += problems
        if not problems:
            ready.append((form, form.activity()))
    result = assess(rules, year, person, [activity for _, activity in ready], explain=True)
    titles = {category.code: category.title for category in rules.categories}
    return Calculation(
        result=result,
        activities=tuple(
            Calculated(form.number, form.title, explained(rules, line))
            for (form, _), line in zip(ready, result.lines, strict=True)
        ),
        missing=tuple(missing),
        unmet=tuple(UNMET[code] for code in result.unmet),
        categories=tuple((titles[code], tenths) for code, tenths in result.by_category.items()),
    )


def _rules(practitioner: PractitionerForm) -> Regulation:
    """The chosen regulation; while the choice itself is wrong, the first one, so that the page can be shown."""
    practitioner.is_valid()
    chosen = practitioner.cleaned_data
    jurisdiction = chosen.get("jurisdiction", "national")
    return regulation(jurisdiction, chosen.get("year", VERSIONS[jurisdiction][0].in_force.year))


def _problems(rules: Regulation, year: int, person: Person, form: ActivityForm) -> list[ListedError]:
    """What keeps one activity from being assessed, each sentence with the field it is about."""
    if not form.is_valid():
        return [ListedError(f"第 {form.number} 项：{error.message}", error.anchor) for error in errors_of(form)]
    problems = []
    for error in check(rules, year, person, [form.activity()]):
        name = error.field.rpartition(".")[2]
        anchor = form[name if name in form.fields else "category"].id_for_label
        problems.append(ListedError(f"第 {form.number} 项：{error.message}", anchor))
    return problems


def _listed(practitioner: PractitionerForm, calculation: Calculation | None) -> list[ListedError]:
    return [*errors_of(practitioner), *(calculation.missing if calculation is not None else ())]
