"""Whether facts can be assessed at all: unknown codes, missing facts, impossible figures and dates.

Every error names its field and says what is possible. Nothing is corrected or ignored here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from credits.rules.facts import FACTS, IN_TRAINING, MOST_DECIMALS, TITLES, Activity, Fact, Person
from credits.rules.language import Category, Item, Regulation
from credits.rules.provisions import RuleMissingError
from credits.rules.rulebook import for_role
from credits.rules.terms import Award, By, FullYear, Halved

HOURS_A_DAY = 24
DEFAULTS: Final[Mapping[str, Any]] = {
    slot.name: None if slot.default is MISSING else slot.default for slot in fields(Activity)
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field ("activities[0].hours"), in a sentence, and which codes it may have."""

    field: str
    message: str
    allowed: tuple[str, ...] = ()

    def below(self, path: str) -> "FieldError":
        return FieldError(f"{path}.{self.field}" if self.field else path, self.message, self.allowed)


def check(regulation: Regulation, year: int, person: Person, activities: Sequence[Activity]) -> list[FieldError]:
    """Everything that keeps these facts from being assessed; empty when they can be."""
    return _check_all(person, activities, lambda activity: check_activity(regulation, year, activity))


def check_facts(person: Person, activities: Sequence[Activity]) -> list[FieldError]:
    """What is wrong whatever the regulation and the year."""
    return _check_all(person, activities, _wrong_values)


def _check_all(
    person: Person, activities: Sequence[Activity], errors_of: Callable[[Activity], Iterable[FieldError]]
) -> list[FieldError]:
    errors = [error.below("practitioner") for error in check_person(person)]
    seen: dict[str, int] = {}
    for place, activity in enumerate(activities):
        path = f"activities[{place}]"
        errors += [error.below(path) for error in errors_of(activity)]
        if not isinstance(activity.id, str) or not activity.id:
            continue  # named above: missing, or nothing that can be looked up
        if activity.id in seen:
            errors.append(
                FieldError(f"{path}.id", f"编号“{activity.id}”与第 {seen[activity.id] + 1} 项重复，请改用不同的编号")
            )
        seen.setdefault(activity.id, place)
    return errors


def check_person(person: Person) -> Iterator[FieldError]:
    if not isinstance(person.title, str) or person.title not in TITLES:
        yield FieldError("title", f"职称级别可填 {'、'.join(TITLES)}", tuple(TITLES))
    for name in ("primary_care", "licensed"):
        if not isinstance(getattr(person, name), bool):
            yield FieldError(name, "应为 true 或 false")
    if not (person.residency is None or person.residency == IN_TRAINING or isinstance(person.residency, date)):
        yield FieldError("residency", f"应为空、{IN_TRAINING} 或结业日期", (IN_TRAINING,))


def check_activity(regulation: Regulation, year: int, activity: Activity) -> list[FieldError]:
    """The errors of one activity, fields named as the activity names them: all that can be found at once.

    What depends on a fact that is wrong itself is looked at when that is mended.
    """
    wrong = {error.field: error for error in _wrong_values(activity)}
    right = replace(activity, **{name: DEFAULTS[name] for name in wrong})
    kind = _kind(regulation, right)
    if isinstance(kind, FieldError):
        wrong[kind.field] = kind
    errors = list(wrong.values())
    if not (isinstance(kind, FieldError) or wrong.keys() & {"item", "role"}):
        errors += _missing_or_unlisted(*kind, right, wrong.keys())
    if any(error.field in {"start", "end"} for error in errors):
        return errors
    errors += _in_time(right)
    if isinstance(kind, FieldError) or any(error.field in {"start", "end", "makes_up"} for error in errors):
        return errors
    return [*errors, *_in_year(regulation, year, *kind, right)]


def _kind(regulation: Regulation, activity: Activity) -> tuple[Category, Item] | FieldError:
    """The category and item of an activity, or which of the two the regulation does not know."""
    try:
        category = regulation.category(activity.category)
    except RuleMissingError as missing:
        codes = tuple(category.code for category in regulation.categories)
        message = str(missing) if activity.category else "请填写活动类型"
        return FieldError("category", f"{message}，可填 {'、'.join(codes)}", codes)
    if category.open_items and activity.item is None:
        return FieldError("item", f"请填写“{category.title}”的类型代码")
    try:
        return category, category.item(activity.item)
    except RuleMissingError as missing:
        return FieldError("item", str(missing), tuple(item.code for item in category.items))


def _wrong_values(activity: Activity) -> Iterator[FieldError]:
    """Values that are of the wrong kind, outside their codes or outside what is possible."""
    for slot in fields(Activity):
        value = getattr(activity, slot.name)
        if value is None and slot.default is None:
            continue
        message = _wrong_value(FACTS[slot.name], value)
        if message:
            yield FieldError(slot.name, message, tuple(FACTS[slot.name].choices))


def _wrong_value(fact: Fact, value: object) -> str:
    match fact.kind:
        case "text":
            return "" if isinstance(value, str) and value.strip() else f"{fact.label}应为文字，不能为空"
        case "choice":
            known = isinstance(value, str) and value in fact.choices
            return "" if known else f"{fact.label}可填 {'、'.join(fact.choices)}"
        case "flag":
            return "" if isinstance(value, bool) else f"{fact.label}应为 true 或 false"
        case "date":
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            return "" if is_day else f"{fact.label}应为 YYYY-MM-DD 格式的日期，如 2026-03-02"
        case "decimal" | "integer" | "year":
            return _wrong_number(fact, value)


def _wrong_number(fact: Fact, value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    exact = fact.kind == "decimal" and isinstance(value, Decimal) and value.is_finite()
    if isinstance(value, int | Decimal) and (whole or exact) and fact.minimum <= value <= fact.maximum:
        return ""
    kind = f"数，最多 {MOST_DECIMALS} 位小数" if fact.kind == "decimal" else "整数"
    return f"{fact.label}应为 {fact.minimum} 至 {fact.maximum} 的{kind}"


def _missing_or_unlisted(
    category: Category, item: Item, activity: Activity, wrong: Collection[str]
) -> Iterator[FieldError]:
    for group in item.needs(activity.role):
        if not set(group) & set(wrong) and all(getattr(activity, name) is None for name in group):
            labels = "或".join(FACTS[name].label for name in group)
            yield FieldError(group[0], f"“{item.title}”需要填写{labels}")
    award = for_role(item.award, activity.role)
    yield from _unlisted(award, item, activity)
    if (category.over_new_year or isinstance(award, FullYear)) and activity.count != 1:
        yield FieldError("count", f"“{category.title}”每次单独填报，次数只能是 1")


def _unlisted(award: Award, item: Item, activity: Activity) -> Iterator[FieldError]:
    """Codes that the regulation's table does not list (R41)."""
    if isinstance(award, Halved):
        yield from _unlisted(award.award, item, activity)
    if isinstance(award, By):
        code = getattr(activity, award.fact)
        if code in award.table:
            yield from _unlisted(award.table[code], item, activity)
        elif code is not None:
            label, named = FACTS[award.fact].label, item.labels_of(award.fact)
            yield FieldError(award.fact, f"规定中没有{label}“{named.get(code, code)}”的学分标准", tuple(award.table))


def _in_time(activity: Activity) -> Iterator[FieldError]:
    """Dates that are no time at all, or too short for what is said of it."""
    start, end = activity.start, activity.end or activity.start
    if start is None or end is None:
        if activity.end is not None:
            yield FieldError("start", "填写了结束日期，也请填写开始日期")
    elif end < start:
        yield FieldError("end", f"结束日期 {end} 早于开始日期 {start}")
    else:
        yield from _impossible_in_time(start, end, activity)


def _in_year(
    regulation: Regulation, year: int, category: Category, item: Item, activity: Activity
) -> Iterator[FieldError]:
    """Dates that have nothing to do with the assessed year, which may be the one that is made up."""
    start, end = activity.start, activity.end or activity.start
    if activity.makes_up is not None and regulation.make_up is None:
        yield FieldError("makes_up", f"{regulation.title}没有补学的规定，请不要填写补学年度")
    elif start is None or end is None:
        if activity.makes_up is not None and activity.makes_up not in _made_up_years(regulation, year):
            yield FieldError("makes_up", f"补学年度与 {year} 年度无关，请核对")
    elif activity.makes_up is not None:
        yield from _making_up(regulation, year, start, end, activity.makes_up)
    elif category.over_new_year or item.over_new_year:
        if start.year > year or end.year < year:
            yield FieldError("start", f"{start} 至 {end} 没有一天在 {year} 年度内")
    elif start.year != year:
        yield FieldError("start", f"活动开始于 {start}，不在 {year} 年度内")


def _impossible_in_time(start: date, end: date, activity: Activity) -> Iterator[FieldError]:
    """More hours, days or months than the whole stay has, inside the year or not (R31, R33)."""
    days = (end - start).days + 1
    if activity.hours is not None and activity.hours > days * HOURS_A_DAY:
        yield FieldError("hours", f"{days} 天最多 {days * HOURS_A_DAY} 小时，请核对小时数和起止日期")
    elif activity.hours is not None and activity.hours * activity.count > days * HOURS_A_DAY:
        yield FieldError(
            "count",
            f"{activity.count} 次共 {activity.hours * activity.count} 小时，超过 {days} 天的时间，请核对次数和起止日期",
        )
    if activity.days is not None and activity.days > days:
        yield FieldError("days", f"{start} 至 {end} 只有 {days} 天")
    touched = (end.year - start.year) * 12 + end.month - start.month + 1
    if activity.months is not None and activity.end is not None and activity.months > touched:
        yield FieldError("months", f"{start} 至 {end} 没有 {activity.months} 个月")


def _making_up(regulation: Regulation, year: int, start: date, end: date, missed: int) -> Iterator[FieldError]:
    """A missed year is made up within the year after it: such an entry belongs to either of the two years."""
    after = regulation.make_up.years_after if regulation.make_up else 0
    if start.year == missed + after and year in (missed, start.year):
        if end.year > start.year:
            yield FieldError("end", f"补 {missed} 年度学分的活动应在 {start.year} 年内结束")
    elif start.year == year:
        yield FieldError("makes_up", f"{start.year} 年的活动只能补 {start.year - after} 年度的学分")
    elif missed == year:
        yield FieldError("start", f"补 {missed} 年度学分的活动应在 {missed + after} 年进行")
    else:
        yield FieldError("start", f"活动开始于 {start}，不在 {year} 年度内")


def _made_up_years(regulation: Regulation, year: int) -> tuple[int, ...]:
    return (year, year - regulation.make_up.years_after) if regulation.make_up else ()
