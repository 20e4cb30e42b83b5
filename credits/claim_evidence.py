"""The evidence of a claim as pages show it: the regulation's checklist with what was uploaded, and the viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count
from django.urls import reverse

from cme_portal.foundation.viewer import Document, Viewer, opened
from credits import evidence
from credits.claims import declaration
from credits.evidence_models import Evidence, EvidenceState
from credits.evidence_rows import Row, row_of
from credits.models import Claim
from credits.questions import item_of
from credits.rules.provisions import EvidenceItem

OTHER = EvidenceItem(evidence.OTHER, evidence.OTHER_TITLE, required=False, note="清单以外、有助于审核的材料")

FORM = "claim-form"


@dataclass(frozen=True, slots=True)
class Group:
    """A document of the checklist and the files given for it."""

    document: EvidenceItem
    rows: Sequence[Row]
    upload_url: str


def of_claim(claim: Claim) -> list[Evidence]:
    """Every version that was not removed, newest first within a document."""
    rows = Evidence.objects.of(claim).exclude(state=EvidenceState.REMOVED).annotate(drawn_pages=Count("pages"))
    return sorted(rows, key=lambda one: (not one.current, one.pk))


def given(files: Sequence[Evidence]) -> set[str]:
    """The documents for which a usable file is there, or one that is still being inspected."""
    return {one.item for one in files if one.current and one.state != EvidenceState.REFUSED}


def titles_besides(claim: Claim) -> dict[str, str]:
    """Documents that only other items of the activity ask for: their files stand under other material, with this title."""
    chosen = declaration(claim.practitioner, claim.year, claim.declaration)
    item = item_of(chosen, claim.typed or {"item": claim.item})
    asked = {document.code for document in chosen.evidence_for(item)} | {OTHER.code}
    return {code: title for code, title in evidence.titles(claim).items() if code not in asked}


def checklist(
    claim: Claim,
    documents: Sequence[EvidenceItem],
    files: Sequence[Evidence],
    *,
    editable: bool,
    for_officer: bool = False,
) -> list[Group]:
    """The documents asked for with their files; what belongs to none of them is listed as other material."""
    codes = {document.code for document in documents}
    current = [one for one in files if one.current]
    why_kept = evidence.why_kept(claim) if editable else ""
    shown: list[Group] = []
    for document in (*documents, OTHER):
        own = [one for one in current if (one.item if one.item in codes else OTHER.code) == document.code]
        if document is OTHER and not own and not editable:
            continue
        titles = evidence.titles(claim) if document is OTHER else {}
        titles = {**titles, OTHER.code: ""}
        rows = [
            row_of(one, editable=editable, titles=titles, why_kept=why_kept, for_officer=for_officer) for one in own
        ]
        if editable and not why_kept:
            rows = [replace(row, remove_url=_remove_url(claim, row), form=FORM) for row in rows]
        url = reverse("evidence-upload", args=[claim.pk, document.code]) if editable else ""
        shown.append(Group(document, rows, url))
    return shown


def _remove_url(claim: Claim, row: Row) -> str:
    """By way of the claim's form, so that what is typed in it is kept."""
    return f"{reverse('claim-edit', args=[claim.pk])}?remove={row.id}"


def viewer_of(files: Sequence[Evidence], query: Mapping[str, str]) -> Viewer | None:
    """The drawn pages of all accepted versions; the current ones first."""
    documents = [
        Document(
            key=str(one.pk),
            name=one.original_name if one.current else f"{one.original_name}（第 {one.version} 版，已替换）",
            pages=one.drawn_pages,
            open_url=reverse("evidence-file", args=[one.pk]),
        )
        for one in files
        if one.is_accepted and one.drawn_pages
    ]
    return opened(documents, query, image_url=_page_url)


def _page_url(document: Document, page: int, rotation: int) -> str:
    address = reverse("evidence-page", args=[int(document.key), page])
    return f"{address}?rotate={rotation}" if rotation else address
