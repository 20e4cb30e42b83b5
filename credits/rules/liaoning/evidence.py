"""What Liaoning's employers accept as proof (四(二)3 names examples; the lists by kind are a reading)."""

from credits.rules.provisions import EvidenceItem, EvidenceList

ACCEPTED = ("liaoning 四(二)3",)
READING = "文本只举例（协议、结业证、派遣文件、论文、著作等）；按活动类别分列，并以单位认可为准。"


def _list(declaration: str, *documents: EvidenceItem, item: str | None = None) -> EvidenceList:
    return EvidenceList(declaration, documents, item=item, cite=ACCEPTED, statements=("L26",), reading=READING)


def _item(item: str, *documents: EvidenceItem) -> EvidenceList:
    return _list("self_study", *documents, item=item)


APPROVAL = EvidenceItem("employer_approval", "单位同意文件", required=False)

EVIDENCE: tuple[EvidenceList, ...] = (
    EvidenceList(
        "project_other_province",
        (EvidenceItem("certificate", "学分证书电子版", note="能看清项目编号、学分和发证单位"),),
        cite=("liaoning 四(一)[1]",),
        statements=("L21",),
    ),
    _list(
        "study_leave",
        EvidenceItem("agreement", "培训协议或派出文件", required=False),
        EvidenceItem("result", "结业证书"),
    ),
    _list(
        "degree",
        APPROVAL,
        EvidenceItem("enrolment", "录取通知书或在学证明"),
        EvidenceItem("result", "本学年考核合格证明"),
    ),
    _list(
        "practice",
        APPROVAL,
        EvidenceItem("attendance", "考勤记录或参加证明", note="每天至少 1 次考勤；主讲人须能看出题目和时长"),
    ),
    _list("government_task", EvidenceItem("dispatch", "派遣文件", note="写明任务、地点和起止日期")),
    _list(
        "self_study",
        EvidenceItem("result", "可验证的学习证明"),
        EvidenceItem("plan", "单位同意的年度自学计划", required=False),
    ),
    _item("supervision", EvidenceItem("supervision", "基地出具的带教证明", note="写明学员和带教月份")),
    _item("teaching", EvidenceItem("teaching", "授课或带教通知、课表", note="写明姓名、题目和学时")),
    _item("exam", EvidenceItem("exam", "命题或考官聘书、通知")),
    _item("guideline", EvidenceItem("guideline", "指南或共识全文及编写人员页")),
    _item("book", EvidenceItem("book", "著作封面、版权页和写明章节的页", note="须能看出本人编写的章节和字数")),
    _item("report", EvidenceItem("report", "报告全文"), EvidenceItem("adoption", "采纳证明或领导批示")),
    _item("translation", EvidenceItem("translation", "译文及刊物封面、目录")),
    _item("paper", EvidenceItem("paper", "论文全文及刊物封面、目录", note="须能看出作者位次和期刊等级")),
    _item("research", EvidenceItem("approval", "立项批准文件", note="须能看出级别和本人位次")),
    _item("award", EvidenceItem("award", "获奖证书")),
    _item("patent", EvidenceItem("patent", "专利证书")),
    _item("outreach", EvidenceItem("outreach", "宣教记录或科普作品", note="作品须原创")),
    _item(
        "self_learning",
        EvidenceItem("plan", "第一季度提交的自学计划"),
        EvidenceItem("result", "第四季度提交的学习佐证"),
    ),
    _item("competition", EvidenceItem("award", "获奖证书或文件")),
    _list("other", EvidenceItem("proof", "能够验证学习内容和时间的证明")),
)
