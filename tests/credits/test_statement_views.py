"""The statement of a year: a line per entry with its reasons, and corrections by the officers of the territory."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits.models import LedgerEntry, Statement
from institutions import employment
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import Decision
from tests.cast import NOW, Cast
from tests.client import signed_in, text
from tests.credits.year import approve, submit

pytestmark = pytest.mark.django_db


def granted(cast: Cast, name: str, hours: int, month: int) -> LedgerEntry:
    with entered(cast.province.pk):
        claim = submit(
            cast, "practice", name, hours=Decimal(hours), start=date(2026, month, 2), end=date(2026, month, 20)
        )
        approve(cast, claim)
        return LedgerEntry.objects.get(claim=claim)


def of_person(cast: Cast, year: int = 2026) -> str:
    return reverse("person-statement", args=[cast.practitioner.pk, year])


def test_every_line_tells_what_it_earned_what_a_cap_cut_and_why(cast: Cast) -> None:
    granted(cast, "实训工作坊", 84, 3)
    granted(cast, "病例讨论", 32, 5)
    page = text(signed_in(cast.practitioner.user).get(reverse("statement", args=[2026])))
    assert "15.0 / 25" in page
    assert "总学分还差 10.0 学分。" in page
    assert page.index("实训工作坊") < page.index("病例讨论"), "in the order in which caps are filled"
    assert "按标准应得" in page
    assert "受上限限制，不计" in page
    assert "此前已计 14.0 学分，还可计 1.0 学分" in page  # liaoning 三(四)
    assert "三(四)" in page
    assert "口径 R2" in page
    assert "liaoning-2025.1" in page


def test_an_empty_year_and_a_year_before_the_regulations(cast: Cast) -> None:
    client = signed_in(cast.practitioner.user)
    assert "2025 年度还没有认定的学分" in text(client.get(reverse("statement", args=[2025])))
    before = client.get(reverse("statement", args=[2024]))
    assert before.status_code == 404
    assert "2025 年以前的学分按当时的规定登记" in text(before)


def test_an_officer_of_the_territory_corrects_with_a_reason(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    client = signed_in(cast.officer("province").user)
    address = reverse("entry-reverse", args=[entry.pk])
    assert address in text(client.get(of_person(cast)))
    assert "冲销不能撤销" in text(client.get(address))
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "请填写更正理由" in text(refused)
    page = text(client.post(address, {"reason": "考勤记录不实"}, follow=True))
    assert "已冲销" in page
    assert "更正记录" in page
    assert "考勤记录不实" in page
    assert re.search(r"冲销“实训工作坊”，原计入\s+<span class=\"num\">14\.0</span>", page)
    with entered(cast.province.pk):
        assert Statement.objects.get(practitioner=cast.practitioner, year=2026).total_tenths == 0
    own = text(signed_in(cast.practitioner.user).get(reverse("statement", args=[2026])))
    assert "考勤记录不实" in own


def test_an_entry_is_corrected_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    client = signed_in(cast.officer("province").user)
    address = reverse("entry-reverse", args=[entry.pk])
    client.get(address)
    for _ in range(2):
        answer = client.post(address, {"reason": "考勤记录不实"})
        assert (answer.status_code, answer.url) == (302, of_person(cast))
    page = text(client.get(of_person(cast)))
    assert "没有重复冲销" in page
    assert client.get(address).url == of_person(cast)
    with entered(cast.province.pk):
        assert LedgerEntry.objects.exclude(reverses=None).count() == 1
        reversal = LedgerEntry.objects.get(reverses=entry)
    assert client.get(reverse("entry-reverse", args=[reversal.pk])).status_code == 404


@pytest.mark.parametrize("officer_of", ["department", "hospital", "city"])
def test_nobody_corrects_what_a_higher_body_granted(cast: Cast, officer_of: str) -> None:
    """A correction stands for the decision it takes back: here the commission's of the province."""
    entry = granted(cast, "实训工作坊", 84, 3)
    client, address = signed_in(cast.officer(officer_of).user), reverse("entry-reverse", args=[entry.pk])
    assert address not in text(client.get(of_person(cast)))
    for refused in (client.get(address), client.post(address, {"reason": "考勤记录不实"})):
        assert refused.status_code == 403
        assert f"该笔学分由{cast.bodies['province']}认定" in text(refused)
    with entered(cast.province.pk):
        assert LedgerEntry.objects.count() == 1


def test_the_provinces_office_corrects_for_the_province_except_the_commission(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    office, address = signed_in(cast.officer("office").user), reverse("entry-reverse", args=[entry.pk])
    assert office.get(address).status_code == 403
    with entered(cast.province.pk):
        decisions = Decision.objects.filter(approval__claim=entry.claim_id)
        before = decisions.get(institution=cast.bodies["city"])
        # As if the route had ended at the city.
        LedgerEntry.objects.bulk_create([_granted_at(entry, before.version)])
        at_the_city = LedgerEntry.objects.exclude(pk=entry.pk).get()
    assert reverse("entry-reverse", args=[at_the_city.pk]) in text(office.get(of_person(cast)))
    assert office.get(reverse("entry-reverse", args=[at_the_city.pk])).status_code == 200


def test_of_who_moved_on_the_body_above_both_employers_corrects(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    with entered(cast.province.pk):
        first = Decision.objects.get(approval__claim=entry.claim_id, institution=cast.bodies["hospital"])
        LedgerEntry.objects.bulk_create(
            [_granted_at(entry, first.version)]
        )  # as if the route had ended at the hospital
        by_the_hospital = LedgerEntry.objects.exclude(pk=entry.pk).get()
        employment.employ(
            actor=the_portal(cast.province),
            practitioner_id=cast.practitioner.pk,
            institution=cast.bodies["direct"],
            since=date(2026, 11, 1),
            at=NOW,
        )
    address = reverse("entry-reverse", args=[by_the_hospital.pk])
    refused = signed_in(cast.officer("direct").user).get(address)
    assert refused.status_code == 403
    assert f"请报{cast.bodies['province']}办理" in text(refused)
    assert signed_in(cast.officer("province").user).get(address).status_code == 200


def _granted_at(entry: LedgerEntry, version: int) -> LedgerEntry:
    copy = LedgerEntry.objects.get(pk=entry.pk)
    copy.pk, copy.approval_version = None, version
    copy._state.adding = True
    return copy


def test_a_claim_is_linked_for_those_who_may_open_it(cast: Cast) -> None:
    """The statement moves with the person; the claims stay where they were submitted."""
    entry = granted(cast, "实训工作坊", 84, 3)
    claim = reverse("claim", args=[entry.claim_id])
    with entered(cast.province.pk):
        employment.employ(
            actor=the_portal(cast.province),
            practitioner_id=cast.practitioner.pk,
            institution=cast.bodies["direct"],
            since=date(2026, 11, 1),
            at=NOW,
        )
    for user, linked in (
        (cast.officer("direct").user, False),
        (cast.officer("province").user, True),
        (cast.practitioner.user, True),
    ):
        client, own = signed_in(user), reverse("statement", args=[2026])
        page = text(client.get(own if user == cast.practitioner.user else of_person(cast)))
        assert "实训工作坊" in page
        assert (f'href="{claim}"' in page) == linked == (client.get(claim).status_code == 200)


def test_seeing_somebodys_statement_is_journalled(cast: Cast) -> None:
    signed_in(cast.officer("hospital").user).get(of_person(cast))
    with entered(cast.province.pk):
        seen = JournalEntry.objects.get(act="statement.view")
        assert (seen.subject_id, seen.institution) == (cast.practitioner.pk, cast.bodies["hospital"])


def test_asking_why_an_entry_is_corrected_shows_the_person_and_is_journalled(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    client, address = signed_in(cast.officer("province").user), reverse("entry-reverse", args=[entry.pk])
    for answer, status in ((client.get(address), 200), (client.post(address, {"reason": ""}), 422)):
        assert answer.status_code == status
        assert cast.practitioner.name in text(answer)
    with entered(cast.province.pk):
        seen = JournalEntry.objects.filter(act="statement.view")
        assert [one.subject_id for one in seen] == [cast.practitioner.pk] * 2


def test_only_reviewers_are_offered_corrections(cast: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    auditor = signed_in(cast.officer("hospital", Role.AUDITOR).user)
    assert reverse("entry-reverse", args=[entry.pk]) not in text(auditor.get(of_person(cast)))
    assert auditor.get(reverse("entry-reverse", args=[entry.pk])).status_code == 403


def test_others_find_neither_the_statement_nor_the_entry(cast: Cast, strangers: Cast) -> None:
    entry = granted(cast, "实训工作坊", 84, 3)
    for officer in (strangers.officer("province"), cast.officer("direct")):
        client = signed_in(officer.user)
        assert client.get(of_person(cast)).status_code == 404
        assert client.post(reverse("entry-reverse", args=[entry.pk]), {"reason": "试"}).status_code == 404
    assert signed_in(cast.colleague.user).get(of_person(cast)).status_code == 403
    with entered(cast.province.pk):
        assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("is_own", [True, False])
def test_the_page_costs_the_same_for_one_entry_and_for_many(cast: Cast, *, is_own: bool) -> None:
    client = signed_in(cast.practitioner.user if is_own else cast.officer("province").user)
    address = reverse("statement", args=[2026]) if is_own else of_person(cast)
    counts = []
    for wanted in (1, 8):
        for number in range(wanted):
            granted(cast, f"活动 {wanted} {number}", 6, 3)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
