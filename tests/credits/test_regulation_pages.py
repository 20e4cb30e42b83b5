"""The public pages of the regulations: every clause, its examples computed, routes, evidence, deadlines, readings."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from credits.regulation_pages import clause_url, page_of
from credits.rules import JURISDICTIONS
from credits.rules.contract import answer
from credits.rules.registry import VERSIONS
from tests.cast import make_cast

CASES = Path(__file__).parents[1] / "cases" / "assessment.jsonl"


def text_of(client: Client, jurisdiction: str) -> str:
    response = client.get(f"/regulations/{jurisdiction}/")
    assert response.status_code == 200
    return response.content.decode()


def words_of(markup: str) -> str:
    """What a reader reads of a piece of a page, its parts apart by one space."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_all_jurisdictions_are_listed_without_the_database(client: Client) -> None:
    page = client.get("/regulations/").content.decode()
    for versions in VERSIONS.values():
        assert versions[-1].title in page
    assert "征求意见稿" in page


@pytest.mark.parametrize(
    ("jurisdiction", "status"),
    [
        ("national", "现行"),
        ("beijing", "国家办法现行"),
        ("liaoning", "征求意见稿"),
        ("zhejiang", "现行"),
        ("jilin", "征求意见稿"),
        ("sichuan", "现行"),
    ],
)
def test_a_page_says_what_is_in_force_and_what_is_a_draft(client: Client, jurisdiction: str, status: str) -> None:
    """Beijing's people are held to the national measures, which are in force; only what the city adds is a draft."""
    page = text_of(client, jurisdiction)
    assert re.findall(r'<span class="tag (?:ok|warn)">(.*?)</span>', page)[0] == status
    assert ("征求意见" in page) == (jurisdiction in {"beijing", "liaoning", "jilin"})


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_a_page_shows_everything_of_its_regulation(client: Client, jurisdiction: str) -> None:
    page = text_of(client, jurisdiction)
    procedure = VERSIONS[jurisdiction][-1].procedure
    assert procedure is not None
    articles = dict(re.findall(r'<article class="rule" id="([^"]+)"[^>]*>(.*?)</article>', page, re.DOTALL))
    for shown in page_of(jurisdiction).clauses:
        article, clause = words_of(articles[shown.clause.anchor]), shown.clause
        assert f"{clause.number} {clause.title} {clause.paraphrase}" in article
        assert all(f"{label} {value}" in article for label, value in clause.parameters)
        assert all(f"{statement.text} {statement.number}" in article for statement in clause.statements)
        assert all(f"{reading.number} {reading.question}" in article for reading in shown.readings)
        for example in shown.examples:
            assert f"举例 {example.title}" in article
            assert all(f"{line.because} {line.counted} 学分" in article for line in example.lines)
            assert len(example.lines) == 1 or f"全年合计 {example.total}" in article
            assert example.unmet in article
    for route in procedure.routes:
        assert route.title in page
    for evidence in procedure.evidence:
        assert all(document.title in page and document.note in page for document in evidence.documents)


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_links_inside_a_page_arrive(client: Client, jurisdiction: str) -> None:
    page = text_of(client, jurisdiction)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_example_is_what_the_engine_answers(jurisdiction: str) -> None:
    for shown in page_of(jurisdiction).clauses:
        for example, shown_example in zip(shown.clause.examples, shown.examples, strict=True):
            assert shown_example.total == answer(example.request(jurisdiction))["total"]


@pytest.mark.parametrize(
    ("jurisdiction", "number", "total"),
    [
        ("national", "第一部分", "24.9"),
        ("national", "第三部分 统一标准2", "1.0"),
        ("liaoning", "一", "25.0"),
        ("liaoning", "三(二)", "8.0"),
        ("liaoning", "三(六)", "10.0"),
        ("liaoning", "三(六)7", "5.0"),
        ("zhejiang", "二2", "20.0"),
        ("zhejiang", "三", "25.0"),
        ("zhejiang", "可验证自学", "6.0"),
        ("zhejiang", "补学 例", "25.0"),
        ("zhejiang", "附件 公开出版", "12.5"),
        ("jilin", "二(六)", "9.0"),
        ("sichuan", "四(一)", "21.0"),
    ],
)
def test_examples_come_out_as_the_clause_says(jurisdiction: str, number: str, total: str) -> None:
    shown = next(one for one in page_of(jurisdiction).clauses if one.clause.number == number)
    assert shown.examples[0].total == total


def test_routes_are_told_apart_by_affiliation(client: Client) -> None:
    page = text_of(client, "jilin")
    assert "吉林大学医院管理处" in page
    assert "原文未规定" in page
    assert "市县属单位" in page


@pytest.mark.parametrize(
    ("jurisdiction", "said"),
    [
        ("beijing", "另须报备：北京市继续医学教育项目督查系统"),
        ("liaoning", "审核机关为省级及以上继教管理部门"),
        ("zhejiang", "另须报备：县级及以下单位事先向县（区）级卫生健康行政部门报备"),
        ("zhejiang", "环节：计划、进度、评估"),
        ("jilin", "环节：同意、举办、报告、核销、电子证书"),
    ],
)
def test_a_route_says_what_its_tiers_do_not(client: Client, jurisdiction: str, said: str) -> None:
    assert said in text_of(client, jurisdiction)


def test_deadlines_are_in_words(client: Client) -> None:
    page = text_of(client, "liaoning")
    for rule in (
        "举办 1 周前",
        "举办后 2 周内",
        "截至次年 1 月 31 日（含当日）",
        "每天不少于 2 次",
        "原则上不低于总分的 80%",
        "1 至 3 年",
    ):
        assert rule in page
    assert "2025 年不超过 2024 年实际完成数的 50%" in text_of(client, "beijing")


def test_the_three_conditions_of_liaoning_stand_beside_each_other(client: Client) -> None:
    duties = text_of(client, "liaoning").partition('id="duties"')[2]
    wanted = ("项目考勤", "每天不少于 2 次", "项目满意度评价", "学习结束后完成", "项目考试合格线", "总分的 80%")
    places = [duties.find(words) for words in wanted]
    assert -1 not in places


def test_the_address_of_a_clause() -> None:
    assert clause_url("liaoning 三(六)7") == reverse("regulation", args=["liaoning"]) + "#liaoning-三(六)7"
    assert clause_url("sichuan 三 到 十") == reverse("regulation", args=["sichuan"]) + "#sichuan-三"
    assert clause_url("mars 1") == reverse("regulations")


def test_a_number_is_no_part_of_a_shorter_one() -> None:
    assert clause_url("sichuan 十一").endswith(f"{reverse('regulation', args=['sichuan'])}")
    assert clause_url("sichuan 十一(一)甲").endswith("#sichuan-十一(一)")
    assert clause_url("liaoning 三(六)15").endswith("#liaoning-三(六)")


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_reading_that_an_explanation_tells_stands_on_the_page(jurisdiction: str) -> None:
    on_page = {reading.number for reading in page_of(jurisdiction).readings}
    requests = [json.loads(line)["request"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    requests = [request for request in requests if request["jurisdiction"] == jurisdiction]
    stay = {"id": "s", "category": "study_leave", "start": "2025-12-01", "end": "2026-01-20", "hours": "9", "days": 9}
    common = {"id": "c", "category": "other", "assessed_credits": "25", "subject": "common", "delivery": "remote"}
    person = {"title": "senior"}
    added = {"jurisdiction": jurisdiction, "year": 2026, "practitioner": person, "activities": [stay, common]}
    told = {
        because["reading"]
        for request in [*requests, added]
        for line in answer(request)["activities"]
        for because in line["because"]
        if "reading" in because
    }
    assert {"R3", "R30", "R31", "R33", "R39", "R63"} <= told <= on_page


def test_an_unknown_jurisdiction_is_not_found(client: Client) -> None:
    assert client.get("/regulations/mars/").status_code == 404


def test_somebody_without_a_province_is_asked_to_choose(client: Client) -> None:
    assert client.get("/regulation/").headers["Location"] == "/regulations/"


@pytest.mark.django_db
def test_a_reader_opens_the_regulation_of_the_own_province(client: Client) -> None:
    cast = make_cast("sichuan")
    assert cast.practitioner is not None
    user = cast.practitioner.user
    assert user is not None
    client.force_login(user)
    page = client.get("/regulation/").content.decode()
    assert VERSIONS["sichuan"][-1].title in page
    assert 'value="sichuan" selected' in client.get("/calculator/").content.decode()
