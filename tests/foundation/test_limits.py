"""So many requests from one address in each window of the clock."""

import pytest
import redis
from django.http import HttpRequest
from django.test import RequestFactory

from cme_portal.foundation import limits
from cme_portal.foundation.limits import Limit, TooManyRequests

TWO_A_MINUTE = Limit("tried-in-a-test", times=2, seconds=60)
START = 1_800_000_000.0  # a full minute


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The one element is what the clock shows."""
    shown = [START]
    monkeypatch.setattr(limits, "time", lambda: shown[0])
    return shown


def asked_from(address: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def refused(address: str = "192.0.2.7") -> bool:
    try:
        TWO_A_MINUTE.count(asked_from(address))
    except TooManyRequests:
        return True
    return False


def test_an_address_is_refused_until_its_window_ends(clock: list[float]) -> None:
    assert [refused(), refused(), refused()] == [False, False, True]
    clock[0] = START + 59.9
    assert refused()
    clock[0] = START + 60
    assert not refused()


def test_each_address_is_counted_by_itself_and_a_network_of_ipv6_as_one(clock: list[float]) -> None:
    assert [refused("2001:db8::1"), refused("2001:db8::2"), refused("2001:db8::3")] == [False, False, True]
    assert not refused("2001:db8:0:1::1")
    assert not refused()


def test_every_count_ends_by_itself_after_its_window(clock: list[float], cache_server: redis.Redis) -> None:
    refused()
    [key] = cache_server.scan_iter(match="*tried-in-a-test*")
    assert 60 < cache_server.ttl(key) <= 120


def test_a_count_that_never_ends_locks_nobody_out(clock: list[float], cache_server: redis.Redis) -> None:
    """What remains where a key ended between being looked for and being counted: a number without an end."""
    refused()
    [key] = cache_server.scan_iter(match="*tried-in-a-test*")
    cache_server.persist(key)
    assert [refused(), refused()] == [False, True]
    clock[0] = START + 60
    assert not refused()
