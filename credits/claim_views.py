"""A person's claims: the list, the page of one, taking it back. Officers see the page of a claim as well."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cme_portal.foundation.clock import today
from cme_portal.foundation.templatetags.cme import STATUSES
from credits.assessment import regulation_of
from credits.claim_pages import claim_context
from credits.models import Claim, ClaimState
from credits.stay_parts import standing_parts
from institutions import access, approvals
from institutions.access import gate
from institutions.actors import Actor
from institutions.models import Approval

PAGE_SIZE = 20


@gate("claim.declare")
@require_safe
def claims_list(request: HttpRequest) -> HttpResponse:
    """One's own claims, newest first, filtered by state."""
    own = Claim.objects.visible_to(request.actor).begun()
    counts = dict(own.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    if state not in ClaimState.values:
        state = ""
    rows = own.filter(state=state) if state else own
    rows = rows.select_related("approval__holder").order_by("-changed_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    titles = {
        (year, category.code): category.title
        for year in {claim.year for claim in page}
        for category in regulation_of(request.actor.practitioner, year).categories
    }
    context = {
        "page": page,
        "rows": [(claim, titles.get((claim.year, claim.category), claim.category)) for claim in page],
        "state": state,
        "state_label": ClaimState(state).label if state else "",
        "chips": _chips(state, counts),
        "total": sum(counts.values()),
        "may_declare": request.actor.practitioner.left_on is None,
        "today": timezone.localdate(),
        "crumbs": [("我的学分", reverse("practitioner-home"))],
        "here": "申报记录",
    }
    return render(request, "credits/claims.html", context)


@gate("claim.view")
@require_safe
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Where a claim stands and why it is worth what it is worth. A draft is a form."""
    found = get_object_or_404(
        Claim.objects.visible_to(request.actor).select_related(
            "approval__holder",
            "practitioner__province",
            "practitioner__institution",
            "institution",
            "department",
            "part_of",
            "assessed_by",
        ),
        pk=claim_id,
    )
    if found.state == ClaimState.DRAFT:
        return redirect("claim-edit", found.pk)
    if request.actor.post is not None:
        request.seen.append(("claim.view", found, found.institution))
    at = timezone.now()
    context = claim_context(found, request.actor, at, query=request.GET)
    crumbs = _crumbs(request.actor, found, at=at)
    return render(request, "credits/claim.html", {**context, "crumbs": crumbs, "here": str(found)})


@gate("approval.withdraw")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take a claim back before the final word, after asking."""
    rows = Claim.objects.visible_to(request.actor).exclude(approval=None)
    found = get_object_or_404(rows.select_related("approval"), pk=claim_id)
    if request.method == "POST":
        try:
            approvals.withdraw(actor=request.actor, approval_id=found.approval.pk, at=timezone.now())
        except access.Denied as denied:
            messages.error(request, str(denied))
        else:
            messages.success(request, "已撤回。修改后可以重新提交，审核重新开始。")
        return redirect(found)
    context = {
        "claim": found,
        "title": "撤回申报",
        "question": f"确定撤回“{found}”吗？撤回后审核停止；修改后可以重新提交，审核从头开始。",
        "remaining": standing_parts(found),
        "button": "撤回申报",
        "action": reverse("claim-withdraw", args=[found.pk]),
        "back": found.get_absolute_url(),
        "crumbs": [("我的学分", reverse("practitioner-home")), ("申报记录", reverse("claims"))],
        "here": "撤回申报",
    }
    return render(request, "credits/claim_confirm.html", context)


def _crumbs(actor: Actor, claim: Claim, *, at: datetime) -> list[tuple[str, str]]:
    """From one's own record, or from what bodies below hold too long; an officer comes to other claims from anywhere."""
    if actor.practitioner is not None:
        return [("我的学分", reverse("practitioner-home")), ("申报记录", reverse("claims"))]
    if not access.allowed(actor, "inbox.overdue"):
        return []
    listed = Approval.objects.overdue_below(actor.institution, on=today(at)).filter(pk=claim.approval.pk).exists()
    return [("待审核", reverse("inbox")), ("下级超期事项", reverse("inbox-overdue"))] if listed else []


def _chips(chosen: str, counts: dict[str, int]) -> list[dict[str, object]]:
    """The states as parts/filter_chips.html takes them; states without claims are left out."""
    address = reverse("claims")
    everything = {
        "label": "全部",
        "url": address,
        "icon": "list-check",
        "count": sum(counts.values()),
        "current": not chosen,
    }
    return [everything] + [
        {
            "label": label,
            "url": f"{address}?state={code}",
            "icon": STATUSES[code].icon,
            "count": counts.get(code, 0),
            "current": code == chosen,
        }
        for code, label in ClaimState.choices
        if counts.get(code) or code == chosen
    ]
