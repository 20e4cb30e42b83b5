"""Until when the regulation lets an activity be registered: told to the person in the form, and to the officer who decides.

The portal refuses nobody who is late: whether a late claim is accepted is the reviewer's word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from credits.regulation_pages import clause_url
from credits.rules import Regulation


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One window of the regulation for a credit year. ``cites`` are its clauses, (number, address).

    ``opens`` and ``closes`` are its first and last day; None where the text fixes none.
    """

    title: str
    year: int
    opens: date | None
    closes: date | None
    on: date
    cites: Sequence[tuple[str, str]]

    @property
    def is_early(self) -> bool:
        return self.opens is not None and self.on < self.opens

    @property
    def is_late(self) -> bool:
        return self.closes is not None and self.closes < self.on

    @property
    def is_open(self) -> bool:
        return not self.is_early and not self.is_late

    @property
    def text(self) -> str:
        """What the person is told on that day."""
        if self.is_early:
            return f"{self._window}：{self.opens:%Y-%m-%d} 开始。"
        if self.is_late:
            return f"{self.closed}。仍可提交，是否受理由审核单位决定。"
        return f"{self._window}：{f'{self.closes:%Y-%m-%d} 截止' if self.closes else '没有截止日期'}。"

    @property
    def closed(self) -> str:
        """For a window that is over: which one, and since when (no full stop)."""
        return f"{self._window}：已于 {self.closes:%Y-%m-%d} 截止"

    @property
    def _window(self) -> str:
        return f"{self.title}（{self.year} 年度）"


def time_limits(rules: Regulation, declaration: str, item: str | None, *, year: int, on: date) -> Iterator[TimeLimit]:
    """The windows of a declaration (``self_study``) or of one item of it, as they stand on a day."""
    for window in rules.procedure.windows_for(declaration, item):
        opens, closes = window.within(year)
        cites = [(label.partition(" ")[2], clause_url(label)) for label in window.cite]
        yield TimeLimit(window.title, year, opens, closes, on, cites)
