"""A mistyped first day and a leaving registered by mistake are corrected, as far as nothing came after."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cme_portal.foundation.models import JournalEntry, OutboxMessage
from cme_portal.foundation.tenancy import entered
from institutions import employment, tree
from institutions.access import Denied
from institutions.actors import Actor
from institutions.employment import correct_start, take_back_leaving
from institutions.enums import Role
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

LEFT = date(2026, 9, 1)


@pytest.fixture
def administrator(cast: Cast) -> Actor:
    return cast.officer("hospital", Role.ADMINISTRATOR)


def leave(cast: Cast, administrator: Actor) -> None:
    employment.leave(actor=administrator, practitioner_id=cast.colleague.pk, left_on=LEFT, at=NOW)


def come_back(cast: Cast, administrator: Actor) -> None:
    employment.employ(
        actor=administrator,
        practitioner_id=cast.colleague.pk,
        institution=cast.bodies["hospital"],
        since=date(2026, 10, 1),
        at=NOW,
    )


def test_the_first_day_is_corrected_and_both_days_are_journalled(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        OutboxMessage.objects.all().delete()
        correct_start(actor=administrator, practitioner_id=cast.colleague.pk, since=date(2019, 7, 1), at=NOW)
        assert cast.colleague.employments.get().since == date(2019, 7, 1)
        assert JournalEntry.objects.get(act="practitioner.correct_start").detail == {
            "since": ["2020-01-01", "2019-07-01"]
        }
        assert OutboxMessage.objects.get(kind="practitioner.changed").payload["since"] == 2019


def test_an_employment_begins_neither_in_the_one_before_nor_in_the_future(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        leave(cast, administrator)
        come_back(cast, administrator)
        for since, sentence in (
            (date(2026, 8, 31), "不能早于上一任职的终止日期 2026-09-01"),
            (date(2026, 11, 21), "不能晚于今天"),
            (date(2026, 10, 1), "无需更正"),
        ):
            with pytest.raises(ValidationError, match=sentence) as raised:
                correct_start(actor=administrator, practitioner_id=cast.colleague.pk, since=since, at=NOW)
            assert set(raised.value.message_dict) == {"since"}
        correct_start(actor=administrator, practitioner_id=cast.colleague.pk, since=LEFT, at=NOW)


def test_a_leaving_is_taken_back_as_if_it_had_not_been(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        leave(cast, administrator)
        with pytest.raises(ValidationError, match="请先撤回离职登记"):
            correct_start(actor=administrator, practitioner_id=cast.colleague.pk, since=date(2019, 7, 1), at=NOW)
        person = take_back_leaving(actor=administrator, practitioner_id=cast.colleague.pk, at=NOW)
        assert (person.left_on, person.employments.get().until) == (None, None)
        assert JournalEntry.objects.get(act="practitioner.take_back_leaving").detail == {"left_on": "2026-09-01"}


def test_a_leaving_stays_once_something_came_after(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        leave(cast, administrator)
        come_back(cast, administrator)
        with pytest.raises(ValidationError, match="已重新任职，不能撤回"):
            take_back_leaving(actor=administrator, practitioner_id=cast.colleague.pk, at=NOW)


def test_an_employment_does_not_go_on_in_a_closed_department(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        for person in (cast.colleague, cast.practitioner):
            employment.leave(actor=administrator, practitioner_id=person.pk, left_on=LEFT, at=NOW)
        tree.close(actor=administrator, institution_id=cast.bodies["department"].pk, reason="合并", at=NOW)
        with pytest.raises(ValidationError, match="已关闭"):
            take_back_leaving(actor=administrator, practitioner_id=cast.colleague.pk, at=NOW)


def test_nobody_corrects_the_own_employment_or_that_of_elsewhere(cast: Cast, administrator: Actor) -> None:
    with entered(cast.province.pk):
        leave(cast, administrator)
        cast.colleague.refresh_from_db()
        cast.colleague.user = administrator.user
        cast.colleague.save(update_fields=["user"])
        for actor, sentence in (
            (administrator, "不能办理本人"),
            (cast.officer("direct", Role.ADMINISTRATOR), "管理范围"),
        ):
            with pytest.raises(Denied, match=sentence):
                take_back_leaving(actor=actor, practitioner_id=cast.colleague.pk, at=NOW)
            with pytest.raises(Denied, match=sentence):
                correct_start(actor=actor, practitioner_id=cast.colleague.pk, since=date(2019, 7, 1), at=NOW)
