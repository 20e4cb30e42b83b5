"""Personal data at rest."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import models
from django.db.models import functions
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
from institutions.models import Practitioner
from tests.cast import Cast, make_cast

OLD = "old-secret-of-at-least-thirty-two-characters"
NEW = "new-secret-of-at-least-thirty-two-characters"
MISLAID = "mislaid-secret-of-at-least-thirty-two-characters"


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


def test_an_interrupted_rotation_keeps_what_it_has_done_and_is_resumed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slices of two: the first is done, the second meets a value whose secret is not listed, the third is never begun."""
    monkeypatch.setattr("cme_portal.foundation.management.commands.rotate_encryption.SLICE_ROWS", 2)
    with override_settings(CME_ENCRYPTION_KEY=OLD):
        cast = make_cast("liaoning")
        people = [cast.practitioner, cast.colleague, *(cast.hire("新同事", number=number) for number in range(3, 6))]
        numbers = [one.national_id for one in people]
    with override_settings(CME_ENCRYPTION_KEY=MISLAID), entered(cast.province.pk):
        people[3].save(update_fields=["national_id"])
    with override_settings(CME_ENCRYPTION_KEY=f"{NEW},{OLD}"):
        with pytest.raises(DecryptionError):
            call_command("rotate_encryption", stdout=io.StringIO())
        assert written_with_the_newest_key(cast) == [True, True, False, False, False]
    with override_settings(CME_ENCRYPTION_KEY=f"{NEW},{OLD},{MISLAID}"):
        told = io.StringIO()
        call_command("rotate_encryption", stdout=told)
    assert "institutions.Practitioner.national_id: 3" in told.getvalue().splitlines()
    with override_settings(CME_ENCRYPTION_KEY=NEW), entered(cast.province.pk):
        assert list(Practitioner.objects.order_by("pk").values_list("national_id", flat=True)) == numbers


def written_with_the_newest_key(cast: Cast) -> list[bool]:
    with entered(cast.province.pk):
        stored = Practitioner.objects.annotate(stored=functions.Cast("national_id", models.TextField())).order_by("pk")
        return [value.startswith(current_prefix()) for value in stored.values_list("stored", flat=True)]
