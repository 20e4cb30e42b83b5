"""The frame knows who is there: portal of the province, seats to switch between, unread notifications."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from cme_portal.foundation.tenancy import entered
from institutions import posts
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import User
from institutions.notifications import notify
from tests.cast import NOW, Cast

PAGE = "/regulations/"


def page_of(client: Client, user: User | None = None) -> str:
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def second_seat(cast: Cast, user: User) -> None:
    with entered(cast.province.pk):
        posts.appoint(
            actor=the_portal(cast.province),
            user=user,
            institution=cast.bodies["hospital"],
            role=Role.AUDITOR,
            since=date(2025, 1, 1),
            at=NOW,
        )


@pytest.mark.django_db
def test_before_a_province_is_known_the_portal_is_everybodys(client: Client) -> None:
    page = page_of(client)
    assert "继续医学教育学分管理平台" in page
    assert 'data-palette="blue"' in page
    assert "退出登录" not in page


@override_settings(DEMO_MODE=True)
def test_a_demonstration_says_so_on_every_page(client: Client) -> None:
    assert "演示环境" in page_of(client)
    with override_settings(DEMO_MODE=False):
        assert "演示环境" not in page_of(client)


def test_the_portal_bears_the_name_of_the_province(client: Client, cast: Cast) -> None:
    page = page_of(client, cast.practitioner.user)
    assert cast.province.portal_name in page
    assert f'data-palette="{cast.province.palette}"' in page
    assert "卫生专业技术人员" in page


def test_somebody_with_two_seats_sees_both_and_the_one_taken(client: Client, cast: Cast) -> None:
    user = cast.practitioner.user
    second_seat(cast, user)
    page = page_of(client, user)
    assert "切换身份" in page
    assert page.count('name="seat"') == 2
    assert Role.AUDITOR.label in page
    assert page.count('aria-current="true"') == 1


def test_unread_notifications_are_counted(client: Client, cast: Cast) -> None:
    user = cast.practitioner.user
    with entered(cast.province.pk):
        for number in range(3):
            notify(user=user, province_id=cast.province.pk, key=f"n{number}", title="通知", at=NOW)
    assert "3 条未读" in page_of(client, user)


def test_a_missing_page_is_explained_within_the_frame(client: Client, cast: Cast) -> None:
    client.force_login(cast.practitioner.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()
    assert cast.province.portal_name in answer.content.decode()
    assert "切换身份" not in answer.content.decode(), "who has one seat has none to change to"


def test_a_missing_row_leaves_the_seats_to_choose_another_one(client: Client, cast: Cast) -> None:
    user = cast.practitioner.user
    second_seat(cast, user)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get("/claims/999999/")
    assert page.status_code == 404
    assert "在右上角切换身份" in page.content.decode()
    assert page.content.decode().count('name="seat"') == 2
