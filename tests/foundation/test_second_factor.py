"""Secrets of the second factor: unreadable in the database, and rewritten with the other encrypted values."""

import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from cme_portal.foundation.encryption import current_prefix, decrypt
from tests.cast import user_named

pytestmark = pytest.mark.django_db

OLD = "old-secret-of-at-least-thirty-two-characters"
NEW = "new-secret-of-at-least-thirty-two-characters"


def code_of_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def stored(kind: str) -> str:
    """The row as a thief of the database finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE type = %s", [kind])
        [(text,)] = cursor.fetchall()
    return text


def test_the_database_alone_tells_no_code() -> None:
    user, secret = user_named("li.hong", "李红"), generate_totp_secret()
    totp, codes = TOTP.activate(user, secret), RecoveryCodes.activate(user)
    assert secret not in stored("totp")
    assert decrypt(totp.instance.data["secret"]) == secret
    seed = decrypt(codes.instance.data["seed"])
    assert seed not in stored("recovery_codes")
    assert not any(code in stored("recovery_codes") for code in codes.generate_codes())
    assert totp.validate_code(code_of_now(secret))


def test_the_second_factor_goes_on_working_when_the_old_key_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cme_portal.foundation.management.commands.rotate_encryption.SLICE_ROWS", 2)
    secrets = {f"officer-{number}": generate_totp_secret() for number in range(5)}
    with override_settings(CME_ENCRYPTION_KEY=OLD):
        for name, secret in secrets.items():
            TOTP.activate(user_named(name, "同事"), secret)
        codes = RecoveryCodes.activate(Authenticator.objects.earliest("pk").user)
        written_down = codes.generate_codes()
        assert codes.validate_code(written_down[0])
    with override_settings(CME_ENCRYPTION_KEY=f"{NEW},{OLD}"):
        for rewritten in (5, 1), (0, 0):
            told = io.StringIO()
            call_command("rotate_encryption", stdout=told)
            for kind, rows in zip(("totp", "recovery_codes"), rewritten, strict=True):
                assert f"mfa.Authenticator.{kind}: {rows}" in told.getvalue().splitlines()
    with override_settings(CME_ENCRYPTION_KEY=NEW):
        for one in Authenticator.objects.filter(type="totp").select_related("user"):
            assert one.data["secret"].startswith(current_prefix())
            assert one.wrap().validate_code(code_of_now(secrets[one.user.username]))
        codes = Authenticator.objects.get(type="recovery_codes").wrap()
        assert codes.get_unused_codes() == written_down[1:]
