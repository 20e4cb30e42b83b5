"""Whatever anybody presses in whatever order: an approval never reaches a state that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Claim, LedgerEntry, Statement
from institutions import approvals, posts
from institutions.access import Denied
from institutions.actors import Actor, as_officer, as_practitioner, the_portal
from institutions.approvals import TRANSITIONS, UNDO_WINDOW
from institutions.enums import ApprovalState, Role, Verdict
from institutions.models import Approval, Decision, User
from tests.cast import NOW, Cast
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

FACTS = claims.Facts(
    "重症医学进修",
    "中国示范医院",
    {"start": date(2026, 3, 1), "end": date(2026, 5, 31), "hours": Decimal(500)},
)
TIERS = ("hospital", "county", "city", "province")
DECISIONS = (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT)
WAIT, TYPE = "wait", "type"
OFFICERS = (*TIERS, "own hospital", "hospital too", "county too")
PEOPLE = ("person", "colleague")

# Mostly the officer whose turn it is and the person; now and then anybody.
TURN = "whose turn it is"
moves = st.one_of(
    st.tuples(st.just(Verdict.APPROVE), st.just(TURN)),
    st.tuples(st.sampled_from((Verdict.APPROVE, Verdict.UNDO, Verdict.RETURN)), st.just(TURN)),
    st.tuples(st.sampled_from((Verdict.SUBMIT, TYPE)), st.just("person")),
    st.tuples(st.sampled_from((*DECISIONS, Verdict.UNDO)), st.sampled_from((TURN, *OFFICERS))),
    st.tuples(st.sampled_from((Verdict.SUBMIT, Verdict.WITHDRAW, TYPE)), st.sampled_from(PEOPLE)),
    st.tuples(st.just(WAIT), st.just("nobody")),
)


@dataclass
class Play:
    """One claim, everybody who may press something, and a clock."""

    claim_id: int
    approval_id: int
    actors: dict[str, Actor]
    at: datetime = NOW
    decided_last: str = "hospital"
    versions: list[int] = field(default_factory=list)

    def move(self, act: str, who: str) -> None:
        self.at += timedelta(minutes=1)
        if act == WAIT:
            self.at += UNDO_WINDOW
            return
        before = self._seen()
        try:
            with transaction.atomic():
                self._act(act, self.actors[self._whose_turn(act) if who == TURN else who])
        except (Denied, ValidationError):
            assert self._seen() == before
            return
        after = self._seen()
        if act == TYPE:
            assert after[0] >= before[0]
            assert after[1:] == before[1:]
            return
        allowed_from, target = TRANSITIONS[act]
        assert before[1] in allowed_from
        assert after[1] in ({ApprovalState.WAITING, ApprovalState.APPROVED} if target == "next" else {target})
        assert after[0] > before[0]
        assert after[2] == before[2] + 1

    def _act(self, act: str, actor: Actor) -> None:
        if act in DECISIONS:
            approvals.decide(
                actor=actor,
                approval_id=self.approval_id,
                verdict=act,
                version=self._approval().version,
                reason="请补充盖章页",
                at=self.at,
            )
        elif act == Verdict.UNDO:
            approvals.undo(actor=actor, approval_id=self.approval_id, at=self.at)
        elif act == Verdict.WITHDRAW:
            approvals.withdraw(actor=actor, approval_id=self.approval_id, at=self.at)
        elif act == Verdict.SUBMIT:
            claims.submit(actor=actor, claim_id=self.claim_id, facts=FACTS, at=self.at)
        else:
            claims.keep_typed(actor=actor, claim_id=self.claim_id, typed={"organizer": "示范医院"}, at=self.at)

    def _whose_turn(self, act: str) -> str:
        """The officer of the tier that holds it; for an undo, of the tier that held it last."""
        approval = self._approval()
        if act == Verdict.UNDO:
            return self.decided_last
        if approval.holder is not None:
            self.decided_last = next(tier for tier in TIERS if self.actors[tier].institution == approval.holder)
        return self.decided_last

    def _approval(self) -> Approval:
        return approvals.lock(self.approval_id)

    def _seen(self) -> tuple[int, str, int, int]:
        approval = self._approval()
        return approval.version, approval.state, approval.decisions.count(), LedgerEntry.objects.count()

    def check(self) -> None:
        """What holds at every moment."""
        approval, claim = self._approval(), Claim.objects.get(pk=self.claim_id)
        assert claim.state == approval.state
        self._check_ledger(is_granted=approval.state == ApprovalState.APPROVED)
        decisions = list(approval.decisions.order_by("version"))
        self._check_versions(approval, decisions)
        standing = [one for one in decisions if one.verdict == Verdict.APPROVE and not hasattr(one, "undone_by")]
        assert claim.practitioner.user_id not in {one.user_id for one in decisions if one.verdict in DECISIONS}
        own_round = [one for one in standing if one.round == approval.round]
        assert len({one.user_id for one in own_round}) == len(own_round)
        if approval.state in {ApprovalState.WAITING, ApprovalState.APPROVED}:
            passed = len(TIERS) if approval.state == ApprovalState.APPROVED else approval.position
            assert [one.position for one in own_round] == list(range(passed))
        if approval.state == ApprovalState.WAITING:
            came = own_round[-1] if own_round else [one for one in decisions if one.verdict == Verdict.SUBMIT][-1]
            assert approval.waiting_since == came.at

    def _check_ledger(self, *, is_granted: bool) -> None:
        assert LedgerEntry.objects.in_force().count() == is_granted
        statement = Statement.objects.filter(practitioner=self.actors["person"].practitioner).first()
        assert (statement is not None and statement.total_tenths > 0) == is_granted

    def _check_versions(self, approval: Approval, decisions: list[Decision]) -> None:
        versions = [one.version for one in decisions]
        assert versions == sorted(set(versions))
        assert versions[: len(self.versions)] == self.versions
        assert approval.version >= versions[-1]
        self.versions = versions


@pytest.fixture
def actors(cast: Cast) -> dict[str, Actor]:
    """An officer a tier, the person as officer of the own hospital, and one user with posts on two tiers."""
    with entered(cast.province.pk):
        county = cast.officer("county")
        return {
            **{tier: cast.officer(tier) for tier in TIERS},
            "own hospital": appointed(cast, cast.practitioner.user, "hospital"),
            "hospital too": appointed(cast, county.user, "hospital"),
            "county too": appointed(cast, cast.officer("hospital").user, "county"),
            "person": cast.person,
            "colleague": as_practitioner(cast.colleague),
        }


def appointed(cast: Cast, user: User, body: str) -> Actor:
    post = posts.appoint(
        actor=the_portal(cast.province),
        user=user,
        institution=cast.bodies[body],
        role=Role.REVIEWER,
        since=date(2025, 1, 1),
        at=NOW,
    )
    return as_officer(post)


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever happens inside leaves the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pressed=st.lists(moves, min_size=4, max_size=16))
def test_no_order_of_acts_leads_to_an_impossible_state(
    cast: Cast, actors: dict[str, Actor], pressed: list[tuple[str, str]]
) -> None:
    with forgotten():
        approval = declared(cast)
        with entered(cast.province.pk):
            play = Play(approval.claim.pk, approval.pk, actors)
            for act, who in pressed:
                play.move(act, who)
                play.check()
