"""The national measures clause by clause (国卫办科教发〔2024〕20号), as the Beijing CME office presents them."""

from credits.rules.provisions import Clause, Statement, example

CLAUSES: tuple[Clause, ...] = (
    Clause(
        "通知",
        "施行与废止",
        "办法印发后即生效，四份旧文件停止执行。",
        source="national",
        statements=(Statement("N1", "办法自印发起执行；2000、2001、2006、2007 年的四份旧文件不再有效。"),),
    ),
    Clause(
        "重要原则",
        "制定原则",
        "简政放权，改进供给，减轻基层负担。",
        source="national",
        statements=(Statement("N24", "减少行政事务，改进学习供给，为基层减负（原则）。"),),
    ),
    Clause(
        "第一部分",
        "年度学分要求",
        "每人每年学分合计达到 25；达到后即视为满足 90 学时，不另行核算学时。",
        source="national",
        parameters=(("年度要求", "25 学分"), ("折合", "90 学时")),
        readings=("R59", "R37", "R39", "R45"),
        examples=(
            example(
                "自学 10 学分、其他方式 14.9 学分，合计 24.9，尚差 0.1",
                {"category": "self_study", "assessed_credits": "10"},
                {"category": "other", "assessed_credits": "14.9"},
            ),
        ),
    ),
    Clause(
        "第二部分",
        "可授予学分的活动",
        "七类：项目、进修、在职学历、实践活动、指令性任务、自学、其他方式。",
        source="national",
        readings=("R17",),
        statements=(
            Statement(
                "N2",
                "认可七类活动：项目、进修学习、在职学历教育、有组织的实践、政府指令性任务、有计划的自学、其他方式。",
            ),
            Statement("N3", "项目由国家或省级卫生健康委公布，专业技术人员自行选择。"),
            Statement("N4", "推荐项目由下而上遴选，侧重紧缺、新兴、交叉学科，照顾重点领域、特殊区域和关键岗位。"),
            Statement("N5", "推广项目由上而下设立，服务国家部署和年度重点，含基层技能、传染病与突发事件应对、新技术。"),
            Statement("N6", "进修须单位同意并脱产，去其他机构或国外，或参加提升岗位能力的专项培训。"),
            Statement("N7", "在职学历（学位）教育须单位同意，脱产或半脱产。"),
            Statement(
                "N8",
                "实践活动有手术示范、新技术、多学科诊疗、病例教学、成果转化，以及模拟实训、研讨会、工作坊、学术会议。",
            ),
            Statement("N9", "指令性任务指政府派出的支援，如对口帮扶，支援欠发达和脱贫地区，援藏、援疆、援青。"),
            Statement("N10", "自学须单位同意，有年度计划，围绕岗位胜任力，形式不限于所列几种。"),
        ),
    ),
    Clause(
        "第二部分7",
        "其他方式",
        "符合规定的其他方式，由审核部门评定学分。",
        source="national",
        readings=("R20", "R30"),
        examples=(example("评定 3 学分", {"category": "other", "assessed_credits": "3"}),),
    ),
    Clause(
        "第三部分 统一标准2",
        "项目：参加者与主讲人",
        "参加者按 3 小时一个单位，主讲人按 1 小时一个单位计算。",
        source="national",
        parameters=(("参加者", "每 3 小时 1 学分"), ("主讲人", "每 1 小时 2 学分")),
        readings=("R1", "R27", "R19"),
        examples=(
            example("参加 4 小时：只计一个完整单位", {"category": "project", "hours": "4"}),
            example("主讲 1.5 小时：计一个完整小时", {"category": "project", "role": "speaker", "hours": "1.5"}),
        ),
    ),
    Clause(
        "第三部分 统一标准3",
        "项目：单项上限",
        "一个项目最多 10 学分，其中远程部分最多 3 学分。",
        source="national",
        parameters=(("每个项目", "最多 10 学分"), ("远程部分", "最多 3 学分")),
        readings=("R6", "R26", "R63"),
        examples=(
            example("面授 36 小时：封顶 10", {"category": "project", "hours": "36"}),
            example("远程 12 小时：封顶 3", {"category": "project", "delivery": "remote", "hours": "12"}),
        ),
    ),
    Clause(
        "第三部分 简化计算1",
        "进修、在职学历、指令性任务",
        "全年累计满 3 个月且考核合格，记 25 学分；不满的按 6 小时一个单位计算。",
        source="national",
        parameters=(("满 3 个月", "25 学分"), ("不足 3 个月", "每 6 小时 1 学分")),
        readings=("R3", "R4", "R16", "R19", "R31", "R32", "R33", "R34"),
        statements=(Statement("N11", "三个月的规定以考核合格为前提。"),),
        examples=(
            example(
                "进修 3 月 1 日至 5 月 31 日：满三个整月",
                {"category": "study_leave", "hours": "500", "start": "2026-03-01", "end": "2026-05-31"},
            ),
            example(
                "进修十天 60 小时",
                {"category": "study_leave", "hours": "60", "start": "2026-03-02", "end": "2026-03-11"},
            ),
        ),
    ),
    Clause(
        "第三部分 简化计算2",
        "有组织的实践活动",
        "参加者 6 小时、主讲人 3 小时为一个单位；不足一个单位但满 1 小时的，按次计。全年有上限。",
        source="national",
        parameters=(
            ("参加者", "每 6 小时 1 学分；不足按次 0.2"),
            ("主讲人", "每 3 小时 1 学分；不足按次 0.5"),
            ("每年", "最多 15 学分"),
        ),
        readings=("R2", "R42"),
        examples=(
            example("参加一次 2 小时的病例讨论", {"category": "practice", "hours": "2"}),
            example("主讲一次 7 小时的工作坊", {"category": "practice", "role": "speaker", "hours": "7"}),
        ),
    ),
    Clause(
        "第三部分 简化计算3",
        "有计划的自学",
        "由本人申请、单位评估后授予，全年有上限。",
        source="national",
        parameters=(("每年", "最多 10 学分"),),
        readings=("R20",),
        statements=(Statement("N12", "自学由本人提出，单位综合评估、审核后授予学分。"),),
        examples=(example("单位评估授予 12 学分：封顶 10", {"category": "self_study", "assessed_credits": "12"}),),
    ),
    Clause(
        "第四部分",
        "学分登记和管理",
        "主办单位登记并负主体责任，用人单位授予进修一类学分，省级审核和监管本地区。",
        source="national",
        statements=(
            Statement("N13", "各级卫生健康行政部门、主办单位和用人单位在授予、登记、信息化和监管中各有职责。"),
            Statement("N14", "省级卫生健康委监管本行政区域。"),
            Statement("N15", "主办单位是所办活动的第一责任人。"),
            Statement("N16", "面授项目由主办单位所在省的卫生健康委审核并发证。"),
            Statement("N17", "在外省举办的，举办地省级卫生健康委也进行监督检查。"),
            Statement("N18", "进修一类由单位授予并登记，省级卫生健康委审核后进入个人学习档案。"),
            Statement("N19", "远程项目由国家卫生健康委统一展示，合格者取得证书。"),
            Statement("N20", "主办单位按规定登记信息并接受监管。"),
            Statement("N21", "开班信息至迟在举办前 2 周登记；考勤、考核和预授学分在结束后 2 周内登记。"),
            Statement("N22", "跨省举办的，至迟提前 2 周在国家系统登记，举办地省级卫生健康委检查。"),
        ),
    ),
    Clause(
        "第五部分",
        "附则",
        "基层人员的授予办法由省级另定。",
        source="national",
        statements=(
            Statement("N23", "乡镇卫生院、社区卫生服务机构、村卫生室人员的学分途径和标准，由省级卫生健康委制定。"),
        ),
    ),
)
