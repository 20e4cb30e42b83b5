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


def with_document(cast: Cast, practitioner: Practitioner, *documents: str | bytes) -> Claim:
    """A claim in review with inspected documents: these bytes, or a PDF of that text."""
    actor = as_practitioner(practitioner)
    claim = claims.start(actor=actor, code="study_leave", year=2026, at=NOW)
    for document in documents:
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


def declare_paper(cast: Cast, person: Practitioner, text: str | None, *, title: str = "论文") -> Approval:
    """A paper claimed in Zhejiang and checked: its documents carry the text, or are photographs."""
    actor = as_practitioner(person)
    claim = claims.start(actor=actor, code="achievement", year=2026, at=NOW)
    facts = {"item": "paper", "journal": "sci", "rank": 1, "start": date(2026, 3, 1)}
    content = io.BytesIO(pdf_with_text(text) if text else encoded(photograph()))
    name = "a.pdf" if text else "a.jpg"
    for item in claims.declaration(person, 2026, "achievement").evidence_for("paper"):
        content.seek(0)
        one = evidence.upload(actor=actor, claim_id=claim.pk, item=item.code, content=content, name=name, at=NOW)
        evidence.inspect(evidence_id=one.pk, at=NOW)
    claims.submit(actor=actor, claim_id=claim.pk, facts=claims.Facts(title, "某期刊", facts), at=NOW)
    checks.run(claim_id=claim.pk, at=NOW)
    return Approval.objects.get(claim=claim)


@pytest.mark.parametrize(("text", "granted"), [("Certificate: Wang Siyuan", True), (None, False)])
def test_the_portal_grants_only_what_it_could_read(strangers: Cast, text: str | None, *, granted: bool) -> None:
    """Zhejiang's achievements are granted by the system; a photograph, of whatever, goes to the employer (Z23)."""
    person = strangers.hire("Wang Siyuan", number=7)
    with entered(strangers.province.pk):
        approval = declare_paper(strangers, person, text)
        assert approval.state == (ApprovalState.APPROVED if granted else ApprovalState.WAITING)
        if not granted:
            assert approval.holder == strangers.bodies["hospital"]
            assert "由用人单位审核" in " ".join(check["text"] for check in approval.checks)


def test_the_portal_does_not_grant_the_same_paper_twice(strangers: Cast) -> None:
    """Scanned anew, with a full stop after the title: the files differ, the name tells."""
    person = strangers.hire("Wang Siyuan", number=7)
    with entered(strangers.province.pk):
        first = declare_paper(strangers, person, "Wang Siyuan, title page", title="重症患者谵妄的护理")
        again = declare_paper(strangers, person, "Title page: Wang Siyuan", title="重症患者谵妄的护理。")
        assert (first.state, again.state) == (ApprovalState.APPROVED, ApprovalState.WAITING)
        assert again.holder == strangers.bodies["hospital"]
        [line] = [check for check in again.checks if check["code"] == "overlap"]
        assert "名称相同" in line["text"]
        assert line["claims"] == [first.claim.pk]


def test_what_passed_says_what_was_compared(cast: Cast) -> None:
    with entered(cast.province.pk):
        stay = with_document(cast, cast.practitioner, "Certificate")
        [line] = [check.text for check in checks.run(claim_id=stay.pk, at=NOW) if check.code == "overlap"]
        assert line == "本人其他申报中，没有项目编号相同的，没有日期重叠的同类活动。"


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
        assert sentences == [
            "“a.pdf”与另外 5 份申报的材料相同，请核对。",
            "“a.pdf”还与更多申报的材料相同或高度相似。",
        ]


def test_one_picture_for_two_documents_is_a_thing_to_look_at(cast: Cast) -> None:
    certificate = pdf_with_text("Certificate")
    with entered(cast.province.pk):
        claim = with_document(
            cast, cast.practitioner, certificate, certificate, pdf_with_text("Agreement, three pages")
        )
        [line] = [check for check in checks.run(claim_id=claim.pk, at=NOW) if check.code == "same_file"]
        assert (line.state, line.text) == (checks.LOOK, "“a.pdf”、“a.pdf”是同一个文件，请确认各项材料都在其中。")


def test_documents_of_one_name_that_stand_in_the_same_claims_are_one_line(cast: Cast) -> None:
    notice, certificate = pdf_with_text("Notice"), pdf_with_text("Certificate")
    with entered(cast.province.pk):
        others = [
            with_document(cast, cast.hire(f"同事{number}", number=number), notice, certificate) for number in (11, 12)
        ]
        claim = with_document(cast, cast.practitioner, notice, certificate)
        [line] = [check for check in checks.run(claim_id=claim.pk, at=NOW) if check.code == "duplicate"]
        assert line.text == "“a.pdf”与另外 2 份申报的材料相同，请核对。"
        assert line.claims == [other.pk for other in others]


def test_a_claim_after_its_deadline_says_since_when(cast: Cast) -> None:
    """Liaoning takes the year's study leave until the end of January after it (liaoning 四(二)2, L25)."""
    in_february = NOW.replace(year=2027, month=2, day=10)
    with entered(cast.province.pk):
        in_time = with_document(cast, cast.colleague, "Certificate")
        assert found(in_time, "time") == []
        draft = claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)
        claims.submit(actor=cast.person, claim_id=draft.pk, facts=declared_facts(cast), at=in_february)
        [check] = [check for check in checks.run(claim_id=draft.pk, at=in_february) if check.code == "time"]
        assert check.state == checks.LOOK
        assert check.text == "逾期申报：次年 1 月底前登记（2026 年度）：已于 2027-01-31 截止，提交于 2027-02-10。"


def test_a_claim_returned_and_mended_after_the_deadline_names_its_first_submission(cast: Cast) -> None:
    in_february = NOW.replace(year=2027, month=2, day=10)
    with entered(cast.province.pk):
        claim = with_document(cast, cast.practitioner, "Certificate")
        approvals.withdraw(actor=cast.person, approval_id=claim.approval_id, at=LATER)
        claims.submit(actor=cast.person, claim_id=claim.pk, facts=declared_facts(cast), at=in_february)
        [check] = [check for check in checks.run(claim_id=claim.pk, at=in_february) if check.code == "time"]
        assert check.text.endswith("提交于 2027-02-10（首次提交于 2026-11-20）。")


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
