"""The portal's own checks of a claim: what they tell the reviewer, and that they are about the claim they stand with."""

import io
from datetime import timedelta

import pytest

from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import entered
from credits import checks, claims, evidence
from credits.models import Claim
from institutions import approvals
from institutions.actors import as_practitioner
from institutions.enums import ChecksState
from institutions.models import Approval, Practitioner
from tests.cast import NOW, Cast
from tests.credits.documents import pdf_with_text
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=3)


def with_document(cast: Cast, practitioner: Practitioner, text: str) -> Claim:
    """A claim in review with one inspected PDF that says ``text``."""
    actor = as_practitioner(practitioner)
    claim = claims.start(actor=actor, code="study_leave", year=2026, at=NOW)
    content = io.BytesIO(pdf_with_text(text))
    one = evidence.upload(actor=actor, claim_id=claim.pk, item="other", content=content, name="a.pdf", at=NOW)
    evidence.inspect(evidence_id=one.pk, at=NOW)
    facts = declared_facts(cast)
    claims.submit(actor=actor, claim_id=claim.pk, facts=facts, at=NOW)
    claim.refresh_from_db()
    return claim


def declared_facts(cast: Cast) -> claims.Facts:
    other = declared(cast, cast.colleague).claim
    values = {"start": other.start, "end": other.end, "hours": other.hours}
    return claims.Facts("重症医学进修", "中国示范医院", values)


def found(claim: Claim, code: str) -> list[str]:
    return [check.state for check in checks.run(claim_id=claim.pk, at=NOW) if check.code == code]


def test_a_text_without_the_persons_name_is_a_thing_to_look_at(cast: Cast) -> None:
    person = cast.hire("Wang Siyuan", number=7)
    with entered(cast.province.pk):
        assert found(with_document(cast, person, "Certificate: Wang  Siyuan"), "name") == [checks.PASSED]
        assert found(with_document(cast, person, "Certificate: Li Ming"), "name") == [checks.LOOK]


def test_pictures_say_nothing_of_names(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        assert found(approval.claim, "name") == []


def test_what_was_withdrawn_meanwhile_keeps_no_findings(cast: Cast) -> None:
    """The order to check waits in the queue while the person takes the claim back."""
    approval = declared(cast, checked=ChecksState.PENDING)
    with entered(cast.province.pk):
        approvals.withdraw(actor=cast.person, approval_id=approval.pk, at=LATER)
        assert checks.run(claim_id=approval.claim.pk, at=LATER) == []
        assert Approval.objects.get(pk=approval.pk).checks_state == ChecksState.PENDING


def test_a_draft_that_was_discarded_needs_no_check(cast: Cast) -> None:
    with entered(cast.province.pk):
        claim = claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)
        content = io.BytesIO(pdf_with_text("Certificate"))
        one = evidence.upload(actor=cast.person, claim_id=claim.pk, item="other", content=content, name="a.pdf", at=NOW)
        evidence.inspect(evidence_id=one.pk, at=NOW)
        key = f"claim.check:{claim.pk}:evidence:{one.pk}"
        claims.discard(actor=cast.person, claim_id=claim.pk, at=NOW)
        assert outbox.deliver(key, at=LATER)
