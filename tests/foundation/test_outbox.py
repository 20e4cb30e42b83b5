"""The outbox: what a transaction promised happens once, whatever is killed or flushed on the way."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from kombu import Connection
from kombu.exceptions import OperationalError

from cme_portal.foundation import outbox
from cme_portal.foundation.models import OutboxMessage, Priority
from cme_portal.foundation.tasks import deliver, sweep
from institutions.models import Province
from tests.cast import NOW, make_province
from tests.database import current_province

HANDED: list[tuple[int, int | None]] = []


@outbox.handler("test.count")
def count(payload: dict[str, Any], *, at: object) -> None:
    HANDED.append((payload["number"], current_province()))


@outbox.handler("test.follow")
def promise_another(payload: dict[str, Any], *, at: object) -> None:
    promise(Province.objects.get(), payload["number"] + 1)


@outbox.handler("test.fail")
def fail(payload: dict[str, Any], *, at: object) -> None:
    Province.objects.filter(pk=payload["province"]).update(short_name="半途")
    raise RuntimeError("邮件服务器没有响应")


@outbox.handler("test.breaks_the_database")
def break_the_database(payload: dict[str, Any], *, at: object) -> None:
    Province.objects.create(code="liaoning", letters="XX", name="重名")


@pytest.fixture
def province(db: None) -> Province:
    HANDED.clear()
    return make_province("liaoning")


def promise(province: Province, number: int = 1, kind: str = "test.count", **values: Any) -> str:
    key = f"{kind}:{number}"
    payload = {"number": number, "province": province.pk}
    outbox.add(kind, province_id=province.pk, payload=payload, key=key, at=NOW, **values)
    return key


def test_a_message_is_delivered_once_inside_its_province(province: Province) -> None:
    key = promise(province)
    assert outbox.deliver(key, at=NOW)
    assert not outbox.deliver(key, at=NOW)
    assert [(1, province.pk)] == HANDED


def test_a_second_message_of_the_same_key_is_dropped(province: Province) -> None:
    promise(province)
    promise(province)
    assert OutboxMessage.objects.count() == 1


def test_what_is_rolled_back_was_never_promised(province: Province) -> None:
    with transaction.atomic():
        promise(province)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_an_unknown_kind_is_refused_where_it_is_written(province: Province) -> None:
    with pytest.raises(LookupError, match=r"test\.unknown"):
        promise(province, kind="test.unknown")


def test_a_failure_leaves_nothing_behind_and_is_tried_again_later_and_later(province: Province) -> None:
    key = promise(province, kind="test.fail")
    at, delays = NOW, []
    for _ in range(3):
        assert not outbox.deliver(key, at=at)
        message = OutboxMessage.objects.get()
        delays.append((message.due_at - at).total_seconds())
        at = message.due_at
    assert delays == [30, 60, 120]
    assert (message.attempts, message.delivered_at) == (3, None)
    assert re.fullmatch(r"RuntimeError at \S+/test_outbox\.py:\d+", message.last_error)
    assert Province.objects.get().short_name == "辽宁"


def test_a_database_error_of_a_handler_is_a_failure_like_any_other_and_keeps_values_to_itself(
    province: Province,
) -> None:
    broken, whole = promise(province, kind="test.breaks_the_database"), promise(province)
    assert not outbox.deliver(broken, at=NOW)
    assert outbox.deliver(whole, at=NOW)
    message = OutboxMessage.objects.get(key=broken)
    assert (message.attempts, message.delivered_at) == (1, None)
    assert message.last_error.startswith("IntegrityError at ")
    assert "liaoning" not in message.last_error


def test_a_message_that_fails_too_often_is_parked_named_and_resumed_by_hand(province: Province) -> None:
    broken, whole = promise(province, kind="test.fail"), promise(province)
    OutboxMessage.objects.filter(key=broken).update(attempts=outbox.MOST_ATTEMPTS - 1)
    assert not outbox.deliver(broken, at=NOW)
    due = OutboxMessage.objects.get(key=broken).due_at
    assert outbox.parked_keys(limit=3) == []
    with structlog.testing.capture_logs() as lines:
        assert not outbox.deliver(broken, at=due)
    [line] = lines
    assert (line["event"], line["key"], line["attempts"]) == ("outbox.parked", broken, outbox.MOST_ATTEMPTS)
    assert line["last_error"].startswith("RuntimeError at ")
    assert outbox.parked_keys(limit=3) == [broken]
    assert outbox.due_keys(at=due + timedelta(days=1)) == [whole]
    assert not outbox.deliver(broken, at=due + timedelta(days=1))

    said = io.StringIO()
    call_command("resume_outbox", "test.fail:9", stdout=said)
    call_command("resume_outbox", broken, stdout=said)
    assert said.getvalue() == "0 resumed\n1 resumed\n"
    message = OutboxMessage.objects.get(key=broken)
    assert (message.parked_at, message.attempts) == (None, 0)
    assert not outbox.deliver(broken, at=message.due_at)
    assert OutboxMessage.objects.get(key=broken).attempts == 1


def test_a_message_is_not_tried_again_before_its_time(province: Province) -> None:
    key = promise(province, kind="test.fail")
    assert not outbox.deliver(key, at=NOW)
    assert not outbox.deliver(key, at=NOW + timedelta(seconds=29))
    assert OutboxMessage.objects.get().attempts == 1


def test_what_is_due_later_waits(province: Province) -> None:
    key = promise(province, due=NOW + timedelta(hours=1))
    assert outbox.due_keys(at=NOW) == []
    assert outbox.due_keys(at=NOW + timedelta(hours=1)) == [key]
    assert outbox.oldest_due_age(at=NOW + timedelta(hours=3)) == timedelta(hours=2)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(deliver, "apply_async", refuse)
    province = make_province("liaoning")
    HANDED.clear()
    key = promise(province)
    assert outbox.due_keys(at=NOW) == [key]
    assert outbox.deliver_due(at=NOW) == 1
    assert [(1, province.pk)] == HANDED


@pytest.mark.django_db(transaction=True)
def test_what_a_person_waits_for_goes_before_what_a_bulk_act_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": _queue()}
    with Connection(settings.REDIS_URL, transport_options=options) as broker, broker.SimpleQueue("celery") as queue:
        monkeypatch.setattr(
            deliver, "apply_async", lambda arguments, priority: queue.put(arguments[0], priority=priority)
        )
        province = make_province("liaoning")
        with outbox.behind_others():
            bulk = [promise(province, number) for number in (1, 2, 3)]
        person = promise(province, 4)
        received = [queue.get(timeout=10) for _ in range(4)]
        assert [message.payload for message in received] == [person, *bulk]
        for message in received:
            message.ack()
    _flush()


def test_what_follows_from_a_bulk_act_stays_behind_and_what_follows_from_a_persons_act_does_not(
    province: Province,
) -> None:
    with outbox.behind_others():
        bulk = promise(province, 1, kind="test.follow")
    person = promise(province, 3, kind="test.follow")
    # In whatever process and order they are delivered, each hands on its own priority.
    with outbox.behind_others():
        assert outbox.deliver(person, at=NOW)
    assert outbox.deliver(bulk, at=NOW)
    assert dict(OutboxMessage.objects.values_list("key", "priority")) == {
        bulk: Priority.LATER,
        "test.count:2": Priority.LATER,
        person: Priority.SOON,
        "test.count:4": Priority.SOON,
    }


def test_a_persons_retry_is_sent_again_before_an_older_backlog(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outbox.behind_others():
        younger, older = promise(province, 1, due=NOW + timedelta(minutes=1)), promise(province, 2)
    person = promise(province, 3, due=NOW + timedelta(minutes=2))
    at = NOW + timedelta(minutes=3)
    assert outbox.due_keys(at=at) == [person, older, younger]
    assert [message.key for message in outbox.due_messages(at=at, limit=1)] == [person]
    assert outbox.oldest_due_age(at=at) == timedelta(minutes=3)

    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(
        deliver, "apply_async", lambda arguments, **options: sent.append((arguments[0], options["priority"]))
    )
    sweep()
    assert sent == [(person, Priority.SOON), (older, Priority.LATER), (younger, Priority.LATER)]


@pytest.mark.django_db(transaction=True)
def test_a_message_being_delivered_is_left_to_whoever_holds_it() -> None:
    province = make_province("liaoning")
    HANDED.clear()
    key = promise(province)
    other = psycopg2.connect(**_dsn())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM foundation_outboxmessage WHERE key = %s FOR UPDATE", [key])
            assert not outbox.deliver(key, at=NOW)
    finally:
        other.close()
    assert HANDED == []
    assert outbox.deliver(key, at=NOW)


# --- With a real worker ---

MESSAGES = 12
PATIENCE_SECONDS = 120


@pytest.fixture
def effects(transactional_db: None) -> Iterator[None]:
    """The table into which the handler of the worker writes; the effect is a row, so that doing it twice would show."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE outbox_effect (number integer)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE outbox_effect")


@pytest.fixture
def worker(effects: None, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts real Celery workers on this test's database, with a queue of their own; kills what is left of them."""
    started: list[subprocess.Popen[bytes]] = []
    command = ["-m", "celery", "-A", "cme_portal", "worker", "--beat", "--include", "tests.foundation.outbox_effect"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "tests.foundation.outbox_settings",
        "OUTBOX_TEST_DATABASE": connection.settings_dict["NAME"],
        "OUTBOX_TEST_QUEUE": _queue(),
        "OUTBOX_TEST_SCHEDULE": str(tmp_path / "schedule"),
        "OUTBOX_TEST_KILLS": str(tmp_path / "kills"),
    }

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *command, "--concurrency=2", "--loglevel=WARNING"],
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        _kill(process)
    _flush()


def test_a_killed_worker_and_a_flushed_broker_lose_nothing_and_do_nothing_twice(
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    """kill -9 in the middle of the work, then every trace of it deleted from Valkey: the rows bring it to its end."""
    _owe(["test.effect"] * MESSAGES)
    first = worker()
    _wait_until(lambda: _effects() >= 2)
    _kill(first)
    _flush()
    assert _effects() < MESSAGES
    # What the dead worker had begun is due again in half a minute: that time has passed.
    OutboxMessage.objects.filter(delivered_at=None).update(due_at=NOW)
    worker()
    _wait_until(lambda: not OutboxMessage.objects.filter(delivered_at=None).exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM outbox_effect ORDER BY number")
        assert [number for (number,) in cursor.fetchall()] == list(range(MESSAGES))


def test_a_whole_process_group_told_to_stop_ends_what_it_has_in_hand(
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    """As Ctrl-C does under a process manager that signals the children too."""
    _owe(["test.effect"] * MESSAGES)
    running = worker()
    _wait_until(lambda: _effects() >= 2)
    os.killpg(running.pid, signal.SIGTERM)
    assert running.wait(PATIENCE_SECONDS) == 0
    assert not OutboxMessage.objects.filter(attempts__gt=0, delivered_at=None).exists()
    assert _effects() == OutboxMessage.objects.exclude(delivered_at=None).count() < MESSAGES


def test_a_message_that_kills_its_worker_is_counted_put_off_and_keeps_no_other_waiting(
    worker: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    _owe(["test.kill", *["test.effect"] * MESSAGES])
    worker()
    _wait_until(lambda: not OutboxMessage.objects.filter(kind="test.effect", delivered_at=None).exists())
    poison = OutboxMessage.objects.get(kind="test.kill")
    assert (poison.delivered_at, poison.last_error) == (None, outbox.NO_ANSWER)
    assert poison.attempts == len((tmp_path / "kills").read_text()) == 1
    assert poison.due_at > NOW


def _owe(kinds: list[str]) -> None:
    """Messages that were written and never sent, numbered in order."""
    province = make_province("liaoning")
    for number, kind in enumerate(kinds):
        OutboxMessage.objects.create(
            province=province,
            kind=kind,
            key=f"{kind}:{number}",
            payload={"number": number},
            created_at=NOW,
            due_at=NOW,
        )


def _effects() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_effect")
        return cursor.fetchone()[0]


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.05)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the worker and its children: nobody gets to tidy up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def _flush() -> None:
    """Everything Valkey knows of the queue is gone."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    for name in broker.scan_iter(match=f"{_queue()}*"):
        broker.delete(name)
    broker.close()


def _queue() -> str:
    return f"cme-outbox-test-{os.getpid()}:"


def _dsn() -> dict[str, Any]:
    database = connection.settings_dict
    return {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
