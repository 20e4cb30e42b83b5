"""Which other claims of a person look like the same activity."""

import io
from datetime import date
from decimal import Decimal

import pytest

from cme_portal.foundation.tenancy import entered
from credits import claims, evidence
from credits.evidence_models import Evidence, EvidenceState
from credits.models import Claim
from credits.overlaps import overlapping, same_file_twice, with_same_file
from institutions import approvals
from tests.cast import NOW, Cast
from tests.credits.documents import pdf_with_text

pytestmark = pytest.mark.django_db

SPRING = {"start": date(2026, 4, 1), "end": date(2026, 6, 30)}
PLAN = {"item": "plan", "assessed_credits": Decimal(3), **SPRING}
PAPER = {"item": "paper", "journal": "core", "rank": 1, "start": date(2026, 5, 1)}


def submitted(cast: Cast, values: dict[str, object], *, name: str = "自学", document: str = "") -> Claim:
    draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
    if document:
        upload(cast, draft, document)
    facts = claims.Facts(name, "", values)
    claims.submit(actor=cast.person, claim_id=draft.pk, facts=facts, at=NOW)
    return Claim.objects.get(pk=draft.pk)


def upload(cast: Cast, claim: Claim, text: str) -> None:
    content = io.BytesIO(pdf_with_text(text))
    evidence.upload(actor=cast.person, claim_id=claim.pk, item="other", content=content, name="a.pdf", at=NOW)


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
        found = overlapping(cast.practitioner, second, category="self_study", name="另一活动", without=None)
        assert ["重叠" in sentence for sentence, _ in found] == [True] * overlap


@pytest.mark.parametrize(
    ("name", "values", "again"),
    [
        ("ICU 谵妄护理：综述", PAPER, True),
        ("ＩＣＵ谵妄护理:综述 ", {**PAPER, "journal": "general", "start": date(2026, 9, 1)}, True),
        ("ICU 谵妄护理", PAPER, False),
        ("", PAPER, False),
        ("ICU 谵妄护理：综述", {**PLAN, "item": "plan"}, False),
    ],
)
def test_a_paper_is_published_once(cast: Cast, name: str, values: dict[str, object], *, again: bool) -> None:
    """However its title is spaced and whichever day or journal is given the second time."""
    with entered(cast.province.pk):
        first = submitted(cast, PAPER, name="ICU谵妄护理：综述")
        found = overlapping(cast.practitioner, values, category="self_study", name=name, without=None)
        expected = [("与已申报的“ICU谵妄护理：综述”名称相同，请确认不是重复申报。", first)]
        assert found == (expected if again else [])


def test_what_takes_time_may_bear_its_name_again(cast: Cast) -> None:
    """The plan of another season is another activity."""
    with entered(cast.province.pk):
        submitted(cast, PLAN, name="季度自学计划")
        autumn = {**PLAN, "start": date(2026, 9, 1), "end": date(2026, 11, 1)}
        assert overlapping(cast.practitioner, autumn, category="self_study", name="季度自学计划", without=None) == []


def test_a_file_of_an_earlier_claim_is_told_while_the_draft_is_written(cast: Cast) -> None:
    with entered(cast.province.pk):
        first = submitted(cast, PAPER, name="论文甲", document="Title page")
        draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
        upload(cast, draft, "Another page")
        assert with_same_file(draft) == []
        upload(cast, draft, "Title page")
        assert with_same_file(draft) == [("已申报的“论文甲”用过相同的证明材料，请确认不是重复申报。", first)]


def test_a_file_twice_in_the_same_draft_is_told(cast: Cast) -> None:
    with entered(cast.province.pk):
        draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
        upload(cast, draft, "Title page")
        assert same_file_twice(draft) == []
        upload(cast, draft, "Title page")
        assert same_file_twice(draft) == ["“a.pdf”、“a.pdf”是同一个文件，请确认各项材料都在其中。"]


def test_a_file_that_nobody_could_open_is_no_look_alike(cast: Cast) -> None:
    with entered(cast.province.pk):
        submitted(cast, PAPER, name="论文甲", document="Title page")
        draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
        upload(cast, draft, "Title page")
        Evidence.objects.filter(claim=draft).update(state=EvidenceState.REFUSED, refusal="文件损坏。")
        assert with_same_file(draft) == []


def test_a_file_of_a_claim_that_brings_nothing_may_be_used_again(cast: Cast) -> None:
    """What was withdrawn is declared anew with the same documents; a colleague's documents are the officer's to compare."""
    with entered(cast.province.pk):
        first = submitted(cast, PAPER, name="论文甲", document="Title page")
        approvals.withdraw(actor=cast.person, approval_id=first.approval_id, at=NOW)
        draft = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
        upload(cast, draft, "Title page")
        assert with_same_file(draft) == []
