"""Pages of long lists: at a province with a million rows a page costs what it costs with a hundred."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNT_LIMIT = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than ``limit``; what lies beyond is reached by filters, and ``is_bounded`` says so."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, limit: int = COUNT_LIMIT) -> None:
        super().__init__(rows, per_page)
        self.rows, self.limit = rows, limit

    @cached_property
    def _seen(self) -> int:
        return bounded_count(self.rows, limit=self.limit)

    @cached_property
    def count(self) -> int:
        return min(self._seen, self.limit)

    @property
    def is_bounded(self) -> bool:
        return self._seen > self.limit

    def page(self, number: int | str) -> Page:
        """First the ids, from an index, then the rows of the page: joins are not made for what is skipped."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        ids = list(self.rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(list(self.rows.filter(pk__in=ids)), number, self)


def bounded_count(rows: QuerySet[Any], *, limit: int = COUNT_LIMIT) -> int:
    """How many rows, but never more than ``limit`` + 1."""
    return rows.order_by()[: limit + 1].count()
