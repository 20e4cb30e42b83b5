"""What a practitioner's year still needs, and what could bring it: the figures and sentences of the home page.

Effects are in tenths of a credit and computed by the engine; nothing here knows a province.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from credits.assessment import NEW, Year, activities_in_review, granted_activities, person_in, regulation_of
from credits.claims import as_activity
from credits.explanations import why_no_subject
from credits.forms import Sketch
from credits.models import Claim, ClaimState
from credits.questions import DEFAULTS
from credits.rules import Activity, CapUse, Category, Regulation, Result, assess, check
from credits.rules.awards import tenths
from credits.rules.language import FullYear
from credits.rules.procedure import Declaration
from credits.rules.provisions import Declarer, Window
from institutions.models import Practitioner

FIRST_YEAR = 2025
DAYS_AHEAD = 120
SHOWN_DATES = 6
MOST_SUGGESTIONS = 3
SHARES = {"common": "公需科目", "professional": "专业科目"}
# Who registers what people do not declare themselves.
REGISTRARS: Mapping[Declarer, str] = {
    "employer": "用人单位",
    "organizer": "举办单位",
    "city": "市级卫生健康行政部门",
    "province": "省级卫生健康行政部门",
    "nation": "国家卫生健康委",
    "tcm": "中医药管理部门",
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do. ``effect`` is what it can bring at most, ``closes`` how much of the gap that is; in tenths.

    Credits of one subject do not close the gap of the other. Both are 0 where nobody can tell yet.

    ``declaration`` is the kind of activity whose form the button opens; without one the button leads to ``url``.
    """

    kind: str
    title: str
    text: str
    url: str
    label: str
    effect: int = 0
    closes: int = 0
    is_urgent: bool = False
    declaration: str = ""
    comes_from: str = ""  # who registers the credits, where the person declares nothing


@dataclass(frozen=True, slots=True)
class Bar:
    """A category of the regulation in tenths: granted, in review, its caps for a year and for one project."""

    category: Category
    title: str
    granted: int
    in_review: int
    cap: int | None
    notes: Sequence[str]

    @property
    def left(self) -> int:
        """What one more activity could bring at most: the rest of the year's cap, or the whole of one project's."""
        if self.cap is not None:
            return max(0, self.cap - self.granted - self.in_review)
        return tenths(self.category.each_project) if self.category.each_project is not None else 0


@dataclass(frozen=True, slots=True)
class Date:
    """A day that matters: the end of a window, or its beginning while that lies ahead."""

    day: date
    title: str
    days_left: int
    begins: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """A practitioner's year at a glance."""

    year: Year
    headline: str
    sentence: str
    in_review: int
    to_do: Sequence[ToDo]
    bars: Sequence[Bar]
    dates: Sequence[Date]


def credit_years(today: date) -> list[int]:
    """The years that can be looked at, newest first."""
    return list(range(max(today.year, FIRST_YEAR), FIRST_YEAR - 1, -1))


def closed_year(year: int, today: date) -> str:
    """Why a year cannot be looked at; empty when it can."""
    if year < FIRST_YEAR:
        return f"{FIRST_YEAR} 年以前的学分按当时的规定登记，本平台不计算，也不申报。需要证明的，请联系当时的登记单位。"
    return f"{year} 年度还没有开始。" if year > today.year else ""


def outlook(practitioner: Practitioner, year: int, *, at: datetime) -> Outlook:
    """Raises RuleMissingError for a year without a regulation."""
    rules, person = regulation_of(practitioner, year), person_in(practitioner, year, at=at)
    granted_list = granted_activities(practitioner, year)
    standing = [*granted_list, *activities_in_review(practitioner, year)]
    granted = assess(rules, year, person, granted_list)
    with_review = assess(rules, year, person, standing)
    bars = _bars(rules, granted, with_review)
    today = timezone.localdate(at)
    # Whoever has left cannot submit anything: there is nothing to do until the next employment.
    has_employer = practitioner.left_on is None
    to_do = _open_work(practitioner, year, standing, with_review, at=at) if has_employer else []
    # What is begun comes before what could be begun: a claim brings what stands in it, a category at most what its cap
    # leaves, which would be the whole gap most of the time. A share is missing whatever else is done.
    if has_employer and with_review.compliant is False:
        # A draft of the subject that is not missing helps the year least of all.
        aside = [one for one in to_do if one.effect and not one.closes and not one.is_urgent]
        to_do = [one for one in to_do if one not in aside]
        to_do += _shares(with_review)
        if "total" in with_review.unmet and year == today.year:
            to_do += _room(rules, bars, with_review)
        to_do += aside
    return Outlook(
        year=Year(rules, granted, with_review),
        headline=_headline(granted, with_review, year),
        sentence=_sentence(rules, with_review, granted, to_do, year),
        in_review=max(0, with_review.total - granted.total),
        to_do=to_do,
        bars=bars,
        dates=_dates(rules, year, granted, today=today),
    )


def unmet_sentences(result: Result) -> list[str]:
    """What is missing, each part with its figure; empty when the year is complete or asks for nothing."""
    if result.compliant is None:
        return []
    demand = result.demand
    gaps = {
        "total": demand.total - result.total,
        "common": demand.common - result.common,
        "professional": demand.professional - result.professional,
    }
    names = {"total": "总学分", **SHARES}
    return [f"{names[code]}还差 {_credits(gaps[code])}" for code in result.unmet]


def _headline(granted: Result, with_review: Result, year: int) -> str:
    if granted.compliant is None:
        return f"{year} 年度不要求您取得学分"
    if granted.compliant:
        return f"{year} 年度已达标"
    if with_review.compliant:
        return "审核中的学分认定后即可达标"
    return f"还差 {_credits(_gap(granted))} 学分达标"


def _gap(result: Result, *, common: int = 0, professional: int = 0) -> int:
    """What is missing at least, whichever share it belongs to, with so many tenths more of each subject."""
    demand = result.demand
    shares = max(0, demand.common - result.common - common)
    shares += max(0, demand.professional - result.professional - professional)
    total = demand.total - result.total - common - professional
    return max(total, shares if result.unmet else 0, 0)


def _closed_by(result: Result, more: int) -> int:
    """How much of the gap one activity of so many tenths can close, of whichever subject closes more."""
    return _gap(result) - min(_gap(result, common=more), _gap(result, professional=more))


def _sentence(rules: Regulation, with_review: Result, granted: Result, to_do: Sequence[ToDo], year: int) -> str:
    """One sentence: what is missing, and the single thing that closes the gap."""
    if granted.compliant is None:
        return f"您本年度不是继续医学教育对象（{why_no_subject(rules, granted.person, year)}）。取得的学分照常记录。"
    if granted.compliant:
        return "本年度的要求已全部完成。继续取得的学分照常记录。"
    if with_review.compliant:
        return _waiting_sentence(to_do)
    gap = _gap(with_review)
    review = with_review.total - granted.total
    missing = (
        f"审核中的 {_credits(review)} 学分认定后，还差 {_credits(gap)} 学分"
        if review > 0
        else f"还差 {_credits(gap)} 学分"
    )
    shares = [
        f"{name} {_credits(_missing(with_review, code))} 学分"
        for code, name in SHARES.items()
        if code in with_review.unmet
    ]
    if shares:
        missing += f"，其中{'、'.join(shares)}"
    closing = next((one for one in to_do if one.closes >= gap), None)
    if closing is not None:
        return f"{missing}。做好一件事就够：{closing.title}{_by_whom(closing)}。"
    biggest = max(to_do, key=lambda one: one.closes, default=None)
    if biggest is not None and biggest.closes:
        most = f"最多可得 {_credits(biggest.effect)} 学分"
        return f"{missing}。影响最大的一件事：{biggest.title}{_by_whom(biggest)}，{most}。"
    return f"{missing}。"


def _waiting_sentence(to_do: Sequence[ToDo]) -> str:
    """Nothing is missing once the reviews are done; what is still open besides is named, so that nobody wonders."""
    kinds = {one.kind for one in to_do}
    if "returned" in kinds:
        return "等待审核结果即可。另有申报被退回，需要这些学分的，请按意见补正。"
    if "draft" in kinds:
        return "等待审核结果即可。未提交的草稿不影响达标，需要时再继续填写。"
    return "您现在不需要做任何事，等待审核结果即可。如被退回，请按意见补正。"


def _by_whom(one: ToDo) -> str:
    return f"（学分由{one.comes_from}登记）" if one.comes_from else ""


def _missing(result: Result, share: str) -> int:
    return getattr(result.demand, share) - getattr(result, share)


def _open_claims(practitioner: Practitioner, year: int) -> list[Claim]:
    rows = Claim.objects.begun().filter(
        province_id=practitioner.province_id,
        practitioner=practitioner,
        year=year,
        state__in=[ClaimState.RETURNED, ClaimState.DRAFT],
    )
    return list(rows.select_related("approval", "practitioner__province").order_by("-changed_at")[:20])


def _open_work(
    practitioner: Practitioner, year: int, standing: Sequence[Activity], with_review: Result, *, at: datetime
) -> list[ToDo]:
    """Returned claims and drafts by what they would bring; of two that bring the same, a reviewer waits for the first."""
    rules = regulation_of(practitioner, year)
    found = []
    for claim in _open_claims(practitioner, year):
        is_draft = claim.state == ClaimState.DRAFT
        activity = _drafted(claim, at=at) if is_draft else claim.as_activity(NEW)
        effect = _effect(rules, year, standing, with_review, activity) if activity is not None else (0, 0)
        found.append(_draft(claim, *effect) if is_draft else _returned(claim, *effect))
    return sorted(found, key=lambda one: (-one.closes, -one.effect, not one.is_urgent))


def _returned(claim: Claim, effect: int, closes: int) -> ToDo:
    title, text = f"补正被退回的“{claim}”", "按审核意见修改后重新提交。"
    url = reverse("claim-edit", args=[claim.pk])
    return ToDo("returned", title, text, url, "查看意见并补正", effect, closes, is_urgent=True)


def _draft(claim: Claim, effect: int, closes: int) -> ToDo:
    title = f"继续填写草稿“{claim}”"
    text = f"上次保存于 {timezone.localtime(claim.changed_at):%m-%d %H:%M}，尚未提交。"
    return ToDo("draft", title, text, reverse("claim-edit", args=[claim.pk]), "继续填写", effect, closes)


def _drafted(claim: Claim, *, at: datetime) -> Activity | None:
    """What stands in a draft, as the preview in its form computes it; None while facts are missing.

    Nor for a later part of a stay, which has to be asked for its other parts, nor for a kind of activity that the regulation
    no longer takes.
    """
    if claim.part_of_id is not None:
        return None
    try:
        sketch = Sketch({**DEFAULTS, **claim.typed}, claim=claim, at=at)
    except ValidationError:
        return None
    if sketch.missing or claim.year not in (facts := sketch.facts()).years():
        return None
    return as_activity(sketch.chosen.category, facts, claim.year)


def _effect(
    rules: Regulation, year: int, standing: Sequence[Activity], with_review: Result, activity: Activity
) -> tuple[int, int]:
    """What the year would gain if the activity were granted as it stands, and what that closes of the gap."""
    if check(rules, year, with_review.person, [activity]):
        return 0, 0
    granted = assess(rules, year, with_review.person, [*standing, activity])
    still = 0 if granted.compliant else _gap(granted)
    return granted.total - with_review.total, _gap(with_review) - still


def _shares(result: Result) -> Iterator[ToDo]:
    for code, name in SHARES.items():
        if code in result.unmet:
            missing = _missing(result, code)
            yield ToDo(
                "share",
                f"学习{name} {_credits(missing)} 学分",
                f"本年度要求{name}不少于 {_credits(getattr(result.demand, code))} 学分，计入总学分。",
                reverse("claim-new", query={"subject": code}),
                "申报已学的内容",
                missing,
                missing,
            )


def _room(rules: Regulation, bars: Sequence[Bar], with_review: Result) -> Iterator[ToDo]:
    """The categories that could bring most, by what their caps leave; what people declare themselves comes first."""
    own: dict[str, list[Declaration]] = {}
    for declaration in rules.procedure.declarable():
        own.setdefault(declaration.category, []).append(declaration)
    registrars = {
        route.category: REGISTRARS[route.declared_by]
        for route in reversed(rules.procedure.routes)
        if route.declared_by != "person"
    }
    found = [
        _suggestion(bar, own.get(bar.category.code, ()), registrars.get(bar.category.code, ""), with_review)
        for bar in bars
        if bar.left
    ]
    yield from sorted(found, key=lambda one: (-one.effect, bool(one.comes_from)))[:MOST_SUGGESTIONS]


def _suggestion(bar: Bar, own: Sequence[Declaration], registrar: str, with_review: Result) -> ToDo:
    """Take part in a category: declared by the person, registered by somebody else, or the one beside the other."""
    if bar.cap is None:
        text = f"每个项目最多计 {_credits(bar.left)} 学分，不限项目个数。"
    else:
        text = f"本年度上限 {_credits(bar.cap)} 学分，还可计 {_credits(bar.left)} 学分。"
    closes = _closed_by(with_review, bar.left)
    whole = next((one for one in own if one.code == bar.category.code), None)
    if whole is not None:
        text += "完成后由本人申报。"
        return ToDo("room", bar.title, text, reverse("claim-new"), "申报", closes, closes, declaration=whole.code)
    text += f"由{registrar}登记，不需要个人申报。" if registrar else ""
    if not own:
        return ToDo("room", bar.title, text, reverse("regulation"), "查看规定", closes, closes, comes_from=registrar)
    text += f"{'、'.join(one.title for one in own)}由本人申报。"
    label = f"申报{own[0].title}"
    url, code = reverse("claim-new"), own[0].code
    return ToDo("room", bar.title, text, url, label, closes, closes, declaration=code, comes_from=registrar)


def _bars(rules: Regulation, granted: Result, with_review: Result) -> list[Bar]:
    caps = {cap.code: cap for cap in with_review.caps}
    bars = []
    for category in rules.categories:
        done = granted.by_category.get(category.code, 0)
        reviewed = max(0, with_review.by_category.get(category.code, 0) - done)
        cap = caps.get(category.code)
        notes = [*_limits(category), *_item_caps(category, caps)]
        bars.append(Bar(category, category.title, done, reviewed, cap.limit if cap else None, notes))
    return sorted(bars, key=lambda bar: not (bar.granted or bar.in_review))


def _limits(category: Category) -> Iterator[str]:
    if category.each_project is not None:
        remote = f"，远程每个最多 {category.each_remote_project} 学分" if category.each_remote_project else ""
        yield f"每个项目最多 {category.each_project} 学分{remote}"
    if isinstance(category.award, FullYear):
        yield f"当年累计满 {category.award.months} 个月，视为完成当年 {category.award.brings} 学分"
    if category.full_year_at is not None:
        yield f"单独一项达到 {category.full_year_at} 学分，视为完成当年要求"


def _item_caps(category: Category, caps: dict[str, CapUse]) -> Iterator[str]:
    used = [cap for code, cap in caps.items() if code.startswith(f"{category.code}.") and cap.used]
    for cap in used:
        yield f"其中{cap.title} {_credits(cap.used)} / {_credits(cap.limit)}"


def _dates(rules: Regulation, year: int, granted: Result, *, today: date) -> list[Date]:
    """Windows of this and the year before that lie ahead, nearest first."""
    declarable = {one.code for one in rules.procedure.declarable()}
    if granted.compliant is False:
        declarable.add("make_up")
    found: dict[tuple[date, str], Date] = {}
    for window in rules.procedure.windows:
        if not _concerns(window, declarable):
            continue
        for credit_year in (year - 1, year):
            first, last = window.within(credit_year)
            begins = first is not None and first > today
            day = first if begins else last
            if day is not None and 0 <= (left := (day - today).days) <= DAYS_AHEAD:
                title = f"{window.title}（{credit_year} 年度）"
                found[day, window.code] = Date(day, title, left, begins)
    return sorted(found.values(), key=lambda one: one.day)[:SHOWN_DATES]


def _concerns(window: Window, declarable: set[str]) -> bool:
    """Windows for what people declare, and those that name nothing: the year itself, plans of self-study."""
    return not window.applies_to or any(code.partition(".")[0] in declarable for code in window.applies_to)


def _credits(tenths: int | None) -> str:
    return f"{(tenths or 0) / 10:.1f}"
