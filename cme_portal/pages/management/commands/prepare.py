"""Everything between new code and a portal that can serve: tables, static files, and the demonstration once."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates, collects static files and, with --demo, fills an empty portal with demonstration data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demonstration if nobody has an account yet")

    def handle(self, *, demo: bool, **_: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo and "demo" in get_commands() and not get_user_model().objects.exists():
            self.stdout.write("Loading the demonstration")
            call_command("demo")
