"""What the database itself says."""

from django.db import connection


def current_province() -> int | None:
    """The id of the entered province, or None outside of any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('app.province', true), '')::bigint")
        (province_id,) = cursor.fetchone()
    return province_id
