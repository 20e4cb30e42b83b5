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


class Command(BaseCommand):
    help = "Make the demonstration data, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"] and not Province.objects.exists():
            # Whoever tries the portal meanwhile does not wait behind the demonstration's hundreds of documents.
            with outbox.behind_others():
                load(now=timezone.now(), report=self.stdout.write)
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}）：")
        for number, plan in enumerate(PLANS, start=1):
            accounts = "  ".join(f"{account.label} {account.sign_in(plan.letters, number)}" for account in ACCOUNTS)
            self.stdout.write(f"{plan.name}  {accounts}")
