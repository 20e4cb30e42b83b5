"""A real Chromium against the running portal.

    page            a window of 1280 x 900 with scripts; the test fails when the console complains
    open_window     open_window(width=390, scripts=False, ...) for another one
    sign_in         sign_in(page, user, seat=None): the session of a user, without the sign-in page

CHROMIUM names the browser (default /usr/bin/chromium).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from institutions.models import Seat, User
from tests.browser.checks import Console

# Playwright's synchronous interface keeps an event loop in this thread, which Django would refuse to share a database with.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Generous, because a machine that tests on all its cores is slow; nothing is timed here.
expect.set_options(timeout=30_000)

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
OpenWindow = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def static_files_from_where_they_are_edited() -> Iterator[None]:
    with override_settings(WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=SWITCHES
    )
    yield launched
    launched.close()


@pytest.fixture
def open_window(browser: Browser, live_server: object) -> Iterator[OpenWindow]:
    """Windows of one test; at its end their consoles must have been quiet."""
    consoles: list[Console] = []
    contexts = []

    def opened(*, width: int = 1280, height: int = 900, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        consoles.append(Console(page))
        return page

    yield opened
    for context in contexts:
        context.close()
    complaints = [complaint for console in consoles for complaint in console.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(open_window: OpenWindow) -> Page:
    return open_window()


@pytest.fixture
def sign_in(live_server: object) -> Callable[..., None]:
    def signed_in(page: Page, user: User, seat: Seat | None = None) -> None:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        if seat is not None:
            session = client.session
            session["seat"] = seat.pk
            session.save()
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )

    return signed_in
