"""Notifications: a row for the person, and an e-mail where an address is known. Delivered from the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cme_portal.foundation import outbox
from cme_portal.foundation.workdays import add_working_days
from institutions.enums import ApprovalState, Role, Verdict
from institutions.models import Approval, Decision, Institution, Notification, Post, User
from institutions.tree import ancestors

ESCALATE_AFTER_WORKING_DAYS = 5


def notify(
    *,
    user: User,
    province_id: int,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    former_emails: Collection[str] = (),
    at: datetime,
) -> Notification | None:
    """Tell somebody something once: a second call with the same key does nothing and answers None.

    ``former_emails`` are told as well: addresses that the account has just lost, perhaps not by its owner's will.
    """
    with transaction.atomic():
        notification = Notification(province_id=province_id, user=user, key=key, title=title, body=body, url=url, at=at)
        notification.former_emails = list(former_emails)
        Notification.objects.bulk_create([notification], ignore_conflicts=True)
        notification = Notification.objects.get(province_id=province_id, user=user, key=key)
        if notification.at != at:
            return None
        for kind, addresses in (("notification.mail", user.email), ("notification.mail_former", former_emails)):
            if addresses:
                outbox.add(
                    kind,
                    province_id=province_id,
                    payload={"notification": notification.pk},
                    key=f"{kind}:{notification.pk}",
                    at=at,
                )
    return notification


@outbox.handler("notification.mail")
def send_mail(payload: dict[str, Any], *, at: datetime) -> None:
    notification = _to_be_mailed(payload)
    _send(notification, to=[notification.user.email])


@outbox.handler("notification.mail_former")
def send_mail_to_former_addresses(payload: dict[str, Any], *, at: datetime) -> None:
    """None of them learns of the others, which somebody else may have given the account."""
    notification = _to_be_mailed(payload)
    _send(notification, bcc=notification.former_emails)
    notification.former_emails = []
    notification.save(update_fields=["former_emails"])


def _to_be_mailed(payload: dict[str, Any]) -> Notification:
    return Notification.objects.select_related("user", "province").get(pk=payload["notification"])


def _send(notification: Notification, *, to: Sequence[str] = (), bcc: Sequence[str] = ()) -> None:
    """The e-mail says what happened and links to the page; the Message-ID lets mail systems drop a second copy."""
    link = f"{settings.PORTAL_URL}{notification.url}" if notification.url else settings.PORTAL_URL
    EmailMessage(
        # What somebody typed may hold a line break, which no header may.
        subject=" ".join(f"[{notification.province.portal_name}] {notification.title}".split()),
        body=f"{notification.title}\n\n{notification.body}\n\n{link}\n",
        to=to,
        bcc=bcc,
        headers={"Message-ID": f"<notification-{notification.pk}@{settings.PORTAL_HOST}>"},
    ).send()


@outbox.handler("approval.moved")
def tell_practitioner(payload: dict[str, Any], *, at: datetime) -> None:
    """After each decision the practitioner learns what it was and what to do."""
    decision = (
        Decision.objects.select_related("approval__practitioner__user", "institution")
        .filter(pk=payload["decision"])
        .first()
    )
    if decision is None:
        return
    approval = decision.approval
    user, sentence = approval.practitioner.user, _sentence(decision)
    if user is None or sentence is None:
        return
    notify(
        user=user,
        province_id=approval.province_id,
        key=f"approval:{decision.pk}",
        title=f"{sentence}：{approval.title}"[:120],
        body=_body(decision),
        url=approval.subject.get_absolute_url(),
        at=at,
    )


def _sentence(decision: Decision) -> str | None:
    where = decision.institution.name if decision.institution else ""
    approval = decision.approval
    match decision.verdict:
        case Verdict.APPROVE if approval.state == ApprovalState.APPROVED and decision.version == approval.version:
            return "学分已认定"
        case Verdict.APPROVE:
            return f"{where}审核通过"
        case Verdict.RETURN:
            return f"{where}退回补正，请按意见修改后重新提交"
        case Verdict.REJECT:
            return f"{where}审核不通过"
        case Verdict.UNDO:
            return f"{where}撤销了刚才的审核，正在重新办理"
        case _:
            return None


def _body(decision: Decision) -> str:
    """The officer's words, after what was granted otherwise than declared."""
    amended = decision.approval.subject.amended if decision.verdict == Verdict.APPROVE else ""
    return "\n".join(filter(None, [amended, decision.reason]))[:500]


def remind_and_escalate(*, at: datetime) -> tuple[int, int]:
    """In the entered province: remind the officers of overdue approvals; five working days later tell the body above.

    Answers how many approvals were reminded of and escalated. What was told once is not told again.
    """
    today = timezone.localdate(at)
    overdue = Approval.objects.filter(state=ApprovalState.WAITING, promised_on__lt=today, reminded_at=None)
    reminded = _tell_holders(overdue, mark="reminded_at", at=at)
    long_ago = add_working_days(today, -ESCALATE_AFTER_WORKING_DAYS)
    stuck = Approval.objects.filter(state=ApprovalState.WAITING, promised_on__lt=long_ago, escalated_at=None)
    escalated = _tell_holders(stuck, mark="escalated_at", above=True, at=at)
    return reminded, escalated


def _tell_holders(approvals: Any, *, mark: str, at: datetime, above: bool = False) -> int:
    told = 0
    holders = Institution.objects.filter(pk__in=approvals.order_by().values("holder").distinct())
    for holder in holders:
        with transaction.atomic():
            rows = approvals.filter(holder=holder).select_for_update(skip_locked=True)
            count = Approval.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(**{mark: at})
            if not count:
                continue
            told += count
            title = (
                f"{holder.name}有 {count} 条申报超过承诺日期仍未审核"
                if above
                else f"有 {count} 条申报已超过承诺的审核日期"
            )
            on = timezone.localdate(at)
            for officer in _officers_above(holder, on=on) if above else _officers(holder, on=on):
                notify(
                    user=officer,
                    province_id=holder.province_id,
                    # The marks set above keep it from being told twice; the moment tells one such message from the next.
                    key=f"{mark}:{holder.pk}:{at.isoformat()}",
                    title=title,
                    body="请尽快办理，或督促相关机构办理。" if above else "请尽快审核。",
                    url=reverse("inbox-overdue" if above and holder.parent_id is not None else "inbox"),
                    at=at,
                )
    return told


def _officers_above(holder: Institution, *, on: date) -> Collection[User]:
    """Those of the nearest body above that has any; the root has nobody above it."""
    for body in ancestors(holder)[1:] or [holder]:
        if officers := _officers(body, on=on):
            return officers
    return ()


def _officers(institution: Institution, *, on: date) -> Collection[User]:
    posts = Post.objects.filter(institution=institution, role=Role.REVIEWER).held_on(on).select_related("user")
    return {post.user_id: post.user for post in posts}.values()
