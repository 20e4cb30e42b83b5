"""Every address of the portal, read from the URL configuration, so that a test of all of them cannot forget a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its name, the names of its parameters in order, and the view behind it."""

    name: str
    route: str
    parameters: tuple[str, ...]
    view: str
    gate: str | None

    @property
    def is_of_a_library(self) -> bool:
        """Sign-in, second factor and sessions look after themselves; they have names but no gate."""
        return self.view.startswith("allauth.")

    def __str__(self) -> str:
        return self.route


def addresses() -> list[Address]:
    """All patterns, those of included URL configurations too."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            parameters = re.findall(r"<(?:\w+:)?(\w+)>", route)
            gate = getattr(pattern.callback, "gate", None)
            yield Address(pattern.name or "", route, tuple(parameters), pattern.lookup_str, gate)
