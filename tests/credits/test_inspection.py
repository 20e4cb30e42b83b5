"""What the inspection makes of files as phones make them, and of files as attackers make them."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from credits import inspection
from credits.inspection import Inspection, InspectorFailed, inspect_file
from credits.virus_scan import Scan
from tests.credits.documents import encoded, jpeg, pdf, pdf_with_text, photograph


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[bytes], Inspection]:
    def judge(content: bytes) -> Inspection:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return inspect_file(path, clamd_url="")

    return judge


# --- Honest files ---


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (encoded(photograph(), "JPEG"), "jpeg", "image/jpeg"),
        (encoded(photograph(), "PNG"), "png", "image/png"),
        (encoded(photograph(), "WEBP"), "webp", "image/webp"),
        (encoded(photograph(), "HEIF"), "heic", "image/heic"),
    ],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_photographs_become_a_page_of_reading_size(
    judged: Callable[[bytes], Inspection], content: bytes, kind: str, media_type: str
) -> None:
    found = judged(content)
    assert (found.verdict, found.kind, found.media_type, found.pages) == ("accepted", kind, media_type, 1)
    assert found.scan == Scan.NOT_SCANNED
    with Image.open(io.BytesIO(found.previews[0].picture)) as preview:
        assert (preview.format, preview.size) == ("WEBP", (900, 1200))
    with Image.open(io.BytesIO(found.previews[0].thumbnail)) as thumbnail:
        assert thumbnail.size == (240, 320)


def test_large_photographs_are_made_smaller_for_the_page(judged: Callable[[bytes], Inspection]) -> None:
    found = judged(encoded(photograph(size=(4000, 3000))))
    assert (found.previews[0].width, found.previews[0].height) == (1400, 1050)


def test_a_photograph_taken_sideways_stands_upright_and_loses_its_place(judged: Callable[[bytes], Inspection]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    found = judged(encoded(photograph(), exif=exif))
    assert (found.previews[0].width, found.previews[0].height) == (1200, 900)
    with Image.open(io.BytesIO(found.rendition)) as rendition:
        assert not rendition.getexif()


def test_a_transparent_picture_is_shown_on_white(judged: Callable[[bytes], Inspection]) -> None:
    found = judged(encoded(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(found.rendition)) as rendition:
        assert rendition.getpixel((50, 50)) == (255, 255, 255)


def test_every_page_of_a_pdf_is_drawn_and_its_text_read(judged: Callable[[bytes], Inspection]) -> None:
    found = judged(pdf(pages=3))
    assert (found.kind, found.pages, found.rendition) == ("pdf", 3, None)
    assert "Wang Siyuan" in judged(pdf_with_text("Certificate of Wang Siyuan")).previews[0].text


def test_the_same_page_has_the_same_hash_however_it_is_turned(judged: Callable[[bytes], Inspection]) -> None:
    upright = judged(jpeg()).previews[0].dhashes
    turned = judged(jpeg(turned=90)).previews[0].dhashes
    smaller = judged(jpeg(size=(450, 600))).previews[0].dhashes
    different = judged(jpeg(seed=2)).previews[0].dhashes
    assert min((upright[0] ^ other).bit_count() for other in turned) <= 8
    assert (upright[0] ^ smaller[0]).bit_count() <= 8
    assert min((upright[0] ^ other).bit_count() for other in different) > 8


# --- Hostile and broken files ---


def with_javascript(document: pikepdf.Pdf) -> None:
    script = document.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=[pikepdf.String("a"), script]))


def with_open_action(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.URI, URI="http://192.0.2.1/")


def with_page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))


def with_launch(document: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="calc.exe"))
    document.pages[0].obj.Annots = pikepdf.Array([link])


def with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["payload.exe"] = b"MZ"


def with_hidden_script(document: pikepdf.Pdf) -> None:
    """A script no page and no catalogue refers to, in a compressed object stream."""
    document.Root.PieceInfo = Dictionary(X=document.make_indirect(Dictionary(Kept=Dictionary(S=Name.JavaScript))))


ENCRYPTED = pdf(encryption=pikepdf.Encryption(owner="owner", user="user"))
RESTRICTED = pdf(encryption=pikepdf.Encryption(owner="owner", user=""))
PHOTO = jpeg()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "不是可识别的"),
        (b"hello", "不是可识别的"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF<?php system($_GET['c']); ?>", "不是可识别的"),
        (encoded(photograph(size=(9, 9)), "GIF"), "不是可识别的"),
        (PHOTO[: len(PHOTO) // 2], "不完整"),
        (encoded(photograph(), "PNG")[:-200], "不完整"),
        (encoded(Image.new("1", (60_000, 60_000)), "PNG"), "2500 万像素"),
        (encoded(Image.new("L", (6_500, 4_000))), "2500 万像素"),
        (encoded(Image.new("L", (40_000, 10)), "PNG"), "2500 万像素"),
        (b"GIF89a" + pdf(), "开头混有其他内容"),
        (PHOTO[:2] + b"\xff\xfe\x00\x09%PDF-1." + PHOTO[2:], "开头混有其他内容"),
        (pdf() + b"PK\x03\x04" + bytes(2000), "末尾"),
        (pdf()[:-300], "不完整"),
        (b"%PDF-1.7\n%%EOF", "不完整"),
        (ENCRYPTED, "密码"),
        (RESTRICTED, "加密"),
        (pdf(with_javascript), "脚本"),
        (pdf(with_hidden_script, object_stream_mode=pikepdf.ObjectStreamMode.generate), "脚本"),
        (pdf(with_open_action), "打开时自动执行"),
        (pdf(with_page_action), "自动执行"),
        (pdf(with_launch), "启动程序"),
        (pdf(with_attachment), "内嵌文件"),
        (pdf(pages=51), "51 页"),
    ],
    ids=[
        "empty", "text", "php with the magic of a jpeg", "gif", "half a jpeg", "half a png", "bomb", "26 megapixels",
        "ribbon", "gif and pdf", "jpeg and pdf", "pdf and zip", "half a pdf", "hollow pdf", "encrypted", "restricted",
        "javascript", "hidden javascript", "open action", "page action", "launch", "attachment", "51 pages",
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_refused_with_what_to_do(
    judged: Callable[[bytes], Inspection], content: bytes, reason: str
) -> None:
    found = judged(content)
    assert found.verdict == "refused"
    assert reason in found.reason
    assert "请" in found.reason
    assert len(found.reason) <= 300
    assert not found.previews


def test_what_hides_behind_a_picture_is_never_handed_out(judged: Callable[[bytes], Inspection]) -> None:
    found = judged(PHOTO + b"<?php system($_GET['c']); ?><script>alert(1)</script>")
    assert found.verdict == "accepted"
    assert b"<?php" not in found.rendition + found.previews[0].picture
    assert b"<script" not in found.rendition + found.previews[0].picture


def test_a_pdf_that_eats_memory_is_refused_and_the_server_lives(judged: Callable[[bytes], Inspection]) -> None:
    def huge_picture(document: pikepdf.Pdf) -> None:
        image = document.make_stream(bytes(40_000_000))
        image.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000, BitsPerComponent=16,
                ColorSpace=Name.DeviceRGB,
            )
        )  # fmt: skip
        page = document.pages[0]
        page.Resources = Dictionary(XObject=Dictionary(I=image))
        page.Contents = document.make_stream(b"q 600 0 0 800 0 0 cm /I Do Q" * 50)

    content = pdf(huge_picture, compress_streams=True)
    assert len(content) < 20 * 1024 * 1024
    assert judged(content).verdict in {"accepted", "refused"}


def test_a_child_that_is_killed_refuses_the_file(
    judged: Callable[[bytes], Inspection], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suicide = tmp_path / "inspector.py"
    suicide.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(inspection, "INSPECTOR", suicide)
    found = judged(PHOTO)
    assert (found.verdict, found.reason) == ("refused", inspection.TOO_HEAVY)


def test_a_child_that_hangs_refuses_the_file(
    judged: Callable[[bytes], Inspection], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeper = tmp_path / "inspector.py"
    sleeper.write_text("import signal; signal.pause()")
    monkeypatch.setattr(inspection, "INSPECTOR", sleeper)
    monkeypatch.setattr(inspection, "WALL_SECONDS", 0.5)
    assert judged(PHOTO).reason == inspection.TOO_HEAVY


def test_a_server_without_its_library_refuses_nobody(
    judged: Callable[[bytes], Inspection], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "inspector.py"
    broken.write_text("import a_library_that_is_missing")
    monkeypatch.setattr(inspection, "INSPECTOR", broken)
    with pytest.raises(InspectorFailed):
        judged(PHOTO)


def test_the_child_is_told_no_secrets(
    judged: Callable[[bytes], Inspection], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    teller = tmp_path / "inspector.py"
    teller.write_text(
        "import json, os, pathlib, sys\n"
        "pathlib.Path(sys.argv[2], 'result.json').write_text(json.dumps({'refused': ' '.join(sorted(os.environ))}))"
    )
    monkeypatch.setattr(inspection, "INSPECTOR", teller)
    monkeypatch.setenv("CME_ENCRYPTION_KEY", "secret")
    assert set(judged(PHOTO).reason.split()) <= {"LANG", "LC_CTYPE"}


@pytest.mark.parametrize("head", [PHOTO, encoded(photograph(), "HEIF"), encoded(photograph(), "WEBP"), pdf()])
def test_nothing_is_left_in_the_temporary_folder(
    judged: Callable[[bytes], Inspection], head: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    judged(head)
    assert [left.name for left in tmp_path.iterdir()] == ["upload"]
