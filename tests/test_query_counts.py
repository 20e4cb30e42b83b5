"""Lists and previews ask the database as often for many rows as for one.

The lists of claims, people, certificates, the journal and the inbox itself are counted beside their other tests.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cme_portal.foundation.tenancy import entered
from credits import claims, evidence
from credits.models import Claim
from institutions import posts, tree
from institutions.actors import Actor, the_portal
from institutions.enums import Kind, Role, Tier
from institutions.notifications import notify
from tests.cast import NOW, Cast, user_named
from tests.client import signed_in
from tests.credits.documents import jpeg
from tests.institutions.conftest import passed

pytestmark = pytest.mark.django_db

MANY = 12


def administrator(cast: Cast) -> Actor:
    return cast.officer("city", Role.ADMINISTRATOR)


def reviewer(cast: Cast) -> Actor:
    return cast.officer("hospital")


def person(cast: Cast) -> Actor:
    return cast.person


def add_body(cast: Cast, number: int) -> None:
    tree.found(
        actor=the_portal(cast.province),
        province=cast.province,
        name=f"第{number}医院",
        tier=Tier.UNIT,
        kind=Kind.HOSPITAL,
        parent=cast.bodies["county"],
        at=NOW,
    )


def add_post(cast: Cast, number: int) -> None:
    posts.appoint(
        actor=the_portal(cast.province),
        user=user_named(f"officer-{number}", "李红"),
        institution=cast.bodies["hospital"],
        role=Role.REVIEWER,
        since=date(2026, 1, 1),
        at=NOW,
    )


def add_notification(cast: Cast, number: int) -> None:
    told = {"title": f"通知{number}", "url": "/claims/", "at": NOW}
    notify(user=cast.practitioner.user, province_id=cast.province.pk, key=f"test:{number}", **told)


def add_claim(cast: Cast, number: int) -> None:
    passed(cast, cast.hire("新同事", number=100 + number))


@pytest.mark.parametrize(
    ("address", "seat", "add"),
    [
        ("/bodies/?q=医院", administrator, add_body),
        ("/posts/?q=李红", administrator, add_post),
        ("/notifications/", person, add_notification),
        ("/inbox/approve/?everything=1", reviewer, add_claim),
        ("/inbox/export/", reviewer, add_claim),
    ],
)
def test_many_rows_cost_what_one_costs(
    cast: Cast, address: str, seat: Callable[[Cast], Actor], add: Callable[[Cast, int], None]
) -> None:
    client = signed_in(seat(cast).user)
    opened = []
    for wanted in (range(1), range(1, MANY)):
        with entered(cast.province.pk):
            for number in wanted:
                add(cast, number)
        opened.append(look(client, address))
    (queries_for_one, one), (queries_for_many, many) = opened
    assert len(many) > len(one), "the rows are on the page"
    assert queries_for_many == queries_for_one


def test_many_files_cost_what_one_costs(cast: Cast) -> None:
    one, many = claim_with(cast, 1), claim_with(cast, MANY)
    for client, addresses in (
        (signed_in(cast.practitioner.user), [claim.get_absolute_url() for claim in (one, many)]),
        (signed_in(reviewer(cast).user), [reverse("inbox-panel", args=[claim.approval_id]) for claim in (one, many)]),
    ):
        (queries_for_one, _), (queries_for_many, page) = (look(client, address) for address in addresses)
        assert f"证明{MANY - 1}.jpg".encode() in page
        assert queries_for_many == queries_for_one


def claim_with(cast: Cast, files: int) -> Claim:
    """A stay of a month of its own, in review, with so many documents."""
    month = 1 + files % 12
    with entered(cast.province.pk):
        claim = claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)
        for number in range(files):
            content, name = io.BytesIO(jpeg(seed=100 * files + number)), f"证明{number}.jpg"
            sent = {"item": "result", "content": content, "name": name, "at": NOW}
            kept = evidence.upload(actor=cast.person, claim_id=claim.pk, **sent)
            evidence.inspect(evidence_id=kept.pk, at=NOW)
        stay = {"start": date(2026, month, 1), "end": date(2026, month, 28), "hours": Decimal(160)}
        facts = claims.Facts("重症医学进修", "中国示范医院", stay)
        claims.submit(actor=cast.person, claim_id=claim.pk, facts=facts, at=NOW)
        claim.refresh_from_db()
    return claim


def look(client: Client, address: str) -> tuple[int, bytes]:
    """How many queries a page asks that has been opened before, and the page."""
    client.get(address).getvalue()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        page = answer.getvalue()
    assert answer.status_code == 200
    return len(queries), page
