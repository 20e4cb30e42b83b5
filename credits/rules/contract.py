"""The assessment as JSON: one practitioner, one year, one jurisdiction in; one statement out (or lists of them).

`assess_json` serves the management command, the API and the calculator page alike. Whatever is unknown, missing or impossible
raises RequestError, which names every wrong field.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from credits.rules.checks import FieldError, check, check_facts
from credits.rules.engine import assess
from credits.rules.facts import FACTS, IN_TRAINING, MOST_DECIMALS, TITLES, Activity, Person
from credits.rules.language import Regulation
from credits.rules.outcome import Line, Result
from credits.rules.provisions import RuleMissingError
from credits.rules.registry import JURISDICTIONS, LAST_YEAR, VERSIONS, regulation
from credits.rules.sentences import shown

DECIMAL: Final = re.compile(rf"-?[0-9]{{1,12}}(\.[0-9]{{1,{MOST_DECIMALS}}})?")
LONGEST_INTEGER: Final = 20
NO_FIGURE: Final = Decimal("NaN")  # what is written is no figure; the check names the field
HALF_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")  # half of a UTF-16 pair, which no UTF-8 answer could repeat
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COMPLETED: Final = '{"completed": "YYYY-MM-DD"}'

Json = dict[str, Any]


class RequestError(ValueError):
    """The request cannot be assessed; `errors` name every field that is wrong."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("；".join(f"{error.field}：{error.message}" for error in self.errors))

    def as_json(self) -> Json:
        """{"errors": [{"field": "activities[0].hours", "message": "...", "allowed": [...]}]}; allowed only for codes."""
        return {
            "errors": [
                {"field": error.field, "message": error.message}
                | ({"allowed": list(error.allowed)} if error.allowed else {})
                for error in self.errors
            ]
        }


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose facts have been checked."""

    regulation: Regulation
    year: int
    person: Person
    activities: tuple[Activity, ...]

    def assess(self, *, explain: bool = True) -> Result:
        return assess(self.regulation, self.year, self.person, self.activities, explain=explain)


def loads(text: str) -> object:
    """JSON with exact decimals; a repeated name is an error. Raise RequestError.

    A figure such as NaN, or one of endless digits, is left to the check, which names its field.
    """
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_figure, parse_constant=_figure, object_pairs_hook=_no_repeats
        )
    except json.JSONDecodeError as error:
        raise RequestError([FieldError("", f"不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列")]) from error
    except RecursionError as error:
        raise RequestError([FieldError("", "JSON 嵌套过深")]) from error


def assess_json(data: object) -> Json | list[Json]:
    """The answer to a request, or a list of answers to a list of requests. Raise RequestError naming all wrong fields."""
    if not isinstance(data, list):
        return answer(data)
    requests, errors = [], []
    for place, entry in enumerate(data):
        try:
            requests.append(read_request(entry))
        except RequestError as wrong:
            errors += [
                FieldError(f"[{place}].{error.field}".rstrip("."), error.message, error.allowed)
                for error in wrong.errors
            ]
    if errors:
        raise RequestError(errors)
    return [statement(request) for request in requests]


def read_request(data: object) -> Request:
    """Raise RequestError naming every field that is unknown, missing or impossible."""
    if not isinstance(data, dict):
        raise RequestError([FieldError("", "应为一个对象，包含 jurisdiction、year、practitioner、activities")])
    errors = _unknown(data, ("jurisdiction", "year", "practitioner", "activities"))
    rules = _regulation(data, errors)
    person = _read_person(data.get("practitioner"), errors)
    activities = _read_activities(data.get("activities"), errors)
    found = check_facts(person, activities) if rules is None else check(rules, data["year"], person, activities)
    named = {error.field for error in errors}
    errors += [error for error in found if not {error.field, error.field.partition(".")[0]} & named]
    if errors or rules is None:
        raise RequestError(errors)
    return Request(rules, data["year"], person, tuple(activities))


def answer(data: object) -> Json:
    """The answer to one request. Raise RequestError naming every wrong field."""
    return statement(read_request(data))


def statement(request: Request) -> Json:
    """The statement as the contract words it: credits as decimal strings, activities in the order of the request."""
    result = request.assess()
    return {
        "total": shown(result.total),
        "professional": shown(result.professional),
        "common": shown(result.common),
        "full_year": result.full_year,
        "compliant": result.compliant,
        "unmet": list(result.unmet),
        "by_category": {category: shown(counted) for category, counted in result.by_category.items()},
        "activities": [_line(line) for line in result.lines],
    }


def _line(line: Line) -> Json:
    because = [
        {"clause": step.clause, "text": step.text} | ({"reading": step.reading} if step.reading else {})
        for step in line.steps
    ]
    return {"id": line.id, "earned": shown(line.earned), "counted": shown(line.counted), "because": because}


def _regulation(data: Json, errors: list[FieldError]) -> Regulation | None:
    jurisdiction, year = data.get("jurisdiction"), data.get("year")
    if not isinstance(jurisdiction, str) or jurisdiction not in VERSIONS:
        message = f"没有“{jurisdiction}”的学分规定" if isinstance(jurisdiction, str) else "请填写地区"
        errors.append(FieldError("jurisdiction", f"{message}，可填 {'、'.join(JURISDICTIONS)}", JURISDICTIONS))
    if not isinstance(year, int) or isinstance(year, bool):
        first = min(versions[0].in_force.year for versions in VERSIONS.values())
        errors.append(FieldError("year", f"年度应为 {first} 至 {LAST_YEAR} 的整数"))
    if errors and {error.field for error in errors} & {"jurisdiction", "year"}:
        return None
    try:
        return regulation(str(jurisdiction), int(year or 0))
    except RuleMissingError as missing:
        errors.append(FieldError("year", str(missing)))
        return None


def _read_person(data: object, errors: list[FieldError]) -> Person:
    """The person as far as it can be read, so that its other fields are checked too; what cannot be read is an error."""
    person = Person(title=next(iter(TITLES)))
    if not isinstance(data, dict):
        errors.append(FieldError("practitioner", "请填写人员情况，至少要有 title"))
        return person
    names = [slot.name for slot in fields(Person)]
    wrong = _unknown(data, names)
    given = {name: data[name] for name in names if data.get(name) is not None}
    try:
        given["residency"] = _residency(data.get("residency"))
    except RequestError as unreadable:
        del given["residency"]
        wrong += unreadable.errors
    if "title" not in given:
        wrong.append(FieldError("title", f"请填写职称级别，可填 {'、'.join(TITLES)}", tuple(TITLES)))
    errors += [error.below("practitioner") for error in wrong]
    return replace(person, **given)


def _residency(data: object) -> str | date | None:
    if data is None or data == IN_TRAINING:
        return None if data is None else IN_TRAINING
    if not isinstance(data, dict):
        raise RequestError([FieldError("residency", f"应为 null、{IN_TRAINING} 或 {COMPLETED}", (IN_TRAINING,))])
    errors = [error.below("residency") for error in _unknown(data, ("completed",))]
    completed = _day(data.get("completed"))
    if not isinstance(completed, date):
        errors.append(FieldError("residency.completed", "结业日期应为 YYYY-MM-DD，如 2025-06-30"))
    if errors or not isinstance(completed, date):
        raise RequestError(errors)
    return completed


def _read_activities(data: object, errors: list[FieldError]) -> list[Activity]:
    """The activities, each in its place, as far as they can be read; what is no activity is an error."""
    if not isinstance(data, list):
        errors.append(FieldError("activities", "请填写活动，没有活动时填 []"))
        return []
    activities = []
    for place, entry in enumerate(data):
        activity, wrong = _read_activity(entry)
        errors += [error.below(f"activities[{place}]") for error in wrong]
        activities.append(activity)
    return activities


def _read_activity(data: object) -> tuple[Activity, list[FieldError]]:
    """An activity with its facts as they are given; those that cannot be read are left to the check."""
    if not isinstance(data, dict):
        return Activity("", ""), [FieldError("", "应为一个对象")]
    names = [slot.name for slot in fields(Activity)]
    given: Json = {}
    for name in names:
        value = data.get(name)
        if value is not None:
            read = READERS.get(FACTS[name].kind)
            given[name] = value if read is None else read(value)
    return Activity(**{"id": "", "category": "", **given}), _unknown(data, names)


def _unknown(data: Mapping[str, object], known: Iterable[str]) -> list[FieldError]:
    names = tuple(known)
    return [FieldError(name, "没有这个字段", names) for name in data if name not in names]


def _decimal(value: object) -> Decimal:
    """A figure as a string or a number, as long as a figure can be; NO_FIGURE where it is neither or not finite."""
    if isinstance(value, str):
        return Decimal(value) if DECIMAL.fullmatch(value) else NO_FIGURE
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return NO_FIGURE
    figure = Decimal(str(value))
    if abs(figure.adjusted()) > LONGEST_INTEGER:  # written out, 1e-30000000 would fill the memory
        return NO_FIGURE
    written = f"{figure:f}"
    return Decimal(written) if DECIMAL.fullmatch(written) else NO_FIGURE


def _day(value: object) -> object:
    """The day; what is none comes back as it is."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


READERS: Final[Mapping[str, Callable[[object], Any]]] = {"decimal": _decimal, "date": _day}


def _figure(written: str) -> Decimal:
    """A decimal, or NaN and Infinity as they are; NO_FIGURE where the exponent is beyond any figure."""
    try:
        return Decimal(written)
    except InvalidOperation:
        return NO_FIGURE


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= LONGEST_INTEGER else NO_FIGURE


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise RequestError([FieldError(repeated, "同一个字段出现了两次")])
    for name, value in pairs:
        for field, text in (("", name), (name, value)):
            if isinstance(text, str) and HALF_CHARACTER.search(text):
                raise RequestError([FieldError(field, "含有不完整的 Unicode 字符，请检查编码")])
    return read
