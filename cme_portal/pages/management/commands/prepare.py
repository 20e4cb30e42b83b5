"""Everything between new code and a portal that can serve: tables, static files, and the demonstration once."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, transaction


class Command(BaseCommand):
    help = "Migrates, collects static files and, with --demo, fills an empty portal with the demonstration."
    # The checks load every page; CI runs them, and a start need not wait for them. That of the database is another matter.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="load the demonstration if there is none yet, and name its accounts"
        )

    def handle(self, *, demo: bool, **_: Any) -> None:
        self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
        call_command("migrate", interactive=False, verbosity=0)
        collect_static_files_if_changed()
        if demo:
            # An interrupted demonstration leaves nothing behind, and the next start makes it anew.
            with transaction.atomic():
                call_command("demo")


def collect_static_files_if_changed() -> None:
    """Collecting hashes and compresses every file anew, so it is skipped while sources and settings are the same."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    digest = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)


def _digest_of_sources() -> str:
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(ignored):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
