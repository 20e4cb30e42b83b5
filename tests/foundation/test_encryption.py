"""Personal data at rest."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import models
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cme_portal.foundation.encryption import (
    DecryptionError,
    EncryptedTextField,
    current_prefix,
    decrypt,
    encrypt,
    keyed_index,
)
from cme_portal.foundation.tenancy import entered
from tests.cast import make_cast

OLD = "old-secret-of-at-least-thirty-two-characters"
NEW = "new-secret-of-at-least-thirty-two-characters"


@given(st.text())
def test_what_goes_in_comes_out(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert decrypt(encrypt(text)) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert encrypt("210199199001011234") != encrypt("210199199001011234")


def test_the_stored_value_shows_nothing() -> None:
    assert "2101" not in encrypt("2101").partition(".")[2]


def test_an_altered_value_is_refused() -> None:
    name, _, sealed = encrypt("王思远").partition(".")
    swapped = sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:]
    for broken in (f"{name}.{swapped}", f"{name}.", f"{name}.AAAA", "no key at all"):
        with pytest.raises(DecryptionError):
            decrypt(broken)


def test_keys_rotate_without_losing_what_was_written() -> None:
    with override_settings(CME_ENCRYPTION_KEY=OLD):
        before = encrypt("王思远")
    with override_settings(CME_ENCRYPTION_KEY=f"{NEW}, {OLD}"):
        assert decrypt(before) == "王思远"
        assert not before.startswith(current_prefix())
        after = encrypt("王思远")
        assert after.startswith(current_prefix())
    with override_settings(CME_ENCRYPTION_KEY=NEW):
        assert decrypt(after) == "王思远"
        with pytest.raises(DecryptionError, match="CME_ENCRYPTION_KEY"):
            decrypt(before)


@override_settings(CME_ENCRYPTION_KEY="short", CME_INDEX_KEY="short")
def test_weak_secrets_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="CME_ENCRYPTION_KEY"):
        encrypt("x")
    with pytest.raises(ImproperlyConfigured, match="CME_INDEX_KEY"):
        keyed_index("x")


def test_the_index_finds_the_same_value_and_depends_on_its_key() -> None:
    index = keyed_index("210199199001011234")
    assert index == keyed_index("210199199001011234")
    assert len(index) == 64
    with override_settings(CME_INDEX_KEY=NEW):
        assert index != keyed_index("210199199001011234")


def test_an_encrypted_field_cannot_be_searched_or_unique() -> None:
    field = EncryptedTextField(unique=True)
    field.set_attributes_from_name("secret")
    assert field.get_lookup("exact") is None
    assert field.get_lookup("icontains") is None
    assert issubclass(field.get_lookup("isnull"), models.lookups.IsNull)
    assert "foundation.E001" in [error.id for error in field.check() if error.id]


def test_the_command_rewrites_every_value_so_that_the_old_key_can_go(db: None) -> None:
    with override_settings(CME_ENCRYPTION_KEY=OLD):
        casts = [make_cast("liaoning"), make_cast("zhejiang")]
        numbers = [one.practitioner.national_id for one in casts]
    with override_settings(CME_ENCRYPTION_KEY=f"{NEW},{OLD}"):
        told = io.StringIO()
        call_command("rotate_encryption", stdout=told)
        call_command("rotate_encryption", stdout=told)
    assert told.getvalue().splitlines().count("institutions.Practitioner.national_id: 4") == 1
    assert told.getvalue().splitlines().count("institutions.Practitioner.national_id: 0") == 1
    with override_settings(CME_ENCRYPTION_KEY=NEW):
        for one, number in zip(casts, numbers, strict=True):
            with entered(one.province.pk):
                one.practitioner.refresh_from_db()
                assert one.practitioner.national_id == number
