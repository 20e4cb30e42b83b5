"""Tenancy: a province is a tenant, and the database is the second wall.

The first wall is ``Model.objects.visible_to(actor)``; the second is row-level security, which answers an unfiltered query
with the rows of the entered province only, and with none at all outside of a province.

``entered(province_id)`` is the only way in: it opens a transaction (or a savepoint) and sets ``app.province`` for its
length. ``SET LOCAL`` and never a session-level setting, because connections are shared between requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Tables that name a province and are still read across provinces, each with the reason.
GLOBAL_TABLES = {
    "foundation_outboxmessage": "the sweeper carries messages of every province; they hold ids only",
    "institutions_seat": "sign-in must know in which provinces a user has a seat before entering one",
}

POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table}
    USING (province_id = (SELECT NULLIF(current_setting('app.province', true), '')::bigint))
    WITH CHECK (province_id = (SELECT NULLIF(current_setting('app.province', true), '')::bigint));
ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (province_id, id);
"""

COMPOSITE_KEY = """
ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (province_id, {column})
    REFERENCES {target} (province_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class TenantModel(models.Model):
    """A row that belongs to one province. Its migration must name it in ``ProtectTenantTables``."""

    # The composite key (province_id, id) serves look-ups by province; a second index would only cost writes.
    province = models.ForeignKey(
        "institutions.Province", verbose_name="省份", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


def exempt_role() -> str | None:
    """The connected role if row-level security does not bind it, else None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)")
        row = cursor.fetchone()
    return row[0] if row is not None else None


@contextmanager
def entered(province_id: int, *, read_only: bool = False) -> Iterator[None]:
    """Work inside one province: a transaction in which row-level security shows its rows only.

    With ``read_only`` the database refuses every write until the transaction ends.
    """
    with transaction.atomic():
        previous = _switch(str(province_id))
        if read_only:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        if read_only:
            # There is nothing to keep, and inside a wider transaction only this gives it back the right to write.
            transaction.set_rollback(True)
        # A rollback restores the setting; a nested block that ends well must restore it itself.
        elif not connection.needs_rollback:
            _switch(previous)


def _switch(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(current_setting('app.province', true), ''), set_config('app.province', %s, true)", [value]
        )
        previous, _ = cursor.fetchone()
    return previous


class OnTables(Operation):
    """A migration step for the tables of the named models of the app."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, list(self.model_names), {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes for Django: what is done lives in the database."""


class ProtectTenantTables(OnTables):
    """Migration step: row-level security and composite keys for the named models of the app.

    A plain foreign key accepts another tenant's row, because key checks bypass row-level security; therefore every foreign
    key to a tenant table gets a twin that includes the province.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for name in self.model_names:
            schema_editor.execute(POLICY.format(table=_table(to_state.apps, app_label, name)))
        for name in self.model_names:
            model = to_state.apps.get_model(app_label, name)
            for column, target in _tenant_references(model):
                table = model._meta.db_table
                schema_editor.execute(
                    COMPOSITE_KEY.format(table=table, name=f"{table}_{column}_tenant", column=column, target=target)
                )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for name in self.model_names:
            model = from_state.apps.get_model(app_label, name)
            table = model._meta.db_table
            for column, _ in _tenant_references(model):
                schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_tenant")
        for name in self.model_names:
            table = _table(from_state.apps, app_label, name)
            schema_editor.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_key CASCADE; DROP POLICY tenant ON {table}; "
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
            )

    def describe(self) -> str:
        return f"Protect tenant tables {', '.join(self.model_names)}"


def _table(apps: Apps, app_label: str, name: str) -> str:
    return apps.get_model(app_label, name)._meta.db_table


def _tenant_references(model: type[models.Model]) -> list[tuple[str, str]]:
    """(column, target table) of every foreign key of the model to a row of a tenant."""
    references = []
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or field.name == "province":
            continue
        target = field.related_model
        if _is_tenant(target):
            references.append((str(field.column), target._meta.db_table))
    return references


def _is_tenant(model: type[models.Model]) -> bool:
    has_province = any(field.name == "province" for field in model._meta.local_fields)
    return has_province and model._meta.db_table not in GLOBAL_TABLES


class AppendOnly(OnTables):
    """Migration step: rows of the named models are written once; UPDATE and DELETE are refused by the database."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(
            """
            CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$;
            """,
            params=None,
        )
        for name in self.model_names:
            table = _table(to_state.apps, app_label, name)
            schema_editor.execute(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for name in self.model_names:
            schema_editor.execute(f"DROP TRIGGER append_only ON {_table(from_state.apps, app_label, name)}")

    def describe(self) -> str:
        return f"Append-only tables {', '.join(self.model_names)}"
