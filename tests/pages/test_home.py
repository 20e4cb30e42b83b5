"""The door, and the frame around every page."""

import pytest
from django.test import Client

from institutions.enums import Role
from tests.cast import Cast, user_named
from tests.institutions.conftest import Seated, declared, seated

__all__ = ["seated"]

pytestmark = pytest.mark.django_db


def test_visitors_learn_what_this_is_and_where_to_go() -> None:
    page = Client().get("/").content.decode()
    for address in ("/accounts/login/", "/verify/", "/calculator/", "/regulations/"):
        assert f'href="{address}"' in page


def test_every_seat_begins_at_its_own_page(cast: Cast, seated: Seated) -> None:
    first = {
        Role.REVIEWER: "/inbox/",
        Role.CERTIFIER: "/certificates/",
        Role.AUDITOR: "/journal/",
        Role.ADMINISTRATOR: "/people/",
    }
    for role, address in first.items():
        response = seated(cast.officer("province", role)).get("/", follow=True)
        assert (response.status_code, response.request["PATH_INFO"]) == (200, address)
    response = seated(cast.person).get("/", follow=True)
    assert (response.status_code, response.request["PATH_INFO"]) == (200, "/credits/")


def test_an_account_without_a_seat_is_told_whom_to_ask() -> None:
    client = Client()
    client.force_login(user_named("li.hong", "李红"), backend="institutions.sign_in.PhoneOrAccountBackend")
    assert "尚未关联任何身份" in client.get("/").content.decode()


def test_the_frame_is_the_provinces(cast: Cast, seated: Seated) -> None:
    declared(cast)
    page = seated(cast.officer("hospital")).get("/inbox/").content.decode()
    assert "辽宁省继续医学教育学分管理平台" in page
    assert 'data-palette="blue"' in page
    assert "继续医学教育审核" in page
    navigation = page.split('aria-label="主导航"')[1].split("</nav>")[0]
    assert '<span class="cnt">1</span>' in navigation
    assert 'aria-current="page"' in navigation


def test_an_error_page_keeps_the_frame(cast: Cast, seated: Seated) -> None:
    response = seated(cast.officer("hospital")).get("/people/999999999/")
    assert response.status_code == 404
    assert "辽宁省继续医学教育学分管理平台" in response.content.decode()
