"""The journal as auditors read it."""

import pytest

from institutions.enums import Role
from tests.cast import Cast
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


def test_nobody_else_reads_it(cast: Cast, seated: Seated) -> None:
    for role in (Role.REVIEWER, Role.CERTIFIER, Role.ADMINISTRATOR):
        assert seated(cast.officer("province", role)).get("/journal/").status_code == 403
    assert seated(cast.person).get("/journal/").status_code == 403
