"""Officers' posts: guardian grants on an institution, with dates."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from guardian.shortcuts import assign_perm, remove_perm

from cme_portal.foundation import journal
from cme_portal.foundation.clock import today
from institutions import access, tree
from institutions.actors import Actor
from institutions.enums import Role
from institutions.models import Institution, Post, Seat, User


def appoint(
    *,
    actor: Actor,
    user: User,
    institution: Institution,
    role: str,
    since: date,
    until: date | None = None,
    at: datetime,
) -> Post:
    """Give ``user`` a post on ``institution`` and a seat in it. The portal itself may appoint the first administrators.

    Raises ``Denied`` for oneself, ValidationError with a sentence per field.
    """
    with transaction.atomic():
        if actor.user is not None:
            access.require(actor, "posts.manage", institution)
            if actor.user.pk == user.pk:
                msg = "不能为本人任命岗位。请由本机构其他管理人员或上级机构办理。"
                raise access.Denied(msg)
        tree.require_open(institution, field="institution")
        if until is not None and until <= since:
            raise ValidationError({"until": "终止日期应晚于起始日期。"})
        post = Post(
            province_id=institution.province_id,
            user=user,
            institution=institution,
            role=role,
            since=since,
            until=until,
            granted_by=actor.user,
        )
        post.full_clean()
        post.save()
        Seat.objects.create(user=user, province_id=institution.province_id, post=post)
        assign_perm(access.PERMISSION[Role(role)], user, institution)
        journal.record(
            actor=actor, act="post.appoint", subject=post, institution=institution, at=at, detail={"role": role}
        )
    return post


def end(*, actor: Actor, post_id: int, until: date, at: datetime) -> Post:
    """End a post: from ``until`` on it no longer holds. The seat is taken away at once when that day has come."""
    with transaction.atomic():
        post = Post.objects.select_for_update(of=("self",)).select_related("institution", "user").get(pk=post_id)
        if actor.user is not None:
            access.require(actor, "posts.manage", post.institution)
        if post.until is not None and post.until <= today(at):
            raise ValidationError({"until": f"该岗位已于 {post.until:%Y-%m-%d} 终止。需要继续任职的，请重新任命。"})
        if until < post.since:
            raise ValidationError({"until": "终止日期不能早于起始日期。"})
        if post.until is not None and until > post.until:
            msg = f"该岗位到 {post.until:%Y-%m-%d} 终止，不能延长。需要继续任职的，请重新任命。"
            raise ValidationError({"until": msg})
        change = {"until": until.isoformat()}
        if post.until is not None:
            change["until_before"] = post.until.isoformat()
        post.until = until
        post.full_clean()
        post.save(update_fields=["until"])
        _leave(post, on=today(at))
        journal.record(actor=actor, act="post.end", subject=post, institution=post.institution, at=at, detail=change)
    return post


def expire(*, on: date) -> int:
    """Take away the seats and grants of posts of the entered province that have ended. Running twice is harmless."""
    ended = Post.objects.filter(until__lte=on, seat__isnull=False).select_related("institution", "user")
    for post in ended:
        with transaction.atomic():
            _leave(post, on=on)
    return len(ended)


def _leave(post: Post, *, on: date) -> None:
    if post.until is None or post.until > on:
        return
    Seat.objects.filter(post=post).delete()
    # A post that begins later needs the grant as well: it was given when the post was, and nobody gives it again.
    others = Post.objects.filter(user=post.user, institution=post.institution, role=post.role).exclude(pk=post.pk)
    if not others.filter(Q(until=None) | Q(until__gt=on)).exists():
        remove_perm(access.PERMISSION[Role(post.role)], post.user, post.institution)
