"""Credit standards of the national measures (国卫办科教发〔2024〕20号): 第一部分 to 第三部分 of the Beijing office's text."""

from datetime import date

from credits.rules import names
from credits.rules.language import IN_FORCE, Category, Item, Regulation, Requirement, Subjects
from credits.rules.terms import assessed, by, full_year_or, per_hours, published

PROJECT = Category(
    "project",
    "继续医学教育项目",
    cite="national 第三部分 统一标准2",
    cite_caps="national 第三部分 统一标准3",
    award=by("role", attendee=published(per_hours(3)), speaker=per_hours(1, credits=2)),
    each_project=10,
    names=names.PROJECT,
    each_remote_project=3,
    items=(Item("national", "国家级项目"), Item("provincial", "省级项目")),
)

# 简化计算1: three kinds of stay, alike but for their clause.
STUDY_LEAVE = Category(
    "study_leave",
    "进修学习",
    cite="national 第三部分 简化计算1",
    award=full_year_or(per_hours(6), months=3),
    readings=("R16",),
    verb="学习",
    names=names.STUDY_LEAVE,
    over_new_year=True,
    items=(Item("study", "进修、出国学习、专项培训"),),
)
DEGREE = Category(
    "degree",
    "在职学历（学位）教育",
    cite="national 第三部分 简化计算1",
    award=full_year_or(per_hours(6), months=3),
    readings=("R16",),
    verb="学习",
    names=names.DEGREE,
    over_new_year=True,
)
GOVERNMENT_TASK = Category(
    "government_task",
    "政府指令性医疗卫生任务",
    cite="national 第三部分 简化计算1",
    award=full_year_or(per_hours(6), months=3),
    readings=("R16",),
    verb="执行任务",
    names=names.GOVERNMENT_TASK,
    over_new_year=True,
)

PRACTICE = Category(
    "practice",
    "有组织的继续医学教育实践活动",
    cite="national 第三部分 简化计算2",
    award=by("role", attendee=per_hours(6, short="0.2"), speaker=per_hours(3, short="0.5")),
    each_year=15,
)

SELF_STUDY = Category(
    "self_study",
    "有计划的自学",
    cite="national 第三部分 简化计算3",
    award=assessed(),
    each_year=10,
    names=names.SELF_STUDY,
    items=(Item("plan", "按年度计划自学"),),
)

OTHER = Category(
    "other",
    "符合规定的其他方式",
    cite="national 第二部分7",
    award=assessed(),
    full_year_at=25,
)

NATIONAL = Regulation(
    code="national",
    name="国家",
    title="继续医学教育学分管理办法（试行）",
    version="national-2025.1",
    status=IN_FORCE,
    in_force=date(2025, 1, 1),
    requirement=Requirement(total=25, cite="national 第一部分"),
    subjects=Subjects(cite="national 第一部分"),
    categories=(PROJECT, STUDY_LEAVE, DEGREE, PRACTICE, GOVERNMENT_TASK, SELF_STUDY, OTHER),
)
