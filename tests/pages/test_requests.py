"""The log says which page, by whom and how it ended, and nothing about any person."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.db import IntegrityError
from django.test import Client

from cme_portal.settings.logs import configured_logging

PERSONAL = ("110101199003078515", "13800138000", "li.ming@example.cn")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production would write, as a text of one JSON object a line."""
    parts = dict(configured_logging(level="INFO", readable=False)["formatters"]["lines"])
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(parts.pop("()")(**parts))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def objects(written: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_template_and_without_query(client: Client, lines: io.StringIO) -> None:
    response = client.get("/accounts/login/?next=/&phone=13800138000", headers={"x-request-id": "from-the-proxy-1"})
    [line] = [entry for entry in objects(lines) if entry["event"] == "request"]
    assert line["path"] == "accounts/login/"
    assert (line["status"], line["method"], line["user"]) == (response.status_code, "GET", None)
    assert line["request_id"] == response["X-Request-ID"] == "from-the-proxy-1"
    assert "13800138000" not in lines.getvalue()


@pytest.mark.django_db
def test_an_unknown_address_is_not_repeated(client: Client, lines: io.StringIO) -> None:
    client.get("/people/张伟/110101199003078515")
    assert "request" in {entry["event"] for entry in objects(lines)}
    assert "张伟" not in lines.getvalue()
    assert "110101199003078515" not in lines.getvalue()


@pytest.mark.django_db
def test_a_request_id_that_is_not_plain_is_replaced(client: Client) -> None:
    response = client.get("/accounts/login/", headers={"x-request-id": 'x" onclick="'})
    assert len(response["X-Request-ID"]) == 32


def test_an_exception_is_logged_by_type_and_place_without_its_text(lines: io.StringIO) -> None:
    def insert() -> None:
        raise IntegrityError("Key (name)=(张伟) already exists")

    try:
        insert()
    except IntegrityError:
        structlog.get_logger("any").exception("roster.failed", row=3)
        logging.getLogger("library").exception("Failed")
    for line in objects(lines):
        assert line["error"] == "IntegrityError"
        assert line["places"][-1].endswith(" insert")
    assert "张伟" not in lines.getvalue()


def test_a_failed_task_is_logged_without_the_text_of_its_error(lines: io.StringIO) -> None:
    error = IntegrityError("Key (name)=(张伟) already exists")
    logging.getLogger("celery.app.trace").error("Task %s[%s] raised unexpected: %r", "expire_posts", "1", error)
    [line] = objects(lines)
    assert line["event"] == "Task expire_posts[1] raised unexpected"


@pytest.mark.parametrize("value", PERSONAL)
def test_patterns_of_personal_data_are_masked_wherever_they_stand(value: str, lines: io.StringIO) -> None:
    structlog.get_logger("any").info("event", detail={"rows": [f"row of {value}"]})
    logging.getLogger("library").warning("Could not send to %s", value)
    assert len(objects(lines)) == 2
    assert value not in lines.getvalue()
