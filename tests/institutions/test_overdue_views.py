"""What the bodies below hold beyond the promise: listed for the body above, and for nobody beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cme_portal.foundation.tenancy import entered
from institutions.models import Approval, Practitioner
from tests.cast import Cast
from tests.institutions.conftest import Seated, declared

pytestmark = pytest.mark.django_db

PAGE = "/inbox/overdue/"


def overdue(cast: Cast, practitioner: Practitioner | None = None, *, days: int = 3, **values: str) -> Approval:
    """A claim that waits at the hospital although it was promised so many days ago."""
    approval = declared(cast, practitioner, **values)
    with entered(cast.province.pk):
        approval.promised_on = timezone.localdate() - timedelta(days=days)
        approval.save(update_fields=["promised_on"])
    return approval


def test_the_body_above_sees_who_holds_what_and_how_long_beyond_the_promise(cast: Cast, seated: Seated) -> None:
    overdue(cast, days=3, title="三天前到期")
    late = overdue(cast, cast.colleague, days=12, title="十二天前到期")
    for body in ("county", "city", "province", "office"):
        client = seated(cast.officer(body))
        page = client.get(PAGE).content.decode()
        assert page.index("十二天前到期") < page.index("三天前到期"), "the longest overdue first"
        with entered(cast.province.pk):
            address = late.subject.get_absolute_url()
        for told in (cast.bodies["hospital"].name, "12 天", f"{late.promised_on:%Y-%m-%d}", f'href="{address}"'):
            assert told in page
        assert "下级超期 2 条" in client.get("/inbox/").content.decode()
        claim = client.get(address).content.decode()
        for told in (f"{cast.bodies['hospital'].name}审核中", "超过承诺日期 12 天", f'href="{PAGE}"'):
            assert told in claim
    own = seated(cast.officer("hospital")).get(address).content.decode()
    assert f'href="{PAGE}"' not in own


def test_what_is_in_time_or_ones_own_is_not_listed(cast: Cast, seated: Seated) -> None:
    overdue(cast, days=0, title="今天到期")
    assert "今天到期" not in seated(cast.officer("county")).get(PAGE).content.decode()
    overdue(cast, cast.colleague, title="本院超期")
    own = seated(cast.officer("hospital"))
    assert "没有超期事项" in own.get(PAGE).content.decode()
    assert "下级超期" not in own.get("/inbox/").content.decode()


def test_the_office_does_not_press_itself_or_the_commission_above(cast: Cast, seated: Seated) -> None:
    for person, title, body in (
        (cast.practitioner, "省卫健委超期", "province"),
        (cast.colleague, "继教办超期", "office"),
    ):
        approval = overdue(cast, person, title=title)
        with entered(cast.province.pk):
            Approval.objects.filter(pk=approval.pk).update(holder=cast.bodies[body])
    assert "没有超期事项" in seated(cast.officer("office")).get(PAGE).content.decode()
    page = seated(cast.officer("province")).get(PAGE).content.decode()
    assert "继教办超期" in page
    assert "省卫健委超期" not in page


def test_bodies_beside_and_other_provinces_see_nothing_of_it(cast: Cast, strangers: Cast, seated: Seated) -> None:
    approval = overdue(cast)
    for officer in (cast.officer("direct"), cast.officer("department"), strangers.officer("province")):
        client = seated(officer)
        assert "王思远" not in client.get(PAGE).content.decode()
    assert seated(strangers.officer("province")).get(f"/inbox/{approval.pk}/").status_code == 404
    assert seated(cast.person).get(PAGE).status_code == 403


def test_the_list_costs_the_same_for_one_row_and_for_fifty(cast: Cast, seated: Seated) -> None:
    approval = overdue(cast)
    client = seated(cast.officer("county"))
    client.get(PAGE)  # what the process reads once
    with CaptureQueriesContext(connection) as for_one:
        client.get(PAGE)
    with entered(cast.province.pk):
        copies = [Approval.objects.get(pk=approval.pk) for _ in range(49)]
        for copy in copies:
            copy.pk = None
        Approval.objects.bulk_create(copies)
    with CaptureQueriesContext(connection) as for_fifty:
        page = client.get(PAGE).content.decode()
    assert "第 1–25 条，共 50 条" in page
    assert len(for_fifty) == len(for_one)
