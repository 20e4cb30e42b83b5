"""A real Chromium against the running portal.

    page            a window of 1280 x 900 with scripts; the test fails when the console complains
    open_window     open_window(width=390, scripts=False, ...) for another one
    sign_in         sign_in(page, user, seat=None): the session of a user, without the sign-in page

CHROMIUM names the browser (default /usr/bin/chromium).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
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
LAST_REQUEST_SECONDS = 30


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright has run its event loop in this thread, nothing else can start one."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def static_files_from_where_they_are_edited() -> Iterator[None]:
    with override_settings(WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, django_db_setup: None) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=SWITCHES
    )
    yield launched
    launched.close()


@pytest.fixture
def requests_end_first(live_server: object) -> Iterator[None]:
    """A closed window may leave a request behind, which would stand in the way when the tables are emptied."""
    idle, running = threading.Condition(), [0]

    def began(**_: object) -> None:
        with idle:
            running[0] += 1

    def ended(**_: object) -> None:
        with idle:
            running[0] -= 1
            idle.notify_all()

    request_started.connect(began)
    request_finished.connect(ended)
    yield
    with idle:
        idle.wait_for(lambda: running[0] <= 0, timeout=LAST_REQUEST_SECONDS)
    request_started.disconnect(began)
    request_finished.disconnect(ended)


@pytest.fixture
def provoked() -> set[str]:
    """What a test makes the console say on purpose: parts of the sentences."""
    return set()


@pytest.fixture
def open_window(
    browser: Browser, live_server: object, requests_end_first: None, provoked: set[str]
) -> Iterator[OpenWindow]:
    """Windows of one test; at its end their consoles must have been quiet, but for what was provoked."""
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
    complaints = [complaint for complaint in complaints if not any(part in complaint for part in provoked)]
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
