"""Signing in by phone, the second factor, the devices: the portal's own pages around django-allauth."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import entered
from institutions.models import User
from institutions.notifications import notify
from tests.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, cast: Cast) -> Client:
    user = cast.practitioner.user
    answer = client.post("/accounts/login/", {"login": user.phone, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def text(answer: object) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_devices_are_listed_and_the_others_signed_out(signed_in: Client, cast: Cast) -> None:
    other = Client()
    other.post("/accounts/login/", {"login": cast.practitioner.user.phone, "password": PASSWORD})
    other.get("/accounts/sessions/")
    page = text(signed_in.get("/accounts/sessions/"))
    assert "本设备" in page
    assert "退出其他所有设备" in page
    signed_in.post("/accounts/sessions/")
    assert other.get("/accounts/sessions/").status_code == 302
    assert "退出其他所有设备" not in text(signed_in.get("/accounts/sessions/"))


WINDOWS, PHONE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
    "Mozilla/5.0 (Linux; Android 14; V2309A)",
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WINDOWS} (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Chrome，Windows"),
        (f"{WINDOWS} (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0", "Edge，Windows"),
        (f"{PHONE} Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47", "微信，Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari，iPhone"),
        ("curl", "未识别的设备"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(client: Client, cast: Cast, user_agent: str, name: str) -> None:
    client.defaults["HTTP_USER_AGENT"] = user_agent
    client.post("/accounts/login/", {"login": cast.practitioner.user.phone, "password": PASSWORD})
    assert f'<span title="{user_agent}">{name}</span>' in text(client.get("/accounts/sessions/"))


def test_the_second_factor_is_set_up_and_asked_for(signed_in: Client, cast: Cast) -> None:
    asked = signed_in.get("/accounts/2fa/totp/activate/", follow=True)
    assert "确认是您本人" in text(asked)
    page = text(signed_in.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True))
    assert "身份验证器二维码" in page
    secret = re.search(r'密钥：<span class="code">(\w+)</span>', page).group(1)
    wrong = signed_in.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "错误：" in wrong.content.decode()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    signed_in.post("/accounts/2fa/totp/activate/", {"code": code})
    assert "已开启" in text(signed_in.get("/accounts/2fa/"))
    assert "个未使用" in text(signed_in.get("/accounts/2fa/recovery-codes/"))

    later = Client()
    answer = later.post("/accounts/login/", {"login": cast.practitioner.user.phone, "password": PASSWORD}, follow=True)
    assert "两步验证" in answer.content.decode()


def test_a_changed_password_is_asked_for_twice_and_checked(signed_in: Client) -> None:
    answer = signed_in.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "123", "password2": "456"}
    )
    page = answer.content.decode()
    assert "错误：" in page
    assert 'id="error-summary"' in page


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Ab1-", "密码太短，至少 10 位。"),
        ("password123", "密码过于常见，容易被猜到，请换一个。"),
        ("86420975318642", "密码不能全是数字。"),
        ("wangsiyuan@example.org", "密码与电子邮箱过于相似，请换一个。"),
    ],
)
def test_a_password_that_is_refused_is_refused_in_chinese(
    signed_in: Client, cast: Cast, password: str, sentence: str
) -> None:
    """Whatever language the browser would rather read."""
    user = cast.practitioner.user
    user.email = "wangsiyuan@example.org"
    user.save()
    answers = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = signed_in.post("/accounts/password/change/", answers, headers={"Accept-Language": "en"}).content.decode()
    assert sentence in page
    assert "至少 10 位。</li>" in page, "what is asked for stands beside the field"
    assert not re.search(r"你|[Pp]assword (is|must)", page)


def test_nobody_signs_up(client: Client) -> None:
    assert "不开放注册" in text(client.get("/accounts/signup/"))


def test_a_forgotten_password_is_replaced_by_mail(client: Client, cast: Cast, mailoutbox: list) -> None:
    user = cast.practitioner.user
    user.email = "wang@example.org"
    user.save()
    assert "请查收邮件" in text(client.post("/accounts/password/reset/", {"email": user.email}, follow=True))
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", mailoutbox[0].body).group(1)
    form = client.get(link, follow=True)
    assert "设置新密码" in text(form)
    fresh = "another horse 电池 23"
    done = client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh}, follow=True)
    assert "密码已修改" in text(done)
    assert "链接已失效" in text(Client().get(link, follow=True))
    assert client.post("/accounts/login/", {"login": user.phone, "password": fresh}).status_code == 302


def test_the_address_for_mail_can_be_looked_at(signed_in: Client, cast: Cast) -> None:
    user = cast.practitioner.user
    user.email = "wang@example.org"
    user.save()
    page = text(signed_in.get("/accounts/email/"))
    assert "wang@example.org" in page
    assert not re.search("电子邮件|Email", page)
    wrong = signed_in.post("/accounts/email/", {"email": "wang", "action_add": ""}).content.decode()
    assert "请填写有效的电子邮箱。" in wrong


def test_an_address_that_is_added_and_confirmed_receives_the_notifications(
    signed_in: Client, cast: Cast, mailoutbox: list
) -> None:
    menu = re.search(r'href="([^"]+)">(?:<svg.*?</svg>)?电子邮箱', text(signed_in.get("/credits/"))).group(1)
    signed_in.post(menu, {"email": "Wang@example.org", "action_add": ""})
    link = re.search(r"http://\S+(/accounts/confirm-email/\S+)", mailoutbox.pop().body).group(1)
    signed_in.post(link)
    with entered(cast.province.pk):
        user = User.objects.get(pk=cast.practitioner.user.pk)
        notify(user=user, province_id=cast.province.pk, key="n", title="学分已认定", at=NOW)
    outbox.deliver_due(at=timezone.now())
    [mail] = mailoutbox
    assert (mail.to, "学分已认定" in mail.subject) == (["wang@example.org"], True)


def test_an_unknown_address_is_not_betrayed(client: Client) -> None:
    assert "请查收邮件" in text(client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True))
