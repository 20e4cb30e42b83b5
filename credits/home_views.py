"""The practitioner's first page: where the year stands and what to do about it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from credits.assessment import title_on
from credits.models import Claim
from credits.outlook import closed_year, credit_years, outlook
from credits.rules import TITLES
from institutions.access import gate

RECENT = 5


@gate("credits.own")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """``?year=2025`` looks at another year; one that cannot be looked at says why."""
    at = timezone.now()
    today = timezone.localdate(at)
    practitioner = request.actor.practitioner
    year = _year(request.GET.get("year", ""), today)
    refusal = closed_year(year, today)
    context = {
        "practitioner": practitioner,
        "today": today,
        "may_declare": practitioner.left_on is None,
        "title": TITLES[title_on(practitioner, today if refusal else min(date(year, 12, 31), today))],
        "year": year,
        "years": [(other, f"{reverse('practitioner-home')}?year={other}") for other in credit_years(today)],
        "recent": Claim.objects.visible_to(request.actor)
        .begun()
        .select_related("approval__holder")
        .order_by("-changed_at", "-pk")[:RECENT],
        "refusal": refusal,
    }
    if not refusal:
        context["outlook"] = outlook(practitioner, year, at=at)
    return render(request, "credits/home.html", context)


def _year(asked: str, today: date) -> int:
    return int(asked) if asked.isdecimal() and len(asked) == len("2025") else today.year
