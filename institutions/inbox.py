"""The inbox: everything that waits for one body, narrowed, counted, and what its officer may still take back.

Every query is bounded: at a province with a hundred thousand waiting rows a page costs what it costs with a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q

from cme_portal.foundation.clock import SHANGHAI, credit_year, today
from cme_portal.foundation.paging import bounded_count
from institutions.actors import Actor
from institutions.approvals import UNDO_WINDOW
from institutions.enums import ChecksState, Kind, Tier, Verdict
from institutions.models import Approval, Decision, Institution
from institutions.queries import ApprovalQuerySet, below

PAGE_ROWS = 25
BULK_LIMIT = 100
LONG_WAIT_DAYS = 5
OVERDUE = "overdue"
UNDOABLE = (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT)
DONE: dict[str, str] = {Verdict.APPROVE: "已通过", Verdict.RETURN: "已退回补正", Verdict.REJECT: "已判定不通过"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the officer wants to see. ``waiting`` is a number of days, ``overdue``, or nothing."""

    q: str = ""
    checks: str = ""
    waiting: str = ""
    category: str = ""
    body: Institution | None = None
    year: int | None = None

    def narrow(self, rows: ApprovalQuerySet, *, on: date) -> ApprovalQuerySet:
        if self.checks:
            rows = rows.filter(checks_state=self.checks)
        if self.waiting == OVERDUE:
            rows = rows.filter(promised_on__lt=on)
        elif self.waiting:
            rows = rows.filter(waiting_since__lt=waiting_before(int(self.waiting), on=on))
        if self.category:
            rows = rows.filter(category=self.category)
        if self.year:
            rows = rows.filter(year=self.year)
        if self.body is not None:
            rows = rows.filter(_of_body(self.body))
        return rows.search(self.q)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(name, value) as they stand in an address; what is empty is left out."""
        values = {
            "q": self.q,
            "checks": self.checks,
            "waiting": self.waiting,
            "category": self.category,
            "body": self.body.pk if self.body else "",
            "year": self.year or "",
        }
        return [(name, str(value)) for name, value in values.items() if value]

    def query(self, **changes: Any) -> str:
        """The filters as a query string, with changes by the name of the field."""
        return urlencode(replace(self, **changes).pairs)


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in an inbox, by what the filters offer, and beyond the promise below. No count exceeds that of ``paging``."""

    total: int = 0
    passed: int = 0
    attention: int = 0
    long_waiting: int = 0
    oldest: datetime | None = None
    overdue_below: int = 0
    categories: Sequence[tuple[str, str]] = ()
    years: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What an officer did with one press, and may take back until ``until``."""

    decisions: list[Decision]
    until: datetime

    @property
    def at(self) -> datetime:
        return self.decisions[0].at

    @property
    def key(self) -> str:
        """What the undo button sends, so that it takes back what it shows and nothing newer."""
        return self.at.isoformat()

    @property
    def done(self) -> str:
        return DONE[self.decisions[0].verdict]

    @property
    def tenths(self) -> int:
        return sum(decision.approval.tenths for decision in self.decisions)

    @property
    def goes_to(self) -> str:
        """The body that holds them now, where it is one."""
        holders = {decision.approval.holder for decision in self.decisions}
        return str(holders.pop() or "") if len(holders) == 1 else ""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk approval would do: the rows it takes, and (row, sentence) of those it leaves."""

    ready: list[Approval]
    left: list[tuple[Approval, str]]

    @property
    def is_full(self) -> bool:
        """Whether there may be more rows than one bulk approval takes."""
        return len(self.ready) + len(self.left) == BULK_LIMIT

    @property
    def tenths(self) -> int:
        return sum(approval.tenths for approval in self.ready)


def waiting_at(actor: Actor) -> ApprovalQuerySet:
    """The rows of the officer's inbox, the longest waiting first."""
    return Approval.objects.held_by(actor.institution).order_by("waiting_since", "pk")


def contents(actor: Actor, *, at: datetime) -> Contents:
    """The counts and choices behind the filters; every question reads a bounded piece of an index."""
    rows = Approval.objects.held_by(actor.institution)
    overdue = Approval.objects.overdue_below(actor.institution, on=today(at))
    this_year = credit_year(at)
    return Contents(
        total=bounded_count(rows),
        passed=bounded_count(rows.filter(checks_state=ChecksState.PASSED)),
        attention=bounded_count(rows.filter(checks_state=ChecksState.ATTENTION)),
        long_waiting=bounded_count(rows.filter(waiting_since__lt=waiting_before(LONG_WAIT_DAYS, on=today(at)))),
        oldest=rows.order_by("waiting_since").values_list("waiting_since", flat=True).first(),
        overdue_below=bounded_count(overdue),
        categories=rows.categories(),
        years=range(this_year, this_year - 3, -1),
    )


def waiting_before(days: int, *, on: date) -> datetime:
    """What has been waiting since before this moment has waited at least ``days`` calendar days on the day ``on``."""
    day = on - timedelta(days=days - 1)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def bodies_below(institution: Institution) -> list[Institution]:
    """What the inbox can be narrowed to: departments of an employer, units of a county, counties and units of a city."""
    parent = institution.parent if institution.kind == Kind.CME_OFFICE else institution
    tiers = [Tier.CITY, Tier.COUNTY, Tier.UNIT, Tier.DEPARTMENT]
    return list(Institution.objects.open().filter(parent=parent, tier__in=tiers).order_by("name")[:500])


def neighbours(rows: ApprovalQuerySet, approval: Approval) -> tuple[int | None, int | None]:
    """The ids of the row before and the row after in the order of waiting; the approval itself may be gone already."""
    since, pk = approval.waiting_since, approval.pk
    # The first condition alone bounds the scan of the index; the second is exact.
    before = rows.filter(Q(waiting_since__lt=since) | Q(pk__lt=pk), waiting_since__lte=since)
    after = rows.filter(Q(waiting_since__gt=since) | Q(pk__gt=pk), waiting_since__gte=since)
    previous = before.order_by("-waiting_since", "-pk").values_list("pk", flat=True).first()
    return previous, after.values_list("pk", flat=True).first()


def bulk_preview(rows: ApprovalQuerySet, actor: Actor) -> BulkPreview:
    """Sort the rows into those a bulk approval takes and those it leaves, with the reason."""
    approvals = list(rows.select_related("practitioner", "department", "institution")[:BULK_LIMIT])
    decided_before = set(
        Decision.objects.filter(
            approval__in=approvals,
            user=actor.user,
            round=F("approval__round"),
            verdict=Verdict.APPROVE,
            undone_by__isnull=True,
        ).values_list("approval_id", flat=True)
    )
    preview = BulkPreview([], [])
    for approval in approvals:
        if approval.checks_state != ChecksState.PASSED:
            preview.left.append((approval, f"系统核验“{approval.get_checks_state_display()}”，请逐条审核"))
        elif approval.practitioner.user_id == actor.user.pk:
            preview.left.append((approval, "本人的申报，由其他审核人员办理"))
        elif approval.pk in decided_before:
            preview.left.append((approval, "您已在前一环节审核过，由其他审核人员办理"))
        else:
            preview.ready.append(approval)
    return preview


def last_batch(actor: Actor, *, at: datetime) -> Batch | None:
    """The officer's last press here that can still be taken back: within 10 minutes, with nobody having acted since."""
    standing = (
        Decision.objects.filter(
            province_id=actor.province_id,
            user=actor.user,
            institution=actor.institution,
            at__gte=at - UNDO_WINDOW,
            verdict__in=UNDOABLE,
            version=F("approval__version"),
        )
        .select_related("approval__holder")
        .order_by("-at")[:BULK_LIMIT]
    )
    decisions = list(standing)
    batch = [decision for decision in decisions if decision.at == decisions[0].at]
    return Batch(batch, until=batch[0].at + UNDO_WINDOW) if batch else None


def _of_body(body: Institution) -> Q:
    if body.tier == Tier.DEPARTMENT:
        return Q(department=body)
    units = Institution.objects.filter(below("path", body.path), province_id=body.province_id)
    return Q(institution__in=units)
