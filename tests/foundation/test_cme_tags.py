"""What templates write with."""

import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError

from cme_portal.foundation.templatetags.cme import STATUSES


def written(source: str, **values: object) -> str:
    return Template("{% load cme %}" + source).render(Context(values)).strip()


@pytest.mark.parametrize(
    ("tenths", "shown"), [(64, "6.4"), (250, "25.0"), (0, "0.0"), (-24, "-2.4"), (-4, "-0.4"), (None, "–")]
)
def test_credits_have_one_decimal(tenths: int | None, shown: str) -> None:
    assert written("{{ tenths|credits }}", tenths=tenths) == shown


def test_requirements_are_written_whole() -> None:
    assert written("{{ 250|whole_credits }}/{{ 25|whole_credits }}") == "25/2.5"


@pytest.mark.parametrize(
    ("name", "shown"), [("王思远", "王*远"), ("李红", "李*"), ("买买提·艾力", "买****力"), ("王", "王*")]
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert written("{{ name|masked_name }}", name=name) == shown


def test_numbers_of_people_are_masked() -> None:
    assert written('{{ "13812345678"|masked_phone }}') == "138****5678"
    assert written('{{ "210199198805170018"|masked_national_id }}') == "2101**********0018"


@pytest.mark.parametrize(
    ("octets", "shown"), [(10, "1 KB"), (411_000, "401 KB"), (20 * 1024**2, "20 MB"), (6_081_741, "5.8 MB")]
)
def test_sizes_of_files(octets: int, shown: str) -> None:
    assert written("{{ octets|file_size }}", octets=octets) == shown


def test_one_vocabulary_of_seven_words() -> None:
    words = {"草稿", "审核中", "退回补正", "通过", "不通过", "已认定", "已撤回"}
    assert {status.label for status in STATUSES.values()} == words
    chip = written('{% status_chip "waiting" holder="市级" %}')
    assert "市级审核中" in re.sub(r"<[^>]+>", "", chip)
    assert "#clock" in chip


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        written('{% icon "unicorn" %}')


def test_the_ring_says_in_words_what_it_draws_and_stops_at_full() -> None:
    drawn = written("{% ring 250 182 64 40 %}")
    assert 'aria-label="年度要求 25 学分，已认定 18.2 学分，审核中 6.4 学分，预授待完成 4.0 学分"' in drawn
    lengths = [int(length) for length in re.findall(r'stroke-dasharray="(\d+) 250"', drawn)]
    assert lengths == [181, 63, 3]
    assert re.findall(r'stroke-dasharray="(\d+) 250"', written("{% ring 250 400 64 %}")) == ["249"]


def test_a_bar_marks_its_cap() -> None:
    drawn = written("{% capbar 62 64 150 %}")
    assert re.findall(r'width="([\d.]+%)"', drawn)[:3] == ["60.00%", "24.80%", "25.60%"]
    assert 'x1="60.00%"' in drawn
    assert "<line" not in written("{% capbar 62 %}")


def test_nothing_written_needs_a_style_attribute() -> None:
    drawn = written('{% ring 250 182 64 40 %}{% capbar 62 64 150 %}{% qr "https://example.org" "查验" %}')
    assert "style=" not in drawn
    assert 'aria-label="查验"' in drawn


def test_a_pagination_shows_the_neighbours_only() -> None:
    page = Paginator(range(400), 20).page(9)
    assert written("{% for number in page|page_numbers %}{{ number }} {% endfor %}", page=page) == "1 … 8 9 10 … 20"
