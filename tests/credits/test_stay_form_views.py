"""The claim form of a stay over New Year: declared year by year, one part fixing what the others say."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cme_portal.foundation.tenancy import entered
from credits.models import Claim, ClaimState
from tests.cast import Cast, make_cast
from tests.client import signed_in, text
from tests.credits.claim_form import answers, begin, documents, errors, fresh

pytestmark = pytest.mark.django_db


def test_a_stay_over_new_year_is_declared_year_by_year(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    claim = begin(cast, "study_leave")
    address = reverse("claim-edit", args=[claim.pk])
    dates = {"start": "2025-12-01", "end": "2026-01-31"}
    page = text(client.post(address, {**answers(cast, claim, **dates), "action": "reload"}))
    assert 'name="hours_2025"' in page
    assert 'name="hours_2026"' in page
    assert 'name="hours"' not in page
    without = {name: value for name, value in answers(cast, claim, **dates).items() if not name.startswith("hours")}
    files = documents(cast, claim, "study")
    refused = client.post(address, {**without, "action": "submit", **files})
    assert refused.status_code == 422
    assert "请填写 2026 年内的小时数" in text(refused)
    typed = {**without, "hours_2025": "48", "hours_2026": "36"}
    too_much = client.post(address, {**typed, "hours_2026": "2000", "action": "submit"})
    assert too_much.status_code == 422
    assert 'href="#id_hours_2026"' in text(too_much)
    assert client.post(address, {**typed, "action": "submit"}).status_code == 302
    with entered(cast.province.pk):
        parts = {one.year: one for one in Claim.objects.filter(practitioner=cast.practitioner)}
        assert {year: one.expected_tenths for year, one in parts.items()} == {2025: 80, 2026: 60}
        assert parts[2026].part_of_id == claim.pk
    assert "2026 年的部分" in text(client.get(claim.get_absolute_url()))


def test_days_beyond_those_of_the_year_are_said_beside_the_field() -> None:
    cast = make_cast("zhejiang")
    claim = begin(cast, "study_leave")
    typed = answers(cast, claim, start="2025-12-20", end="2026-02-01", days_2025="40", days_2026="0")
    files = documents(cast, claim, "study")
    refused = signed_in(cast.practitioner.user).post(
        reverse("claim-edit", args=[claim.pk]), {**typed, "action": "submit", **files}
    )
    page = text(refused)
    assert refused.status_code == 422
    assert 'href="#id_days_2025"' in page
    assert "在 2025 年内只有 12 天" in page
    assert 'href="#id_days_2026"' in page
    assert "2026 年内的天数不能为 0" in page
    assert 'value="40"' in page
    assert fresh(cast, claim).state == ClaimState.DRAFT


def stay_in_review(cast: Cast) -> tuple[Claim, Claim]:
    """A stay over New Year of which both years are in review."""
    claim = begin(cast, "study_leave")
    typed = {"start": "2025-12-01", "end": "2026-01-31", "hours_2025": "48", "hours_2026": "36"}
    given = {**answers(cast, claim, **typed), "action": "submit", **documents(cast, claim, "study")}
    sent = signed_in(cast.practitioner.user).post(reverse("claim-edit", args=[claim.pk]), given)
    assert sent.status_code == 302, errors(sent)
    with entered(cast.province.pk):
        return fresh(cast, claim), Claim.objects.get(part_of=claim)


def is_fixed(page: str, name: str) -> bool:
    return " disabled" in re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)[0]


def test_withdrawing_one_year_of_a_stay_says_that_the_other_stays_in_review(cast: Cast) -> None:
    first, later = stay_in_review(cast)
    page = text(signed_in(cast.practitioner.user).get(reverse("claim-withdraw", args=[first.pk])))
    assert f'<a href="{later.get_absolute_url()}">该活动 2026 年的部分</a>仍在审核中，不随本次撤回' in page


def test_the_year_in_review_fixes_the_dates_of_the_withdrawn_one(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, later = stay_in_review(cast)
    client.post(reverse("claim-withdraw", args=[first.pk]))
    address = reverse("claim-edit", args=[first.pk])
    page = text(client.get(address))
    assert [name for name in ("start", "end", "hours_2025", "hours_2026") if is_fixed(page, name)] == [
        "start",
        "end",
        "hours_2026",
    ]
    assert f'<a href="{later.get_absolute_url()}">' in page
    assert "2026 年的部分在审核中" in page
    assert "要更改日期，请先撤回该部分" in page
    assert "2025 年全年" in page
    assert "2026 年全年" not in page, "the part in review is not counted against itself"
    own = {"activity_name": "重症护理新进展", "hours_2025": "60", "passed": "yes", "agree": "on"}
    changed = client.post(address, {**own, "end": "2026-03-15", "action": "submit"})
    assert changed.status_code == 422
    assert 'href="#id_end"' in text(changed)
    again = client.post(address, {**own, "action": "submit"})
    assert again.status_code == 302, errors(again)
    first, later = fresh(cast, first), fresh(cast, later)
    assert (first.state, first.hours, first.end) == (ClaimState.WAITING, 60, later.end)
    assert (later.hours, later.approval.round) == (36, 1)


def test_the_first_year_in_review_fixes_the_dates_of_the_later_one(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    first, later = stay_in_review(cast)
    client.post(reverse("claim-withdraw", args=[later.pk]))
    page = text(client.get(reverse("claim-edit", args=[later.pk])))
    assert is_fixed(page, "end")
    assert not is_fixed(page, "hours_2026")
    client.post(reverse("claim-withdraw", args=[first.pk]))
    assert not is_fixed(text(client.get(reverse("claim-edit", args=[later.pk]))), "end")
