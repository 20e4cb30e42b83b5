"""Correcting the days of an employment: a mistyped first day, a leaving that was registered by mistake."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from cme_portal.foundation import journal
from institutions.actors import Actor
from institutions.models import Employment, Practitioner
from institutions.people import locked, refuse_future, refuse_unfit_place, tell_of_change


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
