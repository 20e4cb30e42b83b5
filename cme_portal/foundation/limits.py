"""How often one address may ask a public page. The counts live in the cache; without it nobody is let through."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from time import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

# One household or office has a /64 of IPv6 addresses to itself, so its addresses count as one.
IPV6_PREFIX = 64


class TooManyRequests(Exception):
    """The address has asked as often as it may; `seconds` is how long to wait at most."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"查询过于频繁，请在 {seconds} 秒后重试。")
        self.seconds = seconds


class LimitUnknown(Exception):
    """The cache does not answer, so nothing can be counted and nothing is answered."""

    def __init__(self) -> None:
        super().__init__("查询服务暂时不可用，请稍后重试。")


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` requests in each window of `seconds` for each address, counted under `name`. Windows follow the clock."""

    name: str
    times: int
    seconds: int

    def count(self, request: HttpRequest) -> None:
        """Count one request. Raises TooManyRequests or LimitUnknown."""
        # The window is part of the key. Django asks whether a key exists before it adds to it, and Redis would make a key
        # that ended in between anew, without an end: such a count must not outlive its window.
        key = f"limit:{self.name}:{int(time()) // self.seconds}:{caller(request)}"
        try:
            # Kept for two windows, so that nobody who still counts in this one sees the key end.
            cache.add(key, 0, timeout=2 * self.seconds)
            used = cache.incr(key)
        except ValueError:  # the cache was emptied between the two
            return
        except (RedisError, OSError) as error:
            raise LimitUnknown from error
        if used > self.times:
            raise TooManyRequests(self.seconds)


def caller(request: HttpRequest) -> str:
    """The address that is counted: the one the trusted proxies report (allauth's setting), IPv6 by its network."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)
