"""The rows of Zhejiang's table of credits (附件); a clause is cited by the name of its row."""

from credits.rules.provisions import Clause, Statement, example

PROJECT_PARAMETERS = (
    ("参加者", "每 3 小时 1 学分"),
    ("主讲人", "每 1 小时 2 学分"),
    ("每个项目", "最多 10 学分（口径 R6）"),
    ("远程部分", "最多 3 学分（口径 R6）"),
)
AWAY_PARAMETERS = (
    ("满 3 个月", "25 学分"),
    ("不足 3 个月", "每天 1 学分，每天不少于 6 小时"),
    ("不足 3 个月每年", "最多 15 学分"),
)
BY_SYSTEM = Statement(
    "Z23", "按录入类别由系统授予，计入发表、立项、获奖、转化合同、批准或首次出版的当年；通讯作者按第一作者。"
)
BOOK = {"category": "achievement", "item": "book"}

TABLE_CLAUSES: tuple[Clause, ...] = (
    Clause(
        "附件",
        "学分授予与计算表",
        "按类别列出授予要求、计算方式和授予方式。论文、科研、奖励、专利、著作累计不封顶，靠几项相加达到 25 的仍须公需学分。",
        source="zhejiang",
        readings=("R11", "R28", "R30"),
    ),
    Clause(
        "附件 继续医学教育项目",
        "项目",
        "以公布的项目和学分为准，各项目合计不设上限；单个项目的上限原文未写，按国家办法计。",
        source="zhejiang",
        parameters=PROJECT_PARAMETERS,
        readings=("R1", "R6", "R26", "R27"),
        statements=(
            Statement("Z17", "只认公布的项目和学分数；主办单位登记，省级核销后授予；高级研修限人社部门批准的项目。"),
        ),
        examples=(example("参加 24 小时", {"category": "project", "hours": "24"}),),
    ),
    Clause(
        "附件 内部培训",
        "内部培训",
        "理论和实践培训按次计，两者合计封顶。",
        source="zhejiang",
        parameters=(
            ("理论：参加者、主讲人", "每次 0.2、0.5 学分"),
            ("实践：参加者、主讲人", "每次 0.5、1.0 学分"),
            ("每年", "最多 15 学分；基层 20 学分"),
        ),
        readings=("R24",),
        statements=(Statement("Z18", "由组织单位登记并授予。"),),
        examples=(
            example(
                "理论 10 次、主讲实践 3 次",
                {"category": "internal_training", "count": 10},
                {"category": "internal_training", "item": "hands_on", "role": "speaker", "count": 3},
            ),
        ),
    ),
    Clause(
        "附件 外出进修（任务）",
        "外出进修（任务）",
        "进修和指令性任务合并累计，满 3 个月记 25 学分，不满按天计。",
        source="zhejiang",
        parameters=AWAY_PARAMETERS,
        readings=("R3", "R4", "R15", "R19", "R32"),
        statements=(
            Statement(
                "Z19",
                "须单位同意并脱产，去上级单位或国（境）外，或执行援外、支援、疫情、救援任务；本人申请、单位审核授予。",
            ),
        ),
        examples=(
            example("进修 14 天", {"category": "study_leave", "days": 14, "start": "2026-03-02", "end": "2026-03-15"}),
        ),
    ),
    Clause(
        "附件 外出进修（任务） 跨年",
        "外出进修：跨年",
        "跨年的按年度分别计算，不能任选一年。",
        source="zhejiang",
        readings=("R31", "R33"),
        examples=(
            example(
                "2025 年 12 月至 2026 年 2 月进修，看 2026 年",
                {"category": "study_leave", "days": 40, "start": "2025-12-01", "end": "2026-02-28"},
            ),
        ),
    ),
    Clause(
        "附件 在职学历（学位）教育",
        "在职学历（学位）教育",
        "通过学校规定的考核，记 25 学分。",
        source="zhejiang",
        parameters=(("通过考核", "25 学分"),),
        readings=("R14", "R52"),
        statements=(Statement("Z20", "须单位同意；以学校自己的考核为准；本人申请、单位授予。"),),
        examples=(example("当年考核通过", {"category": "degree", "start": "2026-03-01", "end": "2026-12-31"}),),
    ),
    Clause(
        "附件 高级研修项目",
        "高级研修项目",
        "与继续医学教育项目同样计算。",
        source="zhejiang",
        parameters=PROJECT_PARAMETERS,
        readings=("R1", "R6", "R27"),
        examples=(example("参加 12 小时", {"category": "project", "item": "senior_seminar", "hours": "12"}),),
    ),
    Clause(
        "附件 专项培训",
        "专项培训",
        "满 3 个月记 25 学分，不满按天计，单独封顶。",
        source="zhejiang",
        parameters=AWAY_PARAMETERS,
        readings=("R3", "R4", "R15"),
        statements=(Statement("Z21", "限国家、省级组织的培训；由省级登记并授予。"),),
        examples=(
            example(
                "参加 12 天", {"category": "special_training", "days": 12, "start": "2026-03-02", "end": "2026-03-13"}
            ),
        ),
    ),
    Clause(
        "附件 可验证自学",
        "可验证自学",
        "单位按三个环节的验证结果评估授予。",
        source="zhejiang",
        parameters=(("每年", "最多 10 学分"),),
        readings=("R20",),
        statements=(Statement("Z22", "由单位依评估结果授予。"),),
        examples=(example("评估授予 9.9 学分", {"category": "self_study", "assessed_credits": "9.9"}),),
    ),
    Clause(
        "附件 发表学术论文",
        "发表学术论文",
        "发表当年，前三位作者按期刊等级计分；综述减半。",
        source="zhejiang",
        parameters=(
            ("SCI 期刊", "25、15、10 学分"),
            ("中文核心期刊", "15、10、5 学分"),
            ("普通期刊", "10、5、3 学分"),
            ("综述", "减半"),
        ),
        readings=("R8", "R11", "R18", "R28", "R30"),
        statements=(BY_SYSTEM,),
        examples=(
            example(
                "核心期刊综述第二作者",
                {"category": "achievement", "item": "paper", "journal": "core", "rank": 2, "review": True},
            ),
        ),
    ),
    Clause(
        "附件 获批科研、教学项目",
        "获批科研、教学项目",
        "立项当年，前三位成员按级别计分。",
        source="zhejiang",
        parameters=(
            ("国家级", "25、20、15 学分"),
            ("省部级", "20、15、10 学分"),
            ("市厅级或省级以上行业组织", "15、10、5 学分"),
        ),
        readings=("R8", "R11", "R41"),
        examples=(
            example("省部级第二位", {"category": "achievement", "item": "research", "level": "provincial", "rank": 2}),
        ),
    ),
    Clause(
        "附件 获得科技、教学成果奖励",
        "获得科技、教学成果奖励",
        "获奖当年，前三位完成人按级别和等级计分。",
        source="zhejiang",
        parameters=(
            ("国家级", "25 学分"),
            ("省部级特等、一等", "25 学分"),
            ("省部级二等、三等", "20、15、10 学分"),
            ("市厅级特等、一等", "20 学分"),
            ("市厅级二等、三等", "15、10、8 学分"),
        ),
        readings=("R11", "R21"),
        examples=(
            example(
                "省部级二等奖第二位",
                {"category": "achievement", "item": "award", "level": "provincial", "grade": "second", "rank": 2},
            ),
        ),
    ),
    Clause(
        "附件 获授权职务发明专利并完成转化",
        "专利转化、标准与指南",
        "专利完成转化，或牵头的标准、指南获批，按当年计分。",
        source="zhejiang",
        parameters=(("每项", "25 学分"),),
        readings=("R11",),
        examples=(example("牵头制定行业标准", {"category": "achievement", "item": "patent_or_standard"}),),
    ),
    Clause(
        "附件 公开出版",
        "公开出版著作",
        "首次出版当年按编者身份计分；编译作品减半。",
        source="zhejiang",
        parameters=(("主编", "25 学分"), ("副主编", "20 学分"), ("编委", "10 学分"), ("编译", "减半")),
        readings=("R11", "R18"),
        examples=(example("编译著作的主编", {**BOOK, "editor": "chief", "translated": True}),),
    ),
    Clause(
        "附件 各市",
        "各市自定类型",
        "各市可以规定其他类型和标准。",
        source="zhejiang",
        readings=("R20", "R30"),
        statements=(Statement("Z24", "各市卫生健康委可另定类型和标准。"),),
        examples=(
            example("某市自定类型评定 3 学分", {"category": "local", "item": "city-type", "assessed_credits": "3"}),
        ),
    ),
)
