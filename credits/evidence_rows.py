"""One line of the list of evidence, as parts/evidence_item.html writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from credits.evidence_models import Evidence, EvidenceState
from credits.virus_scan import Scan

# While the worker inspects a file its row asks every 2 seconds, from half a minute on every 5, from 4 minutes on every 30,
# and after an hour no more. (Polls so far, seconds to the next.)
INTERVALS = ((15, 2), (60, 5), (170, 30))


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    problem: str = ""
    id: int | None = None
    title: str = ""
    size: int = 0
    is_image: bool = False
    version: int = 1
    at: datetime | None = None
    is_waiting: bool = False
    is_stuck: bool = False
    note: str = ""
    view_url: str = ""
    thumbnail_url: str = ""
    remove_url: str = ""
    form: str = "outside"  # the form on the page that removing sends along
    replace_url: str = ""
    poll_url: str = ""
    poll_seconds: int = 0


def row_of(
    evidence: Evidence,
    *,
    editable: bool,
    titles: Mapping[str, str],
    why_kept: str = "",
    for_officer: bool = False,
    polls: int = 0,
) -> Row:
    """The row of one piece of evidence; ``editable`` adds the buttons, ``polls`` is how often it has asked already.

    ``why_kept`` says why it cannot be removed, and takes the place of the button. ``for_officer`` says so where no virus
    scanner looked at the file: the officer opens what others sent.
    """
    accepted = evidence.state == EvidenceState.ACCEPTED
    unscanned = for_officer and accepted and evidence.scan == Scan.NOT_SCANNED
    changeable = editable and evidence.current
    wait = next((seconds for most, seconds in INTERVALS if polls < most), 0) if evidence.is_waiting else 0
    return Row(
        id=evidence.pk,
        name=evidence.original_name,
        problem=evidence.refusal,
        title=titles.get(evidence.item, ""),
        size=evidence.size,
        is_image=evidence.media_type.startswith("image/"),
        version=evidence.version,
        at=evidence.uploaded_at,
        is_waiting=evidence.is_waiting,
        is_stuck=evidence.is_waiting and not wait,
        note=Scan.NOT_SCANNED.label if unscanned else why_kept if changeable else "",
        view_url=reverse("evidence-file", args=[evidence.pk]) if accepted else "",
        thumbnail_url=f"{reverse('evidence-page', args=[evidence.pk, 1])}?thumbnail" if accepted else "",
        remove_url=reverse("evidence-remove", args=[evidence.pk]) if changeable and not why_kept else "",
        replace_url=reverse("evidence-upload", args=[evidence.claim_id]) if changeable else "",
        poll_url=f"{reverse('evidence-status', args=[evidence.pk])}?polls={polls + 1}" if wait else "",
        poll_seconds=wait,
    )


def refused_row(name: str, problem: str) -> Row:
    """The row of a file that was not kept."""
    return Row(name=name, problem=problem)
