"""Pages of the inbox: the list beside the open row, decide, approve many, take back; kept filters and the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cme_portal.foundation.clock import today
from cme_portal.foundation.ids import row_id
from cme_portal.foundation.paging import BoundedPaginator
from institutions import access, approvals, bulk_approvals, inbox, inbox_export, saved_filters
from institutions.access import gate
from institutions.actors import Actor
from institutions.enums import ChecksState, Verdict
from institutions.forms import BulkForm, DecisionForm, InboxFilterForm, SavedFilterForm
from institutions.models import Approval, SavedFilter
from institutions.queries import ApprovalQuerySet
from institutions.templatetags.officers import in_words

CHIPS = (
    ("全部待审", "list-check", asdict(inbox.Filters())),
    ("核验全部通过", "circle-check", {"checks": ChecksState.PASSED.value, "waiting": ""}),
    ("需人工判断", "alert-triangle", {"checks": ChecksState.ATTENTION.value, "waiting": ""}),
    (f"等待 {inbox.LONG_WAIT_DAYS} 天以上", "clock", {"checks": "", "waiting": str(inbox.LONG_WAIT_DAYS)}),
)
NONE_PASSED = "所筛选的申报中没有核验全部通过的，不能批量通过，请逐条审核。"
NONE_SELECTED = "没有选中可以批量通过的申报。请先在列表中勾选。"
# The batch, in the officer's session, of which not everything could be taken back: it is offered no more.
NOT_UNDONE = "inbox_not_undone"


@gate("inbox.view")
@require_safe
def show(request: HttpRequest, approval_id: int | None = None) -> HttpResponse:
    """The list with one row open: the one of the address, else the first. htmx may ask for the open row alone."""
    return inbox_page(request, opened=_visible(request, approval_id) if approval_id else None)


@gate("approval.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Approve, return or reject, then go on to the row that follows. A page reloaded here only shows the row again."""
    actor, at = request.actor, timezone.now()
    approval = _visible(request, approval_id)
    if request.method != "POST":
        return redirect("inbox-panel", approval.pk)
    panel = approval.subject.panel(actor=actor, query=request.GET, at=at)
    form = DecisionForm(request.POST, fields=panel.fields, reasons=panel.reasons)
    if form.is_valid():
        filters = _filter_form(request, inbox.Contents()).filters()
        rows = filters.narrow(inbox.waiting_at(actor), on=today(at))
        previous, following = inbox.neighbours(rows, approval)
        try:
            approvals.decide(
                actor=actor,
                approval_id=approval.pk,
                verdict=form.cleaned_data["verdict"],
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                field_reasons=form.cleaned_data["field_reasons"],
                at=at,
            )
        except access.Denied as denied:
            form.add_error(None, str(denied))
        else:
            return redirect(_address(following or previous, request.GET.urlencode()))
    return inbox_page(request, opened=_visible(request, approval_id), decision_form=form, status=422)


@gate("approval.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def approve_many(request: HttpRequest) -> HttpResponse:
    """Preview of a bulk approval (GET), and the approval itself (POST)."""
    return _approve_many(request) if request.method == "POST" else _preview_many(request)


@gate("approval.undo")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last press; the rows are open again."""
    at = timezone.now()
    batch = inbox.last_batch(request.actor, at=at)
    if batch is None or batch.key != request.POST.get("at"):
        messages.warning(request, "已超过 10 分钟，或之后已有新的办理，不能再撤销。请刷新列表查看最新进展。")
        return redirect(_address(None, request.GET.urlencode()))
    ids = [decision.approval_id for decision in batch.decisions]
    outcome = bulk_approvals.undo_many(actor=request.actor, approval_ids=ids, at=at)
    if outcome.decisions:
        messages.success(request, f"已撤销 {len(outcome.decisions)} 条，重新列入待审。")
    if outcome.refused:
        request.session[NOT_UNDONE] = batch.key
    _tell_refused(request, outcome)
    return redirect(_address(ids[0] if len(ids) == 1 else None, request.GET.urlencode()))


@gate("inbox.keep_filter")
@require_http_methods(["GET", "HEAD", "POST"])
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address under a name. A page reloaded here only shows the list again."""
    query = _filter_form(request, inbox.Contents()).filters().query()
    if request.method != "POST":
        return redirect(_address(None, query))
    form = SavedFilterForm(request.POST)
    if form.is_valid():
        try:
            kept = saved_filters.keep(actor=request.actor, name=form.cleaned_data["name"], query=query)
        except ValidationError as error:
            form.add_error("name", " ".join(error.messages))
        else:
            messages.success(request, f"已保存常用筛选“{kept.name}”。")
            return redirect(_address(None, query))
    return inbox_page(request, saving_form=form, status=422)


@gate("inbox.keep_filter")
@require_POST
def discard_filter(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Forget a kept filter; the list stays as it is."""
    one = get_object_or_404(SavedFilter.objects.visible_to(request.actor), pk=filter_id)
    saved_filters.discard(actor=request.actor, filter_id=one.pk)
    return redirect(_address(None, request.GET.urlencode()))


@gate("inbox.export")
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The rows of the present filters as a table."""
    actor, on = request.actor, today(timezone.now())
    filters = _filter_form(request, inbox.Contents()).filters()
    seen = {"rows": filters.narrow(inbox.waiting_at(actor), on=on).count()}
    request.seen.append(("inbox.export", None, actor.institution, seen))
    lines = inbox_export.table(actor=actor, filters=filters, on=on)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"待审核-{actor.institution.name}-{on:%Y%m%d}.csv"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def inbox_page(
    request: HttpRequest,
    *,
    opened: Approval | None = None,
    decision_form: DecisionForm | None = None,
    saving_form: SavedFilterForm | None = None,
    subject_context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or the open row alone for htmx. ``subject_context`` is added to what the subject's own part is drawn with."""
    actor, at = request.actor, timezone.now()
    only_panel = request.htmx.target == "side" and opened is not None
    contents = inbox.Contents() if only_panel else inbox.contents(actor, at=at)
    form = _filter_form(request, contents)
    filters = form.filters()
    rows = filters.narrow(inbox.waiting_at(actor), on=today(at))
    context: dict[str, Any] = {"filters": filters, "query": request.GET.urlencode()}
    if not only_panel:
        page = _page(request, rows)
        kept = list(SavedFilter.objects.visible_to(actor))
        opened = opened or next(iter(page), None)
        context |= {
            "form": form,
            "page": page,
            "contents": contents,
            "chips": _chips(filters, contents),
            "kept": kept,
            "present": filters.query(),
            "is_kept": filters.query() in {one.query for one in kept},
            "saving_form": saving_form or SavedFilterForm(),
            "batch": _offered_batch(request, at=at),
            "institution": actor.institution,
            "offers_all": contents.passed > 1 and filters.checks in {"", ChecksState.PASSED},
            "today": today(at),
        }
    if opened is not None:
        context |= _panel_context(request, opened, rows, decision_form, subject_context or {}, at=at)
    context["opened"] = opened
    template = "institutions/inbox_panel.html" if only_panel else "institutions/inbox.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _offered_batch(request: HttpRequest, *, at: datetime) -> inbox.Batch | None:
    """What may be taken back, unless that was tried and refused, for example because a certificate was issued."""
    batch = inbox.last_batch(request.actor, at=at)
    return None if batch is None or batch.key == request.session.get(NOT_UNDONE) else batch


def _panel_context(
    request: HttpRequest,
    approval: Approval,
    rows: ApprovalQuerySet,
    form: DecisionForm | None,
    subject_context: Mapping[str, Any],
    *,
    at: datetime,
) -> dict[str, Any]:
    """What the open row shows: the subject's own part, the way so far, and the form to decide with where one may."""
    actor: Actor = request.actor
    panel = approval.subject.panel(actor=actor, query=request.GET, at=at)
    request.seen.append(("approval.view", approval, approval.institution))
    previous, following = inbox.neighbours(rows, approval)
    decisions = list(approval.decisions.select_related("institution", "undone_by"))
    return {
        "panel": panel,
        "subject": {**panel.context, **subject_context},
        "decision_form": form or DecisionForm(fields=panel.fields, reasons=panel.reasons),
        "refusal": access.refusal(actor, "approval.decide", approval),
        "steps": list(approval.steps.select_related("institution")),
        "decisions": decisions,
        "mended": next((one.reason for one in reversed(decisions) if one.verdict == Verdict.SUBMIT), ""),
        "previous": previous,
        "following": following,
    }


def _preview_many(request: HttpRequest) -> HttpResponse:
    rows = inbox.waiting_at(request.actor)
    if "everything" in request.GET:
        filters = _filter_form(request, inbox.Contents()).filters()
        rows = filters.narrow(rows, on=today(timezone.now())).filter(checks_state=ChecksState.PASSED)
    else:
        rows = rows.filter(pk__in=filter(None, map(row_id, request.GET.getlist("selected"))))
    return _bulk_page(request, rows, BulkForm())


def _bulk_page(request: HttpRequest, rows: ApprovalQuerySet, form: BulkForm) -> HttpResponse:
    """What a bulk approval of the rows would do, and the form that does it."""
    actor = request.actor
    filters = _filter_form(request, inbox.Contents()).filters()
    preview = inbox.bulk_preview(rows, actor)
    if not preview.ready and not preview.left:
        messages.warning(request, NONE_PASSED if "everything" in request.GET else NONE_SELECTED)
        return redirect(_address(None, filters.query()))
    context = {
        "preview": preview,
        "limit": inbox.BULK_LIMIT,
        "query": filters.query(),
        "institution": actor.institution,
        "form": form,
    }
    return render(request, "institutions/inbox_bulk.html", context, status=422 if form.errors else 200)


def _approve_many(request: HttpRequest) -> HttpResponse:
    pairs = [one.partition(":") for one in request.POST.getlist("row")[: inbox.BULK_LIMIT]]
    # A row that the officer may not see, or that is none, is not there; a version that is none is no row's.
    versions = {pk: row_id(version) or 0 for row, _, version in pairs if (pk := row_id(row)) is not None}
    visible = Approval.objects.visible_to(request.actor).filter(pk__in=versions)
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _bulk_page(request, inbox.waiting_at(request.actor).filter(pk__in=versions), form)
    outcome = bulk_approvals.approve_many(
        actor=request.actor,
        versions={pk: versions[pk] for pk in visible.values_list("pk", flat=True)},
        reason=form.cleaned_data["reason"],
        at=timezone.now(),
    )
    _tell_refused(request, outcome)
    return redirect(_address(None, request.GET.urlencode()))


def _tell_refused(request: HttpRequest, outcome: bulk_approvals.BulkOutcome) -> None:
    """One message per reason, with the number of rows it concerns."""
    reasons: dict[str, int] = {}
    for _, sentence in outcome.refused:
        reasons[sentence] = reasons.get(sentence, 0) + 1
    for sentence, count in reasons.items():
        messages.warning(request, f"{count} 条未办理：{sentence}")


def _visible(request: HttpRequest, approval_id: int) -> Approval:
    rows = Approval.objects.visible_to(request.actor).filter(pk=approval_id)
    return get_object_or_404(rows.select_related("practitioner", "institution", "department", "holder").distinct())


def _filter_form(request: HttpRequest, contents: inbox.Contents) -> InboxFilterForm:
    bodies = inbox.bodies_below(request.actor.institution)
    return InboxFilterForm(request.GET, bodies=bodies, contents=contents)


def _page(request: HttpRequest, rows: ApprovalQuerySet) -> Page:
    shown = rows.select_related("department", "institution")
    return BoundedPaginator(shown, inbox.PAGE_ROWS).get_page(request.GET.get("page"))


def _chips(filters: inbox.Filters, contents: inbox.Contents) -> list[dict[str, Any]]:
    counts = (contents.total, contents.passed, contents.attention, contents.long_waiting)
    return [
        {
            "label": label,
            "url": _address(None, filters.query(**changes)),
            "icon": icon,
            "count": in_words(count),
            "current": all(getattr(filters, name) == value for name, value in changes.items()),
        }
        for (label, icon, changes), count in zip(CHIPS, counts, strict=True)
    ]


def _address(approval_id: int | None, query: str) -> str:
    path = reverse("inbox-panel", args=[approval_id]) if approval_id else reverse("inbox")
    return f"{path}?{query}" if query else path
