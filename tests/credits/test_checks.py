"""The portal's own checks of a claim: what they tell the reviewer, and that they are about the claim they stand with."""

import io
from datetime import date, timedelta

import pytest

from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import entered
from credits import checks, claims, evidence
from credits.models import Claim
from institutions import approvals
from institutions.actors import as_practitioner
from institutions.enums import ApprovalState, ChecksState
from institutions.models import Approval, Practitioner
from tests.cast import NOW, Cast
from tests.credits.documents import encoded, pdf_with_text, photograph
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=3)


def with_document(cast: Cast, practitioner: Practitioner, document: str | bytes) -> Claim:
    """A claim in review with one inspected document: these bytes, or a PDF of that text."""
    actor = as_practitioner(practitioner)
    claim = claims.start(actor=actor, code="study_leave", year=2026, at=NOW)
    content = io.BytesIO(pdf_with_text(document) if isinstance(document, str) else document)
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


@pytest.mark.parametrize(("text", "granted"), [("Certificate: Wang Siyuan", True), (None, False)])
def test_the_portal_grants_only_what_it_could_read(strangers: Cast, text: str | None, *, granted: bool) -> None:
    """Zhejiang's achievements are granted by the system; a photograph, of whatever, goes to the employer (Z23)."""
    person = strangers.hire("Wang Siyuan", number=7)
    with entered(strangers.province.pk):
        actor = as_practitioner(person)
        claim = claims.start(actor=actor, code="achievement", year=2026, at=NOW)
        facts = {"item": "paper", "journal": "sci", "rank": 1, "start": date(2026, 3, 1)}
        content = io.BytesIO(pdf_with_text(text) if text else encoded(photograph()))
        for item in claims.declaration(person, 2026, "achievement").evidence_for("paper"):
            content.seek(0)
            one = evidence.upload(
                actor=actor,
                claim_id=claim.pk,
                item=item.code,
                content=content,
                name="a.pdf" if text else "a.jpg",
                at=NOW,
            )
            evidence.inspect(evidence_id=one.pk, at=NOW)
        claims.submit(actor=actor, claim_id=claim.pk, facts=claims.Facts("论文", "某期刊", facts), at=NOW)
        checks.run(claim_id=claim.pk, at=NOW)
        approval = Approval.objects.get(practitioner=person)
        assert approval.state == (ApprovalState.APPROVED if granted else ApprovalState.WAITING)
        if not granted:
            assert approval.holder == strangers.bodies["hospital"]
            assert "由用人单位审核" in " ".join(check["text"] for check in approval.checks)


def test_a_document_that_everybody_uploads_is_named_a_few_times(cast: Cast) -> None:
    notice = pdf_with_text("Notice")
    with entered(cast.province.pk):
        for number in range(11, 19):
            with_document(cast, cast.hire(f"同事{number}", number=number), notice)
        sentences = [
            check.text
            for check in checks.run(claim_id=with_document(cast, cast.practitioner, notice).pk, at=NOW)
            if check.code == "duplicate"
        ]
        assert len(sentences) == checks.MOST_DUPLICATES + 1
        assert "还与更多申报的材料相同" in sentences[-1]


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
