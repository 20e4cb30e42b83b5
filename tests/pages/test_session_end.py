"""When a session ends, and what a request that changed nothing leaves of it."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from cme_portal.pages.session_end import PRECISION
from institutions.middleware import ActorMiddleware
from institutions.models import Seat
from tests.cast import Cast
from tests.institutions.conftest import Seated, seated
from tests.institutions.test_middleware import reviewing_nurse

__all__ = ["seated"]

pytestmark = pytest.mark.django_db

LENGTH = timedelta(seconds=settings.SESSION_COOKIE_AGE)


def end_of(client: Client) -> datetime:
    return Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value).expire_date


def test_a_request_moves_the_end_of_the_session(cast: Cast, seated: Seated) -> None:
    client = seated(cast.person)
    client.get("/credits/")
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    before = timezone.now()
    assert client.get("/credits/").status_code == 200
    assert before + LENGTH <= end_of(client) <= timezone.now() + LENGTH


def test_a_page_with_many_parts_writes_the_end_once(cast: Cast, seated: Seated) -> None:
    client = seated(cast.person)
    client.get("/credits/")
    end = timezone.now() + LENGTH - PRECISION / 2
    Session.objects.update(expire_date=end)
    client.get("/credits/")
    assert end_of(client) == end


def test_a_session_that_has_ended_does_not_begin_again(cast: Cast, seated: Seated) -> None:
    client = seated(cast.person)
    ended = timezone.now() - timedelta(seconds=1)
    Session.objects.update(expire_date=ended)
    assert client.get("/credits/").status_code == 302
    assert not Session.objects.filter(expire_date__gt=ended).exists()


def test_a_slow_page_does_not_take_back_a_seat_that_was_changed_meanwhile(
    cast: Cast, seated: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(cast.province.pk):
        post = reviewing_nurse(cast)
    seat = Seat.objects.get(post=post)
    client, other_window = seated(cast.person), Client()
    other_window.cookies = client.cookies
    client.get("/credits/")
    answer = ActorMiddleware.__call__

    def slowly(middleware: ActorMiddleware, request: HttpRequest) -> HttpResponse:
        response = answer(middleware, request)
        if request.path == "/claims/":
            assert other_window.post("/seat/", {"seat": seat.pk}).status_code == 302
        return response

    monkeypatch.setattr(ActorMiddleware, "__call__", slowly)
    # Long enough after the last request that the slow page moves the end too.
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    assert client.get("/claims/").status_code == 200
    assert client.get("/inbox/").status_code == 200
    assert client.session["seat"] == seat.pk
