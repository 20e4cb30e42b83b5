"""How often one address may ask a public page. The counts live in the cache; without it nobody is let through."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

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
    """`times` requests in `seconds` for each address, counted under `name`."""

    name: str
    times: int
    seconds: int

    def count(self, request: HttpRequest) -> None:
        """Count one request. Raises TooManyRequests or LimitUnknown."""
        key = f"limit:{self.name}:{caller(request)}"
        try:
            # The first request starts the window; the key is gone when it ends.
            cache.add(key, 0, timeout=self.seconds)
            used = cache.incr(key)
        except ValueError:  # the window ended between the two
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
