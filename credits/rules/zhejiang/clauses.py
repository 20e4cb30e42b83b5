"""Zhejiang's questions and answers, in force since 15 July 2025; the rows of the table of credits are in ``table``."""

from credits.rules.provisions import Clause, Statement, example
from credits.rules.zhejiang.table import TABLE_CLAUSES

SUBJECTS = (
    Clause(
        "一",
        "对象",
        "在职的各类卫生专业技术人员，毕业后医学教育学员除外。",
        source="zhejiang",
        statements=(Statement("Z1", "对象是在职的医、护、药、技、中医专长和乡村医生等人员，毕业后教育学员除外。"),),
    ),
    Clause(
        "一1",
        "住培、专培学员",
        "在培期间不是对象；结业考核通过的，自次年起是对象。",
        source="zhejiang",
        readings=("R37", "R45"),
        statements=(Statement("Z2", "住培、专培期间不计要求，通过结业考核的从下一年起纳入。"),),
        examples=(
            example(
                "2026 年结业的学员，当年不是对象",
                {"category": "project", "hours": "24"},
                title="junior",
                residency={"completed": "2026-06-30"},
            ),
        ),
    ),
    Clause(
        "一2",
        "未取得执业资格",
        "没有执业资格的不是对象。",
        source="zhejiang",
        readings=("R37",),
        statements=(Statement("Z3", "没有取得执业资格的人员不纳入。"),),
        examples=(example("尚未取得执业资格", {"category": "project", "hours": "24"}, licensed=False),),
    ),
    Clause(
        "二",
        "基层机构",
        "乡镇、村和社区的医疗卫生机构。",
        source="zhejiang",
        statements=(Statement("Z4", "基层指乡镇卫生院、村卫生室、社区卫生服务中心和站等。"),),
    ),
    Clause(
        "二1",
        "基层：公需科目",
        "基层人员不要求最低公需学分。",
        source="zhejiang",
        readings=("R12",),
        examples=(
            example(
                "基层初级人员，没有公需学分",
                {"category": "project", "hours": "30", "project": "甲"},
                {"category": "project", "hours": "30", "project": "乙"},
                {"category": "self_study", "assessed_credits": "5"},
                title="junior",
                primary_care=True,
            ),
        ),
    ),
    Clause(
        "二2",
        "基层：内部培训",
        "基层人员内部培训的年度上限较高。",
        source="zhejiang",
        parameters=(("基层内部培训每年", "最多 20 学分"),),
        readings=("R24",),
        examples=(
            example(
                "基层人员参加 40 次实践培训",
                {"category": "internal_training", "item": "hands_on", "count": 40},
                primary_care=True,
            ),
        ),
    ),
    Clause(
        "二3",
        "远程平台",
        "远程项目集中在省平台。",
        source="zhejiang",
        statements=(Statement("Z5", "远程项目都在省远程培训平台，选课和学分一处办理。"),),
    ),
)

RULES = (
    Clause(
        "三",
        "年度要求",
        "每年合计达到 25 学分。",
        source="zhejiang",
        parameters=(("年度要求", "25 学分"),),
        readings=("R39", "R43", "R59"),
        examples=(
            example(
                "两个项目各 30 小时、公需科目自学 5 学分，正好 25",
                {"category": "project", "hours": "30", "project": "甲"},
                {"category": "project", "hours": "30", "project": "乙"},
                {"category": "self_study", "assessed_credits": "5", "subject": "common"},
            ),
        ),
    ),
    Clause(
        "三1",
        "与 90 学时的关系",
        "满 25 学分即可，不换算学时。",
        source="zhejiang",
        readings=("R59",),
        statements=(Statement("Z6", "25 学分等同人社部门的 90 学时要求，不再换算。"),),
    ),
    Clause(
        "三2",
        "公需科目",
        "按职称规定公需学分的下限；学分年度为 1 月至 12 月。",
        source="zhejiang",
        parameters=(("初级（含士）", "不少于 10 学分"), ("中级", "不少于 5 学分"), ("高级", "不少于 3 学分")),
        readings=("R12", "R43"),
        statements=(Statement("Z7", "学分年度自一月至十二月。"),),
        examples=(
            example(
                "中级人员公需 5 学分、专业 20 学分",
                {"category": "project", "hours": "15", "subject": "common"},
                {"category": "project", "hours": "30", "project": "甲"},
                {"category": "project", "hours": "30", "project": "乙"},
            ),
        ),
    ),
    Clause(
        "三2 说明",
        "一次性 25 学分",
        "单个活动本身达到 25 学分的，当年要求即完成，不再要求公需科目。",
        source="zhejiang",
        readings=("R11", "R12", "R28", "R30"),
        examples=(
            example("SCI 论文第一作者", {"category": "achievement", "item": "paper", "journal": "sci", "rank": 1}),
        ),
    ),
    Clause(
        "三3",
        "面授与远程",
        "不规定面授、远程的比例。",
        source="zhejiang",
        readings=("R6", "R63"),
        statements=(Statement("Z8", "面授和远程学分不设比例。"),),
        examples=(
            example(
                "三个远程项目",
                *({"category": "project", "delivery": "remote", "hours": "9", "project": name} for name in "甲乙丙"),
            ),
        ),
    ),
    Clause(
        "补学",
        "学分补学",
        "长期不能到岗的，可以申请次年补学。",
        source="zhejiang",
        readings=("R54",),
        parameters=(("申请", "当年内"), ("补学", "次年内")),
        statements=(
            Statement("Z9", "因不可抗拒的原因长期缺勤的，当年在系统申请；单位核实提交，同级卫生健康部门备案。"),
        ),
    ),
    Clause(
        "补学 例",
        "补学举例",
        "次年除本年 25 学分外，补足上年所缺；补的学分归入上年。",
        source="zhejiang",
        readings=("R54",),
        statements=(Statement("Z10", "次年既要完成本年 25 学分，也要补上所缺学分；补的学分自动计入所缺年度。"),),
        examples=(
            example(
                "2026 年只有 10 学分，2027 年补 15 学分",
                {"category": "project", "hours": "30", "start": "2026-03-02", "end": "2026-03-05"},
                {
                    "category": "project",
                    "hours": "30",
                    "project": "甲",
                    "subject": "common",
                    "start": "2027-03-02",
                    "end": "2027-03-05",
                    "makes_up": 2026,
                },
                {
                    "category": "project",
                    "hours": "15",
                    "project": "乙",
                    "start": "2027-04-02",
                    "end": "2027-04-03",
                    "makes_up": 2026,
                },
            ),
        ),
    ),
    Clause(
        "学分互认",
        "学分互认",
        "各医学专业的学分通用。",
        source="zhejiang",
        statements=(Statement("Z11", "所有医学专业之间的学分互相承认。"),),
    ),
    Clause(
        "公需科目",
        "公需科目的内容",
        "内容依本省实施办法，与人社部门的公需科目不同。",
        source="zhejiang",
        statements=(
            Statement("Z12", "内容见实施办法第十一条；由单位组织或卫生健康部门公布，省级课程在“浙卫培训学习平台”。"),
        ),
    ),
    Clause(
        "内部培训1",
        "内部培训：对象",
        "面向本单位和所在医联体。",
        source="zhejiang",
        statements=(
            Statement(
                "Z13", "单位自办，授予本单位和医共体、医联体、医疗集团人员；单位可订细则，牵头单位维护成员名单。"
            ),
        ),
    ),
    Clause(
        "内部培训2",
        "内部培训：报备",
        "县级及以下单位事先报备。",
        source="zhejiang",
        statements=(
            Statement("Z14", "县级及以下单位通过系统事先向县级卫生健康局报备；按年或按季由县定，并由县督查。"),
        ),
    ),
    Clause(
        "可验证自学",
        "可验证自学的三个环节",
        "事前计划、事中进度、事后评估。",
        source="zhejiang",
        parameters=(("计划", "第一季度"), ("进度", "年度中期"), ("评估", "第四季度")),
        readings=("R19", "R20"),
        statements=(
            Statement(
                "Z15", "一季度交计划（时间、内容、形式、指标），单位同意后开展；年中报进度；四季度单位评估授予。"
            ),
        ),
        examples=(
            example(
                "一份计划评估授予 6 学分，另一份评估不合格",
                {"category": "self_study", "assessed_credits": "6"},
                {"category": "self_study", "assessed_credits": "4", "passed": False},
            ),
        ),
    ),
    Clause(
        "2025",
        "2025 年的认定",
        "7 月 15 日起按新办法；此前已满的即合格。",
        source="zhejiang",
        parameters=(("施行", "2025-07-15"),),
        readings=("R55",),
        statements=(
            Statement(
                "Z16",
                "2025 年 7 月 15 日施行，此前修满的认定合格；首次纳入的初级人员当年标准由单位定；单位尽快录入全员。",
            ),
        ),
        examples=(
            example(
                "7 月 15 日前已满 25 学分",
                {"category": "project", "hours": "30", "project": "甲", "start": "2025-03-03", "end": "2025-03-06"},
                {"category": "project", "hours": "30", "project": "乙", "start": "2025-04-03", "end": "2025-04-06"},
                {"category": "project", "hours": "15", "project": "丙", "start": "2025-05-06", "end": "2025-05-07"},
                year=2025,
            ),
        ),
    ),
)

CLAUSES: tuple[Clause, ...] = SUBJECTS + RULES + TABLE_CLAUSES
