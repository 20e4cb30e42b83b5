"""What the JSON contract refuses, and that it names the field."""

import json
from typing import Any

import pytest

from credits.rules.contract import RequestError, answer, assess_json, loads

ACTIVITY = {"id": "a1", "category": "project", "hours": "4", "start": "2026-03-02"}


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


@pytest.mark.parametrize("text", ["", "{", '{"a": NaN}', '{"year": 2026, "year": 2025}', "[" * 100_000])
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


def test_a_fact_without_effect_is_answered_not_ignored() -> None:
    (line,) = answer(with_activity(words=3000))["activities"]
    assert "“本人撰写字数”不影响" in line["because"][-1]["text"]
