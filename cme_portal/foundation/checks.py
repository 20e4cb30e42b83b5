"""What must hold of the database before anything is kept in it. ``migrate`` and ``prepare`` refuse to go on without."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from cme_portal.foundation.tenancy import exempt_role


@register(Tags.database)
def provinces_are_apart(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Row-level security, the second wall between the provinces, must bind the portal's role."""
    if not databases or (role := exempt_role()) is None:
        return []
    return [
        Error(
            f"Row-level security does not bind the database role {role}: it is a superuser or has BYPASSRLS, "
            "and a mistaken query would show the rows of every province.",
            hint="Let DATABASE_URL name a role made with NOSUPERUSER NOBYPASSRLS (deploy/create-role.sh makes one).",
            id="foundation.E001",
        )
    ]
