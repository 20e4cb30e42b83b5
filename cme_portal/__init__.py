"""The portal: settings, addresses, background work, and the pages that know every app."""

from cme_portal.celery import app as celery_app

__all__ = ["celery_app"]
