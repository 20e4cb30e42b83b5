"""Why a line counts what it counts: one sentence a step, in the order in which the figure comes about.

Rate and result, the readings it rests on, what brings a full year, each cap with what was left of it. The figures are those
of the result; only what a cap has taken in before a line is added up again here.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
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
        self.in_common = self.words.in_common(result.demand.common)
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
            earned, counted = all_earned[position], all_counted[position]
            if not activity.passed:
                steps = wording.not_passed
            elif activity.makes_up is not None and activity.makes_up != year:
                steps = self._counts_elsewhere(wording, activity)
            elif rule.stay is not None:
                steps = self._stay(wording, activity, *self.settled[position])
                steps += self._circumstances(wording, activity, steps, cut=counted < earned)
            else:
                try:
                    steps = wording.known[stated(activity)]
                except KeyError:
                    steps = wording.tell(activity)
                cap = rule.cap
                if cap is not None:
                    if earned:
                        steps += (self.cap_steps[cap][used[cap], counted, counted < earned],)
                    used[cap] += counted
                elif rule.caps:
                    steps = self._caps(steps, rule.caps, earned, counted)
                elif counted < earned:
                    steps = self._same_project(steps, wording, activity, position)
                steps += self._circumstances(wording, activity, steps, cut=counted < earned)
            lines.append(steps)
        return lines

    def _circumstances(self, wording: Wording, activity: Activity, told: Steps, *, cut: bool) -> Steps:
        """What bears on a line beside its worth: what a cap that cut it rests on, its dates, its subject.

        ``told`` is what the line says already: where the whole year came at once, no subject is asked for.
        """
        steps = wording.cap_readings if cut and wording.rule.project is None else ()
        if activity.start is None:
            steps += (wording.reading["R39"],)
        elif wording.by_year and activity.end is not None and activity.start.year != activity.end.year:
            steps += (wording.reading["R31"],)
            if activity.hours is not None or activity.days is not None:
                steps += (wording.reading["R33"],)
        if activity.subject == "common" and not any(step in told for step in self.words.at_once):
            steps += self.in_common
        return steps + self._settled_before(activity) if self.result.settled_before else steps

    def _counts_elsewhere(self, wording: Wording, activity: Activity) -> Steps:
        text = f"本次用于补 {activity.makes_up} 年度的学分，不计入 {self.year} 年度。"
        return Step(wording.make_up_clause, text, ("应得", 0)), wording.made_up

    def _settled_before(self, activity: Activity) -> Steps:
        day, last = self.words.regulation.requirement.settled_before, activity.end or activity.start
        return self.words.settled_before() if day is not None and last is not None and last < day else ()

    def _caps(self, steps: Steps, caps: Sequence[int], earned: int, counted: int) -> Steps:
        """A step more for each yearly cap, which takes the line in."""
        for cap in caps:
            if earned:
                steps += (self.cap_steps[cap][self.used[cap], counted, counted < earned],)
            self.used[cap] += counted
        return steps

    def _same_project(self, steps: Steps, wording: Wording, activity: Activity, position: int) -> Steps:
        """A step more: which cap of its project earlier entries of the same number have filled, and what they left."""
        result, number, caps = self.result, activity.project, wording.rule.project
        if caps is None:
            raise TypeError(f"{activity.id}: no entry of a project")
        before = in_remote = published = 0
        for earlier in range(position):
            other = result.ordered[earlier]
            if other.project != number or (caps.by_role and other.role != activity.role):
                continue
            its = result.rulebook.rule_of(other).project
            if its is None:  # a number that stands beside another kind of activity
                continue
            before += result.counted[earlier]
            if other.delivery == "remote":
                in_remote += result.counted[earlier]
            if its.published_once and other.published_credits is not None:
                published += result.counted[earlier]
        counted, reading = result.counted[position], wording.of_caps["R6"]
        if counted == caps.whole - before:
            why = f"每个项目最多计 {SHOWN[caps.whole]} 学分"
        elif activity.delivery == "remote" and counted == caps.remote - in_remote:
            why, before = f"每个项目的远程部分最多计 {SHOWN[caps.remote]} 学分", in_remote
        else:
            why = "公布的学分只授予一次"
            before, reading = published, wording.reading["R27"]
        text = (
            f"{why}；同一项目（{number}）此前已计 {SHOWN[before]} 学分，还可计 {SHOWN[counted]} 学分，"
            f"本次计入 {SHOWN[counted]} 学分。"
        )
        steps += (new_step((reading.clause, text, ("计入", counted), None)),)
        return steps if reading in steps else (*steps, reading)

    def _stay(self, wording: Wording, activity: Activity, settled: Settled, place: int) -> Steps:
        """A stay: its share of the whole year, or what it counts by its time."""
        position = settled.positions[place]
        earned, counted = self.result.earned[position], self.result.counted[position]
        reached = wording.reached[settled.covered, settled.complete, settled.shared]
        if settled.shared:
            whole_year = reached, wording.reading["R3"], *self.words.at_once
            if len(settled.positions) == 1:
                return whole_year
            if activity.makes_up is not None:
                return *whole_year, self._made_up_later(wording, "不分摊学分"), wording.made_up
            text = f"本次在本年度内 {length(settled.spans[place])} 天，按天数分摊计 {SHOWN[earned]} 学分。"
            return *whole_year, Step(wording.clause, text, ("应得", earned)), wording.reading["R4"]
        by_time = self._months(wording, activity, settled, place) if settled.monthly else wording.tell(activity)
        if activity.makes_up is None:
            steps = reached, wording.reading["R3"], *by_time
        else:
            steps = self._made_up_later(wording, "按时间计算"), *by_time
        return steps if settled.rule.cap is None else self._caps(steps, (settled.rule.cap,), earned, counted)

    def _made_up_later(self, wording: Wording, counts: str) -> Step:
        """Of a stay that makes up the year: days outside it never add up to its three months (R3)."""
        return Step(wording.make_up_clause, f"本次是在次年补学，时间不累计到 {self.year} 年度，{counts}。")

    def _months(self, wording: Wording, activity: Activity, settled: Settled, place: int) -> Steps:
        """Hours of a stay, month by month under the monthly cap."""
        position, each_month = settled.positions[place], settled.rule.each_month or 0
        most, (days_by_month, worths) = SHOWN[each_month], settled.monthly[place]
        hours, whole = RATIO[activity.hours or NO_HOURS]
        whole *= sum([days for _, days in days_by_month])
        months = []
        for (month, days), worth in zip(days_by_month, worths, strict=True):
            # Cut to a tenth of an hour: rounded up, hours could seem to complete a unit that they do not.
            part, rest = divmod(10 * hours * days, whole)
            are = "约合" if rest else "合"
            cut = f"，按上限计 {most} 学分" if worth > each_month else ""
            months.append(f"{month.month} 月 {days} 天{are} {HOURS_SHOWN[part]} 小时，计 {SHOWN[worth]} 学分{cut}")
        earned, counted = self.result.earned[position], self.result.counted[position]
        rate, told = rate_in_words(settled.rule.award.otherwise), "；".join(months)
        text = f"{rate}，每月最多 {most} 学分：{told}；合计 {SHOWN[earned]} 学分。"
        steps = new_step((wording.clause, text, ("应得", earned), None)), wording.reading["R5"]
        if counted == earned:
            return steps
        return *steps, self._shared_months(wording, settled, place)

    def _shared_months(self, wording: Wording, settled: Settled, place: int) -> Step:
        """What earlier stays of the category have left of the months that they share with this one."""
        each_month = settled.rule.each_month or 0
        used: Counter[date] = Counter()
        told: list[str] = []
        for stay, (days_by_month, worths) in enumerate(settled.monthly[: place + 1]):
            for (month, _), worth in zip(days_by_month, worths, strict=True):
                before = used[month]
                counts = min(worth, each_month - before)
                used[month] += counts
                if stay == place and counts < min(worth, each_month):
                    told.append(
                        f"{month.month} 月此前已计 {SHOWN[before]} 学分，还可计 {SHOWN[each_month - before]} 学分，"
                        f"计入 {SHOWN[counts]} 学分"
                    )
        counted = self.result.counted[settled.positions[place]]
        text = f"这类活动每月合计最多 {SHOWN[each_month]} 学分：{'；'.join(told)}；本次共计入 {SHOWN[counted]} 学分。"
        return Step(wording.clause, text, ("计入", counted))
