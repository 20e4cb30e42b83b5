"""The main path as people walk it: declare, decide, certify, verify. Each step is done in a browser by its own person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from cme_portal.demo.documents import photograph
from cme_portal.foundation import outbox
from cme_portal.foundation.models import OutboxMessage
from cme_portal.foundation.tenancy import entered
from institutions.enums import Role
from institutions.models import Approval, User
from tests.cast import Cast

OpenWindow = Callable[..., Page]
SignIn = Callable[..., None]


class Walk:
    """One province, a window per person, and the worker's turn between the steps."""

    def __init__(self, cast: Cast, open_window: OpenWindow, sign_in: SignIn, folder: Path) -> None:
        self.cast, self.open_window, self.sign_in, self.folder = cast, open_window, sign_in, folder
        self.year = timezone.localdate().year
        # A quarter of a year that has ended whenever the test runs: in the last year while the new one is young.
        if timezone.localdate() < date(self.year, 4, 2):
            self.year -= 1
        self.start, self.end = date(self.year, 1, 1), date(self.year, 3, 31)

    def window(self, user: User, *, width: int = 1280) -> Page:
        page = self.open_window(width=width)
        self.sign_in(page, user)
        return page

    def officer(self, body: str, role: str = Role.REVIEWER) -> Page:
        return self.window(self.cast.officer(body, role).user)

    def work(self) -> None:
        """What the worker does meanwhile: inspect, check, render, notify; in a thread, as the browser's loop has this one."""
        with ThreadPoolExecutor(1) as worker:
            worker.submit(deliver_everything).result()
        failed = OutboxMessage.objects.exclude(last_error="").values_list("kind", "last_error")
        assert not failed, list(failed)

    def declare(self, page: Page, *, hours: str) -> None:
        """Three months of study leave, with a photograph for every required document."""
        page.goto("/claims/new/")
        page.get_by_role("button", name="进修").first.click()
        self.fill(page, hours=hours)
        for number, document in enumerate(page.locator("input[type=file][id^=id_files-]").all()):
            document.set_input_files([self.photograph(number)])
            expect(page.locator(".upl li")).to_have_count(number + 1)
        self.submit(page)

    def fill(self, page: Page, *, hours: str) -> None:
        page.get_by_label("进修或培训名称").fill("重症医学专科护士进修")
        page.get_by_label("接收单位").fill("中国示范医院")
        page.get_by_label("开始日期").fill(self.start.isoformat())
        page.get_by_label("结束日期").fill(self.end.isoformat())
        time = page.locator("#id_hours, #id_days")
        time.fill(hours)
        time.blur()
        expect(page.locator("#why")).to_contain_text("25.0")

    def submit(self, page: Page) -> None:
        page.get_by_label("本人确认").check()
        page.locator("#claim-form button[value=submit]:visible").first.click()
        expect(page.locator(".errsum, .steps1").first).to_be_visible()
        refusals = page.locator(".errsum").all_inner_texts()
        assert not refusals, refusals
        self.work()

    def photograph(self, number: int) -> Path:
        path = self.folder / f"结业证书{number}.jpg"
        path.write_bytes(
            photograph(
                title="进修结业证书",
                lines=[f"姓名：{self.cast.practitioner.name}", f"{self.start} 至 {self.end}"],
                stamp="中国示范医院",
                seed=f"{self.cast.province.code}-{number}",
            )
        )
        return path

    def open_first(self, page: Page) -> None:
        page.goto("/inbox/")
        page.get_by_role("link", name=self.cast.practitioner.name).first.click()
        page.wait_for_url("**/inbox/*/**")
        page.wait_for_load_state("networkidle")
        expect(page.locator("#side")).to_contain_text("重症医学专科护士进修")

    def approve(self, body: str) -> None:
        page = self.officer(body)
        self.open_first(page)
        page.get_by_role("button", name="通过 A", exact=True).click()
        expect(page.locator("#inbox")).to_contain_text("已通过 1 条")
        self.work()

    def send_back(self, body: str, reason: str) -> None:
        page = self.officer(body)
        self.open_first(page)
        page.locator("#decision textarea[name=reason]").fill(reason)
        page.get_by_role("button", name="退回补正 R").click()
        expect(page.locator("#inbox")).to_contain_text("已退回补正 1 条")
        self.work()

    def climb(self, *bodies: str) -> None:
        """Every body of the route approves in turn, and nobody beside them is asked."""
        for body in bodies:
            with entered(self.cast.province.pk):
                assert Approval.objects.get().holder == self.cast.bodies[body]
            self.approve(body)
        with entered(self.cast.province.pk):
            assert Approval.objects.get().state == "approved"

    def certify(self) -> str:
        """The province issues the year's certificate; answers its number."""
        page = self.officer("province", Role.CERTIFIER)
        page.goto(f"/certificates/issue/?year={self.year}")
        page.get_by_role("button", name="签发选中人员的证书").click()
        page.get_by_role("button", name="确认签发 1 份").click()
        page.wait_for_url("**/certificates/runs/*/")
        self.work()
        page.reload()
        return page.locator("a[href^='/certificates/']", has_text=self.cast.province.letters).first.inner_text()

    def download(self, page: Page) -> Path:
        """The practitioner's own certificate as a file."""
        page.goto("/my/certificates/")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="下载").first.click()
        path = self.folder / "certificate.pdf"
        downloading.value.save_as(path)
        return path


def deliver_everything() -> None:
    """Three looks, because what is delivered causes more: an inspection asks for checks, checks may grant."""
    try:
        for _ in range(3):
            outbox.deliver_due(at=timezone.now() + timedelta(seconds=1))
    finally:
        connection.close()
