"""Production: every secret comes from the environment and has no default; HTTPS in front is taken for granted."""

import os
from pathlib import Path

import dj_database_url

from cme_portal.settings.base import *  # noqa: F403 - settings modules extend one another
from cme_portal.settings.environment import flag, items, required

DEBUG = False
DEMO_MODE = flag("DEMO_MODE", default=False)

SECRET_KEY = required("DJANGO_SECRET_KEY", "at least 50 random characters that sign sessions")
CME_ENCRYPTION_KEY = required("CME_ENCRYPTION_KEY", "32 random bytes in base64 that encrypt identity numbers")
CME_INDEX_KEY = required("CME_INDEX_KEY", "32 random bytes in base64 for the index over identity numbers")
SIGNING_KEY_FILE = Path(required("CME_SIGNING_KEY_FILE", "the PEM file of the key that signs certificates"))
PORTAL_URL = required("PORTAL_URL", "the portal's public address, such as https://cme.example.cn").rstrip("/")
required("ALLOWED_HOSTS", "the host names the portal answers to, separated by commas")
ALLOWED_HOSTS = items("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = items("CSRF_TRUSTED_ORIGINS") or [PORTAL_URL]

DATABASES = {
    "default": {
        **dj_database_url.parse(required("DATABASE_URL", "postgresql://role:password@host:5432/database")),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }
}

# The reverse proxy ends TLS, sets this header itself and removes the client's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# How many proxies stand in front; the sign-in limit counts attempts by the address the last of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))

if os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "465"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_SSL = flag("EMAIL_USE_SSL", default=True)
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 10
else:
    # Without a mail server the portal's own inbox still holds every message.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
