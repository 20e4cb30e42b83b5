"""``manage.py demo``: make the demonstration once; a database that has provinces already is left alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cme_portal.demo.accounts import ACCOUNTS, PASSWORD
from cme_portal.demo.geography import PLANS
from cme_portal.demo.loader import load
from cme_portal.foundation import outbox
from institutions.models import Province

COLUMN = 18  # the longest sign-in name and a space; the longest name of a province too


class Command(BaseCommand):
    help = "Make the demonstration data, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"] and not Province.objects.exists():
            # Whoever tries the portal meanwhile does not wait behind the demonstration's hundreds of documents.
            with outbox.behind_others():
                load(now=timezone.now(), report=self.stdout.write)
        self._print_accounts()

    def _print_accounts(self) -> None:
        """A column for each province, a line for each account."""
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}）：")
        # A Chinese character is two columns wide.
        self.stdout.write("".join(plan.name + " " * (COLUMN - 2 * len(plan.name)) for plan in PLANS).rstrip())
        for account in ACCOUNTS:
            names = (account.sign_in(plan.letters, number) for number, plan in enumerate(PLANS, start=1))
            self.stdout.write("".join(name.ljust(COLUMN) for name in names) + account.label)
