"""The Sichuan operating guide 2025, sections 一, 二 and 四 to 十一; section 三 on projects is in ``projects``."""

from credits.rules.provisions import Clause, Statement, example
from credits.rules.sichuan.projects import PROJECT_CLAUSES

THREE_MONTHS = (("满 3 个月", "25 学分"), ("不足 3 个月", "每 6 小时 1 学分"))
STAY_READINGS = ("R3", "R4", "R16", "R19")
MARCH = {"start": "2026-03-02", "end": "2026-03-31"}

GENERAL = (
    Clause(
        "一",
        "年度学分要求",
        "每人每年合计达到 25 学分，不分公需和专业。",
        source="sichuan",
        parameters=(("年度要求", "25 学分"), ("折合", "90 学时")),
        readings=("R59", "R37", "R39", "R45"),
        examples=(example("面授 30 小时一项", {"category": "project", "hours": "30"}),),
    ),
    Clause(
        "二",
        "可授予学分的活动",
        "与国家办法相比多师承教育一类。",
        source="sichuan",
        statements=(Statement("S1", "认可项目、进修、师承、学历、实践、任务、自学和其他方式。"),),
    ),
)

ACTIVITIES = (
    Clause(
        "四",
        "进修学习",
        "单位同意的脱产进修和专项培训。",
        source="sichuan",
        readings=("R17",),
        statements=(Statement("S14", "须单位同意并脱产；各级卫生健康部门组织的紧缺人才、县级骨干等专项培训也在内。"),),
    ),
    Clause(
        "四(一)",
        "进修学习：标准",
        "全年累计满 3 个月且合格记 25 学分，不满按小时计。",
        source="sichuan",
        parameters=THREE_MONTHS,
        readings=(*STAY_READINGS, "R31", "R32", "R33", "R34"),
        examples=(example("进修 30 天 126 小时", {"category": "study_leave", "hours": "126", **MARCH}),),
    ),
    Clause(
        "四(二)",
        "进修学习：流程",
        "本人、单位、市、省继教办。",
        source="sichuan",
        statements=(Statement("S15", "本人交材料，单位审核上传，市级审核，省继教办复核入档。"),),
    ),
    Clause(
        "四(三)",
        "进修学习：材料",
        "通知、外派、课程、参训和结业证明。",
        source="sichuan",
        statements=(Statement("S16", "材料有正式通知、外派证明、培训通知、课程表、参训证明、结业证书等。"),),
    ),
    Clause(
        "五",
        "师承教育",
        "标准和流程由中医药管理部门规定。",
        source="sichuan",
        readings=("R20",),
        statements=(Statement("S17", "师承教育的标准与流程依中医药管理部门的规定。"),),
        examples=(example("评定 5 学分", {"category": "apprenticeship", "assessed_credits": "5"}),),
    ),
    Clause(
        "六",
        "在职学历（学位）教育",
        "单位同意的脱产或半脱产学习。",
        source="sichuan",
        statements=(
            Statement(
                "S18",
                "须单位同意，在学制年限内并考核合格；流程同进修；材料有录取、计划、课表、论文、中期、成绩和学位证书等。",
            ),
        ),
    ),
    Clause(
        "六(一)",
        "在职学历：标准",
        "学制内全年累计满 3 个月且合格记 25 学分，不满按小时计。",
        source="sichuan",
        parameters=THREE_MONTHS,
        readings=STAY_READINGS,
        examples=(example("上课 30 天 65 小时", {"category": "degree", "hours": "65", **MARCH}),),
    ),
    Clause(
        "七",
        "有组织的实践活动",
        "实践锻炼、实操培训和学术研讨。",
        source="sichuan",
        statements=(Statement("S19", "各级卫生部门、高校、医疗卫生机构、科研院所都可以组织。"),),
    ),
    Clause(
        "七(一)",
        "实践活动：标准",
        "参加者 6 小时、主讲人 3 小时为一个单位，不足但满 1 小时按次计。",
        source="sichuan",
        parameters=(
            ("参加者", "每 6 小时 1 学分；不足按次 0.2"),
            ("主讲人", "每 3 小时 1 学分；不足按次 0.5"),
            ("每年", "最多 15 学分"),
        ),
        readings=("R2", "R42"),
        examples=(
            example(
                "参加 7 小时、主讲 2 小时",
                {"category": "practice", "hours": "7"},
                {"category": "practice", "role": "speaker", "hours": "2"},
            ),
        ),
    ),
    Clause(
        "七(二)",
        "实践活动：流程",
        "市级及以下与省直等单位各一种方式。",
        source="sichuan",
        statements=(
            Statement(
                "S20",
                "方式一（市级及以下）：举办单位申请、属地审核，举办单位登记授予；人员材料经单位、市级、省继教办。",
            ),
            Statement(
                "S21", "方式二（省直等单位）：个人或部门申请、本单位审核，举办单位登记授予；人员材料经单位、省继教办。"
            ),
        ),
    ),
    Clause(
        "七(三)",
        "实践活动：材料",
        "通知、课表、考勤和考核。",
        source="sichuan",
        statements=(Statement("S22", "材料有举办通知、课程表、考勤表、考核情况等。"),),
    ),
    Clause(
        "八",
        "政府指令性任务",
        "政府派出的支援和应急任务。",
        source="sichuan",
        statements=(
            Statement("S23", "含对口支援、定点帮扶、艰苦边远、援外和突发公共卫生事件；流程同进修；材料为外派证明。"),
        ),
    ),
    Clause(
        "八(一)",
        "指令性任务：标准",
        "全年累计满 3 个月记 25 学分，不满按小时计。",
        source="sichuan",
        parameters=THREE_MONTHS,
        readings=STAY_READINGS,
        examples=(
            example(
                "支援 92 天",
                {"category": "government_task", "hours": "500", "start": "2026-03-01", "end": "2026-05-31"},
            ),
        ),
    ),
    Clause(
        "九",
        "有计划的自学",
        "围绕岗位能力的多种自学。",
        source="sichuan",
        statements=(Statement("S24", "须单位同意、有年度计划；读书、专业网站学习也在内。"),),
    ),
    Clause(
        "九(一)",
        "自学：标准",
        "全年封顶。",
        source="sichuan",
        parameters=(("每年", "最多 10 学分"),),
        readings=("R20",),
        examples=(example("评定 12 学分：封顶 10", {"category": "self_study", "assessed_credits": "12"}),),
    ),
    Clause(
        "九(二)",
        "自学：申报",
        "单位或个人申请，单位审核。",
        source="sichuan",
        statements=(Statement("S25", "自学由单位或个人提出，单位审核。"),),
    ),
    Clause(
        "九(三)",
        "自学：流程",
        "单位授予后报市、省。",
        source="sichuan",
        statements=(Statement("S26", "本人交材料，单位审核授予，市级审核，省继教办复核入档。"),),
    ),
    Clause(
        "九(四)",
        "自学：材料",
        "授课、宣教、发表和获批的证明，以及年度计划。",
        source="sichuan",
        statements=(
            Statement(
                "S27", "材料有授课通知、课表、邀请函、宣教资料、刊物封面目录全文、获批通知，和单位同意的年度计划。"
            ),
        ),
    ),
    Clause(
        "十",
        "其他方式",
        "由市级或省直等单位报省级审核。",
        source="sichuan",
        readings=("R20", "R30"),
        statements=(Statement("S28", "其他方式由市级卫生健康部门、省直等单位报省卫生健康委审核。"),),
        examples=(example("评定 3 学分", {"category": "other", "assessed_credits": "3"}),),
    ),
    Clause(
        "十一(一)",
        "补学",
        "特殊原因未完成的，次年内补学上年学分。",
        source="sichuan",
        readings=("R54",),
        parameters=(("补学", "次年内"),),
        statements=(
            Statement(
                "S29",
                "单位出具盖章证明，次年内补完上年学分；单位认定、市级审核、省继教办复核；省直等单位由本单位审核后报省继教办。",
            ),
        ),
        examples=(
            example(
                "2027 年补 2026 年 3 学分",
                {"category": "project", "hours": "9", "start": "2027-03-02", "end": "2027-03-03", "makes_up": 2026},
            ),
        ),
    ),
    Clause(
        "十一(二)",
        "补学：材料",
        "原因、内容、过程、考核、学分的证明。",
        source="sichuan",
        statements=(Statement("S30", "材料说明补学原因、内容、情况、考核结果和学分，均须单位盖章。"),),
    ),
)

CLAUSES: tuple[Clause, ...] = GENERAL + PROJECT_CLAUSES + ACTIVITIES
