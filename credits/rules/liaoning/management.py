"""Section 四 of the Liaoning plan: registration and management of credits."""

from credits.rules.provisions import Clause, Statement

MANAGEMENT_CLAUSES: tuple[Clause, ...] = (
    Clause(
        "四(一)[1]",
        "项目登记",
        "主办单位在省系统登记开班和执行情况，逐级审核后授予。",
        source="liaoning",
        parameters=(
            ("开班登记", "举办 1 周前"),
            ("执行登记", "结束后 2 周内"),
            ("外省主办面授项目登记", "举办 2 周前"),
            ("外省证书上传", "取得当年 12 月 31 日前（含当日）"),
        ),
        statements=(
            Statement(
                "L18", "举办 1 周前登记开班，结束后 2 周内登记考勤、考核和预授学分；主办单位先审，再逐级审核授予。"
            ),
            Statement("L19", "到外省举办的，同时受举办地省级卫生健康委监督。"),
            Statement("L20", "外省机构主办的面授项目，协办单位须是本省机构，由其提前 2 周登记。"),
            Statement("L21", "外省项目证书于取得当年在“省外学分”模块上传，单位审核后逐级审核授予。"),
        ),
    ),
    Clause(
        "四(一)2",
        "远程项目",
        "学习过程可验证，学习结果从严审核。",
        source="liaoning",
        statements=(
            Statement("L22", "远程学习须可验证、从严审结果、保护数据；预授学分经省级及以上继教管理部门审核才算数。"),
        ),
    ),
    Clause(
        "四(一)3",
        "学员须完成的三个环节",
        "考勤、评价、考试缺一不可。",
        source="liaoning",
        parameters=(("考勤", "每天至少 2 次"), ("满意度评价", "学习结束后完成"), ("考试合格线", "原则上 80%")),
        statements=(
            Statement("L23", "三项都完成才授予：每天考勤至少两次，完成满意度评价，考试合格（原则上 80% 以上）。"),
        ),
    ),
    Clause(
        "四(二)1",
        "其他活动：登记范围",
        "项目以外各类活动都在此登记。",
        source="liaoning",
        statements=(Statement("L24", "进修、学历、实践、任务、自学和其他方式均须登记。"),),
    ),
    Clause(
        "四(二)2",
        "其他活动：登记时间",
        "次年 1 月底截止。",
        source="liaoning",
        parameters=(("截止", "次年 1 月 31 日"),),
        statements=(Statement("L25", "登记至迟在次年一月底完成。"),),
    ),
    Clause(
        "四(二)3",
        "其他活动：登记材料",
        "须有单位认可的证明。",
        source="liaoning",
        statements=(Statement("L26", "材料由单位认可，例如协议、结业证、派遣文件、论文、著作。"),),
    ),
    Clause(
        "四(二)4",
        "其他活动：登记方式",
        "本人上传；实践活动由组织单位录入并考勤。",
        source="liaoning",
        parameters=(("实践活动考勤", "每天至少 1 次"),),
        statements=(Statement("L27", "材料由学员上传；实践活动由组织单位录入，每天考勤至少一次。"),),
    ),
    Clause(
        "四(二)5",
        "其他活动：审核",
        "单位审核后逐级审核。",
        source="liaoning",
        statements=(Statement("L28", "先由单位审核，再逐级报卫生健康行政部门审核授予。"),),
    ),
    Clause(
        "四(三)",
        "监督管理",
        "全过程监管，违规单位暂停申报。",
        source="liaoning",
        parameters=(("不受理项目申报", "1 至 3 年"),),
        statements=(
            Statement("L29", "以随机抽查、匿名评教、数据预警监管全过程，重点看规范、合规、经费和实效。"),
            Statement("L30", "弄虚作假或违规授予的单位，1 至 3 年内不受理项目申报，并依法处理。"),
        ),
    ),
)
