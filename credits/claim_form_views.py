"""Writing a claim: choose the kind of activity, fill in what the regulation asks for, see the credits, submit.

Everything typed is saved before anything else happens to it. Without scripts the same buttons do the same work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from cme_portal.foundation.ids import row_id
from credits import claim_evidence, claims, evidence
from credits.claim_pages import SYSTEM, label_of, last_return
from credits.claim_preview import preview_of
from credits.evidence_views import receive
from credits.forms import ClaimForm, card, typed_in
from credits.models import Claim, ClaimState
from credits.rules import FACTS
from credits.stay_parts import why_fixed
from institutions import access
from institutions.access import gate
from institutions.tree import NoSuchBody

SUBMIT, SAVE = "submit", "save"


@gate("claim.declare")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the kind of activity; choosing begins a draft. A ``subject`` that the year still lacks is taken along."""
    at = timezone.now()
    year = timezone.localdate(at).year
    problem = ""
    subject = _subject_in(request.POST or request.GET)
    if request.method == "POST":
        try:
            code = request.POST.get("declaration", "")
            claim = claims.start(actor=request.actor, code=code, year=year, at=at)
        except ValidationError as wrong:
            problem = " ".join(wrong.messages)
        except access.Denied as denied:
            problem = str(denied)
        else:
            return redirect(reverse("claim-edit", args=[claim.pk], query={"subject": subject} if subject else None))
    offered = [(one.code, card(one)) for one in claims.declarations(request.actor.declarant, year)]
    context = {
        "offered": offered,
        "problem": problem,
        "subject": subject,
        "subject_title": FACTS["subject"].choices.get(subject, ""),
        "crumbs": _crumbs(),
        "here": "申报学分",
    }
    return render(request, "credits/claim_new.html", context, status=422 if problem else 200)


@gate("claim.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The form of a draft, or of a claim that was returned or withdrawn."""
    claim = _own(request, claim_id)
    if refused := access.refusal(request.actor, "claim.edit", claim):
        messages.info(request, refused)
        return redirect(claim)
    at = timezone.now()
    if request.method != "POST":
        if subject := _subject_in(request.GET):
            claim.typed = {"subject": subject, **claim.typed}  # offered, and saved with what is typed
        return _page(request, claim, None, at=at)
    if _is_written_elsewhere(claim, request.POST):
        return _conflict(request, claim, at=at)
    problems = _keep(request, claim, at=at)
    received = receive(actor=request.actor, claim=claim, sent=request.FILES, at=at)
    problems += [f"{name}：{sentence}" for name, sentence in received.refused]
    if removed := request.GET.get("remove", ""):
        problems += _remove(request, claim, removed, at=at)
        if request.htmx:
            return _without_the_row(request, claim_id, problems, at=at)
    claim = _own(request, claim_id)
    action = request.POST.get("action", SAVE)
    if action == SUBMIT:
        return _submit(request, claim, problems, at=at)
    if action == SAVE and not problems:
        if not claim.typed and not claim.evidence.exists():
            messages.info(request, "还没有填写内容，没有保存草稿。")
            return redirect("claim-edit", claim.pk)
        what = "草稿" if claim.state == ClaimState.DRAFT else "修改"
        messages.success(request, f"{what}已于 {timezone.localtime(at):%H:%M} 保存。")
        return redirect("claim-edit", claim.pk)
    # What is wrong with a form that was sent stays said while its questions change, of the questions there are now.
    form = _checked(request, claim, problems, at=at) if "checked" in request.POST else None
    return _page(request, claim, form, at=at, problems=[] if form else problems)


@gate("claim.edit")
@require_POST
def save(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The form saves itself; the answer is the sentence beside the heading."""
    claim, at = _own(request, claim_id), timezone.now()
    context: dict[str, Any] = {"claim": claim, "saved_at": at, "problem": ""}
    if refused := access.refusal(request.actor, "claim.edit", claim):
        context["problem"] = refused
    elif _is_written_elsewhere(claim, request.POST):
        context["problem"] = (
            "另一个窗口保存过这份申报，本窗口已停止自动保存。所填内容仍在，点“保存草稿”可以选择保留哪一份。"
        )
    else:
        try:
            context["problem"] = " ".join(_keep(request, claim, at=at))
            context["saved_at"] = at if _own(request, claim_id).typed else None
        except access.Denied as submitted_meanwhile:
            context["problem"] = str(submitted_meanwhile)
    return render(request, "credits/parts/draft_state.html", context)


@gate("claim.edit")
@require_POST
def preview(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The credits of what stands in the form, as it is being filled in. Nothing is saved."""
    claim, at = _own(request, claim_id), timezone.now()
    form = _form(claim, request.POST, at=at)
    context = {"claim": claim, "preview": preview_of(form, at=at), "is_fragment": True}
    return render(request, "credits/parts/preview.html", context)


@gate("claim.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Throw away a draft, after asking."""
    claim = _own(request, claim_id)
    if request.method == "POST":
        claims.discard(actor=request.actor, claim_id=claim.pk, at=timezone.now())
        messages.success(request, f"草稿“{claim}”已删除。")
        return redirect("claims")
    context = {
        "claim": claim,
        "title": "删除草稿",
        "question": f"确定删除草稿“{claim}”吗？已填写的内容和已上传的材料会一并删除，不能恢复。",
        "button": "删除草稿",
        "action": reverse("claim-discard", args=[claim.pk]),
        "back": reverse("claim-edit", args=[claim.pk]),
        "crumbs": _crumbs(),
        "here": "删除草稿",
    }
    return render(request, "credits/claim_confirm.html", context)


def _subject_in(sent: Mapping[str, Any]) -> str:
    """The subject that the first page says is missing; empty where it is about none."""
    subject = str(sent.get("subject", ""))
    return subject if subject in FACTS["subject"].choices else ""


def _own(request: HttpRequest, claim_id: int) -> Claim:
    rows = Claim.objects.visible_to(request.actor).select_related(
        "practitioner__province", "practitioner__institution", "approval", "part_of"
    )
    return get_object_or_404(rows, pk=claim_id)


def _form(claim: Claim, data: Mapping[str, Any] | None = None, *, at: datetime) -> ClaimForm:
    """The form with what was typed, the reviewer's remarks, and the documents given so far."""
    decision = last_return(claim) if claim.state == ClaimState.RETURNED else None
    return ClaimForm(
        data,
        claim=claim,
        at=at,
        remarks=decision.field_reasons if decision is not None else {},
        given=claim_evidence.given(claim_evidence.of_claim(claim)),
    )


def _keep(request: HttpRequest, claim: Claim, *, at: datetime) -> list[str]:
    """Save what was typed; answers what could not be saved of it."""
    typed = typed_in(request.POST, claim)
    if claim.part_of_id:
        typed.pop("declaration", None)
    try:
        claims.keep_typed(actor=request.actor, claim_id=claim.pk, typed=typed, at=at)
    except ValidationError as wrong:
        typed["declaration"] = claim.declaration
        claims.keep_typed(actor=request.actor, claim_id=claim.pk, typed=typed, at=at)
        return wrong.messages
    return []


def _remove(request: HttpRequest, claim: Claim, evidence_id: str, *, at: datetime) -> list[str]:
    """Take a file out of the claim; answers why not, if so."""
    pk = row_id(evidence_id)
    one = claim.evidence.filter(pk=pk).first() if pk is not None else None
    if one is None:
        return ["没有找到要移除的材料，可能已被移除。请刷新页面查看现有材料。"]
    try:
        evidence.remove(actor=request.actor, evidence_id=one.pk, at=at)
    except access.Denied as denied:
        return [str(denied)]
    return []


def _submit(request: HttpRequest, claim: Claim, problems: list[str], *, at: datetime) -> HttpResponse:
    form = _checked(request, claim, problems, at=at)
    if form.is_valid():
        try:
            submitted = claims.submit(
                actor=request.actor,
                claim_id=claim.pk,
                facts=form.facts(),
                mended=form.cleaned_data.get(claims.MENDED, ""),
                at=at,
            )
        except ValidationError as impossible:
            form.add_impossible(impossible)
        except (access.Denied, NoSuchBody) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _submitted(request, claim, submitted)
    return _page(request, claim, form, at=at)


def _checked(request: HttpRequest, claim: Claim, problems: list[str], *, at: datetime) -> ClaimForm:
    """The form as it was sent, with everything that is wrong: ``problems`` are what could not be kept of it."""
    form = _form(claim, request.POST, at=at)
    form.full_clean()
    for problem in problems:
        form.add_error(None, problem)
    return form


def _is_written_elsewhere(claim: Claim, posted: Mapping[str, str]) -> bool:
    """Whether another window saved the claim after this one was opened."""
    try:
        seen = parse_datetime(posted.get("seen", ""))
    except ValueError:
        seen = None  # no moment that a page of ours has sent
    if seen is None or timezone.is_naive(seen):
        return False
    return claim.typed.get("tab") != posted.get("tab") and claim.changed_at > seen


def _conflict(request: HttpRequest, claim: Claim, *, at: datetime) -> HttpResponse:
    """Two windows wrote the same claim: this one's text is shown, the other's is still saved, the person decides."""
    conflict = f"另一个窗口在 {timezone.localtime(claim.changed_at):%H:%M} 保存过这份申报"
    response = _page(request, _with_typed(claim, request.POST), None, at=at, conflict=conflict)
    return _instead_of_the_part(response) if request.htmx else response


def _without_the_row(request: HttpRequest, claim_id: int, problems: list[str], *, at: datetime) -> HttpResponse:
    """The row of a file that was taken out goes, and what the preview said of the file; else the page says why not."""
    if not problems:
        return HttpResponse(headers={"HX-Trigger": "cme:removed"})
    return _instead_of_the_part(_page(request, _own(request, claim_id), None, at=at, problems=problems))


def _instead_of_the_part(response: HttpResponse) -> HttpResponse:
    """The part that was asked for could not say what is wrong: the whole page is shown instead."""
    response["HX-Retarget"] = response["HX-Reselect"] = "#main"
    response["HX-Reswap"] = "outerHTML"
    return response


def _with_typed(claim: Claim, posted: Mapping[str, Any]) -> Claim:
    """The claim as this window sees it; not saved."""
    claim.typed = typed_in(posted, claim)
    offered = {one.code: one for one in claims.declarations(claim.practitioner, claim.year)}
    if (chosen := offered.get(str(posted.get("declaration")))) is not None:
        claim.declaration, claim.category = chosen.code, chosen.category
    return claim


def _submitted(request: HttpRequest, claim: Claim, submitted: list[Claim]) -> HttpResponse:
    approval = submitted[0].approval
    next_act = "系统正在核验" if approval.current_step.tier == SYSTEM else f"由{approval.holder.name}审核"
    messages.success(request, f"已提交，{next_act}。您可以在此页查看进度。")
    waiting = Claim.objects.filter(part_of=claim).exclude(pk__in=[one.pk for one in submitted])
    for part in waiting.filter(state=ClaimState.DRAFT):
        messages.info(request, f"{part.year} 年的部分尚未结束，已存为草稿；活动结束后请补充并提交。")
    return redirect(submitted[0])


def _page(
    request: HttpRequest,
    claim: Claim,
    form: ClaimForm | None,
    *,
    at: datetime,
    conflict: str = "",
    problems: Sequence[str] = (),
) -> HttpResponse:
    """The form: as it was sent when it is given, else with what is saved. Whatever is wrong is said first."""
    form = form or _form(claim, at=at)
    files = claim_evidence.of_claim(claim)
    decision = last_return(claim) if claim.state == ClaimState.RETURNED else None
    field_reasons = decision.field_reasons if decision is not None else {}
    elsewhere = [(name, text) for name, text in field_reasons.items() if name not in form.fields]
    context = {
        "claim": claim,
        "form": form,
        "conflict": conflict,
        "problems": problems,
        "preview": preview_of(form if form.is_bound else _form(claim, form.typed, at=at), at=at),
        "is_fragment": False,
        "checklist": [
            (group, form[name] if (name := f"files-{group.document.code}") in form.fields else "")
            for group in claim_evidence.checklist(claim, form.documents, files, editable=not claim.part_of_id)
        ],
        "limit": settings.UPLOAD_MAX_BYTES,
        "most_documents": evidence.MOST_DOCUMENTS,
        "decision": decision,
        "fixed": [(part, why_fixed(part)) for part in form.standing],
        "remarks": [(label_of(name, form.rules, form.chosen, form.item_code), text) for name, text in elsewhere],
        "remarks_beside": len(elsewhere) < len(field_reasons),
        "tab": request.POST.get("tab") or uuid4().hex,
        "seen": claim.changed_at.isoformat(),
        "saved_at": claim.changed_at if _is_saved(claim) else None,
        "problem": "",
        "crumbs": _crumbs(),
        "here": "修改申报" if claim.approval_id else "申报学分",
    }
    is_wrong = conflict or problems or form.errors
    return render(request, "credits/claim_form.html", context, status=422 if is_wrong else 200)


def _is_saved(claim: Claim) -> bool:
    """Whether the person wrote into the claim: into the draft, or since it came back."""
    if claim.approval is None:
        return bool(claim.typed)
    return claim.changed_at > claim.approval.decisions.latest("version").at


def _crumbs() -> list[tuple[str, str]]:
    return [("我的学分", reverse("practitioner-home")), ("申报记录", reverse("claims"))]
