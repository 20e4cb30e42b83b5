"""Choosing a body by search, without JavaScript, where a province has too many to list."""

import re

import pytest
from django.test import Client

from cme_portal.foundation.tenancy import entered
from institutions import tree
from institutions.actors import the_portal
from institutions.enums import Kind, Role, Tier
from institutions.models import Institution
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospitals(cast: Cast) -> list[Institution]:
    """More units than a page of the search shows, each with a department of the same name."""
    with entered(cast.province.pk):
        found = [unit(cast, f"第{number}医院", cast.bodies["county"]) for number in range(1, 26)]
        for one in found[:3]:
            unit(cast, "急诊科", one, tier=Tier.DEPARTMENT, kind=Kind.DEPARTMENT)
    return found


def unit(
    cast: Cast, name: str, parent: Institution, *, tier: str = Tier.UNIT, kind: str = Kind.HOSPITAL
) -> Institution:
    return tree.found(
        actor=the_portal(cast.province), province=cast.province, name=name, tier=tier, kind=kind, parent=parent, at=NOW
    )


@pytest.fixture
def province(cast: Cast, seated: Seated) -> Client:
    return seated(cast.officer("province", Role.ADMINISTRATOR))


def test_a_hospital_is_found_by_name_and_the_form_offers_its_departments_only(
    province: Client, hospitals: list[Institution]
) -> None:
    chosen = hospitals[2]
    first = province.get("/people/new/").content.decode()
    assert "选择用人单位" in first
    assert first.count(">选择<span") == 20
    found = province.get("/people/new/?q=第3医").content.decode()
    assert found.count(">选择<span") == 1
    assert f'href="?institution={chosen.pk}"' in found
    form = province.get(f"/people/new/?institution={chosen.pk}").content.decode()
    assert f'name="institution" value="{chosen.pk}"' in form
    assert form.count(">急诊科</option>") == 1
    assert "护理部" not in form
    assert "没有符合条件的机构" in province.get("/people/new/?q=无此医院").content.decode()


def test_what_the_page_was_asked_for_outlives_the_choice(province: Client, hospitals: list[Institution]) -> None:
    """The account just opened stays filled in while the body of the post is chosen."""
    form = province.get("/posts/new/?account=li.hong&name=李红").content.decode()
    assert "更换" in form
    found = province.get("/posts/new/?account=li.hong&name=李红&q=第7医院").content.decode()
    address = f"?account=li.hong&amp;name=%E6%9D%8E%E7%BA%A2&amp;institution={hospitals[6].pk}"
    assert address in found
    form = province.get(f"/posts/new/{address.replace('&amp;', '&')}").content.decode()
    assert "第7医院" in form
    assert 'value="li.hong"' in form


def test_the_search_sends_what_the_page_was_asked_for(province: Client, hospitals: list[Institution]) -> None:
    page = province.get("/posts/new/?account=li.hong&name=李红&q=&page=2&institution=").content.decode()
    form = page.split('role="search"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert fields == {"account": "li.hong", "name": "李红"}
    found = province.get("/posts/new/", {**fields, "q": "第7医院"}).content.decode()
    assert f"?account=li.hong&amp;name=%E6%9D%8E%E7%BA%A2&amp;institution={hospitals[6].pk}" in found


@pytest.mark.parametrize("path", ["/people/new/", "/people/transfer/", "/posts/new/", "/bodies/new/"])
def test_a_body_outside_of_the_territory_is_as_one_that_does_not_exist(
    cast: Cast, strangers: Cast, seated: Seated, path: str
) -> None:
    client = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    field = "parent" if path == "/bodies/new/" else "institution"
    for foreign in (cast.bodies["direct"].pk, strangers.bodies["hospital"].pk, 999_999, "x"):
        page = client.get(path, {field: foreign})
        assert page.status_code == 200
        assert "第一步：选择" in page.content.decode()
        assert client.post(path, {field: foreign}).status_code == 422


def test_a_unit_registers_its_own_people_without_choosing(cast: Cast, seated: Seated) -> None:
    form = seated(cast.officer("hospital", Role.ADMINISTRATOR)).get("/people/new/").content.decode()
    assert f'name="institution" value="{cast.bodies["hospital"].pk}"' in form
    assert ">护理部</option>" in form


def test_a_move_begins_where_the_person_works_and_may_lead_elsewhere(
    cast: Cast, province: Client, hospitals: list[Institution]
) -> None:
    address = f"/people/{cast.practitioner.pk}/employment/"
    assert f'name="institution" value="{cast.bodies["hospital"].pk}"' in province.get(address).content.decode()
    page = province.get(f"{address}?q=第1医院").content.decode()
    assert f'href="?institution={hospitals[0].pk}"' in page
