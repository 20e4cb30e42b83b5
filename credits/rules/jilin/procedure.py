"""Jilin: the employer grants after its department's first look; projects go through city and province."""

from credits.rules.jilin.clauses import CLAUSES
from credits.rules.national.procedure import PROCEDURE as NATIONAL
from credits.rules.procedure import Procedure
from credits.rules.provisions import Deadline, EvidenceItem, EvidenceList, Route, Sanction, Tier, Window

BY_EMPLOYER: tuple[Tier, ...] = ("person", "department", "employer")
EVIDENCE_READING = "文本只要求提交相应佐证；本清单按各类的授予条件推定。"
ACHIEVEMENTS = ("paper", "research", "award", "patent_or_standard", "book")


def _by_employer(code: str, title: str, hint: str, *items: str) -> Route:
    return Route(
        code,
        title,
        local=BY_EMPLOYER,
        category=code,
        items=items,
        hint=hint,
        grants="employer",
        cite=("jilin 四(五)",),
        statements=("J17",),
    )


def _list(
    declaration: str, clause: str, statement: str, *documents: EvidenceItem, item: str | None = None
) -> EvidenceList:
    return EvidenceList(
        declaration,
        documents,
        item=item,
        cite=(f"jilin {clause}", "jilin 四(五)"),
        statements=(statement, "J17"),
        reading=EVIDENCE_READING,
    )


def _achievement(item: str, clause: str, *documents: EvidenceItem) -> EvidenceList:
    return EvidenceList(
        "achievement", documents, item=item, cite=(f"jilin {clause}",), statements=("J9",), reading=EVIDENCE_READING
    )


APPROVAL = EvidenceItem("employer_approval", "单位同意文件", required=False)

PROCEDURE: Procedure = NATIONAL.amended(
    jurisdiction="jilin",
    clauses=CLAUSES,
    without=("project_in_person", "project_remote"),
    routes=(
        Route(
            "project",
            "项目举办与核销",
            local=("organizer", "city", "province"),
            direct=("organizer", "province"),
            special={"jlu": ("organizer", "province"), "university": ("organizer", "province")},
            declared_by="organizer",
            category="project",
            steps=("同意", "举办", "报告", "核销", "电子证书"),
            cite=("jilin 四(三)",),
            statements=("J15",),
            reading="文本未写明由谁审核；市州属单位经市级到省级，省直等单位和高校附属医院直接报省级。",
        ),
        Route(
            "project_other_province",
            "外省项目学分",
            local=("person", "employer", "city", "province"),
            category="project",
            items=("provincial", "national"),
            hint="在外省取得的学分证书",
            cite=("jilin 四(六)",),
            statements=("J18",),
            reading="文本只说逐级审核；这里为单位、市级、省级，没有市级主管的单位直接报省级。",
        ),
        Route(
            "project_outside_organizer_in_jilin",
            "外省单位在本省举办的项目",
            local=("co_organizer", "province"),
            declared_by="organizer",
            category="project",
            cite=("jilin 四(七)",),
            statements=("J19",),
        ),
        Route(
            "internal_training",
            "内部培训",
            local=("organizer",),
            declared_by="organizer",
            category="practice",
            grants="system",
            cite=("jilin 四(四)",),
            statements=("J16",),
            reading="考勤通过后由平台授予，按实践活动计算。",
        ),
        _by_employer("study_leave", "进修学习", "脱产进修、专项培训", "study"),
        _by_employer("degree", "在职学历（学位）教育", "脱产或半脱产"),
        _by_employer("government_task", "政府指令性医疗卫生任务", "对口支援、援藏援疆"),
        _by_employer("practice", "有组织的实践活动", "手术示范、病例讨论、工作坊、学术会议"),
        _by_employer("self_study", "有计划的自学", "授课带教、命题、宣教、自学", "plan"),
        Route(
            "achievement",
            "论文、科研、奖励、专利、著作",
            local=("person", "employer"),
            category="achievement",
            items=ACHIEVEMENTS,
            hint="发表、立项、获奖、转化、出版",
            grants="employer",
            cite=("jilin 二(八)",),
            statements=("J9",),
        ),
        Route(
            "special_training",
            "专项培训",
            local=("province",),
            declared_by="province",
            category="special_training",
            cite=("jilin 二(七)",),
            statements=("J8",),
            reading="文本未写授予机关；由组织或委托培训的省级授予。",
        ),
        Route(
            "local",
            "市（州）自定学分类型",
            local=("city", "province_files"),
            category="local",
            hint="市（州）卫生健康委公布的类型",
            cite=("jilin 二(八)末",),
            statements=("J10",),
            reading="类型先报省备案；个人申报的由市级审核，不逐件报省。",
        ),
        Route(
            "annual_audit",
            "年度学分审验",
            local=("city",),
            direct=(),
            special={"jlu": ("jlu_office",), "university": ("city",)},
            declared_by="employer",
            cite=("jilin 四(九)",),
            statements=("J21",),
            reading="文本未写省直等单位由谁审验，须由省级指定。",
        ),
    ),
    evidence=(
        EvidenceList(
            "project_other_province",
            (EvidenceItem("certificate", "学分证书", note="能看清项目编号、学分和发证单位"),),
            cite=("jilin 四(六)",),
            statements=("J18",),
        ),
        EvidenceList(
            "study_leave",
            (EvidenceItem("completion_certificate", "进修结业证"), APPROVAL),
            cite=("jilin 二(二)",),
            statements=("J3", "J17"),
        ),
        _list(
            "degree",
            "二(三)",
            "J4",
            EvidenceItem("enrolment", "录取通知书或在学证明"),
            EvidenceItem("result", "本学年考核合格证明"),
        ),
        _list(
            "practice",
            "二(四)",
            "J5",
            EvidenceItem("notice", "活动通知或日程", required=False),
            EvidenceItem("attendance", "考勤记录或参加证明", note="主讲人须能看出题目和时长"),
        ),
        _list("government_task", "二(五)", "J6", EvidenceItem("dispatch", "派出文件", note="写明任务、地点和起止日期")),
        _list(
            "self_study",
            "二(六)",
            "J7",
            EvidenceItem("plan", "单位同意的年度自学计划", required=False),
            EvidenceItem("result", "学习时间和成效的证明"),
        ),
        EvidenceList(
            "achievement",
            (EvidenceItem("proof", "成果证明"),),
            cite=("jilin 二(八)",),
            statements=("J9",),
            reading=EVIDENCE_READING,
        ),
        _achievement(
            "paper", "二(八)1", EvidenceItem("paper", "论文全文及刊物封面、目录", note="须能看出作者位次和期刊等级")
        ),
        _achievement("research", "二(八)2", EvidenceItem("approval", "立项批准文件", note="须能看出级别和本人位次")),
        _achievement("award", "二(八)3", EvidenceItem("award", "获奖证书", note="须能看出等级和本人位次")),
        _achievement(
            "patent_or_standard",
            "二(八)4",
            EvidenceItem("patent_or_standard", "专利证书和转化证明，或标准、指南、规范的批准文件"),
        ),
        _achievement("book", "二(八)5", EvidenceItem("book", "著作封面、版权页和编者页")),
        EvidenceList(
            "local",
            (EvidenceItem("proof", "符合该市（州）类型要求的证明"),),
            cite=("jilin 二(八)末",),
            statements=("J10",),
            reading=EVIDENCE_READING,
        ),
    ),
    deadlines=(
        Deadline(
            "register_run",
            "申请举办项目",
            anchor="project_start",
            offset=-10,
            unit="working_days",
            cite=("jilin 四(三)",),
            statements=("J15",),
            applies_to=("project",),
        ),
        Deadline(
            "report_run",
            "报告执行情况",
            anchor="project_end",
            offset=20,
            unit="working_days",
            cite=("jilin 四(三)",),
            statements=("J15",),
            applies_to=("project",),
        ),
        Deadline(
            "register_run_elsewhere",
            "跨省举办在国家系统登记",
            anchor="project_start",
            offset=-2,
            cite=("national 第四部分",),
            statements=("N22",),
            applies_to=("project",),
            reading="本省文本未写，适用国家办法。",
        ),
        Deadline(
            "file_outside_organizer",
            "省内协办单位备案外省单位办班",
            anchor="project_start",
            offset=-10,
            unit="working_days",
            cite=("jilin 四(七)",),
            statements=("J19",),
            applies_to=("project_outside_organizer_in_jilin",),
        ),
        Deadline(
            "enter_internal_training",
            "内部培训事先添加",
            anchor="beforehand",
            cite=("jilin 四(四)",),
            statements=("J16",),
            applies_to=("internal_training",),
        ),
    ),
    windows=(
        Window(
            "audit_scope",
            "年度审验的学分范围",
            opens=(1, 1),
            closes=(12, 31),
            anchor="previous_year",
            cite=("jilin 四(九)",),
            statements=("J21",),
            applies_to=("annual_audit",),
        ),
    ),
    sanctions=(
        Sanction(
            "unit_suspended",
            "暂停单位的项目申报和授予资格",
            min_years=1,
            max_years=3,
            suspends=("project_applications", "granting"),
            cite=("jilin 四(十)",),
            statements=("J22",),
        ),
    ),
)
