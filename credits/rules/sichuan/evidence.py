"""The evidence that Sichuan lists for each kind of activity; which of it is indispensable is a reading."""

from credits.rules.provisions import EvidenceItem, EvidenceList

READING = "文本逐类列举材料，未分必交与选交；能证明参加和结果的设为必交，其余有则提交。"


def _optional(code: str, title: str) -> EvidenceItem:
    return EvidenceItem(code, title, required=False)


EVIDENCE: tuple[EvidenceList, ...] = (
    EvidenceList(
        "project_outside_organizer_in_sichuan",
        (
            EvidenceItem("filing_form", "备案表"),
            EvidenceItem("notice", "培训通知文件"),
            EvidenceItem("schedule", "培训日程"),
        ),
        cite=("sichuan 三(二)1(4)",),
        statements=("S6",),
    ),
    EvidenceList(
        "project_other_province",
        (EvidenceItem("certificate", "学分证书", note="能看清项目编号、学分和发证单位"),),
        cite=("sichuan 三(二)2(2)",),
        statements=("S12",),
    ),
    EvidenceList(
        "project_remote",
        (EvidenceItem("certificate", "学分证书或考核合格证明"),),
        cite=("sichuan 三(二)2(2)",),
        statements=("S13",),
        reading="文本由主办单位录入学分；个人登记的以主办单位的证书为凭。",
    ),
    EvidenceList(
        "study_leave",
        (
            EvidenceItem("dispatch", "单位外派证明"),
            EvidenceItem("result", "考核结业证书"),
            _optional("official_notice", "红头通知文件"),
            _optional("notice", "培训举办通知"),
            _optional("timetable", "课程安排表"),
            _optional("attendance", "参训证明"),
        ),
        cite=("sichuan 四(三)",),
        statements=("S16",),
        reading=READING,
    ),
    EvidenceList(
        "degree",
        (
            EvidenceItem("enrolment", "录取通知书"),
            EvidenceItem("grades", "本学年课程考核成绩"),
            _optional("plan", "课程计划表"),
            _optional("timetable", "课程安排表"),
            _optional("thesis_proposal", "论文开题报告"),
            _optional("thesis_log", "论文科研记录本"),
            _optional("midterm", "中期考核"),
            _optional("diploma", "毕业（学位）证书"),
        ),
        cite=("sichuan 六",),
        statements=("S18",),
        reading=READING,
    ),
    EvidenceList(
        "practice",
        (
            EvidenceItem("attendance", "考勤表", note="主讲人须能看出题目和时长"),
            _optional("notice", "举办通知"),
            _optional("timetable", "课程安排表"),
            _optional("assessment", "考核情况"),
        ),
        cite=("sichuan 七(三)",),
        statements=("S22",),
        reading=READING,
    ),
    EvidenceList(
        "government_task",
        (EvidenceItem("dispatch", "单位外派证明", note="写明任务、地点和起止日期"),),
        cite=("sichuan 八",),
        statements=("S23",),
    ),
    EvidenceList(
        "self_study",
        (
            EvidenceItem("plan", "单位同意的年度自学计划表"),
            EvidenceItem(
                "result",
                "自学成果证明",
                note="授课通知和课表（写明姓名、讲题）、宣教资料、刊物封面目录全文、获批通知等",
            ),
            _optional("invitation", "相关通知或邀请函"),
        ),
        cite=("sichuan 九(四)",),
        statements=("S27",),
        reading=READING,
    ),
    EvidenceList(
        "apprenticeship",
        (EvidenceItem("proof", "中医药管理部门认可的师承证明"),),
        cite=("sichuan 五",),
        statements=("S17",),
        reading="文本未列材料，由中医药管理部门规定。",
    ),
    EvidenceList(
        "other",
        (EvidenceItem("proof", "能够验证学习内容和时间的证明"),),
        cite=("sichuan 十",),
        statements=("S28",),
        reading="文本未列材料；本清单按审核的需要推定。",
    ),
    EvidenceList(
        "make_up",
        (
            EvidenceItem("reason", "补学原因凭证", note="单位盖章"),
            EvidenceItem("content", "补学内容和情况", note="单位盖章"),
            EvidenceItem("result", "考核结果和学分授予证明", note="单位盖章"),
        ),
        cite=("sichuan 十一(二)",),
        statements=("S30",),
    ),
)
