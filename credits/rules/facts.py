"""The facts a regulation speaks of: what is known about a person and about one activity, and the words for it.

`FACTS` names every fact of an activity once, with its kind, its Chinese label and its codes, so that the JSON contract, the
check and the claim form share one vocabulary. Figures are exact: hours and credits are `Decimal`, everything else integers,
dates and codes; a float never enters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["text", "choice", "decimal", "integer", "date", "flag", "year"]

TITLES: Final = {"junior": "初级（含士）", "intermediate": "中级", "senior": "高级"}
IN_TRAINING: Final = "in_training"
MOST_DECIMALS: Final = 12  # of hours and credits, as a request may write them


@dataclass(slots=True)
class Person:
    """Whose year it is, as at its last day (reading R53).

    residency: None, "in_training" (住培、专培 in that year), or the day the final assessment was passed.
    """

    title: str
    primary_care: bool = False
    licensed: bool = True
    residency: str | date | None = None


@dataclass(slots=True)
class Activity:
    """One entry of a year. None means the fact is not stated; which facts are needed, the regulation says."""

    id: str
    category: str
    item: str | None = None
    role: str = "attendee"
    delivery: str = "in_person"
    project: str | None = None
    hours: Decimal | None = None
    days: int | None = None
    start: date | None = None
    end: date | None = None
    months: int | None = None
    passed: bool = True
    subject: str = "professional"
    level: str | None = None
    journal: str | None = None
    rank: int | None = None
    grade: str | None = None
    editor: str | None = None
    patent: str | None = None
    words: int | None = None
    count: int = 1
    review: bool = False
    translated: bool = False
    published_credits: Decimal | None = None
    assessed_credits: Decimal | None = None
    makes_up: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the vocabulary, as a form shows it.

    choices: code to Chinese label, for kind "choice". minimum, maximum: what is possible at all, for numbers.
    """

    kind: Kind
    label: str
    help: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    minimum: int = 0
    maximum: int = 100_000


FACTS: Final[Mapping[str, Fact]] = {
    "id": Fact("text", "编号", "同一份记录内不得重复"),
    "category": Fact("text", "活动类型"),
    "item": Fact("text", "项目细类"),
    "role": Fact("choice", "参加身份", choices={"attendee": "参加者", "speaker": "主讲人"}),
    "delivery": Fact("choice", "学习方式", choices={"in_person": "面授", "remote": "远程"}),
    "project": Fact("text", "项目编号", "以公布的项目编号为准；同一编号共用一个上限"),
    "hours": Fact("decimal", "小时数", "实际参加的小时数；多次活动填每一次的小时数", "小时", maximum=8784),
    "days": Fact("integer", "天数", "每天不少于 6 小时的天数", "天", maximum=366),
    "start": Fact("date", "开始日期"),
    "end": Fact("date", "结束日期", "当天结束的可以不填"),
    "months": Fact("integer", "满月数", "只填满一个月的月数", "个月", maximum=12),
    "passed": Fact("flag", "考核合格"),
    "subject": Fact("choice", "科目", choices={"professional": "专业科目", "common": "公需科目"}),
    "level": Fact(
        "choice",
        "级别",
        choices={
            "national": "国家级",
            "provincial": "省部级",
            "municipal": "市厅级",
            "institutional": "院级",
            "department": "科级",
        },
    ),
    "journal": Fact(
        "choice", "期刊类别", choices={"sci": "SCI 收录期刊", "core": "中文核心期刊", "ordinary": "普通期刊"}
    ),
    "rank": Fact("integer", "本人排名", "第一作者或第一完成人填 1；通讯作者填 1", minimum=1, maximum=1000),
    "grade": Fact(
        "choice",
        "获奖等级",
        choices={"special": "特等奖", "first": "一等奖", "second": "二等奖", "third": "三等奖"},
    ),
    "editor": Fact("choice", "编写身份", choices={"chief": "主编", "deputy": "副主编", "member": "编委"}),
    "patent": Fact(
        "choice", "专利类型", choices={"design": "外观设计专利", "utility": "实用新型专利", "invention": "发明专利"}
    ),
    "words": Fact("integer", "本人撰写字数", "只填本人撰写部分", "字", maximum=100_000_000),
    "count": Fact("integer", "次数", "内容相同的活动可合并填报，填次（项、篇）数", minimum=1, maximum=10_000),
    "review": Fact("flag", "属于综述"),
    "translated": Fact("flag", "属于编译"),
    "published_credits": Fact("decimal", "公布学分", "卫生健康委公布的该项目学分", "学分", maximum=1000),
    "assessed_credits": Fact("decimal", "审核学分", "由审核单位按规定认定的学分", "学分", maximum=1000),
    "makes_up": Fact("year", "补学年度", "本活动用于补哪一年度的学分；不是补学则不填", minimum=2000, maximum=2100),
}
