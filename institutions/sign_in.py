"""Signing in with a phone number or a staff account; opening accounts."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from cme_portal.foundation import journal
from institutions import access
from institutions.actors import Actor
from institutions.models import BY_PHONE, PHONE, Institution, Practitioner, Seat, User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "手机号（或工作账号）或密码不正确。请核对后重试，忘记密码可以找回。",
        "too_many_login_attempts": (
            f"登录失败次数过多，已暂停登录。请等待 {settings.SIGN_IN_PAUSE_SECONDS // 60} 分钟后再试，忘记密码可以找回。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by institutions; nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures are counted on the account: a phone number typed in yet another way is no fresh start."""
        if typed := credentials.get("username"):
            credentials["username"] = account_name(typed)
        super().pre_authenticate(request, **credentials)


class PhoneOrAccountBackend(AuthenticationBackend):
    """Takes what the person typed as a phone number first, else as a staff account; delays after failures are allauth's."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        typed = credentials.get("username")
        if typed:
            credentials["username"] = account_name(typed)
        return super().authenticate(request, **credentials)


def account_name(typed: str) -> str:
    """The account that a phone number stands for, or what was typed; full-width digits and spaces do not matter."""
    text = normalised(typed)
    if not is_phone(text):
        return text
    user = User.objects.filter(phone=text).only("username").first()
    return user.username if user is not None else text


def normalised(typed: str) -> str:
    """A phone number or account name in the one spelling that is stored and looked for."""
    return unicodedata.normalize("NFKC", typed).replace(" ", "")


def is_phone(text: str) -> bool:
    try:
        PHONE(text)
    except ValidationError:
        return False
    return True


class OpenedAccount(NamedTuple):
    """The account, and whether it is new: one that was there before keeps its e-mail address and its password."""

    user: User
    is_new: bool


def open_account(
    *, actor: Actor, practitioner_id: int, phone: str, email: str = "", password: str | None = None, at: datetime
) -> OpenedAccount:
    """Let a practitioner sign in with a phone number. Somebody who has an account already gets a further seat on it.

    Without a password the person sets one through "忘记密码" or is given one by the administrator
    (``account_correction``).
    """
    with transaction.atomic():
        practitioner = (
            Practitioner.objects.select_for_update(of=("self",)).select_related("institution").get(pk=practitioner_id)
        )
        if actor.user is not None:
            access.require(actor, "people.manage", practitioner.institution)
        if practitioner.user_id is not None:
            raise ValidationError({"phone": "该人员已有账号。"})
        phone = normalised(phone)
        user = User.objects.filter(phone=phone).first()
        if user is not None and user == actor.user:
            raise ValidationError({"phone": "不能为本人的账号关联人员。请由本机构其他管理人员或上级机构办理。"})
        if user is not None and user.name != practitioner.name:
            raise ValidationError({"phone": "该手机号码已由他人使用，请核对号码。"})
        if user is not None and Practitioner.objects.filter(province_id=practitioner.province_id, user=user).exists():
            raise ValidationError({"phone": "该手机号码的账号属于本省另一名同名人员，请核对号码。"})
        is_new = user is None
        if user is None:
            user = User(username=f"{BY_PHONE}{uuid4().hex[:12]}", phone=phone, name=practitioner.name, email=email)
            user.set_password(password)
            user.full_clean(exclude=["password"])
            user.save()
        practitioner.user = user
        practitioner.save(update_fields=["user"])
        Seat.objects.create(user=user, province_id=practitioner.province_id, practitioner=practitioner)
        journal.record(
            actor=actor, act="account.open", subject=practitioner, institution=practitioner.institution, at=at
        )
    return OpenedAccount(user, is_new)


def open_staff_account(
    *,
    actor: Actor,
    institution: Institution,
    username: str,
    name: str,
    email: str = "",
    password: str | None = None,
    at: datetime,
) -> User:
    """An account for somebody who is to hold a post; it opens no door until a post is given.

    Raises ValidationError with a sentence per field.
    """
    with transaction.atomic():
        access.require(actor, "posts.manage", institution)
        username = normalised(username)
        # Signing in does not look at capitals, so that two accounts must differ in more.
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError({"username": "该工作账号已被使用，请换一个。"})
        user = User(username=username, name=name, email=email)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        journal.record(actor=actor, act="account.open_staff", subject=user, institution=institution, at=at)
    return user
