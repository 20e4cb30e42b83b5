"""The inbox of a province at which 100,000 claims wait: what a page costs at the database.

    DATABASE_URL=… python benchmarks/inbox.py [ROWS] [--explain]

Makes a scratch database beside the one of DATABASE_URL, fills it by SQL as the application's role under row-level
security, asks what the pages ask, and drops it again. Prints the milliseconds at the database per page (median of five)
and, with --explain, the plan of every question above 20 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cme_portal.settings.test")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from cme_portal.foundation.clock import today  # noqa: E402
from cme_portal.foundation.encryption import keyed_index  # noqa: E402
from cme_portal.foundation.paging import BoundedPaginator  # noqa: E402
from cme_portal.foundation.tenancy import entered  # noqa: E402
from institutions import inbox, inbox_export, people, tree  # noqa: E402
from institutions.actors import Actor, the_portal  # noqa: E402
from institutions.enums import Kind, Role, Tier  # noqa: E402
from institutions.models import Institution, Post, Practitioner, Province, User  # noqa: E402

SCRATCH = "cme_benchmark_inbox"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "思远一鸣慧敏晓彤浩然雨桐子涵建国丽华志强秀英海燕国庆春梅文静永红立新"
PEOPLE = 2_000
CITIES, UNITS_OF_A_CITY = 14, 15
RUNS = 5
SLOW_MS = 20

# One row per waiting claim; persons, bodies, categories and checks as they might be, the wait spread over 40 days.
FILL = """
INSERT INTO institutions_approval (
    province_id, kind, practitioner_id, institution_id, department_id, state, version, round, position, holder_id,
    route_cite, route_note, submitted_at, waiting_since, promised_on, closed_at, practitioner_name, name_sort,
    name_initials, title, category, category_title, year, tenths, checks_state, checks)
SELECT %(province)s, 'claim', person.id, person.institution_id, NULL, %(state)s, 4, 1, 3, %(holder)s,
    '四(二)5', '', now() - interval '60 days', now() - (n %% 57600) * interval '1 minute',
    current_date + (n %% 14 - 4), %(closed)s, person.name, person.name_sort, person.name_initials,
    '第 ' || n || ' 项活动', category.code, category.title, 2025 + n %% 2, 10 + n %% 250,
    (ARRAY['passed', 'passed', 'passed', 'attention', 'pending'])[1 + n %% 5], '[]'
FROM generate_series(1, %(rows)s) AS n
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM institutions_practitioner) AS person
    ON person.place = 1 + (n * 7919) %% %(people)s
JOIN (VALUES (0, 'study_leave', '进修学习'), (1, 'practice', '有组织的实践活动'), (2, 'self_study', '有计划的自学'),
             (3, 'projects', '继续医学教育项目'), (4, 'assignment', '指令性任务')) AS category (place, code, title)
    ON category.place = n %% 5
"""

DECISIONS = """
INSERT INTO institutions_decision (
    province_id, approval_id, version, round, position, tier, institution_id, user_id, user_name, verdict, reason,
    field_reasons, at)
SELECT province_id, id, 4, 1, 2, 'city', %(body)s, %(user)s, '审核员', 'approve', '', '{}', waiting_since
FROM institutions_approval WHERE state = 'waiting'
"""


class Stopwatch:
    """Adds up the time of the statements that pass, and keeps each with its time."""

    def __init__(self) -> None:
        self.statements: list[tuple[float, str, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements.append(((time.perf_counter() - began) * 1000, sql, params))

    @property
    def milliseconds(self) -> float:
        return sum(milliseconds for milliseconds, _, _ in self.statements)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--explain", action="store_true")
    arguments = parser.parse_args()
    with scratch_database():
        actor = fill(arguments.rows)
        print(f"{arguments.rows:,} waiting at one body; milliseconds at the database, median of {RUNS}\n")
        for name, question in questions(actor).items():
            ask(name, question, actor.province_id, explain=arguments.explain)


@contextmanager
def scratch_database() -> Iterator[None]:
    """An empty database with the tables of the portal, gone afterwards."""
    usual = settings.DATABASES["default"]["NAME"]
    _outside(usual, f"DROP DATABASE IF EXISTS {SCRATCH}", f"CREATE DATABASE {SCRATCH}")
    try:
        _connect_to(SCRATCH)
        call_command("migrate", verbosity=0)
        yield
    finally:
        _outside(usual, f"DROP DATABASE {SCRATCH}")


def fill(rows: int) -> Actor:
    """The province under test, and another one whose rows must not matter."""
    actor = None
    for code, letters, count in (("zhejiang", "ZJ", rows // 2), ("liaoning", "LN", rows)):
        province = Province.objects.create(
            code=code, letters=letters, name=code, short_name=code, jurisdiction=code,
            portal_name=code, authority=code,
        )  # fmt: skip
        with entered(province.pk):
            root = _found(province, "省卫生健康委", Tier.PROVINCE, Kind.COMMISSION)
            user = User.objects.create(username=f"{code}-reviewer", name="审核员")
            post = Post.objects.create(
                province=province, user=user, institution=root, role=Role.REVIEWER, since="2025-01-01"
            )
            _hire(province, _units(province, root))
            _insert(province, rows=count, state="waiting", holder=root.pk, closed=None)
            _insert(province, rows=count, state="approved", holder=None, closed=timezone.now())
            with connection.cursor() as cursor:
                cursor.execute(DECISIONS, {"body": root.pk, "user": user.pk})
        actor = Actor(province=province, user=user, post=post)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return actor


def questions(actor: Actor) -> dict[str, Callable[[], object]]:
    """What the pages ask, through the portal's own code."""
    with entered(actor.province_id):
        city = Institution.objects.filter(tier=Tier.CITY).order_by("pk").first()

    def page(number: int = 1, **chosen: Any) -> Callable[[], object]:
        def ask_page() -> object:
            at = timezone.now()
            inbox.contents(actor, at=at)
            inbox.last_batch(actor, at=at)
            rows = inbox.Filters(**chosen).narrow(inbox.waiting_at(actor), on=today(at))
            shown = BoundedPaginator(rows.select_related("department", "institution"), inbox.PAGE_ROWS)
            approvals = list(shown.get_page(number))
            return inbox.neighbours(rows, approvals[0]) if approvals else None

        return ask_page

    def table() -> int:
        lines = inbox_export.table(actor=actor, filters=inbox.Filters(), on=today(timezone.now()))
        return sum(len(line) for line in lines)

    return {
        "first page": page(),
        "checks passed": page(checks="passed"),
        "needs a look": page(checks="attention"),
        "waiting 10 days": page(waiting="10"),
        "past the promised day": page(waiting=inbox.OVERDUE),
        "one category": page(category="assignment"),
        "one year and category": page(category="assignment", year=2025),
        "one city": page(body=city),
        "one city, passed": page(body=city, checks="passed"),
        "search 王思": page(q="王思"),
        "search initials wsy": page(q="wsy"),
        "search one letter w": page(q="w"),
        "search pinyin zhangjian": page(q="zhangjian"),
        "search that finds nobody": page(q="欧阳"),
        "search 王, passed, one city": page(q="王", checks="passed", body=city),
        "last page of the bounded list": page(number=400),
        "table of everything": table,
    }


def ask(name: str, question: Callable[[], object], province_id: int, *, explain: bool) -> None:
    times, watch = [], Stopwatch()
    for _ in range(RUNS):
        watch = Stopwatch()
        with entered(province_id, read_only=True), connection.execute_wrapper(watch):
            question()
        times.append(watch.milliseconds)
    slowest = max(watch.statements)
    print(f"{name:32} {statistics.median(times):8.1f}   slowest of {len(watch.statements)}: {slowest[0]:.1f}")
    if explain:
        for milliseconds, sql, params in watch.statements:
            if milliseconds > SLOW_MS:
                _explain(sql, params, province_id)


def _explain(sql: str, params: Any, province_id: int) -> None:
    with entered(province_id), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        print(sql[:160])
        for (line,) in cursor.fetchall():
            print("    ", line)


def _found(province: Province, name: str, tier: str, kind: str, parent: Institution | None = None) -> Institution:
    return tree.found(
        actor=the_portal(province), province=province, name=name, tier=tier, kind=kind, parent=parent, at=timezone.now()
    )


def _units(province: Province, root: Institution) -> list[Institution]:
    units = []
    for number in range(CITIES):
        city = _found(province, f"第 {number} 市卫生健康委", Tier.CITY, Kind.COMMISSION, root)
        units += [
            _found(province, f"第 {place} 医院", Tier.UNIT, Kind.HOSPITAL, city) for place in range(UNITS_OF_A_CITY)
        ]
    return units


def _hire(province: Province, units: list[Institution]) -> None:
    names = [SURNAMES[n % 20] + GIVEN[n * 3 % 34] + GIVEN[n * 7 % 33] for n in range(PEOPLE)]
    Practitioner.objects.bulk_create(
        Practitioner(
            province=province,
            name=name,
            name_sort=people.pinyin(name),
            name_initials=people.initials(name),
            national_id=f"{province.pk}-{number}",
            national_id_index=keyed_index(f"{province.pk}-{number}"),
            profession="临床",
            institution=units[number % len(units)],
        )
        for number, name in enumerate(names)
    )


def _insert(province: Province, *, rows: int, state: str, holder: int | None, closed: Any) -> None:
    values = {"province": province.pk, "rows": rows, "state": state, "holder": holder, "closed": closed}
    with connection.cursor() as cursor:
        cursor.execute(FILL, {**values, "people": PEOPLE})


def _connect_to(database: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def _outside(database: str, *statements: str) -> None:
    _connect_to(database)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


if __name__ == "__main__":
    main()
