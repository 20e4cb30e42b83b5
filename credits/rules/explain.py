"""Why a line counts what it counts: one sentence a step, in the order in which the figure comes about.

Rate and result, the readings it rests on, what brings a full year, each cap with what was left of it. The figures are those
of the result; only what a cap has taken in before a line is added up again here.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from credits.rules.awards import RATIO
from credits.rules.facts import Activity
from credits.rules.outcome import Result, Settled, Step, new_step
from credits.rules.sentences import HOURS_SHOWN, SHOWN, rate_in_words
from credits.rules.stays import length
from credits.rules.wording import EXPLAINERS, Steps, Wording, stated

NO_HOURS: Final = Decimal(0)


def explain_year(result: Result, year: int) -> list[Steps]:
    """The steps of every line, in order of date."""
    return _Year(result, year).told()


class _Year:
    """One year being told, with what its shared caps have taken in so far."""

    def __init__(self, result: Result, year: int) -> None:
        self.year = year
        self.result = result
        self.words = EXPLAINERS[result.rulebook.regulation]
        self.cap_steps = self.words.cap_steps[result.person.primary_care]
        self.used = [0] * len(self.cap_steps)
        self.settled = {}
        for settled in result.settled:
            for place, position in enumerate(settled.positions):
                self.settled[position] = settled, place

    def told(self) -> list[Steps]:
        result, year, used = self.result, self.year, self.used
        found, wordings = result.rulebook.rules, self.words.wordings
        all_earned, all_counted = result.earned, result.counted
        lines = []
        steps: Steps
        for position, activity in enumerate(result.ordered):
            rule = found[activity.category][activity.role][activity.item]
            wording = wordings[rule]
            if not activity.passed:
                steps = wording.not_passed
            elif activity.makes_up is not None and activity.makes_up != year:
                steps = self._counts_elsewhere(wording, activity)
            elif rule.stay is not None:
                steps = self._stay(wording, activity, *self.settled[position])
            else:
                try:
                    steps = wording.known[stated(activity)]
                except KeyError:
                    steps = wording.tell(activity)
                earned, counted, cap = all_earned[position], all_counted[position], rule.cap
                if cap is not None:
                    if earned:
                        steps += (self.cap_steps[cap][used[cap], counted, counted < earned],)
                    used[cap] += counted
                elif rule.caps:
                    steps = self._caps(steps, rule.caps, earned, counted)
                elif counted < earned:
                    steps += self._same_project(wording, activity, position)
            lines.append(steps)
        return lines

    def _counts_elsewhere(self, wording: Wording, activity: Activity) -> Steps:
        make_up = self.words.regulation.make_up
        clause = make_up.cite if make_up else wording.clause
        text = f"本次用于补 {activity.makes_up} 年度的学分，不计入 {self.year} 年度。"
        return Step(clause, text, ("应得", 0)), wording.reading["R54"]

    def _caps(self, steps: Steps, caps: Sequence[int], earned: int, counted: int) -> Steps:
        """A step more for each yearly cap, which takes the line in."""
        for cap in caps:
            if earned:
                steps += (self.cap_steps[cap][self.used[cap], counted, counted < earned],)
            self.used[cap] += counted
        return steps

    def _same_project(self, wording: Wording, activity: Activity, position: int) -> Steps:
        """What earlier entries of the same project number have left of its caps."""
        result, number, before = self.result, activity.project, 0
        for earlier in range(position):
            other = result.ordered[earlier]
            if other.project == number and result.rulebook.rule_of(other).project is not None:
                before += result.counted[earlier]
        counted = result.counted[position]
        text = f"同一项目（{number}）此前已计 {SHOWN[before]} 学分，本次计入 {SHOWN[counted]} 学分。"
        return new_step((wording.cap_clause, text, ("计入", counted), None)), wording.reading["R6"]

    def _stay(self, wording: Wording, activity: Activity, settled: Settled, place: int) -> Steps:
        """A stay: its share of the whole year, or what it counts by its time."""
        position = settled.positions[place]
        earned, counted = self.result.earned[position], self.result.counted[position]
        reached = wording.reached[settled.covered, settled.complete, settled.shared]
        if settled.shared:
            whole_year = reached, wording.reading["R3"]
            if len(settled.positions) == 1:
                return whole_year
            text = f"本次在本年度内 {length(settled.spans[place])} 天，按天数分摊计 {SHOWN[earned]} 学分。"
            return *whole_year, Step(wording.clause, text, ("应得", earned)), wording.reading["R4"]
        by_time = self._months(wording, activity, settled, place) if settled.monthly else wording.tell(activity)
        steps = reached, *by_time
        return steps if settled.rule.cap is None else self._caps(steps, (settled.rule.cap,), earned, counted)

    def _months(self, wording: Wording, activity: Activity, settled: Settled, place: int) -> Steps:
        """Hours of a stay, month by month under the monthly cap."""
        position, each_month = settled.positions[place], settled.rule.each_month or 0
        most, (days_by_month, worths) = SHOWN[each_month], settled.monthly[place]
        hours, whole = RATIO[activity.hours or NO_HOURS]
        whole *= sum([days for _, days in days_by_month])
        months = []
        for (month, days), worth in zip(days_by_month, worths, strict=True):
            part = HOURS_SHOWN[(20 * hours * days + whole) // (2 * whole)]  # to the nearest tenth of an hour
            cut = f"，按上限计 {most} 学分" if worth > each_month else ""
            months.append(f"{month.month} 月 {days} 天合 {part} 小时，计 {SHOWN[worth]} 学分{cut}")
        earned, counted = self.result.earned[position], self.result.counted[position]
        rate, told = rate_in_words(settled.rule.award.otherwise), "；".join(months)
        text = f"{rate}，每月最多 {most} 学分：{told}；合计 {SHOWN[earned]} 学分。"
        steps = new_step((wording.clause, text, ("应得", earned), None)), wording.reading["R5"]
        if counted == earned:
            return steps
        text = f"同一个月内这类活动合计最多 {most} 学分，本次计入 {SHOWN[counted]} 学分。"
        return *steps, Step(wording.clause, text, ("计入", counted))
