"""Seats and notifications."""

from datetime import date

import pytest

from cme_portal.foundation.tenancy import entered
from institutions import posts
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import Notification, Seat
from institutions.notifications import notify
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db


def test_changing_the_seat_changes_the_pages(cast: Cast, strangers: Cast, seated: Seated) -> None:
    """A nurse who also reviews, and holds a post in another province."""
    user = cast.practitioner.user
    for home in (cast, strangers):
        with entered(home.province.pk):
            posts.appoint(
                actor=the_portal(home.province),
                user=user,
                institution=home.bodies["county"],
                role=Role.REVIEWER,
                since=date(2025, 1, 1),
                at=NOW,
            )
    client = seated(cast.person)
    page = client.get("/notifications/").content.decode()
    assert "切换身份" in page
    assert "苏家屯区卫生健康局" in page
    here, abroad = (
        Seat.objects.get(user=user, post__isnull=False, province=home.province) for home in (cast, strangers)
    )
    assert client.post("/seat/", {"seat": here.pk}, follow=True).request["PATH_INFO"] == "/inbox/"
    assert "辽宁省继续医学教育学分管理平台" in client.get("/inbox/").content.decode()
    client.post("/seat/", {"seat": abroad.pk})
    assert "浙江省继续医学教育学分管理平台" in client.get("/inbox/").content.decode()


def test_somebody_elses_seat_is_not_there(cast: Cast, seated: Seated) -> None:
    client = seated(cast.person)
    foreign = Seat.objects.get(post=cast.officer("hospital").post)
    for chosen in (foreign.pk, "x", ""):
        assert client.post("/seat/", {"seat": chosen}).status_code == 404
    assert client.get("/seat/").status_code == 405


def told(cast: Cast, key: str = "1", url: str = "/claims/") -> Notification:
    with entered(cast.province.pk):
        notify(
            user=cast.practitioner.user,
            province_id=cast.province.pk,
            key=key,
            title="学分已认定：重症医学进修",
            url=url,
            at=NOW,
        )
        return Notification.objects.get(key=key)


def test_notifications_are_listed_counted_opened_and_read(cast: Cast, seated: Seated) -> None:
    notification = told(cast)
    told(cast, key="2")
    client = seated(cast.person)
    page = client.get("/notifications/").content.decode()
    assert "，2 条未读" in page
    response = client.post(f"/notifications/{notification.pk}/")
    assert (response.status_code, response.url) == (302, "/claims/")
    assert "，1 条未读" in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    assert "条未读" not in client.get("/notifications/").content.decode()


def test_opening_needs_a_post_and_never_leads_away(cast: Cast, seated: Seated) -> None:
    notification = told(cast, url="https://elsewhere.example/")
    client = seated(cast.person)
    assert client.get(f"/notifications/{notification.pk}/").status_code == 405
    assert client.post(f"/notifications/{notification.pk}/").url == "/notifications/"


def test_notifications_of_others_are_not_there(cast: Cast, seated: Seated) -> None:
    notification = told(cast)
    assert seated(cast.officer("hospital")).post(f"/notifications/{notification.pk}/").status_code == 404
    assert "重症医学进修" not in seated(cast.officer("hospital")).get("/notifications/").content.decode()
