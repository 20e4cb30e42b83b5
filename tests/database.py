"""What the database itself says."""

import time

from django.db import connection

LAST_REQUEST_SECONDS = 30


def current_province() -> int | None:
    """The id of the entered province, or None outside of any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULLIF(current_setting('app.province', true), '')::bigint")
        (province_id,) = cursor.fetchone()
    return province_id


def end_other_sessions() -> None:
    """Wait for what is still at work (a closing window may send what was typed last), then end every session but this."""
    at_work = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
        AND (state <> 'idle' OR state_change > now() - interval '1 second')
    """
    end = """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    """
    until = time.monotonic() + LAST_REQUEST_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(at_work)
        while cursor.fetchone() != (0,) and time.monotonic() < until:
            time.sleep(0.1)
            cursor.execute(at_work)
        cursor.execute(end)
    connection.close()
