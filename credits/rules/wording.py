"""The words of a regulation, made once: what is said of an activity by itself, rule by rule."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Final

from credits.rules.facts import FACTS, Activity
from credits.rules.language import Regulation, optional
from credits.rules.outcome import Step
from credits.rules.readings import NUMBERED, SETTINGS
from credits.rules.remembered import MOST
from credits.rules.rulebook import Rule, rulebook
from credits.rules.sentences import SHOWN, compile_sentence

# Facts that any entry may state; where one of the others changes nothing, a step says so.
COMMON: Final = frozenset({"id", "category", "item", "project", "start", "end", "passed", "subject", "count", "makes_up"})

Steps = tuple[Step, ...]


class Explainer:
    """The words of one regulation, rule by rule."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.rules = rulebook(regulation)
        sentences = {number: note.sentence for number, note in NUMBERED.items()}
        for name, setting in SETTINGS.items():
            sentences.setdefault(setting.number, setting.choices[regulation.readings[name]])
        self.texts = {number: f"口径 {number}：{sentence}。" for number, sentence in sentences.items()}
        self.wordings: dict[Rule, Wording] = {}

    def wording(self, rule: Rule) -> Wording:
        wording = self.wordings.get(rule)
        if wording is None:
            wording = self.wordings[rule] = Wording(rule, self)
        return wording


class Wording:
    """The words of one rule. What is said of one activity by itself depends on few facts, so it is remembered by them."""

    def __init__(self, rule: Rule, explainer: Explainer) -> None:
        self.rule = rule
        self.explainer = explainer
        verb, title = rule.item.verb, rule.item.title
        if rule.role == "speaker" and rule.by_role:
            verb, title = "主讲", f"{title}主讲"
        self.sentence = compile_sentence(rule.award, verb, title, explainer.regulation.readings)
        self.clause = rule.item.cite
        self.cap_clause = rule.category.cite_caps or self.clause
        self.not_passed = (Step(self.clause, "考核没有通过，不授予学分。", ("应得", 0)), self.reading("R19"))
        used = {name for group in rule.item.needs(rule.role) for name in group} | set(optional(rule.written))
        self.facts = attrgetter(*sorted((used | {"count", "makes_up"}) - {"project", "start", "end"}))
        self.known: dict[tuple[object, ...], Steps] = {}
        self.idle = [slot for slot in fields(Activity) if slot.name not in used | COMMON]
        self.idle_values = attrgetter(*[slot.name for slot in self.idle])
        self.idle_defaults = tuple(slot.default for slot in self.idle)

    def steps(self, activity: Activity) -> Steps:
        """What holds for the activity alone: rate, readings, the full year it may bring, its project's cap."""
        facts = self.facts(activity)
        steps = self.known.get(facts)
        if steps is None:
            if len(self.known) >= MOST:
                self.known.clear()
            steps = self.known[facts] = self._tell(activity)
        return steps

    def reading(self, number: str) -> Step:
        """The step that says which reading is used."""
        return Step(self.clause, self.explainer.texts[number], None, number)

    def without_effect(self, activity: Activity) -> Steps:
        """The step for facts that are stated although nothing depends on them."""
        stated = zip(self.idle, self.idle_values(activity), strict=True)
        labels = [FACTS[slot.name].label for slot, value in stated if value != slot.default]
        return (Step(self.clause, f"所填的{'、'.join(labels)}不影响这类活动的学分。"),)

    def _tell(self, activity: Activity) -> Steps:
        rule, count = self.rule, activity.count
        single = worth = rule.rate(activity)
        text, number, unit = self.sentence(activity, single)
        if count != 1 and not (rule.project and activity.published_credits is not None):
            worth = single * count
            text = f"{text}；共 {count} {unit}，计" if unit else f"每次{text}；共 {count} 次，合计"
            text = f"{text} {SHOWN[worth]} 学分"
        numbers = [number] if number else []
        numbers += [*rule.category.readings, *rule.item.readings, *(["R54"] if activity.makes_up is not None else [])]
        return (
            Step(self.clause, f"{text}。", ("应得", worth)),
            *[self.reading(number) for number in dict.fromkeys(numbers)],
            *self._full_year(single, worth),
            *self._project_cap(activity, worth),
        )

    def _full_year(self, single: int, worth: int) -> Steps:
        """What a single occurrence worth the whole year brings (several together do not, R28)."""
        at = self.rule.full_year_at
        if worth < at or (single < at and not self.explainer.rules.full_year_by_entry):
            return ()
        clause = self.explainer.regulation.requirement.cite_split or self.clause
        return (Step(clause, f"一次取得 {SHOWN[at]} 学分，视为完成当年要求。", None, "R30"),)

    def _project_cap(self, activity: Activity, worth: int) -> Steps:
        if self.rule.project is None or self.rule.single(activity) == worth:
            return ()
        kind, earned = "远程项目" if activity.delivery == "remote" else "项目", self.rule.single(activity)
        text = f"每个{kind}最多计 {SHOWN[earned]} 学分，本次按 {SHOWN[earned]} 学分计。"
        return (Step(self.cap_clause, text, ("应得", earned)),)


@lru_cache(maxsize=64)
def explainer(regulation: Regulation) -> Explainer:
    return Explainer(regulation)
