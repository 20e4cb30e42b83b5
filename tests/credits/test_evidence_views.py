"""Evidence over HTTP: by script and without, for those who may see the claim and for nobody else."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import claims, evidence
from credits.evidence_models import Evidence, EvidenceState
from credits.models import Claim
from institutions import approvals
from institutions.models import User
from tests.cast import NOW, Cast
from tests.credits.documents import jpeg, pdf
from tests.credits.review import put_in_review

SCRIPT = {"HX-Request": "true"}
SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    def as_user(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_user


@pytest.fixture
def draft(cast: Cast) -> Claim:
    with entered(cast.province.pk):
        return claims.start(actor=cast.person, code="study_leave", year=2026, at=NOW)


@pytest.fixture
def person(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.practitioner.user)


@pytest.fixture
def accepted(cast: Cast, draft: Claim) -> Evidence:
    """A photograph of the claim, which is in review at the hospital."""
    return in_review(cast, draft, jpeg(), "结业证书.heic.jpg")


def in_review(cast: Cast, claim: Claim, content: bytes, name: str) -> Evidence:
    with entered(cast.province.pk):
        kept = evidence.upload(
            actor=cast.person, claim_id=claim.pk, item="result", content=io.BytesIO(content), name=name, at=NOW
        )
        put_in_review(claim)
        return evidence.inspect(evidence_id=kept.pk, at=NOW + timedelta(minutes=1))


def file(content: bytes, name: str = "结业证书.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def current(cast: Cast) -> list[Evidence]:
    with entered(cast.province.pk):
        return list(Evidence.objects.current().order_by("pk"))


def body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)


# --- Receiving ---


def test_a_script_gets_the_row_which_asks_on_until_the_worker_has_answered(
    cast: Cast, draft: Claim, person: Client
) -> None:
    url = reverse("evidence-upload", args=[draft.pk, "result"])
    response = person.post(url, {"file": file(jpeg())}, headers=SCRIPT)
    [kept] = current(cast)
    assert (response.status_code, kept.item) == (200, "result")
    assert f'id="evidence-{kept.pk}"' in response.text
    assert "正在检查，不影响提交" in response.text
    status = reverse("evidence-status", args=[kept.pk])
    assert f'hx-get="{status}?polls=1"' in response.text

    with entered(cast.province.pk):
        evidence.inspect(evidence_id=kept.pk, at=NOW)
    finished = person.get(status, headers=SCRIPT)
    assert "hx-get" not in finished.text
    assert reverse("evidence-file", args=[kept.pk]) in finished.text
    assert "病毒" not in finished.text, "what no scanner looked at is the officer's business"


def test_a_row_is_not_titled_by_what_another_item_asks_for(cast: Cast, person: Client) -> None:
    with entered(cast.province.pk):
        claim = claims.start(actor=cast.person, code="self_study", year=2026, at=NOW)
    row = person.post(reverse("evidence-upload", args=[claim.pk, "result"]), {"file": file(jpeg())}, headers=SCRIPT)
    assert "第四季度提交的学习佐证" not in row.text  # liaoning 三(六)12 calls its own document so
    other = person.post(reverse("evidence-upload", args=[claim.pk, "paper"]), {"file": file(jpeg())}, headers=SCRIPT)
    assert "论文全文及刊物封面、目录" in other.text


def test_the_officer_is_told_what_no_scanner_looked_at(cast: Cast, sign_in: SignIn, accepted: Evidence) -> None:
    status = reverse("evidence-status", args=[accepted.pk])
    assert "未经病毒扫描" in sign_in(cast.officer("hospital").user).get(status, headers=SCRIPT).text


def test_a_row_that_has_asked_long_enough_stops(cast: Cast, draft: Claim, person: Client) -> None:
    person.post(reverse("evidence-upload", args=[draft.pk]), {"file": file(jpeg())}, headers=SCRIPT)
    status = reverse("evidence-status", args=[current(cast)[0].pk])
    assert "delay:5s" in person.get(status, {"polls": 20}, headers=SCRIPT).text
    assert "delay:30s" in person.get(status, {"polls": 60}, headers=SCRIPT).text
    stopped = person.get(status, {"polls": 170}, headers=SCRIPT).text
    assert "hx-get" not in stopped
    assert "刷新页面" in stopped


@override_settings(UPLOAD_MAX_BYTES=200_000)
def test_without_a_script_good_files_stay_and_bad_ones_are_named(cast: Cast, draft: Claim, person: Client) -> None:
    files = [file(jpeg()), file(b"x" * 200_001, "太大.pdf"), file(b"", "空.pdf"), file(b"MZ...", "病毒.exe")]
    response = person.post(reverse("evidence-upload", args=[draft.pk, "result"]), {"files": files})
    assert response.status_code == 422
    assert response.text.split("<title>")[1].strip().startswith("错误：")
    for name, reason in (("太大.pdf", "超过"), ("空.pdf", "空的"), ("病毒.exe", "不支持这种文件")):
        assert name in response.text
        assert reason in response.text
    assert [kept.original_name for kept in current(cast)] == ["结业证书.jpg"]


def test_files_of_several_documents_travel_with_one_form(cast: Cast, draft: Claim, person: Client) -> None:
    url = reverse("evidence-upload", args=[draft.pk])
    person.post(url, {"files-agreement": file(jpeg(1)), "files-result": file(jpeg(2)), "files": file(jpeg(3))})
    assert [kept.item for kept in current(cast)] == ["agreement", "result", "other"]


def test_nothing_chosen_is_told(draft: Claim, person: Client) -> None:
    response = person.post(reverse("evidence-upload", args=[draft.pk]), {}, headers=SCRIPT)
    assert response.status_code == 422
    assert "请选择文件" in response.text


def test_a_replacement_supersedes_and_a_refused_one_leaves_the_old_row(
    cast: Cast, draft: Claim, person: Client
) -> None:
    url = reverse("evidence-upload", args=[draft.pk])
    person.post(url, {"files-result": file(jpeg(1))})
    [first] = current(cast)
    refused = person.post(url, {f"replace-{first.pk}": file(b"nonsense", "新版.pdf")}, headers=SCRIPT)
    assert refused.status_code == 422
    assert "新版.pdf" in refused.text
    assert f'id="evidence-{first.pk}"' in refused.text

    replaced = person.post(url, {f"replace-{first.pk}": file(jpeg(2))}, headers=SCRIPT)
    [second] = current(cast)
    assert (replaced.status_code, second.version, second.item) == (200, 2, "result")
    assert "第 2 版" in replaced.text
    assert f'id="evidence-{first.pk}"' not in replaced.text


def test_a_file_is_removed_by_script(cast: Cast, draft: Claim, person: Client) -> None:
    person.post(reverse("evidence-upload", args=[draft.pk]), {"file": file(jpeg())}, headers=SCRIPT)
    [kept] = current(cast)
    response = person.post(reverse("evidence-remove", args=[kept.pk]), headers=SCRIPT)
    assert (response.status_code, response.content) == (200, b"")
    assert current(cast) == []
    asked_before = person.get(reverse("evidence-status", args=[kept.pk]), headers=SCRIPT)
    assert (asked_before.status_code, asked_before.text.strip()) == (200, "")


def test_what_another_part_of_the_stay_rests_on_offers_no_removal_and_a_refusal_says_why(
    cast: Cast, person: Client
) -> None:
    with entered(cast.province.pk):
        first = claims.start(actor=cast.person, code="study_leave", year=2025, at=NOW)
        kept = evidence.upload(
            actor=cast.person, claim_id=first.pk, item="result", content=io.BytesIO(jpeg()), name="结业证书.jpg", at=NOW
        )
        hours = {year: {"hours": Decimal(40)} for year in (2025, 2026)}
        stay = claims.Facts("进修", "中国示范医院", {"start": date(2025, 12, 20), "end": date(2026, 2, 1)}, hours)
        claims.submit(actor=cast.person, claim_id=first.pk, facts=stay, at=NOW)
        first.refresh_from_db()
        approvals.withdraw(actor=cast.person, approval_id=first.approval_id, at=NOW)
    form = reverse("claim-edit", args=[first.pk])
    status = reverse("evidence-status", args=[kept.pk])
    for row in (person.get(form), person.get(status, headers=SCRIPT)):
        assert "依据同一份材料，不能移除" in row.text
        assert f"replace-{kept.pk}" in row.text
        assert "移除 结业证书.jpg" not in row.text
    # Windows that were opened before still have the button.
    by_form = person.post(f"{form}?remove={kept.pk}", headers=SCRIPT)
    assert (by_form.status_code, by_form["HX-Retarget"]) == (422, "#main"), "the row must not go from the page"
    by_row = person.post(reverse("evidence-remove", args=[kept.pk]), headers=SCRIPT)
    assert by_row.status_code == 403
    for refusal in (by_form, by_row):
        assert "依据同一份材料，不能移除" in refusal.text
    assert current(cast) == [kept]


# --- Handing out ---


def test_a_photograph_is_handed_out_encoded_anew(person: Client, accepted: Evidence) -> None:
    response = person.get(reverse("evidence-file", args=[accepted.pk]))
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    content = body(response)
    assert content[:3] == b"\xff\xd8\xff"
    assert content != jpeg()


def test_a_pdf_is_never_opened_inside_the_portal(cast: Cast, draft: Claim, person: Client) -> None:
    content = pdf()
    kept = in_review(cast, draft, content, 'a"\r\nX-Injected: 1.pdf')
    response = person.get(reverse("evidence-file", args=[kept.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert "X-Injected" not in response.headers
    assert body(response) == content


def test_pages_are_pictures_upright_turned_and_small(person: Client, accepted: Evidence) -> None:
    url = reverse("evidence-page", args=[accepted.pk, 1])
    contents = [body(person.get(url, query)) for query in ({}, {"rotate": 90}, {"thumbnail": ""})]
    assert all(content[8:12] == b"WEBP" for content in contents)
    assert len({len(content) for content in contents}) == 3
    assert person.get(reverse("evidence-page", args=[accepted.pk, 2])).status_code == 404


def test_an_officers_reading_is_journalled_and_the_persons_own_is_not(
    cast: Cast, person: Client, sign_in: SignIn, accepted: Evidence
) -> None:
    url = reverse("evidence-file", args=[accepted.pk])
    officer = cast.officer("hospital")
    body(person.get(url))
    body(sign_in(officer.user).get(url))
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="evidence.view")
        assert (entry.user, entry.subject_id) == (officer.user, accepted.pk)


def test_an_officers_look_at_a_page_is_journalled_and_at_its_thumbnail_is_not(
    cast: Cast, person: Client, sign_in: SignIn, accepted: Evidence
) -> None:
    url, officer = reverse("evidence-page", args=[accepted.pk, 1]), cast.officer("hospital")
    body(person.get(url))
    body(sign_in(officer.user).get(url, {"thumbnail": ""}))
    body(sign_in(officer.user).get(url, {"rotate": 90}))
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="evidence.view")
        assert (entry.user, entry.subject_id, entry.detail) == (officer.user, accepted.pk, {"page": 1})


def test_uploads_and_removals_are_journalled(cast: Cast, draft: Claim, person: Client) -> None:
    person.post(reverse("evidence-upload", args=[draft.pk, "result"]), {"file": file(jpeg())}, headers=SCRIPT)
    [kept] = current(cast)
    person.post(reverse("evidence-remove", args=[kept.pk]), headers=SCRIPT)
    with entered(cast.province.pk):
        entries = JournalEntry.objects.filter(act__startswith="evidence.").order_by("pk")
        assert [(entry.act, entry.user, entry.institution, entry.subject_id) for entry in entries] == [
            (act, cast.practitioner.user, cast.bodies["hospital"], kept.pk)
            for act in ("evidence.upload", "evidence.remove")
        ]


@pytest.mark.parametrize("state", [EvidenceState.UPLOADED, EvidenceState.REMOVED])
def test_what_is_not_inspected_or_removed_is_not_handed_out(
    cast: Cast, person: Client, accepted: Evidence, state: str
) -> None:
    with entered(cast.province.pk):
        Evidence.objects.filter(pk=accepted.pk).update(state=state, current=False)
    assert person.get(reverse("evidence-file", args=[accepted.pk])).status_code == 404


def addresses(one: Evidence) -> list[str]:
    return [
        reverse("evidence-file", args=[one.pk]),
        reverse("evidence-page", args=[one.pk, 1]),
        reverse("evidence-status", args=[one.pk]),
    ]


def test_colleagues_strangers_and_random_numbers_all_answer_the_same(
    cast: Cast, strangers: Cast, sign_in: SignIn, accepted: Evidence
) -> None:
    for user in (cast.colleague.user, strangers.practitioner.user, strangers.officer("hospital").user):
        client = sign_in(user)
        for url in addresses(accepted):
            assert client.get(url).status_code == 404
            assert client.get(url.replace(str(accepted.pk), "999999999", 1)).status_code == 404


@pytest.mark.parametrize("body_of_officer", ["hospital", "county", "city", "province"])
def test_the_officers_above_may_look(cast: Cast, sign_in: SignIn, accepted: Evidence, body_of_officer: str) -> None:
    client = sign_in(cast.officer(body_of_officer).user)
    assert body(client.get(reverse("evidence-page", args=[accepted.pk, 1])))


def test_an_officer_does_not_see_a_draft(cast: Cast, draft: Claim, person: Client, sign_in: SignIn) -> None:
    person.post(reverse("evidence-upload", args=[draft.pk]), {"file": file(jpeg())}, headers=SCRIPT)
    [kept] = current(cast)
    client = sign_in(cast.officer("hospital").user)
    assert client.get(reverse("evidence-status", args=[kept.pk])).status_code == 404


def test_colleagues_cannot_add_or_remove(cast: Cast, draft: Claim, sign_in: SignIn, accepted: Evidence) -> None:
    colleague = sign_in(cast.colleague.user)
    added = colleague.post(reverse("evidence-upload", args=[draft.pk]), {"file": file(jpeg(5))}, headers=SCRIPT)
    removed = colleague.post(reverse("evidence-remove", args=[accepted.pk]), headers=SCRIPT)
    assert (added.status_code, removed.status_code) == (404, 404)
    assert current(cast) == [accepted]


def test_nobody_enters_without_signing_in(accepted: Evidence) -> None:
    for url in addresses(accepted):
        response = Client().get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_looking_cannot_change_anything(person: Client, draft: Claim, accepted: Evidence) -> None:
    assert person.get(reverse("evidence-upload", args=[draft.pk])).status_code == 405
    assert person.get(reverse("evidence-remove", args=[accepted.pk])).status_code == 405


def test_a_line_that_breaks_off_leaves_the_draft_as_it_was(cast: Cast, draft: Claim, person: Client) -> None:
    class BrokenLine(io.BytesIO):
        def read(self, *_: int) -> bytes:
            raise ConnectionResetError

    response = person.generic(
        "POST",
        reverse("evidence-upload", args=[draft.pk]),
        content_type="multipart/form-data; boundary=x",
        headers=SCRIPT,
        **{"wsgi.input": BrokenLine(), "CONTENT_LENGTH": "1000000"},
    )
    assert response.status_code == 422
    assert current(cast) == []
