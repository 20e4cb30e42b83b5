"""The scripts that shorten ways: uploading several files, reviewing by keyboard."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

LIMIT = 2 * 1024 * 1024  # of scripts_page
pytestmark = pytest.mark.urls("tests.browser.scripts_page")


def photograph(name: str, edge: int = 4000) -> FilePayload:
    """A large JPEG that does not compress well, as a telephone makes it."""
    noise = random.Random(7).randbytes((edge // 16) ** 2)  # noqa: S311 - a picture of nothing
    picture = Image.frombytes("L", (edge // 16, edge // 16), noise).resize((edge, edge))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=95)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def document(name: str, size: int = 2000) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-" + b"x" * size}


def test_several_files_are_sent_and_listed(page: Page) -> None:
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files([document("通知.pdf"), document("名单.pdf"), document("坏.exe")])
    rows = page.locator("#given-notice li")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("不是图片或 PDF")
    expect(rows.nth(0).get_by_role("link")).to_have_text("通知.pdf")
    page.get_by_role("button", name="移除 名单.pdf").click()
    expect(rows).to_have_count(2)


def test_photographs_are_made_smaller_on_the_way(page: Page) -> None:
    photo = photograph("签到.jpg")
    assert len(photo["buffer"]) > LIMIT
    page.goto("/upload/")
    with page.expect_request("**/one-file/") as sent:
        page.get_by_label("相册或文件").set_input_files(photo)
    expect(page.get_by_role("link", name="签到.jpg")).to_be_visible()
    assert len(sent.value.post_data_buffer or b"") < LIMIT


def test_a_photograph_removed_while_it_is_made_ready_is_not_sent(page: Page) -> None:
    page.add_init_script(
        """const make = window.createImageBitmap;
        window.createImageBitmap = (file) => new Promise((done) => { window.goOn = () => done(make(file)); });"""
    )
    page.goto("/upload/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path))
    page.get_by_label("相册或文件").set_input_files([photograph("错的.jpg"), document("通知.pdf")])
    expect(page.get_by_text("正在准备")).to_have_count(2)
    page.get_by_role("button", name="移除 错的.jpg").click()
    page.evaluate("goOn()")
    expect(page.get_by_role("link", name="通知.pdf")).to_be_visible()
    assert sent.count("/one-file/") == 1


def test_a_broken_line_offers_to_try_again(page: Page) -> None:
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files(document("fail.pdf"))
    expect(page.locator("#given-notice li")).to_contain_text("没有上传成功")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("link", name="fail.pdf")).to_be_visible()


def test_a_file_over_the_limit_is_not_sent(page: Page) -> None:
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files(document("大.pdf", size=LIMIT + 1))
    expect(page.locator("#given-notice li")).to_contain_text("超过 2.0 MB")


def test_a_refusal_stays_in_the_page_and_says_why(page: Page, provoked: set[str]) -> None:
    provoked.add("Response Status Error Code 403 from /refuse/")
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files(document("kept.pdf"))
    kept = page.get_by_role("link", name="kept.pdf")
    expect(kept).to_be_visible()
    page.get_by_role("button", name="移除 kept.pdf").click()
    expect(page.locator("#messages")).to_have_text("依据同一份材料，不能移除。")
    expect(kept).to_be_visible()


class SlowLine:
    """Every file of a page stays on its way until the test lets it go on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.under_way: list[Route] = []
        page.route("**/one-file/", lambda route: self.under_way.append(route))  # noqa: PLW0108 - must be a function

    def let_one_go_on(self) -> None:
        while not self.under_way:
            self.page.wait_for_timeout(20)
        self.under_way.pop().continue_()


def test_a_form_waits_for_its_files(page: Page) -> None:
    line = SlowLine(page)
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files([document("通知.pdf"), document("名单.pdf")])
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#messages")).to_contain_text("正在上传材料，完成后自动提交")
    line.let_one_go_on()
    expect(page.get_by_role("link", name="通知.pdf")).to_be_visible()
    expect(page.get_by_role("button", name="正在上传")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/upload/")):
        line.let_one_go_on()


def test_a_form_is_not_sent_when_a_file_does_not_arrive(page: Page) -> None:
    line = SlowLine(page)
    page.goto("/upload/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path))
    page.get_by_label("相册或文件").set_input_files(document("fail.pdf"))
    page.get_by_role("button", name="提交").click()
    line.let_one_go_on()
    expect(page.locator("#messages")).to_contain_text("没有上传成功，表格没有提交")
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    page.get_by_role("button", name="重试").click()
    line.let_one_go_on()
    expect(page.get_by_role("link", name="fail.pdf")).to_be_visible()
    assert "/upload/" not in sent


def test_a_form_that_was_replaced_meanwhile_is_told_to_be_unsent(page: Page) -> None:
    line = SlowLine(page)
    page.goto("/upload/")
    page.get_by_label("相册或文件").set_input_files(document("通知.pdf"))
    page.get_by_role("button", name="提交").click()
    page.evaluate("const form = document.querySelector('main form'); form.replaceWith(form.cloneNode(true));")
    line.let_one_go_on()
    expect(page.locator("#messages")).to_contain_text("页面内容已更新，表格没有提交")


def test_without_scripts_the_files_travel_with_the_form(open_window: Callable[..., Page]) -> None:
    page = open_window(scripts=False)
    page.goto("/upload/")
    page.locator("#id_files-notice").set_input_files([document("a.pdf"), document("b.pdf")])
    page.get_by_role("button", name="提交").click()
    assert "a.pdf、b.pdf" in page.content()


def test_selecting_sums_what_may_be_approved_together(page: Page) -> None:
    page.goto("/review/")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    page.get_by_label("全选").check()
    expect(bar).to_contain_text("2 条 11.4 学分")
    page.get_by_label("选择 陈立").check()
    expect(bar).to_contain_text("另有 1 条核验未全部通过，不参与批量")
    page.get_by_role("button", name="取消").click()
    expect(bar).to_be_hidden()


def test_keys_move_select_and_decide(page: Page) -> None:
    page.goto("/review/")
    shown = page.locator("#side h2")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="陈立")).to_be_focused()
    expect(shown).to_have_text("陈立")
    page.keyboard.press("k")
    expect(shown).to_have_text("王思远")
    page.keyboard.press(" ")
    expect(page.get_by_label("选择 王思远")).to_be_checked()
    page.keyboard.press("r")
    reason = page.get_by_label("意见")
    expect(reason).to_be_focused()
    page.keyboard.type("rax 请补充")
    expect(reason).to_have_value("rax 请补充")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="王思远")).to_be_focused()
    reason.fill("")
    page.locator("h1").click()  # what cannot be focused: the keys go on
    page.keyboard.press("r")
    page.keyboard.type("请补充")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog", name="退回")).to_be_visible()
    page.keyboard.press("j")
    expect(shown).to_have_text("王思远")


def test_nothing_is_decided_while_another_claim_is_on_its_way(page: Page) -> None:
    """What one would decide on is not what one sees; keys pressed fast go on from the row asked for."""
    under_way: list[Route] = []
    page.route("**/review/*/", lambda route: under_way.append(route))  # noqa: PLW0108 - must be a function
    page.goto("/review/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="赵一鸣")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="通过")).to_be_hidden()
    expect(page.locator("#queue tr.cur")).to_contain_text("王思远")
    while len(under_way) < 2:
        page.wait_for_timeout(20)
    under_way.pop().continue_()
    expect(page.locator("#queue tr.cur")).to_contain_text("赵一鸣")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="通过")).to_be_visible()


def test_keys_are_quiet_elsewhere_and_can_be_switched_off(page: Page) -> None:
    page.goto("/review/")
    page.get_by_label("搜索").press("a")
    page.locator(".top a").first.press("a")
    expect(page.get_by_role("dialog", name="通过")).to_be_hidden()
    page.get_by_role("link", name="王思远").focus()
    page.keyboard.press("?")
    page.get_by_label("启用").press("a")
    expect(page.get_by_role("dialog", name="通过")).to_be_hidden()
    page.get_by_label("启用").uncheck()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="通过")).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_hidden()


def test_the_scripts_name_nothing_newer_than_chromium_88() -> None:
    folder = Path(__file__).parent.parent.parent / "static"
    code = "".join(path.read_text(encoding="utf-8") for path in (folder / "js").glob("*.js"))
    newer = (".at(", "structuredClone", "Object.hasOwn", "randomUUID", "findLast", ".replaceAll(")
    assert [name for name in newer if name in code.replace("document.replaceAll", "")] == []
    sheets = "".join(path.read_text(encoding="utf-8") for path in (folder / "css").glob("*.css"))
    style = ("color-mix(", "oklch(", ":has(", "@layer ", "@container", "inset-inline", "subgrid", "dvh")
    assert [name for name in style if name in sheets] == []
