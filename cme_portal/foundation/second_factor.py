"""Secrets of the second factor at rest: whoever reads the database alone can compute no code."""

from allauth.mfa.adapter import DefaultMFAAdapter

from cme_portal.foundation import encryption

# Where an authenticator of each type keeps what its codes are computed from.
SECRETS = {"totp": "secret", "recovery_codes": "seed"}


class EncryptingAdapter(DefaultMFAAdapter):
    """The key of an authenticator app and the seed of the recovery codes are encrypted like other personal data."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)
