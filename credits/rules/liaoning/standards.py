"""Credit standards of Liaoning's implementation plan (draft for comment): section 三, clause by clause."""

from datetime import date

from credits.rules import names
from credits.rules.language import DRAFT, Category, Item, Requirement, Subjects
from credits.rules.national.standards import DEGREE, GOVERNMENT_TASK, NATIONAL, OTHER, PRACTICE, PROJECT, STUDY_LEAVE
from credits.rules.terms import assessed, by, flat, full_year_or, per_hours, per_month, per_words, published, ranked

# 三(二), 三(三), 三(五): below three months at most 8 credits in each calendar month (R5).
EIGHT_A_MONTH = full_year_or(per_hours(6), months=3, each_month=8)

# 三(六)2, 三(六)13: examinations and competitions are those of a province or city, research and awards of a ministry's rank.
OF_THE_PROVINCE_OR_CITY = {"provincial": "省级", "municipal": "市级"}

# 三(六), at most 10 credits a year in all.
SELF_STUDY = Category(
    "self_study",
    "有计划的自学",
    cite="liaoning 三(六)",
    each_year=10,
    default="plan",
    names=names.SELF_STUDY,
    items=(
        Item(
            "supervision",
            "指导医师带教住院医师或专科医师",
            names=names.TEACHING,
            cite="liaoning 三(六)1",
            award=per_month(1),
            over_new_year=True,
            readings=("R7",),
        ),
        Item(
            "teaching",
            "授课或带教",
            names=names.TEACHING,
            cite="liaoning 三(六)1",
            award=per_hours(1, credits="0.5"),
            each_year=5,
            verb="授课或带教",
            readings=("R48",),
        ),
        Item(
            "exam",
            "专业考试命题、担任考官",
            names=names.EXAM,
            labels={"level": OF_THE_PROVINCE_OR_CITY},
            cite="liaoning 三(六)2",
            each_year=5,
            award=by(
                "level",
                national=flat(2, "次"),
                provincial=flat(1, "次"),
                municipal=flat("0.5", "次"),
                institutional=flat("0.3", "次"),
                department=flat("0.3", "次"),
            ),
        ),
        Item(
            "guideline",
            "参与编撰临床指南、专家共识",
            names=names.GUIDELINE,
            cite="liaoning 三(六)3",
            award=flat(5, "项"),
        ),
        Item("book", "出版医学著作", names=names.BOOK, unit="部", cite="liaoning 三(六)4", award=per_words(1000)),
        Item(
            "report",
            "被采纳的专题研究报告",
            names=names.REPORT,
            unit="篇",
            cite="liaoning 三(六)5",
            award=per_words(2000),
            each_year=5,
        ),
        Item(
            "translation",
            "发表医学译文",
            names=names.TRANSLATION,
            unit="篇",
            cite="liaoning 三(六)6",
            award=per_words(1500),
        ),
        Item(
            "paper",
            "发表论文和综述",
            names=names.PAPER,
            unit="篇",
            labels={"journal": {"sci": "SCI 期刊", "core": "核心期刊"}},
            cite="liaoning 三(六)7",
            readings=("R8", "R40"),
            award=by("journal", sci=ranked(6, 5, 4), core=ranked(4, 3, 2), ordinary=ranked(3, 2, 1)),
        ),
        Item(
            "research",
            "获批科研项目",
            names=names.RESEARCH,
            unit="项",
            cite="liaoning 三(六)8",
            readings=("R8",),
            award=by(
                "level",
                national=ranked(10, 9, 8, 7, 6),
                provincial=ranked(8, 7, 6, 5, 4),
                municipal=ranked(6, 5, 4, 3, 2),
            ),
        ),
        Item(
            "award",
            "获得科技奖励",
            names=names.AWARD,
            unit="项",
            cite="liaoning 三(六)9",
            readings=("R9",),
            award=by(
                "level",
                national=by("grade", special=10, first=10, second=9, third=8),
                provincial=by("grade", special=7, first=7, second=6, third=5),
                municipal=by("grade", special=4, first=4, second=3, third=2),
            ),
        ),
        Item(
            "patent",
            "获得专利",
            names=names.PATENT,
            cite="liaoning 三(六)10",
            each_year=5,
            award=by("patent", design=flat(1, "项"), utility=flat(2, "项"), invention=flat(3, "项")),
        ),
        Item(
            "outreach",
            "健康宣教、科普作品",
            names=names.OUTREACH,
            cite="liaoning 三(六)11",
            award=flat("0.5", "次（篇、个）"),
            each_year=5,
        ),
        Item("self_learning", "自学医学相关知识", cite="liaoning 三(六)12", award=assessed(), each_year=5),
        Item(
            "competition",
            "技能竞赛获奖",
            names=names.COMPETITION,
            labels={"level": OF_THE_PROVINCE_OR_CITY},
            cite="liaoning 三(六)13",
            award=by(
                "level",
                national=flat(2, "次"),
                provincial=flat(2, "次"),
                municipal=flat(1, "次"),
                institutional=flat("0.5", "次"),
            ),
        ),
        Item("plan", "其他可验证的有计划自学", cite="liaoning 三(六)14", award=assessed()),
    ),
)

LIAONING = NATIONAL.amended(
    code="liaoning",
    name="辽宁省",
    title="辽宁省继续医学教育学分管理实施方案（试行）（征求意见稿）",
    version="liaoning-2025.1",
    status=DRAFT,
    in_force=date(2025, 1, 1),
    requirement=Requirement(total=25, cite="liaoning 一"),
    subjects=Subjects(cite="liaoning 一"),
    categories=(
        PROJECT.amended(
            cite="liaoning 三(一)",
            cite_caps="liaoning 三(一)",
            # R23: the plan gives city projects no rate of their own.
            items=(Item("municipal", "市级项目", cite="liaoning 二(一)2", award=published(), readings=("R23",)),),
        ),
        STUDY_LEAVE.amended(cite="liaoning 三(二)", award=EIGHT_A_MONTH, readings=()),
        DEGREE.amended(cite="liaoning 三(三)", award=EIGHT_A_MONTH, readings=()),
        PRACTICE.amended(cite="liaoning 三(四)"),
        GOVERNMENT_TASK.amended(cite="liaoning 三(五)", award=EIGHT_A_MONTH, readings=()),
        SELF_STUDY,
        OTHER.amended(cite="liaoning 三(七)"),
    ),
)
