"""Whether facts can be assessed at all: unknown codes, missing facts, impossible figures and dates.

Every error names its field and says what is possible. Nothing is corrected or ignored here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from credits.rules.facts import FACTS, IN_TRAINING, TITLES, Activity, Fact, Person
from credits.rules.language import Category, Item, Regulation
from credits.rules.provisions import RuleMissingError
from credits.rules.rulebook import for_role
from credits.rules.terms import Award, By, FullYear, Halved

HOURS_A_DAY = 24


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
    errors = [error.below("practitioner") for error in check_person(person)]
    seen: dict[str, int] = {}
    for place, activity in enumerate(activities):
        path = f"activities[{place}]"
        errors += [error.below(path) for error in check_activity(regulation, year, activity)]
        if not isinstance(activity.id, str):
            continue  # named above; a list cannot be looked up
        if activity.id in seen:
            errors.append(
                FieldError(f"{path}.id", f"编号“{activity.id}”与第 {seen[activity.id] + 1} 项重复，请改用不同的编号")
            )
        seen.setdefault(activity.id, place)
    return errors


def check_person(person: Person) -> Iterator[FieldError]:
    if not isinstance(person.title, str) or person.title not in TITLES:
        yield FieldError("title", f"没有“{person.title}”这一职称级别", tuple(TITLES))
    for name in ("primary_care", "licensed"):
        if not isinstance(getattr(person, name), bool):
            yield FieldError(name, "应为 true 或 false")
    if not (person.residency is None or person.residency == IN_TRAINING or isinstance(person.residency, date)):
        yield FieldError("residency", "应为空、in_training 或结业日期", (IN_TRAINING,))


def check_activity(regulation: Regulation, year: int, activity: Activity) -> list[FieldError]:
    """The errors of one activity, fields named as the activity names them."""
    errors = list(_wrong_values(activity))
    try:
        category = regulation.category(activity.category)
    except RuleMissingError:
        allowed = tuple(category.code for category in regulation.categories)
        return [*errors, FieldError("category", f"{regulation.title}没有“{activity.category}”这一类活动", allowed)]
    if category.open_items and activity.item is None:
        return [*errors, FieldError("item", f"请填写“{category.title}”的类型代码")]
    try:
        item = category.item(activity.item)
    except RuleMissingError as missing:
        return [*errors, FieldError("item", str(missing), tuple(item.code for item in category.items))]
    if errors:
        return errors
    errors = list(_missing_or_unlisted(category, item, activity))
    if any(error.field == "start" for error in errors):
        return errors
    return [*errors, *_dates(regulation, year, category, item, activity)]


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
            return "" if isinstance(value, str) and value.strip() else f"请填写{fact.label}"
        case "choice":
            return "" if isinstance(value, str) and value in fact.choices else f"{fact.label}不能是“{value}”"
        case "flag":
            return "" if isinstance(value, bool) else f"{fact.label}应为 true 或 false"
        case "date":
            return "" if isinstance(value, date) and not isinstance(value, datetime) else f"{fact.label}应为日期"
        case "decimal" | "integer" | "year":
            return _wrong_number(fact, value)


def _wrong_number(fact: Fact, value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    exact = fact.kind == "decimal" and isinstance(value, Decimal) and value.is_finite()
    if isinstance(value, int | Decimal) and (whole or exact) and fact.minimum <= value <= fact.maximum:
        return ""
    kind = "数" if fact.kind == "decimal" else "整数"
    return f"{fact.label}应为 {fact.minimum} 至 {fact.maximum} 的{kind}"


def _missing_or_unlisted(category: Category, item: Item, activity: Activity) -> Iterator[FieldError]:
    for group in item.needs(activity.role):
        if all(getattr(activity, name) is None for name in group):
            labels = "或".join(FACTS[name].label for name in group)
            yield FieldError(group[0], f"“{item.title}”需要填写{labels}")
    award = for_role(item.award, activity.role)
    yield from _unlisted(award, activity)
    if isinstance(award, FullYear) and activity.count != 1:
        yield FieldError("count", f"“{category.title}”每次单独填报，次数只能是 1")


def _unlisted(award: Award, activity: Activity) -> Iterator[FieldError]:
    """Codes that the regulation's table does not list (R41)."""
    if isinstance(award, Halved):
        yield from _unlisted(award.award, activity)
    if isinstance(award, By):
        code = getattr(activity, award.fact)
        if code in award.table:
            yield from _unlisted(award.table[code], activity)
        elif code is not None:
            fact = FACTS[award.fact]
            yield FieldError(
                award.fact, f"规定中没有{fact.label}“{fact.choices.get(code, code)}”的学分标准", tuple(award.table)
            )


def _dates(
    regulation: Regulation, year: int, category: Category, item: Item, activity: Activity
) -> Iterator[FieldError]:
    start, end = activity.start, activity.end or activity.start
    if activity.makes_up is not None and regulation.make_up is None:
        yield FieldError("makes_up", f"{regulation.title}没有补学的规定，请不要填写补学年度")
        return
    if start is None or end is None:
        if end is not None or activity.end is not None:
            yield FieldError("start", "填写了结束日期，也请填写开始日期")
        elif activity.makes_up is not None and activity.makes_up not in _made_up_years(regulation, year):
            yield FieldError("makes_up", f"补学年度与 {year} 年度无关，请核对")
        return
    if end < start:
        yield FieldError("end", f"结束日期 {end} 早于开始日期 {start}")
        return
    yield from _impossible_in_time(start, end, activity)
    if activity.makes_up is not None:
        yield from _making_up(regulation, year, start, activity.makes_up)
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


def _making_up(regulation: Regulation, year: int, start: date, missed: int) -> Iterator[FieldError]:
    """A missed year is made up in the year after it: such an entry belongs to either of the two years."""
    after = regulation.make_up.years_after if regulation.make_up else 0
    if start.year == missed + after and year in (missed, start.year):
        return
    if start.year == year:
        yield FieldError("makes_up", f"{start.year} 年的活动只能补 {start.year - after} 年度的学分")
    elif missed == year:
        yield FieldError("start", f"补 {missed} 年度学分的活动应在 {missed + after} 年进行")
    else:
        yield FieldError("start", f"活动开始于 {start}，不在 {year} 年度内")


def _made_up_years(regulation: Regulation, year: int) -> tuple[int, ...]:
    return (year, year - regulation.make_up.years_after) if regulation.make_up else ()
