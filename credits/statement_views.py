"""The statement of a year: why the total is what it is. One's own, and that of the people of an officer's territory."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from credits import ledger, statements
from credits.access import corrects, granting_bodies
from credits.claim_pages import dates_of
from credits.explanations import explained, why_no_subject
from credits.forms import ReversalForm
from credits.models import Claim, LedgerEntry
from credits.outlook import closed_year, credit_years, unmet_sentences
from institutions import access
from institutions.access import gate
from institutions.actors import Actor
from institutions.models import Practitioner

OF_A_PERSON = ("province", "institution", "department")


@gate("credits.own")
@require_safe
def statement(request: HttpRequest, year: int) -> HttpResponse:
    """One's own year."""
    practitioner = request.actor.practitioner
    context = statement_context(practitioner, year, request.actor, timezone.now())
    crumbs = [("我的学分", f"{reverse('practitioner-home')}?year={year}")]
    years = [(other, reverse("statement", args=[other])) for other in credit_years(timezone.localdate())]
    return _page(request, {**context, "years": years, "crumbs": crumbs, "here": f"{year} 年度对账单"})


@gate("practitioner.credits")
@require_safe
def person_statement(request: HttpRequest, practitioner_id: int, year: int) -> HttpResponse:
    """The year of somebody in the officer's territory; seeing it is journalled."""
    people = Practitioner.objects.visible_to(request.actor).select_related(*OF_A_PERSON)
    practitioner = get_object_or_404(people, pk=practitioner_id)
    request.seen.append(("statement.view", practitioner, practitioner.institution))
    context = statement_context(practitioner, year, request.actor, timezone.now())
    years = [
        (other, reverse("person-statement", args=[practitioner.pk, other]))
        for other in credit_years(timezone.localdate())
    ]
    return _page(request, {**context, "years": years, "crumbs": [], "here": f"{practitioner.name} {year} 年度"})


@gate("ledger.correct")
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Correct an entry by a reversing one, with a reason. What the page asks about is of the person's statement."""
    entries = LedgerEntry.objects.visible_to(request.actor).filter(reverses=None)
    entry = get_object_or_404(
        entries.select_related("practitioner__province", "practitioner__institution", "practitioner__department"),
        pk=entry_id,
    )
    access.require(request.actor, "ledger.correct", entry)
    back = reverse("person-statement", args=[entry.practitioner_id, entry.year])
    at = timezone.now()
    form = ReversalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ledger.reverse(actor=request.actor, entry_id=entry.pk, reason=form.cleaned_data["reason"], at=at)
        except access.Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(
                request, f"已冲销“{entry.activity_name}”，{entry.year} 年度合计已重新计算，本人会收到通知。"
            )
            return redirect(back)
    view = statements.explained(entry.practitioner, entry.year, at=at)
    counted = next((line.line.counted for line in view.lines if line.entry.pk == entry.pk), None)
    if counted is None:  # pressed twice, or a colleague was faster
        messages.info(request, f"“{entry.activity_name}”已冲销，没有重复冲销。更正记录见本页。")
        return redirect(back)
    request.seen.append(("statement.view", entry.practitioner, entry.practitioner.institution))
    context = {
        "entry": entry,
        "counted": counted,
        "form": form,
        "dates": dates_of(entry),
        "back": back,
        "crumbs": [(f"{entry.practitioner.name} {entry.year} 年度", back)],
        "here": "更正学分",
    }
    return render(request, "credits/entry_reverse.html", context, status=422 if form.errors else 200)


def statement_context(practitioner: Practitioner, year: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything ``credits/statement.html`` shows of a year; ``refusal`` where no regulation rules it."""
    refusal = closed_year(year, timezone.localdate(at))
    context = {"practitioner": practitioner, "year": year, "is_own": actor.practitioner is not None, "refusal": refusal}
    if refusal:
        return context
    view = statements.explained(practitioner, year, at=at)
    titles = {category.code: category.title for category in view.regulation.categories}
    entries = [line.entry for line in view.lines]
    correctable = _correctable(entries, practitioner, actor)
    claims = [entry.claim_id for entry in entries if entry.claim_id is not None]
    visible_claims = set(Claim.objects.visible_to(actor).filter(pk__in=claims).values_list("pk", flat=True))
    return {
        **context,
        "view": view,
        "rules": view.regulation,
        "result": view.result,
        "unmet": unmet_sentences(view.result),
        "why_no_subject": why_no_subject(view.regulation, view.result.person, year),
        "printed_at": at,
        "lines": [
            {
                "entry": line.entry,
                "category": titles.get(line.entry.category, line.entry.category),
                "dates": dates_of(line.entry),
                "explanation": explained(view.regulation, line.line),
                # A person's statement moves with the person, the claims stay with the body they were submitted to.
                "shows_claim": line.entry.claim_id in visible_claims,
                "can_correct": line.entry.pk in correctable,
            }
            for line in sorted(view.lines, key=_by_date)
        ],
    }


def _correctable(entries: list[LedgerEntry], practitioner: Practitioner, actor: Actor) -> set[int]:
    """Those of the person's entries that the actor may correct, in a number of queries that does not depend on how many."""
    if actor.post is None or not access.allowed(actor, "ledger.correct"):
        return set()
    bodies = granting_bodies(entries)
    return {entry.pk for entry in entries if corrects(actor, practitioner, bodies.get(entry.pk))}


def _by_date(line: statements.StatementLine) -> tuple[date, int]:
    """Shared caps are filled in this order; whatever has no day comes last."""
    return (line.entry.start or date.max, line.entry.pk)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "credits/statement.html", context, status=404 if context["refusal"] else 200)
