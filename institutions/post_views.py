"""Pages about posts: who holds which, appoint, end; staff accounts for people who are to hold one."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cme_portal.foundation.clock import today
from cme_portal.foundation.paging import BoundedPaginator
from institutions import posts, sign_in
from institutions.access import gate
from institutions.account_forms import StaffAccountForm
from institutions.body_choice import choice_of, choice_page
from institutions.form_pages import carried_out, form_page
from institutions.models import Institution, Post, User
from institutions.post_forms import AppointmentForm, EndPostForm, PostFilterForm
from institutions.queries import PostQuerySet, starts_with

PAGE_ROWS = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@gate("posts.manage")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The posts on the administrator's body and everything below it."""
    on = today(timezone.now())
    form = PostFilterForm(request.GET)
    rows = _narrowed(Post.objects.visible_to(request.actor), form.chosen, on=on)
    rows = rows.select_related("user", "institution").order_by("institution__path", "role", "since", "pk")
    context = {
        "form": form,
        "page": BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "institution": request.actor.institution,
        "today": on,
    }
    return render(request, "institutions/posts.html", context)


@gate("posts.manage")
@read_or_send
def appoint(request: HttpRequest) -> HttpResponse:
    manager = request.actor.institution
    bodies = Institution.objects.within(manager).open()
    choice = choice_of(request, bodies, field="institution", default=manager)
    if choice.body is None and not request.POST:
        return choice_page(request, bodies, field="institution", title="任命岗位", label="机构", crumbs=_crumbs())
    initial = {name: request.GET.get(name, "") for name in ("account", "name")}
    form = AppointmentForm(request.POST or None, choice=choice, initial=initial)

    def act(values: dict[str, Any]) -> Post:
        user = _user(values.pop("account"), values.pop("name"))
        if user is None:
            raise ValidationError({"account": "没有账号与姓名均相符的人员。请核对，或先为其开通工作账号。"})
        return posts.appoint(actor=request.actor, user=user, at=timezone.now(), **values)

    if (post := carried_out(form, act)) is not None:
        messages.success(request, f"已任命{post.user}：{post.institution}，{post.get_role_display()}。")
        return redirect("posts")
    return form_page(request, form, title="任命岗位", button="任命", crumbs=_crumbs(), note="appoint")


@gate("posts.manage")
@read_or_send
def end(request: HttpRequest, post_id: int) -> HttpResponse:
    visible = Post.objects.visible_to(request.actor).select_related("user", "institution")
    post = get_object_or_404(visible, pk=post_id)
    form = EndPostForm(request.POST or None, initial={"until": today(timezone.now())})

    def act(values: dict[str, Any]) -> Post:
        return posts.end(actor=request.actor, post_id=post.pk, at=timezone.now(), **values)

    if (ended := carried_out(form, act)) is not None:
        messages.success(request, f"{post.user}在{post.institution}的岗位自 {ended.until} 起终止。")
        return redirect("posts")
    title = f"终止岗位：{post.user}，{post.institution}，{post.get_role_display()}"
    return form_page(request, form, title=title, button="终止岗位", crumbs=_crumbs())


@gate("posts.manage")
@read_or_send
def open_account(request: HttpRequest) -> HttpResponse:
    """A staff account; the next page gives its holder a post."""
    form = StaffAccountForm(request.POST or None)

    def act(values: dict[str, Any]) -> User:
        return sign_in.open_staff_account(
            actor=request.actor, institution=request.actor.institution, at=timezone.now(), **values
        )

    if (user := carried_out(form, act)) is not None:
        messages.success(request, f"工作账号 {user.username} 已开通，请任命岗位。")
        return redirect(f"{reverse('post-new')}?{urlencode({'account': user.username, 'name': user.name})}")
    return form_page(request, form, title="开通工作账号", button="开通", crumbs=_crumbs())


def _crumbs() -> list[tuple[str, str]]:
    return [("岗位", reverse("posts"))]


def _user(account: str, name: str) -> User | None:
    """Account and name must both fit, so that nobody learns whose an account is by trying."""
    return User.objects.filter(username=sign_in.account_name(account), name=name.strip(), is_active=True).first()


def _narrowed(rows: PostQuerySet, chosen: dict[str, Any], *, on: date) -> PostQuerySet:
    if "role" in chosen:
        rows = rows.filter(role=chosen["role"])
    held = chosen.get("held", "")
    if held == "ended":
        rows = rows.filter(until__lte=on)
    elif held != "all":
        rows = rows.filter(Q(until=None) | Q(until__gt=on))
    if "q" in chosen:
        text = chosen["q"].strip()
        rows = rows.filter(
            starts_with("user__name", text) | Q(user__username=text) | Q(institution__name__contains=text)
        )
    return rows
