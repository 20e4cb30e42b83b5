"""The signature, and what becomes of it when a byte is changed."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from audits import checking, rendering
from audits.signing import signing_key
from tests.audits.test_rendering import ADDRESS, FACE


@pytest.fixture(scope="module")
def signed() -> bytes:
    [pdf] = rendering.render([(FACE, ADDRESS)])
    return signing_key().sign(pdf, reason=FACE.number)


def test_a_signed_certificate_is_intact_and_names_its_number_and_key(signed: bytes) -> None:
    finding = checking.check(signed)
    assert finding.intact
    assert finding.number == FACE.number
    assert finding.key_id == signing_key().key_id


def test_it_is_a_certification_that_allows_no_change_in_pades_form(signed: bytes) -> None:
    assert b"/ETSI.CAdES.detached" in signed
    assert b"/DocMDP" in signed
    assert b"/P 1" in signed


def test_one_changed_byte_is_noticed_wherever_it_is(signed: bytes) -> None:
    signature = signed.index(b"/Contents <") + 400
    for place in (len(signed) // 4, signature):
        altered = bytearray(signed)
        altered[place] = altered[place] ^ 1 if place != signature else ord("0") + (altered[place] == ord("0"))
        assert not checking.check(bytes(altered)).intact


def test_an_addition_at_the_end_is_noticed(signed: bytes) -> None:
    assert not checking.check(signed + b"\n% more").intact


def test_an_unsigned_sheet_is_no_certificate() -> None:
    [pdf] = rendering.render([(FACE, ADDRESS)])
    finding = checking.check(pdf)
    assert not finding.intact
    assert finding.key_id == ""


def test_another_signer_has_another_key_id(signed: bytes, settings: Settings, tmp_path: Path) -> None:
    ours = signing_key().key_id
    settings.SIGNING_KEY_FILE = tmp_path / "forger.pem"
    [pdf] = rendering.render([(FACE, ADDRESS)])
    forged = checking.check(signing_key().sign(pdf, reason="forged"))
    assert forged.intact
    assert forged.key_id != ours


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\ntrailer<</Root 1 0 R/Size 1>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF",
    ],
)
def test_a_broken_or_hostile_pdf_is_no_certificate_and_does_no_harm(content: bytes) -> None:
    finding = checking.check(content)
    assert (finding.number, finding.key_id, finding.intact) == ("", "", False)


def test_what_is_no_pdf_or_too_large_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="不是 PDF"):
        checking.check(b"GIF89a")
    with pytest.raises(ValueError, match="20 MB"):
        checking.check(b"%PDF-" + bytes(checking.MAX_BYTES))


def test_the_development_key_is_private_and_made_once(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "folder" / "key.pem"
    first = signing_key()
    assert stat.S_IMODE(settings.SIGNING_KEY_FILE.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.SIGNING_KEY_FILE.parent.stat().st_mode) == 0o700
    assert "development" in first.certificate.subject.rfc4514_string()
    assert [path.name for path in settings.SIGNING_KEY_FILE.parent.iterdir()] == ["key.pem"]
    assert signing_key().key_id == first.key_id


def test_without_a_key_production_says_what_to_set(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"
    settings.SIGNING_KEY_CREATED_WHEN_MISSING = False
    with pytest.raises(ImproperlyConfigured, match="CME_SIGNING_KEY_FILE"):
        signing_key()


def test_a_production_key_may_be_a_pkcs12_file_with_a_passphrase(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "key.p12"
    settings.SIGNING_KEY_PASSPHRASE = "open sesame"
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = self_signed(key)
    settings.SIGNING_KEY_FILE.write_bytes(
        pkcs12.serialize_key_and_certificates(b"cme", key, certificate, None, BestAvailableEncryption(b"open sesame"))
    )
    assert signing_key().certificate == certificate


@pytest.mark.parametrize("passphrase", ["", "wrong"])
def test_a_wrong_passphrase_is_named(settings: Settings, tmp_path: Path, passphrase: str) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    settings.SIGNING_KEY_PASSPHRASE = passphrase
    key = ec.generate_private_key(ec.SECP256R1())
    settings.SIGNING_KEY_FILE.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"right"))
        + self_signed(key).public_bytes(Encoding.PEM)
    )
    with pytest.raises(ImproperlyConfigured, match="CME_SIGNING_KEY_PASSPHRASE"):
        signing_key()


def test_a_key_of_another_kind_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "key.p12"
    key = rsa.generate_private_key(65537, 2048)
    settings.SIGNING_KEY_FILE.write_bytes(
        pkcs12.serialize_key_and_certificates(b"cme", key, self_signed(key), None, BestAvailableEncryption(b"x"))
    )
    settings.SIGNING_KEY_PASSPHRASE = "x"
    with pytest.raises(ImproperlyConfigured, match="P-256"):
        signing_key()


def self_signed(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test commission")])
    now = datetime.now(tz=UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
