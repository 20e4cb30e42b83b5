"""Filters of the inbox that an officer keeps under a name: kept, opened, discarded, and nobody else's."""

import pytest

from cme_portal.foundation.tenancy import entered
from institutions.enums import Role
from institutions.models import SavedFilter
from institutions.saved_filters import MOST_KEPT
from tests.cast import Cast
from tests.institutions.conftest import Seated, declared

pytestmark = pytest.mark.django_db


def kept(cast: Cast) -> list[tuple[str, str]]:
    with entered(cast.province.pk):
        return list(SavedFilter.objects.values_list("name", "query"))


def test_the_present_filters_are_kept_and_opened_with_one_click(cast: Cast, seated: Seated) -> None:
    declared(cast)
    client = seated(cast.officer("hospital"))
    page = client.post("/inbox/filters/?checks=attention&waiting=5&page=2&x=1", {"name": "久等"}, follow=True)
    assert "已保存常用筛选“久等”。" in page.content.decode()
    assert kept(cast) == [("久等", "checks=attention&waiting=5")]
    listed = client.get("/inbox/").content.decode()
    assert 'href="/inbox/?checks=attention&amp;waiting=5"' in listed
    opened = client.get("/inbox/?checks=attention&waiting=5").content.decode()
    assert 'aria-current="true"' in opened.partition("我保存的筛选")[2].partition("久等")[0]


def test_nothing_is_kept_without_a_filter_or_a_name_and_what_was_typed_stays(cast: Cast, seated: Seated) -> None:
    declared(cast)
    client = seated(cast.officer("hospital"))
    nothing = client.post("/inbox/filters/", {"name": "全部"})
    assert nothing.status_code == 422
    assert "当前没有筛选条件" in nothing.content.decode()
    nameless = client.post("/inbox/filters/?waiting=5", {"name": ""})
    assert nameless.status_code == 422
    assert "请填写筛选名称" in nameless.content.decode()
    assert nameless.content.decode().split("<title>")[1].strip().startswith("错误：")
    long = client.post("/inbox/filters/?waiting=5", {"name": "很" * 21}).content.decode()
    assert "很" * 21 in long
    assert kept(cast) == []


def test_a_name_is_used_once_and_the_list_has_an_end(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital"))
    for number in range(MOST_KEPT):
        assert client.post("/inbox/filters/?waiting=5", {"name": f"筛选 {number}"}).status_code == 302
        again = client.post("/inbox/filters/?waiting=10", {"name": f"筛选 {number}"})
        assert again.status_code == 422
    assert "请先删除不再使用的" in client.post("/inbox/filters/?waiting=5", {"name": "再一个"}).content.decode()
    assert len(kept(cast)) == MOST_KEPT


def test_reloading_after_a_refusal_shows_the_list_again(cast: Cast, seated: Seated) -> None:
    assert seated(cast.officer("hospital")).get("/inbox/filters/?waiting=5").url == "/inbox/?waiting=5"


def test_a_kept_filter_is_discarded_and_the_list_stays_as_it_is(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital"))
    client.post("/inbox/filters/?waiting=5", {"name": "久等"})
    with entered(cast.province.pk):
        one = SavedFilter.objects.get()
    assert client.post(f"/inbox/filters/{one.pk}/discard/?waiting=10").url == "/inbox/?waiting=10"
    assert kept(cast) == []


def test_filters_are_those_of_the_own_post(cast: Cast, strangers: Cast, seated: Seated) -> None:
    seated(cast.officer("hospital")).post("/inbox/filters/?waiting=5", {"name": "久等"})
    with entered(cast.province.pk):
        one = SavedFilter.objects.get()
    for officer in (cast.officer("county"), strangers.officer("hospital")):
        client = seated(officer)
        assert "久等" not in client.get("/inbox/").content.decode()
        assert client.post(f"/inbox/filters/{one.pk}/discard/").status_code == 404
    assert seated(cast.officer("hospital", Role.AUDITOR)).post(f"/inbox/filters/{one.pk}/discard/").status_code == 403
    assert kept(cast) == [("久等", "waiting=5")]
