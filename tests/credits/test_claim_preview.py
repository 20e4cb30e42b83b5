"""What the claim form asks for, and what it promises while it is being filled in."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from cme_portal.foundation.tenancy import entered
from credits.claim_preview import TimeLimit, preview_of
from credits.forms import ClaimForm
from tests.cast import NOW, Cast
from tests.client import signed_in, text
from tests.credits.claim_form import SCRIPT, answers, begin, documents, fresh
from tests.credits.year import send_back, submit

pytestmark = pytest.mark.django_db


def test_the_item_decides_which_facts_are_asked(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "self_study")
    address = reverse("claim-edit", args=[claim.pk])
    paper = text(client.post(address, {"declaration": "self_study", "item": "paper", "action": "reload"}))
    assert 'name="journal"' in paper
    assert 'name="rank"' in paper
    assert "论文全文及刊物封面、目录" in paper
    research = text(client.post(address, {"declaration": "self_study", "item": "research", "action": "reload"}))
    assert "国家级" in research
    assert "院级" not in research, "the table has no figure for it (R41)"


def test_the_form_asks_for_what_the_document_calls_it(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "self_study")
    address = reverse("claim-edit", args=[claim.pk])
    for item, labels in {"paper": ("论文题目", "刊物名称"), "book": ("书名", "出版社")}.items():
        page = text(client.post(address, {"item": item, "action": "reload"}))
        for label in labels:
            assert re.search(rf"<label[^>]*>{label}</label>", page)
    refused = client.post(address, {"item": "book", "activity_name": "", "action": "submit"})
    assert "请填写书名" in text(refused)
    with entered(cast.province.pk):
        sent = submit(cast, "self_study", "脑卒中护理", item="book", words=20000, start=date(2026, 9, 17))
        send_back(cast, sent, "见各项意见。", {"activity_name": "与版权页不一致"})
    page = text(client.get(sent.get_absolute_url()))
    assert "书名：与版权页不一致" in page
    assert "<dt>出版社</dt>" in page


def test_what_keeps_the_estimate_away_names_its_field(cast: Cast) -> None:
    client, claim = signed_in(cast.practitioner.user), begin(cast, "practice")
    typed = answers(cast, claim, hours="三十", start="")
    page = text(client.post(reverse("claim-preview", args=[claim.pk]), typed, headers=SCRIPT))
    assert "<li>小时数：请填写数字</li>" in page
    assert "<li>请填写开始日期</li>" in page


def test_the_preview_is_what_the_engine_would_award(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "practice")
    page = text(
        client.post(reverse("claim-preview", args=[claim.pk]), answers(cast, claim, hours="32"), headers=SCRIPT)
    )
    assert "每满 6 小时计 1 学分，计 5.0 学分" in page  # liaoning 三(四)
    assert "三(四)" in page
    assert "征求意见稿" in page
    assert re.search(r"0\.0 → <strong>5\.0</strong> / 25", page)
    assert fresh(cast, claim).typed == {}, "looking saves nothing"


def test_the_preview_says_that_other_stays_are_shared_anew(cast: Cast) -> None:
    """Three months in all bring the whole year, shared by days (liaoning 三(二), R3)."""
    with entered(cast.province.pk):
        submit(
            cast,
            "study_leave",
            "春季进修",
            item="study",
            hours=Decimal(300),
            start=date(2026, 3, 1),
            end=date(2026, 4, 30),
        )
    claim = begin(cast, "study_leave")
    typed = answers(cast, claim, start="2026-05-01", end="2026-05-31", hours="100")
    address = reverse("claim-preview", args=[claim.pk])
    page = text(signed_in(cast.practitioner.user).post(address, typed, headers=SCRIPT))
    assert re.search(r"16\.0 → <strong>25\.0</strong>", page)
    assert "其他记录随之重新分摊，合计增加 0.6 学分" in page, "16.6 and 8.4 of 25.0, by 61 and 31 days"
    later = answers(cast, claim, start="2026-05-01", end="2026-07-31", hours="100")
    page = text(signed_in(cast.practitioner.user).post(address, later, headers=SCRIPT))
    assert "其他记录随之重新分摊，合计减少 6.0 学分" in page, "10.0 and 15.0 of 25.0, by 61 and 92 days"


def promise(page: str) -> list[str]:
    """What the panel, the reader's status and the bar of a phone promise first."""
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    return re.findall(r"预计\w+ [\d.]+ 学分", shown)


def test_no_more_is_promised_than_the_year_gains(cast: Cast) -> None:
    """A year that stays fill already gains nothing by another one, though that counts (liaoning 三(二), R3)."""
    with entered(cast.province.pk):
        submit(
            cast,
            "study_leave",
            "春季进修",
            item="study",
            hours=Decimal(500),
            start=date(2026, 3, 1),
            end=date(2026, 6, 30),
        )
    claim = begin(cast, "study_leave")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    typed = answers(cast, claim, start="2026-07-01", end="2026-09-30", hours="400")
    page = text(client.post(address, typed, headers=SCRIPT))
    assert promise(page) == ["预计全年增加 0.0 学分"] * 3
    assert "同类的其他记录随之重新分摊，合计减少" in page
    assert "同类记录重新分摊" in page.partition('id="preview-short"')[2]
    whole = text(client.post(reverse("claim-edit", args=[claim.pk]), {**typed, "action": "reload"}))
    assert promise(whole) == ["预计全年增加 0.0 学分"] * 3


def test_what_a_cap_takes_from_later_records_is_not_promised(cast: Cast) -> None:
    """Caps are filled in the order of the dates (liaoning 三(四)): what is earlier takes the room of what is later."""
    with entered(cast.province.pk):
        submit(cast, "practice", "秋季实训", hours=Decimal(84), start=date(2026, 9, 1), end=date(2026, 9, 30))
    claim = begin(cast, "practice")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    page = text(client.post(address, answers(cast, claim, hours="12"), headers=SCRIPT))
    assert promise(page) == ["预计全年增加 1.0 学分"] * 3
    assert "已到全年上限 15.0 学分，按活动日期先后计入，其他记录随之变化，合计减少 1.0 学分" in page
    assert "已到全年上限" in page.partition('id="preview-short"')[2]


def test_the_cap_of_the_year_and_the_step_of_the_calculation_do_not_contradict_each_other(cast: Cast) -> None:
    """Above stands the whole year, claims in review included; the step goes by the order of the days, and says so."""
    with entered(cast.province.pk):
        submit(cast, "practice", "秋季实训", hours=Decimal(24), start=date(2026, 9, 1))
    claim = begin(cast, "practice")
    client, address = signed_in(cast.practitioner.user), reverse("claim-preview", args=[claim.pk])
    page = text(client.post(address, answers(cast, claim, hours="12"), headers=SCRIPT))
    assert promise(page) == ["预计计入 2.0 学分"] * 3
    assert '全年 <span class="num">6.0 / 上限 15</span>' in page
    assert "含本次和审核中的其他申报" in page
    assert "按活动日期先后，此前已计 0.0 学分，还可计 15.0 学分，本次计入 2.0 学分" in page


def test_the_form_tells_until_when_the_regulation_takes_it(cast: Cast) -> None:
    claim = begin(cast, "self_study")

    def limit(at: datetime, **typed: str) -> TimeLimit:
        with entered(cast.province.pk):
            return preview_of(ClaimForm(typed, claim=claim, at=at), at=at).time_limits[0]

    paper = {"item": "paper", "start": "2026-03-02"}
    assert limit(NOW, **paper).text == "次年 1 月底前登记（2026 年度）：2027-01-31 截止。"  # liaoning 四(二)2, L25
    assert [label for label, _ in limit(NOW, **paper).cites] == ["四(二)2"]
    late = limit(NOW.replace(year=2027, month=2, day=1), **paper)
    assert not late.is_open
    assert "已于 2027-01-31 截止。仍可提交，是否受理由审核单位决定。" in late.text
    learnt = limit(NOW.replace(month=3), item="self_learning", start="2026-03-02")
    assert "2026-10-01 开始" in learnt.text  # liaoning 三(六)12, L17
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-edit", args=[claim.pk])))
    assert "次年 1 月底前登记" in page


def test_the_preview_says_what_is_missing(cast: Cast) -> None:
    claim = begin(cast, "practice")
    page = text(
        signed_in(cast.practitioner.user).post(
            reverse("claim-preview", args=[claim.pk]), {"start": "2026-03-02"}, headers=SCRIPT
        )
    )
    assert "请填写小时数" in page


def test_a_likely_duplicate_is_shown_and_does_not_block(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, second = begin(cast, "practice"), begin(cast, "practice")
    for claim in (first, second):
        typed = answers(cast, claim)
        response = client.post(
            reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit", **documents(cast, claim, None)}
        )
        assert response.status_code == 302
    third = begin(cast, "practice")
    page = text(client.post(reverse("claim-preview", args=[third.pk]), answers(cast, third), headers=SCRIPT))
    assert "日期有重叠" in page
    assert first.get_absolute_url() in page
