"""What holds everywhere. Development, test and production add what differs; secrets are theirs alone."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF

from cme_portal.settings.environment import required
from cme_portal.settings.logs import configured_logging

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# What this installation writes: uploaded files, collected static files, mail of a developer.
DATA_DIR = Path(os.environ.get("CME_DATA_DIR") or BASE_DIR / ".local")

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "cme_portal.pages.static.StaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "guardian",
    "rest_framework",
    "cme_portal.foundation",
    "institutions",
    "credits",
    "projects",
    "audits",
    "cme_portal.pages",
    "cme_portal.demo",
]

MIDDLEWARE = [
    # Before anything that redirects or looks at the host: a probe asks by plain HTTP and by address.
    "cme_portal.pages.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cme_portal.pages.permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cme_portal.pages.requests.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cme_portal.pages.session_end.SessionEndMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Outside of the transaction of the request, which takes back first what the failure left half done.
    "cme_portal.pages.cache_outage.CacheOutageMiddleware",
    "institutions.middleware.ActorMiddleware",
]

ROOT_URLCONF = "cme_portal.urls"
WSGI_APPLICATION = "cme_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cme_portal.pages.context.chrome",
            ],
        },
    },
]
# Fields and error lists are drawn by the portal's own templates/django/forms.
FORM_RENDERER = "cme_portal.foundation.forms.Renderer"

# --- Data -----------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Files of evidence and certificates: private, never under an address of the web server.
MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pages name hashed files only, which browsers may keep for ever.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REDIS_URL = required("REDIS_URL", "the address of Redis or Valkey, redis://:password@host:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cme",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

# Evidence: one file at most 20 MB; the form around it is small.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# A file that is too large, or that finds the disk full, does not cost the rest of its form.
FILE_UPLOAD_HANDLERS = ["cme_portal.foundation.uploads.BoundedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# More than a claim may hold (credits.evidence.MOST_DOCUMENTS): what is too many is refused by name, and the form is kept.
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Where uploads are scanned for viruses, tcp://host:3310; empty: files are marked "not scanned".
CLAMD_URL = os.environ.get("CLAMD_URL", "")

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
# Goes before the catalogues of Django and allauth. There is one language: what a browser would rather read changes nothing.
LOCALE_PATHS = [BASE_DIR / "cme_portal" / "locale"]

# --- People and their sessions --------------------------------------------------------------------

AUTH_USER_MODEL = "institutions.User"
AUTHENTICATION_BACKENDS = [
    "institutions.sign_in.PhoneOrAccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Accounts are opened by institutions from their rosters, so nobody signs up and nobody confirms an address.
ACCOUNT_ADAPTER = "institutions.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_FORMS = {"login": "cme_portal.pages.sign_in.SignInForm"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
# The cookie lives as long as the browser, so that a session whose end moves needs no new one (SESSION_COOKIE_AGE).
ACCOUNT_SESSION_REMEMBER = False
# After five failures an account waits, at most so long; the person is told (institutions.sign_in).
SIGN_IN_PAUSE_SECONDS = 5 * 60
# All people of a hospital may share one address, so an address gets more room than an account.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "300/m/ip",
    "login_failed": f"60/m/ip,5/{SIGN_IN_PAUSE_SECONDS}s/key",
    "reset_password": "60/m/ip,5/m/key",
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "cme_portal.foundation.second_factor.EncryptingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "继续医学教育学分管理"

# No anonymous row among the users, and grants live in tables of their own with direct foreign keys.
ANONYMOUS_USER_NAME = None

# Eight hours without a request end a session; every request moves the end (cme_portal.pages.session_end).
# The end moves in the row alone, which is enough while the cookie names none (ACCOUNT_SESSION_REMEMBER).
# They are rows and nothing else: whoever is signed in works on while the cache does not answer.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- What a browser may do with a page ------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        # A chosen photograph is previewed from memory before it is sent.
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
# Features of browsers that no page uses: photographs come through the file dialog, not from a camera on the page.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- Programs' interface --------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
}

# --- Work in the background -----------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page does not wait for a broker that is down, for a bulk act once for each of its messages: the sweeper sends them later.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
# A task survives the death of its worker: it is acknowledged after its work, and sent again when a process is lost.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# No task may run longer than the limit; an unacknowledged one is delivered again after more than twice that time.
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 9 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 30 * 60,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "cme-queue:",
    # One list for each priority (foundation.outbox), the first always served first.
    "priority_steps": [0, 9],
    "queue_order_strategy": "priority",
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "send what the outbox still owes": {
        "task": "cme_portal.foundation.tasks.sweep",
        "schedule": 30.0,
        # A sweep that waited longer than the next one is due is of no use any more.
        "options": {"expires": 30},
    },
    "remind of approvals that wait too long": {
        "task": "institutions.tasks.remind_and_escalate",
        "schedule": crontab(minute=5),
    },
    "end posts whose day has come": {"task": "institutions.tasks.expire_posts", "schedule": crontab(hour=0, minute=10)},
    "forget what was delivered long ago": {
        "task": "cme_portal.foundation.tasks.forget_delivered",
        "schedule": crontab(hour=3, minute=20),
    },
    "forget drafts that nobody wrote into": {
        "task": "credits.tasks.forget_untouched_claims",
        "schedule": crontab(hour=3, minute=25),
    },
    "forget sessions that have ended": {
        "task": "cme_portal.foundation.tasks.forget_ended_sessions",
        "schedule": crontab(hour=3, minute=30),
    },
    "delete files that nothing refers to": {
        "task": "institutions.tasks.sweep_files",
        "schedule": crontab(hour=3, minute=40),
    },
}
# The oldest undelivered and due message of the outbox may wait this long before the portal calls itself not ready.
OUTBOX_LIMIT_SECONDS = 15 * 60

# --- Certificates ---------------------------------------------------------------------------------

# The private key that signs certificates (ECDSA P-256) with its certificates: PEM, or PKCS#12 named .p12 or .pfx.
SIGNING_KEY_FILE = Path(os.environ.get("CME_SIGNING_KEY_FILE") or DATA_DIR / "signing-key.pem")
SIGNING_KEY_PASSPHRASE = os.environ.get("CME_SIGNING_KEY_PASSPHRASE", "")
# A developer's machine makes itself a key that says in its name that it is for development.
SIGNING_KEY_CREATED_WHEN_MISSING = False

# --- Messages to people ---------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "noreply@localhost"
# The address people reach the portal at; it is printed on certificates and in messages.
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
PORTAL_HOST = urlsplit(PORTAL_URL).hostname
# The demonstration shows its accounts on the sign-in page and marks every page as a demonstration.
DEMO_MODE = False

LOGGING = configured_logging(level=os.environ.get("LOG_LEVEL", "INFO"), readable=False)
