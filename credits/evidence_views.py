"""Pages of evidence: receive files, show how they fare, hand out what may be seen.

Files arrive one at a time from the script, or several at once with the form around them. Either way a file that
cannot be kept is named with its reason, and everything else stays.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from cme_portal.foundation import files
from cme_portal.foundation.ids import row_id
from cme_portal.foundation.uploads import RefusedUpload
from credits import evidence
from credits.claim_evidence import titles_besides
from credits.evidence_models import Evidence, EvidencePage, EvidenceState
from credits.evidence_rows import Row, refused_row, row_of
from credits.models import Claim
from institutions import access
from institutions.access import gate
from institutions.actors import Actor

# File fields: "file" and "files" for the document of the address, "files-<document>", "replace-<id of evidence>".
FOR_DOCUMENT = "files-"
FOR_REPLACEMENT = "replace-"
NOTHING_CHOSEN = "没有收到文件。请选择文件后再上传。"
TURNS = {"90": Image.Transpose.ROTATE_270, "180": Image.Transpose.ROTATE_180, "270": Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the files of a form: kept evidence, and (name, sentence) of each file that was not kept."""

    kept: list[Evidence] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def receive(
    *, actor: Actor, claim: Claim, sent: MultiValueDict[str, UploadedFile], item: str = evidence.OTHER, at: datetime
) -> Received:
    """Keep every file of a form as evidence of the claim; for the claim's form as well as for ``upload``."""
    received = Received()
    for field_name, uploads in sent.lists():
        for upload in uploads:
            document, replaces = _destination(field_name, item)
            name = upload.name or ""
            try:
                if isinstance(upload, RefusedUpload):
                    raise upload.refusal
                kept = evidence.upload(
                    actor=actor,
                    claim_id=claim.pk,
                    item=document,
                    content=upload,
                    name=name,
                    replaces=replaces,
                    at=at,
                )
            except (access.Denied, files.FileError) as refusal:
                received.refused.append((evidence.clean_name(name), str(refusal)))
            except ValidationError as refusal:
                received.refused.append((evidence.clean_name(name), " ".join(refusal.messages)))
            else:
                received.kept.append(kept)
    return received


@gate("claim.edit")
@require_POST
def upload(request: HttpRequest, claim_id: int, item: str = evidence.OTHER) -> HttpResponse:
    """Add files to a claim. A script gets the rows; without one the person goes back to the claim."""
    claim = get_object_or_404(Claim.objects.visible_to(request.actor), pk=claim_id)
    received = receive(actor=request.actor, claim=claim, sent=request.FILES, item=item, at=timezone.now())
    if not received.kept and not received.refused:
        received.refused.append(("未选择文件", NOTHING_CHOSEN))
    status = 422 if received.refused else 200
    if request.htmx:
        titles, why_kept = titles_besides(claim), evidence.why_kept(claim)
        shown = [*received.kept, *_still_current(request, claim)]
        rows = [refused_row(*one) for one in received.refused]
        rows += [row_of(one, editable=True, titles=titles, why_kept=why_kept) for one in shown]
        return _rows(request, rows, status=status)
    if received.refused:
        context = {"claim": claim, "kept": received.kept, "refused": received.refused}
        return render(request, "credits/evidence_refused.html", context, status=status)
    return redirect(claim)


@gate("claim.edit")
@require_POST
def remove(request: HttpRequest, evidence_id: int) -> HttpResponse:
    one = get_object_or_404(Evidence.objects.visible_to(request.actor).select_related("claim"), pk=evidence_id)
    evidence.remove(actor=request.actor, evidence_id=one.pk, at=timezone.now())
    if request.htmx:
        return HttpResponse(headers={"HX-Trigger": "cme:removed"})  # the preview looks again for files used before
    return redirect(one.claim)


@gate("evidence.view")
@require_safe
def status(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """The row again, while a worker inspects the file; the row asks until there is an answer."""
    visible = Evidence.objects.visible_to(request.actor).select_related("claim__practitioner__province")
    one = get_object_or_404(visible, pk=evidence_id)
    if not request.htmx:
        return redirect(one.claim)
    if one.state == EvidenceState.REMOVED:
        return _rows(request, [], status=200)  # the row had asked before it was taken away
    editable = access.allowed(request.actor, "claim.edit", one.claim)
    row = row_of(
        one,
        editable=editable,
        titles=titles_besides(one.claim),
        why_kept=evidence.why_kept(one.claim) if editable else "",
        for_officer=request.actor.post is not None,
        polls=row_id(request.GET.get("polls", "")) or 0,
    )
    return _rows(request, [row], status=200)


@gate("evidence.view")
@require_safe
def file(request: HttpRequest, evidence_id: int) -> HttpResponseBase:
    """The document itself; officers' reading is journalled."""
    handed_out = Evidence.objects.visible_to(request.actor).filter(state=EvidenceState.ACCEPTED)
    one = get_object_or_404(handed_out.select_related("stored", "rendition", "claim__institution"), pk=evidence_id)
    if request.actor.post is not None:
        request.seen.append(("evidence.view", one, one.claim.institution))
    is_picture = one.rendition is not None
    name = f"{PurePath(one.original_name).stem}.jpg" if is_picture else one.original_name
    response = FileResponse(
        files.open(one.shown),  # now, because the answer is sent after the request's transaction has ended
        as_attachment=not is_picture or "download" in request.GET,
        filename=name,
        content_type="image/jpeg" if is_picture else one.media_type,
    )
    return _private(response)


@gate("evidence.view")
@require_safe
def page(request: HttpRequest, evidence_id: int, number: int) -> HttpResponseBase:
    """A page as the server drew it; ``?thumbnail`` for the small one, ``?rotate=90`` for a turned one.

    Officers' reading is journalled, as of the document itself; a thumbnail is too small to be read.
    """
    visible = Evidence.objects.visible_to(request.actor).exclude(state=EvidenceState.REMOVED)
    pages = EvidencePage.objects.select_related("picture", "thumbnail", "evidence__claim__institution")
    one = get_object_or_404(pages, evidence__in=visible, evidence_id=evidence_id, number=number)
    is_small = "thumbnail" in request.GET
    if request.actor.post is not None and not is_small:
        request.seen.append(("evidence.view", one.evidence, one.evidence.claim.institution, {"page": number}))
    picture = files.open(one.thumbnail if is_small else one.picture)
    if turn := TURNS.get(request.GET.get("rotate", "")):
        picture = _turned(picture, turn)
    return _private(FileResponse(picture, content_type="image/webp"))


def _destination(name: str, item: str) -> tuple[str, int | None]:
    """The document a file field is for, and the evidence it replaces."""
    if name.startswith(FOR_REPLACEMENT) and (replaced := row_id(name.removeprefix(FOR_REPLACEMENT))) is not None:
        return item, replaced
    return (name.removeprefix(FOR_DOCUMENT) if name.startswith(FOR_DOCUMENT) else item), None


def _still_current(request: HttpRequest, claim: Claim) -> QuerySet[Evidence]:
    """What was to be replaced and was not, because its new version was refused: its row stays."""
    replaced = [_destination(name, "")[1] for name in request.FILES]
    return Evidence.objects.of(claim).current().filter(pk__in=filter(None, replaced))


def _rows(request: HttpRequest, rows: list[Row], *, status: int) -> HttpResponse:
    response = render(request, "credits/evidence_rows.html", {"rows": rows}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by no cache, guessed at by no browser, and without any right of its own."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # A browser shows a picture in a page of its own, with inline styles, which this policy holds for as well.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _turned(picture: BinaryIO, turn: Image.Transpose) -> io.BytesIO:
    turned = io.BytesIO()
    with picture, Image.open(picture, formats=("WEBP",)) as image:
        image.transpose(turn).save(turned, "WEBP", quality=80)
    turned.seek(0)
    return turned
