"""Browsers are told to keep camera, place and the like from every page."""

import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/no-such-page/"])
@pytest.mark.django_db
def test_every_page_gives_up_what_no_page_uses(client: Client, address: str) -> None:
    header = client.get(address)["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(header.split(", "))
