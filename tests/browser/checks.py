"""What every page must hold to in a real browser: accessible, nothing cut off at 320 px, light, and quiet in the console."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = (Path(__file__).parent.parent / "vendor/axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Theme, text size, widths in pixels: the narrowest window is the hardest for large text.
LOOKS = (("light", "normal", (1280, 390, 320)), ("dark", "normal", (1280, 390)), ("light", "large", (1280, 320)))
FIRST_VISIT_BYTES = 90 * 1024
REPEAT_VISIT_BYTES = 15 * 1024
MOST_NODES = 1500


def check_accessibility(page: Page) -> None:
    """No violation that axe-core finds. The script is handed to the engine, so the page's policy stays in force."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run({runOnly: tags, preload: false, resultTypes: ['violations']})", STANDARDS)
    violations = [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not violations, "\n".join(violations)


def check_layout(page: Page) -> None:
    """Nothing sticks out to the side, and no more elements than an old computer can lay out quickly."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0, f"{over} px wider than the window at {page.viewport_size}"
    nodes = page.evaluate("document.querySelectorAll('*').length")
    assert nodes <= MOST_NODES, f"{nodes} elements"


def check_page(page: Page, address: str) -> None:
    """Open the page light, dark and in large text; check it at 1280, 390 and 320 px."""
    page.goto(address)
    for theme, size, widths in LOOKS:
        set_appearance(page, theme=theme, size=size)
        page.goto(address)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            check_layout(page)
            check_accessibility(page)


def check_as_it_stands(page: Page) -> None:
    """The open page in the look it has: at 1280 px, unfolded at 390 px, and at 320 px that nothing is cut off."""
    page.set_viewport_size({"width": 1280, "height": 900})
    check_layout(page)
    check_accessibility(page)
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        check_layout(page)
    check_accessibility(page)


def set_appearance(page: Page, *, theme: str, size: str) -> None:
    """What the two buttons of the header do, for the portal of the page that is open."""
    chosen = {"cme-theme": theme, "cme-size": size}
    page.context.add_cookies([{"name": name, "value": value, "url": page.url} for name, value in chosen.items()])


def take_screenshots(page: Page, address: str, folder: Path, name: str) -> None:
    """The whole page at 1280 and 390 px, for people to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


class Traffic:
    """Counts what a visit costs, compressed as the production server compresses it (gzip, files ahead of time)."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        page.on("response", lambda response: self.responses.append(response))  # noqa: PLW0108 - must be a function

    def compressed_bytes(self) -> int:
        return sum(len(gzip.compress(response.body(), 6)) for response in self.responses if response.ok)

    def addresses(self) -> set[str]:
        return {urlsplit(response.url).netloc for response in self.responses}


class Console:
    """Collects what a careful page never says: errors of scripts, violations of the policy, files that are missing."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        # An answer of 403, 404 or 422 to a page is the page's own business, and tests look at it; htmx reports a request that
        # a newer one replaced, or that was under way when the page was left.
        expected = ("the server responded with a status of", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(part in message.text for part in expected):
            self.complaints.append(message.text)

    def _failed(self, request: Request) -> None:
        # A page that is left stops what it was loading.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")
