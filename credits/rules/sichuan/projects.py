"""Section 三 of the Sichuan guide: projects, their application and how they are held."""

from credits.rules.provisions import Clause, Statement, example

PROJECT_CLAUSES: tuple[Clause, ...] = (
    Clause(
        "三",
        "继续医学教育项目",
        "国家级和省级的推荐、推广项目，面授或远程。",
        source="sichuan",
        statements=(Statement("S2", "目标、考核和时间明确的活动，分国家级和省级、推荐和推广、面授和远程。"),),
    ),
    Clause(
        "三(一)",
        "项目：标准",
        "参加者 3 小时、主讲人 1 小时为一个单位，单个项目封顶。",
        source="sichuan",
        parameters=(
            ("参加者", "每 3 小时 1 学分"),
            ("主讲人", "每 1 小时 2 学分"),
            ("面授项目", "最多 10 学分"),
            ("远程项目", "最多 3 学分"),
        ),
        readings=("R1", "R6", "R19", "R26", "R27", "R63"),
        examples=(
            example(
                "面授 31 小时与远程 20 小时各一项",
                {"category": "project", "hours": "31"},
                {"category": "project", "delivery": "remote", "hours": "20"},
            ),
        ),
    ),
    Clause(
        "三(二)1(1)",
        "国家级推荐项目申报",
        "单位申报，市级和省级推荐，国家公布。",
        source="sichuan",
        statements=(
            Statement("S3", "国家发布要求，单位申报，市级审核推荐，省级择优，国家遴选公布；省直等单位直接报省级。"),
        ),
    ),
    Clause(
        "三(二)1(2)",
        "省级推荐项目申报",
        "单位申报，市级推荐，省级公布。",
        source="sichuan",
        statements=(Statement("S4", "省级发布要求，单位申报，市级审核推荐，省级遴选公布；省直等单位直接报省级。"),),
    ),
    Clause(
        "三(二)1(3)",
        "省级推广项目",
        "省级征集需求并定指南，单位申报。",
        source="sichuan",
        statements=(Statement("S5", "省级征集需求、定指南、发通知，单位申报，省级公布；举办和授分同推荐面授项目。"),),
    ),
    Clause(
        "三(二)1(4)",
        "外省项目来省举办",
        "主办单位备案，举办地和省继教办审核。",
        source="sichuan",
        statements=(
            Statement("S6", "主办单位填报备案表、通知、日程；举办地市级审核上传盖章件，省继教办审核后反馈盖章件。"),
        ),
    ),
    Clause(
        "三(二)2",
        "项目实施：登记",
        "主办单位登记项目信息。",
        source="sichuan",
        parameters=(("跨省举办", "2 周前在国家系统登记"),),
        statements=(
            Statement("S7", "主办单位登记编号、名称、日期、形式、学分和考核结果。"),
            Statement("S8", "国家级面授项目在国家和省两个系统登记，省级面授项目只在省系统。"),
            Statement("S9", "跨省举办的面授项目，至迟提前 2 周在国家系统登记。"),
        ),
    ),
    Clause(
        "三(二)2(1)",
        "项目实施：国家系统",
        "举办前登记，举办后登记执行情况。",
        source="sichuan",
        parameters=(("登记", "举办 2 周前"), ("执行情况", "结束后 2 周内")),
        statements=(
            Statement("S10", "提前 2 周登记，结束后 2 周内登记考勤、考核和预授学分，省继教办审核授予、发证。"),
        ),
    ),
    Clause(
        "三(二)2(2)",
        "项目实施：省系统",
        "计划和结果都要审核，省继教办复核授予。",
        source="sichuan",
        parameters=(("计划", "举办 2 周前"), ("执行情况", "结束后 2 周内")),
        statements=(
            Statement(
                "S11",
                "提前 2 周报计划，结束后 2 周内报执行情况，市级各审一次，省继教办复核授予；省直等单位的计划自行审核。",
            ),
            Statement(
                "S12", "参加省外面授项目的，本人交材料，单位录入，市级审核，省继教办复核入档；举办按外省要求备案。"
            ),
            Statement("S13", "远程项目由主办单位考核合格后授予并录入，市级审核监管，省继教办复核入档。"),
        ),
    ),
)
