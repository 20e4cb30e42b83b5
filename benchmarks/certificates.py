#!/usr/bin/env python3
"""Milliseconds of processor time for one certificate: printed, signed, looked at again. Needs no database.

python benchmarks/certificates.py [HOW_MANY]        (100 by default; settings as for manage.py)
"""

import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cme_portal.settings.development")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1/none")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1/0")

import django  # noqa: E402 - the settings come first

django.setup()

from django.conf import settings  # noqa: E402

from audits import checking, rendering  # noqa: E402
from audits.face import Face  # noqa: E402
from audits.pdf_reader import look_inside  # noqa: E402
from audits.signing import signing_key  # noqa: E402


def face(number: int) -> Face:
    return Face(
        number=f"LN-2026-{number:07d}",
        check_code="7K3MX9QD",
        province="辽宁省",
        issuer="辽宁省卫生健康委员会",
        holder="王思远",
        identity_last4="1234",
        employer="沈阳市示范人民医院",
        title="中级",
        year=2026,
        total="27.5",
        professional="22.5",
        common="5.0",
        full_year=False,
        regulation="辽宁省继续医学教育学分管理实施方案（试行）",
        issued_on=date(2026, 12, 31),
    )


def measured(what: str, count: int, work: Callable[[], object]) -> object:
    began = time.process_time()
    result = work()
    print(f"{what:<28}{(time.process_time() - began) / count * 1000:8.1f} ms each")
    return result


def main(count: int) -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    sheets = [(face(number), f"https://cme.example.cn/v/LN-2026-{number:07d}?code=7K3MX9QD") for number in range(count)]
    measured("first sheet of a process", 1, lambda: list(rendering.render(sheets[:1])))
    printed = measured("printing", count, lambda: list(rendering.render(sheets)))
    with tempfile.TemporaryDirectory() as folder:
        settings.SIGNING_KEY_FILE = Path(folder) / "key.pem"
        settings.SIGNING_KEY_CREATED_WHEN_MISSING = True
        key = signing_key()
        signed = measured("signing", count, lambda: [key.sign(pdf, reason="benchmark") for pdf in printed])
    measured("checking the signature", count, lambda: [look_inside(pdf) for pdf in signed])
    began = time.monotonic()
    checking.check(signed[0])
    print(f"{'check in a child process':<28}{(time.monotonic() - began) * 1000:8.1f} ms on the clock")
    print(f"one PDF has {len(signed[0]) / 1024:.0f} KB; the process took {_megabytes():.0f} MB at most")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100)
