"""Which static files are collected, and how the one-command run compresses them."""

from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Django's app, without the files of libraries whose pages the portal does not show."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "django_htmx",
        "guardian",
        "rest_framework",
    ]


class QuicklyCompressedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names as in production, gzip only: Brotli at its best takes half a minute, for a browser beside the server."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(**{**kwargs, "use_brotli": False})
