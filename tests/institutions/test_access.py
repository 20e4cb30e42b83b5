"""The matrix: act by seat by state; and every route of the portal stands behind a gate of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Claim
from institutions import access, approvals, posts
from institutions.access import MATRIX
from institutions.actors import Actor, as_officer, the_portal
from institutions.enums import ApprovalState, Role, Verdict
from institutions.models import Approval
from tests.cast import NOW, Cast, user_named
from tests.institutions.conftest import declared

P, R, C, A, M = "practitioner", Role.REVIEWER, Role.CERTIFIER, Role.AUDITOR, Role.ADMINISTRATOR
SEATS = (P, R, C, A, M)

# Who may enter; written out, so that opening a door is a line that somebody reads.
MAY = {
    "seat.switch": {P, R, C, A, M},
    "notification.view": {P, R, C, A, M},
    "approval.submit": {P},
    "approval.withdraw": {P},
    "approval.decide": {R},
    "approval.undo": {R},
    "inbox.view": {R},
    "inbox.overdue": {R},
    "inbox.keep_filter": {R},
    "inbox.export": {R},
    "journal.view": {A},
    "people.view": {R, C, A, M},
    "people.manage": {M},
    "people.reveal": {M},
    "posts.manage": {M},
    "bodies.manage": {M},
    "bodies.change": {M},
    "claim.declare": {P},
    "claim.edit": {P},
    "claim.view": {P, R, C, A, M},
    "claim.assess_amount": {R},
    "evidence.view": {P, R, C, A, M},
    "statement.view": {P, R, C, A, M},
    "ledger.correct": {R},
    "practitioner.credits": {R, C, A, M},
    "credits.own": {P},
    "certificate.own": {P},
    "certificate.view": {P, C, A},
    "certificate.list": {C, A},
    "certificate.issue": {C},
    "certificate.revoke": {C},
    "certificate.reissue": {C},
}

# Pages of libraries that look after themselves: sign-in, second factor, sessions.
LIBRARIES = ("allauth.", "django.views.static", "django.contrib.staticfiles")


def seat(cast: Cast, role: str, body: str = "hospital") -> Actor:
    return cast.person if role == P else cast.officer(body, role)


def test_the_matrix_is_what_is_written_here() -> None:
    assert {act: set(row.seats) for act, row in MATRIX.items()} == MAY


@pytest.mark.django_db
@pytest.mark.parametrize("act", sorted(MAY))
def test_every_seat_enters_where_it_may_and_nowhere_else(cast: Cast, act: str) -> None:
    with entered(cast.province.pk):
        entering = {role for role in SEATS if access.allowed(seat(cast, role), act)}
        assert entering == MAY[act]
        assert not access.allowed(the_portal(cast.province), act)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(ApprovalState))
def test_deciding_by_body_and_state(cast: Cast, state: str) -> None:
    """Only the body that holds it, only while it waits."""
    approval = declared(cast)
    with entered(cast.province.pk):
        if state != ApprovalState.WAITING:
            closed = NOW if state != ApprovalState.RETURNED else None
            Approval.objects.filter(pk=approval.pk).update(state=state, holder=None, closed_at=closed)
        approval = approvals.lock(approval.pk)
        deciding = {
            (body, role)
            for body in ("hospital", "department", "county", "city", "province", "office", "direct")
            for role in SEATS[1:]
            if access.allowed(cast.officer(body, role), "approval.decide", approval)
        }
        assert deciding == ({("hospital", R)} if state == ApprovalState.WAITING else set())


@pytest.mark.django_db
def test_nobody_decides_twice_in_a_round_or_on_the_own_matter(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        hospital = cast.officer("hospital")
        approvals.decide(
            actor=hospital, approval_id=approval.pk, verdict=Verdict.APPROVE, version=approval.version, at=NOW
        )
        for user, sentence in ((hospital.user, "已在前一环节审核过"), (cast.practitioner.user, "不能审核本人的申报")):
            at_county = as_officer(
                posts.appoint(
                    actor=the_portal(cast.province),
                    user=user,
                    institution=cast.bodies["county"],
                    role=R,
                    since=date(2025, 1, 1),
                    at=NOW,
                )
            )
            assert sentence in access.refusal(at_county, "approval.decide", approvals.lock(approval.pk))


@pytest.mark.django_db
def test_a_mended_claim_is_looked_at_again_by_the_same_officer_but_at_no_other_tier(cast: Cast) -> None:
    """A hospital has one officer; who decided there before the claim was mended has no second word at the county."""
    approval = declared(cast)
    hospital = cast.officer("hospital")
    with entered(cast.province.pk):
        decide = {"approval_id": approval.pk, "at": NOW}
        approvals.decide(actor=hospital, verdict=Verdict.APPROVE, version=approval.version, **decide)
        version = Approval.objects.get(pk=approval.pk).version
        approvals.decide(actor=cast.officer("county"), verdict=Verdict.RETURN, reason="缺页", version=version, **decide)
        claim = Claim.objects.get(approval=approval)
        facts = claims.Facts(
            str(claim), "中国示范医院", {name: claim.facts()[name] for name in ("start", "end", "hours")}
        )
        claims.submit(actor=cast.person, claim_id=claim.pk, facts=facts, at=NOW)
        assert access.refusal(hospital, "approval.decide", approvals.lock(approval.pk)) is None
        other = posts.appoint(
            actor=the_portal(cast.province),
            user=user_named("second", "另一审核员"),
            institution=cast.bodies["hospital"],
            role=R,
            since=date(2025, 1, 1),
            at=NOW,
        )
        version = Approval.objects.get(pk=approval.pk).version
        approvals.decide(actor=as_officer(other), verdict=Verdict.APPROVE, version=version, **decide)
        at_county = posts.appoint(
            actor=the_portal(cast.province),
            user=hospital.user,
            institution=cast.bodies["county"],
            role=R,
            since=date(2025, 1, 1),
            at=NOW,
        )
        refusal = access.refusal(as_officer(at_county), "approval.decide", approvals.lock(approval.pk))
        assert "不能再次审核" in refusal


@pytest.mark.django_db
def test_another_provinces_matter_is_refused_whatever_the_seat(cast: Cast, strangers: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        approval = approvals.lock(approval.pk)
    with entered(strangers.province.pk):
        for role in SEATS[1:]:
            for act in ("approval.decide", "approval.undo", "people.manage", "people.reveal"):
                assert access.refusal(strangers.officer("hospital", role), act, approval) is not None
        assert "不属于本省" in access.refusal(strangers.officer("hospital"), "approval.decide", approval)


@pytest.mark.django_db
def test_a_post_carries_one_right_and_no_other(cast: Cast) -> None:
    with entered(cast.province.pk):
        auditor = cast.officer("hospital", A)
        held = {
            permission
            for permission in access.PERMISSION.values()
            if auditor.user.has_perm(permission, auditor.institution)
        }
        assert held == {access.PERMISSION[A]}


@pytest.mark.django_db
def test_a_seat_whose_post_has_ended_opens_nothing(cast: Cast, seated: object) -> None:
    officer = cast.officer("hospital")
    client = seated(officer)
    with entered(cast.province.pk):
        type(officer.post).objects.filter(pk=officer.post.pk).update(until=NOW.date() - timedelta(days=30))
    response = client.get("/inbox/")
    assert response.status_code == 403
    assert "尚未关联任何身份" in response.content.decode()


def routes(patterns: object = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


OWN_ROUTES = [(route, pattern) for route, pattern in routes() if not pattern.lookup_str.startswith(LIBRARIES)]


@pytest.mark.parametrize(("route", "pattern"), OWN_ROUTES, ids=[route for route, _ in OWN_ROUTES])
def test_every_route_has_a_gate_of_the_matrix_or_is_public(route: str, pattern: URLPattern) -> None:
    gate = getattr(pattern.callback, "gate", None)
    assert gate == "public" or gate in MATRIX, f"{route} has neither gate() nor public"


@pytest.mark.django_db
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page() -> None:
    client = Client()
    for route, pattern in OWN_ROUTES:
        if pattern.callback.gate == "public" or "<" in route:
            continue
        response = client.get(f"/{route}")
        assert response.status_code == 302, route
        assert response.url.startswith("/accounts/login/"), route


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://testserver/notifications/", "http://testserver/notifications/"),
        ("https://elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_signing_in_again_after_an_act_leads_to_where_it_was_sent_from(sent_from: str, back: str) -> None:
    response = Client().post("/notifications/12/", headers={"referer": sent_from})
    assert response.status_code == 302
    assert unquote(response.url) == f"/accounts/login/?next={back}"


@pytest.mark.django_db
def test_a_wrong_seat_is_told_to_change_it_where_there_is_another(cast: Cast, seated: object) -> None:
    page = seated(cast.person).get("/inbox/")
    assert page.status_code == 403
    assert "请联系所在单位" in page.content.decode()
    assert "切换身份" not in page.content.decode()
    with entered(cast.province.pk):
        posts.appoint(
            actor=the_portal(cast.province),
            user=cast.practitioner.user,
            institution=cast.bodies["county"],
            role=R,
            since=date(2025, 1, 1),
            at=NOW,
        )
    page = seated(cast.person).get("/inbox/")
    assert "请在右上角切换身份后重试" in page.content.decode()
    assert page.content.decode().count('name="seat"') == 2
