"""Correcting an account that exists: a number that was mistyped or has changed, a password for somebody without e-mail.

Whoever sets a password could sign in with it. So an administrator corrects an account only if all of its seats lie within the
administrator's own body: then it opens no door that the administrator could not open to anybody.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from cme_portal.foundation import journal
from institutions import access, notifications, tree
from institutions.actors import Actor
from institutions.models import Institution, Seat, User
from institutions.sign_in import normalised

WORDS = {"phone": "手机号码", "email": "电子邮箱", "password": "密码"}


def correct_account(
    *,
    actor: Actor,
    seat_id: int,
    phone: str = "",
    email: str = "",
    email_removed: bool = False,
    password: str = "",
    at: datetime,
) -> User:
    """Give the account that has the seat another phone number, e-mail address or password; what is empty stays as it is.

    Another number or password ends all of its sessions. Raises Denied with the sentence that says who may do it instead, and
    ValidationError with a sentence per field.
    """
    with transaction.atomic():
        seat = seats(actor).get(pk=seat_id)
        # Locked, nobody is given a further seat while it is asked where they all are.
        user = User.objects.select_for_update().get(pk=seat.user_id)
        require_reach(actor=actor, seat=seat)
        former_emails = _emails(user)
        changed = _changed(user, phone=normalised(phone), email=email, email_removed=email_removed, password=password)
        user.full_clean(exclude=["password"])
        user.save(update_fields=changed)
        if "email" in changed:
            # Those that django-allauth noted would still receive the link that sets a password.
            EmailAddress.objects.filter(user=user).delete()
        if {"phone", "password"} & set(changed):
            for session in UserSession.objects.filter(user=user):
                session.end()
        journal.record(
            actor=actor,
            act="account.correct",
            subject=seat.practitioner or user,
            institution=_body(seat),
            at=at,
            detail=dict.fromkeys(changed, True),
        )
        notifications.notify(
            user=user,
            province_id=actor.province_id,
            key=f"account.correct:{at.isoformat()}",
            title=f"{actor.institution}更正了您的账号",
            body=f"更正内容：{'、'.join(WORDS[one] for one in changed)}。如非本人要求，请立即联系该机构。",
            # Whoever takes over an account begins with its address: the owner hears of it at those that were taken away.
            former_emails=sorted(former_emails - {user.email}) if "email" in changed else (),
            at=at,
        )
    return user


def seats(actor: Actor) -> QuerySet[Seat]:
    """The seats of the actor's province, with the bodies they are on."""
    return Seat.objects.filter(province_id=actor.province_id).select_related(
        "user", "practitioner__institution", "post__institution"
    )


def require_reach(*, actor: Actor, seat: Seat) -> None:
    """Raise Denied unless the actor manages the seat's body, and every other body that the account has a seat on."""
    access.require(actor, "people.manage" if seat.practitioner is not None else "posts.manage", _body(seat))
    if seat.user_id == actor.user.pk:
        msg = "不能更正本人的账号。密码请在右上角“修改密码”中更改；其他更正请由本机构其他管理人员或上级机构办理。"
        raise access.Denied(msg)
    if Seat.objects.filter(user=seat.user_id).exclude(province_id=actor.province_id).exists():
        msg = "该账号同时用于其他省份，本省不能更正。请由本人通过“忘记密码”重设密码；其他更正请由平台运行维护单位办理。"
        raise access.Denied(msg)
    paths = [_body(one).path for one in seats(actor).filter(user=seat.user_id)]
    lowest = next(
        body for body in tree.ancestors(actor.institution) if all(path.startswith(body.path) for path in paths)
    )
    if lowest != actor.institution:
        msg = f"该人员在您的管理范围以外另有身份，不能更正其账号。请由{lowest}的人员与岗位管理人员办理。"
        raise access.Denied(msg)


def _body(seat: Seat) -> Institution:
    return seat.post.institution if seat.post is not None else seat.practitioner.institution


def _emails(user: User) -> set[str]:
    """The address that the account uses, and those beside it that their owner has confirmed."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {user.email, *confirmed} - {""}


def _changed(user: User, *, phone: str, email: str, email_removed: bool, password: str) -> list[str]:
    """Set the new values; answers the names of the fields that are others now."""
    changed = []
    if phone and phone != user.phone:
        if User.objects.filter(phone=phone).exists():
            raise ValidationError({"phone": "该手机号码已由他人使用，请核对号码。"})
        user.phone = phone
        changed.append("phone")
    if email_removed or (email and email.lower() != user.email):
        user.email = "" if email_removed else email
        changed.append("email")
    if password:
        user.set_password(password)
        changed.append("password")
    if not changed:
        raise ValidationError("没有需要更正的内容。填写的与现有的相同。")
    if not user.email and not user.has_usable_password():
        raise ValidationError({"password": "请填写电子邮箱或初始密码，否则本人无法登录。"})
    return changed
