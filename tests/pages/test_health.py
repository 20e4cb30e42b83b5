"""Probes: alive without anything, ready only when everything the portal stands on works."""

from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections
from django.test import Client, override_settings
from django.utils import timezone

from cme_portal.foundation.models import OutboxMessage
from cme_portal.pages import health
from tests.cast import make_province


def test_alive_needs_neither_database_nor_known_host(client: Client) -> None:
    # Without the db fixture any query is an error.
    response = client.get("/health/live", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_probe_by_plain_http_is_not_sent_to_https(client: Client) -> None:
    assert client.get("/health/live", headers={"host": "127.0.0.1:8000"}).status_code == 200


@pytest.mark.django_db
def test_ready_when_everything_works(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.json() == {
        "status": "ok",
        "parts": {"database": "ok", "row_level_security": "ok", "migrations": "ok", "cache": "ok", "outbox": "ok"},
    }
    assert response.status_code == 200


@pytest.mark.django_db
def test_not_ready_while_the_cache_is_gone(client: Client) -> None:
    gone = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": gone}):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["cache"] == "unreachable (ConnectionError)"
    assert response.json()["parts"]["database"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_database_is_gone(client: Client) -> None:
    connection = connections["default"]
    connection.close()
    with mock.patch.dict(connection.settings_dict, {"PORT": "1"}):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "unreachable (OperationalError)"
    assert response.json()["parts"]["cache"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("exempt_by", ["rolsuper", "rolbypassrls"])
def test_a_role_that_no_wall_binds_is_refused_with_the_reason(client: Client, exempt_by: str) -> None:
    answers = {"rolsuper": "false", "rolbypassrls": "false"} | {exempt_by: "true"}
    columns = ", ".join(f"{answer} AS {name}" for name, answer in answers.items())
    with connection.cursor() as cursor:
        # What the catalogue would say of the role.
        cursor.execute(f"CREATE TEMPORARY VIEW pg_roles AS SELECT current_user AS rolname, {columns}")
        cursor.execute("SET LOCAL search_path TO pg_temp, public, pg_catalog")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "DATABASE_URL must name another" in response.json()["parts"]["row_level_security"]
    for command in (["migrate", "--check"], ["prepare"]):
        with pytest.raises(SystemCheckError, match=r"foundation\.E001") as refused:
            call_command(*command, **({"skip_checks": False} if command[0] == "migrate" else {}))
        assert "NOSUPERUSER NOBYPASSRLS" in str(refused.value)


@pytest.mark.django_db
def test_not_ready_while_a_due_message_waits_too_long(client: Client) -> None:
    due = timezone.now() - timedelta(seconds=settings.OUTBOX_LIMIT_SECONDS + 60)
    OutboxMessage.objects.create(
        province=make_province("liaoning"), kind="any", key="any:1", created_at=due, due_at=due
    )
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "is a worker running?" in response.json()["parts"]["outbox"]


@pytest.mark.django_db
def test_not_ready_while_a_message_is_parked_and_says_which(client: Client) -> None:
    now = timezone.now()
    OutboxMessage.objects.create(
        province=make_province("liaoning"), kind="any", key="any:1", created_at=now, due_at=now, parked_at=now
    )
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "any:1" in response.json()["parts"]["outbox"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    health._require_migrations.cache_clear()
    with mock.patch("cme_portal.pages.health.MigrationExecutor.migration_plan", return_value=[object()]):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["migrations"] == "1 not applied"
