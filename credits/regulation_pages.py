"""Public pages that show a regulation: clauses with examples computed now, routes, evidence, deadlines, readings.

Nothing here asks the database: a regulation is data of the code, so each page is prepared once per process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from credits.rules import Regulation, RuleMissingError
from credits.rules.contract import answer
from credits.rules.procedure import Procedure
from credits.rules.provisions import (
    TIER_TITLES,
    UNIT_LEVEL_TITLES,
    Clause,
    Deadline,
    EvidenceItem,
    Provision,
    Route,
    Tier,
    Window,
)
from credits.rules.readings import NOTES, SETTINGS
from credits.rules.registry import VERSIONS
from institutions.access import public

EVERYBODY = "各类单位"
GROUPS = {
    "local": "市县属单位",
    "direct": "省直、中央、部队单位和全省性社会组织",
    "jlu": "吉林大学所属医院",
    "university": "其他高校附属医院",
}
UNMET = {
    "total": "总学分不足",
    "common": "公需科目不足",
    "professional": "专业科目不足",
    "not_a_subject": "当年不是继续医学教育对象",
}


@dataclass(frozen=True, slots=True)
class Cite:
    """A clause as a link: 三(六)7 of a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine says of one activity of an example."""

    because: str
    earned: str
    counted: str


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A worked example with what the engine answers."""

    title: str
    lines: tuple[Outcome, ...]
    total: str
    unmet: str


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A reading: how the open question is answered here, and what a commission could choose instead."""

    number: str
    question: str
    answers: tuple[str, ...]
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownClause:
    clause: Clause
    readings: tuple[ShownReading, ...]
    examples: tuple[ShownExample, ...]


@dataclass(frozen=True, slots=True)
class ShownRoute:
    """A route with its tiers in words, a row for each group of institutions; prior_filing: who reports to whom."""

    route: Route
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    otherwise: str
    grants: str
    prior_filing: tuple[tuple[str, str], ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """The documents that go with a route; items that ask for documents of their own follow with their titles."""

    title: str
    documents: tuple[EvidenceItem, ...]
    items: tuple[tuple[str, tuple[EvidenceItem, ...]], ...]
    cites: tuple[Cite, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A deadline, a window or a minimum as one row of a table."""

    title: str
    rule: str
    cites: tuple[Cite, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class RegulationPage:
    regulation: Regulation
    sections: tuple[tuple[str, str], ...]
    clauses: tuple[ShownClause, ...]
    routes: tuple[ShownRoute, ...]
    evidence: tuple[ShownEvidence, ...]
    duties: tuple[Duty, ...]
    readings: tuple[ShownReading, ...]


@public
@require_safe
def regulations(request: HttpRequest) -> HttpResponse:
    """All jurisdictions with the version that holds now."""
    current = [versions[-1] for versions in VERSIONS.values()]
    return render(request, "credits/regulations.html", {"regulations": current})


@public
@require_safe
def regulation(request: HttpRequest, jurisdiction: str | None = None) -> HttpResponse:
    """One regulation; without a jurisdiction that of the reader's province."""
    actor = getattr(request, "actor", None)
    if jurisdiction is None and actor is not None:
        jurisdiction = actor.province.jurisdiction
    if jurisdiction is None:
        return redirect("regulations")
    if jurisdiction not in VERSIONS:
        raise Http404(f"没有“{jurisdiction}”的学分规定。")
    page = page_of(jurisdiction)
    crumbs = [("规定", reverse("regulations"))]
    return render(request, "credits/regulation.html", {"page": page, "crumbs": crumbs, "here": page.regulation.name})


def clause_url(label: str) -> str:
    """The address of the clause that an explanation cites (``liaoning 三(六)7``)."""
    jurisdiction = label.partition(" ")[0]
    if jurisdiction not in VERSIONS:
        return reverse("regulations")
    clause = procedure_of(jurisdiction).clause(label)
    address = reverse("regulation", args=[jurisdiction])
    return f"{address}#{clause.anchor}" if clause is not None else address


def reading_url(jurisdiction: str, number: str) -> str:
    """The address of a reading (``R8``) on the page of a regulation."""
    return f"{reverse('regulation', args=[jurisdiction])}#{number}"


def procedure_of(jurisdiction: str) -> Procedure:
    procedure = VERSIONS[jurisdiction][-1].procedure
    if procedure is None:
        raise RuleMissingError(f"{jurisdiction} has no procedure")
    return procedure


@cache
def page_of(jurisdiction: str) -> RegulationPage:
    """Everything the page of a regulation shows; the examples are assessed by the engine."""
    rules = VERSIONS[jurisdiction][-1]
    procedure = procedure_of(jurisdiction)
    cited = {number for clause in procedure.clauses for number in clause.readings}
    readings = {number: _reading(rules, number) for number in sorted(cited, key=lambda number: int(number[1:]))}
    return RegulationPage(
        regulation=rules,
        sections=(
            ("clauses", "条文与举例"),
            ("routes", "审核流程"),
            ("evidence", "证明材料"),
            ("duties", "期限与要求"),
            ("readings", "口径说明"),
        ),
        clauses=tuple(_clause(jurisdiction, clause, readings) for clause in procedure.clauses),
        routes=tuple(_route(jurisdiction, route) for route in procedure.routes),
        evidence=tuple(_evidence(rules, procedure)),
        duties=tuple(_duties(procedure)),
        readings=tuple(readings.values()),
    )


def _cites(jurisdiction: str, labels: Iterable[str]) -> tuple[Cite, ...]:
    """Clauses as links."""
    return tuple(cited(jurisdiction, label) for label in labels)


def cited(jurisdiction: str, label: str) -> Cite:
    """A clause as the regulation's readers know it: one of the national measures says so."""
    source, _, number = label.partition(" ")
    return Cite(number if source == jurisdiction else f"国家办法 {number}", clause_url(label))


def _reading(rules: Regulation, number: str) -> ShownReading:
    """The settings and notes of that number, as the regulation has chosen."""
    settings = {name: one for name, one in SETTINGS.items() if one.number == number}
    notes = [one for one in NOTES if one.number == number]
    if not settings and not notes:
        raise RuleMissingError(f"no reading {number}")
    return ShownReading(
        number=number,
        question=[*settings.values(), *notes][0].question,
        answers=(
            *(one.choices[rules.readings[name]] for name, one in settings.items()),
            *(one.sentence for one in notes),
        ),
        alternatives=tuple(
            sentence
            for name, one in settings.items()
            for choice, sentence in one.choices.items()
            if choice != rules.readings[name]
        ),
    )


def _clause(jurisdiction: str, clause: Clause, readings: Mapping[str, ShownReading]) -> ShownClause:
    return ShownClause(
        clause=clause,
        readings=tuple(readings[number] for number in clause.readings),
        examples=tuple(_worked(one.title, answer(one.request(jurisdiction))) for one in clause.examples),
    )


def _worked(title: str, statement: Mapping[str, Any]) -> ShownExample:
    return ShownExample(
        title=title,
        lines=tuple(_outcome(line) for line in statement["activities"]),
        total=statement["total"],
        # Most examples are one activity far below the year's total, which is no news.
        unmet="" if "total" in statement["unmet"] else "、".join(UNMET[code] for code in statement["unmet"]),
    )


def _outcome(line: Mapping[str, Any]) -> Outcome:
    """The sentences of the calculation; its readings stand beside the clause already."""
    sentences = [because["text"] for because in line["because"] if "reading" not in because]
    return Outcome("".join(sentences), line["earned"], line["counted"])


def _titles(tiers: Iterable[Tier]) -> tuple[str, ...]:
    return tuple(TIER_TITLES[tier] for tier in tiers)


def _route(jurisdiction: str, route: Route) -> ShownRoute:
    tiers: list[tuple[str, tuple[Tier, ...]]] = [(GROUPS["local"], route.local)]
    if route.direct is not None:
        tiers.append((GROUPS["direct"], route.direct))
    tiers += [(GROUPS[group], special) for group, special in route.special.items()]
    if len(tiers) == 1:
        tiers = [(EVERYBODY, route.local)]
    return ShownRoute(
        route=route,
        rows=tuple((group, _titles(steps)) for group, steps in tiers),
        otherwise="、".join(_titles(route.otherwise)),
        grants=TIER_TITLES[route.grants] if route.grants else "",
        prior_filing=tuple((UNIT_LEVEL_TITLES[level], TIER_TITLES[tier]) for level, tier in route.prior_filing.items()),
        cites=_cites(jurisdiction, route.cite),
    )


def _evidence(rules: Regulation, procedure: Procedure) -> Iterable[ShownEvidence]:
    """What goes with each route that asks for documents, be it a person's claim or an organiser's filing."""
    for route in procedure.routes:
        lists = [one for one in procedure.evidence if one.declaration == route.code]
        if lists:
            yield ShownEvidence(
                title=route.title,
                documents=next((one.documents for one in lists if one.item is None), ()),
                items=tuple(
                    (rules.category(route.category).item(one.item).title, one.documents)
                    for one in lists
                    if route.category is not None and one.item is not None
                ),
                cites=_cites(rules.code, dict.fromkeys(label for one in lists for label in one.cite)),
                reading=next((one.reading for one in lists if one.reading), ""),
            )


def _duties(procedure: Procedure) -> Iterable[Duty]:
    timed: tuple[Deadline | Window, ...] = (*procedure.deadlines, *procedure.windows)
    for provision in timed:
        yield _duty(procedure.jurisdiction, provision, provision.when)
    for attendance in procedure.attendance:
        yield _duty(procedure.jurisdiction, attendance, f"每天不少于 {attendance.per_day} 次")
    for evaluation in procedure.evaluations:
        yield _duty(procedure.jurisdiction, evaluation, "学习结束后完成")
    for examination in procedure.examinations:
        strength = "原则上" if examination.in_principle else ""
        yield _duty(procedure.jurisdiction, examination, f"{strength}不低于总分的 {examination.pass_percent}%")
    for sanction in procedure.sanctions:
        yield _duty(procedure.jurisdiction, sanction, f"{sanction.min_years} 至 {sanction.max_years} 年")
    for quota in procedure.quotas:
        yield _duty(
            procedure.jurisdiction, quota, f"{quota.year} 年不超过 {quota.of_year} 年实际完成数的 {quota.percent}%"
        )


def _duty(jurisdiction: str, provision: Provision, rule: str) -> Duty:
    return Duty(provision.title, rule, _cites(jurisdiction, provision.cite), provision.reading or "")
