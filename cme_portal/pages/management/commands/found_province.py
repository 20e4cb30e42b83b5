"""``manage.py found_province``: a province, its commission and its first administrator."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from credits.rules import JURISDICTIONS
from institutions.founding import Plan, found_province


class Command(BaseCommand):
    help = "Enter a province: the tenant, its commission, and an administrator who opens everything else in the portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="hunan")
        parser.add_argument("--letters", required=True, help="prefix of certificate numbers: HN")
        parser.add_argument("--name", required=True, help="湖南省")
        parser.add_argument("--short-name", required=True, help="湖南")
        parser.add_argument(
            "--jurisdiction", choices=JURISDICTIONS, default="national", help="its regulation in credits.rules"
        )
        parser.add_argument("--municipality", action="store_true", help="the commission at the root is also the city")
        parser.add_argument("--administrator", required=True, help="staff account of the first administrator: hn-admin")
        parser.add_argument("--administrator-name", required=True, help="张三")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass("管理员密码：")
        plan = Plan(
            code=options["code"],
            letters=options["letters"],
            name=options["name"],
            short_name=options["short_name"],
            jurisdiction=options["jurisdiction"],
            is_municipality=options["municipality"],
        )
        try:
            validate_password(password)
            province = found_province(
                plan=plan,
                account=options["administrator"],
                name=options["administrator_name"],
                password=password,
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(
            f"{province.name}已建立。管理员 {options['administrator']} 现在可以登录，添加机构、人员和岗位。"
        )
