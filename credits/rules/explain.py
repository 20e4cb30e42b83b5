"""Why a line counts what it counts: one sentence a step, in the order in which the figure comes about.

Rate and result, the readings it rests on, what brings a full year, each cap with what was left of it. The figures are those
of the walk; only what a cap has taken in before a line is added up again here.
"""

from collections.abc import Sequence
from decimal import Decimal

from credits.rules.facts import Activity
from credits.rules.outcome import Result, Settled, Step, new_step
from credits.rules.sentences import SHOWN, plain, rate_in_words
from credits.rules.stays import length
from credits.rules.wording import Steps, Wording, explainer


def explain_year(result: Result, year: int) -> list[Steps]:
    """The steps of every line, in the order of the walk."""
    return _Year(result, year).told()


class _Year:
    """One year being told, with what its shared caps have taken in so far."""

    def __init__(self, result: Result, year: int) -> None:
        self.year = year
        self.walk = result.walk
        self.words = explainer(result.rulebook.regulation)
        self.limits = result.rulebook.limits_for(result.person)
        self.used = [0] * len(self.limits)
        self.projects: dict[str | None, int] = {}
        self.settled = {
            position: (settled, place)
            for settled in result.walk.settled
            for place, position in enumerate(settled.positions)
        }

    def told(self) -> list[Steps]:
        walk, wordings, year = self.walk, self.words.wordings, self.year
        lines = []
        steps: Steps
        for position, activity in enumerate(walk.ordered):
            rule = walk.rules[position]
            wording = wordings[rule]
            if not activity.passed:
                steps = wording.not_passed
            elif activity.makes_up is not None and activity.makes_up != year:
                steps = self._counts_elsewhere(wording, activity)
            else:
                steps = wording.known.get(wording.facts(activity)) or wording.tell(activity)
                if rule.stay is not None:
                    steps = self._stay(wording, activity, steps, *self.settled[position])
                elif rule.caps:
                    steps += self._caps(rule.caps, walk.earned[position], walk.counted[position])
                elif rule.project is not None and activity.project is not None:
                    steps += self._same_project(wording, activity, walk.earned[position], walk.counted[position])
            lines.append(steps)
        return lines

    def _counts_elsewhere(self, wording: Wording, activity: Activity) -> Steps:
        make_up = self.words.regulation.make_up
        clause = make_up.cite if make_up else wording.clause
        text = f"本次用于补 {activity.makes_up} 年度的学分，不计入 {self.year} 年度。"
        return Step(clause, text, ("应得", 0)), wording.reading("R54")

    def _caps(self, caps: Sequence[int], earned: int, counted: int) -> Steps:
        """A step for each yearly cap, which takes the line in."""
        steps = []
        for cap in caps:
            before = self.used[cap]
            self.used[cap] = before + counted
            steps.append(self.words.cap_steps[cap, self.limits[cap], before, earned, counted])
        return tuple(steps) if earned else ()

    def _same_project(self, wording: Wording, activity: Activity, earned: int, counted: int) -> Steps:
        """What earlier entries of the same project number have left of its caps."""
        before = self.projects.get(activity.project, 0)
        self.projects[activity.project] = before + counted
        if counted == earned:
            return ()
        text = f"同一项目（{activity.project}）此前已计 {SHOWN[before]} 学分，本次计入 {SHOWN[counted]} 学分。"
        return Step(wording.cap_clause, text, ("计入", counted)), wording.reading("R6")

    def _stay(self, wording: Wording, activity: Activity, by_time: Steps, settled: Settled, place: int) -> Steps:
        """A stay: its share of the whole year, or what it counts by its time."""
        position, months = settled.positions[place], settled.rule.award.months
        earned, counted = self.walk.earned[position], self.walk.counted[position]
        if settled.shared:
            return self._whole_year(wording, settled, place, earned)
        reached = f"满 {months} 个月，但按时间计算更多" if settled.complete else f"不满 {months} 个月"
        text = f"这类活动本年度累计 {settled.covered} 天，{reached}，按时间计算。"
        if settled.monthly:
            by_time = self._months(wording, activity, settled, place)
        caps = () if settled.rule.cap is None else self._caps((settled.rule.cap,), earned, counted)
        return new_step((wording.clause, text, None, None)), *by_time, *caps

    def _whole_year(self, wording: Wording, settled: Settled, place: int, share: int) -> Steps:
        """The stays reach the whole year together; each has its share by days."""
        award, brings = settled.rule.award, settled.rule.brings
        if settled.covered >= award.days:
            reached = f"累计 {settled.covered} 天，满 {award.months} 个月"
        else:
            reached = f"有一次满 {award.months} 个整月"
        text = f"这类活动本年度{reached}，视为完成当年 {SHOWN[brings]} 学分。"
        steps = Step(wording.clause, text, ("全年", brings)), wording.reading("R3")
        if len(settled.positions) == 1:
            return steps
        text = f"本次在本年度内 {length(settled.spans[place])} 天，按天数分摊计 {SHOWN[share]} 学分。"
        return *steps, Step(wording.clause, text, ("应得", share)), wording.reading("R4")

    def _months(self, wording: Wording, activity: Activity, settled: Settled, place: int) -> Steps:
        """Hours of a stay, month by month under the monthly cap."""
        most, parts = SHOWN[settled.rule.each_month or 0], settled.monthly[place]
        hours_a_day = (activity.hours or Decimal(0)) / sum([part.days for part in parts])
        months = []
        for part in parts:
            hours = plain(round(hours_a_day * part.days, 1))
            cut = f"，按上限计 {SHOWN[part.earned]} 学分" if part.earned < part.worth else ""
            months.append(f"{part.month.month} 月 {part.days} 天合 {hours} 小时，计 {SHOWN[part.worth]} 学分{cut}")
        earned, counted = sum([part.earned for part in parts]), sum([part.counted for part in parts])
        head = f"{rate_in_words(settled.rule.award.otherwise)}，每月最多 {most} 学分"
        text = f"{head}：{'；'.join(months)}；合计 {SHOWN[earned]} 学分。"
        steps = Step(wording.clause, text, ("应得", earned)), wording.reading("R5")
        if counted == earned:
            return steps
        text = f"同一个月内这类活动合计最多 {most} 学分，本次计入 {SHOWN[counted]} 学分。"
        return *steps, Step(wording.clause, text, ("计入", counted))
