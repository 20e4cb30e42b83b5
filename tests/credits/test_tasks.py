"""Periodic work on claims: it takes nothing from a person who is writing."""

import io
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cme_portal.celery import app
from cme_portal.foundation.tenancy import entered
from credits import claims, evidence, tasks
from credits.models import Claim
from tests.cast import Cast
from tests.credits.documents import pdf_with_text

pytestmark = pytest.mark.django_db


def begun(cast: Cast, *, days_ago: int) -> Claim:
    at = timezone.now() - timedelta(days=days_ago)
    with entered(cast.province.pk):
        return claims.start(actor=cast.person, code="study_leave", year=2026, at=at)


def kept(cast: Cast) -> set[int]:
    with entered(cast.province.pk):
        return set(Claim.objects.values_list("pk", flat=True))


def test_a_form_nobody_wrote_into_is_forgotten_after_a_month(cast: Cast, strangers: Cast) -> None:
    left, recent, typed, uploaded = (begun(cast, days_ago=days) for days in (31, 29, 31, 31))
    elsewhere = begun(strangers, days_ago=31)
    now = timezone.now()
    with entered(cast.province.pk):
        claims.keep_typed(actor=cast.person, claim_id=typed.pk, typed={"hours": "12"}, at=now)
        file = io.BytesIO(pdf_with_text("实践记录"))
        evidence.upload(actor=cast.person, claim_id=uploaded.pk, item="other", content=file, name="a.pdf", at=now)
    begun(cast, days_ago=0)
    assert left.pk in kept(cast), "beginning another claim takes nothing away"
    tasks.forget_untouched_claims_in(cast.province.pk)
    assert {recent.pk, typed.pk, uploaded.pk} < kept(cast)
    assert left.pk not in kept(cast)
    assert kept(strangers) == {elsewhere.pk}


def type_hours(cast: Cast, claim: Claim) -> None:
    claims.keep_typed(actor=cast.person, claim_id=claim.pk, typed={"hours": "12"}, at=timezone.now())


def upload(cast: Cast, claim: Claim) -> None:
    content = io.BytesIO(pdf_with_text("实践记录"))
    evidence.upload(
        actor=cast.person, claim_id=claim.pk, item="other", content=content, name="a.pdf", at=timezone.now()
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [type_hours, upload])
def test_what_is_being_saved_at_that_moment_stays(cast: Cast, write: Callable[[Cast, Claim], None]) -> None:
    """The save is not committed yet when the task comes by: it sees an untouched draft, and leaves it to its writer."""
    claim = begun(cast, days_ago=31)

    def forget() -> None:
        try:
            tasks.forget_untouched_claims_in(cast.province.pk)
        finally:
            connection.close()

    with entered(cast.province.pk):
        write(cast, claim)
        night = threading.Thread(target=forget)
        night.start()
        night.join(timeout=30)
        assert not night.is_alive(), "the task waits for nobody"
    assert kept(cast) == {claim.pk}


def test_every_night_has_its_tasks() -> None:
    """A renamed task would be missed by nobody but the disk."""
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
