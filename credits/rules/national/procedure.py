"""National procedure: what holds wherever a province rules nothing of its own."""

from credits.rules.national.clauses import CLAUSES
from credits.rules.procedure import Procedure
from credits.rules.provisions import Deadline, EvidenceItem, EvidenceList, Route

MANAGEMENT = ("national 第四部分",)
NOT_STATED = "国家办法未写明这一类的审核层级，比照进修学习：用人单位授予，省级审核。"
EVIDENCE_READING = "国家办法未列材料清单；本清单按登记审核的需要推定。"

APPROVAL = EvidenceItem("employer_approval", "单位同意或派出文件", required=False)
RESULT = EvidenceItem("result", "结业、考核合格证明")

PROCEDURE = Procedure(
    jurisdiction="national",
    clauses=CLAUSES,
    routes=(
        Route(
            "project_in_person",
            "面授项目",
            local=("organizer", "province"),
            declared_by="organizer",
            category="project",
            grants="province",
            issues="province",
            cite=MANAGEMENT,
            statements=("N16", "N21"),
        ),
        Route(
            "project_remote",
            "远程项目",
            local=("organizer", "nation"),
            declared_by="organizer",
            category="project",
            issues="nation",
            cite=MANAGEMENT,
            statements=("N19",),
            reading="国家办法只写明由国家卫生健康委统一展示、合格者发证，未写明审核步骤。",
        ),
        Route(
            "study_leave",
            "进修学习",
            local=("employer", "province"),
            category="study_leave",
            items=("study",),
            hint="脱产进修、专项培训",
            grants="employer",
            files="province",
            cite=MANAGEMENT,
            statements=("N18",),
        ),
        Route(
            "degree",
            "在职学历（学位）教育",
            local=("employer", "province"),
            category="degree",
            hint="脱产或半脱产",
            grants="employer",
            cite=MANAGEMENT,
            statements=("N18",),
            reading=NOT_STATED,
        ),
        Route(
            "practice",
            "有组织的实践活动",
            local=("organizer", "employer", "province"),
            category="practice",
            hint="手术示范、病例讨论、工作坊、学术会议",
            cite=MANAGEMENT,
            statements=("N18",),
            reading=NOT_STATED + "主办单位的考勤即证明，不另设主办单位审核环节。",
        ),
        Route(
            "government_task",
            "政府指令性医疗卫生任务",
            local=("employer", "province"),
            category="government_task",
            hint="对口支援、援藏援疆、应急",
            grants="employer",
            cite=MANAGEMENT,
            statements=("N18",),
            reading=NOT_STATED,
        ),
        Route(
            "self_study",
            "有计划的自学",
            local=("person", "employer", "province"),
            category="self_study",
            items=("plan",),
            hint="按年度计划自学",
            grants="employer",
            cite=("national 第三部分 简化计算3", "national 第四部分"),
            statements=("N12", "N18"),
            reading="国家办法写明单位评估授予；省级审核一步比照进修学习。",
        ),
        Route(
            "other",
            "符合规定的其他方式",
            local=("employer", "province"),
            category="other",
            hint="其他可验证的学习",
            cite=("national 第二部分",),
            reading=NOT_STATED,
        ),
    ),
    evidence=(
        EvidenceList(
            "study_leave",
            (APPROVAL, EvidenceItem("notice", "进修或培训通知", required=False), RESULT),
            cite=("national 第三部分 简化计算1",),
            statements=("N6", "N11"),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "degree",
            (APPROVAL, EvidenceItem("enrolment", "录取通知书或在学证明"), EvidenceItem("result", "本学年考核合格证明")),
            cite=("national 第三部分 简化计算1",),
            statements=("N7", "N11"),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "practice",
            (
                EvidenceItem("notice", "活动通知或日程", required=False),
                EvidenceItem("attendance", "考勤记录或参加证明", note="主讲人须能看出姓名、题目和时长"),
            ),
            cite=("national 第二部分",),
            statements=("N8",),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "government_task",
            (
                EvidenceItem("dispatch", "派出文件", note="写明任务、地点和起止日期"),
                EvidenceItem("result", "完成任务证明", required=False),
            ),
            cite=("national 第二部分",),
            statements=("N9",),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "self_study",
            (
                EvidenceItem("plan", "单位同意的年度自学计划", required=False),
                EvidenceItem("result", "学习情况与成效证明"),
            ),
            cite=("national 第二部分", "national 第三部分 简化计算3"),
            statements=("N10", "N12"),
            reading=EVIDENCE_READING,
        ),
        EvidenceList(
            "other",
            (EvidenceItem("proof", "能够验证学习内容和时间的证明"),),
            cite=("national 第二部分",),
            statements=("N2",),
            reading=EVIDENCE_READING,
        ),
    ),
    deadlines=(
        Deadline(
            "register_run",
            "登记开班信息",
            anchor="project_start",
            offset=-2,
            cite=MANAGEMENT,
            statements=("N21",),
            applies_to=("project_in_person",),
        ),
        Deadline(
            "report_run",
            "登记考勤、考核和预授学分",
            anchor="project_end",
            offset=2,
            cite=MANAGEMENT,
            statements=("N21",),
            applies_to=("project_in_person",),
        ),
        Deadline(
            "register_run_elsewhere",
            "跨省举办在国家系统登记",
            anchor="project_start",
            offset=-2,
            cite=MANAGEMENT,
            statements=("N22",),
            applies_to=("project_in_person",),
        ),
    ),
)
