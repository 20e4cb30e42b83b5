"""Awards in Chinese: the sentence that tells a practitioner how one activity comes to its figure.

Compiled beside the award itself and fed with its result, so that a sentence never computes credits on its own.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, assert_never

from credits.rules.remembered import Remembered
from credits.rules.terms import (
    Assessed,
    Award,
    By,
    Flat,
    FullYear,
    Halved,
    PerDay,
    PerHours,
    PerMonth,
    PerWords,
    Published,
    Ranked,
)

# The words (no full stop), the reading they rest on, and the occurrence's name (次, 项) where they speak of a single one.
Told = tuple[str, str | None, str]
# From an activity and the tenths of one occurrence to the words.
Sentence = Callable[[Any, int], Told]
# From a fact to the labels of its codes, as the item's clause has them.
Labels = Callable[[str], Mapping[str, str]]


# Tenths of a credit as people read them, and tenths of an hour: 20 are "2.0" credits and "2" hours.
SHOWN: Final = Remembered[int, str](lambda tenths: f"{tenths // 10}.{tenths % 10}")
HOURS_SHOWN: Final = Remembered[int, str](lambda tenths: SHOWN[tenths] if tenths % 10 else str(tenths // 10))


def shown(tenths: int) -> str:
    """105 tenths are "10.5"."""
    return SHOWN[tenths]


def plain(figure: Decimal) -> str:
    """A decimal without idle zeros: 24.00 is "24", 2.50 is "2.5", and -0 is "0"."""
    text = f"{figure:zf}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate_in_words(award: PerHours | PerDay) -> str:
    if isinstance(award, PerDay):
        return f"每天（不少于 6 小时）计 {award.credits} 学分"
    return f"每满 {award.hours} 小时计 {award.credits} 学分"


def compile_sentence(award: Award, verb: str, title: str, readings: Mapping[str, str], labels: Labels) -> Sentence:
    """verb: what the person did (参加, 主讲); title: the item, for awards that are nothing but a figure."""
    match award:
        case PerHours():
            return _per_hours(award, verb, readings)
        case PerWords():
            return _per_words(award, readings)
        case Ranked():
            return _ranked(award)
        case Assessed():
            return _assessed
        case Flat():
            return _flat(award, title)
        case PerMonth():
            rate = f"每满 1 个月计 {award.credits} 学分"
            return lambda activity, worth: (f"满 {activity.months} 个月，{rate}，计 {SHOWN[worth]} 学分", None, "")
        case PerDay():
            rate = rate_in_words(award)
            return lambda activity, worth: (f"{verb} {activity.days} 天，{rate}，计 {SHOWN[worth]} 学分", None, "")
        case _:
            return _compile_composite(award, verb, title, readings, labels)


def _compile_composite(
    award: Halved | Published | FullYear | By, verb: str, title: str, readings: Mapping[str, str], labels: Labels
) -> Sentence:
    match award:
        case Halved():
            return _halved(award, compile_sentence(award.award, verb, title, readings, labels))
        case Published():
            by_hours = None if award.otherwise is None else _per_hours(award.otherwise, verb, readings)
            return _published(by_hours)
        case FullYear():
            return compile_sentence(award.otherwise, verb, title, readings, labels)
        case By():
            named = labels(award.fact)
            branches = {
                code: compile_sentence(branch, verb, named[code], readings, labels)
                for code, branch in award.table.items()
            }
            return _by(award, branches, named)
        case _:
            assert_never(award)


def _per_hours(award: PerHours, verb: str, readings: Mapping[str, str]) -> Sentence:
    unit = award.hours
    rate = f"{rate_in_words(award)}，计"
    prorated = readings["practice_remainder" if award.short else "partial_units"] == "prorate"
    number = "R2" if award.short else "R1"

    def told(activity: Any, worth: int) -> Told:
        hours = activity.hours
        words = f"{verb} {plain(hours)} 小时"
        if hours < unit and (award.short or not prorated):
            if worth:
                return f"{words}，不足 {unit} 小时，按单次授予 {SHOWN[worth]} 学分", number, ""
            return f"{words}，不足 {1 if award.short else unit} 小时，不计学分", number, ""
        left = hours % unit
        if not left:
            return f"{words}，{rate} {SHOWN[worth]} 学分", None, ""
        if prorated:
            return f"{words}，每 {unit} 小时计 {award.credits} 学分，按比例计 {SHOWN[worth]} 学分", number, ""
        return f"{words}，{rate} {SHOWN[worth]} 学分；余下 {plain(left)} 小时不足 {unit} 小时，不计", number, ""

    return told


def _per_words(award: PerWords, readings: Mapping[str, str]) -> Sentence:
    unit, rate = award.words, f"每满 {award.words} 字计 {award.credits} 学分，计"
    prorated = readings["partial_words"] == "prorate"

    def told(activity: Any, worth: int) -> Told:
        words = f"撰写 {activity.words} 字"
        left = activity.words % unit
        if not left:
            return f"{words}，{rate} {SHOWN[worth]} 学分", None, ""
        if prorated:
            return f"{words}，每 {unit} 字计 {award.credits} 学分，按比例计 {SHOWN[worth]} 学分", "R10", ""
        if activity.words < unit:
            return f"{words}，不足 {unit} 字，不计学分", "R10", ""
        return f"{words}，{rate} {SHOWN[worth]} 学分；余下 {left} 字不足 {unit} 字，不计", "R10", ""

    return told


def _flat(award: Flat, title: str) -> Sentence:
    words = f"{title}，每{award.unit}计" if award.unit else f"{award.phrase or title}，计"
    return lambda _activity, worth: (f"{words} {SHOWN[worth]} 学分", None, award.unit)


def _ranked(award: Ranked) -> Sentence:
    last = len(award.steps)

    def told(activity: Any, worth: int) -> Told:
        if activity.rank > last:
            return f"排名第 {activity.rank}，只授予前 {last} 名，不计学分", None, ""
        return f"排名第 {activity.rank}，计 {SHOWN[worth]} 学分", None, ""

    return told


def _assessed(activity: Any, worth: int) -> Told:
    # Said of what is only declared, too: the figure is the reviewer's, whoever has stated it so far.
    granted = activity.assessed_credits
    if granted * 10 == worth:
        return f"以审核认定为准，按 {SHOWN[worth]} 学分计", None, ""
    return f"以审核认定为准，{plain(granted)} 学分取一位小数，按 {SHOWN[worth]} 学分计", "R20", ""


def _by(award: By, branches: Mapping[str, Sentence], named: Mapping[str, str]) -> Sentence:
    code_of = attrgetter(award.fact)
    named_inside = all(isinstance(branch, Flat) for branch in award.table.values())

    def told(activity: Any, worth: int) -> Told:
        code = code_of(activity)
        words, number, unit = branches[code](activity, worth)
        return (words if named_inside else f"{named[code]}，{words}"), number, unit

    return told


def _halved(award: Halved, whole: Sentence) -> Sentence:
    halves, what = attrgetter(award.when), "综述" if award.when == "review" else "编译作品"

    def told(activity: Any, worth: int) -> Told:
        if not halves(activity):
            return whole(activity, worth)
        words, _, unit = whole(activity, worth)
        return f"{what}按标准的一半计：{words}", "R18", unit

    return told


def _published(by_hours: Sentence | None) -> Sentence:
    def told(activity: Any, worth: int) -> Told:
        if activity.published_credits is None and by_hours is not None:
            return by_hours(activity, worth)
        words = f"该项目公布 {plain(activity.published_credits)} 学分"
        if by_hours is not None and activity.hours is not None:
            words = f"{words}，不再按 {plain(activity.hours)} 小时计算"
        return f"{words}，按公布学分计 {SHOWN[worth]} 学分", "R27", ""

    return told
