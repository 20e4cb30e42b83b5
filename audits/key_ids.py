"""The short name of a signing key, the same when it signs and when a signature is looked at."""

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def key_id_of(certificate: bytes) -> str:
    """32 hexadecimal digits of the SHA-256 of a DER certificate's public key: a renewed certificate keeps its id."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()[:32]
