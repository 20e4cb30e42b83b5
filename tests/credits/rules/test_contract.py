"""What the JSON contract refuses, and that it names the field."""

import json
from typing import Any

import pytest

from credits.rules.contract import RequestError, answer, assess_json, loads

ACTIVITY = {"id": "a1", "category": "project", "hours": "4", "start": "2026-03-02"}

ENDS = ("2027-12-31", "2028-01-01")


def request(**changes: Any) -> dict[str, Any]:
    base = {"jurisdiction": "liaoning", "year": 2026, "practitioner": {"title": "junior"}, "activities": []}
    return {**base, **changes}


def with_activity(**facts: Any) -> dict[str, Any]:
    stated = {name: value for name, value in {**ACTIVITY, **facts}.items() if value != "left out"}
    return request(activities=[stated], jurisdiction=facts.get("jurisdiction", "liaoning"))


def wrong_fields(data: object) -> set[str]:
    with pytest.raises(RequestError) as raised:
        assess_json(data)
    return {error["field"] for error in raised.value.as_json()["errors"]}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"hours": True}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"hours": float("nan")}, "hours"),
        ({"hours": float("inf")}, "hours"),
        ({"hours": "-1"}, "hours"),
        ({"hours": -0.5}, "hours"),
        ({"hours": "four"}, "hours"),
        ({"hours": "1e2"}, "hours"),
        ({"hours": "４"}, "hours"),
        ({"hours": ["4"]}, "hours"),
        ({"hours": "left out"}, "hours"),
        ({"hours": None}, "hours"),
        ({"hours": "24.5"}, "hours"),
        ({"hours": "49", "end": "2026-03-03"}, "hours"),
        ({"hours": "5", "count": 5}, "count"),
        ({"count": 0}, "count"),
        ({"count": True}, "count"),
        ({"count": "2"}, "count"),
        ({"count": 1.0}, "count"),
        ({"rank": 0}, "rank"),
        ({"words": -1}, "words"),
        ({"assessed_credits": "-0.1"}, "assessed_credits"),
        ({"published_credits": "-6"}, "published_credits"),
        ({"passed": "yes"}, "passed"),
        ({"passed": 1}, "passed"),
        ({"hour": "4"}, "hour"),
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"id": "left out"}, "id"),
        ({"category": "left out"}, "category"),
        ({"category": "projects"}, "category"),
        ({"category": "internal_training"}, "category"),
        ({"item": "district"}, "item"),
        ({"item": "municipal"}, "published_credits"),
        ({"role": "chair"}, "role"),
        ({"delivery": "online"}, "delivery"),
        ({"subject": "public"}, "subject"),
        ({"level": "city"}, "level"),
        ({"start": "2025-12-31"}, "start"),
        ({"start": "2027-01-01"}, "start"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "20260302"}, "start"),
        ({"start": 20260302}, "start"),
        ({"start": "left out", "end": "2026-03-02"}, "start"),
        ({"end": "2026-03-01"}, "end"),
        ({"project": " "}, "project"),
        ({"makes_up": 2025}, "makes_up"),
        ({"makes_up": "2025"}, "makes_up"),
        ({"category": "degree", "end": "left out"}, "end"),
        ({"category": "degree", "start": "left out", "end": "2026-03-02"}, "start"),
        ({"category": "degree", "end": "2026-03-02", "item": "study"}, "item"),
        ({"category": "degree", "end": "2026-03-02", "count": 2}, "count"),
        ({"category": "degree", "start": "2025-03-02", "end": "2025-09-02"}, "start"),
        ({"category": "self_study", "item": "research", "level": "institutional", "rank": 1}, "level"),
        ({"category": "self_study", "item": "competition", "level": "department"}, "level"),
        ({"category": "self_study", "item": "award", "level": "national"}, "grade"),
        ({"category": "self_study", "item": "supervision", "months": 13}, "months"),
        ({"category": "self_study", "item": "supervision", "months": 4, "end": "2026-04-30"}, "months"),
        ({"category": "self_study"}, "assessed_credits"),
        ({"category": "local"}, "category"),
    ],
)
def test_a_wrong_fact_is_named(facts: dict[str, Any], field: str) -> None:
    assert wrong_fields(with_activity(**facts)) == {f"activities[0].{field}"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"jurisdiction": "hebei"}, "jurisdiction"),
        ({"jurisdiction": None}, "jurisdiction"),
        ({"jurisdiction": ["liaoning"]}, "jurisdiction"),
        ({"year": 2024}, "year"),
        ({"year": 2101}, "year"),
        ({"year": "2026"}, "year"),
        ({"year": True}, "year"),
        ({"year": 2026.0}, "year"),
        ({"activities": None}, "activities"),
        ({"activities": {}}, "activities"),
        ({"activities": [7]}, "activities[0]"),
        ({"practitioner": None}, "practitioner"),
        ({"practitioner": {}}, "practitioner.title"),
        ({"practitioner": {"title": "chief"}}, "practitioner.title"),
        ({"practitioner": {"title": "junior", "primary_care": 1}}, "practitioner.primary_care"),
        ({"practitioner": {"title": "junior", "licensed": "no"}}, "practitioner.licensed"),
        ({"practitioner": {"title": "junior", "age": 30}}, "practitioner.age"),
        ({"practitioner": {"title": "junior", "residency": "done"}}, "practitioner.residency"),
        ({"practitioner": {"title": "junior", "residency": {}}}, "practitioner.residency.completed"),
        ({"practitioner": {"title": "junior", "residency": {"completed": "2026"}}}, "practitioner.residency.completed"),
        (
            {"practitioner": {"title": "junior", "residency": {"completed": "2025-06-30", "at": "x"}}},
            "practitioner.residency.at",
        ),
        ({"practicioner": {}}, "practicioner"),
    ],
)
def test_a_wrong_request_is_named(changes: dict[str, Any], field: str) -> None:
    assert wrong_fields(request(**changes)) == {field}


def test_a_repeated_id_is_named_at_its_second_place() -> None:
    assert wrong_fields(request(activities=[ACTIVITY, {**ACTIVITY, "start": "2026-04-01"}])) == {"activities[1].id"}


def test_all_errors_come_together_with_what_is_allowed() -> None:
    with pytest.raises(RequestError) as raised:
        assess_json(request(practitioner={"title": "x"}, activities=[{**ACTIVITY, "role": "chair"}, {"id": "b"}]))
    errors = {error["field"]: error for error in raised.value.as_json()["errors"]}

    assert set(errors) == {"practitioner.title", "activities[0].role", "activities[1].category"}
    assert errors["activities[0].role"]["allowed"] == ["attendee", "speaker"]
    assert errors["practitioner.title"]["allowed"] == ["junior", "intermediate", "senior"]


def test_a_missing_id_is_named_once_however_often_it_is_missing() -> None:
    """That both are missing makes neither a repetition."""
    entry = {"category": "practice", "hours": "6", "start": "2026-03-02"}
    with pytest.raises(RequestError) as wrong:
        answer(request(activities=[{**entry, "id": ""}, {**entry, "id": ""}]))
    assert [error.field for error in wrong.value.errors] == ["activities[0].id", "activities[1].id"]


def test_what_is_wrong_with_one_fact_hides_nothing_of_the_others() -> None:
    entry = {"id": "", "category": "degree", "hours": "x", "count": 2, "start": "2024-03-02", "end": "2024-03-09"}
    assert wrong_fields(request(activities=[entry])) == {
        "activities[0].id",
        "activities[0].hours",
        "activities[0].count",
        "activities[0].start",
    }
    unknown = {"id": "a", "category": "x", "hours": "25", "role": "chair", "start": "2026-03-02"}
    assert wrong_fields(request(activities=[unknown])) == {
        "activities[0].category",
        "activities[0].hours",
        "activities[0].role",
    }
    assert wrong_fields(request(year=2024, practitioner={"title": "x"}, activities=[{**entry, "end": "soon"}])) == {
        "year",
        "practitioner.title",
        "activities[0].id",
        "activities[0].hours",
        "activities[0].end",
    }


def test_a_missing_fact_is_not_asked_for_where_its_alternative_is_wrong() -> None:
    entry = {"id": "a", "category": "project", "item": "district", "hours": "many", "start": "2026-03-02"}
    assert wrong_fields(request(jurisdiction="beijing", activities=[entry])) == {"activities[0].hours"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": "x"}, "小时数应为 0 至 8784 的数，最多 12 位小数"),
        ({"rank": 0}, "本人排名应为 1 至 1000 的整数"),
        ({"start": "20260302"}, "开始日期应为 YYYY-MM-DD 格式的日期，如 2026-03-02"),
        ({"id": 7}, "编号应为文字，不能为空"),
        ({"role": "chair"}, "参加身份可填 attendee、speaker"),
        ({"category": "left out"}, "请填写活动类型，可填 project、study_leave、"),
    ],
)
def test_an_error_says_what_is_possible(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError) as raised:
        assess_json(with_activity(**changes))
    assert raised.value.errors[0].message.startswith(words)


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("hours", "NaN"),
        ("hours", "Infinity"),
        ("hours", "-Infinity"),
        ("hours", "1e99999999999999999999"),
        ("hours", "9" * 5000),
        ("count", "9" * 5000),
        ("role", "NaN"),
        ("start", "9" * 5000),
    ],
)
def test_a_figure_beyond_all_figures_is_named(field: str, written: str) -> None:
    text = json.dumps(with_activity(**{field: "__"})).replace('"__"', written)
    assert wrong_fields(loads(text)) == {f"activities[0].{field}"}


def test_a_year_of_endless_digits_is_named() -> None:
    assert wrong_fields(loads(json.dumps(request(year="__")).replace('"__"', "9" * 5000))) == {"year"}


def test_half_a_character_is_named() -> None:
    with pytest.raises(RequestError) as raised:
        loads('{"id": "\\ud800"}')
    assert [error.field for error in raised.value.errors] == ["id"]


@pytest.mark.parametrize("hours", ["-0", "-0.00", -0.0])
def test_no_hours_below_zero_are_no_hours(hours: object) -> None:
    (line,) = answer(with_activity(hours=hours))["activities"]
    assert line["because"][0]["text"] == "参加 0 小时，不足 3 小时，不计学分。"


def test_errors_in_a_list_of_requests_name_their_place() -> None:
    assert wrong_fields([request(), request(year=2024), with_activity(hours="25"), 3]) == {
        "[1].year",
        "[2].activities[0].hours",
        "[3]",
    }


def test_a_list_of_requests_gives_a_list_of_answers() -> None:
    one = with_activity()
    assert assess_json([one, one]) == [answer(one), answer(one)]
    assert assess_json([]) == []


@pytest.mark.parametrize("hours", ["4", "4.0", 4, 4.0, "5.99"])
def test_hours_may_be_written_in_several_ways(hours: object) -> None:
    assert answer(with_activity(hours=hours))["total"] == "1.0"


def test_null_means_not_stated() -> None:
    given = request(
        practitioner={"title": "junior", "residency": None}, activities=[{**ACTIVITY, "item": None, "end": None}]
    )
    assert answer(given)["total"] == "1.0"


@pytest.mark.parametrize("text", ["", "{", '{"year": 2026, "year": 2025}', "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        loads(text)


def test_decimals_of_json_stay_exact() -> None:
    given = request(activities=[{"id": "a", "category": "other", "assessed_credits": "__"}])
    text = json.dumps(given).replace('"__"', "0.3")
    assert answer(loads(text))["total"] == "0.3"


def test_a_published_figure_serves_where_hours_are_not_known() -> None:
    assert answer(with_activity(hours="left out", published_credits="6"))["total"] == "6.0"
    speaker = with_activity(hours="left out", published_credits="6", role="speaker")
    assert wrong_fields(speaker) == {"activities[0].hours"}


def test_a_stay_over_new_year_is_checked_against_its_whole_length() -> None:
    stay = {"id": "a", "category": "study_leave", "start": "2025-12-31", "end": "2026-01-02"}
    assert answer(request(activities=[{**stay, "hours": "72"}]))["total"] == "8.0"
    assert wrong_fields(request(activities=[{**stay, "hours": "72.5"}])) == {"activities[0].hours"}
    days = request(jurisdiction="zhejiang", activities=[{**stay, "days": 4}])
    assert wrong_fields(days) == {"activities[0].days"}


def test_supervision_over_new_year_counts_the_months_of_the_year() -> None:
    supervision = {"id": "a", "category": "self_study", "item": "supervision", "start": "2025-12-01"}
    given = request(activities=[{**supervision, "end": "2026-02-28", "months": 2}])
    (line,) = answer(given)["activities"]
    assert line["counted"] == "2.0"
    assert "R31" in {because.get("reading") for because in line["because"]}
    ended = request(activities=[{**supervision, "end": "2025-12-31", "months": 1}])
    assert wrong_fields(ended) == {"activities[0].start"}


def test_a_degree_in_zhejiang_may_run_through_the_year() -> None:
    degree = {"id": "a", "category": "degree", "start": "2024-09-01", "end": "2027-06-30"}
    assert answer(request(jurisdiction="zhejiang", activities=[degree]))["full_year"] is True


@pytest.mark.parametrize(
    ("year", "start", "makes_up", "field"),
    [
        (2026, "2027-02-01", 2026, None),
        (2027, "2027-02-01", 2026, None),
        (2026, None, 2026, None),
        (2026, "2028-02-01", 2026, "start"),
        (2026, "2026-02-01", 2026, "makes_up"),
        (2026, "2026-02-01", 2024, "makes_up"),
        (2026, "2027-02-01", 2025, "start"),
        (2026, None, 2023, "makes_up"),
    ],
)
@pytest.mark.parametrize("jurisdiction", ["zhejiang", "sichuan"])
def test_a_missed_year_is_made_up_in_the_year_after(
    jurisdiction: str, year: int, start: str | None, makes_up: int, field: str | None
) -> None:
    activity = {"id": "a", "category": "project", "hours": "9", "start": start, "makes_up": makes_up}
    given = request(jurisdiction=jurisdiction, year=year, activities=[activity])
    if field is None:
        assert answer(given)["total"] == ("3.0" if year == makes_up else "0.0")
    else:
        assert wrong_fields(given) == {f"activities[0].{field}"}


@pytest.mark.parametrize("jurisdiction", ["zhejiang", "sichuan"])
def test_making_up_ends_with_the_year_after(jurisdiction: str) -> None:
    activity = {"id": "a", "category": "project", "hours": "9", "start": "2027-12-30", "makes_up": 2026}
    given = [request(jurisdiction=jurisdiction, activities=[{**activity, "end": end}]) for end in ENDS]
    assert answer(given[0])["total"] == "3.0"
    assert wrong_fields(given[1]) == {"activities[0].end"}


def test_a_degree_in_zhejiang_is_passed_once_a_year() -> None:
    degree = {"id": "a", "category": "degree", "start": "2026-03-02", "count": 2}
    assert wrong_fields(request(jurisdiction="zhejiang", activities=[degree])) == {"activities[0].count"}


def test_a_fact_without_effect_is_answered_not_ignored() -> None:
    (line,) = answer(with_activity(words=3000))["activities"]
    assert "“本人撰写字数”不影响" in line["because"][-1]["text"]
