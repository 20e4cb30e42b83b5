"""What the activity in the form would bring, by the same engine that awards it: figures, reasons, caps, look-alikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from credits import claims
from credits.assessment import preview
from credits.claims import Facts
from credits.explanations import Explanation, explained
from credits.forms import ClaimForm
from credits.models import Claim
from credits.overlaps import overlapping
from credits.rules import CapUse, Regulation
from credits.stay_parts import years_to_submit
from credits.time_limits import TimeLimit, time_limits


@dataclass(frozen=True, slots=True)
class YearPreview:
    """One credit year with the activity in it, in tenths. ``caps`` are those of the activity's category.

    ``others``: by how much the year's other records count less (or more) with the activity among them, where stays share
    the credits of a whole year or a cap is filled in the order of the dates.
    """

    year: int
    before: int
    after: int
    required: int
    explanation: Explanation
    caps: Sequence[CapUse]
    others: int = 0

    @property
    def shared_anew(self) -> str:
        """Why the year does not change by what the activity counts; empty where it does."""
        if not self.others:
            return ""
        change = f"合计{'减少' if self.others < 0 else '增加'} {abs(self.others) / 10:.1f} 学分"
        return f"{self.year} 年度同类的其他记录随之重新分摊，{change}，所以全年的变化与本次计入的不同。"


@dataclass(frozen=True, slots=True)
class Preview:
    """Either the years, or what has to be filled in before they can be computed."""

    rules: Regulation
    years: Sequence[YearPreview] = ()
    missing: Sequence[str] = ()
    warnings: Sequence[tuple[str, Claim]] = ()
    time_limits: Sequence[TimeLimit] = ()

    @property
    def counted(self) -> int | None:
        """Tenths that all the years together would count."""
        return sum(year.explanation.counted for year in self.years) if self.years else None


NOT_FACTS = frozenset({"agree", "activity_name", "organizer"})


def preview_of(form: ClaimForm, *, at: datetime) -> Preview:
    """The preview for a bound form, whatever else is wrong with it."""
    missing = [
        str(message)
        for name, messages in form.errors.items()
        if name not in NOT_FACTS and not name.startswith("files-")
        for message in messages
    ]
    today = timezone.localdate(at)
    limits = list(time_limits(form.rules, form.chosen.code, form.item_code, year=form.year, on=today))
    if missing:
        return Preview(form.rules, missing=missing, time_limits=limits)
    facts = form.facts()
    return Preview(
        form.rules,
        years=[_year(form, facts, year, at=at) for year in years_to_submit(form.claim, facts)],
        warnings=overlapping(form.practitioner, facts.values, category=form.chosen.category, without=form.claim),
        time_limits=limits,
    )


def _year(form: ClaimForm, facts: Facts, year: int, *, at: datetime) -> YearPreview:
    category = form.chosen.category
    activity = claims.as_activity(category, facts, year)
    found = preview(form.practitioner, year, activity, without=form.claim, at=at)
    own = {category, f"{category}.{form.item_code}"}
    return YearPreview(
        year=year,
        before=found.before.total,
        after=found.after.total,
        required=found.after.demand.total,
        explanation=explained(form.rules, found.line),
        caps=[cap for cap in found.after.caps if cap.code in own],
        others=found.gain - found.line.counted,
    )
