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
from credits.overlaps import overlapping, same_file_twice, with_same_file
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
    def gain(self) -> int:
        """Tenths by which the year's total changes: what the person has more in the end."""
        return self.after - self.before

    @property
    def full_cap(self) -> CapUse | None:
        """The cap that is full with the activity in it, so that what it takes in here it cannot take in elsewhere."""
        return next((cap for cap in self.caps if cap.used >= cap.limit), None)

    @property
    def why_others(self) -> str:
        """Why the year does not change by what the activity counts; empty where it does."""
        if not self.others:
            return ""
        why = "同类的其他记录随之重新分摊"
        if (cap := self.full_cap) is not None:
            why = f"“{cap.title}”已到全年上限 {cap.limit / 10:.1f} 学分，按活动日期先后计入，其他记录随之变化"
        change = f"合计{'减少' if self.others < 0 else '增加'} {abs(self.others) / 10:.1f} 学分"
        counted = self.explanation.counted / 10
        return f"{self.year} 年度本次计入 {counted:.1f} 学分；{why}，{change}，所以全年的变化与本次计入的不同。"


@dataclass(frozen=True, slots=True)
class Preview:
    """Either the years, or what has to be filled in before they can be computed.

    ``warnings`` are about other claims, ``notes`` about this one's files.
    """

    rules: Regulation
    years: Sequence[YearPreview] = ()
    missing: Sequence[str] = ()
    warnings: Sequence[tuple[str, Claim]] = ()
    notes: Sequence[str] = ()
    time_limits: Sequence[TimeLimit] = ()

    @property
    def gain(self) -> int:
        """Tenths by which all the years together change."""
        return sum(year.gain for year in self.years)

    @property
    def differs(self) -> YearPreview | None:
        """The first year that does not gain what the activity counts in it."""
        return next((year for year in self.years if year.others), None)

    @property
    def promise(self) -> str:
        """What is said first, in front of ``promised``: more than the years gain is never promised."""
        if self.differs is None:
            return "预计计入"
        whole = "全年" if len(self.years) == 1 else "各年度合计"
        return f"预计{whole}{'减少' if self.gain < 0 else '增加'}"

    @property
    def promised(self) -> int | None:
        """The figure in tenths that goes with ``promise``, without a sign."""
        return abs(self.gain) if self.years else None

    @property
    def why_short(self) -> str:
        """Why the promise is not what the activity counts, for the bar of a phone."""
        if self.differs is None:
            return ""
        return "已到全年上限" if self.differs.full_cap else "同类记录重新分摊"


def preview_of(form: ClaimForm, *, at: datetime) -> Preview:
    """The preview for a bound form, whatever else is wrong with it."""
    today = timezone.localdate(at)
    limits = list(time_limits(form.rules, form.chosen.code, form.item_code, year=form.year, on=today))
    same_file, notes = with_same_file(form.claim), same_file_twice(form.claim)
    if form.missing:
        return Preview(form.rules, missing=form.missing, warnings=same_file, notes=notes, time_limits=limits)
    facts = form.facts()
    alike = overlapping(
        form.practitioner, facts.values, category=form.chosen.category, name=facts.activity_name, without=form.claim
    )
    return Preview(
        form.rules,
        years=[_year(form, facts, year, at=at) for year in years_to_submit(form.claim, facts)],
        warnings=[*alike, *same_file],
        notes=notes,
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
