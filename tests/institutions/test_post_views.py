"""Pages about posts."""

import pytest

from cme_portal.foundation.tenancy import entered
from institutions.enums import Role
from institutions.models import Post, User
from tests.cast import Cast, user_named
from tests.institutions.conftest import Seated

pytestmark = pytest.mark.django_db


def test_opening_a_staff_account_and_appointing_its_holder(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    opened = client.post(
        "/posts/account/", {"username": "li.hong", "name": "李红", "password": "a long password 9"}, follow=True
    )
    page = opened.content.decode()
    assert "工作账号 li.hong 已开通" in page
    assert 'value="li.hong"' in page
    data = {
        "account": "li.hong",
        "name": "李红",
        "institution": cast.bodies["hospital"].pk,
        "role": Role.REVIEWER,
        "since": "2026-01-01",
    }
    page = client.post("/posts/new/", data, follow=True).content.decode()
    assert "已任命李红" in page
    officer = Post
    with entered(cast.province.pk):
        officer = Post.objects.select_related("user", "institution", "province").get(user__username="li.hong")
    assert officer.granted_by == cast.officer("hospital", Role.ADMINISTRATOR).user
    assert client.login(username="li.hong", password="a long password 9")
    assert client.get("/inbox/").status_code == 200


def test_account_and_name_must_fit_together(cast: Cast, seated: Seated) -> None:
    user_named("li.hong", "李红")
    client = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    data = {"account": "li.hong", "name": "张三", "institution": cast.bodies["hospital"].pk, "role": "reviewer"}
    response = client.post("/posts/new/", data | {"since": "2026-01-01"})
    assert response.status_code == 422
    assert "没有账号与姓名均相符的人员" in response.content.decode()


def test_mistakes_stand_at_their_fields(cast: Cast, seated: Seated) -> None:
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    client = seated(administrator)
    own = {
        "account": administrator.user.username,
        "name": administrator.user.name,
        "institution": cast.bodies["hospital"].pk,
        "role": "reviewer",
        "since": "2026-01-01",
    }
    assert "不能为本人任命岗位" in client.post("/posts/new/", own).content.decode()
    user_named("li.hong", "李红")
    backwards = own | {"account": "li.hong", "name": "李红", "until": "2025-12-31"}
    page = client.post("/posts/new/", backwards).content.decode()
    assert 'href="#id_until">终止日期应晚于起始日期' in page
    above = own | {"account": "li.hong", "name": "李红", "institution": cast.bodies["county"].pk}
    assert client.post("/posts/new/", above).status_code == 422
    for username in ("13800000001", "li.hong"):
        data = {"username": username, "name": "李红", "email": "li@example.test"}
        assert client.post("/posts/account/", data).status_code == 422
    assert User.objects.filter(username="li.hong").count() == 1


def test_ending_a_post_and_the_filters_of_the_list(cast: Cast, seated: Seated) -> None:
    reviewer = cast.officer("hospital")
    client = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    url = f"/posts/{reviewer.post.pk}/end/"
    assert "终止日期不能早于起始日期" in client.post(url, {"until": "2024-01-01"}).content.decode()
    page = client.post(url, {"until": "2026-11-01"}, follow=True).content.decode()
    assert "自 2026-11-01 起终止" in page
    listed = {"": False, "held=ended": True, "held=all": True, "held=all&role=auditor": False, "held=all&q=ho": True}
    for query, is_listed in listed.items():
        page = client.get(f"/posts/?{query}").content.decode()
        assert (f">{reviewer.user.username}<" in page) == is_listed, query


def test_posts_of_others_are_not_there(cast: Cast, strangers: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital", Role.ADMINISTRATOR))
    for foreign in (cast.officer("county"), strangers.officer("hospital")):
        assert client.get(f"/posts/{foreign.post.pk}/end/").status_code == 404
        assert foreign.user.username not in client.get("/posts/?held=all").content.decode()
