"""Credit standards of Zhejiang: the annex table row by row, the common subject (三2), primary care (二), making up (补学)."""

from datetime import date

from credits.rules import names
from credits.rules.language import IN_FORCE, Category, Item, MakeUp, Requirement, Subjects, limit
from credits.rules.national.standards import DEGREE, NATIONAL, OTHER, PROJECT, SELF_STUDY, STUDY_LEAVE
from credits.rules.terms import assessed, by, flat, full_year_or, halved, per_day, ranked

# Away from work or in special training: a credit a day, at most 15 a year, or the whole year from three months on (R15).
A_DAY_UP_TO_15 = full_year_or(per_day(1), months=3, each_year=15)

INTERNAL_TRAINING = Category(
    "internal_training",
    "内部培训",
    cite="zhejiang 附件 内部培训",
    each_year=limit(15, primary_care=20),
    readings=("R24",),
    items=(
        Item("theory", "理论培训", award=by("role", attendee=flat("0.2", "场"), speaker=flat("0.5", "场"))),
        Item("hands_on", "实践培训", award=by("role", attendee=flat("0.5", "场"), speaker=flat(1, "场"))),
    ),
)

SPECIAL_TRAINING = Category(
    "special_training",
    "专项培训",
    cite="zhejiang 附件 专项培训",
    award=A_DAY_UP_TO_15,
    over_new_year=True,
    readings=("R15",),
    verb="培训",
    names=names.STUDY_LEAVE,
)

ACHIEVEMENT = Category(
    "achievement",
    "论文、课题、奖励、专利与标准、著作",
    cite="zhejiang 附件",
    full_year_at=25,
    readings=("R11",),
    items=(
        Item(
            "paper",
            "发表学术论文",
            names=names.PAPER,
            unit="篇",
            cite="zhejiang 附件 发表学术论文",
            readings=("R8",),
            award=halved(
                by("journal", sci=ranked(25, 15, 10), core=ranked(15, 10, 5), ordinary=ranked(10, 5, 3)), "review"
            ),
        ),
        Item(
            "research",
            "获批科研、教学项目",
            names=names.RESEARCH,
            unit="项",
            cite="zhejiang 附件 获批科研、教学项目",
            readings=("R8",),
            award=by("level", national=ranked(25, 20, 15), provincial=ranked(20, 15, 10), municipal=ranked(15, 10, 5)),
        ),
        Item(
            "award",
            "获得科技、教学成果奖励",
            names=names.AWARD,
            unit="项",
            cite="zhejiang 附件 获得科技、教学成果奖励",
            readings=("R21",),
            award=by(
                "level",
                national=ranked(25, 25, 25),
                provincial=by(
                    "grade",
                    special=ranked(25, 25, 25),
                    first=ranked(25, 25, 25),
                    second=ranked(20, 15, 10),
                    third=ranked(20, 15, 10),
                ),
                municipal=by(
                    "grade",
                    special=ranked(20, 20, 20),
                    first=ranked(20, 20, 20),
                    second=ranked(15, 10, 8),
                    third=ranked(15, 10, 8),
                ),
            ),
        ),
        Item(
            "patent_or_standard",
            "职务发明专利转化、牵头制定标准指南",
            names=names.PATENT_OR_STANDARD,
            unit="项",
            cite="zhejiang 附件 获授权职务发明专利并完成转化",
            award=flat(25),
        ),
        Item(
            "book",
            "出版专著、教材、科普书籍",
            names=names.BOOK,
            unit="部",
            cite="zhejiang 附件 公开出版",
            award=halved(by("editor", chief=25, deputy=20, member=10), "translated"),
        ),
    ),
)

LOCAL = Category(
    "local",
    "各市规定的其他类型",
    cite="zhejiang 附件 各市",
    award=assessed(),
    full_year_at=25,
    open_items=True,
)

ZHEJIANG = NATIONAL.amended(
    code="zhejiang",
    name="浙江省",
    title="浙江省继续医学教育学分管理要求（常见问题解答及附件）",
    version="zhejiang-2025.1",
    status=IN_FORCE,
    in_force=date(2025, 7, 15),
    requirement=Requirement(
        total=25,
        cite="zhejiang 三",
        common={"junior": 10, "intermediate": 5, "senior": 3},
        common_in_primary_care=0,  # 三2, 二1
        cite_split="zhejiang 三2",
        split_reading="R12",
        cite_at_once="zhejiang 三2 说明",
        settled_before=date(2025, 7, 15),  # R55
        cite_settled="zhejiang 2025",
    ),
    subjects=Subjects(cite="zhejiang 一"),
    make_up=MakeUp(cite="zhejiang 补学"),
    without=("practice", "government_task"),
    categories=(
        PROJECT.amended(
            cite="zhejiang 附件 继续医学教育项目",
            # The text limits no single project: the caps are the national ones (R6).
            cap_readings=("R6",),
            items=(Item("senior_seminar", "高级研修项目", cite="zhejiang 附件 高级研修项目"),),
        ),
        INTERNAL_TRAINING,
        STUDY_LEAVE.amended(
            title="外出进修（任务）",
            cite="zhejiang 附件 外出进修（任务）",
            award=A_DAY_UP_TO_15,
            readings=("R15",),
            verb="外出",
            items=(Item("study", "外出进修"), Item("government_task", "政府指令性任务", names=names.GOVERNMENT_TASK)),
        ),
        DEGREE.amended(
            cite="zhejiang 附件 在职学历（学位）教育",
            readings=("R14",),
            award=flat(25, phrase="当年通过学校考核"),
            each_year=25,
            cap_readings=("R52",),
            full_year_at=25,
        ),
        SPECIAL_TRAINING,
        SELF_STUDY.amended(title="可验证自学", cite="zhejiang 附件 可验证自学"),
        ACHIEVEMENT,
        LOCAL,
        OTHER,
    ),
)
