"""Issuing, page by page: who is waiting, what would be done, how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from audits import certificates as acts
from audits import issuing
from audits.certificates import AlreadyIssued, CertificateRefused
from audits.forms import CandidateFilter, years_of
from audits.models import IssuingRun
from cme_portal.foundation.clock import today
from cme_portal.foundation.ids import row_id
from cme_portal.foundation.paging import BoundedPaginator
from cme_portal.foundation.templatetags.cme import thousands
from institutions.access import gate

PAGE = 50
# Longer lists are for filters: counting a whole province's year would cost seconds on every page.
COUNTED = 10_000
POLLED_QUICKLY_SECONDS = 60
CRUMBS = [("证书", "certificates"), ("签发证书", "certificate-issue")]


@gate("certificate.issue")
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Who is waiting for a certificate (GET), and the issuing itself (POST), which the page of `confirm` sends."""
    if request.method != "POST":
        return _waiting_page(request)
    form = _typed(request)
    if not form.is_valid():
        return _waiting_page(request, refusal="筛选条件已失效，没有签发。请重新选择人员。")
    try:
        run = acts.issue_many(
            actor=request.actor,
            practitioner_ids=_practitioner_ids(request, form),
            year=form.cleaned_data["year"],
            at=timezone.now(),
        )
    except AlreadyIssued as refusal:
        messages.info(request, f"{refusal}已签发的证书列在本页。")
        return redirect(f"{reverse('certificates')}?year={form.cleaned_data['year']}")
    except CertificateRefused as refusal:
        return _waiting_page(request, refusal=str(refusal))
    return redirect(run)


@gate("certificate.issue")
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """What would be issued: how many, for whom, of which year. Nothing is done yet.

    What cannot be issued leads back to the list with what to do.
    """
    form = _filter(request)
    rows = issuing.candidates(request.actor, form.cleaned_data)
    ids = [pk for pk in map(row_id, request.GET.getlist("practitioner")) if pk]
    is_everybody = "everybody" in request.GET
    back = f"{reverse('certificate-issue')}?{form.query}"
    try:
        choice = issuing.choose_everybody(rows, shown=PAGE) if is_everybody else issuing.choose(rows, ids, shown=PAGE)
    except CertificateRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    if not choice.total:
        messages.warning(request, "没有选中可以签发的人员。请先在名单中勾选。")
        return redirect(back)
    context = {
        "choice": choice,
        "more": max(choice.total - PAGE, 0),
        "is_everybody": is_everybody,
        "most": issuing.MOST_AT_ONCE,
        "year": form.cleaned_data["year"],
        "back": back,
        "issuer": request.actor.institution.name,
        "issued_on": today(timezone.now()),
        "crumbs": [(label, reverse(name)) for label, name in CRUMBS],
        "here": "确认签发",
    }
    return render(request, "audits/confirm.html", context)


@gate("certificate.issue")
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run has come. Its part of the page asks again by itself until all are made."""
    issued = get_object_or_404(IssuingRun.objects.visible_to(request.actor).with_progress(), pk=run_id)
    waited = (timezone.now() - issued.requested_at).total_seconds()
    made = issued.certificates.select_related("practitioner__institution").order_by("pk")
    context = {
        "run": issued,
        "job": _job(issued, is_slow=waited > POLLED_QUICKLY_SECONDS),
        "url": request.get_full_path(),
        "page": Paginator(made, PAGE).get_page(request.GET.get("page")),
    }
    if request.htmx:
        response = render(request, "audits/run_progress.html", context)
        patch_vary_headers(response, ["HX-Request"])
        return response
    context |= {
        "problems": issued.problems.select_related("practitioner__institution").order_by("practitioner__name_sort"),
        "crumbs": [(label, reverse(name)) for label, name in CRUMBS],
        "here": "签发进度",
    }
    response = render(request, "audits/run.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _waiting_page(request: HttpRequest, *, refusal: str = "") -> HttpResponse:
    form = _filter(request)
    rows = issuing.candidates(request.actor, form.cleaned_data)
    page = BoundedPaginator(rows, PAGE, limit=COUNTED).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "counted": COUNTED,
        "most": issuing.MOST_AT_ONCE,
        "filtered": bool(request.GET.keys() - {"year", "page"}),
        "year": form.cleaned_data["year"],
        "query": form.query,
        "refusal": refusal,
        "crumbs": [(label, reverse(name)) for label, name in CRUMBS[:1]],
        "here": "签发证书",
    }
    return render(request, "audits/issue.html", context, status=422 if refusal else 200)


def _typed(request: HttpRequest) -> CandidateFilter:
    """The filter of the address; without a year it is the current one."""
    years = years_of(request.actor)
    return CandidateFilter({"year": years[0], **request.GET.dict()}, actor=request.actor, years=years)


def _filter(request: HttpRequest) -> CandidateFilter:
    """The same for looking only: an address that does not fit shows everybody of the current year."""
    form = _typed(request)
    years = years_of(request.actor)
    return form if form.is_valid() else CandidateFilter.of_year(years[0], actor=request.actor, years=years)


def _practitioner_ids(request: HttpRequest, form: CandidateFilter) -> Sequence[int]:
    """Those that were confirmed, one by one or as everybody."""
    if "everybody" not in request.POST:
        return [pk for pk in map(row_id, request.POST.getlist("practitioner")) if pk]
    rows = issuing.candidates(request.actor, form.cleaned_data)
    return issuing.everybody(rows, digest=request.POST["everybody"])


def _job(issued: IssuingRun, *, is_slow: bool) -> dict[str, Any]:
    """What parts/progress.html says: numbers are given out at once, and made one after the other."""
    rest = issued.total - issued.made
    if not issued.total:
        note = "本批没有可以签发的证书，原因见下表。"
    elif rest:
        note = (
            f"已编号 {thousands(issued.total)} 份，其中 {thousands(issued.made)} 份制作和签名完成，"
            f"{thousands(rest)} 份制证中。可以离开本页，完成后会通知您；从“证书”页可以回到这里。"
        )
    else:
        note = f"{thousands(issued.total)} 份证书全部制作和签名完成，持证人已收到通知。"
    return {
        "title": f"{issued.year} 年度证书" + ("正在制作" if rest else "已制作完成"),
        "done": issued.made,
        "total": issued.total,
        "note": note,
        "finished": not rest,
        "slow": is_slow,
    }
