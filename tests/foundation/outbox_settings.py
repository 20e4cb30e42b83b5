"""Settings of a real worker on the database of a running test: a queue of its own, and a sweep each second."""

import os

from cme_portal.settings.test import *  # noqa: F403 - settings modules extend one another
from cme_portal.settings.test import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, REDIS_URL

DATABASES["default"]["NAME"] = os.environ["OUTBOX_TEST_DATABASE"]
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ["OUTBOX_TEST_QUEUE"],
}
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": 1.0} for name, entry in CELERY_BEAT_SCHEDULE.items() if entry["task"].endswith("sweep")
}
CELERY_BEAT_SCHEDULE_FILENAME = os.environ["OUTBOX_TEST_SCHEDULE"]
