"""Credit standards of Sichuan's operating guide (2025): sections 一 and 三 to 十一."""

from datetime import date

from credits.rules.language import IN_FORCE, Category, MakeUp, Requirement, Subjects
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
from credits.rules.terms import assessed

APPRENTICESHIP = Category("apprenticeship", "师承教育", cite="sichuan 五", award=assessed())

SICHUAN = NATIONAL.amended(
    code="sichuan",
    name="四川省",
    title="四川省继续医学教育活动操作指引（2025年版）",
    version="sichuan-2025.1",
    status=IN_FORCE,
    in_force=date(2025, 1, 1),
    requirement=Requirement(total=25, cite="sichuan 一"),
    subjects=Subjects(cite="sichuan 一"),
    make_up=MakeUp(cite="sichuan 十一(一)"),
    categories=(
        PROJECT.amended(cite="sichuan 三(一)", cite_caps="sichuan 三(一)"),
        STUDY_LEAVE.amended(cite="sichuan 四(一)"),
        APPRENTICESHIP,
        DEGREE.amended(cite="sichuan 六(一)"),
        PRACTICE.amended(cite="sichuan 七(一)"),
        GOVERNMENT_TASK.amended(cite="sichuan 八(一)"),
        SELF_STUDY.amended(cite="sichuan 九(一)"),
        OTHER.amended(cite="sichuan 十"),
    ),
)
