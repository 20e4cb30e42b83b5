"""Two walls between provinces: row-level security over every tenant table, and composite keys behind every reference."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from cme_portal.foundation.tenancy import GLOBAL_TABLES, entered
from credits.models import Claim
from institutions.models import Approval, Employment, Institution, Practitioner
from tests.cast import Cast
from tests.database import current_province
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

WALLS = """
SELECT table_class.relname,
       table_class.relrowsecurity AND table_class.relforcerowsecurity AS forced,
       EXISTS (
           SELECT 1 FROM pg_policy
           WHERE polrelid = table_class.oid AND polcmd = '*'
             AND pg_get_expr(polqual, polrelid) LIKE '%app.province%'
             AND pg_get_expr(polwithcheck, polrelid) LIKE '%app.province%'
       ) AS has_policy
FROM pg_class table_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = 'public'
JOIN pg_attribute ON attrelid = table_class.oid AND attname = 'province_id' AND NOT attisdropped
WHERE relkind IN ('r', 'p')
ORDER BY relname
"""

# Foreign keys between tenant tables, each with the columns it compares.
REFERENCES = """
SELECT own.relname, target.relname, ARRAY(
    SELECT attname::text FROM unnest(conkey) AS number JOIN pg_attribute ON attrelid = conrelid AND attnum = number
)
FROM pg_constraint
JOIN pg_class own ON own.oid = conrelid
JOIN pg_class target ON target.oid = confrelid
WHERE contype = 'f' AND own.relname = ANY(%(tables)s) AND target.relname = ANY(%(tables)s)
"""


def query(sql: str, parameters: dict[str, object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def tenant_tables() -> list[str]:
    return [table for table, _, _ in query(WALLS) if table not in GLOBAL_TABLES]


def test_the_tests_run_as_a_role_that_row_level_security_binds() -> None:
    [(is_superuser, bypasses)] = query("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert not is_superuser
    assert not bypasses


def test_every_table_of_a_province_is_walled_and_every_exception_named() -> None:
    walls = query(WALLS)
    open_tables = {table for table, forced, has_policy in walls if not (forced and has_policy)}
    assert open_tables == set(GLOBAL_TABLES)
    assert len(walls) - len(open_tables) > 15


def test_every_reference_between_tenant_tables_includes_the_province() -> None:
    composite: set[tuple[str, str, str]] = set()
    plain: set[tuple[str, str, str]] = set()
    for own, target, columns in query(REFERENCES, {"tables": tenant_tables()}):
        if "province_id" in columns:
            composite |= {(own, target, column) for column in columns if column != "province_id"}
        else:
            plain |= {(own, target, column) for column in columns}
    assert plain
    assert plain - composite == set()


def test_an_unfiltered_query_sees_one_province_only_and_nothing_outside(cast: Cast, strangers: Cast) -> None:
    """Every model, without any filter of ours."""
    declared(cast)
    declared(strangers)
    tenant = [model for model in apps.get_models() if model._meta.db_table in set(tenant_tables())]
    assert Claim in tenant
    for own, foreign in ((cast, strangers), (strangers, cast)):
        with entered(own.province.pk):
            assert Practitioner.objects.count() == 2
            for model in tenant:
                assert not model._base_manager.filter(province_id=foreign.province.pk).exists(), model
    for model in tenant:
        assert not model._base_manager.exists(), model


def test_a_row_cannot_be_written_for_another_province(cast: Cast, strangers: Cast) -> None:
    with entered(cast.province.pk):
        unit = cast.bodies["hospital"]
        row = Institution(
            province=strangers.province, name="越界", tier="unit", kind="hospital", parent=unit, path="9."
        )
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            row.save()


def test_a_foreign_rows_id_is_refused_by_the_composite_key(cast: Cast, strangers: Cast) -> None:
    """Key checks bypass row-level security, so that the key itself must name the province."""
    with entered(cast.province.pk):
        query("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="_tenant"), transaction.atomic():
            Practitioner.objects.filter(pk=cast.practitioner.pk).update(institution_id=strangers.bodies["hospital"].pk)
        with pytest.raises(IntegrityError, match="_tenant"), transaction.atomic():
            Employment.objects.create(
                province=cast.province,
                practitioner_id=strangers.practitioner.pk,
                institution=cast.bodies["hospital"],
                since="1990-01-01",
                until="1991-01-01",
            )


def test_entering_nests_and_is_restored(cast: Cast, strangers: Cast) -> None:
    assert current_province() is None
    with entered(cast.province.pk):
        with entered(strangers.province.pk):
            assert current_province() == strangers.province.pk
        assert current_province() == cast.province.pk
        with pytest.raises(RuntimeError), entered(strangers.province.pk):
            raise RuntimeError
        assert current_province() == cast.province.pk
    assert current_province() is None


def test_a_read_only_visit_cannot_write_and_gives_the_right_back(cast: Cast) -> None:
    with entered(cast.province.pk):
        with pytest.raises(Exception, match="read-only transaction"), entered(cast.province.pk, read_only=True):
            Practitioner.objects.update(profession="临床")
        with entered(cast.province.pk, read_only=True):
            assert Practitioner.objects.count() == 2
        Practitioner.objects.update(profession="临床")


def test_visible_to_is_the_first_wall(cast: Cast, strangers: Cast) -> None:
    """Even inside the other province, an actor sees nothing there."""
    declared(strangers)
    with entered(strangers.province.pk):
        for actor in (cast.person, cast.officer("province"), cast.officer("hospital")):
            for model in (Approval, Practitioner, Claim, Institution):
                assert not model.objects.visible_to(actor).exists()


def test_every_tenant_model_declares_its_province_without_a_second_index() -> None:
    for model in apps.get_models():
        if model._meta.db_table in set(tenant_tables()):
            province = model._meta.get_field("province")
            assert isinstance(province, models.ForeignKey)
            assert not province.null
