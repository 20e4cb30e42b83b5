"""The frame around every page: reachable, light, and the same with and without scripts."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cme_portal.foundation.tenancy import entered
from credits import claims
from tests.browser.checks import FIRST_VISIT_BYTES, REPEAT_VISIT_BYTES, Traffic, check_page
from tests.cast import NOW, Cast
from tests.institutions.conftest import declared

PUBLIC_PAGES = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/regulations/",
    "/a-page-that-does-not-exist/",
]
ACCOUNT_PAGES = ["/accounts/password/change/", "/accounts/sessions/", "/accounts/2fa/", "/accounts/logout/"]


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_public_pages_are_accessible_at_every_size(page: Page, address: str) -> None:
    check_page(page, address)


@pytest.mark.parametrize("address", ACCOUNT_PAGES)
def test_account_pages_are_accessible_and_in_chinese(
    page: Page, sign_in: Callable[..., None], cast: Cast, address: str
) -> None:
    sign_in(page, cast.practitioner.user)
    check_page(page, address)
    for label in page.locator("#main label, #main legend").all_inner_texts():
        assert not re.search("[A-Za-z]{3}", label), label


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/regulations/liaoning/"])
def test_a_first_visit_is_light_and_asks_nobody_else(page: Page, live_server: object, address: str) -> None:
    first = Traffic(page)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert first.compressed_bytes() <= FIRST_VISIT_BYTES
    assert first.addresses() == {live_server.url.removeprefix("http://")}


@pytest.mark.parametrize("address", ["/", "/credits/", "/claims/new/", "edit", "/calculator/"])
def test_no_page_of_a_practitioner_is_heavy_even_when_nothing_is_kept(
    page: Page, sign_in: Callable[..., None], cast: Cast, address: str
) -> None:
    """By a link in a message, on a telephone that opens the portal for the first time."""
    if address == "edit":
        with entered(cast.province.pk):
            address = reverse(
                "claim-edit", args=[claims.start(actor=cast.person, code="practice", year=2026, at=NOW).pk]
            )
    sign_in(page, cast.practitioner.user)
    visit = Traffic(page)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert visit.compressed_bytes() <= FIRST_VISIT_BYTES


def test_an_inbox_is_no_heavier(page: Page, sign_in: Callable[..., None], cast: Cast) -> None:
    declared(cast)
    sign_in(page, cast.officer("hospital").user)
    visit = Traffic(page)
    page.goto("/inbox/")
    page.wait_for_load_state("networkidle")
    assert visit.compressed_bytes() <= FIRST_VISIT_BYTES


def test_a_repeated_visit_costs_the_page_alone(page: Page) -> None:
    page.goto("/accounts/login/")
    page.wait_for_load_state("networkidle")
    answer = page.request.get("/accounts/login/")
    assert len(answer.body()) <= REPEAT_VISIT_BYTES


def test_the_first_stop_of_the_keyboard_skips_to_the_text(page: Page) -> None:
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_large_text_is_kept_from_page_to_page(open_window: Callable[..., Page], scripts: bool) -> None:  # noqa: FBT001
    page = open_window(scripts=scripts)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="大字").click()
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    page.goto("/regulations/")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html")).not_to_have_attribute("data-size", "large")


@pytest.mark.parametrize("scripts", [True, False])
def test_dark_mode_is_kept_from_page_to_page(open_window: Callable[..., Page], scripts: bool) -> None:  # noqa: FBT001
    page = open_window(scripts=scripts)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="深色").click()
    page.goto("/regulations/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_refused_sign_in_says_what_to_do_and_keeps_the_account(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("手机号或工作账号").fill("13800000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_title("错误：登录 - 继续医学教育学分管理平台")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("手机号或工作账号")).to_have_value("13800000000")
    page.locator("#error-summary a").first.click()
    expect(page.get_by_label("密码")).to_be_focused()


def test_demonstration_accounts_are_filled_in_without_scripts(
    open_window: Callable[..., Page], settings: object
) -> None:
    settings.DEMO_MODE = True
    page = open_window(scripts=False)
    page.goto("/accounts/login/")
    page.locator("summary", has_text="辽宁省").click()
    page.locator("a[href='?account=ln-city']").click()
    expect(page.get_by_label("手机号或工作账号")).to_have_value("ln-city")
    assert page.get_by_label("密码").input_value()


def test_no_demonstration_shows_no_accounts(page: Page) -> None:
    page.goto("/accounts/login/?account=ln-city")
    expect(page.get_by_text("演示账号")).to_have_count(0)
    expect(page.get_by_label("手机号或工作账号")).to_have_value("")
