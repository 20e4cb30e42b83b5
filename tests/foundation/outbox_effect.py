"""What the worker of the test does: a handler that leaves a row and takes its time."""

import time
from typing import Any

from django.db import connection

from cme_portal.foundation import outbox


@outbox.handler("test.effect")
def leave_a_row(payload: dict[str, Any], *, at: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO outbox_effect VALUES (%s)", [payload["number"]])
    time.sleep(0.25)
