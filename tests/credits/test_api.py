"""The assessment over HTTP: the contract, every wrong field named, nothing stored, nobody overruns it."""

import json
from typing import Any

import pytest
from django.test import Client

from cme_portal.foundation.limits import Limit
from credits import api

ADDRESS = "/api/v1/assessments/"
REQUEST: dict[str, Any] = {
    "jurisdiction": "zhejiang",
    "year": 2026,
    "practitioner": {"title": "intermediate"},
    "activities": [{"id": "a1", "category": "project", "hours": "24", "start": "2026-03-02", "end": "2026-03-04"}],
}


def post(data: object) -> Any:
    return Client().post(
        ADDRESS, data=data if isinstance(data, str) else json.dumps(data), content_type="application/json"
    )


def test_one_request_gives_one_statement_without_the_database() -> None:
    """Pytest-django forbids the database here: the answer comes from the rules alone."""
    response = post(REQUEST)
    assert response.status_code == 200
    answer = response.json()
    assert answer["total"] == "8.0"
    assert answer["unmet"] == ["total", "common"]
    assert answer["activities"][0]["because"][0]["clause"] == "zhejiang 附件 继续医学教育项目"


def test_a_list_gives_a_list_in_the_same_order() -> None:
    other = {**REQUEST, "jurisdiction": "national", "activities": []}
    assert [answer["total"] for answer in post([REQUEST, other]).json()] == ["8.0", "0.0"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"jurisdiction": "mars"}, "jurisdiction"),
        ({"year": 2024}, "year"),
        ({"colour": "red"}, "colour"),
        ({"practitioner": {"title": "boss"}}, "practitioner.title"),
        ({"practitioner": {"title": ["junior"]}}, "practitioner.title"),
        ({"activities": [{**REQUEST["activities"][0], "id": []}]}, "activities[0].id"),
        ({"activities": [{**REQUEST["activities"][0], "hours": "-1"}]}, "activities[0].hours"),
        ({"activities": [{"id": "a1", "category": "project"}]}, "activities[0].hours"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str) -> None:
    response = post({**REQUEST, **change})
    assert response.status_code == 400
    assert field in [error["field"] for error in response.json()["errors"]]
    assert all(error["message"] for error in response.json()["errors"])


@pytest.mark.parametrize("figure", ["1e-30000000", "0e-30000000", "1e3000000", "3." + "0" * 40 + "1"])
@pytest.mark.parametrize("fact", ["hours", "assessed_credits"])
def test_a_number_of_a_few_bytes_cannot_keep_the_server_busy(fact: str, figure: str) -> None:
    """Written out, the first of these has thirty million digits."""
    request = json.dumps({**REQUEST, "activities": [{**REQUEST["activities"][0], fact: "FIGURE"}]})
    response = post(request.replace('"FIGURE"', figure))
    assert response.status_code == 400
    assert f"activities[0].{fact}" in [error["field"] for error in response.json()["errors"]]
    assert len(response.content) < 1000


def test_in_a_list_the_place_is_named_too() -> None:
    errors = post([REQUEST, {**REQUEST, "year": 1999}]).json()["errors"]
    assert [error["field"] for error in errors] == ["[1].year"]


def test_figures_stay_exact() -> None:
    """2.9 hours as a JSON number are 2.9, not 2.8999."""
    data = json.dumps({**REQUEST, "activities": [{"id": "a1", "category": "other", "assessed_credits": 2.9}]})
    assert post(data).json()["total"] == "2.9"


@pytest.mark.parametrize(
    "text",
    [
        '{"year": 2026',
        '{"year": 2025, "year": 2026}',
        '{"year": NaN}',
        "[" * 50_000,
        f'{{"year": {"9" * 5000}}}',
        r'{"jurisdiction": "\ud800"}',
    ],
)
def test_json_that_is_none_is_refused(text: str) -> None:
    response = post(text)
    assert response.status_code == 400
    assert response.json()["errors"]


def test_other_content_types_and_methods_are_refused() -> None:
    client = Client()
    assert client.post(ADDRESS, {"year": 2026}).status_code == 415
    assert client.get(ADDRESS).status_code == 405


def test_lists_activities_and_bytes_are_limited() -> None:
    assert post([REQUEST] * (api.MOST_REQUESTS + 1)).status_code == 400
    activities = [
        {"id": str(number), "category": "other", "assessed_credits": "1"} for number in range(api.MOST_ACTIVITIES + 1)
    ]
    response = post([REQUEST, {**REQUEST, "activities": activities}])
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "[1].activities"
    assert post('"' + "x" * api.MOST_BYTES + '"').status_code == 413


def test_calls_from_one_address_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.AssessmentThrottle, "limit", Limit("assessments", times=2, seconds=60))
    monkeypatch.setattr("cme_portal.foundation.limits.time", lambda: 1_800_000_000.0)
    assert [post(REQUEST).status_code for _ in range(3)] == [200, 200, 429]
    refused = post(REQUEST)
    assert refused.headers["Retry-After"] == "60"


def test_the_description_names_every_fact() -> None:
    description = Client().get("/api/v1/openapi.json").json()
    activity = description["components"]["schemas"]["Activity"]
    assert {"hours", "published_credits", "makes_up"} <= activity["properties"].keys()
    assert activity["properties"]["level"]["enum"][0] == "national"
    assert description["servers"] == [{"url": "http://testserver"}]


@pytest.mark.django_db
def test_a_signed_in_reader_needs_no_token(django_user_model: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create(username="reader"))
    assert client.post(ADDRESS, data=json.dumps(REQUEST), content_type="application/json").status_code == 200
