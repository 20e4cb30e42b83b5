"""The words in which a regulation lays down its procedure: routes, evidence, deadlines, minimums, sanctions, clauses.

Every provision carries the clauses it stands in (``liaoning 四(二)5``), the numbered statements it answers (``L28``)
and, where the text is silent, a ``reading`` that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

Jurisdiction = Literal["national", "beijing", "liaoning", "zhejiang", "jilin", "sichuan"]

# To whom an institution belongs; "university" is an affiliated hospital of another university (Jilin names three).
Affiliation = Literal["local", "provincial", "central", "military", "society", "jlu", "university"]
AFFILIATIONS: tuple[Affiliation, ...] = get_args(Affiliation)
DIRECT: frozenset[Affiliation] = frozenset({"provincial", "central", "military", "society", "jlu"})

Tier = Literal[
    "person",
    "person_or_department",
    "department",
    "employer",
    "own_unit",
    "organizer",
    "organizer_enters",
    "co_organizer",
    "county",
    "district",
    "city",
    "host_city",
    "local_health_administration",
    "health_commission_of_same_level",
    "province",
    "province_files",
    "province_office",
    "nation",
    "tcm",
    "system",
    "jlu_office",
]
TIER_TITLES: Mapping[Tier, str] = MappingProxyType(
    {
        "person": "本人",
        "person_or_department": "本人或科室",
        "department": "科室",
        "employer": "用人单位",
        "own_unit": "本单位",
        "organizer": "主办单位",
        "organizer_enters": "组织单位录入并考勤",
        "co_organizer": "省内协办单位",
        "county": "县（区）级卫生健康行政部门",
        "district": "区级卫生健康行政部门",
        "city": "市级卫生健康行政部门",
        "host_city": "举办地市级卫生健康行政部门",
        "local_health_administration": "属地卫生健康行政部门",
        "health_commission_of_same_level": "同级卫生健康行政部门",
        "province": "省级卫生健康行政部门",
        "province_files": "省级卫生健康行政部门备案",
        "province_office": "省继教办",
        "nation": "国家卫生健康委",
        "tcm": "中医药管理部门",
        "system": "系统自动核验",
        "jlu_office": "吉林大学医院管理处",
    }
)

# Units by the level they stand at, where a regulation tells them apart.
UnitLevel = Literal["county_and_below"]
UNIT_LEVEL_TITLES: Mapping[UnitLevel, str] = MappingProxyType({"county_and_below": "县级及以下单位"})

Declarer = Literal["person", "employer", "organizer", "city", "province", "nation", "tcm"]
# In a person's claim these ask for no decision: they hand in, their word is the evidence, or they only keep a copy.
HAND_IN: frozenset[Tier] = frozenset(
    {"person", "person_or_department", "organizer", "organizer_enters", "co_organizer", "province_files"}
)

MonthDay = tuple[int, int]


class RuleMissingError(LookupError):
    """The regulation has no such provision; the message names what is missing."""


@dataclass(frozen=True)
class Provision:
    """Something a regulation lays down: where it stands, which statements it answers, and whether it is a reading."""

    code: str
    title: str
    _: KW_ONLY
    cite: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    reading: str | None = None


@dataclass(frozen=True)
class Route(Provision):
    """The tiers that decide on something, in order.

    ``local`` holds for everybody unless ``direct`` differs; an empty tuple says that the text names nobody. ``special``
    gives single groups a route of their own. ``grants``, ``issues`` and ``files`` tell who awards the credits, issues
    the certificate and keeps the file; ``otherwise`` decides when the first way fails (Zhejiang: the system's checks).
    ``also_file`` is another system that is told as well, ``prior_filing`` the tier to which units of a level report
    beforehand; ``note`` says of the tiers what their names do not.
    """

    _: KW_ONLY
    local: tuple[Tier, ...]
    direct: tuple[Tier, ...] | None = None
    special: Mapping[Affiliation, tuple[Tier, ...]] = field(default_factory=dict)
    otherwise: tuple[Tier, ...] = ()
    declared_by: Declarer = "person"
    category: str | None = None
    items: tuple[str, ...] = ()
    delivery: Literal["in_person", "remote"] | None = None  # where the route is for one form of delivery only
    hint: str = ""
    grants: Tier | None = None
    issues: Tier | None = None
    files: Tier | None = None
    steps: tuple[str, ...] = ()
    also_file: str | None = None
    prior_filing: Mapping[UnitLevel, Tier] = field(default_factory=dict)
    note: str = ""

    def tiers(self, affiliation: str = "local") -> tuple[Tier, ...]:
        """Every tier of the route, those that hand in included.

        Raise RuleMissingError where the text names nobody, and for what is no ``Affiliation``.
        """
        if affiliation not in AFFILIATIONS:
            raise RuleMissingError(f"unknown affiliation: {affiliation}")
        if affiliation in self.special:
            tiers = self.special[affiliation]
        elif affiliation in DIRECT and self.direct is not None:
            tiers = self.direct
        else:
            tiers = self.local
        if not tiers:
            raise RuleMissingError(f"route {self.code} names nobody for affiliation {affiliation}")
        return tiers

    def deciding_tiers(self, affiliation: str = "local") -> tuple[Tier, ...]:
        """The tiers that ask somebody (or the system) for a decision in the portal."""
        tiers = self.tiers(affiliation)
        if self.declared_by == "person":
            return tuple(tier for tier in tiers if tier not in HAND_IN)
        return tuple(tier for tier in tiers if tier not in ("person", "person_or_department"))


@dataclass(frozen=True)
class EvidenceItem:
    """A document that proves an activity; ``note`` tells the person what it must show."""

    code: str
    title: str
    required: bool = True
    note: str = ""


@dataclass(frozen=True)
class EvidenceList:
    """What a person hands in with a declaration; with ``item`` only for that item of it."""

    declaration: str
    documents: tuple[EvidenceItem, ...]
    _: KW_ONLY
    item: str | None = None
    cite: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    reading: str | None = None

    @property
    def code(self) -> str:
        return f"{self.declaration}.{self.item}" if self.item else self.declaration


@dataclass(frozen=True)
class Deadline(Provision):
    """A last day counted from the start or the end of a run; ``offset`` None means together with the anchor itself."""

    _: KW_ONLY
    anchor: Literal["project_start", "project_end", "national_registration", "beforehand"]
    offset: int | None = None
    unit: Literal["weeks", "working_days"] = "weeks"
    applies_to: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """The time in words: 举办前 2 周."""
        if self.offset is None:
            return "与国家系统登记同时" if self.anchor == "national_registration" else "事先"
        unit = "周" if self.unit == "weeks" else "个工作日"
        if self.anchor == "project_end":
            return f"举办后 {self.offset} {unit}内"
        return f"举办 {-self.offset} {unit}前"


YEAR_WORDS: Mapping[str, str] = {
    "credit_year": "当年",
    "certificate_year": "证书取得当年",
    "missed_year": "所缺年度",
    "mid_year": "当年",
    "next_year": "次年",
    "following_year": "次年",
    "previous_year": "上一年",
}


@dataclass(frozen=True)
class Window(Provision):
    """A time of the calendar, both days included. A missing day is open on that side; the text fixed none."""

    _: KW_ONLY
    opens: MonthDay | None = None
    closes: MonthDay | None = None
    anchor: Literal[
        "credit_year", "certificate_year", "missed_year", "mid_year", "next_year", "following_year", "previous_year"
    ] = "credit_year"
    applies_to: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """The time in words: 截至次年 1 月 31 日（含当日）."""
        if self.closes is None:
            return "年度中期"
        last = f"{YEAR_WORDS[self.anchor]} {self.closes[0]} 月 {self.closes[1]} 日"
        if self.opens is None:
            return f"截至{last}（含当日）"
        return (
            f"{YEAR_WORDS[self.anchor]} {self.opens[0]} 月 {self.opens[1]} 日至 {self.closes[0]} 月 {self.closes[1]} 日"
        )

    def within(self, year: int) -> tuple[date | None, date | None]:
        """First and last day of the window that belongs to ``year``."""
        shift = {"next_year": 1, "following_year": 1, "previous_year": -1}.get(self.anchor, 0)
        return (
            date(year + shift, *self.opens) if self.opens else None,
            date(year + shift, *self.closes) if self.closes else None,
        )


@dataclass(frozen=True)
class Attendance(Provision):
    """How often a learner signs in on each day of a project or a practice activity."""

    _: KW_ONLY
    scope: Literal["project", "practice"]
    per_day: int


@dataclass(frozen=True)
class Evaluation(Provision):
    """A learner's own evaluation of an activity, asked for before credits are granted; ``anchor`` tells from when on."""

    _: KW_ONLY
    scope: Literal["project"]
    anchor: Literal["project_end"]


@dataclass(frozen=True)
class Examination(Provision):
    """The share of the full mark, in percent, from which an examination counts as passed."""

    _: KW_ONLY
    pass_percent: int
    in_principle: bool = False


@dataclass(frozen=True)
class Sanction(Provision):
    """What follows from fraud or unlawful granting, in whole years."""

    _: KW_ONLY
    min_years: int
    max_years: int
    suspends: tuple[Literal["project_applications", "granting"], ...] = ("project_applications",)


@dataclass(frozen=True)
class Quota(Provision):
    """At most ``percent`` of what was held in ``of_year`` may be set up in ``year``."""

    _: KW_ONLY
    year: int
    of_year: int
    percent: int


@dataclass(frozen=True)
class Statement:
    """One numbered rule of the texts, in our own words."""

    number: str
    text: str


@dataclass(frozen=True)
class Example:
    """A request of the assessment contract without its jurisdiction; what it is worth is computed where it is shown."""

    title: str
    activities: tuple[Mapping[str, object], ...]
    practitioner: Mapping[str, object]
    year: int

    def request(self, jurisdiction: str) -> dict[str, object]:
        """The complete request for the assessment."""
        return {
            "jurisdiction": jurisdiction,
            "year": self.year,
            "practitioner": dict(self.practitioner),
            "activities": [{"id": f"a{n}", **activity} for n, activity in enumerate(self.activities, 1)],
        }


def example(title: str, /, *activities: Mapping[str, object], year: int = 2026, **practitioner: object) -> Example:
    """An example for a practitioner of intermediate title unless other facts are given."""
    return Example(title, activities, {"title": "intermediate", **practitioner}, year)


@dataclass(frozen=True)
class Clause:
    """A clause by its number, paraphrased, with the figures it fixes and the readings it needs."""

    number: str
    title: str
    paraphrase: str
    _: KW_ONLY
    source: Jurisdiction
    parameters: tuple[tuple[str, str], ...] = ()
    readings: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def code(self) -> str:
        """The label that explanations cite: ``liaoning 三(六)7``."""
        return f"{self.source} {self.number}"

    @property
    def anchor(self) -> str:
        """Where the clause stands on the page of its regulation."""
        return self.code.replace(" ", "-")
