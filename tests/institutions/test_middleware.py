"""The seat a page is answered from, also when the one that was taken is gone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from institutions import posts
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import Post, Seat
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db


def reviewing_nurse(cast: Cast, *, since: date = date(2025, 1, 1)) -> Post:
    """The practitioner holds a post as well."""
    return posts.appoint(
        actor=the_portal(cast.province),
        user=cast.practitioner.user,
        institution=cast.bodies["county"],
        role=Role.REVIEWER,
        since=since,
        at=NOW,
    )


def test_whose_seat_is_taken_away_goes_on_in_another_one_and_is_told_once(cast: Cast, seated: Seated) -> None:
    with entered(cast.province.pk):
        post = reviewing_nurse(cast)
    client = seated(cast.person)
    client.post("/seat/", {"seat": Seat.objects.get(post=post).pk})
    assert client.get("/inbox/").status_code == 200
    with entered(cast.province.pk):
        posts.end(actor=the_portal(cast.province), post_id=post.pk, until=timezone.localdate(), at=timezone.now())
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == "/credits/"
    assert "现以“卫生专业技术人员”的身份办理" in page.content.decode()
    assert "的身份办理" not in client.get("/credits/").content.decode()


def test_a_post_that_has_not_begun_leaves_the_other_seats_usable(cast: Cast, seated: Seated) -> None:
    with entered(cast.province.pk):
        post = reviewing_nurse(cast, since=timezone.localdate() + timedelta(days=30))
    client = seated(cast.person)
    page = client.post("/seat/", {"seat": Seat.objects.get(post=post).pk}, follow=True)
    assert page.request["PATH_INFO"] == "/credits/"
    assert "已终止或尚未开始" in page.content.decode()


def test_whoever_has_no_seat_left_is_told_whom_to_ask(cast: Cast, seated: Seated) -> None:
    officer = cast.officer("hospital")
    client = seated(officer)
    with entered(cast.province.pk):
        posts.end(actor=the_portal(cast.province), post_id=officer.post.pk, until=timezone.localdate(), at=NOW)
    assert "联系所在单位" in client.get("/").content.decode()
    assert client.get("/inbox/").status_code == 403
