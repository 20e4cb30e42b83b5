"""Reading settings from environment variables, with errors an operator can act on."""

import os

from django.core.exceptions import ImproperlyConfigured


def required(name: str, meaning: str) -> str:
    """The variable's value; without one the portal refuses to start and says which variable to set."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"The environment variable {name} is not set: {meaning}. See .env.example.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"The environment variable {name} must be 1 or 0, not {value!r}.")


def items(name: str) -> list[str]:
    """A list separated by commas; empty when the variable is not set."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]
