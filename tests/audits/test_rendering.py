"""The sheet of paper: everything on it, our fonts in it, nothing missing, nothing overflowing."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import segno
from weasyprint.urls import FatalURLFetchingError

from audits import rendering
from audits.face import Face
from audits.models import Certificate

ADDRESS = "https://cme.example.cn/v/LN-2026-0000123?code=7K3MX9QD"
FACE = Face(
    number="LN-2026-0000123",
    check_code="7K3MX9QD",
    province="辽宁省",
    issuer="沈阳市卫生健康委员会",
    holder="㛃文静",
    identity_last4="123X",
    employer="沈阳市示范人民医院",
    title="初级（含士）",
    year=2026,
    total="27.5",
    professional="22.5",
    common="5.0",
    full_year=False,
    regulation="辽宁省继续医学教育学分管理实施方案（试行）",
    issued_on=date(2026, 12, 31),
)


def text_of(pdf: bytes) -> str:
    """The text of the only page, without the spaces that letter-spacing puts in."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        page = document[0]
        text = page.get_textpage().get_text_bounded()
    finally:
        document.close()
    return "".join(text.split())


@pytest.fixture(scope="module")
def pdf() -> bytes:
    [made] = rendering.render([(FACE, ADDRESS)])
    return made


def test_every_field_is_on_the_sheet_in_both_languages(pdf: bytes) -> None:
    text = text_of(pdf)
    for row in FACE.rows():
        assert "".join(row.value.split()) in text
        assert "".join(row.label_en.split()) in text
        assert "".join(row.value_en.split()) in text
    for value in ("LN-2026-0000123", "7K3MX9QD", "27.5", "22.5", "5.0", "沈阳市卫生健康委员会", "2026年12月31日"):
        assert value in text
    assert "继续医学教育学分证书" in text
    assert "CERTIFICATEOFCONTINUINGMEDICALEDUCATIONCREDITS" in text


def test_the_sheet_carries_the_qr_code_of_the_address_to_verify_it_at(pdf: bytes) -> None:
    """Printed whole, module by module and with its quiet zone, in the 31 mm at the lower left."""
    left, bottom, side, pixels_per_mm = 27, 24, 31, 24
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[0].render(scale=pixels_per_mm * 25.4 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    expected = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=4)]
    module = side * pixels_per_mm / len(expected)
    top = sheet.height - (bottom + side) * pixels_per_mm
    middles = [(number + 0.5) * module for number in range(len(expected))]
    printed = [[int(sheet.getpixel((left * pixels_per_mm + x, top + y)) < 128) for x in middles] for y in middles]
    assert printed == expected


def test_only_the_last_four_of_the_identity_number_are_printed(pdf: bytes) -> None:
    assert "**************123X" in text_of(pdf)


def test_the_sheet_is_a4_and_archivable_with_our_fonts_alone(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        width, height = (float(side) for side in document.pages[0].mediabox[2:])
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        fonts = [
            font for font in document.objects if isinstance(font, pikepdf.Dictionary) and font.get("/FontDescriptor")
        ]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor or "/FontFile3" in font.FontDescriptor for font in fonts)
        names = {str(font.BaseFont).split("+")[-1] for font in fonts}
        assert all("Noto" in name or "Certificate" in name for name in names), names
        assert str(document.docinfo["/Keywords"]) == "LN-2026-0000123"


def test_many_sheets_become_files_of_their_own() -> None:
    faces = [replace(FACE, number=f"LN-2026-{number:07d}") for number in range(3)]
    made = list(rendering.render([(face, ADDRESS) for face in faces]))
    assert len(made) == 3
    for face, content in zip(faces, made, strict=True):
        assert face.number in text_of(content)


@pytest.mark.parametrize("name", ["䶮", "𬭊", "㛃", "喆", "𠅤", "阿依古丽·买买提", "José Müller"])
def test_rare_characters_of_names_can_be_printed(name: str) -> None:
    assert rendering.missing_glyphs(name) == ""


def test_a_character_that_no_font_has_stops_the_certificate() -> None:
    assert rendering.missing_glyphs("张𪚥𪚥龘") == "𪚥龘"
    with pytest.raises(rendering.UnprintableError, match="U\\+2A6A5"):
        list(rendering.render([(replace(FACE, holder="张𪚥"), ADDRESS)]))


def test_the_longest_of_everything_still_fits() -> None:
    def longest(column: str, character: str = "长") -> str:
        return character * Certificate._meta.get_field(column).max_length

    face = replace(
        FACE,
        holder=longest("holder"),
        employer=longest("employer"),
        issuer=longest("issuer"),
        title=longest("title"),
        province=longest("province_name"),
        regulation=longest("regulation_title"),
        number="ABCD-2026-0000123",
    )
    [made] = rendering.render([(face, "https://" + "a" * 60 + ".example.cn/v/ABCD-2026-0000123?code=7K3MX9QD")])
    document = pypdfium2.PdfDocument(made)
    try:
        assert len(document) == 1
        lines = document[0].get_textpage()
        boxes = [lines.get_rect(number) for number in range(lines.count_rects())]
        texts = [lines.get_text_bounded(*box) for box in boxes]
        foot = max(top for (_, _, _, top), text in zip(boxes, texts, strict=True) if "Certificate No." in text)
        last_row = min(
            bottom
            for (_, bottom, _, _), text in zip(boxes, texts, strict=True)
            if "Regulation" in text or "长" * 20 in text
        )
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    finally:
        document.close()
    assert last_row > foot
    assert left > 50
    assert right < 595 - 50


def test_a_certificate_loads_nothing_but_our_own_files() -> None:
    for address in ("https://example.cn/a.png", "file:///etc/passwd", "cme:../signing.py", "data:text/plain,a"):
        with pytest.raises(FatalURLFetchingError):
            rendering.OwnFilesOnly().fetch(address)


def test_vendored_fonts_are_the_ones_that_are_declared() -> None:
    folder = rendering.FOLDER / "fonts"
    declared = {entry["file"]: entry for entry in json.loads((folder / "VENDOR.json").read_text(encoding="utf-8"))}
    assert declared.keys() == {font.name for font in rendering.FONTS}
    for name, entry in declared.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
        assert (folder / entry["licence_file"]).read_text(encoding="utf-8").count("SIL Open Font License") >= 1
