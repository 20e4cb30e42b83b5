"""The child process of `audits.checking`: a PDF of any origin on standard input, what it says as JSON on its output.

It imports the PDF parser and nothing of the portal but the rule for key ids, and limits itself before it reads a byte.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from audits.key_ids import key_id_of

CPU_SECONDS = 10
MEMORY_BYTES = 1024 * 1024 * 1024


def look_inside(pdf: bytes) -> dict[str, Any]:
    """`number`, `key_id` and `intact` as in `audits.checking.Finding`. Any error of the parser may come out of it."""
    reader = PdfFileReader(io.BytesIO(pdf))
    number = str(reader.trailer["/Info"].get("/Keywords", ""))
    if len(reader.embedded_signatures) != 1:
        return {"number": number, "key_id": "", "intact": False}
    signature = reader.embedded_signatures[0]
    # Whose key may sign is decided by our record of the certificate, so nothing is trusted and nothing fetched here.
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    whole_file = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return {
        "number": number,
        "key_id": key_id_of(signature.signer_cert.dump()),
        "intact": bool(whole_file and status.intact and status.valid),
    }


def main() -> None:
    """Limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)
    json.dump(look_inside(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
