"""A developer's machine and the one-command run: secrets for nothing but this, messages into a folder."""

import os

import dj_database_url

from cme_portal.settings.base import *  # noqa: F403 - settings modules extend one another
from cme_portal.settings.base import DATA_DIR, STORAGES
from cme_portal.settings.environment import flag, items, required
from cme_portal.settings.logs import configured_logging

DEBUG = flag("DJANGO_DEBUG", default=True)
DEMO_MODE = flag("DEMO_MODE", default=True)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *items("ALLOWED_HOSTS")]

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-a-developers-machine-and-its-demonstration-data")
# 32 bytes, base64: the keys of the encrypted fields and of the index over identity numbers.
CME_ENCRYPTION_KEY = os.environ.get("CME_ENCRYPTION_KEY", "b25seS1mb3ItYS1kZXZlbG9wZXJzLW1hY2hpbmUtMDE=")
CME_INDEX_KEY = os.environ.get("CME_INDEX_KEY", "b25seS1mb3ItYS1kZXZlbG9wZXJzLW1hY2hpbmUtMDI=")

DATABASES = {
    "default": {
        **dj_database_url.parse(
            required("DATABASE_URL", 'run `eval "$(python3 scripts/portal.py servers start)"` or name a database')
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

SIGNING_KEY_CREATED_WHEN_MISSING = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# With DEBUG files are served from where they are edited; otherwise as in production, but compressed in a second.
STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "cme_portal.pages.static.QuicklyCompressedStorage"
)
WHITENOISE_USE_FINDERS = DEBUG

LOGGING = configured_logging(level=os.environ.get("LOG_LEVEL", "INFO"), readable=DEBUG)
