"""Certificates on paper: A4, PDF/A-2a, with our own fonts, many in one go.

Sheets are laid out together and each page is written as a file of its own. The fonts and the style sheet are read
once per process: a second `FontConfiguration` would leak 10 MB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Document
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from audits.face import Face

FOLDER = Path(__file__).resolve().parent
FONTS = (FOLDER / "fonts" / "NotoSerifSC.ttf", FOLDER / "fonts" / "NotoSansSC.ttf")
# The only files a certificate may be made of, by the address the template and the style sheet call them.
OWN_FILES = {
    **{f"cme:{font.name}": (font, "font/ttf") for font in FONTS},
    "cme:frame.svg": (FOLDER / "paper" / "frame.svg", "image/svg+xml"),
}
SHEETS_AT_ONCE = 100
# How many missing characters a message names; who typed a whole foreign script sees it from these.
SHOWN = 5
# Characters of all names on an ordinary sheet: person, employer, issuer and regulation have about 60.
ORDINARY_LENGTH = 100


class UnprintableError(Exception):
    """A certificate with a character in none of our fonts; the message tells a person what to do."""


class OwnFilesOnly(URLFetcher):
    """Answers for `OWN_FILES` and stops the rendering at any other address, on disk or in the network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file's bytes; any address that is not ours is fatal, so that nothing is left out in silence."""
        if url not in OWN_FILES:
            msg = f"a certificate must not load {url}"
            raise FatalURLFetchingError(msg)
        path, kind = OWN_FILES[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


@cache
def _characters() -> frozenset[int]:
    """The code points that every font of the certificate can draw."""
    return frozenset.intersection(*(_characters_in(font) for font in FONTS))


def _characters_in(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


@cache
def _paper() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    style = (FOLDER / "paper" / "certificate.css").read_text(encoding="utf-8")
    return fonts, CSS(string=style, url_fetcher=OwnFilesOnly(), font_config=fonts)


def missing_glyphs(text: str) -> str:
    """The characters of `text` that the fonts cannot draw, each once, in order; empty when all can be printed.

    A missing glyph raises no error anywhere: it would be a hole in somebody's name.
    """
    return "".join(dict.fromkeys(character for character in text if ord(character) not in _characters()))


def refusal(text: str) -> str | None:
    """None if every character of `text` can be printed, else the sentence that tells a person what to do."""
    missing = missing_glyphs(text)
    if not missing:
        return None
    codes = "、".join(f"{character}（U+{ord(character):04X}）" for character in missing[:SHOWN])
    return f"证书字库没有 {codes}，无法印制。请核对姓名、单位有无误录；确为本字的，请联系技术支持补充字库。"


def render(sheets: Sequence[tuple[Face, str]]) -> Iterator[bytes]:
    """An unsigned PDF for each (face, address of its verify page), in order, laid out a hundred at a time.

    Raises `UnprintableError` for a certificate with a missing glyph. Text always fits: the columns of `Certificate`
    are as long as the sheet has room for, which a test with the longest of everything shows.
    """
    for start in range(0, len(sheets), SHEETS_AT_ONCE):
        batch = sheets[start : start + SHEETS_AT_ONCE]
        for face, _ in batch:
            if (sentence := refusal(face.everything())) is not None:
                raise UnprintableError(sentence)
        document = _laid_out(batch)
        for page, (face, _) in zip(document.pages, batch, strict=True):
            yield _written(document, page, face)


def _laid_out(batch: Sequence[tuple[Face, str]]) -> Document:
    fonts, style = _paper()
    sheets = [
        {"face": face, "rows": face.rows(), "address": address, "dense": _is_long(face)} for face, address in batch
    ]
    page = render_to_string("audits/certificate_pdf.html", {"sheets": sheets})
    html = HTML(string=page, base_url="cme:", url_fetcher=OwnFilesOnly())
    return html.render(font_config=fonts, stylesheets=[style], pdf_variant="pdf/a-2a")


def _is_long(face: Face) -> bool:
    """Whether names are so long that the sheet is set in smaller type."""
    return len(face.holder + face.employer + face.regulation + face.issuer) > ORDINARY_LENGTH


def _written(document: Document, page: object, face: Face) -> bytes:
    sheet = document.copy([page])
    sheet.metadata = DocumentMetadata(
        title=f"{face.year} 年度继续医学教育学分证书 {face.number}",
        authors=[face.issuer],
        keywords=[face.number],  # where audits.checking reads the number of a PDF
        created=face.issued_on.isoformat(),
        lang="zh-CN",
    )
    return sheet.write_pdf(pdf_variant="pdf/a-2a")
