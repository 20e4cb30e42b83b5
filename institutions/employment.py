"""Where a practitioner works: moving to another unit, leaving, and correcting the days of an employment."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from cme_portal.foundation import journal
from institutions import access
from institutions.actors import Actor
from institutions.models import Employment, Institution, Practitioner
from institutions.notifications import notify
from institutions.people import locked, refuse_future, refuse_oneself, refuse_unfit_place, tell_of_change


def employ(
    *,
    actor: Actor,
    practitioner_id: int,
    institution: Institution,
    department: Institution | None = None,
    employee_number: str = "",
    since: date,
    at: datetime,
) -> Employment:
    """Move a person to another unit or department from ``since`` on; the employment until then ends."""
    with transaction.atomic():
        practitioner = Practitioner.objects.select_for_update().get(pk=practitioner_id)
        if actor.user is not None:
            access.require(actor, "people.manage", institution)
        refuse_oneself(actor, practitioner)
        refuse_unfit_place(institution, department)
        refuse_future(at=at, since=since)
        before, former = {}, practitioner.institution
        if practitioner.left_on is not None:
            if since < practitioner.left_on:
                raise ValidationError({"since": f"不能早于离职日期 {practitioner.left_on:%Y-%m-%d}。"})
        else:
            before["employer_before"] = _place(practitioner.institution, practitioner.department)
            _end_employment(practitioner, since, field="since")
        employment = Employment(
            province_id=practitioner.province_id,
            practitioner=practitioner,
            institution=institution,
            department=department,
            employee_number=employee_number,
            since=since,
        )
        employment.full_clean()
        employment.save()
        practitioner.institution, practitioner.department, practitioner.left_on = institution, department, None
        practitioner.save(update_fields=["institution", "department", "left_on"])
        journal.record(
            actor=actor,
            act="practitioner.employ",
            subject=practitioner,
            institution=institution,
            at=at,
            detail={"since": since.isoformat(), "employer": _place(institution, department)} | before,
        )
        if institution != former:
            _tell_of_transfer(actor, practitioner, former=former, since=since, at=at)
        tell_of_change(practitioner, year=since.year, at=at)
    return employment


def leave(*, actor: Actor, practitioner_id: int, left_on: date, at: datetime) -> Practitioner:
    """End a person's employment without a new one; ``left_on`` is the first day without.

    The last employer goes on seeing the person and what it approved. Raises ValidationError where there is no employment
    to end or the day does not fit it.
    """
    with transaction.atomic():
        practitioner = locked(actor, practitioner_id)
        refuse_future(at=at, left_on=left_on)
        if practitioner.left_on is not None:
            raise ValidationError({"left_on": f"已于 {practitioner.left_on:%Y-%m-%d} 登记离职，无需重复登记。"})
        _end_employment(practitioner, left_on, field="left_on")
        practitioner.left_on = left_on
        practitioner.save(update_fields=["left_on"])
        journal.record(
            actor=actor,
            act="practitioner.leave",
            subject=practitioner,
            institution=practitioner.institution,
            at=at,
            detail={
                "left_on": left_on.isoformat(),
                "employer": _place(practitioner.institution, practitioner.department),
            },
        )
        tell_of_change(practitioner, year=left_on.year, at=at)
    return practitioner


def correct_start(*, actor: Actor, practitioner_id: int, since: date, at: datetime) -> Employment:
    """Let the present employment begin on another day, not before the one before it ended.

    Raises ValidationError where there is no present employment or the day does not fit.
    """
    with transaction.atomic():
        practitioner = locked(actor, practitioner_id)
        refuse_future(at=at, since=since)
        present = practitioner.employments.filter(until=None).first()
        if present is None:
            raise ValidationError("该人员已离职，没有现任职。离职登记有误的，请先撤回离职登记。")
        if since == present.since:
            raise ValidationError({"since": "与现登记的起始日期相同，无需更正。"})
        ended = practitioner.employments.filter(until__isnull=False).order_by("-until")
        earliest = ended.values_list("until", flat=True).first()
        if earliest is not None and since < earliest:
            raise ValidationError({"since": f"不能早于上一任职的终止日期 {earliest:%Y-%m-%d}。"})
        before, present.since = present.since, since
        present.save(update_fields=["since"])
        journal.record(
            actor=actor,
            act="practitioner.correct_start",
            subject=practitioner,
            institution=practitioner.institution,
            at=at,
            detail={"since": [before.isoformat(), since.isoformat()]},
        )
        tell_of_change(practitioner, year=min(before, since).year, at=at)
    return present


def take_back_leaving(*, actor: Actor, practitioner_id: int, at: datetime) -> Practitioner:
    """The employment goes on as if the person had not left; only while no other has begun and its body is open."""
    with transaction.atomic():
        practitioner = locked(actor, practitioner_id)
        left_on = practitioner.left_on
        if left_on is None:
            raise ValidationError("该人员没有登记离职，或已重新任职，不能撤回离职登记。")
        try:
            refuse_unfit_place(practitioner.institution, practitioner.department)
        except ValidationError as closed:
            raise ValidationError("原任职的单位或科室已关闭，任职不能继续。请办理重新任职。") from closed
        practitioner.employments.filter(until=left_on).update(until=None)
        practitioner.left_on = None
        practitioner.save(update_fields=["left_on"])
        journal.record(
            actor=actor,
            act="practitioner.take_back_leaving",
            subject=practitioner,
            institution=practitioner.institution,
            at=at,
            detail={"left_on": left_on.isoformat()},
        )
        tell_of_change(practitioner, year=left_on.year, at=at)
    return practitioner


def _end_employment(practitioner: Practitioner, day: date, *, field: str) -> None:
    """The employment of today holds until the eve of ``day``. The practitioner must be locked."""
    current = practitioner.employments.get(until=None)
    if day <= current.since:
        msg = f"应晚于现任职的起始日期 {current.since:%Y-%m-%d}。如起始日期登记有误，请先更正。"
        raise ValidationError({field: msg})
    current.until = day
    current.save(update_fields=["until"])


def _tell_of_transfer(
    actor: Actor, practitioner: Practitioner, *, former: Institution, since: date, at: datetime
) -> None:
    """The former employer, which sees the person no longer, finds it in its journal; the person is told.

    The new employer needed nobody's consent, so that both can object.
    """
    employer = practitioner.institution
    journal.record(
        actor=actor,
        act="practitioner.transfer_away",
        subject=practitioner,
        institution=former,
        at=at,
        detail={"since": since.isoformat(), "employer": str(employer)},
    )
    if practitioner.user is not None:
        notify(
            user=practitioner.user,
            province_id=practitioner.province_id,
            key=f"practitioner.employ:{practitioner.pk}:{at.isoformat()}",
            title=f"{employer}登记了您的任职",
            body=f"自 {since:%Y-%m-%d} 起，您的用人单位由{former}变更为{employer}。如与实际不符，请立即联系{employer}。",
            at=at,
        )


def _place(institution: Institution, department: Institution | None) -> str:
    """Unit and department, for the journal: names of bodies, never of people."""
    return f"{institution} {department}" if department is not None else str(institution)
