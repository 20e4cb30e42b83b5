"""`python manage.py assess [FILE]`: assess requests of the JSON contract without a database.

Reads one request, or a list of them, from the file or from standard input and writes the answers. A request that cannot be
assessed ends with status 2, the errors as JSON on standard output and in words on standard error.
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from credits.rules.checks import FieldError
from credits.rules.contract import RequestError, assess_json, loads

CANNOT_BE_ASSESSED = 2


class Command(BaseCommand):
    help = "按学分规定测算：从文件或标准输入读取 JSON 请求，输出测算结果；不使用数据库。"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="请求文件；不填则读取标准输入")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        try:
            answers = assess_json(loads(_read(file)))
        except RequestError as wrong:
            self._write(wrong.as_json())
            for error in wrong.errors:
                self.stderr.write(f"{error.field or '请求'}：{error.message}")
            sys.exit(CANNOT_BE_ASSESSED)
        self._write(answers)

    def _write(self, data: object) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))


def _read(file: Path | None) -> str:
    """The request's text. Raise RequestError where it is not UTF-8 or cannot be read."""
    try:
        content = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError([FieldError("", "请求应为 UTF-8 编码")]) from error
    except OSError as error:
        raise RequestError([FieldError("", f"读不到文件 {file}：{error.strerror}")]) from error
