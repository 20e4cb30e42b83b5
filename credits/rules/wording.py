"""The words of a regulation, made once: what is said of an activity by itself, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Final

from credits.rules.facts import FACTS, Activity
from credits.rules.language import Regulation
from credits.rules.outcome import Step
from credits.rules.readings import NUMBERED, SETTINGS
from credits.rules.remembered import MOST, Remembered
from credits.rules.rulebook import RULEBOOKS, Cap, Rule
from credits.rules.sentences import SHOWN, compile_sentence
from credits.rules.terms import optional

# Which entry it is, of what kind and when: told apart or not at all.
ASIDE: Final = frozenset({"id", "category", "item", "project", "start", "end", "passed", "subject"})
# Facts that any entry may state; where one of the others changes nothing, a step says so.
COMMON: Final = ASIDE | {"count", "makes_up"}
STATED: Final = tuple(slot for slot in fields(Activity) if slot.name not in ASIDE)
# Readings that decide only some activities of an item: the first author takes the whole figure; only a review could be halved.
COMES_TO: Final[Mapping[str, Callable[[Activity], bool]]] = {
    "R8": lambda activity: activity.rank != 1,
    "R40": lambda activity: activity.review,
}

Steps = tuple[Step, ...]
Reached = tuple[int, bool, bool]  # days of a category's stays together; whether they are complete, and shared
CapState = tuple[int, int, bool]  # what a yearly cap had taken in, what a line adds, whether that is cut


def stated(activity: Activity) -> tuple[object, ...]:
    """All facts of `STATED` but the role, which has a rule of its own. Named one by one: attrgetter takes twice as long."""
    return (
        activity.hours,
        activity.delivery,
        activity.count,
        activity.days,
        activity.months,
        activity.level,
        activity.journal,
        activity.rank,
        activity.grade,
        activity.editor,
        activity.patent,
        activity.words,
        activity.review,
        activity.translated,
        activity.published_credits,
        activity.assessed_credits,
        activity.makes_up,
    )


class Explainer:
    """The words of one regulation, rule by rule."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.rules = RULEBOOKS[regulation]
        sentences = {number: [note.sentence] for number, note in NUMBERED.items()}
        for name, setting in SETTINGS.items():
            sentences.setdefault(setting.number, []).append(setting.choices[regulation.readings[name]])
        self.texts = {number: _reading(number, "；".join(told)) for number, told in sentences.items()}
        self.at_once = self._at_once()
        self.wordings = Remembered[Rule, Wording](lambda rule: Wording(rule, self))
        # The step of every yearly cap, in primary care or not.
        self.cap_steps = {
            False: [Remembered[CapState, Step](partial(_cap_step, cap, cap.tenths)) for cap in self.rules.caps],
            True: [Remembered[CapState, Step](partial(_cap_step, cap, cap.primary_care)) for cap in self.rules.caps],
        }

    def in_common(self, most: int) -> Steps:
        """What is said of an entry in the common subject where the person's year asks for so many tenths of it."""
        asked = self.regulation.requirement
        if not most:
            return ()
        text = f"本次属于公需科目，公需科目全年不少于 {SHOWN[most]} 学分。"
        number = asked.split_reading
        return Step(asked.cite_split, text), Step(asked.cite_split, self.texts[number], None, number)

    def settled_before(self) -> Steps:
        """What is said of an entry that helped to settle the year before the new rules came (R55)."""
        return (Step(self.regulation.requirement.cite_settled, self.texts["R55"], None, "R55"),)

    def _at_once(self) -> Steps:
        """What a whole year's credits at once excuse from, where the year is split by subject."""
        asked = self.regulation.requirement
        if not asked.cite_at_once:
            return ()
        waived = SETTINGS["split_in_a_full_year"].choices[self.regulation.readings["split_in_a_full_year"]]
        return (Step(asked.cite_at_once, _reading(asked.split_reading, waived), None, asked.split_reading),)


def _reading(number: str, sentence: str) -> str:
    return f"口径 {number}：{sentence}。"


def _cap_step(cap: Cap, limit: int, state: CapState) -> Step:
    """What a yearly cap had taken in, in order of date, what it still lets through and what a line adds."""
    before, counted, cut = state
    left = limit - before
    why = "受其他上限限制，" if cut and counted < left else ""
    text = (
        f"“{cap.title}”全年最多 {SHOWN[limit]} 学分；按活动日期先后，此前已计 {SHOWN[before]} 学分，"
        f"还可计 {SHOWN[left]} 学分，本次{why}计入 {SHOWN[counted]} 学分。"
    )
    return Step(cap.clause, text, ("计入", counted))


class Wording:
    """The words of one rule. What is said of one activity by itself depends on few facts, so it is remembered by them."""

    def __init__(self, rule: Rule, explainer: Explainer) -> None:
        self.rule = rule
        self.explainer = explainer
        verb, title = rule.item.verb, rule.item.title
        if rule.role == "speaker" and rule.by_role:
            verb, title = "主讲", f"{title}主讲"
        regulation = explainer.regulation
        self.sentence = compile_sentence(rule.award, verb, title, regulation.readings, rule.item.labels_of)
        self.clause = rule.item.cite
        self.cap_clause = rule.category.cite_caps or self.clause
        self.make_up_clause = regulation.make_up.cite if regulation.make_up else self.clause
        self.reading = Remembered[str, Step](lambda number: Step(self.clause, explainer.texts[number], None, number))
        self.of_caps = Remembered[str, Step](
            lambda number: Step(self.cap_clause, explainer.texts[number], None, number)
        )
        self.cap_readings = tuple([self.of_caps[number] for number in rule.category.cap_readings])
        self.made_up = Step(self.make_up_clause, explainer.texts["R54"], None, "R54")
        # Figures that belong to one year only: an activity over New Year states those of each year apart.
        self.by_year = rule.stay is not None or rule.item.over_new_year
        self.not_passed = (Step(self.clause, "考核没有通过，不授予学分。", ("应得", 0)), self.reading["R19"])
        self.reached = Remembered[Reached, Step](self._reached)
        self.used = (
            COMMON | {name for group in rule.item.needs(rule.role) for name in group} | set(optional(rule.written))
        )
        self.known: dict[tuple[object, ...], Steps] = {}

    def tell(self, activity: Activity) -> Steps:
        """What holds for the activity by itself, remembered by its facts."""
        facts = stated(activity)
        steps = self.known.get(facts)
        if steps is None:
            if len(self.known) >= MOST:
                self.known.clear()
            steps = self.known[facts] = self._steps(activity)
        return steps

    def _steps(self, activity: Activity) -> Steps:
        """Rate and result, readings, the full year it may bring, its project's cap, facts that change nothing."""
        rule, count = self.rule, activity.count
        single = worth = rule.rate(activity)
        text, number, unit = self.sentence(activity, single)
        granted_once = rule.project is not None and rule.project.publishes and activity.published_credits is not None
        if count != 1 and not granted_once:
            worth = single * count
            each = rule.item.unit
            text = f"{text}；共 {count} {unit}，计" if unit else f"每{each}{text}；共 {count} {each}，合计"
            text = f"{text} {SHOWN[worth]} 学分"
        numbers = [number] if number else []
        numbers += [*rule.category.readings, *rule.item.readings]
        numbers = [number for number in numbers if number not in COMES_TO or COMES_TO[number](activity)]
        return (
            Step(self.clause, f"{text}。", ("应得", worth)),
            *[self.reading[number] for number in dict.fromkeys(numbers)],
            *self._making_up(activity),
            *self._full_year(single, worth),
            *self._project_cap(activity, worth),
            *self._without_effect(activity),
        )

    def _reached(self, state: Reached) -> Step:
        """What the stays of the category reach together."""
        covered, complete, shared = state
        stay = self.rule.stay
        if stay is None:
            raise TypeError(f"{self.rule.category.code} has no stays")
        days, months = stay.award.days, stay.award.months
        if shared:
            reached = f"累计 {covered} 天，满 {months} 个月" if covered >= days else f"有一次满 {months} 个整月"
            text = f"这类活动本年度{reached}，视为完成当年 {SHOWN[stay.brings]} 学分。"
            return Step(self.clause, text, ("全年", stay.brings))
        reached = f"满 {months} 个月，但按时间计算更多" if complete else f"不满 {months} 个月"
        return Step(self.clause, f"这类活动本年度累计 {covered} 天，{reached}，按时间计算。")

    def _making_up(self, activity: Activity) -> Steps:
        if activity.makes_up is None:
            return ()
        return Step(self.make_up_clause, f"本次用于补 {activity.makes_up} 年度的学分，计入该年度。"), self.made_up

    def _full_year(self, single: int, worth: int) -> Steps:
        """What a single occurrence worth the whole year brings; several together do or do not (R28)."""
        at = self.rule.full_year_at
        if worth < at:
            return ()
        together = (self.reading["R28"],) if single < at else ()
        if together and not self.explainer.rules.full_year_by_entry:
            return together
        clause = self.explainer.regulation.requirement.cite_at_once or self.clause
        step = Step(clause, f"一次取得 {SHOWN[at]} 学分，视为完成当年要求。", ("全年", at))
        return step, self.reading["R30"], *together, *self.explainer.at_once

    def _project_cap(self, activity: Activity, worth: int) -> Steps:
        if self.rule.project is None or self.rule.single(activity) == worth:
            return ()
        kind, earned = "远程项目" if activity.delivery == "remote" else "项目", self.rule.single(activity)
        text = f"每个{kind}最多计 {SHOWN[earned]} 学分，本次按 {SHOWN[earned]} 学分计。"
        return Step(self.cap_clause, text, ("应得", earned)), *self.cap_readings

    def _without_effect(self, activity: Activity) -> Steps:
        """The step for facts that are stated although nothing depends on them."""
        labels = [
            f"“{FACTS[slot.name].label}”"
            for slot in STATED
            if slot.name not in self.used and getattr(activity, slot.name) != slot.default
        ]
        if not labels:
            return ()
        step = Step(self.clause, f"所填{''.join(labels)}不影响这类活动的学分。")
        remote = activity.delivery == "remote" and "delivery" not in self.used
        return (step, self.reading["R63"]) if remote else (step,)


EXPLAINERS: Final = Remembered[Regulation, Explainer](Explainer)
