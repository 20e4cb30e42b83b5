"""The journal as auditors read it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cme_portal.foundation import journal
from cme_portal.foundation.tenancy import entered
from credits.models import Claim
from institutions import approvals, employment, people
from institutions.actors import the_portal
from institutions.enums import Role, Verdict
from institutions.models import Approval, Practitioner
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated, declared

pytestmark = pytest.mark.django_db

LINE = '<td data-label="操作">查看待审事项</td>'


def test_auditors_read_their_territory_in_chinese(cast: Cast, strangers: Cast, seated: Seated) -> None:
    approval = declared(cast)
    declared(strangers)
    seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/")
    for body, reads in (("hospital", True), ("county", True), ("office", True), ("direct", False)):
        page = seated(cast.officer(body, Role.AUDITOR)).get("/journal/").content.decode()
        assert (LINE in page) == reads, body
        assert ">approval.view<" not in page
        assert "桐庐县" not in page


def test_filters_by_act_person_and_date(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/")
    client = seated(cast.officer("hospital", Role.AUDITOR))
    shown = {
        "act=approval.view": True,
        "act=post.appoint": False,
        "person=ho": True,
        "person=王": False,
        "since=2026-01-01": True,
        "until=2025-12-31": False,
        "act=nonsense&since=x": True,
    }
    for query, is_shown in shown.items():
        assert (LINE in client.get(f"/journal/?{query}").content.decode()) == is_shown, query


def test_a_filter_that_cannot_be_says_so_beside_the_field(cast: Cast, seated: Seated) -> None:
    page = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/?since=x").content.decode()
    assert '<div id="id_since_error">' in page
    assert 'value="x"' in page


def test_what_an_entry_is_about_has_a_name_and_a_link_as_far_as_the_reader_may_see(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/")
    with entered(cast.province.pk):
        claim = Claim.objects.get(approval=approval)
    seated(cast.officer("hospital")).get(f"/people/{cast.practitioner.pk}/")
    page = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/").content.decode()
    assert f'<a href="/claims/{claim.pk}/">王思远：重症医学进修</a>' in page
    assert f'<a href="/people/{cast.practitioner.pk}/">王思远</a>' in page
    assert "审核事项" in page
    assert cast.bodies["hospital"].name in page
    with entered(cast.province.pk):
        # The person has moved away: what happened here keeps its name, but the page is no longer the hospital's to open.
        employment.employ(
            actor=the_portal(cast.province),
            practitioner_id=cast.practitioner.pk,
            institution=cast.bodies["direct"],
            since=date(2026, 11, 1),
            at=NOW,
        )
    page = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/?act=practitioner.view").content.decode()
    assert re.search(r"人员\s+王思远\s", page)
    assert f'href="/people/{cast.practitioner.pk}/"' not in page


def test_a_full_page_costs_what_one_line_costs(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital", Role.AUDITOR))
    reviewer = cast.officer("hospital")

    def look(approval: Approval, person: Practitioner) -> None:
        with entered(cast.province.pk):
            for subject in (approval, approval.claim, person, reviewer.post, reviewer.user, reviewer.institution):
                journal.record(
                    actor=reviewer, act="approval.view", subject=subject, institution=reviewer.institution, at=NOW
                )

    look(declared(cast), cast.practitioner)
    client.get("/journal/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/journal/?act=approval.view")
    for number in range(10, 18):
        person = cast.hire("新同事", number=number)
        look(declared(cast, person), person)
    with CaptureQueriesContext(connection) as for_many:
        page = client.get("/journal/?act=approval.view").content.decode()
    assert page.count(LINE) == 50
    assert len(for_many) == len(for_one)


def test_a_move_a_leaving_and_a_return_say_when_where_and_why(cast: Cast, seated: Seated) -> None:
    approval, administrator = declared(cast), cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        approvals.decide(
            actor=cast.officer("hospital"),
            approval_id=approval.pk,
            verdict=Verdict.RETURN,
            version=approval.version,
            reason="缺少盖章页",
            at=NOW,
        )
        person = cast.colleague.pk
        employment.employ(
            actor=administrator,
            practitioner_id=person,
            institution=cast.bodies["hospital"],
            since=date(2026, 9, 1),
            at=NOW,
        )
        employment.leave(actor=administrator, practitioner_id=person, left_on=date(2026, 10, 1), at=NOW)
        people.correct(
            actor=administrator,
            practitioner_id=person,
            name="赵一名",
            profession="护理",
            licensed=True,
            licence_number="",
            residency_in_training=False,
            residency_completed=None,
            at=NOW,
        )
    page = seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/").content.decode()
    unit = cast.bodies["hospital"].name
    for expected in (
        "理由：缺少盖章页",
        "起始日期：2026-09-01",
        f"用人单位：{unit}<",
        f"原用人单位：{unit} 护理部",
        "离职日期：2026-10-01",
        "姓名：已更正",
    ):
        assert expected in page, expected


def test_days_asked_for_backwards_are_told(cast: Cast, seated: Seated) -> None:
    client = seated(cast.officer("hospital", Role.AUDITOR))
    page = client.get("/journal/?since=2026-11-02&until=2026-11-01").content.decode()
    assert "起始日期晚于截止日期" in page
    assert "没有符合条件的日志" not in page


def test_nobody_else_reads_it(cast: Cast, seated: Seated) -> None:
    for role in (Role.REVIEWER, Role.CERTIFIER, Role.ADMINISTRATOR):
        assert seated(cast.officer("province", role)).get("/journal/").status_code == 403
    assert seated(cast.person).get("/journal/").status_code == 403
