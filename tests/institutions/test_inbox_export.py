"""The inbox as a table: the rows of the filters, no formula, and the journal knows."""

import csv
import io
from datetime import date

import pytest

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from institutions.enums import Role
from institutions.inbox_export import HEADER, as_text
from tests.cast import Cast
from tests.client import text
from tests.institutions.conftest import Seated, declared, passed

pytestmark = pytest.mark.django_db


def exported(seated: Seated, cast: Cast, query: str = "") -> tuple[bytes, list[list[str]]]:
    response = seated(cast.officer("hospital")).get(f"/inbox/export/{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(response.streaming_content)
    return content, list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_rows_of_the_filters_with_a_heading_that_excel_reads(cast: Cast, seated: Seated) -> None:
    passed(cast)
    declared(cast, cast.colleague)
    content, rows = exported(seated, cast, "?checks=passed")
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[0] == list(HEADER)
    [row] = rows[1:]
    told = dict(zip(HEADER, row, strict=True))
    assert told["申报人"] == "王思远"
    assert told["用人单位"] == cast.bodies["hospital"].name
    assert (told["活动名称"], told["学分年度"], told["学分"]) == ("重症医学进修", "2026", "25.0")
    assert told["系统核验"] == "全部通过"
    assert date.fromisoformat(told["承诺办结日期"]) > date(2026, 11, 20)
    assert len(exported(seated, cast)[1]) == 3


def test_flagged_rows_tell_what_to_look_at(cast: Cast, seated: Seated) -> None:
    declared(cast)
    told = dict(zip(HEADER, exported(seated, cast)[1][1], strict=True))
    assert "缺少证明材料" in told["需核对事项"]


def test_what_somebody_typed_never_becomes_a_formula(cast: Cast, seated: Seated) -> None:
    declared(cast, title='=HYPERLINK("http://example.invalid","点击")')
    told = dict(zip(HEADER, exported(seated, cast)[1][1], strict=True))
    assert told["活动名称"].startswith("'=HYPERLINK")
    for beginning in "=+-@\t\r＝＋－＠":
        assert as_text([f"{beginning}1+1"]) == [f"'{beginning}1+1"]
    assert as_text(["王思远", 25]) == ["王思远", "25"]


def test_the_journal_knows_how_many_were_seen(cast: Cast, seated: Seated) -> None:
    declared(cast)
    declared(cast, cast.colleague)
    exported(seated, cast)
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="inbox.export")
    assert entry.detail == {"rows": 2}
    assert entry.institution_id == cast.bodies["hospital"].pk
    journal = text(seated(cast.officer("hospital", Role.AUDITOR)).get("/journal/"))
    assert "导出待审名单" in journal
    assert "条数：2" in journal


def test_it_holds_what_waits_here_and_nothing_else(cast: Cast, strangers: Cast, seated: Seated) -> None:
    declared(cast)
    declared(strangers)
    for officer in (cast.officer("county"), strangers.officer("county")):
        content = b"".join(seated(officer).get("/inbox/export/").streaming_content).decode()
        assert content.count("\r\n") == 1
    assert seated(cast.officer("hospital", Role.AUDITOR)).get("/inbox/export/").status_code == 403
