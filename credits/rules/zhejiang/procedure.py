"""Zhejiang: the employer grants most, the province settles projects, the system grants achievements."""

from credits.rules.national.procedure import PROCEDURE as NATIONAL
from credits.rules.procedure import Procedure
from credits.rules.provisions import Deadline, EvidenceItem, EvidenceList, Route, Window
from credits.rules.zhejiang.clauses import CLAUSES

AFFILIATION_READING = "文本写明报同级卫生健康部门；省直等单位的同级即省级。"
EVIDENCE_READING = "文本未列材料清单；本清单按各类的授予条件推定。"
ACHIEVEMENTS = ("paper", "research", "award", "patent_or_standard", "book")


def _row(name: str) -> tuple[str, ...]:
    return (f"zhejiang 附件 {name}",)


def _achievement(item: str, row: str, *documents: EvidenceItem) -> EvidenceList:
    return EvidenceList(
        "achievement", documents, item=item, cite=_row(row), statements=("Z23",), reading=EVIDENCE_READING
    )


PROCEDURE: Procedure = NATIONAL.amended(
    jurisdiction="zhejiang",
    clauses=CLAUSES,
    without=("project_in_person", "project_remote", "practice", "government_task"),
    routes=(
        Route(
            "project",
            "项目与高级研修",
            local=("organizer", "province"),
            declared_by="organizer",
            category="project",
            grants="province",
            steps=("核销",),
            cite=_row("继续医学教育项目"),
            statements=("Z17",),
        ),
        Route(
            "internal_training",
            "内部培训",
            local=("organizer",),
            declared_by="organizer",
            category="internal_training",
            items=("theory", "hands_on"),
            grants="organizer",
            prior_filing={"county_and_below": "county"},
            cite=("zhejiang 内部培训1", "zhejiang 内部培训2", *_row("内部培训")),
            statements=("Z13", "Z14", "Z18"),
        ),
        Route(
            "study_leave",
            "外出进修（任务）",
            local=("person", "employer"),
            category="study_leave",
            items=("study", "government_task"),
            hint="脱产进修、援外支援、疫情处置、应急救援",
            grants="employer",
            cite=_row("外出进修（任务）"),
            statements=("Z19",),
        ),
        Route(
            "degree",
            "在职学历（学位）教育",
            local=("person", "employer"),
            category="degree",
            hint="通过学校当年考核",
            grants="employer",
            cite=_row("在职学历（学位）教育"),
            statements=("Z20",),
        ),
        Route(
            "special_training",
            "专项培训",
            local=("province",),
            declared_by="province",
            category="special_training",
            grants="province",
            cite=_row("专项培训"),
            statements=("Z21",),
        ),
        Route(
            "self_study",
            "可验证自学",
            local=("person", "employer"),
            category="self_study",
            items=("plan",),
            hint="计划、进度、评估三个环节",
            grants="employer",
            steps=("计划", "进度", "评估"),
            cite=("zhejiang 可验证自学", *_row("可验证自学")),
            statements=("Z15", "Z22"),
        ),
        Route(
            "achievement",
            "论文、科研、奖励、专利、著作",
            local=("person", "system"),
            otherwise=("employer",),
            category="achievement",
            items=ACHIEVEMENTS,
            hint="发表、立项、获奖、转化、出版",
            grants="system",
            cite=_row("发表学术论文"),
            statements=("Z23",),
            reading="文本写明系统按录入类别授予；核验全部通过的由系统授予，有一项不通过的转用人单位审核。",
        ),
        Route(
            "local",
            "市自定学分类型",
            local=("city",),
            category="local",
            hint="市卫生健康委公布的类型",
            cite=_row("各市"),
            statements=("Z24",),
            reading="文本只说由市制定类型和标准；个人申报的由市级审核。",
        ),
        Route(
            "make_up",
            "学分补学",
            local=("person", "employer", "health_commission_of_same_level"),
            direct=("person", "employer", "province"),
            cite=("zhejiang 补学",),
            statements=("Z9",),
            reading=AFFILIATION_READING,
        ),
    ),
    evidence=(
        EvidenceList(
            "study_leave",
            (
                EvidenceItem("employer_approval", "单位同意、脱产派出文件", note="指令性任务为派遣文件"),
                EvidenceItem("result", "进修结业或任务完成证明", note="写明起止日期"),
            ),
            cite=_row("外出进修（任务）"),
            statements=("Z19",),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "degree",
            (
                EvidenceItem("employer_approval", "单位同意文件", required=False),
                EvidenceItem("result", "学校当年考核合格证明"),
            ),
            cite=_row("在职学历（学位）教育"),
            statements=("Z20",),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "self_study",
            (EvidenceItem("plan", "单位同意的自学计划"), EvidenceItem("result", "进度报告与验证指标的完成证明")),
            cite=("zhejiang 可验证自学",),
            statements=("Z15", "Z22"),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "achievement",
            (EvidenceItem("proof", "成果证明"),),
            cite=_row("发表学术论文"),
            statements=("Z23",),
            reading=EVIDENCE_READING,
        ),
        _achievement(
            "paper",
            "发表学术论文",
            EvidenceItem("paper", "论文全文及刊物封面、目录", note="须能看出作者位次和期刊等级"),
        ),
        _achievement(
            "research", "获批科研、教学项目", EvidenceItem("approval", "立项批准文件", note="须能看出级别和本人位次")
        ),
        _achievement(
            "award", "获得科技、教学成果奖励", EvidenceItem("award", "获奖证书", note="须能看出等级和本人位次")
        ),
        _achievement(
            "patent_or_standard",
            "获授权职务发明专利并完成转化",
            EvidenceItem("patent_or_standard", "专利证书和转化合同，或标准、指南的批准文件"),
        ),
        _achievement("book", "公开出版", EvidenceItem("book", "著作封面、版权页和编者页", note="限首次出版")),
        EvidenceList(
            "local",
            (EvidenceItem("proof", "符合该市类型要求的证明"),),
            cite=_row("各市"),
            statements=("Z24",),
            reading=EVIDENCE_READING,
        ),
    ),
    deadlines=(
        Deadline(
            "file_internal_training",
            "县级及以下单位的内部培训报备，按县定的年度或季度",
            anchor="beforehand",
            cite=("zhejiang 内部培训2",),
            statements=("Z14",),
            applies_to=("internal_training",),
        ),
        Deadline(
            "register_run",
            "登记开班信息",
            anchor="project_start",
            offset=-2,
            cite=("national 第四部分",),
            statements=("N21",),
            applies_to=("project",),
            reading="本省文本未写期限，适用国家办法。",
        ),
        Deadline(
            "report_run",
            "登记考勤、考核和预授学分",
            anchor="project_end",
            offset=2,
            cite=("national 第四部分",),
            statements=("N21",),
            applies_to=("project",),
            reading="本省文本未写期限，适用国家办法。",
        ),
        Deadline(
            "register_run_elsewhere",
            "跨省举办在国家系统登记",
            anchor="project_start",
            offset=-2,
            cite=("national 第四部分",),
            statements=("N22",),
            applies_to=("project",),
            reading="本省文本未写期限，适用国家办法。",
        ),
    ),
    windows=(
        Window("credit_year", "学分年度", opens=(1, 1), closes=(12, 31), cite=("zhejiang 三2",), statements=("Z7",)),
        Window(
            "ask_make_up",
            "当年申请补学",
            closes=(12, 31),
            anchor="missed_year",
            cite=("zhejiang 补学",),
            statements=("Z9",),
            applies_to=("make_up",),
        ),
        Window(
            "make_up",
            "次年完成补学",
            closes=(12, 31),
            anchor="next_year",
            cite=("zhejiang 补学 例",),
            statements=("Z10",),
            applies_to=("make_up",),
        ),
        Window(
            "self_study_plan",
            "第一季度提交自学计划",
            opens=(1, 1),
            closes=(3, 31),
            cite=("zhejiang 可验证自学",),
            statements=("Z15",),
        ),
        Window(
            "self_study_progress",
            "年度中期提交进度报告",
            anchor="mid_year",
            cite=("zhejiang 可验证自学",),
            statements=("Z15",),
            reading="文本只写年度中期，未定日期，因此不设期限。",
        ),
        Window(
            "self_study_evaluation",
            "第四季度由单位评估",
            opens=(10, 1),
            closes=(12, 31),
            cite=("zhejiang 可验证自学",),
            statements=("Z15",),
            applies_to=("self_study",),
        ),
    ),
)
