"""The certificates of a commission's territory, one by one, and a holder's own. Issuing has its own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audits import certificates as acts
from audits import issuing
from audits.certificates import CertificateRefused
from audits.forms import CertificateFilter, ReasonForm, years_of
from audits.models import Certificate, CertificateStatus, IssuingProblem
from cme_portal.foundation import files
from cme_portal.foundation.paging import BoundedPaginator
from institutions import access
from institutions.access import gate
from institutions.actors import Actor
from institutions.queries import below

PAGE = 50
# Longer lists are for filters: counting a whole province's year would cost seconds on every page.
COUNTED = 1000
PROBLEMS_SHOWN = 20


@gate("certificate.own")
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The holder's own certificates."""
    mine = Certificate.objects.visible_to(request.actor).order_by("-year", "-pk")
    return render(request, "audits/own.html", {"certificates": mine, "here": "证书"})


@gate("certificate.list")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Certificates of the people in the territory."""
    form = CertificateFilter(request.GET, actor=request.actor, years=years_of(request.actor))
    rows = Certificate.objects.visible_to(request.actor).select_related("practitioner__institution").with_changes()
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data)
    page = BoundedPaginator(rows.order_by("-pk"), PAGE, limit=COUNTED).get_page(request.GET.get("page"))
    problems = _open_problems(request.actor)
    may_issue = access.allowed(request.actor, "certificate.issue")
    return render(
        request,
        "audits/certificates.html",
        {
            "form": form,
            "page": page,
            "bounded": page.paginator.is_bounded,
            "counted": COUNTED,
            "filtered": bool(request.GET),
            "problems": problems[:PROBLEMS_SHOWN],
            "more_problems": len(problems) > PROBLEMS_SHOWN,
            "runs": issuing.unfinished_runs(request.actor) if may_issue else [],
            "may_issue": may_issue,
            "here": "证书",
        },
    )


@gate("certificate.view")
@require_safe
def detail(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate: what it says, where it stands, what may be done with it. Officers' reading is journalled."""
    certificate = _visible(request.actor, certificate_id)
    if request.actor.post is not None:
        request.seen.append(("certificate.view", certificate, certificate.practitioner.institution))
    return _detail(request, certificate)


@gate("certificate.view")
@require_safe
def download(request: HttpRequest, certificate_id: int) -> HttpResponseBase:
    """The PDF as it was signed, byte for byte."""
    certificate = _visible(request.actor, certificate_id)
    if certificate.file is None:
        messages.info(request, "证书正在制作，请稍后再下载。")
        return redirect(certificate)
    request.seen.append(("certificate.download", certificate, certificate.practitioner.institution))
    name = f"{certificate.year}年度继续医学教育学分证书-{certificate.number}.pdf"
    content = files.open(certificate.file)
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@gate("certificate.revoke")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Revoke with a reason. The page asks the same as the dialog on the certificate's page."""
    certificate = _visible(request.actor, certificate_id)
    form = _revoke_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            acts.revoke(actor=request.actor, certificate_id=certificate.pk, reason=reason, at=timezone.now())
        except CertificateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"证书 {certificate.number} 已撤销，公开查验页面即时显示。")
            return redirect(certificate)
    return _asked(request, certificate, form, title="撤销证书", text=REVOKING, button="撤销证书")


@gate("certificate.reissue")
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Issue a corrected certificate under a new number."""
    certificate = _visible(request.actor, certificate_id)
    form = _reissue_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = acts.reissue(
                actor=request.actor,
                certificate_id=certificate.pk,
                correction=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except CertificateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已按更正后的记录换发，新证书编号 {new.number}，制作完成后原证书失效。")
            return redirect(new)
    return _asked(request, certificate, form, title="换发证书", text=REISSUING, button="换发证书")


REVOKING = "撤销后不能恢复，公开查验页面会显示“已撤销”和撤销日期。"
REISSUING = "按当前学分记录签发新编号的证书；新证书制作完成后，原证书显示“已换发”。"


def _revoke_form(data: Any = None) -> ReasonForm:
    return ReasonForm(data, label="撤销理由", hint="保存在证书记录中，不对外公开。", prefix="revoke")


def _reissue_form(data: Any = None) -> ReasonForm:
    return ReasonForm(data, label="换发理由", hint="例如：姓名更正、补记学分。", prefix="reissue")


def _about(certificate: Certificate, effect: str) -> str:
    """Which certificate is asked about, and what will happen to it."""
    return f"{certificate.holder}，{certificate.year} 年度，编号 {certificate.number}。{effect}"


def _asked(
    request: HttpRequest, certificate: Certificate, form: ReasonForm, *, title: str, text: str, button: str
) -> HttpResponse:
    request.seen.append(("certificate.view", certificate, certificate.practitioner.institution))
    context = {
        "certificate": certificate,
        "form": form,
        "title": title,
        "text": _about(certificate, text),
        "button": button,
        "crumbs": [("证书", reverse("certificates")), (certificate.number, certificate.get_absolute_url())],
        "here": title,
    }
    return render(request, "audits/ask.html", context, status=422 if form.errors else 200)


def _detail(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    actor = request.actor
    is_holder = actor.practitioner is not None
    is_valid = certificate.status == CertificateStatus.VALID
    corrections = acts.corrections(certificate) if is_valid and not is_holder else []
    may_reissue = bool(corrections) and access.allowed(actor, "certificate.reissue", certificate)
    list_name = "my-certificates" if is_holder else "certificates"
    return render(
        request,
        "audits/certificate.html",
        {
            "certificate": certificate,
            "face": certificate.face,
            "rows": certificate.face.rows(),
            "replaced_by": Certificate.objects.filter(supersedes=certificate).first(),
            "corrections": corrections,
            "revoke_form": _revoke_form(),
            "reissue_form": _reissue_form(),
            "revoking": _about(certificate, REVOKING),
            "reissuing": _about(certificate, REISSUING),
            "may_revoke": is_valid and access.allowed(actor, "certificate.revoke", certificate),
            "may_reissue": may_reissue,
            "is_holder": is_holder,
            "crumbs": [("证书", reverse(list_name))],
            "here": certificate.number,
        },
    )


def _visible(actor: Actor, certificate_id: int) -> Certificate:
    rows = Certificate.objects.visible_to(actor).with_changes()
    related = (
        "province",
        "practitioner__institution",
        "practitioner__department",
        "issued_by",
        "revoked_by",
        "supersedes",
        "file",
    )
    return get_object_or_404(rows.select_related(*related), pk=certificate_id)


def _narrowed(rows: Any, wanted: dict[str, Any]) -> Any:
    rows = rows.search(wanted["text"])
    if wanted["year"]:
        rows = rows.filter(year=wanted["year"])
    if wanted["area"]:
        rows = rows.filter(below("practitioner__institution__path", wanted["area"].path))
    if wanted["state"] == CertificateFilter.CHANGED:
        # Compared once for the count and the page alike.
        changed = rows.filter(status=CertificateStatus.VALID, changed=True).order_by("-pk").values_list("pk", flat=True)
        rows = rows.filter(pk__in=list(changed[: COUNTED + 1]))
    elif wanted["state"]:
        rows = rows.filter(status=wanted["state"])
    return rows


def _open_problems(actor: Actor) -> list[IssuingProblem]:
    """What waits for a person: people of the territory whose certificate could not be printed."""
    people = IssuingProblem.objects.visible_to(actor).open()
    return list(people.select_related("practitioner__institution").order_by("pk")[: PROBLEMS_SHOWN + 1])
