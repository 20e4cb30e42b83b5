"""Pages that correct an account, reached from the person or from the post that it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from institutions import account_correction
from institutions.access import gate
from institutions.account_forms import AccountCorrectionForm
from institutions.form_pages import carried_out, form_page
from institutions.models import Post, Practitioner, Seat, User

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@gate("people.manage")
@read_or_send
def of_person(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    practitioner = get_object_or_404(Practitioner.objects.visible_to(request.actor), pk=practitioner_id)
    seat = get_object_or_404(account_correction.seats(request.actor), practitioner=practitioner)
    person = (practitioner.name, reverse("person", args=[practitioner.pk]))
    return _correct(request, seat, crumbs=[("人员", reverse("people")), person])


@gate("posts.manage")
@read_or_send
def of_post(request: HttpRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.actor), pk=post_id)
    seat = get_object_or_404(account_correction.seats(request.actor), post=post)
    return _correct(request, seat, crumbs=[("岗位", reverse("posts"))])


def _correct(request: HttpRequest, seat: Seat, *, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """The form, and back to where it was opened from; who may not is told so before anything is typed."""
    account_correction.require_reach(actor=request.actor, seat=seat)
    form = AccountCorrectionForm(request.POST or None, user=seat.user)

    def act(values: dict[str, Any]) -> User:
        return account_correction.correct_account(actor=request.actor, seat_id=seat.pk, at=timezone.now(), **values)

    if carried_out(form, act) is not None:
        messages.success(request, f"{seat.user}的账号已更正。")
        return redirect(crumbs[-1][1])
    title = f"{seat.user}：更正账号"
    return form_page(request, form, title=title, button="更正账号", crumbs=crumbs, note="account")
