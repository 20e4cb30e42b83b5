"""The rows of an inbox as a table for the officer's own spreadsheet: CSV with the mark by which Excel knows UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from institutions.actors import Actor
from institutions.inbox import Filters, waiting_at
from institutions.models import Approval

BYTE_ORDER_MARK = "\ufeff"
HEADER = (
    "申报人",
    "用人单位",
    "科室",
    "活动名称",
    "类别",
    "学分年度",
    "学分",
    "系统核验",
    "需核对事项",
    "提交时间",
    "本环节开始时间",
    "已等待（天）",
    "承诺办结日期",
    "是否超期",
)
ROWS_AT_ONCE = 1000
# A cell that begins so is a formula to spreadsheets, full-width signs included, and must stay a text.
FORMULA_BEGINNINGS = tuple("=+-@\t\r\n＝＋－＠")


class _Echo:
    """What ``csv`` writes into: it hands every line straight back."""

    def write(self, line: str) -> str:
        return line


def table(*, actor: Actor, filters: Filters, on: date) -> Iterator[str]:
    """The lines of the table, one after the other, in the order of the inbox.

    The page's transaction has ended by the time a browser reads them, so the table enters the province by itself, read-only.
    """
    writer = csv.writer(_Echo())
    with entered(actor.province_id, read_only=True):
        yield BYTE_ORDER_MARK + writer.writerow(HEADER)
        rows = filters.narrow(waiting_at(actor), on=on).select_related("institution", "department")
        for approval in rows.iterator(chunk_size=ROWS_AT_ONCE):
            yield writer.writerow(as_text(cells(approval, on=on)))


def cells(approval: Approval, *, on: date) -> list[Any]:
    """The cells of one row, as ``HEADER`` names them."""
    since = timezone.localdate(approval.waiting_since)
    promised = approval.promised_on
    return [
        approval.practitioner_name,
        approval.institution.name,
        approval.department.name if approval.department is not None else "",
        approval.title,
        approval.category_title,
        approval.year,
        f"{approval.tenths // 10}.{approval.tenths % 10}",
        approval.get_checks_state_display(),
        "".join(check["text"] for check in approval.checks if check["state"] == "look"),
        _moment(approval.submitted_at),
        _moment(approval.waiting_since),
        (on - since).days,
        "" if promised is None else promised.isoformat(),
        "是" if promised is not None and promised < on else "否",
    ]


def as_text(row: Iterable[Any]) -> list[str]:
    """The row as texts of which none is a formula: what somebody typed must not run in the officer's spreadsheet."""
    texts = (str(cell) for cell in row)
    return [f"'{text}" if text.startswith(FORMULA_BEGINNINGS) else text for text in texts]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
