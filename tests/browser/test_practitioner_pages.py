"""The practitioner's pages in a real browser: readable by everybody, alive with scripts, complete without them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cme_portal.foundation.tenancy import entered
from credits import claims, evidence
from credits.models import Claim, ClaimState
from tests.browser.checks import check_page
from tests.cast import NOW, Cast
from tests.credits.documents import jpeg
from tests.credits.year import Lived, live, submit

SignIn = Callable[..., None]


@pytest.fixture
def lived(cast: Cast) -> Lived:
    return live(cast)


@pytest.fixture
def own(page: Page, cast: Cast, sign_in: SignIn) -> Page:
    sign_in(page, cast.practitioner.user)
    return page


def begin(cast: Cast, code: str) -> Claim:
    with entered(cast.province.pk):
        return claims.start(actor=cast.person, code=code, year=2026, at=NOW)


def form_of(claim: Claim) -> str:
    return reverse("claim-edit", args=[claim.pk])


def test_home_and_lists_are_accessible_at_every_size(own: Page, lived: Lived) -> None:
    for address in (
        reverse("practitioner-home"),
        reverse("claims"),
        reverse("claim-new"),
        reverse("statement", args=[2026]),
    ):
        check_page(own, address)


def test_the_page_of_a_claim_is_accessible_at_every_size(own: Page, lived: Lived) -> None:
    check_page(own, lived.waiting.get_absolute_url())
    check_page(own, reverse("claim-withdraw", args=[lived.waiting.pk]))


def test_the_form_is_accessible_at_every_size(own: Page, lived: Lived) -> None:
    check_page(own, form_of(lived.returned))


def test_a_statement_is_printed_with_its_entries_and_without_the_portal_around_them(own: Page, lived: Lived) -> None:
    own.goto(reverse("statement", args=[2026]))
    entries, navigation = own.locator(".stline"), own.get_by_role("navigation", name="主导航")
    expect(navigation).to_be_visible()
    own.evaluate("() => { window.print = () => { document.title = '打印'; }; }")
    own.get_by_role("button", name="打印").click()
    expect(own).to_have_title("打印")

    own.emulate_media(media="print")
    expect(own.get_by_role("heading", name="2026 年度学分对账单")).to_be_visible()
    expect(navigation).to_be_hidden()
    expect(own.get_by_role("contentinfo")).to_be_hidden()
    expect(own.get_by_role("button", name="打印")).to_be_hidden()
    assert entries.count()
    for entry in entries.all():
        expect(entry).to_be_visible()


def test_credits_appear_while_the_facts_are_typed_and_the_draft_saves_itself(own: Page, cast: Cast) -> None:
    claim = begin(cast, "practice")
    own.goto(form_of(claim))
    own.get_by_label("活动名称").fill("卒中实训")
    own.get_by_label("开始日期").fill("2026-03-02")
    own.get_by_label("结束日期").fill("2026-03-06")
    own.get_by_label("小时数").fill("30")
    expect(own.locator("#preview .total")).to_contain_text("5.0")
    own.get_by_label("主讲人").check()
    expect(own.locator("#preview .total")).to_contain_text("10.0")
    expect(own.locator("#draft-state")).to_contain_text(re.compile(r"草稿已于 \d\d:\d\d 保存"))
    own.reload()
    expect(own.get_by_label("小时数")).to_have_value("30")
    expect(own.get_by_label("主讲人")).to_be_checked()


def test_the_bar_of_a_phone_promises_what_the_year_gains(
    open_window: Callable[..., Page], sign_in: SignIn, cast: Cast
) -> None:
    with entered(cast.province.pk):
        spring = {"start": date(2026, 3, 1), "end": date(2026, 6, 30), "hours": Decimal(500)}
        submit(cast, "study_leave", "春季进修", item="study", **spring)
    page = open_window(width=320)
    sign_in(page, cast.practitioner.user)
    page.goto(form_of(begin(cast, "study_leave")))
    page.get_by_label("开始日期").fill("2026-07-01")
    page.get_by_label("结束日期").fill("2026-09-30")
    page.get_by_label("小时数").fill("400")
    bar = page.locator("#preview-short")
    expect(bar).to_contain_text("预计全年增加")
    expect(bar).to_contain_text("0.0 学分")
    expect(bar).to_contain_text("同类记录重新分摊")
    expect(page.locator("#preview .total")).to_contain_text("0.0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_kind_and_the_item_change_the_questions_in_place(own: Page, cast: Cast) -> None:
    claim = begin(cast, "practice")
    own.goto(form_of(claim))
    own.get_by_label("活动名称").fill("论文一篇")
    own.get_by_label("有计划的自学").check()
    own.get_by_label("具体类型").select_option("paper")
    own.get_by_label("期刊类别").select_option("core")
    own.get_by_label("本人排名").fill("2")
    own.get_by_label("日期").fill("2026-05-01")
    expect(own.locator("#preview .total")).to_contain_text("3.0")
    expect(own.get_by_text("论文全文及刊物封面、目录").first).to_be_visible()
    expect(own.get_by_label("论文题目")).to_have_value("论文一篇")
    expect(own.get_by_label("刊物名称")).to_be_visible()


def test_styles_that_a_browser_left_on_fields_are_not_written_anew(own: Page, cast: Cast) -> None:
    """Autofill and extensions leave style="" behind; htmx would copy it, against the policy, and the console complain."""
    own.goto(form_of(begin(cast, "practice")))
    own.evaluate(
        "for (const one of document.querySelectorAll('input')) { one.style.color = 'red'; one.style.color = ''; }"
    )
    own.get_by_label("主讲人").check()
    own.get_by_label("有计划的自学").check()
    expect(own.get_by_label("自学内容")).to_be_visible()


def test_what_is_typed_while_the_questions_change_stays(own: Page, cast: Cast) -> None:
    claim = begin(cast, "project_other_province")
    own.goto(form_of(claim))
    own.get_by_label("主讲人").check()
    own.get_by_label("远程").check()
    own.get_by_label("项目编号").press_sequentially("2026-01-001", delay=60)
    own.wait_for_load_state("networkidle")
    expect(own.get_by_label("项目编号")).to_have_value("2026-01-001")
    expect(own.get_by_label("主讲人")).to_be_checked()
    expect(own.get_by_label("远程")).to_be_checked()


def test_a_stay_over_new_year_asks_for_each_year(own: Page, cast: Cast) -> None:
    claim = begin(cast, "study_leave")
    own.goto(form_of(claim))
    own.get_by_label("开始日期").fill("2025-12-01")
    own.get_by_label("结束日期").fill("2026-01-31")
    own.get_by_label("结束日期").blur()
    own.get_by_label("2025 年内的小时数").fill("48")
    own.get_by_label("2026 年内的小时数").fill("36")
    expect(own.locator("#preview .total")).to_contain_text("14.0")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_claim_from_choice_to_review(
    open_window: Callable[..., Page],
    sign_in: SignIn,
    cast: Cast,
    scripts: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    page = open_window(scripts=scripts, width=390)
    sign_in(page, cast.practitioner.user)
    page.goto(reverse("claim-new"))
    page.get_by_role("button", name="有组织的实践活动").click()
    page.get_by_label("活动名称").fill("卒中实训")
    page.get_by_label("开始日期").fill("2026-03-02")
    page.get_by_label("小时数").fill("12")
    page.locator("[id='id_files-attendance']").set_input_files(
        {"name": "考勤.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    if scripts:
        expect(page.locator("#given-attendance")).to_contain_text("考勤.jpg")
    page.locator(".mobbar").get_by_role("button", name="提交审核").click()
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_label("活动名称")).to_have_value("卒中实训")
    if scripts:
        expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_label("本人确认").check()
    page.locator(".mobbar").get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("您现在不需要做任何事").first).to_be_visible()
    with entered(cast.province.pk):
        assert Claim.objects.get().state == ClaimState.WAITING


def test_a_document_is_photographed_on_the_spot(own: Page, cast: Cast) -> None:
    own.goto(form_of(begin(cast, "practice")))
    camera = own.get_by_label("拍照：考勤记录")
    expect(camera).to_have_attribute("accept", "image/*")
    expect(camera).to_have_attribute("capture", "environment")
    camera.set_input_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(own.locator("#given-attendance")).to_contain_text("正在检查，不影响提交")


def test_a_refused_file_is_put_away_and_a_kept_one_removed(own: Page, cast: Cast) -> None:
    own.goto(form_of(begin(cast, "practice")))
    files, chooser = own.locator("#given-attendance li"), own.locator("[id='id_files-attendance']")
    chooser.set_input_files({"name": "假.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture at all"})
    expect(files).to_contain_text("不支持这种文件")
    chooser.set_input_files({"name": "考勤.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(files.last).to_contain_text("正在检查，不影响提交")
    own.get_by_role("button", name="移除 假.jpg").click()
    own.get_by_role("button", name="移除 考勤.jpg").click()
    expect(files).to_have_count(0)


def test_a_document_that_was_missing_is_asked_for_no_longer_once_it_is_there(own: Page, cast: Cast) -> None:
    own.goto(form_of(begin(cast, "practice")))
    own.get_by_label("活动名称").fill("卒中实训")
    own.get_by_label("开始日期").fill("2026-03-02")
    own.get_by_label("小时数").fill("12")
    submit = own.get_by_role("button", name="提交审核").first
    submit.click()
    summary, missing = own.locator("#error-summary"), own.locator("[id='id_files-attendance_error']")
    expect(summary).to_contain_text("有 2 处需要更正")
    expect(missing).to_contain_text("请上传“")
    chooser = own.locator("[id='id_files-attendance']")
    chooser.set_input_files({"name": "假.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture at all"})
    expect(own.locator("#given-attendance")).to_contain_text("不支持这种文件")
    expect(missing).to_be_visible()
    chooser.set_input_files({"name": "考勤.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(missing).to_have_count(0)
    expect(own.locator(".evid.g-err")).to_have_count(0)
    expect(chooser).not_to_have_attribute("aria-invalid", "true")
    expect(summary).to_contain_text("有 1 处需要更正")
    expect(summary).not_to_contain_text("请上传")


def test_a_document_used_before_is_pointed_out_as_soon_as_it_is_uploaded(own: Page, cast: Cast) -> None:
    content = jpeg()
    with entered(cast.province.pk):
        earlier = claims.start(actor=cast.person, code="practice", year=2026, at=NOW)
        evidence.upload(
            actor=cast.person,
            claim_id=earlier.pk,
            item="attendance",
            content=io.BytesIO(content),
            name="签到.jpg",
            at=NOW,
        )
        values = {"start": date(2026, 3, 2), "hours": Decimal(6), "role": "attendee"}
        claims.submit(actor=cast.person, claim_id=earlier.pk, facts=claims.Facts("卒中实训", "", values), at=NOW)
    own.goto(form_of(begin(cast, "practice")))
    expect(own.locator("#preview .note.warn")).to_have_count(0)
    own.locator("[id='id_files-attendance']").set_input_files(
        {"name": "签到表.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    warning = own.locator("#preview .note.warn")
    expect(warning).to_contain_text("已申报的“卒中实训”用过相同的证明材料")
    expect(warning.get_by_role("link", name="查看该申报")).to_have_attribute("href", earlier.get_absolute_url())
    own.get_by_role("button", name="移除 签到表.jpg").click()
    expect(warning).to_have_count(0)


def test_the_summary_goes_with_the_last_error(own: Page, cast: Cast) -> None:
    own.goto(form_of(begin(cast, "practice")))
    own.get_by_label("活动名称").fill("卒中实训")
    own.get_by_label("开始日期").fill("2026-03-02")
    own.get_by_label("小时数").fill("12")
    own.get_by_label("本人确认").check()
    own.get_by_role("button", name="提交审核").first.click()
    expect(own.locator("#error-summary")).to_contain_text("有 1 处需要更正")
    own.locator("[id='id_files-attendance']").set_input_files(
        {"name": "考勤.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    expect(own.locator("#error-summary")).to_have_count(0)
    expect(own).not_to_have_title(re.compile("错误："))


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_wrong_with_an_answer_goes_when_the_answer_is_put_right(
    open_window: Callable[..., Page], sign_in: SignIn, cast: Cast, width: int
) -> None:
    page = open_window(width=width)
    sign_in(page, cast.practitioner.user)
    page.goto(form_of(begin(cast, "study_leave")))
    submit = page.locator("form#claim-form button[value=submit]").locator("visible=true").first
    submit.click()
    summary, title = page.locator("#error-summary"), page.locator("#id_activity_name")
    expect(page.locator("#id_activity_name_error")).to_be_visible()
    told = summary.locator("li")
    before = told.count()
    title.fill("心内科进修")
    title.blur()
    expect(page.locator("#id_activity_name_error")).to_have_count(0)
    expect(title).not_to_have_class(re.compile("is-invalid"))
    expect(title).not_to_have_attribute("aria-invalid", "true")
    expect(title).to_have_attribute("aria-describedby", "id_activity_name_helptext")
    expect(summary.get_by_role("heading")).to_have_text(f"有 {before - 1} 处需要更正")
    # Dates ask other questions: what is wrong is said of these, and every line leads somewhere.
    page.get_by_label("开始日期").fill("2025-12-01")
    page.get_by_label("结束日期").fill("2026-01-31")
    page.get_by_label("结束日期").blur()
    expect(page.locator("#id_hours_2025_error")).to_be_visible()
    summary.get_by_role("link", name="2025 年内的小时数").click()
    expect(page.locator("#id_hours_2025")).to_be_focused()
    anchors = told.locator("a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    assert page.evaluate("ids => ids.filter(id => !document.getElementById(id))", anchors) == []
    page.locator("#id_hours_2025").fill("48")
    page.locator("#id_hours_2026").fill("36")
    page.get_by_label("本人确认").check()
    expect(page.locator(".g-err:not(.evid)")).to_have_count(0)
    for chooser in page.locator(".evid.g-err input[name]").all():
        chooser.set_input_files({"name": "证明.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    expect(summary).to_have_count(0)
    expect(page).not_to_have_title(re.compile("错误："))


def test_a_picture_opens_in_a_quiet_window(own: Page, cast: Cast) -> None:
    claim = begin(cast, "practice")
    with entered(cast.province.pk):
        content = io.BytesIO(jpeg())
        kept = evidence.upload(
            actor=cast.person, claim_id=claim.pk, item="attendance", content=content, name="考勤.jpg", at=NOW
        )
        evidence.inspect(evidence_id=kept.pk, at=NOW)
    own.goto(reverse("evidence-file", args=[kept.pk]))
    assert own.locator("img").evaluate("picture => picture.naturalWidth") > 0


def test_enter_saves_and_never_submits(own: Page, cast: Cast) -> None:
    claim = begin(cast, "practice")
    own.goto(form_of(claim))
    own.get_by_label("活动名称").fill("卒中实训")
    own.get_by_label("活动名称").press("Enter")
    expect(own.get_by_text("保存。").first).to_be_visible()
    with entered(cast.province.pk):
        assert Claim.objects.get().state == ClaimState.DRAFT


def test_what_was_typed_last_is_kept_when_one_leaves_at_once(own: Page, cast: Cast) -> None:
    claim = begin(cast, "practice")
    own.goto(form_of(claim))
    own.get_by_label("活动名称").fill("卒中实训")
    own.get_by_role("link", name="申报记录").first.click()
    expect(own.get_by_role("heading", name="申报记录")).to_be_visible()
    own.goto(form_of(claim))
    expect(own.get_by_label("活动名称")).to_have_value("卒中实训")
    expect(own.locator("#error-summary")).to_have_count(0)


def test_a_second_window_is_told_before_it_overwrites(
    open_window: Callable[..., Page], sign_in: SignIn, cast: Cast
) -> None:
    claim = begin(cast, "practice")
    first, second = open_window(), open_window()
    for window in (first, second):
        sign_in(window, cast.practitioner.user)
        window.goto(form_of(claim))
    first.get_by_label("活动名称").fill("甲")
    expect(first.locator("#draft-state")).to_contain_text("保存")
    second.get_by_label("活动名称").fill("乙")
    expect(second.locator("#draft-state")).to_contain_text("另一个窗口保存过")
    second.get_by_label("有计划的自学").check()
    expect(second.locator("#error-summary")).to_contain_text("另一个窗口")
    expect(second.get_by_label("自学内容")).to_have_value("乙")


def test_the_form_is_filled_in_by_keyboard_alone(own: Page, cast: Cast) -> None:
    claim = begin(cast, "other")
    own.goto(form_of(claim))
    own.get_by_label("活动名称").focus()
    own.keyboard.type("专题学习")
    reached = []
    for _ in range(40):
        own.keyboard.press("Tab")
        reached.append(own.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if "提交审核" in reached[-1]:
            break
    assert "提交审核" in reached[-1]
    for name in ("organizer", "start", "end", "assessed_credits", "agree"):
        assert name in reached, reached
