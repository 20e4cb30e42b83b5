"""Large text and dark mode without scripts: a form, two cookies, back to the page."""

import pytest
from django.test import Client


def test_the_choice_is_kept_and_the_page_comes_back(client: Client) -> None:
    answer = client.post("/appearance/", {"cme-size": "large", "next": "/regulations/?year=2026"})
    assert answer["Location"] == "/regulations/?year=2026"
    assert client.cookies["cme-size"].value == "large"
    assert 'data-size="large"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_nobody_is_led_elsewhere(client: Client, address: str) -> None:
    assert client.post("/appearance/", {"cme-theme": "dark", "next": address})["Location"] == "/"


def test_an_unknown_choice_is_not_kept(client: Client) -> None:
    client.post("/appearance/", {"cme-theme": "pink", "next": "/"})
    assert "cme-theme" not in client.cookies
    client.cookies["cme-theme"] = 'pink" onload="x'
    assert "pink" not in client.get("/accounts/login/").content.decode()


def test_reading_the_address_changes_nothing(client: Client) -> None:
    assert client.get("/appearance/", {"cme-size": "large"}).status_code == 405
