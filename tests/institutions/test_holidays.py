"""The holiday notice of a year arrives while approvals wait."""

import io
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command

from cme_portal.foundation.tenancy import entered
from cme_portal.foundation.workdays import is_provisional
from institutions.models import Approval
from tests.cast import SHANGHAI, Cast

LATE = datetime(2027, 9, 29, 9, 0, tzinfo=SHANGHAI)


def waiting(cast: Cast, promised_on: date) -> Approval:
    with entered(cast.province.pk):
        return Approval.objects.create(
            province_id=cast.province.pk,
            kind="claim",
            practitioner=cast.practitioner,
            institution=cast.bodies["hospital"],
            holder=cast.bodies["hospital"],
            state="waiting",
            submitted_at=LATE,
            waiting_since=LATE,
            promised_on=promised_on,
            practitioner_name="王思远",
            title="进修",
            category="study_leave",
            year=2027,
        )


def test_promises_made_in_a_provisional_year_are_counted_again(cast: Cast, strangers: Cast) -> None:
    both = [waiting(one, date(2027, 10, 13)) for one in (cast, strangers)]
    told = io.StringIO()
    call_command(
        "import_holiday_notice",
        "2027",
        "--holidays",
        "2027-10-01..2027-10-07",
        "--working-days",
        "2027-10-09",
        stdout=told,
    )
    assert told.getvalue() == "Promised days changed: 2\n"
    assert not is_provisional(2027)
    for one, approval in zip((cast, strangers), both, strict=True):
        with entered(one.province.pk):
            approval.refresh_from_db()
            # 30 September, 8, 9 (a Saturday worked), 11 to 15, 18 and 19 October
            assert approval.promised_on == date(2027, 10, 19)


@pytest.mark.django_db
@pytest.mark.parametrize("days", ["2028-10-01", "soon", "2027-10-07..2027-10-01"])
def test_a_notice_that_cannot_be_is_refused(days: str) -> None:
    with pytest.raises(CommandError):
        call_command("import_holiday_notice", "2027", "--holidays", days)
    assert is_provisional(2027)
