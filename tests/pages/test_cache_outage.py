"""While the cache does not answer: whoever is signed in works on, and what counts attempts says that it cannot."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from cme_portal.settings import base
from institutions.enums import Role
from institutions.models import User
from tests.cast import PASSWORD, Cast, user_named
from tests.client import text
from tests.institutions.conftest import Seated, seated

__all__ = ["seated"]

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


@pytest.fixture
def cache_gone() -> Iterator[None]:
    """As deployed, with a port on which nobody listens."""
    gone = base.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": gone}, ACCOUNT_RATE_LIMITS=base.ACCOUNT_RATE_LIMITS):
        yield


@pytest.mark.usefixtures("cache_gone")
def test_whoever_is_signed_in_works_on(cast: Cast, seated: Seated) -> None:
    person, officer = seated(cast.person), seated(cast.officer("hospital"))
    administrator = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    for client, address in (
        (person, "/credits/"),
        (person, "/claims/"),
        (person, "/accounts/sessions/"),
        (officer, "/inbox/"),
        (administrator, "/people/"),
    ):
        # The first request of a session reads it, the second finds whatever the first has kept.
        assert [client.get(address).status_code for _ in range(2)] == [200, 200], address
    assert person.post("/accounts/logout/").status_code == 302


@pytest.mark.usefixtures("cache_gone")
def test_visitors_see_the_public_pages() -> None:
    for address in ("/", SIGN_IN, "/verify/", "/calculator/", "/regulations/"):
        assert Client().get(address).status_code == 200, address


@pytest.mark.usefixtures("cache_gone")
def test_nobody_signs_in_while_failures_cannot_be_counted_and_is_told_why() -> None:
    user_named("li.hong", "李红")
    client = Client()
    for address, values in (
        (SIGN_IN, {"login": "li.hong", "password": PASSWORD}),
        ("/accounts/password/reset/", {"email": "li.hong@example.test"}),
    ):
        refused = client.post(address, values)
        assert (refused.status_code, refused["Retry-After"]) == (503, "30")
        assert "暂时无法核对尝试次数" in text(refused)
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("cache_gone")
def test_a_signed_in_person_is_told_too_and_nothing_half_done_is_kept(cast: Cast, seated: Seated) -> None:
    client = seated(cast.person)
    new = "an entirely new 密码"
    refused = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert refused.status_code == 503
    assert "暂时无法核对尝试次数" in text(refused)
    assert client.get("/credits/").status_code == 200
    assert User.objects.get(pk=cast.person.user.pk).check_password(PASSWORD)
