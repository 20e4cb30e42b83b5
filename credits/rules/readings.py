"""Readings: what the texts leave open, how the portal reads it, and what else a commission could choose.

A reading with `choices` is a setting of every regulation: `regulation.amended(readings={"partial_units": "prorate"})` changes
it in one line, for good or for a trial on real entries. The first choice is the reading in force. A reading without choices
is either a figure in a province's standards (its clause there names the reading) or fixed by the assessment contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Reading:
    """One open question and its answer.

    number: "R1" and so on, as explanations cite it. choices: value to the Chinese sentence a practitioner is told;
    `sentence` where there is nothing to choose.
    """

    number: str
    question: str
    sentence: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


SETTINGS: Final[Mapping[str, Reading]] = {
    "partial_units": Reading(
        "R1",
        "学时不满一个计分单位怎样计算",
        choices={
            "discard": "只计完整单位，余下的不计学分",
            "prorate": "余下的按比例计算，截取到 0.1 学分",
        },
    ),
    "practice_remainder": Reading(
        "R2",
        "实践活动满一个单位以后余下的时间怎样计算",
        choices={
            "discard": "单次满一个单位的只计完整单位，余下的不计；不满一个单位但满 1 小时的按单次授予，不满 1 小时的不计",
            "prorate": "单次满一个单位后，余下的按比例计算，截取到 0.1 学分；不满一个单位但满 1 小时的按单次授予",
        },
    ),
    "three_months": Reading(
        "R3",
        "怎样算满 3 个月",
        choices={
            "calendar_or_days": "一次连续满三个整月，或者当年同类合格经历累计 90 天，即为满 3 个月",
            "days": "当年同类合格经历累计 90 天，即为满 3 个月",
        },
    ),
    "overlapping_days": Reading(
        "R3",
        "几次经历日期重叠怎样累计",
        choices={"once": "日期重叠的只计一次", "each": "各次经历的天数分别累计"},
    ),
    "accumulated_credits": Reading(
        "R4",
        "满 3 个月时这一类计多少学分",
        choices={
            "exactly": "满 3 个月的，这一类当年共计 25.0 学分，按各次在本年度内的天数分摊",
            "at_least": "满 3 个月的，这一类当年不少于 25.0 学分；按时间计算更多的，按时间计算",
        },
    ),
    "hours_over_months": Reading(
        "R5",
        "跨月的学时怎样归入各月",
        choices={
            "each_month": "学时按在本年度内的天数分到各月，各月只计完整单位，再按每月上限计",
            "carry": "学时按在本年度内的天数分到各月，不满一个单位的并入下月，再按每月上限计",
        },
    ),
    "project_parts": Reading(
        "R6",
        "同一项目既参加又主讲怎样封顶",
        choices={
            "together": "每个项目最多 10 学分，其中远程部分最多 3 学分；同一项目编号的参加和主讲合并计算",
            "by_role": "每个项目最多 10 学分，其中远程部分最多 3 学分；同一项目编号的参加和主讲分别计算",
        },
    ),
    "partial_words": Reading(
        "R10",
        "字数不满一个计分单位怎样计算",
        choices={
            "discard": "每次只计完整单位，余下的字数不计学分",
            "prorate": "余下的字数按比例计算，截取到 0.1 学分",
        },
    ),
    "split_in_a_full_year": Reading(
        "R12",
        "一次取得全年学分后是否还要求公需科目和专业科目",
        choices={
            "waived": "一次取得 25 学分的，视为完成当年要求，不再另外要求公需科目和专业科目",
            "asked": "一次取得 25 学分的，仍须分别达到公需科目和专业科目的要求",
        },
    ),
    "assessed_figures": Reading(
        "R20",
        "审核学分怎样取小数",
        choices={"cut": "审核学分截取到 0.1", "round": "审核学分四舍五入到 0.1"},
    ),
    "published_figure": Reading(
        "R27",
        "同一项目多次参加，公布学分授予几次",
        choices={
            "once": "公布学分代替按学时计算，同一项目编号只授予一次；另有主讲标准的，主讲部分另计",
            "each_time": "公布学分代替按学时计算，每次参加都授予，仍受项目上限限制；另有主讲标准的，主讲部分另计",
        },
    ),
    "full_year_by": Reading(
        "R28",
        "多项合并填报能否视为一次取得全年学分",
        choices={
            "occurrence": "单独一项达到 25 学分才视为完成当年要求，几项相加不算",
            "entry": "合并填报的几项合计达到 25 学分，也视为完成当年要求",
        },
    ),
    "undated": Reading(
        "R39",
        "没有日期的活动排在哪里",
        choices={"last": "没有日期的活动排在有日期的之后", "first": "没有日期的活动排在有日期的之前"},
    ),
}

# Readings whose answer is a figure in a province's standards, or part of the contract.
NOTES: Final[tuple[Reading, ...]] = (
    Reading(
        "R7",
        "授课或带教每年最多 5 学分是否也限制指导医师带教",
        "5 学分的上限只限制授课或带教；指导医师带教只受自学类全年上限限制",
    ),
    Reading("R8", "学分区间怎样对应排名", "排名每后一位减一档；超出所列排名的不授予学分"),
    Reading("R9", "获奖学分区间怎样对应等级", "按获奖等级逐级递减，特等奖与一等奖相同"),
    Reading("R11", "论文、课题等是否封顶", "累计不封顶；单独一项达到 25 学分的视为完成当年要求"),
    Reading("R13", "公需科目 5 分、专业科目 20 分怎样要求", "两部分都要达到；基层医疗卫生机构同样要求"),
    Reading("R14", "在职学历教育怎样算完成", "当年通过学校考核的计 25.0 学分，每年一次；没有通过的不计"),
    Reading("R15", "不满 3 个月的外出进修和专项培训怎样计算", "每天（不少于 6 小时）计 1 学分，该类全年最多 15 学分"),
    Reading("R16", "不满 3 个月的进修、学历教育、任务是否封顶", "按学时计算，原文没有上限，这里也不设上限"),
    Reading("R17", "专项培训归入哪一类", "专项培训按进修学习计算"),
    Reading("R18", "减半怎样计算", "按表中学分的一半计，保留到 0.1"),
    Reading("R19", "考核没有通过怎样计算", "考核没有通过的不授予学分，时间也不累计"),
    Reading(
        "R21", "奖励怎样按等级和排名授予", "国家级奖励不分等级；特等奖、一等奖前三名相同；二等奖、三等奖按排名递减"
    ),
    Reading("R22", "区级项目怎样计算", "区级项目按公布的学分计；没有公布学分、只有学时的，按统一标准计"),
    Reading("R23", "市级项目怎样计算", "市级项目按公布的学分计，不按学时折算，也没有单独的主讲标准"),
    Reading("R24", "内部培训怎样计算", "按场次授予；该类全年最多 15 学分，基层医疗卫生机构最多 20 学分"),
    Reading("R25", "哪些上限计入应得学分", "应得学分只受单个项目上限和每月上限限制，全年上限只影响计入学分"),
    Reading("R26", "同一项目既有面授又有远程怎样封顶", "远程部分先受远程上限限制，再与面授部分合并受项目上限限制"),
    Reading("R30", "怎样算一次取得全年学分", "满 3 个月的经历、通过考核的在职学历教育，或者单独一项达到 25 学分"),
    Reading("R31", "跨年经历的学时、天数和月数怎样填", "跨年的按年度分别计算，只填本年度内的学时、天数和月数"),
    Reading(
        "R32", "全年学分怎样分摊到几次经历", "按各次在本年度内的天数分摊到 0.1 学分，余数多的先得，相同的时间早的先得"
    ),
    Reading(
        "R33",
        "跨年经历的学时和天数怎样核对",
        "跨年经历的学时和天数与整段时间核对，每天不超过 24 小时",
    ),
    Reading(
        "R34",
        "没有对应日期的月份怎样算满月",
        "没有对应日期的，到该月最后一天为止，例如 1 月 31 日至 4 月 29 日为满三个整月",
    ),
    Reading("R37", "不是继续医学教育对象的人员是否计算学分", "仍计算并显示学分，但不判断当年是否达标"),
    Reading("R40", "综述是否减半", "论文和综述标准相同，不减半"),
    Reading("R41", "没有列出的级别怎样计算", "没有列出的级别不能填报"),
    Reading("R42", "多次活动合并填报怎样计算", "填写每一次的小时数，按每一次计算后乘以次数"),
    Reading("R43", "是否要求专业科目最低学分", "不另外要求专业科目的最低学分"),
    Reading(
        "R44",
        "吉林的论文、课题、奖励等怎样计算",
        "与浙江同类活动相同，累计不封顶，位次、减半和一次取得全年学分的口径一致",
    ),
    Reading("R45", "住培、专培人员是否要求学分", "培训期间和结业当年不要求学分"),
    Reading("R46", "专项培训和进修学习怎样区分", "省卫生健康委组织或委托组织的按专项培训计，其他的按进修学习计"),
    Reading("R48", "授课的一个学时是多长", "满 1 小时计 1 学时"),
    Reading("R49", "多篇（次）字数不同的成果合并填报怎样计算", "每一篇先取完整单位，再乘以篇数"),
    Reading("R51", "考核没有通过的经历是否累计时间", "各类活动考核没有通过的都不授予学分，时间也不累计"),
    Reading("R52", "一年内两个在职学历教育怎样计算", "每年只计一次 25.0 学分"),
    Reading("R53", "年内职称、单位变动怎样处理", "按当年 12 月 31 日的情况计算，年度未结束的按当天"),
    Reading("R54", "补学的学分计入哪一年", "补学的活动只计入所补的年度，不计入其他年度"),
    Reading("R55", "2025 年度的公需科目怎样要求", "2025 年 7 月 15 日前结束的活动已满 25 学分的，当年不再要求公需科目"),
    Reading("R57", "区级远程项目怎样封顶", "与其他远程项目相同，每个项目最多 3 学分"),
    Reading("R59", "90 学时是否单独要求", "满 25 学分即视为满 90 学时，不单独计算"),
    Reading("R62", "公需科目是否限定活动类型", "各类活动都可以属于公需科目，按封顶以后的学分计"),
    Reading("R63", "项目以外的活动选择远程是否影响学分", "远程上限只用于项目，其他活动选择远程不影响学分"),
)

NUMBERED: Final[Mapping[str, Reading]] = {note.number: note for note in NOTES}
DEFAULTS: Final[Mapping[str, str]] = {name: next(iter(reading.choices)) for name, reading in SETTINGS.items()}
