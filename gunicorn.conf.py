"""The web server: few processes with a few threads each, and the portal's own log lines."""

import os

from cme_portal.settings.logs import configured_logging

wsgi_app = "cme_portal.wsgi"
bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
# Loaded once and shared by the processes; nothing is connected before they part.
preload_app = True
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats in memory, never on a slow disk
timeout = 60
graceful_timeout = 3 if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("development") else 30
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# Requests are short: a statement that runs on, a lock that does not come, a transaction left open ends by itself. libpq reads
# this for every connection of the web server; workers and commands, whose work may take long, start without it.
os.environ.setdefault(
    "PGOPTIONS", "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
)
logconfig_dict = {
    **configured_logging(level=os.environ.get("LOG_LEVEL", "INFO"), readable=False),
    # Gunicorn's own names, so that its lines end in the same place; requests are logged by the portal.
    "loggers": {"gunicorn.error": {}, "gunicorn.access": {"level": "CRITICAL"}},
}
