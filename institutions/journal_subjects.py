"""What entries of the journal are about, in words. The journal itself holds kinds and numbers only.

Entries are those of the reader's territory (``journal_views.entries``). Every app tells of its own kinds; what is gone, or is
not the reader's to see, stays a kind and a number, and only a page that the reader may open is linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import reverse

from cme_portal.foundation.models import JournalEntry
from institutions.access import MATRIX, seat_of
from institutions.actors import Actor
from institutions.models import Approval, Institution, Post, Practitioner, User


@dataclass(frozen=True, slots=True)
class Subject:
    """``text`` names it; ``url`` is its page, empty where the reader may not open it."""

    kind: str
    text: str
    url: str = ""


# (what it is called, the page of it) by id.
Told = Mapping[int, tuple[str, str]]
# Tells of those of the ids that the actor may know of, in a number of queries that does not depend on how many they are.
Source = Callable[[Actor, Collection[int]], Told]

TITLES: dict[str, str] = {}
SOURCES: dict[str, Source] = {}


def tells(kind: str, title: str) -> Callable[[Source], Source]:
    """Register who tells of a kind of subject (``institutions.practitioner``) and what the kind is called (人员)."""

    def register(source: Source) -> Source:
        TITLES[kind], SOURCES[kind] = title, source
        return source

    return register


def subjects_of(entries: Iterable[JournalEntry], *, actor: Actor) -> dict[tuple[str, int], Subject]:
    """The subjects of the entries by kind and id; entries without a subject, or of a kind that nobody tells of, have none."""
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.subject_id is not None and entry.subject_kind in SOURCES:
            ids[entry.subject_kind].add(entry.subject_id)
    subjects = {}
    for kind, wanted in ids.items():
        told = SOURCES[kind](actor, wanted)
        for pk in wanted:
            text, url = told.get(pk, (str(pk), ""))
            subjects[kind, pk] = Subject(TITLES[kind], text, url)
    return subjects


def page_of(actor: Actor, act: str, name: str, pk: int) -> str:
    """The address of a row's page, empty where the seat does not enter it."""
    return reverse(name, args=[pk]) if seat_of(actor) in MATRIX[act].seats else ""


@tells("institutions.practitioner", "人员")
def practitioners(actor: Actor, ids: Collection[int]) -> Told:
    """Named as well where they have moved away since: the entry was written while they worked in the reader's territory."""
    rows = Practitioner.objects.filter(province_id=actor.province_id, pk__in=ids)
    here = set(Practitioner.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return {
        one.pk: (one.name, page_of(actor, "people.view", "person", one.pk) if one.pk in here else "") for one in rows
    }


@tells("institutions.institution", "机构")
def institutions(actor: Actor, ids: Collection[int]) -> Told:
    rows = Institution.objects.visible_to(actor).filter(pk__in=ids)
    return {one.pk: (one.name, "") for one in rows}


@tells("institutions.post", "岗位")
def posts(actor: Actor, ids: Collection[int]) -> Told:
    rows = Post.objects.visible_to(actor).filter(pk__in=ids).select_related("user", "institution")
    return {one.pk: (f"{one.user}，{one.institution}，{one.get_role_display()}", "") for one in rows}


@tells("institutions.user", "账号")
def users(actor: Actor, ids: Collection[int]) -> Told:
    """Accounts belong to no province: they are named where they have a seat."""
    rows = User.objects.filter(pk__in=ids, seats__province_id=actor.province_id).distinct()
    return {one.pk: (f"{one}（{one.account}）", "") for one in rows}


@tells("institutions.approval", "审核事项")
def approvals(actor: Actor, ids: Collection[int]) -> Told:
    """The page is that of what is approved: whoever sees the approval sees its subject."""
    rows = list(Approval.objects.visible_to(actor).filter(pk__in=ids))
    for kind in sorted({one.kind for one in rows}):
        prefetch_related_objects([one for one in rows if one.kind == kind], kind)
    return {one.pk: (f"{one.practitioner_name}：{one.title}", one.subject.get_absolute_url()) for one in rows}
