"""Evidence of a claim: kept at once, inspected by a worker, superseded but never overwritten."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings

from cme_portal.foundation import files, outbox
from cme_portal.foundation.files import EmptyFile, FileTooLarge
from cme_portal.foundation.models import JournalEntry, OutboxMessage
from cme_portal.foundation.tenancy import entered
from credits import claims, evidence, inspection
from credits.duplicates import duplicates_of
from credits.evidence_models import Evidence, EvidenceFingerprint, EvidenceState
from credits.inspection import InspectorFailed
from credits.models import Claim
from credits.virus_scan import Scan
from institutions import approvals
from institutions.access import Denied
from institutions.actors import Actor, as_practitioner
from tests.cast import NOW, Cast
from tests.credits.documents import encoded, jpeg, pdf_with_text, photograph
from tests.credits.review import put_in_review

LATER = NOW + timedelta(minutes=5)

Upload = Callable[..., Evidence]


@pytest.fixture
def inside(cast: Cast) -> Iterator[None]:
    with entered(cast.province.pk):
        yield


@pytest.fixture
def draft(cast: Cast, inside: None) -> Claim:
    return claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)


def upload(actor: Actor, claim: Claim, content: bytes, *, item: str = "result", **given: object) -> Evidence:
    given = {"name": "结业证书.jpg", "at": NOW} | given
    return evidence.upload(actor=actor, claim_id=claim.pk, item=item, content=io.BytesIO(content), **given)


# --- Upload ---


def test_an_upload_is_kept_at_once_and_its_inspection_ordered(cast: Cast, draft: Claim) -> None:
    content = jpeg()
    kept = upload(cast.person, draft, content)
    assert (kept.state, kept.scan, kept.version, kept.current) == (EvidenceState.UPLOADED, Scan.NOT_SCANNED, 1, True)
    assert (kept.size, kept.uploaded_by, kept.item) == (len(content), cast.practitioner.user, "result")
    with files.open(kept.stored) as stored:
        assert stored.read() == content
    assert OutboxMessage.objects.get(key=f"evidence.inspect:{kept.pk}").payload == {"evidence": kept.pk}


@pytest.mark.parametrize(
    ("content", "error", "sentence"),
    [
        (b"", EmptyFile, "空的"),
        (b"PK\x03\x04 a Word document", ValidationError, "另存为 PDF"),
        (b"%PDF-" + bytes(20 * 1024 * 1024), FileTooLarge, "20 MB"),
    ],
    ids=["empty", "wrong kind", "too large"],
)
def test_a_broken_upload_says_why_and_changes_nothing(
    cast: Cast, draft: Claim, content: bytes, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        upload(cast.person, draft, content)
    assert not Evidence.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_only_the_documents_of_the_list_and_others_are_taken(cast: Cast, draft: Claim) -> None:
    assert set(evidence.titles(draft)) >= {"agreement", "result", "other"}
    upload(cast.person, draft, jpeg(), item="other")
    with pytest.raises(ValidationError, match="没有这一项材料"):
        upload(cast.person, draft, jpeg(2), item="patent")


def test_a_claim_takes_thirty_documents(cast: Cast, draft: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_DOCUMENTS", 2)
    first = upload(cast.person, draft, jpeg(1))
    upload(cast.person, draft, jpeg(2))
    with pytest.raises(ValidationError, match="最多 2 份"):
        upload(cast.person, draft, jpeg(3))
    upload(cast.person, draft, jpeg(3), replaces=first.pk)


def test_nobody_adds_to_the_claim_of_another(cast: Cast, draft: Claim) -> None:
    for actor in (as_practitioner(cast.colleague), cast.officer("hospital")):
        with pytest.raises(Denied):
            upload(actor, draft, jpeg())
    assert not Evidence.objects.exists()


def test_nothing_is_added_or_removed_while_the_claim_is_in_review(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, jpeg())
    put_in_review(draft)
    with pytest.raises(Denied, match="撤回"):
        upload(cast.person, draft, jpeg(2))
    with pytest.raises(Denied, match="撤回"):
        evidence.remove(actor=cast.person, evidence_id=kept.pk, at=LATER)


def test_what_a_part_in_review_rests_on_is_not_removed_through_another_part_of_the_stay(
    cast: Cast, inside: None
) -> None:
    first = claims.start(actor=cast.person, code="study_leave", year=2025, at=NOW)
    kept = upload(cast.person, first, jpeg())
    hours = {year: {"hours": Decimal(40)} for year in (2025, 2026)}
    stay = claims.Facts("进修", "中国示范医院", {"start": date(2025, 12, 20), "end": date(2026, 2, 1)}, hours)
    for part in claims.submit(actor=cast.person, claim_id=first.pk, facts=stay, at=NOW):
        later = part
    first.refresh_from_db()
    approvals.withdraw(actor=cast.person, approval_id=first.approval_id, at=NOW)
    with pytest.raises(Denied, match="不能移除"):
        evidence.remove(actor=cast.person, evidence_id=kept.pk, at=LATER)
    later.refresh_from_db()
    approvals.withdraw(actor=cast.person, approval_id=later.approval_id, at=NOW)
    evidence.remove(actor=cast.person, evidence_id=kept.pk, at=LATER)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("证书.pdf", "证书.pdf"),
        ("C:\\Users\\wang\\证书.pdf", "证书.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe\r\n", "afdp.exe"),
        ("", "未命名文件"),
        ("长" * 300 + ".jpg", "长" * 156 + ".jpg"),
    ],
)
def test_names_are_shown_without_tricks(given: str, shown: str) -> None:
    assert evidence.clean_name(given) == shown


# --- Versions ---


def test_a_new_version_supersedes_and_the_old_one_stays(cast: Cast, draft: Claim) -> None:
    first = upload(cast.person, draft, jpeg(1))
    second = upload(cast.person, draft, jpeg(2), replaces=first.pk, at=LATER)
    first.refresh_from_db()
    assert (second.version, second.supersedes, second.document) == (2, first, first.document)
    assert (first.current, second.current) == (False, True)
    assert list(Evidence.objects.of(draft).current()) == [second]
    with files.open(first.stored) as kept:
        assert kept.read() == jpeg(1)


def test_an_old_version_cannot_be_replaced_twice(cast: Cast, draft: Claim) -> None:
    first = upload(cast.person, draft, jpeg(1))
    upload(cast.person, draft, jpeg(2), replaces=first.pk)
    with pytest.raises(Denied, match="已被替换"):
        upload(cast.person, draft, jpeg(3), replaces=first.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=first.pk).update(current=True)


def test_what_is_removed_disappears_from_the_claim_and_stays_in_the_record(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, jpeg())
    removed = evidence.remove(actor=cast.person, evidence_id=kept.pk, at=LATER)
    assert (removed.state, removed.current) == (EvidenceState.REMOVED, False)
    assert not Evidence.objects.of(draft).current().exists()
    assert removed.stored.path.exists()
    assert JournalEntry.objects.get(act="evidence.remove").subject_id == kept.pk
    with pytest.raises(Denied):
        evidence.remove(actor=cast.person, evidence_id=kept.pk, at=LATER)


def test_a_discarded_draft_takes_its_evidence_with_it(cast: Cast, draft: Claim) -> None:
    first = upload(cast.person, draft, jpeg(1))
    second = upload(cast.person, draft, jpeg(2), replaces=first.pk)
    evidence.inspect(evidence_id=second.pk, at=LATER)
    claims.discard(actor=cast.person, claim_id=draft.pk, at=LATER)
    assert not Evidence.objects.exists()
    assert outbox.deliver(f"evidence.inspect:{first.pk}", at=LATER)
    path = first.stored.path
    assert path.exists()
    files.sweep(province_id=cast.province.pk, at=NOW.now(tz=NOW.tzinfo) + timedelta(days=2))
    assert not path.exists()


def test_the_sweep_leaves_every_version_and_page_alone(cast: Cast, draft: Claim) -> None:
    first = upload(cast.person, draft, jpeg(1))
    evidence.inspect(evidence_id=first.pk, at=LATER)
    upload(cast.person, draft, jpeg(2), replaces=first.pk)
    assert files.sweep(province_id=cast.province.pk, at=NOW.now(tz=NOW.tzinfo) + timedelta(days=400)) == 0


# --- Inspection ---


def test_the_worker_draws_the_pages_and_keeps_a_clean_copy(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, encoded(photograph(), "HEIF"), name="证书.heic")
    assert outbox.deliver(f"evidence.inspect:{kept.pk}", at=LATER)
    kept.refresh_from_db()
    assert (kept.state, kept.media_type, kept.inspected_at) == (EvidenceState.ACCEPTED, "image/heic", LATER)
    assert kept.shown == kept.rendition != kept.stored
    page = kept.pages.get()
    assert (page.number, page.width, page.height) == (1, 900, 1200)
    assert page.picture.path.exists()
    assert EvidenceFingerprint.objects.filter(page=page).count() == 5


def test_a_refused_file_carries_its_reason_and_is_not_shown(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, b"\xff\xd8\xff\xe0<?php system(); ?>")
    inspected = evidence.inspect(evidence_id=kept.pk, at=LATER)
    assert inspected.state == EvidenceState.REFUSED
    assert "不是可识别的" in inspected.refusal
    assert not inspected.pages.exists()
    assert inspected.stored.path.exists()


def test_inspecting_twice_changes_nothing(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, jpeg())
    evidence.inspect(evidence_id=kept.pk, at=LATER)
    again = evidence.inspect(evidence_id=kept.pk, at=LATER + timedelta(days=1))
    assert again.inspected_at == LATER
    assert again.pages.count() == 1


def test_a_server_in_trouble_leaves_the_file_waiting_for_the_next_try(
    cast: Cast, draft: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = upload(cast.person, draft, jpeg())

    def broken(*_: object, **__: object) -> None:
        raise InspectorFailed

    with monkeypatch.context() as patched:
        patched.setattr(inspection, "inspect_file", broken)
        assert not outbox.deliver(f"evidence.inspect:{kept.pk}", at=LATER)
    kept.refresh_from_db()
    assert kept.is_waiting
    message = OutboxMessage.objects.get(key=f"evidence.inspect:{kept.pk}")
    assert (message.delivered_at, message.attempts) == (None, 1)
    assert outbox.deliver(message.key, at=message.due_at)
    kept.refresh_from_db()
    assert kept.is_accepted


def test_a_worker_killed_after_drawing_leaves_nothing_half_done(
    cast: Cast, draft: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = upload(cast.person, draft, jpeg())

    class Killed(BaseException):
        """What the transaction sees of a killed process."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "_check_again", die)
        with pytest.raises(Killed):
            evidence.inspect(evidence_id=kept.pk, at=LATER)
    kept.refresh_from_db()
    assert kept.is_waiting
    assert not kept.pages.exists()
    assert evidence.inspect(evidence_id=kept.pk, at=LATER).pages.count() == 1


def test_a_scanner_that_is_away_is_never_a_clean_file(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, jpeg())
    with override_settings(CLAMD_URL="tcp://127.0.0.1:1"):
        assert not outbox.deliver(f"evidence.inspect:{kept.pk}", at=LATER)
    kept.refresh_from_db()
    assert kept.is_waiting


def test_a_claim_in_review_is_checked_again_when_its_file_is_inspected(cast: Cast, draft: Claim) -> None:
    kept = upload(cast.person, draft, jpeg())
    put_in_review(draft)
    evidence.inspect(evidence_id=kept.pk, at=LATER)
    message = OutboxMessage.objects.get(kind="claim.check")
    assert message.payload == {"claim": draft.pk}


def test_the_text_of_a_pdf_tells_whether_it_names_the_person(cast: Cast, draft: Claim) -> None:
    written = upload(cast.person, draft, pdf_with_text("Certificate: Wang  Siyuan, 6 credits"), name="a.pdf")
    evidence.inspect(evidence_id=written.pk, at=LATER)
    assert evidence.mentions(written, "wang siyuan") is True
    assert evidence.mentions(written, "赵一鸣") is False
    pictured = upload(cast.person, draft, jpeg(), item="agreement")
    evidence.inspect(evidence_id=pictured.pk, at=LATER)
    assert evidence.mentions(pictured, "wang siyuan") is None


# --- The same document elsewhere ---


@pytest.fixture
def accepted(cast: Cast, inside: None) -> Upload:
    """Upload to a claim of somebody's own, inspected and in review."""

    def make(actor: Actor, content: bytes) -> Evidence:
        claim = claims.start(actor=actor, code="study_leave", year=2026, at=NOW)
        kept = upload(actor, claim, content)
        put_in_review(claim)
        return evidence.inspect(evidence_id=kept.pk, at=LATER)

    return make


def test_the_same_file_in_a_colleagues_claim_is_found(cast: Cast, accepted: Upload) -> None:
    other = accepted(as_practitioner(cast.colleague), jpeg())
    [found] = duplicates_of(accepted(cast.person, jpeg()), most=9)
    assert (found.evidence, found.exact, found.distance) == (other, True, 0)
    assert found.evidence.claim.practitioner == cast.colleague


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_same_certificate_photographed_again_is_found(cast: Cast, accepted: Upload, turned: int) -> None:
    other = accepted(as_practitioner(cast.colleague), encoded(photograph(), quality=95))
    again = encoded(photograph(size=(600, 800), turned=turned), quality=60)
    [found] = duplicates_of(accepted(cast.person, again), most=9)
    assert (found.evidence, found.exact) == (other, False)
    assert found.distance <= 8


def test_different_and_blank_documents_are_not_confused(cast: Cast, accepted: Upload) -> None:
    blank = encoded(photograph(size=(10, 10)).point(lambda _: 255))
    accepted(as_practitioner(cast.colleague), jpeg(2))
    accepted(as_practitioner(cast.colleague), blank)
    assert duplicates_of(accepted(cast.person, jpeg(1)), most=9) == []
    slightly_other_blank = encoded(photograph(size=(12, 12)).point(lambda _: 250))
    assert duplicates_of(accepted(cast.person, slightly_other_blank), most=9) == []


def test_drafts_superseded_and_own_documents_are_no_duplicates(cast: Cast, draft: Claim, accepted: Upload) -> None:
    draft_of_colleague = claims.start(actor=as_practitioner(cast.colleague), code="study_leave", year=2026, at=NOW)
    in_draft = upload(as_practitioner(cast.colleague), draft_of_colleague, jpeg())
    evidence.inspect(evidence_id=in_draft.pk, at=LATER)
    first = upload(cast.person, draft, jpeg())
    upload(cast.person, draft, jpeg(7), replaces=first.pk)
    twice = upload(cast.person, draft, jpeg(), item="agreement")
    put_in_review(draft)
    assert duplicates_of(evidence.inspect(evidence_id=twice.pk, at=LATER), most=9) == []


def test_another_provinces_documents_are_never_found(cast: Cast, strangers: Cast) -> None:
    def one(province: Cast) -> Evidence:
        with entered(province.province.pk):
            code = claims.declarations(province.practitioner, 2026)[0].code
            claim = claims.start(actor=province.person, code=code, year=2026, at=NOW)
            kept = upload(province.person, claim, jpeg(), item="other")
            put_in_review(claim)
            return evidence.inspect(evidence_id=kept.pk, at=LATER)

    one(strangers)
    mine = one(cast)
    with entered(cast.province.pk):
        assert duplicates_of(mine, most=9) == []
