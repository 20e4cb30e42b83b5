"""What a regulation rules beside its figures: who declares, who decides, when, with what evidence.

A jurisdiction's ``PROCEDURE`` is data in the words of ``provisions``; a province states only what differs from the
national measures (``NATIONAL.amended``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from credits.rules.provisions import (
    Attendance,
    Clause,
    Deadline,
    Evaluation,
    EvidenceItem,
    EvidenceList,
    Examination,
    Jurisdiction,
    Provision,
    Quota,
    Route,
    RuleMissingError,
    Sanction,
    Tier,
    Window,
)

# A whole number is one part of a clause's number: 十一 is no part of 十, nor 12 of 1.
NUMBER_PARTS: Final = re.compile(r"[一二三四五六七八九十]+|[0-9]+|.")


@dataclass(frozen=True)
class Declaration:
    """What a person may declare: a kind of activity, its items (default first), its evidence, its route."""

    code: str
    category: str
    items: tuple[str, ...]
    title: str
    hint: str
    evidence: tuple[EvidenceItem, ...]
    item_evidence: Mapping[str, tuple[EvidenceItem, ...]]
    route: Route

    def evidence_for(self, item: str | None = None) -> tuple[EvidenceItem, ...]:
        """The documents for an item, or those of the whole declaration where the item asks for nothing of its own."""
        return self.item_evidence.get(item, self.evidence) if item else self.evidence


Coded = TypeVar(
    "Coded", Route, EvidenceList, Deadline, Window, Attendance, Evaluation, Examination, Sanction, Quota, Clause
)


def _merged(
    base: tuple[Coded, ...], changes: Iterable[Coded], without: frozenset[str] = frozenset()
) -> tuple[Coded, ...]:
    """The base with every change in the place of the same code, new ones at the end, codes of ``without`` left out."""
    by_code = {one.code: one for one in base if one.code not in without}
    by_code.update({one.code: one for one in changes})
    return tuple(by_code.values())


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """Everything of one jurisdiction's regulation that is not credit arithmetic."""

    jurisdiction: Jurisdiction
    clauses: tuple[Clause, ...]
    routes: tuple[Route, ...]
    evidence: tuple[EvidenceList, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    windows: tuple[Window, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    examinations: tuple[Examination, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    quotas: tuple[Quota, ...] = ()

    def amended(
        self,
        *,
        jurisdiction: Jurisdiction,
        clauses: tuple[Clause, ...],
        routes: tuple[Route, ...] = (),
        without: tuple[str, ...] = (),
        evidence: tuple[EvidenceList, ...] = (),
        deadlines: tuple[Deadline, ...] = (),
        windows: tuple[Window, ...] = (),
        attendance: tuple[Attendance, ...] = (),
        evaluations: tuple[Evaluation, ...] = (),
        examinations: tuple[Examination, ...] = (),
        sanctions: tuple[Sanction, ...] = (),
        quotas: tuple[Quota, ...] = (),
    ) -> Procedure:
        """This procedure as a province changes it: a provision of the same code is replaced, ``without`` drops routes.

        Clauses are the province's own text and never inherited.
        """
        dropped = frozenset(without)
        unknown = dropped - {route.code for route in self.routes}
        if unknown:
            raise RuleMissingError(f"no such routes to drop: {', '.join(sorted(unknown))}")
        lists = tuple(one for one in self.evidence if one.declaration not in dropped)
        return replace(
            self,
            jurisdiction=jurisdiction,
            clauses=clauses,
            routes=_merged(self.routes, routes, dropped),
            evidence=_merged(lists, evidence),
            deadlines=_merged(self.deadlines, deadlines),
            windows=_merged(self.windows, windows),
            attendance=_merged(self.attendance, attendance),
            evaluations=_merged(self.evaluations, evaluations),
            examinations=_merged(self.examinations, examinations),
            sanctions=_merged(self.sanctions, sanctions),
            quotas=_merged(self.quotas, quotas),
        )

    def route_named(self, code: str) -> Route:
        """The route of that code, for all affiliations. Raise RuleMissingError if the regulation has none."""
        return _named(self.routes, code, self.jurisdiction, "route")

    def route(self, code: str, affiliation: str = "local") -> tuple[Tier, ...]:
        """All tiers of a route for an institution of that affiliation."""
        return self.route_named(code).tiers(affiliation)

    def deciding_tiers(self, code: str, affiliation: str = "local") -> tuple[Tier, ...]:
        """The tiers of a route that decide in the portal.

        Reading: in a person's claim the person, the organiser and a body that only files ask for no decision; the
        organiser's word is the evidence (register of attendance, certificate).
        """
        return self.route_named(code).deciding_tiers(affiliation)

    def deadline(self, code: str) -> Deadline:
        return _named(self.deadlines, code, self.jurisdiction, "deadline")

    def window(self, code: str) -> Window:
        return _named(self.windows, code, self.jurisdiction, "window")

    def windows_for(self, declaration: str, item: str | None = None) -> tuple[Window, ...]:
        """The windows of a declaration, or of one item of it (``self_study.self_learning``) where it has its own."""
        own = tuple(one for one in self.windows if f"{declaration}.{item}" in one.applies_to)
        return own or tuple(one for one in self.windows if declaration in one.applies_to)

    def clause(self, label: str) -> Clause | None:
        """The clause an explanation cites (``liaoning 三(六)7``); without one of its own, the clause it is part of."""
        parts = NUMBER_PARTS.findall(label)
        candidates = [one for one in self.clauses if parts[: len(own := NUMBER_PARTS.findall(one.code))] == own]
        return max(candidates, key=lambda one: len(one.code), default=None)

    def declarable(self) -> tuple[Declaration, ...]:
        """What a person may declare, in the order of the regulation."""
        return tuple(
            self._declaration(route, route.category)
            for route in self.routes
            if route.declared_by == "person" and route.category is not None
        )

    def declaration(self, code: str) -> Declaration:
        """One declaration. Raise RuleMissingError if a person may not declare that here."""
        for one in self.declarable():
            if one.code == code:
                return one
        raise RuleMissingError(f"{self.jurisdiction}: a person cannot declare {code}")

    @property
    def provisions(self) -> tuple[Provision | EvidenceList, ...]:
        """Everything the regulation lays down beside its clauses."""
        return (
            *self.routes,
            *self.evidence,
            *self.deadlines,
            *self.windows,
            *self.attendance,
            *self.evaluations,
            *self.examinations,
            *self.sanctions,
            *self.quotas,
        )

    def statements(self) -> frozenset[str]:
        """The numbers of all statements that this procedure's provisions carry."""
        numbers = {number for one in self.provisions for number in one.statements}
        return frozenset(numbers | {statement.number for clause in self.clauses for statement in clause.statements})

    def _declaration(self, route: Route, category: str) -> Declaration:
        lists = {one.item: one.documents for one in self.evidence if one.declaration == route.code}
        return Declaration(
            code=route.code,
            category=category,
            items=route.items,
            title=route.title,
            hint=route.hint,
            evidence=lists.get(None, ()),
            item_evidence={item: documents for item, documents in lists.items() if item is not None},
            route=route,
        )


def _named(provisions: tuple[Coded, ...], code: str, jurisdiction: str, kind: str) -> Coded:
    for one in provisions:
        if one.code == code:
            return one
    raise RuleMissingError(f"{jurisdiction} has no {kind} {code}")
