"""Evidence of a claim: upload, replace, remove; inspect in the background; ask what it shows.

An upload is stored and answered at once; what the file is and how it looks is found out by a worker (`inspection`). The
row and the order to inspect it are one transaction, so that a dead worker only delays.
"""

import unicodedata
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cme_portal.foundation import files, journal, outbox
from credits import claims, inspection, stay_parts
from credits.duplicates import fingerprints, signed
from credits.evidence_models import Evidence, EvidenceFingerprint, EvidencePage, EvidenceState
from credits.inspection import Inspection, Preview
from credits.models import Claim
from institutions import access
from institutions.actors import Actor

OTHER = "other"  # a document that the regulation's list does not ask for
OTHER_TITLE = "其他材料"
MOST_DOCUMENTS = 30
LONGEST_NAME = 160


def titles(claim: Claim) -> dict[str, str]:
    """The documents the regulation asks for, for whatever item of the activity, and "other": code to title."""
    chosen = claims.declaration(claim.practitioner, claim.year, claim.declaration)
    lists = (chosen.evidence, *chosen.item_evidence.values())
    return {document.code: document.title for documents in lists for document in documents} | {OTHER: OTHER_TITLE}


def upload(
    *, actor: Actor, claim_id: int, item: str, content: IO[bytes], name: str, replaces: int | None = None, at: datetime
) -> Evidence:
    """Keep a file as evidence for a document of the claim's list, or as the new version of the evidence `replaces`.

    Raises access.Denied, ValidationError, or files.FileError (empty, too large, disk full); nothing is changed then.
    """
    with transaction.atomic():
        claim = claims.lock(claim_id)
        access.require(actor, "claim.edit", claim)
        previous = _current(claim, replaces) if replaces is not None else None
        _refuse_strange(claim, item, previous)
        _refuse_hopeless(content)
        stored = files.store(province_id=claim.province_id, content=content, at=at)
        if previous is not None:
            Evidence.objects.filter(pk=previous.pk).update(current=False)
        evidence = Evidence(
            province_id=claim.province_id,
            claim=claim,
            item=previous.item if previous else item,
            stored=stored,
            original_name=clean_name(name),
            sha256=stored.sha256,
            size=stored.size,
            uploaded_by=actor.user,
            uploaded_at=at,
        )
        if previous is not None:
            evidence.document, evidence.version, evidence.supersedes = previous.document, previous.version + 1, previous
        evidence.save()
        claims.begin_mending(claim)
        outbox.add(
            "evidence.inspect",
            province_id=claim.province_id,
            payload={"evidence": evidence.pk},
            key=f"evidence.inspect:{evidence.pk}",
            at=at,
        )
        _record(actor, "evidence.upload", evidence, of=claim, at=at)
    return evidence


def remove(*, actor: Actor, evidence_id: int, at: datetime) -> Evidence:
    """Take a document out of a claim that may still be edited; its row and file stay, as a removed version."""
    with transaction.atomic():
        claim = claims.lock(Evidence.objects.values_list("claim_id", flat=True).get(pk=evidence_id))
        access.require(actor, "claim.edit", claim)
        evidence = _current(claim, evidence_id)
        if why := why_kept(claim):
            raise access.Denied(why)
        evidence.state, evidence.current, evidence.refusal = EvidenceState.REMOVED, False, ""
        evidence.save(update_fields=["state", "current", "refusal"])
        claims.begin_mending(claim)
        _record(actor, "evidence.remove", evidence, of=claim, at=at)
    return evidence


def why_kept(claim: Claim) -> str:
    """Why nothing may be taken out of the claim's evidence; empty where it may."""
    if not stay_parts.standing_parts(claim):
        return ""
    return "该活动另一年度的部分在审核中或已认定，依据同一份材料，不能移除。有误的请替换。"


def inspect(*, evidence_id: int, at: datetime) -> Evidence:
    """Find out what an uploaded file is, and draw its pages; evidence already inspected or removed is left alone.

    Raises inspection.InspectorFailed, virus_scan.ScannerUnavailable, files.StorageFull or OSError when the server
    cannot; the outbox tries again.
    """
    evidence = Evidence.objects.select_related("stored").get(pk=evidence_id)
    if not evidence.is_waiting:
        return evidence
    # Without a lock, because it takes seconds and the person may want to remove or replace the file meanwhile.
    found = inspection.inspect_file(evidence.stored.path, clamd_url=settings.CLAMD_URL)
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update(of=("self",)).select_related("claim").get(pk=evidence_id)
        if evidence.is_waiting:
            _note(evidence, found, at=at)
            _check_again(evidence, at=at)
    return evidence


@outbox.handler("evidence.inspect")
def inspect_from_outbox(payload: dict[str, Any], *, at: datetime) -> None:
    if Evidence.objects.filter(pk=payload["evidence"]).exists():  # a discarded draft takes its evidence with it
        inspect(evidence_id=payload["evidence"], at=at)


def mentions(evidence: Evidence, words: str) -> bool | None:
    """Whether the pages contain the words, whatever the spacing; None where they are pictures without text."""
    text = "".join(_squeezed(page.text) for page in evidence.pages.all())
    return _squeezed(words) in text if text else None


def clean_name(name: str) -> str:
    """A file's name as it may be shown: no folders, no control or direction characters, never empty."""
    last = PurePosixPath(PureWindowsPath(unicodedata.normalize("NFC", name)).name).name
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    stem, dot, extension = visible.rpartition(".")
    if len(visible) > LONGEST_NAME and dot and len(extension) < LONGEST_NAME:
        return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
    return visible[:LONGEST_NAME] or "未命名文件"


def _current(claim: Claim, evidence_id: int) -> Evidence:
    evidence = Evidence.objects.select_for_update(of=("self",)).filter(claim=claim, pk=evidence_id).first()
    if evidence is None or not evidence.current:
        raise access.Denied("该材料已被替换或删除，请刷新页面查看现有材料。")
    return evidence


def _refuse_strange(claim: Claim, item: str, previous: Evidence | None) -> None:
    if claim.part_of_id is not None:
        raise access.Denied("跨年度活动的材料在首个年度的申报中上传，各年度共用。请到首个年度的申报中上传。")
    if previous is not None:
        return
    if item not in titles(claim):
        raise ValidationError("该类活动没有这一项材料，可能已更改活动类别。请刷新页面后重新上传。", code="item")
    if Evidence.objects.of(claim).current().count() >= MOST_DOCUMENTS:
        raise ValidationError(
            f"每份申报最多 {MOST_DOCUMENTS} 份材料。请删除不需要的，或合并为一个 PDF 后上传。", code="many"
        )


def _refuse_hopeless(content: IO[bytes]) -> None:
    head = content.read(12)
    content.seek(0)
    if head and not inspection.could_be_evidence(head):
        raise ValidationError(
            "不支持这种文件，没有保存。请上传 PDF、JPG、PNG、WebP 或 HEIC；Word 等文档请先另存为 PDF。", code="kind"
        )


def _record(actor: Actor, act: str, evidence: Evidence, *, of: Claim, at: datetime) -> None:
    journal.record(
        actor=actor,
        act=act,
        subject=evidence,
        institution=of.institution,
        at=at,
        detail={"claim": of.pk, "item": evidence.item, "version": evidence.version},
    )


def _note(evidence: Evidence, found: Inspection, *, at: datetime) -> None:
    """Write down what the inspection found."""
    evidence.scan, evidence.media_type, evidence.inspected_at = found.scan, found.media_type, at
    evidence.state, evidence.refusal = EvidenceState.ACCEPTED, ""
    if found.verdict == "refused":
        evidence.state, evidence.refusal = EvidenceState.REFUSED, found.reason
    if found.rendition is not None:
        evidence.rendition = files.store(province_id=evidence.province_id, content=found.rendition, at=at)
    evidence.save()
    pages = [_page(evidence, number, preview, at=at) for number, preview in enumerate(found.previews, start=1)]
    EvidencePage.objects.bulk_create(pages)
    EvidenceFingerprint.objects.bulk_create(row for page in pages for row in fingerprints(page))


def _page(evidence: Evidence, number: int, preview: Preview, *, at: datetime) -> EvidencePage:
    return EvidencePage(
        province_id=evidence.province_id,
        evidence=evidence,
        number=number,
        picture=files.store(province_id=evidence.province_id, content=preview.picture, at=at),
        thumbnail=files.store(province_id=evidence.province_id, content=preview.thumbnail, at=at),
        width=preview.width,
        height=preview.height,
        text=preview.text,
        dhashes=[signed(dhash) for dhash in preview.dhashes],
    )


def _check_again(evidence: Evidence, *, at: datetime) -> None:
    """Claims in review waited for this inspection: their checks run once more, after the commit.

    Drafts too: one that is being submitted at this moment looks like a draft from here, and a check leaves drafts alone.
    """
    shown_by = Claim.objects.filter(Q(pk=evidence.claim_id) | Q(part_of=evidence.claim_id))
    for claim_id in shown_by.values_list("pk", flat=True):
        outbox.add(
            "claim.check",
            province_id=evidence.province_id,
            payload={"claim": claim_id},
            key=f"claim.check:{claim_id}:evidence:{evidence.pk}",
            at=at,
        )


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
