"""The calculator: only the facts a kind needs, the engine's figures and reasons, every error with its field."""

import pytest
from django.http import QueryDict
from django.test import Client

from credits.calculator import MOST_ACTIVITIES, arranged, typed_rows
from credits.rules import FACTS, JURISDICTIONS
from credits.rules.registry import VERSIONS


def calculate(client: Client, query: str, *, status: int = 200) -> str:
    response = client.get(f"/calculator/?{query}")
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_category_and_item_can_be_chosen(client: Client, jurisdiction: str) -> None:
    """The facts asked for are those the item needs; nothing is stored, so no database is touched."""
    rules = VERSIONS[jurisdiction][-1]
    for category in rules.categories:
        for code in [item.code for item in category.items] or [""]:
            item = category.item(code or None)
            choice = f"jurisdiction={jurisdiction}&1-category={category.code}" + (f"&1-item={code}" if code else "")
            page = calculate(client, choice)
            for name in item.needed:
                assert f'name="1-{name}"' in page


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_answers_that_there_are_not_are_answered_on_the_page(client: Client, jurisdiction: str) -> None:
    """The address is anybody's to write, for every kind of activity."""
    nonsense = "&".join(f"1-{name}=zzz" for name in FACTS)
    for category in VERSIONS[jurisdiction][-1].categories:
        for item in category.items or [None]:
            chosen = f"&1-item={item.code}" if item is not None else ""
            calculate(client, f"jurisdiction={jurisdiction}&1-category={category.code}{chosen}&{nonsense}")


def test_a_paper_with_its_clause_and_reading(client: Client) -> None:
    page = calculate(
        client, "jurisdiction=liaoning&1-category=self_study&1-item=paper&1-journal=sci&1-rank=2&do=calculate"
    )
    assert '<span class="num">5.0</span> 学分' in page
    assert "/regulations/liaoning/#liaoning-" in page
    assert "总学分不足" in page
    assert 'name="1-hours"' not in page


def test_two_activities_share_a_cap(client: Client) -> None:
    one, other = "category=practice&1-hours=72&1-start=2026-03-02&1-end=2026-03-20", "2-category=practice&2-hours=36"
    page = calculate(client, f"jurisdiction=national&year=2026&1-{one}&{other}")
    assert '<span class="num">15.0</span> 学分' in page


def test_what_is_missing_is_a_hint_until_the_reader_asks(client: Client) -> None:
    page = calculate(client, "jurisdiction=national&1-category=practice&1-start=2026-03-02")
    assert "第 1 项：“有组织的继续医学教育实践活动”需要填写小时数" in page
    assert "错误：" not in page
    page = calculate(client, "jurisdiction=national&1-category=practice&do=calculate", status=422)
    assert "<title>" in page
    assert page.split("<title>")[1].strip().startswith("错误：")
    assert 'href="#id_1-hours"' in page


@pytest.mark.parametrize(
    "query", ["", "jurisdiction=zhejiang", "jurisdiction=national&1-category=practice&1-role=attendee"]
)
def test_nothing_is_wrong_before_anything_is_said_of_an_activity(client: Client, query: str) -> None:
    page = calculate(client, query)
    assert "总学分不足" not in page
    assert "尚未计入" not in page
    assert "已达到当年要求" not in page


def test_wrong_figures_keep_what_was_typed(client: Client) -> None:
    page = calculate(client, "jurisdiction=national&1-category=practice&1-hours=viele&do=calculate", status=422)
    assert 'value="viele"' in page
    assert "请填写数字" in page


def test_a_date_outside_the_year_is_named(client: Client) -> None:
    page = calculate(
        client,
        "jurisdiction=national&year=2026&1-category=practice&1-hours=6&1-start=2025-03-02&do=calculate",
        status=422,
    )
    assert "不在 2026 年度内" in page


def test_residents_are_no_subjects(client: Client) -> None:
    assert "当年不是继续医学教育对象" in calculate(client, "jurisdiction=zhejiang&residency=in_training")
    page = calculate(client, "jurisdiction=zhejiang&residency=completed&do=calculate", status=422)
    assert "请填写结业考核合格日期" in page


def test_a_category_of_another_jurisdiction_gives_way(client: Client) -> None:
    """Changing the regulation keeps the page: an unknown category becomes the first, an unknown item the default."""
    page = calculate(client, "jurisdiction=national&1-category=apprenticeship&1-item=paper")
    assert 'name="1-hours"' in page


def test_codes_outside_the_table_are_not_offered(client: Client) -> None:
    page = calculate(client, "jurisdiction=liaoning&1-category=self_study&1-item=research")
    assert '<option value="municipal"' in page
    assert '<option value="institutional"' not in page


def test_rows_are_added_and_removed() -> None:
    rows = [{"hours": "1"}, {"hours": "2"}]
    assert arranged(rows, "add") == [*rows, {}]
    assert arranged(rows, "remove-1") == [{"hours": "2"}]
    assert arranged(rows[:1], "remove-1") == [{}]
    assert arranged(rows, "remove-²") == rows
    assert arranged([{}] * MOST_ACTIVITIES, "add") == [{}] * MOST_ACTIVITIES


def test_rows_are_read_from_the_address() -> None:
    typed = QueryDict("2-hours=2&1-hours=1&x-hours=3&9999-hours=4&-hours=5&year=2026")
    assert typed_rows(typed) == [{"hours": "1"}, {"hours": "2"}]
    many = QueryDict("&".join(f"{number}-hours=1" for number in range(100)))
    assert len(typed_rows(many)) == MOST_ACTIVITIES


@pytest.mark.parametrize("query", ["jurisdiction=mars", "year=1066", "title=boss", "jurisdiction=jilin&year=abc"])
def test_a_forged_address_still_shows_the_page(client: Client, query: str) -> None:
    assert "请先更正人员情况" in calculate(client, query)
