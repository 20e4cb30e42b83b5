"""Pages about people: find them, register, take over, move, promote, open accounts, see the full number for a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Prefetch, Subquery
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cme_portal.foundation.paging import BoundedPaginator
from institutions import access, employment, inbox, people, sign_in, standing
from institutions.access import gate
from institutions.account_forms import AccountForm
from institutions.actors import Actor
from institutions.body_choice import Choice, choice_of, choice_page
from institutions.enums import ApprovalState, Tier
from institutions.form_pages import carried_out, form_page
from institutions.models import Approval, Institution, Practitioner, TitleAppointment
from institutions.people_forms import (
    CorrectionForm,
    EmployForm,
    LeavingForm,
    PeopleFilterForm,
    ReasonForm,
    RegistrationForm,
    StartForm,
    TitleForm,
    TransferForm,
)
from institutions.queries import InstitutionQuerySet, PractitionerQuerySet, below

PAGE_ROWS = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@gate("people.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The people of the territory, with how they stand this year."""
    actor, at = request.actor, timezone.now()
    source = standing.source()
    form = PeopleFilterForm(request.GET, bodies=inbox.bodies_below(actor.institution), standings=source.choices())
    chosen = form.chosen
    rows = _narrowed(Practitioner.objects.visible_to(actor), chosen)
    if "standing" in chosen:
        rows = source.narrow(rows, chosen["standing"], province=actor.province, at=at)
    rows = rows.select_related("institution", "department").prefetch_related(
        Prefetch("titles", queryset=TitleAppointment.objects.order_by("-since"))
    )
    page = BoundedPaginator(rows.order_by("name_sort", "pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "chosen": chosen,
        "page": page,
        "people": _with_standing(list(page), source.of(list(page), province=actor.province, at=at)),
        "may_manage": access.allowed(actor, "people.manage"),
        "institution": actor.institution,
        "shows_standing": bool(source.choices()),
    }
    return render(request, "institutions/people.html", context)


@gate("people.view")
@require_safe
def person(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    return _person_page(request, _visible(request, practitioner_id))


@gate("people.manage")
@read_or_send
def register(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor
    choice = _unit_of(request)
    if choice.body is None and not request.POST:
        return _unit_choice(request, title="登记人员")
    form = RegistrationForm(request.POST or None, choice=choice)

    def act(values: dict[str, Any]) -> Practitioner:
        return people.register(actor=actor, at=timezone.now(), **values)

    if (practitioner := carried_out(form, act)) is not None:
        messages.success(request, f"已登记{practitioner.name}。")
        return redirect("person", practitioner.pk)
    errors = form.errors.as_data().get("national_id", [])
    known = next((one.practitioner for one in errors if isinstance(one, people.RegisteredHere)), None)
    address = reverse("person", args=[known.pk]) if known is not None else ""
    return form_page(
        request, form, title="登记人员", button="登记", crumbs=[_list_crumb()], note="register", known=address
    )


@gate("people.manage")
@read_or_send
def transfer(request: HttpRequest) -> HttpResponse:
    """Take over somebody who works at another body of the province; found by name and number together."""
    actor: Actor = request.actor
    choice = _unit_of(request)
    if choice.body is None and not request.POST:
        return _unit_choice(request, title="调入人员")
    form = TransferForm(request.POST or None, choice=choice)

    def act(values: dict[str, Any]) -> Practitioner:
        at = timezone.now()
        found = people.registered(actor=actor, name=values.pop("name"), national_id=values.pop("national_id"), at=at)
        if found is None:
            raise ValidationError("本省没有姓名与身份证号码均相符的人员。请核对，或登记为新人员。")
        employment.employ(actor=actor, practitioner_id=found.pk, at=at, **values)
        return found

    if (practitioner := carried_out(form, act)) is not None:
        messages.success(request, f"已将{practitioner.name}调入。")
        return redirect("person", practitioner.pk)
    return form_page(request, form, title="调入人员", button="调入", crumbs=[_list_crumb()])


@gate("people.manage")
@read_or_send
def correct(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    practitioner = _visible(request, practitioner_id)
    # The number is not shown to be corrected: seeing it is an act of its own.
    shown = CorrectionForm.base_fields.keys() - {"national_id"}
    initial = {name: getattr(practitioner, name) for name in shown}
    form = CorrectionForm(request.POST or None, initial=initial)
    return _act_on(request, practitioner, form, people.correct, title="更正登记信息", done="登记信息已更正。")


@gate("people.manage")
@read_or_send
def employ(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    practitioner = _visible(request, practitioner_id)
    title, done = ("重新任职", "已登记重新任职。") if practitioner.left_on else ("办理调动", "调动已登记。")
    choice = _unit_of(request, practitioner)
    if choice.body is None and not request.POST:
        return _unit_choice(request, title=f"{practitioner.name}：{title}")
    form = EmployForm(request.POST or None, choice=choice, initial={"department": practitioner.department_id})
    return _act_on(request, practitioner, form, employment.employ, title=title, done=done)


@gate("people.manage")
@read_or_send
def correct_start(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    practitioner = _visible(request, practitioner_id)
    present = practitioner.employments.filter(until=None).first()
    form = StartForm(request.POST or None, initial={"since": present.since if present is not None else None})
    act = employment.correct_start
    return _act_on(request, practitioner, form, act, title="更正起始日期", done="起始日期已更正。")


@gate("people.manage")
@read_or_send
def leave(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    form = LeavingForm(request.POST or None)
    practitioner = _visible(request, practitioner_id)
    waiting = Approval.objects.filter(
        province_id=practitioner.province_id, practitioner=practitioner, state=ApprovalState.WAITING
    ).count()
    told = f"还有 {waiting} 项申报正在审核，离职后仍由原审核单位办结。" if waiting else ""
    return _act_on(request, practitioner, form, employment.leave, title="登记离职", done="离职已登记。", told=told)


@gate("people.manage")
@read_or_send
def take_back_leaving(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    practitioner = _visible(request, practitioner_id)
    form = Form(request.POST if request.method == "POST" else None)
    return _act_on(
        request,
        practitioner,
        form,
        employment.take_back_leaving,
        title="撤回离职登记",
        done="离职登记已撤回。",
        told=f"撤回后，在{practitioner.institution}的任职视为没有终止，可以继续提交申报。",
    )


@gate("people.manage")
@read_or_send
def promote(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    form = TitleForm(request.POST or None)
    practitioner = _visible(request, practitioner_id)
    return _act_on(request, practitioner, form, people.promote, title="登记职称", done="职称已登记。")


@gate("people.manage")
@read_or_send
def open_account(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    form = AccountForm(request.POST or None)
    practitioner = _visible(request, practitioner_id)

    def done(opened: sign_in.OpenedAccount) -> str:
        if opened.is_new:
            return "账号已开通，以手机号码登录。"
        return "已关联本人原有账号，密码和电子邮箱不变；本次填写的未采用。"

    return _act_on(request, practitioner, form, sign_in.open_account, title="开通账号", done=done)


@gate("people.reveal")
@read_or_send
def reveal(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    """The full number stands on the answer to the POST only: it is in no address and on no page to come back to."""
    practitioner = _visible(request, practitioner_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        number = people.reveal_national_id(
            actor=request.actor,
            practitioner_id=practitioner.pk,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        response = _person_page(request, practitioner, national_id=number)
        response["Cache-Control"] = "private, no-store"
        return response
    crumbs = [_list_crumb(), _crumb(practitioner)]
    return form_page(request, form, title="查看完整身份证号码", button="查看", crumbs=crumbs)


def _person_page(request: HttpRequest, practitioner: Practitioner, *, national_id: str = "") -> HttpResponse:
    actor: Actor = request.actor
    request.seen.append(("practitioner.view", practitioner, practitioner.institution))
    context = {
        "person": practitioner,
        "national_id": national_id,
        "standing": standing.source()
        .of([practitioner], province=actor.province, at=timezone.now())
        .get(practitioner.pk),
        "employments": practitioner.employments.select_related("institution", "department").order_by("-since"),
        "titles": practitioner.titles.order_by("-since"),
        "may_manage": access.allowed(actor, "people.manage", practitioner.institution),
        "may_reveal": access.allowed(actor, "people.reveal", practitioner),
        "crumbs": [_list_crumb()],
        "here": practitioner.name,
    }
    return render(request, "institutions/person.html", context)


def _act_on(
    request: HttpRequest,
    practitioner: Practitioner,
    form: Form,
    act: Callable[..., Any],
    *,
    title: str,
    done: str | Callable[[Any], str],
    told: str = "",
) -> HttpResponse:
    """One form, one act on one person, back to the person. ``done`` says so, or makes the sentence of the act's answer."""

    def carry_out(values: dict[str, Any]) -> Any:
        return act(actor=request.actor, practitioner_id=practitioner.pk, at=timezone.now(), **values)

    if (answer := carried_out(form, carry_out)) is not None:
        messages.success(request, done(answer) if callable(done) else done)
        return redirect("person", practitioner.pk)
    crumbs = [_list_crumb(), _crumb(practitioner)]
    return form_page(request, form, title=f"{practitioner.name}：{title}", button=title, crumbs=crumbs, told=told)


def _units(request: HttpRequest) -> InstitutionQuerySet:
    return Institution.objects.within(request.actor.institution).open().filter(tier=Tier.UNIT)


def _unit_of(request: HttpRequest, practitioner: Practitioner | None = None) -> Choice:
    """Where the form employs: at first where the person works, or the administrator's own unit."""
    units, manager = _units(request), request.actor.institution
    default = manager if manager.tier == Tier.UNIT else None
    if practitioner is not None:
        default = units.filter(pk=practitioner.institution.pk).first()
    return choice_of(request, units, field="institution", default=default)


def _unit_choice(request: HttpRequest, *, title: str) -> HttpResponse:
    return choice_page(
        request, _units(request), field="institution", title=title, label="用人单位", crumbs=[_list_crumb()]
    )


def _narrowed(rows: PractitionerQuerySet, chosen: dict[str, Any]) -> PractitionerQuerySet:
    rows = rows.search(chosen.get("q", ""))
    if "title" in chosen:
        appointments = TitleAppointment.objects.filter(practitioner=OuterRef("pk")).order_by("-since")
        rows = rows.annotate(newest_title=Subquery(appointments.values("title")[:1]))
        rows = rows.filter(newest_title=chosen["title"])
    if "employed" in chosen:
        rows = rows.filter(left_on__isnull=chosen["employed"] == "yes")
    body: Institution | None = chosen.get("body")
    if body is None:
        return rows
    if body.tier == Tier.DEPARTMENT:
        return rows.filter(department=body)
    return rows.filter(below("institution__path", body.path))


def _with_standing(
    practitioners: list[Practitioner], standings: Any
) -> list[tuple[Practitioner, TitleAppointment | None, standing.Standing | None]]:
    return [(one, next(iter(one.titles.all()), None), standings.get(one.pk)) for one in practitioners]


def _visible(request: HttpRequest, practitioner_id: int) -> Practitioner:
    rows = Practitioner.objects.visible_to(request.actor).select_related("institution", "department", "user")
    return get_object_or_404(rows, pk=practitioner_id)


def _list_crumb() -> tuple[str, str]:
    return "人员", reverse("people")


def _crumb(practitioner: Practitioner) -> tuple[str, str]:
    return practitioner.name, reverse("person", args=[practitioner.pk])
