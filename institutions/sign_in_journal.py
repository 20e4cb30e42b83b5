"""Who signed in and out or failed to, and who changed the own account, in the journal of every body where it has a seat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_added,
    email_changed,
    email_confirmed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone

from cme_portal.foundation import journal
from cme_portal.foundation.tenancy import entered
from institutions.actors import sit
from institutions.models import User
from institutions.sign_in import account_name

journal.name(
    {
        "account.sign_in": "登录",
        "account.sign_out": "退出登录",
        "account.sign_in_failed": "登录失败",
        "account.change_password": "修改本人密码",
        "account.reset_password": "通过电子邮箱重设本人密码",
        "account.add_email": "添加本人电子邮箱",
        "account.remove_email": "移除本人电子邮箱",
        "account.change_email": "更改本人电子邮箱",
    }
)


@receiver(user_logged_in)
def record_sign_in(user: User, **_: Any) -> None:
    record(user, "account.sign_in", at=timezone.now())


@receiver(user_logged_out)
def record_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:  # the session had ended by itself
        record(user, "account.sign_out", at=timezone.now())


@receiver(user_login_failed)
def record_failure(credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password for an officer's account. Delays keep the number of these small (ACCOUNT_RATE_LIMITS)."""
    typed = credentials.get("username") or ""
    user = User.objects.filter(username__iexact=account_name(typed)).first() if typed else None
    if user is not None:
        record(user, "account.sign_in_failed", at=timezone.now(), officers_only=True)


@receiver((password_changed, password_set))
def record_password(user: User, **_: Any) -> None:
    record(user, "account.change_password", at=timezone.now())


@receiver(password_reset)
def record_reset(user: User, **_: Any) -> None:
    record(user, "account.reset_password", at=timezone.now())


@receiver(email_added)
def record_added_email(user: User, **_: Any) -> None:
    record(user, "account.add_email", at=timezone.now())


@receiver(email_removed)
def record_removed_email(user: User, **_: Any) -> None:
    record(user, "account.remove_email", at=timezone.now())


@receiver(pre_save, sender=User)
def note_another_email(instance: User, update_fields: frozenset[str] | None, **_: Any) -> None:
    """django-allauth tells of addresses that were added, confirmed and removed, not of the one that the account now uses."""
    if update_fields is not None and "email" in update_fields:
        instance.uses_another_email = not User.objects.filter(pk=instance.pk, email=instance.email).exists()


@receiver((email_confirmed, email_removed))
def record_email(email_address: EmailAddress, **_: Any) -> None:
    if email_address.user.uses_another_email:
        record(email_address.user, "account.change_email", at=timezone.now())


@receiver(email_changed)
def record_primary_email(to_email_address: EmailAddress, **_: Any) -> None:
    record_email(to_email_address)


def record(user: User, act: str, *, at: datetime, officers_only: bool = False) -> None:
    """One entry a seat, so that each body's auditor finds it."""
    for seat in user.seats.filter(post__isnull=False) if officers_only else user.seats.all():
        with entered(seat.province_id):
            actor = sit(seat, on=timezone.localdate(at))
            if actor is not None:
                institution = actor.institution if actor.post is not None else actor.declarant.institution
                journal.record(actor=actor, act=act, institution=institution, at=at)
