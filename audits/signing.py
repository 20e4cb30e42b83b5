"""The signature on a certificate: PAdES B-B (ETSI EN 319 142-1), ECDSA on P-256, and no change allowed afterwards.

The key never enters the database. In production it is a file, PEM (key, certificate, chain) or PKCS#12 by its suffix
.p12 or .pfx, named by CME_SIGNING_KEY_FILE with its passphrase in CME_SIGNING_KEY_PASSPHRASE. On a developer's machine
a certification authority and a signer are made at the first use; both say in their names that they are for development.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from audits.key_ids import key_id_of

FIELD = "Issuer"
# Room for the signature in hexadecimal digits; one with two certificates takes about 3,500.
BYTES_RESERVED = 16384
DEVELOPMENT_YEARS = 10
PKCS12_SUFFIXES = {".p12", ".pfx"}

# What stands in a key file: a private key of whatever kind, its certificate, and those above it.
KeyFile = tuple[PrivateKeyTypes, x509.Certificate, list[x509.Certificate]]


@dataclass(frozen=True)
class SigningKey:
    """A private key with its certificate and the certificates above it."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def key_id(self) -> str:
        """What a certificate remembers of its key (audits.key_ids)."""
        return key_id_of(self.certificate.public_bytes(Encoding.DER))

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """The PDF with its signature appended; the bytes before it stay as they were."""
        signed = io.BytesIO()
        sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                reason=reason,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
                subfilter=SigSeedSubFilter.PADES,
            ),
            signer=self._signer(),
            # Without a figure pyHanko signs twice, once to see how long a signature is.
            bytes_reserved=BYTES_RESERVED,
            output=signed,
        )
        return signed.getvalue()

    def _signer(self) -> SimpleSigner:
        key = self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        above = SimpleCertificateStore.from_certs(_asn1(certificate) for certificate in self.chain)
        return SimpleSigner(
            signing_cert=_asn1(self.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=above,
        )


def signing_key() -> SigningKey:
    """The key that signs today. Raises `ImproperlyConfigured`, saying what to set, when there is none that fits."""
    return _read(Path(settings.SIGNING_KEY_FILE))


@cache
def _read(file: Path) -> SigningKey:
    if not file.exists():
        if not settings.SIGNING_KEY_CREATED_WHEN_MISSING:
            raise ImproperlyConfigured(
                f"There is no signing key {file}. Set CME_SIGNING_KEY_FILE to a PEM or PKCS#12 file."
            )
        create_development_key(file)
    passphrase = settings.SIGNING_KEY_PASSPHRASE.encode() or None
    try:
        content = _from_pkcs12(file, passphrase) if file.suffix in PKCS12_SUFFIXES else _from_pem(file, passphrase)
    except (ValueError, TypeError) as error:
        msg = f"The signing key {file} cannot be read ({error}); look at CME_SIGNING_KEY_PASSPHRASE."
        raise ImproperlyConfigured(msg) from error
    return _checked(file, *content)


def _from_pem(file: Path, passphrase: bytes | None) -> KeyFile:
    content = file.read_bytes()
    certificate, *chain = x509.load_pem_x509_certificates(content)
    return load_pem_private_key(content, passphrase), certificate, chain


def _from_pkcs12(file: Path, passphrase: bytes | None) -> KeyFile:
    private, certificate, chain = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase)
    if private is None or certificate is None:
        raise ValueError("no private key with a certificate in it")
    return private, certificate, chain


def _checked(
    file: Path, private: PrivateKeyTypes, certificate: x509.Certificate, chain: list[x509.Certificate]
) -> SigningKey:
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise ImproperlyConfigured(f"The signing key {file} is not an ECDSA key on the curve P-256.")
    if private.public_key() != certificate.public_key():
        raise ImproperlyConfigured(f"The first certificate in {file} does not belong to the private key in it.")
    return SigningKey(private, certificate, tuple(chain))


def create_development_key(file: Path) -> None:
    """Write a key, its certificate and its authority's certificate; the authority's own key is thrown away.

    The first process to link the finished file wins, so that web and worker agree on one key when they start together.
    """
    authority = ec.generate_private_key(ec.SECP256R1())
    authority_certificate = _certified(
        "CME portal development authority", authority.public_key(), issuer=None, issuer_key=authority
    )
    signer = ec.generate_private_key(ec.SECP256R1())
    signer_certificate = _certified(
        "CME portal development signer", signer.public_key(), issuer=authority_certificate, issuer_key=authority
    )
    content = signer.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    content += signer_certificate.public_bytes(Encoding.PEM) + authority_certificate.public_bytes(Encoding.PEM)

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was first, and its key is as good
    finally:
        draft.unlink()


def _certified(
    name: str,
    public: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_authority = issuer is None
    today = datetime.now(tz=UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365 * DEVELOPMENT_YEARS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
