"""Which other claims of a person look like the same activity."""

from datetime import date
from decimal import Decimal

import pytest

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Claim
from credits.overlaps import overlapping
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

SPRING = {"start": date(2026, 4, 1), "end": date(2026, 6, 30)}
PLAN = {"item": "plan", "assessed_credits": Decimal(3), **SPRING}
PAPER = {"item": "paper", "journal": "core", "rank": 1, "start": date(2026, 5, 1)}


def submitted(cast: Cast, values: dict[str, object]) -> Claim:
    draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
    facts = claims.Facts("自学", "", values)
    claims.submit(actor=cast.person, claim_id=draft.pk, facts=facts, at=NOW)
    return Claim.objects.get(pk=draft.pk)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (PLAN, PLAN, True),
        (PLAN, {"item": "teaching", "hours": Decimal(2), "start": date(2026, 5, 1)}, True),
        (PLAN, {**PLAN, "start": date(2026, 7, 1), "end": None}, False),
        (PLAN, PAPER, False),
        (PAPER, PLAN, False),
        (PAPER, PAPER, False),
    ],
)
def test_only_what_takes_time_overlaps(
    cast: Cast, first: dict[str, object], second: dict[str, object], *, overlap: bool
) -> None:
    """A paper that came out while one studied is another activity (liaoning 三(六)7, 14)."""
    with entered(cast.province.pk):
        submitted(cast, first)
        found = overlapping(cast.practitioner, second, category="self_study", without=None)
        assert ["重叠" in sentence for sentence, _ in found] == [True] * overlap
