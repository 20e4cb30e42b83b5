"""Why a line counts what it counts: one sentence a step, in the order in which the figure comes about.

Rate and result, the readings it rests on, what brings a full year, each cap with what was left of it. The figures are those of
the walk; only what is left of a cap before a line is added up again here.
"""

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final

from credits.rules.facts import FACTS, Activity
from credits.rules.language import Regulation, optional
from credits.rules.outcome import Result, Settled, Step
from credits.rules.readings import NUMBERED, SETTINGS
from credits.rules.rulebook import Rule, Rulebook, rulebook
from credits.rules.sentences import compile_sentence, plain, rate_in_words, shown
from credits.rules.stays import length

# Facts that any entry may state; where one of the others changes nothing, a step says so.
COMMON: Final = frozenset({"id", "category", "item", "project", "start", "end", "passed", "subject", "count", "makes_up"})

TENTH: Final = Decimal("0.1")

Steps = list[Step]


class Wording:
    """The words of one rule, made once: its sentence, its readings' steps, the facts that change nothing in it."""

    def __init__(self, rule: Rule, regulation: Regulation, texts: dict[str, str]) -> None:
        verb, title = rule.item.verb, rule.item.title
        if rule.role == "speaker" and rule.by_role:
            verb, title = "主讲", f"{title}主讲"
        self.sentence = compile_sentence(rule.award, verb, title, regulation.readings)
        self.clause = rule.item.cite
        numbers = dict.fromkeys((*rule.category.readings, *rule.item.readings))
        self.readings = [Step(self.clause, texts[number], None, number) for number in numbers]
        used = COMMON | {name for group in rule.item.needs(rule.role) for name in group} | set(optional(rule.written))
        idle = [slot for slot in fields(Activity) if slot.name not in used]
        self.idle = [slot.name for slot in idle]
        self.idle_values = attrgetter(*self.idle)
        self.idle_defaults = tuple(slot.default for slot in idle)

    def without_effect(self, activity: Activity) -> Steps:
        """A step for facts that are stated although nothing depends on them."""
        values = self.idle_values(activity)
        if values == self.idle_defaults:
            return []
        labels = [
            FACTS[name].label
            for name, value, default in zip(self.idle, values, self.idle_defaults, strict=True)
            if value != default
        ]
        return [Step(self.clause, f"所填的{'、'.join(labels)}不影响这类活动的学分。")]


class Explainer:
    """The words of one regulation."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.rules: Rulebook = rulebook(regulation)
        sentences = {number: note.sentence for number, note in NUMBERED.items()}
        for name, setting in SETTINGS.items():
            sentences.setdefault(setting.number, setting.choices[regulation.readings[name]])
        self.texts = {number: f"口径 {number}：{sentence}。" for number, sentence in sentences.items()}
        self.wordings: dict[Rule, Wording] = {}

    def wording(self, rule: Rule) -> Wording:
        wording = self.wordings.get(rule)
        if wording is None:
            wording = self.wordings[rule] = Wording(rule, self.regulation, self.texts)
        return wording

    def reading(self, number: str, clause: str) -> Step:
        return Step(clause, self.texts[number], None, number)


@lru_cache(maxsize=64)
def explainer(regulation: Regulation) -> Explainer:
    return Explainer(regulation)


def explain_year(result: Result, year: int) -> list[tuple[Step, ...]]:
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

    def told(self) -> list[tuple[Step, ...]]:
        walk, find, words = self.walk, self.words.rules.rule, self.words
        lines = []
        for position, activity in enumerate(walk.ordered):
            rule = find(activity)
            earned, counted = walk.earned[position], walk.counted[position]
            steps = self._not_counted(rule, activity)
            if not steps:
                wording = words.wording(rule)
                if rule.stay is not None:
                    steps = self._stay(wording, rule, activity, *self.settled[position])
                elif rule.project is not None:
                    steps = self._project(wording, rule, activity, earned, counted)
                else:
                    steps = self._rate(wording, activity, earned // activity.count, earned)
                    if rule.full_year_at <= earned and self._at_once(rule, activity, earned):
                        steps.append(self._full_year(rule))
                if rule.caps:
                    self._caps(steps, rule.caps, earned, counted)
                steps += wording.without_effect(activity)
            lines.append(tuple(steps))
        return lines

    def _not_counted(self, rule: Rule, activity: Activity) -> Steps:
        """Why an activity counts nothing at all this year; empty when it counts."""
        if not activity.passed:
            return [
                Step(rule.item.cite, "考核没有通过，不授予学分。", ("应得", 0)),
                self.words.reading("R19", rule.item.cite),
            ]
        if activity.makes_up is not None and activity.makes_up != self.year:
            make_up = self.words.regulation.make_up
            clause = make_up.cite if make_up else rule.item.cite
            return [
                Step(clause, f"本次用于补 {activity.makes_up} 年度的学分，不计入 {self.year} 年度。", ("应得", 0)),
                self.words.reading("R54", clause),
            ]
        return []

    def _rate(self, wording: Wording, activity: Activity, single: int, worth: int) -> Steps:
        """Rate and result, several occurrences together, and the readings both rest on."""
        text, number, unit = wording.sentence(activity, single)
        if activity.count == 1:
            text = f"{text}。"
        elif unit:
            text = f"{text}；共 {activity.count} {unit}，计 {shown(worth)} 学分。"
        else:
            text = f"每次{text}；共 {activity.count} 次，合计 {shown(worth)} 学分。"
        steps = [Step(wording.clause, text, ("应得", worth))]
        if number is not None:
            steps.append(self.words.reading(number, wording.clause))
        if wording.readings:
            steps += wording.readings
        if activity.makes_up is not None:
            steps.append(self.words.reading("R54", wording.clause))
        return steps

    def _at_once(self, rule: Rule, activity: Activity, earned: int) -> bool:
        return self.words.rules.full_year_by_entry or earned // activity.count >= rule.full_year_at

    def _full_year(self, rule: Rule) -> Step:
        clause = self.words.regulation.requirement.cite_split or rule.item.cite
        return Step(clause, f"一次取得 {shown(rule.full_year_at)} 学分，视为完成当年要求。", None, "R30")

    def _caps(self, steps: Steps, caps: Sequence[int], earned: int, counted: int) -> None:
        """Each yearly cap: what it had taken in, what this line adds, what is left."""
        for cap in caps:
            name, limit, before = self.words.rules.caps[cap], self.limits[cap], self.used[cap]
            self.used[cap] = after = before + counted
            if not earned:
                continue
            if counted == earned or after < limit:
                text = f"本次计入后共 {shown(after)} 学分，还可计 {shown(limit - after)} 学分"
            elif not counted:
                text = "此前已经计满，本次不再计入"
            elif not before:
                text = f"本次计入 {shown(counted)} 学分"
            else:
                text = f"此前已计 {shown(before)} 学分，还可计 {shown(counted)} 学分，本次计入 {shown(counted)} 学分"
            steps.append(
                Step(name.clause, f"“{name.title}”全年最多 {shown(limit)} 学分，{text}。", ("计入", counted))
            )

    def _project(self, wording: Wording, rule: Rule, activity: Activity, earned: int, counted: int) -> Steps:
        single = rule.rate(activity)
        granted_once = rule.project is not None and rule.project.publishes and activity.published_credits is not None
        worth = single if granted_once else single * activity.count
        steps = self._rate(wording, activity, single, worth)
        clause = rule.category.cite_caps or wording.clause
        if earned < worth:
            kind = "远程项目" if activity.delivery == "remote" else "项目"
            steps.append(Step(clause, f"每个{kind}最多计 {shown(earned)} 学分，本次按 {shown(earned)} 学分计。", ("应得", earned)))
        if activity.project is not None:
            before = self.projects.get(activity.project, 0)
            self.projects[activity.project] = before + counted
            if counted < earned:
                text = (
                    f"同一项目（{activity.project}）此前已计 {shown(before)} 学分，"
                    f"按项目上限本次计入 {shown(counted)} 学分。"
                )
                steps.append(Step(clause, text, ("计入", counted)))
                steps.append(self.words.reading("R6", clause))
        return steps

    def _stay(self, wording: Wording, rule: Rule, activity: Activity, settled: Settled, place: int) -> Steps:
        earned = self.walk.earned[settled.positions[place]]
        counted = self.walk.counted[settled.positions[place]]
        clause, award = wording.clause, settled.rule.award
        if settled.shared:
            return self._whole_year(clause, settled, place, earned)
        reached = f"满 {award.months} 个月，但按时间计算更多" if settled.complete else f"不满 {award.months} 个月"
        steps = [Step(clause, f"这类活动本年度累计 {settled.covered} 天，{reached}，按时间计算。")]
        if settled.monthly:
            steps += self._months(clause, settled, place, counted)
        else:
            steps += self._rate(wording, activity, earned, earned)
        if settled.rule.cap is not None:
            self._caps(steps, (settled.rule.cap,), earned, counted)
        return steps

    def _whole_year(self, clause: str, settled: Settled, place: int, share: int) -> Steps:
        """The stays reach the whole year together; each has its share by days."""
        award, brings = settled.rule.award, shown(settled.rule.brings)
        if settled.covered >= award.days:
            reached = f"累计 {settled.covered} 天，满 {award.months} 个月"
        else:
            reached = f"有一次满 {award.months} 个整月"
        steps = [
            Step(clause, f"这类活动本年度{reached}，视为完成当年 {brings} 学分。", ("全年", settled.rule.brings)),
            self.words.reading("R3", clause),
        ]
        if len(settled.positions) > 1:
            days = length(settled.spans[place])
            steps += [
                Step(clause, f"本次在本年度内 {days} 天，按天数分摊计 {shown(share)} 学分。", ("应得", share)),
                self.words.reading("R4", clause),
            ]
        return steps

    def _months(self, clause: str, settled: Settled, place: int, counted: int) -> Steps:
        """Hours of a stay, month by month under the monthly cap."""
        most = shown(settled.rule.each_month or 0)
        parts = settled.monthly[place]
        months = "；".join(
            f"{part.month.month} 月 {part.days} 天合 {plain(part.hours.quantize(TENTH))} 小时，计 {shown(part.worth)} 学分"
            + (f"，按上限计 {shown(part.earned)} 学分" if part.earned < part.worth else "")
            for part in parts
        )
        earned = sum(part.earned for part in parts)
        head = f"{rate_in_words(settled.rule.award.otherwise)}，每月最多 {most} 学分"
        steps = [
            Step(clause, f"{head}：{months}；合计 {shown(earned)} 学分。", ("应得", earned)),
            self.words.reading("R5", clause),
        ]
        if counted < earned:
            text = f"同一个月内这类活动合计最多 {most} 学分，本次计入 {shown(counted)} 学分。"
            steps.append(Step(clause, text, ("计入", counted)))
        return steps
