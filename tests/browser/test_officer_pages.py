"""The officers' pages in a real browser: readable by everybody, reviewed by keyboard, complete without scripts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cme_portal.foundation.tenancy import entered
from institutions import approvals
from institutions.enums import Role, Verdict
from institutions.models import Approval
from tests.browser.checks import check_page
from tests.browser.walk import deliver_everything
from tests.cast import NOW, Cast
from tests.institutions.conftest import declared, passed
from tests.province_in_use import earn

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[..., None]
OpenWindow = Callable[..., Page]


@pytest.fixture
def reviewer(page: Page, cast: Cast, sign_in: SignIn) -> Page:
    sign_in(page, cast.officer("hospital").user)
    return page


def holder(approval: Approval) -> str:
    with entered(approval.province_id):
        current = Approval.objects.select_related("holder").get(pk=approval.pk)
        return current.holder.name if current.holder else current.state


def test_the_inbox_is_accessible_at_every_size(reviewer: Page, cast: Cast) -> None:
    first = declared(cast)
    passed(cast, cast.colleague)
    check_page(reviewer, "/inbox/")
    check_page(reviewer, f"/inbox/approve/?selected={first.pk}")
    check_page(reviewer, "/inbox/?q=nobody")


def test_pages_about_people_posts_and_the_journal_are_accessible(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(page, cast.officer("hospital", Role.ADMINISTRATOR).user)
    person = f"/people/{cast.practitioner.pk}/"
    pages = (
        "/people/",
        person,
        f"{person}account/edit/",
        "/people/new/",
        "/people/new/?q=人民",
        "/posts/",
        "/posts/new/",
    )
    for address in pages:
        check_page(page, address)
    sign_in(page, cast.officer("hospital", Role.AUDITOR).user)
    check_page(page, "/journal/")
    check_page(page, "/notifications/")


def test_certificates_are_chosen_looked_at_and_then_issued(page: Page, cast: Cast, sign_in: SignIn) -> None:
    with entered(cast.province.pk):
        for practitioner in (cast.practitioner, cast.colleague):
            earn(practitioner, "30")
    sign_in(page, cast.officer("city", Role.CERTIFIER).user)
    check_page(page, "/certificates/issue/?year=2026")
    check_page(page, "/certificates/issue/confirm/?year=2026&everybody=1")
    page.goto("/certificates/issue/?year=2026")
    further = page.get_by_role("button", name="签发选中人员的证书")
    page.get_by_label("全选本页").uncheck()
    expect(further).to_be_disabled()
    page.get_by_label("全选本页").check()
    page.get_by_label("选择赵一鸣").uncheck()
    expect(page.locator("[data-count]")).to_have_text("1")
    further.click()
    expect(page.locator("h1")).to_have_text("确认签发 1 份 2026 年度学分证书")
    page.get_by_role("button", name="确认签发 1 份").click()
    expect(page.locator("#job")).to_contain_text("已编号 1 份，其中 0 份制作和签名完成，1 份制证中")
    with ThreadPoolExecutor(1) as worker:  # signing needs an event loop of its own
        worker.submit(deliver_everything).result()
    expect(page.locator("#job")).to_contain_text("1 份证书全部制作和签名完成")
    expect(page.locator("#made")).to_contain_text("有效")


def test_the_landing_page_is_accessible(page: Page) -> None:
    check_page(page, "/")


def test_the_keys_go_on_beyond_the_page(reviewer: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("institutions.inbox.PAGE_ROWS", 1)
    passed(cast)
    passed(cast, cast.colleague)
    reviewer.goto("/inbox/")
    row = reviewer.locator("#queue [data-row-link]")
    row.focus()
    for key, name in (("j", "赵一鸣"), ("j", "赵一鸣"), ("k", "王思远"), ("k", "王思远")):
        reviewer.keyboard.press(key)
        expect(row).to_have_text(name)
        expect(reviewer.locator("#side-title")).to_contain_text(name)
        expect(reviewer.locator("#side-title")).to_be_focused()


def test_a_key_that_is_held_down_decides_once(reviewer: Page, cast: Cast) -> None:
    for person in (cast.practitioner, cast.colleague, cast.hire("周慧敏", number=3)):
        passed(cast, person)
    reviewer.goto("/inbox/")
    expect(reviewer.locator("#side-title")).to_contain_text("王思远")
    reviewer.keyboard.down("a")
    expect(reviewer.locator("#side-title")).to_contain_text("赵一鸣")
    reviewer.keyboard.down("a")  # what the keyboard sends again while the key is held
    reviewer.keyboard.up("a")
    reviewer.wait_for_load_state("networkidle")
    expect(reviewer.locator("#queue tr[data-row]")).to_have_count(2)


def test_a_page_that_does_not_come_is_no_longer_waited_for(
    reviewer: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch, provoked: set[str]
) -> None:
    provoked.add("Response Status Error Code 503 from ?page=2")
    monkeypatch.setattr("institutions.inbox.PAGE_ROWS", 1)
    passed(cast)
    passed(cast, cast.colleague)
    reviewer.goto("/inbox/")
    row = reviewer.locator("#queue [data-row-link]")
    reviewer.route("**/inbox/?*page=2*", lambda route: route.fulfill(status=503), times=1)
    row.focus()
    reviewer.keyboard.press("j")
    expect(reviewer.locator("#messages")).to_contain_text("服务器没有完成")
    opened: list[str] = []
    reviewer.on("request", lambda request: opened.append(urlsplit(request.url).path))
    reviewer.get_by_role("link", name="下一页").click()
    expect(row).to_have_text("赵一鸣")
    reviewer.wait_for_load_state("networkidle")
    assert [path for path in opened if path.startswith("/inbox/")] == ["/inbox/"], "the page, and no claim by itself"


def test_the_keys_find_an_emptied_list(reviewer: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("institutions.inbox.PAGE_ROWS", 1)
    passed(cast)
    passed(cast, cast.colleague)
    reviewer.goto("/inbox/")
    reviewer.locator("#queue [data-row-link]").focus()
    with entered(cast.province.pk):
        Approval.objects.update(state="approved", holder=None, closed_at=NOW, promised_on=None)
    reviewer.keyboard.press("j")
    expect(reviewer.locator("#inbox")).to_contain_text("没有等待审核的申报")
    reviewer.wait_for_load_state("networkidle")  # the script has been told of the new list


def test_the_marked_row_is_the_one_whose_claim_is_shown(reviewer: Page, cast: Cast) -> None:
    """However the claim came into the panel: by its name, its row, a key, a decision, or the way back."""
    for person in (cast.practitioner, cast.colleague, cast.hire("周慧敏", number=3)):
        passed(cast, person)
    reviewer.goto("/inbox/")
    marked = reviewer.locator("#queue tr.cur[aria-current=true]")

    def expect_shown(name: str) -> None:
        expect(reviewer.locator("#side-title")).to_contain_text(name)
        expect(marked).to_have_count(1)
        expect(marked).to_contain_text(name)

    expect_shown("王思远")
    reviewer.keyboard.press("j")
    expect_shown("赵一鸣")
    reviewer.get_by_role("link", name="周慧敏").click()
    expect_shown("周慧敏")
    reviewer.locator("#queue tr", has_text="王思远").get_by_text("25.0").click()
    expect_shown("王思远")
    reviewer.go_back()
    expect_shown("周慧敏")
    reviewer.keyboard.press("a")
    expect_shown("赵一鸣")
    reviewer.get_by_label("选择 王思远").check()
    reviewer.wait_for_load_state("networkidle")
    expect_shown("赵一鸣")


def test_the_keys_go_on_after_the_help_was_read(reviewer: Page, cast: Cast) -> None:
    passed(cast)
    passed(cast, cast.colleague)
    reviewer.goto("/inbox/")
    reviewer.get_by_role("button", name="快捷键").click()
    help_text = reviewer.get_by_role("dialog", name="键盘快捷键")
    box = help_text.bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] / 2 - 450) <= 1, "in the middle of the window"
    reviewer.keyboard.press("j")
    help_text.get_by_role("button", name="关闭").click()
    expect(reviewer.locator("#side-title")).to_contain_text("王思远")
    reviewer.keyboard.press("j")
    expect(reviewer.locator("#side-title")).to_contain_text("赵一鸣")


def test_on_a_phone_the_claim_that_was_tapped_begins_at_the_top(
    open_window: OpenWindow, cast: Cast, sign_in: SignIn
) -> None:
    for person in (cast.practitioner, cast.colleague, cast.hire("周慧敏", number=3)):
        passed(cast, person)
    page = open_window(width=390)
    sign_in(page, cast.officer("hospital").user)
    page.goto("/inbox/")
    page.get_by_role("link", name="赵一鸣").click()
    expect(page.locator("#side-title")).to_contain_text("赵一鸣")
    expect(page.locator("#side-title")).to_be_focused()
    top = page.locator("#side").evaluate("side => side.getBoundingClientRect().top")
    assert 0 <= top <= 20


def test_review_by_keyboard(reviewer: Page, cast: Cast) -> None:
    """J and K move, A approves and goes on, Z takes back, R asks for a reason first."""
    first, second, third = (
        passed(cast),
        passed(cast, cast.colleague),
        declared(cast, cast.hire("周慧敏", number=3)),
    )
    reviewer.goto("/inbox/")
    side = reviewer.locator("#side")
    count = reviewer.locator("#navigation .cnt")
    expect(side).to_contain_text("王思远")
    expect(count).to_have_text("3")
    reviewer.locator("#queue [data-row-link]").first.focus()
    reviewer.keyboard.press("j")
    expect(side).to_contain_text("赵一鸣")
    reviewer.keyboard.press("k")
    expect(side).to_contain_text("王思远")
    reviewer.wait_for_load_state("networkidle")

    reviewer.keyboard.press("a")
    expect(reviewer.locator("#inbox")).to_contain_text("已通过 1 条")
    expect(side).to_contain_text("赵一鸣")
    expect(count).to_have_text("2")
    assert holder(first) == cast.bodies["county"].name
    reviewer.keyboard.press("z")
    expect(reviewer.locator("#messages")).to_contain_text("已撤销 1 条")
    expect(side).to_contain_text("王思远")
    expect(count).to_have_text("3")
    assert holder(first) == cast.bodies["hospital"].name

    reviewer.keyboard.press("r")
    expect(side.locator("textarea[name=reason]")).to_be_focused()
    reviewer.keyboard.type("r 不是快捷键")
    assert holder(first) == cast.bodies["hospital"].name
    reviewer.keyboard.press("Control+Enter")
    expect(reviewer.locator("#inbox")).to_contain_text("已退回补正 1 条")
    assert holder(first) == "returned"
    assert [holder(second), holder(third)] == [cast.bodies["hospital"].name] * 2


@pytest.mark.parametrize(("width", "said_at"), [(1280, "#undo"), (390, "#side [data-done]")])
def test_what_was_decided_is_seen_beside_the_claim_that_follows(
    open_window: OpenWindow, cast: Cast, sign_in: SignIn, width: int, said_at: str
) -> None:
    """However far down the page the reason was written, and whether the button or the keys decide."""
    for person in (cast.practitioner, cast.colleague, cast.hire("周慧敏", number=3)):
        declared(cast, person)
    page = open_window(width=width)
    sign_in(page, cast.officer("hospital").user)
    page.goto("/inbox/")
    reason, title, said = page.locator("textarea[name=reason]"), page.locator("#side-title"), page.locator(said_at)

    def expect_seen(done: str) -> None:
        expect(said).to_contain_text(done)
        expect(said).to_be_in_viewport()
        expect(title).to_be_focused()
        expect(title).to_be_in_viewport()

    reason.fill("缺少盖章页")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="退回补正").click()
    expect_seen("已退回补正 1 条")
    page.keyboard.press("x")
    page.keyboard.type("不属于本人")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.keyboard.press("Control+Enter")
    expect_seen("已判定不通过 1 条")


def test_a_filter_is_kept_opened_and_discarded_where_one_looks(reviewer: Page, cast: Cast) -> None:
    """The focus stays with the filters; the open row does not draw it away."""
    passed(cast)
    declared(cast, cast.colleague)
    reviewer.goto("/inbox/")
    chip = reviewer.get_by_role("link", name="需人工判断")
    chip.click()
    reviewer.wait_for_url("**/inbox/?checks=attention")
    expect(chip).to_be_focused()
    reviewer.get_by_text("保存当前筛选").click()
    reviewer.get_by_label("筛选名称").fill("逐条看")
    reviewer.get_by_role("button", name="保存").click()
    expect(reviewer.locator("#messages")).to_contain_text("已保存常用筛选“逐条看”。")
    expect(reviewer.get_by_text("保存当前筛选")).to_have_count(0)
    reviewer.goto("/inbox/")
    reviewer.get_by_role("link", name="逐条看").click()
    expect(reviewer.locator("#queue")).not_to_contain_text("王思远")
    reviewer.get_by_role("button", name="删除保存的筛选“逐条看”").click()
    expect(reviewer.get_by_role("link", name="逐条看")).to_have_count(0)
    expect(reviewer.locator("#queue")).not_to_contain_text("王思远")


def test_selecting_shows_the_sum_and_leaves_out_what_needs_a_person(reviewer: Page, cast: Cast) -> None:
    one, flagged = passed(cast), declared(cast, cast.colleague)
    reviewer.goto("/inbox/")
    for row in reviewer.locator("#queue input[name=selected]").all():
        row.check()
    bar = reviewer.locator("#bulk")
    expect(bar).to_contain_text("已选 1 条，合计 25.0 学分")
    expect(bar).to_contain_text("另有 1 条核验未全部通过，不参与批量")
    reviewer.get_by_role("button", name="批量通过所选").click()
    expect(reviewer.locator("main")).to_contain_text("将通过 1 条，合计 25.0 学分")
    expect(reviewer.locator("main")).to_contain_text("不参与批量 1 条")
    reviewer.get_by_role("button", name="确认通过 1 条").click()
    expect(reviewer.locator("#inbox")).to_contain_text("已通过 1 条")
    assert holder(one) == cast.bodies["county"].name
    assert holder(flagged) == cast.bodies["hospital"].name


def test_a_colleague_was_faster(reviewer: Page, cast: Cast) -> None:
    """The page says who did what, keeps the words, and offers nothing that would not work."""
    approval = declared(cast)
    reviewer.goto(f"/inbox/{approval.pk}/")
    with entered(cast.province.pk):
        approvals.decide(
            actor=cast.officer("hospital"),
            approval_id=approval.pk,
            verdict=Verdict.APPROVE,
            version=approval.version,
            at=NOW,
        )
    reviewer.locator("textarea[name=reason]").fill("请补充盖章页")
    reviewer.get_by_role("button", name="退回补正").click()
    expect(reviewer.locator("#side")).to_contain_text("您的操作未生效")
    expect(reviewer.locator("#side")).to_contain_text("请补充盖章页")
    expect(reviewer.locator("#side [name=verdict]")).to_have_count(0)
    assert holder(approval) == cast.bodies["county"].name


def test_everything_without_scripts(open_window: OpenWindow, cast: Cast, sign_in: SignIn) -> None:
    approval = declared(cast)
    page = open_window(width=390, scripts=False)
    sign_in(page, cast.officer("hospital").user)
    page.goto("/inbox/?checks=attention")
    page.get_by_role("link", name="王思远").click()
    page.wait_for_url(f"**/inbox/{approval.pk}/?checks=attention#side")
    page.get_by_role("button", name="不通过").click()
    expect(page.locator(".errsum")).to_contain_text("请填写不通过的理由")
    page.locator("select[name=common]").select_option(index=1)
    page.get_by_role("button", name="不通过").click()
    expect(page.locator("#inbox")).to_contain_text("已判定不通过 1 条")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#messages")).to_contain_text("已撤销 1 条")
    assert holder(approval) == cast.bodies["hospital"].name
