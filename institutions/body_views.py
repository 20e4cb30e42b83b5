"""Pages about bodies: those of the administrator's territory, one of them, a new one, correcting and closing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cme_portal.foundation.clock import today
from cme_portal.foundation.paging import BoundedPaginator
from institutions import access, tree
from institutions.access import gate
from institutions.body_choice import choice_of, choice_page
from institutions.body_forms import BodyFilterForm, BodyForm, CloseBodyForm, CorrectBodyForm
from institutions.enums import Tier
from institutions.form_pages import carried_out, form_page
from institutions.models import Institution, Post

PAGE_ROWS = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@gate("bodies.manage")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The administrator's body and everything below it, in the order of the tree."""
    form = BodyFilterForm(request.GET)
    rows = Institution.objects.within(request.actor.institution)
    if "q" in form.chosen:
        rows = rows.called(form.chosen["q"])
    if "kind" in form.chosen:
        rows = rows.filter(kind=form.chosen["kind"])
    state = form.chosen.get("state")
    if state != "all":
        rows = rows.filter(closed_on__isnull=state != "closed")
    context = {
        "form": form,
        "page": BoundedPaginator(rows.select_related("parent").order_by("path"), PAGE_ROWS).get_page(
            request.GET.get("page")
        ),
        "institution": request.actor.institution,
    }
    return render(request, "institutions/bodies.html", context)


@gate("bodies.manage")
@require_safe
def body(request: HttpRequest, institution_id: int) -> HttpResponse:
    """One body: what is registered, who holds posts there, what stands directly below it."""
    institution = _managed(request, institution_id)
    on = today(timezone.now())
    below = Institution.objects.open().filter(parent=institution).order_by("path")
    posts = Post.objects.filter(institution=institution).held_on(on).select_related("user")
    context = {
        "institution": institution,
        "page": BoundedPaginator(below, PAGE_ROWS).get_page(request.GET.get("page")),
        "posts": posts.order_by("role", "since", "pk")[:PAGE_ROWS],
        "is_open": institution.closed_on is None,
        "may_change": access.allowed(request.actor, "bodies.change", institution),
        "may_stand_above": institution.tier not in {Tier.DEPARTMENT, Tier.PROVINCE_OFFICE},
        "crumbs": [_list_crumb()],
        "here": institution.name,
    }
    return render(request, "institutions/body.html", context)


@gate("bodies.manage")
@read_or_send
def found(request: HttpRequest) -> HttpResponse:
    manager = request.actor.institution
    above = Institution.objects.within(manager).open().exclude(tier__in=[Tier.DEPARTMENT, Tier.PROVINCE_OFFICE])
    choice = choice_of(request, above, field="parent", default=above.filter(pk=manager.pk).first())
    if choice.body is None and not request.POST:
        return choice_page(request, above, field="parent", title="登记机构", label="上级机构", crumbs=[_list_crumb()])
    form = BodyForm(request.POST or None, choice=choice)

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
        return redirect("body", institution.pk)
    return form_page(request, form, title="登记机构", button="登记", crumbs=[_list_crumb()])


@gate("bodies.change")
@read_or_send
def correct(request: HttpRequest, institution_id: int) -> HttpResponse:
    institution = _managed(request, institution_id)
    if institution.closed_on is not None:
        return _closed_already(request, institution)
    registered = {name: getattr(institution, name) for name in tree.REGISTERED}
    form = CorrectBodyForm(request.POST or None, initial=registered, authorities=tree.audit_authorities(institution))

    def act(values: dict[str, Any]) -> Institution:
        return tree.correct(
            actor=request.actor, institution_id=institution.pk, at=timezone.now(), **registered | values
        )

    if carried_out(form, act) is not None:
        messages.success(request, "机构信息已更正。新的隶属关系和类别适用于此后提交的申报。")
        return redirect("body", institution.pk)
    return form_page(
        request, form, title=f"{institution}：更正机构信息", button="更正", crumbs=[_list_crumb(), _crumb(institution)]
    )


@gate("bodies.change")
@read_or_send
def close(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Ask for the reason; while something is in the way, the page says what before anything is typed."""
    institution = _managed(request, institution_id)
    if institution.closed_on is not None:
        return _closed_already(request, institution)
    form = CloseBodyForm(request.POST or None)

    def act(values: dict[str, Any]) -> Institution:
        return tree.close(actor=request.actor, institution_id=institution.pk, at=timezone.now(), **values)

    if carried_out(form, act) is not None:
        messages.success(request, f"{institution}已关闭。")
        return redirect("body", institution.pk)
    context = {
        "form": form,
        "institution": institution,
        "obstacles": tree.in_the_way(institution, on=today(timezone.now())),
        "crumbs": [_list_crumb(), _crumb(institution)],
        "here": "关闭机构",
    }
    return render(request, "institutions/body_close.html", context, status=422 if form.is_bound else 200)


def _managed(request: HttpRequest, institution_id: int) -> Institution:
    rows = Institution.objects.within(request.actor.institution).select_related("parent", "audit_authority")
    return get_object_or_404(rows, pk=institution_id)


def _closed_already(request: HttpRequest, institution: Institution) -> HttpResponse:
    messages.warning(request, tree.closed_already(institution))
    return redirect("body", institution.pk)


def _list_crumb() -> tuple[str, str]:
    return "机构", reverse("bodies")


def _crumb(institution: Institution) -> tuple[str, str]:
    return institution.name, reverse("body", args=[institution.pk])
