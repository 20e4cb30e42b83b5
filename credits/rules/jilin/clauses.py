"""The Jilin detailed rules (draft for comment) clause by clause."""

from credits.rules.provisions import Clause, Statement, example

ACHIEVEMENT = {"category": "achievement"}
THREE_MONTHS = ("满 3 个月", "25 学分")
BY_HOURS = ("不足 3 个月", "每 6 小时 1 学分")

STANDARDS = (
    Clause(
        "一",
        "年度学分要求",
        "每年合计 25 学分，分公需和专业两部分；基层人员不限活动类型。",
        source="jilin",
        parameters=(("年度要求", "25 学分"), ("公需科目", "5 学分"), ("专业科目", "20 学分")),
        readings=("R13", "R39", "R59"),
        statements=(Statement("J1", "基层人员取得学分不受活动类型和形式限制。"),),
        examples=(
            example(
                "专业 30 学分、公需 2 学分：公需不足",
                *({"category": "project", "hours": "30", "project": name} for name in "甲乙丙"),
                {"category": "practice", "hours": "12", "subject": "common"},
            ),
        ),
    ),
    Clause(
        "二(一)",
        "项目",
        "参加者 3 小时、主讲人 1 小时为一个单位，单个项目封顶。",
        source="jilin",
        parameters=(
            ("参加者", "每 3 小时 1 学分"),
            ("主讲人", "每 1 小时 2 学分"),
            ("每个项目", "最多 10 学分"),
            ("远程部分", "最多 3 学分"),
        ),
        readings=("R1", "R6", "R19", "R26", "R27", "R63"),
        statements=(Statement("J2", "项目由国家或省公布，考核合格才授予。"),),
        examples=(example("参加 24 小时", {"category": "project", "hours": "24"}),),
    ),
    Clause(
        "二(二)",
        "进修学习",
        "全年累计满 3 个月且合格记 25 学分，不满按小时计。",
        source="jilin",
        parameters=(THREE_MONTHS, BY_HOURS),
        readings=("R3", "R4", "R16", "R17", "R19", "R31", "R33", "R46"),
        statements=(Statement("J3", "须单位同意并脱产；必须提交结业证，并考核合格。"),),
        examples=(
            example(
                "进修 60 天 143 小时",
                {"category": "study_leave", "hours": "143", "start": "2026-03-02", "end": "2026-04-30"},
            ),
        ),
    ),
    Clause(
        "二(三)",
        "在职学历（学位）教育",
        "学制内全年累计满 3 个月且合格记 25 学分，不满按小时计。",
        source="jilin",
        parameters=(THREE_MONTHS, BY_HOURS),
        readings=("R3", "R4", "R16"),
        statements=(Statement("J4", "须单位同意，在规定学制内，并考核合格。"),),
        examples=(
            example(
                "上课 30 天 65 小时", {"category": "degree", "hours": "65", "start": "2026-03-02", "end": "2026-03-31"}
            ),
        ),
    ),
    Clause(
        "二(四)",
        "有组织的实践活动",
        "参加者 6 小时、主讲人 3 小时为一个单位，不足但满 1 小时按次计。",
        source="jilin",
        parameters=(
            ("参加者", "每 6 小时 1 学分；不足按次 0.2"),
            ("主讲人", "每 3 小时 1 学分；不足按次 0.5"),
            ("每年", "最多 15 学分"),
        ),
        readings=("R2", "R42"),
        statements=(Statement("J5", "形式有手术示范、新技术、多学科诊疗、病例讨论、成果转化、实操培训和学术研讨。"),),
        examples=(example("参加一次 2 小时的讨论", {"category": "practice", "hours": "2"}),),
    ),
    Clause(
        "二(五)",
        "政府指令性任务",
        "全年累计满 3 个月记 25 学分，不满按小时计。",
        source="jilin",
        parameters=(THREE_MONTHS, BY_HOURS),
        readings=("R3", "R4", "R16"),
        statements=(Statement("J6", "指对口帮扶基层、支援欠发达和脱贫地区、援藏援疆援青等。"),),
        examples=(
            example(
                "支援 90 天",
                {"category": "government_task", "hours": "400", "start": "2026-03-02", "end": "2026-05-30"},
            ),
        ),
    ),
    Clause(
        "二(六)",
        "有计划的自学",
        "单位评价后按小时授予，全年封顶。",
        source="jilin",
        parameters=(("标准", "每 6 小时 1 学分"), ("每年", "最多 10 学分")),
        readings=("R1",),
        statements=(Statement("J7", "须单位同意、有年度计划；单位继教部门依可验证因素评价。"),),
        examples=(example("自学 59 小时", {"category": "self_study", "hours": "59"}),),
    ),
    Clause(
        "二(七)",
        "专项培训",
        "全年累计满 3 个月记 25 学分，不满按天计，全年封顶。",
        source="jilin",
        parameters=(
            THREE_MONTHS,
            ("不足 3 个月", "每天 1 学分，每天不少于 6 小时"),
            ("不足 3 个月每年", "最多 15 学分"),
        ),
        readings=("R3", "R4", "R15", "R45", "R46"),
        statements=(Statement("J8", "限省卫生健康委组织或委托的培训，含住培、专培、助理全科、转岗培训。"),),
        examples=(
            example(
                "参加 14 天", {"category": "special_training", "days": 14, "start": "2026-03-02", "end": "2026-03-15"}
            ),
        ),
    ),
    Clause(
        "二(八)",
        "其他：论文、科研、奖励、专利、著作",
        "五类成果由本人申请、单位审核授予；单项达到 25 学分的，当年要求即完成。",
        source="jilin",
        readings=("R28", "R30", "R44"),
        statements=(
            Statement(
                "J9",
                "成果由本人申请、单位审核授予；计入发表、立项、获奖、出版当年；专利须转化，标准、指南、规范须获批。",
            ),
        ),
    ),
    Clause(
        "二(八)1",
        "发表学术论文",
        "发表当年，前三位作者按期刊等级计分；综述减半。",
        source="jilin",
        parameters=(
            ("SCI 期刊", "25、15、10 学分"),
            ("中文核心期刊", "15、10、5 学分"),
            ("普通期刊", "10、5、3 学分"),
            ("综述", "减半"),
        ),
        readings=("R8", "R18", "R44", "R28", "R30"),
        examples=(example("普通期刊第一作者", {**ACHIEVEMENT, "item": "paper", "journal": "ordinary", "rank": 1}),),
    ),
    Clause(
        "二(八)2",
        "科研、教学项目",
        "立项当年，前三位成员按级别计分。",
        source="jilin",
        parameters=(
            ("国家级", "25、20、15 学分"),
            ("省部级", "20、15、10 学分"),
            ("市厅级或行业组织", "15、10、5 学分"),
        ),
        readings=("R8", "R41", "R44"),
        examples=(example("国家级第二位", {**ACHIEVEMENT, "item": "research", "level": "national", "rank": 2}),),
    ),
    Clause(
        "二(八)3",
        "科技、教学成果奖励",
        "获奖当年，前三位完成人按级别和等级计分。",
        source="jilin",
        parameters=(
            ("国家级", "25 学分"),
            ("省部级特等、一等", "25 学分"),
            ("省部级二等、三等", "20、15、10 学分"),
            ("市厅级特等、一等", "20 学分"),
            ("市厅级二等、三等", "15、10、8 学分"),
        ),
        readings=("R21", "R44"),
        examples=(
            example(
                "市厅级一等奖第二位",
                {**ACHIEVEMENT, "item": "award", "level": "municipal", "grade": "first", "rank": 2},
            ),
        ),
    ),
    Clause(
        "二(八)4",
        "专利转化、标准与指南",
        "专利完成转化，或牵头的标准、指南、规范获批。",
        source="jilin",
        parameters=(("每项", "25 学分"),),
        readings=("R44",),
        examples=(example("牵头制定地方标准", {**ACHIEVEMENT, "item": "patent_or_standard"}),),
    ),
    Clause(
        "二(八)5",
        "公开出版著作",
        "出版当年按编者身份计分；编译减半。",
        source="jilin",
        parameters=(("主编", "25 学分"), ("副主编", "20 学分"), ("编委", "10 学分"), ("编译", "减半")),
        readings=("R18", "R44"),
        examples=(example("编委", {**ACHIEVEMENT, "item": "book", "editor": "member"}),),
    ),
    Clause(
        "二(八)末",
        "其他方式与市州自定类型",
        "符合规定的其他方式；市州自定的类型先备案。",
        source="jilin",
        readings=("R20", "R30"),
        statements=(Statement("J10", "市（州）自定类型和标准，报省备案后施行。"),),
        examples=(
            example("某市自定类型评定 3 学分", {"category": "local", "item": "city-type", "assessed_credits": "3"}),
        ),
    ),
)

PRIMARY_CARE = (
    Clause(
        "三",
        "基层人员",
        "全省基层医疗卫生机构的在职人员。",
        source="jilin",
        readings=("R13", "R45"),
        statements=(Statement("J11", "基层人员指基层机构在职专业技术人员和乡村医生，毕业后教育学员除外。"),),
        examples=(
            example(
                "基层机构的在培学员不是对象",
                {"category": "project", "hours": "24"},
                title="junior",
                primary_care=True,
                residency="in_training",
            ),
        ),
    ),
    Clause(
        "三(一)-(三)",
        "基层人员的学习内容",
        "公需科目和专业科目，侧重适宜技术。",
        source="jilin",
        statements=(Statement("J12", "分公需科目和专业科目；专业科目有知识、技能、科技创新三类，侧重适宜技术。"),),
    ),
)

MANAGEMENT = (
    Clause(
        "四(一)",
        "培训平台",
        "全省学分由一个平台管理。",
        source="jilin",
        statements=(Statement("J13", "省内所有学分都在培训平台管理。"),),
    ),
    Clause(
        "四(二)",
        "账号",
        "账号分三类。",
        source="jilin",
        statements=(Statement("J14", "平台设行政部门、单位、个人三类账号。"),),
    ),
    Clause(
        "四(三)",
        "项目举办",
        "谁主办谁负责，同意后举办，结束后报告并核销。",
        source="jilin",
        parameters=(("申请", "举办前 10 个工作日"), ("执行报告", "举办后 20 个工作日内")),
        statements=(
            Statement(
                "J15",
                "提前 10 个工作日在平台申请，同意后举办，其间考勤、考核并登记；"
                "结束后 20 个工作日内报告，审核、核销后发电子证书；备案的外省项目相同。",
            ),
        ),
    ),
    Clause(
        "四(四)",
        "内部培训",
        "先录入，再签到授予。",
        source="jilin",
        statements=(Statement("J16", "内部培训事先在平台添加，人员在平台签到后取得学分。"),),
    ),
    Clause(
        "四(五)",
        "个人申报",
        "本人申请，科室初审，单位审核授予。",
        source="jilin",
        statements=(Statement("J17", "进修、学历、实践、任务、自学由本人申请并附材料，科室初审，单位审核授予。"),),
    ),
    Clause(
        "四(六)",
        "外省项目学分",
        "逐级审核后有效。",
        source="jilin",
        statements=(Statement("J18", "外省项目学分由本人提交材料，单位和卫生健康部门逐级审核后才有效。"),),
    ),
    Clause(
        "四(七)",
        "外省单位来省办班",
        "省内协办单位事先备案。",
        source="jilin",
        parameters=(("备案", "提前 10 个工作日"),),
        statements=(Statement("J19", "外省单位办班由省内协办单位提前 10 个工作日备案，同意后执行，接受省级管理。"),),
    ),
    Clause(
        "四(八)",
        "单位职责",
        "维护、审核、通报。",
        source="jilin",
        statements=(Statement("J20", "单位维护平台信息，及时记录审核，定期查看并通报完成情况。"),),
    ),
    Clause(
        "四(九)",
        "年度审验",
        "由市州负责；部分高校附属医院另行规定。",
        source="jilin",
        parameters=(("审验范围", "上一年 1 月 1 日至 12 月 31 日"),),
        statements=(
            Statement(
                "J21",
                "市州审验上一年度学分；北华、延边、吉林医药学院附属医院归所在市州，吉林大学各医院归其医院管理处。",
            ),
        ),
    ),
    Clause(
        "四(十)",
        "监督",
        "全过程监管，违规暂停。",
        source="jilin",
        parameters=(("暂停项目申报", "1 至 3 年"),),
        statements=(Statement("J22", "弄虚作假、乱授学分的，1 至 3 年暂停项目申报，暂停自办活动的授予资格。"),),
    ),
    Clause(
        "五(一)",
        "施行",
        "发布后施行。",
        source="jilin",
        statements=(Statement("J23", "自发布起施行，2010 年的旧办法不再有效，与本细则不一致的旧规定让位。"),),
    ),
    Clause(
        "五(二)",
        "解释",
        "由省级卫生健康委解释。",
        source="jilin",
        statements=(Statement("J24", "解释权在省卫生健康委。"),),
    ),
)

CLAUSES: tuple[Clause, ...] = STANDARDS + PRIMARY_CARE + MANAGEMENT
