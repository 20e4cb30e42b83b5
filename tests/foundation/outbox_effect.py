"""What the worker of the test does: a handler that leaves a row and takes its time, and one that kills the worker."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from django.db import connection

from cme_portal.foundation import outbox


@outbox.handler("test.effect")
def leave_a_row(payload: dict[str, Any], *, at: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO outbox_effect VALUES (%s)", [payload["number"]])
    time.sleep(0.25)


@outbox.handler("test.kill")
def kill_the_worker(payload: dict[str, Any], *, at: object) -> None:
    """As the kernel does when memory runs out; a mark outside of the database tells that it came this far."""
    with Path(os.environ["OUTBOX_TEST_KILLS"]).open("a") as marks:
        marks.write("x")
    os.kill(os.getpid(), signal.SIGKILL)
