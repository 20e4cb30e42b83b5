"""The ledger: posted once, corrected by reversal, never changed; the statement follows in the same transaction."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cme_portal.foundation.tenancy import entered
from credits import claims, ledger, statements
from credits.models import LedgerEntry, Statement
from credits.notices import tell_of_correction
from institutions import approvals
from institutions.access import Denied
from institutions.enums import ApprovalState
from institutions.models import Notification, Practitioner
from tests.cast import NOW, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.test_claims import decided, stay, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhejiang() -> Cast:
    return make_cast("zhejiang")


def test_a_correction_reverses_the_entry_and_recomputes_the_year(zhejiang: Cast) -> None:
    with entered(zhejiang.province.pk):
        decided(zhejiang, submitted(zhejiang, stay("zhejiang")))
        entry = LedgerEntry.objects.get()
        reversal = ledger.reverse(
            actor=zhejiang.officer("hospital"), entry_id=entry.pk, reason="结业证书系伪造", at=NOW + timedelta(days=3)
        )
        assert (reversal.earned_tenths, reversal.reverses) == (-entry.earned_tenths, entry)
        statement = Statement.objects.get()
        assert (statement.total_tenths, statement.compliant, statement.unmet) == (0, False, ["total", "common"])
        corrections = statements.explained(zhejiang.practitioner, 2026, at=NOW).corrections
        assert [(one.reversal.reason, one.counted) for one in corrections] == [("结业证书系伪造", 250)]


def test_a_statement_is_about_the_person_as_registered_now(zhejiang: Cast) -> None:
    """Whoever read the person before a correction does not bring the old judgement back."""
    with entered(zhejiang.province.pk):
        read_before = Practitioner.objects.get(pk=zhejiang.practitioner.pk)
        assert statements.recompute(practitioner=read_before, year=2026, at=NOW).compliant is False
        Practitioner.objects.filter(pk=read_before.pk).update(residency_in_training=True)
        assert statements.recompute(practitioner=read_before, year=2026, at=NOW).compliant is None


def test_a_correction_names_the_figure_that_its_owner_saw(zhejiang: Cast) -> None:
    """Two leaves of 10 and 11 days share 15.0 a year: the later counts 5.0 of its 11.0 (zhejiang 附件 外出进修（任务）)."""
    officer = zhejiang.officer("hospital")
    with entered(zhejiang.province.pk):
        for month, days in ((3, 10), (9, 11)):
            facts = {"start": date(2026, month, 1), "end": date(2026, month, days), "days": days}
            decided(zhejiang, submitted(zhejiang, claims.Facts("进修", "示范医院", facts)))
        earlier, later = LedgerEntry.objects.order_by("pk")
        cut = ledger.reverse(actor=officer, entry_id=later.pk, reason="重复认定", at=NOW)
        assert (cut.earned_tenths, statements.correction(cut, at=NOW).counted) == (-110, 50)
        ledger.reverse(actor=officer, entry_id=earlier.pk, reason="重复认定", at=NOW)
        corrections = statements.corrections(zhejiang.practitioner, 2026, at=NOW)
        assert [one.counted for one in corrections] == [50, 100], "what came later changes nothing"
        for reversal in LedgerEntry.objects.exclude(reverses=None):
            tell_of_correction({"entry": reversal.pk}, at=NOW)
        bodies = (
            Notification.objects.filter(title__startswith="学分已更正").order_by("pk").values_list("body", flat=True)
        )
        assert [body.partition("，")[0] for body in bodies] == [
            "原计入 2026 年度 5.0 学分",
            "原计入 2026 年度 10.0 学分",
        ]
    page = text(signed_in(zhejiang.practitioner.user).get(reverse("claim", args=[later.claim_id])))
    assert "原计入 5.0 学分" in page


def test_an_entry_is_corrected_once_and_with_a_reason(zhejiang: Cast) -> None:
    with entered(zhejiang.province.pk):
        decided(zhejiang, submitted(zhejiang, stay("zhejiang")))
        entry = LedgerEntry.objects.get()
        officer = zhejiang.officer("hospital")
        with pytest.raises(ValueError, match="理由"):
            ledger.reverse(actor=officer, entry_id=entry.pk, reason="  ", at=NOW)
        ledger.reverse(actor=officer, entry_id=entry.pk, reason="重复认定", at=NOW)
        with pytest.raises(Denied, match="已更正"):
            ledger.reverse(actor=officer, entry_id=entry.pk, reason="再来一次", at=NOW)


def test_rows_of_the_ledger_are_never_changed(zhejiang: Cast) -> None:
    with entered(zhejiang.province.pk):
        decided(zhejiang, submitted(zhejiang, stay("zhejiang")))
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            LedgerEntry.objects.update(earned_tenths=990)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            LedgerEntry.objects.all().delete()


def test_undoing_the_final_approval_takes_the_credits_back(zhejiang: Cast) -> None:
    with entered(zhejiang.province.pk):
        claim = submitted(zhejiang, stay("zhejiang"))
        decided(zhejiang, claim)
        approvals.undo(actor=zhejiang.officer("hospital"), approval_id=claim.approval_id, at=NOW + timedelta(minutes=9))
        assert approvals.lock(claim.approval_id).state == ApprovalState.WAITING
        assert Statement.objects.get().total_tenths == 0
        decided(zhejiang, claim)
        assert Statement.objects.get().total_tenths == 250
        assert LedgerEntry.objects.in_force().count() == 1


def test_a_shared_cap_is_filled_in_order_of_date_not_of_posting(zhejiang: Cast) -> None:
    """Study leave below three months brings at most 15.0 a year (zhejiang 附件 外出进修（任务）, R15)."""

    def days(start: date, number: int) -> claims.Facts:
        return claims.Facts("进修", "示范医院", {"start": start, "end": start + timedelta(days=number), "days": number})

    with entered(zhejiang.province.pk):
        autumn = submitted(zhejiang, days(date(2026, 9, 1), 10))
        spring = submitted(zhejiang, days(date(2026, 3, 2), 10))
        decided(zhejiang, autumn)
        decided(zhejiang, spring)
        view = statements.explained(zhejiang.practitioner, 2026, at=NOW)
        counted = {line.entry.claim_id: line.line.counted for line in view.lines}
        assert counted == {spring.pk: 100, autumn.pk: 50}
        assert Statement.objects.get().total_tenths == 150


def test_the_reviewer_sets_the_amount_that_the_regulation_leaves_open(zhejiang: Cast) -> None:
    """Verifiable self-study is granted by the employer's evaluation (zhejiang 附件 可验证自学, R20)."""
    facts = claims.Facts(
        "年度自学计划",
        "示范医院",
        {"start": date(2026, 3, 1), "end": date(2026, 11, 1), "assessed_credits": Decimal(8)},
    )
    with entered(zhejiang.province.pk):
        claim = submitted(zhejiang, facts, "self_study")
        claims.assess_amount(
            actor=zhejiang.officer("hospital"), claim_id=claim.pk, amount=Decimal("5.5"), reason="完成三分之二", at=NOW
        )
        decided(zhejiang, claim)
        assert Statement.objects.get().total_tenths == 55
