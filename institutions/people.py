"""Practitioners on record: registering, correcting, titles, the full number. Where they work is ``employment``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from pypinyin import Style, lazy_pinyin

from cme_portal.foundation import journal, outbox
from cme_portal.foundation.clock import today
from cme_portal.foundation.encryption import keyed_index
from institutions import access, tree
from institutions.actors import Actor
from institutions.models import Approval, Employment, Institution, Practitioner, Seat, TitleAppointment, User
from institutions.national_id import clean
from institutions.queries import letters

CORRECTABLE = (
    "name",
    "national_id",
    "profession",
    "licensed",
    "licence_number",
    "residency_in_training",
    "residency_completed",
)


class RegisteredHere(ValidationError):
    """The person of a new entry works at the body already, and need not be taken over from elsewhere."""

    def __init__(self, practitioner: Practitioner) -> None:
        super().__init__("该人员已在本单位登记，无需再次登记。")
        self.practitioner = practitioner


def register(
    *,
    actor: Actor,
    name: str,
    national_id: str,
    profession: str,
    title: str,
    title_since: date,
    institution: Institution,
    department: Institution | None = None,
    employee_number: str = "",
    employed_since: date,
    licensed: bool = True,
    licence_number: str = "",
    residency_in_training: bool = False,
    residency_completed: date | None = None,
    user: User | None = None,
    at: datetime,
) -> Practitioner:
    """Enter a person with title and employment. Raises ValidationError with a sentence per field."""
    with transaction.atomic():
        if actor.user is not None:
            access.require(actor, "people.manage", institution)
        number = _national_id(national_id, at=at)
        _refuse_registered_here(number, institution)
        refuse_future(
            at=at, employed_since=employed_since, title_since=title_since, residency_completed=residency_completed
        )
        practitioner = Practitioner(
            province_id=institution.province_id,
            user=user,
            name=name.strip(),
            name_sort=pinyin(name),
            name_initials=initials(name),
            national_id=number,
            national_id_index=keyed_index(number),
            profession=profession,
            licensed=licensed,
            licence_number=licence_number,
            residency_in_training=residency_in_training,
            residency_completed=residency_completed,
            institution=institution,
            department=department,
        )
        refuse_unfit_place(institution, department)
        practitioner.full_clean()
        practitioner.save()
        TitleAppointment.objects.create(
            province_id=institution.province_id, practitioner=practitioner, title=title, since=title_since
        )
        Employment.objects.create(
            province_id=institution.province_id,
            practitioner=practitioner,
            institution=institution,
            department=department,
            employee_number=employee_number,
            since=employed_since,
        )
        if user is not None:
            Seat.objects.create(user=user, province_id=institution.province_id, practitioner=practitioner)
        journal.record(actor=actor, act="practitioner.register", subject=practitioner, institution=institution, at=at)
    return practitioner


def correct(
    *,
    actor: Actor,
    practitioner_id: int,
    name: str = "",
    national_id: str = "",
    profession: str,
    licensed: bool,
    licence_number: str,
    residency_in_training: bool,
    residency_completed: date | None,
    at: datetime,
) -> Practitioner:
    """Correct what is registered of a person; a name or national ID number left empty stays as it is.

    The name follows where it is copied: on what is still under review, and on an account that is this person's alone.
    Certificates keep what is printed on them. Raises ValidationError with a sentence per field.
    """
    with transaction.atomic():
        under_review = Approval.objects.filter(
            province_id=actor.province_id, practitioner=practitioner_id, closed_at=None
        )
        # Before the person, as in decisions, so that the two never wait for each other.
        list(under_review.select_for_update().order_by("pk"))
        practitioner = locked(actor, practitioner_id)
        refuse_future(at=at, residency_completed=residency_completed)
        before = {item: getattr(practitioner, item) for item in CORRECTABLE}
        if name.strip():
            practitioner.name = name.strip()
            practitioner.name_sort, practitioner.name_initials = pinyin(name), initials(name)
        if national_id:
            _renumber(practitioner, national_id, at=at)
        practitioner.profession = profession
        practitioner.licensed, practitioner.licence_number = licensed, licence_number
        practitioner.residency_in_training = residency_in_training
        practitioner.residency_completed = residency_completed
        changed = [item for item in CORRECTABLE if getattr(practitioner, item) != before[item]]
        if not changed:
            raise ValidationError("没有需要更正的内容。填写的与现有的相同。")
        practitioner.full_clean()
        practitioner.save()
        if "name" in changed:
            under_review.update(
                practitioner_name=practitioner.name,
                name_sort=practitioner.name_sort,
                name_initials=practitioner.name_initials,
            )
            _rename_account(practitioner)
        journal.record(
            actor=actor,
            act="practitioner.correct",
            subject=practitioner,
            institution=practitioner.institution,
            at=at,
            # Which items were corrected, never what they were or are.
            detail=dict.fromkeys((f"person.{item}" for item in changed), True),
        )
        # Licence and residency carry no date of their own: they say of every year whether it asks for credits.
        tell_of_change(practitioner, year=0, at=at)
    return practitioner


def registered(*, actor: Actor, name: str, national_id: str, at: datetime) -> Practitioner | None:
    """Somebody of the province who works anywhere, for taking over: only who knows name and number finds the person."""
    access.require(actor, "people.manage")
    number = _national_id(national_id, at=at)
    return Practitioner.objects.filter(
        province_id=actor.province_id, national_id_index=keyed_index(number), name=name.strip()
    ).first()


def promote(*, actor: Actor, practitioner_id: int, title: str, since: date, at: datetime) -> TitleAppointment:
    """Record a new title held from ``since`` on."""
    with transaction.atomic():
        practitioner = locked(actor, practitioner_id)
        refuse_future(at=at, since=since)
        appointment, _ = TitleAppointment.objects.update_or_create(
            practitioner=practitioner, since=since, defaults={"title": title, "province_id": practitioner.province_id}
        )
        journal.record(
            actor=actor, act="practitioner.promote", subject=practitioner, institution=practitioner.institution, at=at
        )
        tell_of_change(practitioner, year=since.year, at=at)
    return appointment


def reveal_national_id(*, actor: Actor, practitioner_id: int, reason: str, at: datetime) -> str:
    """The full number, for a stated reason that goes into the journal."""
    with transaction.atomic():
        practitioner = Practitioner.objects.visible_to(actor).select_related("institution").get(pk=practitioner_id)
        access.require(actor, "people.reveal", practitioner)
        journal.record(
            actor=actor,
            act="practitioner.reveal_national_id",
            subject=practitioner,
            institution=practitioner.institution,
            at=at,
            detail={"reason": reason},
        )
    return practitioner.national_id


def _refuse_registered_here(number: str, institution: Institution) -> None:
    index = keyed_index(number)
    working = Practitioner.objects.filter(institution=institution, national_id_index=index, left_on=None)
    if (known := working.first()) is not None:
        raise ValidationError({"national_id": RegisteredHere(known)})


def _renumber(practitioner: Practitioner, national_id: str, *, at: datetime) -> None:
    number = _national_id(national_id, at=at)
    index = keyed_index(number)
    others = Practitioner.objects.filter(province_id=practitioner.province_id).exclude(pk=practitioner.pk)
    if others.filter(national_id_index=index).exists():
        raise ValidationError({"national_id": "该身份证号码已登记在另一人名下。请对照证件核对。"})
    practitioner.national_id, practitioner.national_id_index = number, index


def _rename_account(practitioner: Practitioner) -> None:
    """An account that has other seats too keeps its name: it is not this employer's alone."""
    user = practitioner.user
    if user is not None and not user.seats.exclude(practitioner=practitioner).exists():
        user.name = practitioner.name
        user.save(update_fields=["name"])


def locked(actor: Actor, practitioner_id: int) -> Practitioner:
    """The person, whom nobody else changes now, where the actor may; the portal itself (no user) always may."""
    rows = Practitioner.objects.select_for_update(of=("self",)).select_related("institution", "department")
    practitioner = rows.get(pk=practitioner_id)
    if actor.user is not None:
        access.require(actor, "people.manage", practitioner.institution)
    refuse_oneself(actor, practitioner)
    return practitioner


def refuse_oneself(actor: Actor, practitioner: Practitioner) -> None:
    """Licence, residency, title and employer decide what a year asks for: nobody writes them for oneself."""
    if actor.user is not None and practitioner.user_id == actor.user.pk:
        msg = "不能办理本人的登记信息。请由本机构其他管理人员或上级机构办理。"
        raise access.Denied(msg)


def refuse_future(*, at: datetime, **days: date | None) -> None:
    """What is registered holds from now on: unit, title and residency are shown, reviewed and reckoned with at once.

    ``days`` are named like the fields beside which the sentence stands.
    """
    sentence = "不能晚于今天。请在该日期到来之后办理。"
    late = {name: sentence for name, day in days.items() if day is not None and day > today(at)}
    if late:
        raise ValidationError(late)


def refuse_unfit_place(institution: Institution, department: Institution | None) -> None:
    tree.require_open(institution, field="institution")
    if department is None:
        return
    tree.require_open(department, field="department")
    if not department.path.startswith(institution.path):
        raise ValidationError({"department": f"“{department}”不属于{institution}，请重新选择科室。"})


@outbox.handler("institution.changed")
def tell_of_its_people(payload: dict[str, Any], *, at: datetime) -> None:
    """Primary care asks for other credits: everybody who has ever worked at the body is reckoned anew."""
    people = Practitioner.objects.filter(employments__institution=payload["institution"]).distinct()
    with outbox.behind_others():
        for practitioner in people:
            tell_of_change(practitioner, year=0, at=at)


def tell_of_change(practitioner: Practitioner, *, year: int, at: datetime) -> None:
    """What a year asks for depends on the person (reading R53): statements from ``year`` on are recomputed."""
    outbox.add(
        "practitioner.changed",
        province_id=practitioner.province_id,
        payload={"practitioner": practitioner.pk, "since": year},
        key=f"practitioner.changed:{practitioner.pk}:{at.isoformat()}",
        at=at,
    )


def _national_id(typed: str, *, at: datetime) -> str:
    try:
        return clean(typed, today=today(at))
    except ValidationError as error:
        raise ValidationError({"national_id": error.messages}) from error


def pinyin(name: str) -> str:
    """``王思远`` as ``wangsiyuan``: lists sort and search by it."""
    return letters("".join(lazy_pinyin(name)))[:120]


def initials(name: str) -> str:
    """``王思远`` as ``wsy``, ``买买提·艾力`` as ``mmtal``."""
    return letters("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)))[:20]
