"""How people stand this year: told by credits, shown by institutions, which must not know credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from institutions.models import Practitioner, Province
from institutions.queries import PractitionerQuerySet


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's year in a word and a figure; ``colour`` is that of a tag (ok, warn, bad, info or nothing)."""

    label: str
    colour: str = ""
    tenths: int | None = None
    url: str = ""


class Source(Protocol):
    """Who knows how people stand."""

    def choices(self) -> Sequence[tuple[str, str]]:
        """(code, label) of what a list of people can be narrowed to."""
        ...

    def narrow(
        self, people: PractitionerQuerySet, code: str, *, province: Province, at: datetime
    ) -> PractitionerQuerySet:
        """Those of the province's people who stand like ``code``, one of the choices."""
        ...

    def of(self, people: Sequence[Practitioner], *, province: Province, at: datetime) -> Mapping[int, Standing]:
        """Standings of people of the province by their ids, in a constant number of queries."""
        ...


class _Nobody:
    """Until an app tells, nobody stands anywhere."""

    def choices(self) -> Sequence[tuple[str, str]]:
        return ()

    def narrow(
        self, people: PractitionerQuerySet, code: str, *, province: Province, at: datetime
    ) -> PractitionerQuerySet:
        return people

    def of(self, people: Sequence[Practitioner], *, province: Province, at: datetime) -> Mapping[int, Standing]:
        return {}


_source: Source = _Nobody()


def told_by(source: Source) -> None:
    """Register who knows; called once when the app that knows is ready."""
    global _source  # noqa: PLW0603 - one registration at start-up, like the handlers of the outbox
    _source = source


def source() -> Source:
    return _source
