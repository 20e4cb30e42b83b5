"""Tests: the same database and the same role as in production, cheap passwords, messages kept in memory."""

import os
import tempfile
from pathlib import Path

from cme_portal.settings.development import *  # noqa: F403 - settings modules extend one another
from cme_portal.settings.development import CACHES, DATABASES, STORAGES

DEBUG = False
DEMO_MODE = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Several people test against one server at once: each process gets a database of its own.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("CME_TEST_DATABASE", f"test_cme_{os.getpid()}")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"cme-portal-test-media-{os.getpid()}"
# Static files come from where they are edited, never from where an earlier `make run` collected them.
STATIC_ROOT = MEDIA_ROOT / "static"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
# The cache is the one of production; runs at the same time keep out of each other's keys.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
ACCOUNT_RATE_LIMITS = False

CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
