"""Try parked messages of the outbox again, all or those named; readiness names them, their rows say why they failed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cme_portal.foundation import outbox


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", metavar="key")

    def handle(self, *, keys: list[str], **_: Any) -> None:
        self.stdout.write(f"{outbox.resume(keys=keys, at=timezone.now())} resumed")
