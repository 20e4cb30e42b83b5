"""Personal data at rest: AES-256-GCM for values, HMAC-SHA256 to find them again.

`CME_ENCRYPTION_KEY` lists one or more secrets, newest first. New values are written with the first; older ones stay
readable as long as their secret is listed. A stored value names its key, so keys can be rotated without a flag day:
put the new secret in front, run `manage.py rotate_encryption`, drop the old secret.
"""

import base64
import functools
import hashlib
import hmac
import os
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE_BYTES = 12
SHORTEST_SECRET = 32


class DecryptionError(Exception):
    """The value was altered, or its key is no longer in CME_ENCRYPTION_KEY."""


class Key(NamedTuple):
    name: str  # eight hexadecimal digits that tell keys apart without giving anything away
    cipher: AESGCM


def encrypt(plain: str) -> str:
    """`<key name>.<base64 of nonce and ciphertext>`; the same text never gives the same value twice."""
    key = _keys(_secrets())[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + key.cipher.encrypt(nonce, plain.encode(), key.name.encode())
    return f"{key.name}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """The text that was encrypted. Raises DecryptionError."""
    name, _, encoded = stored.partition(".")
    key = next((key for key in _keys(_secrets()) if key.name == name), None)
    if key is None:
        raise DecryptionError(f"No key named {name!r} in CME_ENCRYPTION_KEY; list the secret it was made from again.")
    try:
        sealed = base64.urlsafe_b64decode(encoded)
        return key.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("The stored value was altered or cut off; restore it from a backup.") from error


def current_prefix() -> str:
    """How values begin that were written with the newest key."""
    return _keys(_secrets())[0].name + "."


def keyed_index(value: str) -> str:
    """64 hexadecimal digits by which an encrypted value is found: HMAC-SHA256 under CME_INDEX_KEY.

    Pass the normalised form. Without the key, the index of a guessed value cannot be computed.
    """
    if len(settings.CME_INDEX_KEY) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"CME_INDEX_KEY must have at least {SHORTEST_SECRET} characters.")
    return hmac.new(settings.CME_INDEX_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in Python.

    It cannot be searched, sorted or made unique: keep a `keyed_index` beside it for that.
    """

    description = "Text encrypted with AES-256-GCM"

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if isinstance(value, str) else super().get_prep_value(value)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            errors.append(
                checks.Error("An encrypted field cannot be unique or indexed.", obj=self, id="foundation.E001")
            )
        return errors


def _secrets() -> tuple[str, ...]:
    listed = settings.CME_ENCRYPTION_KEY
    parts = listed.split(",") if isinstance(listed, str) else listed
    return tuple(secret.strip() for secret in parts if secret.strip())


@functools.lru_cache(maxsize=4)
def _keys(secrets: tuple[str, ...]) -> tuple[Key, ...]:
    if not secrets or min(map(len, secrets)) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"CME_ENCRYPTION_KEY must list secrets of at least {SHORTEST_SECRET} characters.")
    return tuple(_key(secret) for secret in secrets)


def _key(secret: str) -> Key:
    # The secrets are random, not passwords, so one keyed hash is enough to stretch any spelling of them to 256 bits.
    material = hmac.new(b"cme-portal encryption", secret.encode(), hashlib.sha256).digest()
    return Key(name=hashlib.sha256(material).hexdigest()[:8], cipher=AESGCM(material))
