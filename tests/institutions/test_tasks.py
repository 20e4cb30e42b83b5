"""Periodic work reaches every province by itself."""

from datetime import date
from unittest import mock

import pytest

from cme_portal.foundation.models import OutboxMessage, Priority
from cme_portal.foundation.tenancy import entered
from institutions import posts, tasks
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import Approval, Seat, User
from tests.cast import NOW, Cast, user_named
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db


def test_each_province_gets_a_task_of_its_own(cast: Cast, strangers: Cast) -> None:
    with mock.patch.object(tasks.expire_posts_in, "delay") as started:
        tasks.expire_posts()
    assert {call.args for call in started.call_args_list} == {(cast.province.pk,), (strangers.province.pk,)}


def test_what_one_province_does_leaves_the_other_alone(cast: Cast, strangers: Cast) -> None:
    for home in (cast, strangers):
        with entered(home.province.pk):
            posts.appoint(
                actor=the_portal(home.province),
                user=user_named(f"cover-{home.province.code}", "代理"),
                institution=home.bodies["hospital"],
                role=Role.REVIEWER,
                since=date(2026, 1, 1),
                until=date(2026, 2, 1),
                at=NOW,
            )
    tasks.expire_posts_in(cast.province.pk)
    assert [seat.province for seat in Seat.objects.filter(post__isnull=False)] == [strangers.province]
    tasks.remind_and_escalate_in(cast.province.pk)
    tasks.sweep_files_in(cast.province.pk)


def test_mail_of_reminders_goes_behind_what_people_wait_for(cast: Cast) -> None:
    declared(cast)
    for body in ("hospital", "county"):
        User.objects.filter(pk=cast.officer(body).user.pk).update(email=f"{body}@example.test")
    with entered(cast.province.pk):
        Approval.objects.update(promised_on=date(2026, 1, 1))
        tasks.remind_and_escalate_in(cast.province.pk)
        mails = OutboxMessage.objects.filter(kind="notification.mail")
        assert list(mails.values_list("priority", flat=True)) == [Priority.LATER] * 2
