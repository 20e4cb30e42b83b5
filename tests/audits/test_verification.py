"""Public verification: what anybody is told, and what nobody is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from audits import certificates, making, rendering, verification
from audits.models import Certificate
from audits.public_views import BY_FILE, BY_NUMBER
from audits.signing import signing_key
from audits.verification import Outcome
from cme_portal.foundation import files
from cme_portal.foundation.models import JournalEntry, StoredFile
from cme_portal.foundation.tenancy import entered
from institutions.actors import Actor
from institutions.enums import Role
from tests.audits.conftest import LATER, Earn, issue_and_make, make_all
from tests.cast import SHANGHAI, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def pdf(issued: Certificate) -> bytes:
    with files.open(issued.file) as content:
        return content.read()


@pytest.fixture
def send(client: Client) -> Callable[..., Any]:
    """Post a PDF to the public page."""

    def post(content: bytes, name: str = "verify-upload") -> Any:
        return client.post(reverse(name), {"file": SimpleUploadedFile("证书.pdf", content, "application/pdf")})

    return post


def test_number_and_check_code_show_every_field_with_the_name_masked(issued: Certificate) -> None:
    verdict = verification.by_number(number=issued.number, check_code=issued.check_code)
    assert verdict.outcome == Outcome.VALID
    shown = {row.label: row.value for row in verdict.rows}
    assert shown == {
        "证书编号": "LN-2026-0000001",
        "姓名": "王*远",
        "身份证号": "*" * 14 + issued.identity_last4,
        "工作单位": "苏家屯区人民医院",
        "职称级别": "中级",
        "学分年度": "2026",
        "达标情况": "达到年度学分要求",
        "认定依据": issued.regulation_title,
        "总学分": "27.5",
        "专业科目学分": "27.5",
        "公需科目学分": "0.0",
        "发证单位": "沈阳市卫生健康委员会",
        "发证日期": "2026-11-20",
    }


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
TYPED = (
    " ln-2026-0000001 ",
    "ＬＮ－２０２６－０００００01",
    "LN20260000001",
    "LN 2026 0000001",
    "LN—2026–0000001",
    "LN\N{MINUS SIGN}2026\N{NON-BREAKING HYPHEN}0000001\N{ZERO WIDTH SPACE}",
)


@pytest.mark.parametrize("typed", TYPED)
def test_typing_does_not_matter(issued: Certificate, client: Client, typed: str) -> None:
    """Neither in the form nor in the address of the QR code; the address to keep is the one that was issued."""
    for code in (f" {issued.check_code.lower()} ", issued.check_code.translate(WIDE)):
        by_form = client.get(reverse("verify"), {"number": typed, "code": code})
        by_address = client.get(reverse("verify-number", args=[typed]), {"code": code})
        for page in (by_form, by_address):
            assert page.context["heading"] == "证书有效"
            assert page.context["printed_address"].endswith(f"/v/{issued.number}?code={issued.check_code}")


@pytest.mark.parametrize("number", ["LN-2026-0000001", "LN-2026-9999999", "XX-2026-0000001", "", "' OR 1=1", "LN"])
def test_a_wrong_code_and_an_unknown_number_are_answered_alike(issued: Certificate, number: str) -> None:
    verdict = verification.by_number(number=number, check_code="AAAAAAAA")
    assert (verdict.outcome, verdict.rows, verdict.issuer, verdict.digest) == (Outcome.UNKNOWN, (), "", "")


def test_a_certificate_that_is_not_signed_yet_is_not_out(cast: Cast, certifier: Actor, earn: Earn) -> None:
    earn(cast.practitioner)
    with entered(cast.province.pk):
        new = certificates.issue(actor=certifier, practitioner=cast.practitioner, year=2026, at=LATER)
    assert verification.by_number(number=new.number, check_code=new.check_code).outcome == Outcome.UNKNOWN


def test_a_revoked_certificate_says_so_with_the_date(issued: Certificate, certifier: Actor, client: Client) -> None:
    """The day of revoking, which is another one in Greenwich and not the day of issue."""
    with entered(issued.province_id):
        early = datetime(2026, 12, 3, 7, 30, tzinfo=SHANGHAI)
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料不实", at=early)
    told = {
        "verify-number": "沈阳市卫生健康委员会 已于 2026-12-03 撤销该证书",
        "verify-number-english": "Revoked by 沈阳市卫生健康委员会 on 2026-12-03.",
    }
    for name, sentence in told.items():
        page = client.get(reverse(name, args=[issued.number]), {"code": issued.check_code})
        assert page.status_code == 200
        text = page.content.decode()
        assert sentence in text
        assert "材料不实" not in text


def test_a_superseded_certificate_leads_to_the_one_that_holds(
    issued: Certificate, cast: Cast, certifier: Actor, earn: Earn, client: Client
) -> None:
    earn(cast.practitioner, "2")
    with entered(cast.province.pk):
        certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="补记学分", at=LATER)
    make_all()
    verdict = verification.by_number(number=issued.number, check_code=issued.check_code)
    assert (verdict.outcome, verdict.replaced_by) == (Outcome.SUPERSEDED, "LN-2026-0000002")
    page = client.get(reverse("verify-number", args=[issued.number]), {"code": issued.check_code})
    assert f"{reverse('verify')}?number=LN-2026-0000002" in page.content.decode()
    prefilled = client.get(reverse("verify"), {"number": "LN-2026-0000002"}).content.decode()
    assert 'value="LN-2026-0000002"' in prefilled
    assert "错误" not in prefilled


def test_the_address_in_the_qr_code_works_without_signing_in(issued: Certificate, client: Client) -> None:
    page = client.get(f"/v/{issued.number}?code={issued.check_code}")
    text = page.content.decode()
    assert "证书有效" in text
    assert "王*远" in text
    assert "王思远" not in text
    for row in issued.face.rows()[1:]:
        assert row.value in text, f"{row.label} is printed, so it can be compared"
    assert issued.practitioner.national_id not in text


def test_the_page_is_there_in_english(issued: Certificate, client: Client) -> None:
    page = client.get(reverse("verify-number-english", args=[issued.number]), {"code": issued.check_code})
    text = page.content.decode()
    assert '<html lang="en"' in text
    assert "This certificate is valid" in text
    assert "Intermediate" in text
    assert f'href="/v/{issued.number}?code={issued.check_code}"' in text
    missing = client.get(reverse("verify-english"), {"number": "", "code": ""})
    assert missing.status_code == 422
    assert "Enter the certificate number" in missing.content.decode()


def test_an_officer_of_another_province_may_verify_too(issued: Certificate, strangers: Cast, client: Client) -> None:
    client.force_login(strangers.officer("city", Role.CERTIFIER).user, "institutions.sign_in.PhoneOrAccountBackend")
    page = client.get(reverse("verify-number", args=[issued.number]), {"code": issued.check_code})
    assert "证书有效" in page.content.decode()


def test_missing_fields_are_named_with_status_422(client: Client, db: None) -> None:
    page = client.get(reverse("verify"), {"number": "LN-2026-0000001", "code": ""})
    assert page.status_code == 422
    text = page.content.decode()
    assert "请填写编号下方的 8 位校验码" in text
    assert 'value="LN-2026-0000001"' in text
    assert "<title>\n      错误：" in text or "错误：" in text.split("</title>")[0]


def test_the_original_file_is_recognised_and_not_kept(
    pdf: bytes, issued: Certificate, send: Callable[..., Any]
) -> None:
    with entered(issued.province_id):
        before = (StoredFile.objects.count(), JournalEntry.objects.count())
    page = send(pdf)
    assert page.status_code == 200
    text = page.content.decode()
    assert "证书有效" in text
    assert "文件与签发时的原件完全一致" in text
    with entered(issued.province_id):
        assert (StoredFile.objects.count(), JournalEntry.objects.count()) == before


def test_a_changed_file_is_called_so(pdf: bytes, send: Callable[..., Any]) -> None:
    altered = bytearray(pdf)
    altered[len(altered) // 4] ^= 1
    text = send(bytes(altered)).content.decode()
    assert "文件与签发的原件不一致" in text
    assert "王*远" not in text


def test_files_are_checked_in_english_too(pdf: bytes, send: Callable[..., Any]) -> None:
    altered = bytearray(pdf)
    altered[len(altered) // 4] ^= 1
    told = {
        pdf: (200, "The file is exactly the one that was issued"),
        bytes(altered): (200, "It claims the number LN-2026-0000001, but its signature or content differs"),
        b"%PDF-1.7\nnothing of ours": (200, "The file carries no number of a certificate that we issued"),
        b"GIF89a": (422, "This file cannot be checked"),
    }
    for content, (status, sentence) in told.items():
        page = send(content, "verify-upload-english")
        assert (page.status_code, page.context["words"].language) == (status, "en")
        assert sentence in page.content.decode()


def test_a_file_signed_by_somebody_else_is_not_ours(issued: Certificate, settings: Settings, tmp_path: Any) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "forger.pem"
    [sheet] = rendering.render([(issued.face, making.verify_address(issued))])
    verdict = verification.by_file(pdf=signing_key().sign(sheet, reason="forged"))
    assert verdict.outcome == Outcome.ALTERED
    assert verdict.rows == ()


def test_a_second_print_of_the_same_key_is_not_the_original(issued: Certificate) -> None:
    [sheet] = rendering.render([(issued.face, making.verify_address(issued))])
    assert verification.by_file(pdf=signing_key().sign(sheet, reason="again")).outcome == Outcome.ALTERED


def test_a_revoked_file_is_still_the_original_but_revoked(pdf: bytes, issued: Certificate, certifier: Actor) -> None:
    with entered(issued.province_id):
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料不实", at=LATER)
    assert verification.by_file(pdf=pdf).outcome == Outcome.REVOKED


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF"])
def test_what_is_no_pdf_is_explained_with_status_422(send: Callable[..., Any], content: bytes, db: None) -> None:
    page = send(content)
    assert page.status_code == 422
    assert "该文件不能核对" in page.content.decode()


def test_a_foreign_pdf_is_unknown(send: Callable[..., Any], db: None) -> None:
    page = send(b"%PDF-1.7\nnothing of ours")
    assert page.status_code == 200
    assert "该文件中没有本系统签发过的证书编号" in page.content.decode()


@pytest.fixture
def within_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cme_portal.foundation.limits.time", LATER.timestamp)


@pytest.mark.usefixtures("within_one_minute")
def test_one_address_may_not_try_numbers_for_long(client: Client, db: None) -> None:
    ask = {"number": "LN-2026-0000001", "code": "AAAAAAAA"}
    for _ in range(BY_NUMBER.times):
        assert client.get(reverse("verify"), ask).status_code == 200
    refused = client.get(reverse("verify"), ask)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "查询过于频繁" in refused.content.decode()
    assert client.get(reverse("verify"), ask, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.usefixtures("within_one_minute")
def test_one_address_may_not_send_files_for_long(
    send: Callable[..., Any], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audits.public_views.BY_FILE", replace(BY_FILE, times=1))
    assert [send(b"%PDF-1.7\n").status_code for _ in range(2)] == [200, 429]


def test_when_nothing_can_be_counted_nothing_is_answered(
    issued: Certificate, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise RedisConnectionError

    monkeypatch.setattr("cme_portal.foundation.limits.cache.add", down)
    page = client.get(reverse("verify"), {"number": issued.number, "code": issued.check_code})
    assert page.status_code == 503
    text = page.content.decode()
    assert "查验服务暂时不可用" in text
    assert "这不代表证书无效" in text
    assert "王*远" not in text


def test_each_province_answers_for_its_own_numbers(issued: Certificate, strangers: Cast, earn: Earn) -> None:
    earn(strangers.practitioner, "25")
    theirs = issue_and_make(strangers.officer("city", Role.CERTIFIER), strangers.practitioner)
    assert verification.by_number(number=theirs.number, check_code=theirs.check_code).issuer == "杭州市卫生健康委员会"
    assert verification.by_number(number=issued.number, check_code=theirs.check_code).outcome == Outcome.UNKNOWN
