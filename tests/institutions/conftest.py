"""Claims that wait, and clients that sit in a seat."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from cme_portal.foundation.tenancy import entered
from credits import checks, claims
from credits.models import Claim
from institutions.actors import Actor, as_practitioner
from institutions.enums import ChecksState
from institutions.models import Approval, Practitioner, Seat
from tests.cast import NOW, Cast

STAY = {"start": date(2026, 3, 1), "end": date(2026, 5, 31), "hours": Decimal(500)}

Seated = Callable[[Actor], Client]


@pytest.fixture
def seated() -> Seated:
    """A browser in which the actor is signed in and sits in that seat."""

    def sit(actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user, backend="institutions.sign_in.PhoneOrAccountBackend")
        seat = Seat.objects.get(post=actor.post) if actor.post else Seat.objects.get(practitioner=actor.practitioner)
        session = client.session
        session["seat"] = seat.pk
        session.save()
        return client

    return sit


def declared(
    cast: Cast, practitioner: Practitioner | None = None, *, title: str = "重症医学进修", checked: str | None = None
) -> Approval:
    """A claim of study leave in review; with ``checked`` the portal's checks are taken to have come out so."""
    practitioner = practitioner or cast.practitioner
    time = {"days": 60} if cast.province.code == "zhejiang" else {"hours": Decimal(500)}
    with entered(cast.province.pk):
        actor = as_practitioner(practitioner)
        claim = claims.start(actor=actor, code="study_leave", year=2026, at=NOW)
        facts = claims.Facts(title, "中国示范医院", {"start": STAY["start"], "end": STAY["end"], **time})
        claims.submit(actor=actor, claim_id=claim.pk, facts=facts, at=NOW)
        checks.run(claim_id=claim.pk, at=NOW)
        approval = Approval.objects.get(pk=Claim.objects.get(pk=claim.pk).approval_id)
        if checked is not None:
            approval.checks_state = checked
            approval.save(update_fields=["checks_state"])
    return approval


def passed(cast: Cast, practitioner: Practitioner | None = None, **values: str) -> Approval:
    return declared(cast, practitioner, checked=ChecksState.PASSED, **values)
