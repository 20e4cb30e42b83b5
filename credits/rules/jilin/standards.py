"""Credit standards of Jilin's detailed rules (draft for comment): sections 一 and 二, and 三 on primary care."""

from datetime import date

from credits.rules import names
from credits.rules.language import DRAFT, Item, Requirement, Subjects
from credits.rules.national.standards import (
    DEGREE,
    GOVERNMENT_TASK,
    NATIONAL,
    OTHER,
    PRACTICE,
    PROJECT,
    SELF_STUDY,
    STUDY_LEAVE,
)
from credits.rules.terms import flat, per_hours
from credits.rules.zhejiang.standards import ACHIEVEMENT, LOCAL, SPECIAL_TRAINING

JILIN = NATIONAL.amended(
    code="jilin",
    name="吉林省",
    title="吉林省继续医学教育学分管理细则（征求意见稿）",
    version="jilin-2025.1",
    status=DRAFT,
    in_force=date(2025, 1, 1),
    requirement=Requirement(
        total=25,
        common=5,
        professional=20,
        cite="jilin 一",
        cite_split="jilin 一",
        split_reading="R13",
        cite_at_once="jilin 二(八)",
    ),
    subjects=Subjects(cite="jilin 三", residents=True),  # 二(七) credits residents, 三 excepts those in primary care
    categories=(
        PROJECT.amended(cite="jilin 二(一)", cite_caps="jilin 二(一)"),
        STUDY_LEAVE.amended(cite="jilin 二(二)"),
        DEGREE.amended(cite="jilin 二(三)"),
        PRACTICE.amended(cite="jilin 二(四)"),
        GOVERNMENT_TASK.amended(cite="jilin 二(五)"),
        SELF_STUDY.amended(cite="jilin 二(六)", award=per_hours(6), verb="自学"),
        SPECIAL_TRAINING.amended(cite="jilin 二(七)"),
        # 二(八): Zhejiang's table (R44), with standards of industry and province and technical norms beside patents.
        ACHIEVEMENT.amended(
            cite="jilin 二(八)",
            readings=("R44",),
            items=(
                ACHIEVEMENT.item("paper").amended(cite="jilin 二(八)1"),
                ACHIEVEMENT.item("research").amended(cite="jilin 二(八)2"),
                ACHIEVEMENT.item("award").amended(cite="jilin 二(八)3"),
                Item(
                    "patent_or_standard",
                    "职务发明专利转化、牵头制定标准指南规范",
                    cite="jilin 二(八)4",
                    award=flat(25),
                    names=names.PATENT_OR_STANDARD,
                    unit="项",
                ),
                ACHIEVEMENT.item("book").amended(cite="jilin 二(八)5"),
            ),
        ),
        LOCAL.amended(title="各市（州）规定的其他类型", cite="jilin 二(八)末"),
        OTHER.amended(cite="jilin 二(八)末"),
    ),
)
