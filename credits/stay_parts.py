"""A stay over New Year is one claim for each year: what must fit into a year, and what one part fixes for the others.

The parts tell one story, so a part that is in review or granted fixes the dates of the stay and its own year's figures.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from credits.facts import SPLIT_FACTS
from credits.models import Claim, ClaimState
from credits.rules import FACTS
from credits.rules.checks import HOURS_A_DAY
from credits.rules.stays import inside, length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from credits.claims import Facts


def other_parts(claim: Claim) -> list[Claim]:
    """The claims for the other years of the same stay, in order of the years."""
    if claim.state == ClaimState.DRAFT and claim.part_of_id is None:
        return []  # the later parts are made when the first is submitted
    first = claim.part_of_id or claim.pk
    family = Claim.objects.filter(Q(pk=first) | Q(part_of=first), province_id=claim.province_id)
    return list(family.exclude(pk=claim.pk).order_by("year"))


def standing_parts(claim: Claim) -> list[Claim]:
    """The other parts that are in review or granted."""
    return [
        part
        for part in other_parts(claim)
        if part.state == ClaimState.WAITING or (part.state == ClaimState.APPROVED and part.entries.in_force().exists())
    ]


def fixed_answers(standing: Iterable[Claim]) -> dict[str, str]:
    """What these parts fix, as the form would send it: the dates of the stay, and hours or days of their own years."""
    fixed: dict[str, str] = {}
    for part in standing:
        fixed |= {name: day.isoformat() for name in ("start", "end") if (day := getattr(part, name)) is not None}
        figures = {name: getattr(part, name) for name in SPLIT_FACTS}
        fixed |= {f"{name}_{part.year}": f"{figure:f}" for name, figure in figures.items() if figure is not None}
    return fixed


def why_fixed(part: Claim) -> str:
    """Why the dates of the stay cannot be changed beside this part, and what to do."""
    state, remedy = (
        ("在审核中", "要更改日期，请先撤回该部分。")
        if part.state == ClaimState.WAITING
        else ("已认定", "日期确有错误的，请联系审核机构更正。")
    )
    return (
        f"该活动 {part.year} 年的部分{state}，活动类别和起止日期须与该部分一致（{part.start} 至 {part.end}）。{remedy}"
    )


def refuse_changed_dates(claim: Claim, facts: Facts) -> None:
    """Raise ValidationError where a part in review or granted would tell of another stay than the facts."""
    for part in standing_parts(claim):
        changed = [name for name in ("start", "end") if facts.values.get(name) != getattr(part, name)]
        if not changed and part.year not in facts.years():
            changed = ["declaration"]  # a kind of activity that is not declared year by year
        if changed:
            raise ValidationError({changed[0]: why_fixed(part)})


def years_to_submit(claim: Claim, facts: Facts) -> list[int]:
    """The years that a submission of the claim brings to approval: not those whose part is decided or in review."""
    if claim.part_of_id is not None:
        return [claim.year]
    settled = {part.year for part in other_parts(claim) if not part.is_editable}
    years = facts.years()
    return years[:1] + [year for year in years[1:] if year not in settled]


def drop_drafts_outside(claim: Claim, years: list[int]) -> None:
    """Drafts for years that the stay no longer touches go."""
    claim.later_parts.filter(state=ClaimState.DRAFT).exclude(year__in=years).delete()


def check_years(facts: Facts, years: Iterable[int], errors: dict[str, list[str]]) -> None:
    """Hours, days and months of each year must fit into the stay's days inside that year.

    The rules alone compare them with the whole stay (reading R33), because they are told of one year only.
    """
    for year in years:
        figures = {name: value for name in SPLIT_FACTS if (value := facts.by_year.get(year, {}).get(name)) is not None}
        for name, figure in figures.items():
            if message := _impossible(name, figure, year, facts.values["start"], facts.values["end"]):
                errors.setdefault(f"{name}_{year}", [message])


def _impossible(name: str, figure: Decimal | int, year: int, start: date, end: date) -> str:
    """What is wrong with the hours, days or months inside one year; empty where nothing is."""
    span = inside(year, start, end)
    days, label = length(span), FACTS[name].label
    if days < 1:
        return ""  # the rules say that the stay has no day in the year
    since, until = (date.fromordinal(day) for day in span)
    if not figure:
        # Refused rather than left out: the dates alone may complete a year (R3), so a stay that did nothing in a year
        # must not reach into it. Dropping the part silently would leave a claim whose dates promise one.
        other = f"结束日期改为 {year - 1}-12-31" if start.year < year else f"开始日期改为 {year + 1}-01-01"
        return f"起止日期包括 {year} 年的 {days} 天，{year} 年内的{label}不能为 0。该年内没有活动的，请把{other}。"
    most = {"hours": days * HOURS_A_DAY, "days": days, "months": until.month - since.month + 1}[name]
    if figure <= most:
        return ""
    limit = f"，最多 {most} {FACTS[name].unit}" if name != "days" else ""
    return f"{since} 至 {until} 在 {year} 年内只有 {days} 天{limit}。请核对{label}和起止日期。"
