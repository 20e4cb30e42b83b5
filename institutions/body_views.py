"""Pages about bodies: those of the administrator's territory, and a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cme_portal.foundation.paging import BoundedPaginator
from institutions import tree
from institutions.access import gate
from institutions.form_pages import carried_out, form_page
from institutions.forms import BodyFilterForm, BodyForm
from institutions.models import Institution

PAGE_ROWS = 50


@gate("bodies.manage")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The administrator's body and everything below it, in the order of the tree."""
    form = BodyFilterForm(request.GET)
    rows = Institution.objects.visible_to(request.actor).within(request.actor.institution)
    if "q" in form.chosen:
        rows = rows.filter(name__contains=form.chosen["q"].strip())
    if "kind" in form.chosen:
        rows = rows.filter(kind=form.chosen["kind"])
    context = {
        "form": form,
        "page": BoundedPaginator(rows.select_related("parent").order_by("path"), PAGE_ROWS).get_page(
            request.GET.get("page")
        ),
        "institution": request.actor.institution,
    }
    return render(request, "institutions/bodies.html", context)


@gate("bodies.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    manager = request.actor.institution
    form = BodyForm(request.POST or None, manager=manager, initial={"parent": request.GET.get("parent") or manager})

    def act(values: dict[str, Any]) -> Institution:
        return tree.found(
            actor=request.actor,
            province=request.actor.province,
            tier=tree.tier_below(values["parent"], values["kind"]),
            at=timezone.now(),
            **values,
        )

    if (institution := carried_out(form, act)) is not None:
        messages.success(
            request, f"已登记{institution}，{institution.get_tier_display()}。接下来可以任命岗位、登记人员。"
        )
        return redirect("bodies")
    return form_page(request, form, title="登记机构", button="登记", crumbs=[("机构", reverse("bodies"))])
