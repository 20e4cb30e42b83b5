"""What templates/base.html needs on every page.

| variable | what it is |
| --- | --- |
| `portal` | `name`, `short_name`, `authority`, `emblem` (one character), `palette` (blue, green, teal, red or violet) |
| `demo` | True in a demonstration: every page says so |
| `appearance` | `size` ("large" or not), `theme` ("light", "dark" or "" for the system's) |
| `navigation` | list of `Item`: the main navigation of the current seat |
| `tabs` | list of at most five `Item`: the bar at the bottom of a practitioner's phone; empty for officers |
| `seat`, `seats` | the `Hat` worn now (or None), and all that the user may wear; both empty after a failure |
| `has_other_seats` | True for somebody with more than one seat, after a failure too |
| `unread` | unread notifications in the current province: "3", "99+", or "" for none |
| `account_links`, `footer_links` | lists of `Item` |
| `links` | addresses: `home`, `sign_in`, `sign_out`, `notifications`, `switch_seat`, `appearance` |

A page adds `crumbs` (pairs of label and address, from the first page down to the one above) and `here` (its own label).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cme_portal.pages.appearance import appearance_of
from institutions.access import PRACTITIONER, seat_of
from institutions.actors import Actor
from institutions.enums import Role
from institutions.models import Approval, Notification, Post, Province, Seat

PRACTITIONER_ROLE = "卫生专业技术人员"
PHONE_TABS = 5
INBOX = "inbox"
DECLARE = "claim-new"
# A count in the navigation says how much waits, not how much exactly.
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Item:
    """A link of a navigation; ``count`` is what waits behind it."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class Portal:
    name: str
    short_name: str
    authority: str
    emblem: str
    palette: str


@dataclass(frozen=True, slots=True)
class Hat:
    """A seat as people see it: what one is there, and where."""

    key: int
    role: str
    place: str
    icon: str
    current: bool


# Before a province is known: the sign-in page, the public pages, somebody without a seat.
NATIONAL = Portal("继续医学教育学分管理平台", "继教学分", "各省级卫生健康行政部门", "医", "blue")

# (label, name of the address, icon) of the pages of each seat; the first is where it begins.
NAVIGATION: dict[str, tuple[tuple[str, str, str], ...]] = {
    PRACTITIONER: (
        ("我的学分", "practitioner-home", "home"),
        ("申报学分", DECLARE, "file-plus"),
        ("申报记录", "claims", "list-check"),
        ("证书", "my-certificates", "certificate"),
        ("规定", "regulation", "book"),
    ),
    Role.REVIEWER: (
        ("待审核", INBOX, "clipboard-check"),
        ("人员", "people", "users"),
        ("规定", "regulation", "book"),
    ),
    Role.CERTIFIER: (
        ("证书", "certificates", "certificate"),
        ("人员", "people", "users"),
        ("规定", "regulation", "book"),
    ),
    Role.AUDITOR: (
        ("操作日志", "journal", "history"),
        ("证书", "certificates", "certificate"),
        ("人员", "people", "users"),
        ("规定", "regulation", "book"),
    ),
    Role.ADMINISTRATOR: (
        ("人员", "people", "users"),
        ("机构", "bodies", "building-hospital"),
        ("岗位", "posts", "id"),
        ("规定", "regulation", "book"),
    ),
}
PUBLIC = (
    ("查验证书", "verify", "shield-check"),
    ("学分计算", "calculator", "calculator"),
    ("规定", "regulations", "book"),
)
ACCOUNT = (
    ("电子邮箱", "account_email", "mail"),
    ("修改密码", "account_change_password", "key"),
    ("两步验证", "mfa_index", "shield-check"),
    ("登录设备", "usersessions_list", "devices"),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the frame around every page."""
    actor: Actor | None = getattr(request, "actor", None)
    # After a view that failed the transaction takes no more questions: the error page goes without seats and counts.
    asking = actor if actor is not None and actor.user is not None and not connection.needs_rollback else None
    waiting = {INBOX: _waiting(asking)} if asking is not None and seat_of(asking) == Role.REVIEWER else {}
    navigation = _items(_pages_of(actor) if actor is not None else PUBLIC, request.path, waiting)
    hats = _hats(request, asking) if asking is not None else []
    return {
        "portal": _portal(actor.province) if actor is not None else NATIONAL,
        "demo": settings.DEMO_MODE,
        "appearance": appearance_of(request),
        "navigation": navigation,
        "tabs": navigation[:PHONE_TABS] if actor is not None and actor.practitioner is not None else [],
        "seats": hats,
        "has_other_seats": len(getattr(request, "seats", [])) > 1,
        "seat": next((hat for hat in hats if hat.current), None),
        "unread": _unread(asking) if asking is not None else "",
        "account_links": _items(ACCOUNT, request.path),
        "footer_links": _items(PUBLIC, request.path),
        "links": {
            "home": reverse("home"),
            "sign_in": reverse("account_login"),
            "sign_out": reverse("account_logout"),
            "notifications": reverse("notifications"),
            "switch_seat": reverse("seat-switch"),
            "appearance": reverse("appearance"),
        },
    }


def _portal(province: Province) -> Portal:
    return Portal(
        name=province.portal_name,
        short_name=f"{province.short_name}继教学分",
        authority=province.authority,
        emblem=province.short_name[:1],
        palette=province.palette,
    )


def _pages_of(actor: Actor) -> tuple[tuple[str, str, str], ...]:
    """The pages of a seat; whoever works nowhere has nobody to declare credits to."""
    pages = NAVIGATION[seat_of(actor)]
    if actor.practitioner is None or actor.practitioner.left_on is None:
        return pages
    return tuple(page for page in pages if page[1] != DECLARE)


def _items(pages: tuple[tuple[str, str, str], ...], path: str, counts: Mapping[str, str] | None = None) -> list[Item]:
    """Links to the pages; the one whose address is the longest beginning of ``path`` is the current one."""
    found = [(label, name, reverse(name), icon) for label, name, icon in pages]
    here = max((url for _, _, url, _ in found if path.startswith(url)), key=len, default="")
    return [Item(label, url, icon, url == here, (counts or {}).get(name, "")) for label, name, url, icon in found]


def _hats(request: HttpRequest, actor: Actor) -> list[Hat]:
    """All seats of the user. Of other provinces only the name is known: their rows are behind the wall."""
    seats: list[Seat] = getattr(request, "seats", [])
    posts = Post.objects.select_related("institution").in_bulk([seat.post_id for seat in seats if seat.post_id])
    return [_hat(seat, posts.get(seat.post_id), actor) for seat in seats]


def _hat(seat: Seat, post: Post | None, actor: Actor) -> Hat:
    if seat.practitioner_id is not None:
        current = actor.practitioner is not None and actor.practitioner.pk == seat.practitioner_id
        unit = actor.practitioner.institution if current and actor.practitioner is not None else None
        return Hat(seat.pk, PRACTITIONER_ROLE, unit.name if unit else seat.province.name, "user-circle", current)
    current = actor.post is not None and actor.post.pk == seat.post_id
    if post is None:
        return Hat(seat.pk, "工作岗位", seat.province.name, "briefcase", current)
    return Hat(seat.pk, post.get_role_display(), post.institution.name, "briefcase", current)


def _unread(actor: Actor) -> str:
    return _counted(Notification.objects.filter(province_id=actor.province_id, user=actor.user, read_at=None))


def _waiting(actor: Actor) -> str:
    return _counted(Approval.objects.held_by(actor.institution))


def _counted(rows: QuerySet[Any]) -> str:
    """How many rows there are, without counting more than the reader cares for; nothing for none."""
    count = rows[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
