"""The child process that opens an uploaded file: `python inspector.py SOURCE FOLDER`.

Whatever the file is called or claims to be, a real parser decides what it is. The process has little memory and time,
no Django, no database and no secrets in its environment; what it finds is written to FOLDER (`result.json` and the
pictures made from the file), and the parent reads nothing else. It exits with 0 after a verdict; any other code means
that the server failed and not the file.
"""

import errno
import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 40
LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024
SERVER_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EROFS, errno.ENOENT}

MOST_PIXELS = 25_000_000
LONGEST_SIDE = 30_000
MOST_PAGES = 50
MOST_OBJECTS = 200_000
DEEPEST_NESTING = 60
MOST_TEXT = 20_000  # characters of a page
TRAILING_BYTES = 1024  # how far from the end of a PDF its %%EOF may stand (ISO 32000-1, annex H.3, note 18)
PREVIEW_WIDTH = 1400
PREVIEW_PIXELS = 4_000_000
THUMBNAIL = (240, 320)
ROTATIONS = (0, 90, 180, 270)

RETAKE = "请重新拍照，或导出为 PDF、JPG、PNG 后上传。"
PRINT_ANEW = "请打开原文件，选择“打印 → 另存为 PDF”，上传新生成的文件。"
TOO_HEAVY = "文件过大或过于复杂，未能在限定时间和内存内打开。请重新拍照，或打印为新的 PDF 后上传。"
KINDS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}

# Keys and names by which a PDF does or carries something instead of showing pages (ISO 32000-1, 7.11.4 and 12.6).
ACTIVE_KEYS = {
    "/OpenAction": "打开时自动执行的动作",
    "/AA": "自动执行的动作",
    "/JS": "脚本",
    "/JavaScript": "脚本",
    "/EmbeddedFiles": "内嵌文件",
    "/EF": "内嵌文件",
    "/RichMedia": "多媒体内容",
    "/XFA": "动态表单",
}
ACTIVE_NAMES = {
    "/JavaScript": "脚本",
    "/Launch": "启动程序的动作",
    "/SubmitForm": "向外发送数据的动作",
    "/ImportData": "导入数据的动作",
    "/GoToE": "内嵌文件",
    "/EmbeddedFile": "内嵌文件",
    "/RichMedia": "多媒体内容",
}
KEYS_OF_NAMES = {"/S", "/Type", "/Subtype"}


class Refused(Exception):
    """The file cannot be evidence; the message says what, why and what to do."""


def inspect(source: Path, folder: Path) -> dict[str, Any]:
    """The file's kind, its pages and the name of its rendition, or Refused."""
    with source.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"%PDF-"):
        return inspect_pdf(source, folder)
    if b"%PDF-" in head:
        raise Refused(f"文件开头混有其他内容，不是规范的 PDF，无法安全打开。{PRINT_ANEW}")
    return inspect_image(source, folder)


def inspect_image(source: Path, folder: Path) -> dict[str, Any]:
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # the cap below answers with a sentence before anything is decoded
    try:
        image = Image.open(source, formats=("JPEG", "PNG", "WEBP", "HEIF"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(f"文件不是可识别的 PDF、JPG、PNG、WebP 或 HEIC，可能改过扩展名或已损坏。{RETAKE}") from error
    kind = KINDS[image.format or ""]
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise Refused(
            f"图片为 {image.width}×{image.height} 像素，超过 {MOST_PIXELS // 10_000} 万像素的上限。"
            "请降低相机分辨率重新拍摄，或缩小后上传。"
        )
    try:
        image.load()
        picture = on_white(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused(f"图片不完整或已损坏，无法完整显示。{RETAKE}") from error
    # Encoded anew, so that only pixels remain: no metadata, no place, and nothing hidden behind the picture.
    picture.save(folder / "rendition.jpg", "JPEG", quality=90)
    return {"kind": kind, "pages": [save_page(picture, folder, number=1, text="")], "rendition": "rendition.jpg"}


def inspect_pdf(source: Path, folder: Path) -> dict[str, Any]:
    refuse_appended(source)
    try:
        with pikepdf.open(source, suppress_warnings=True, attempt_recovery=False) as document:
            refuse_unreadable(document)
            refuse_active(document)
    except pikepdf.PasswordError as error:
        raise Refused(f"PDF 设有打开密码，审核人无法查看。{PRINT_ANEW}") from error
    except pikepdf.PdfError as error:
        raise Refused(f"PDF 不完整或已损坏，无法打开。{PRINT_ANEW}") from error
    return {"kind": "pdf", "pages": list(render_pages(source, folder)), "rendition": None}


def refuse_appended(source: Path) -> None:
    content = source.read_bytes()
    if content.rfind(b"%%EOF") < len(content) - TRAILING_BYTES or zipfile.is_zipfile(source):
        raise Refused(f"PDF 末尾不完整，或附有其他内容，无法安全打开。{PRINT_ANEW}")


def refuse_unreadable(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise Refused(f"PDF 已加密或限制了使用权限，无法检查其内容。{PRINT_ANEW}")
    pages = len(document.pages)
    if not pages:
        raise Refused(f"PDF 没有页面。{PRINT_ANEW}")
    if pages > MOST_PAGES:
        raise Refused(f"PDF 有 {pages} 页，超过 {MOST_PAGES} 页的上限。请只保留与本次申报有关的页面后上传。")
    if len(document.objects) > MOST_OBJECTS:
        raise Refused(f"PDF 结构过于复杂，无法检查。{PRINT_ANEW}")


def refuse_active(document: pikepdf.Pdf) -> None:
    """Refuse what runs, opens or carries something. Every object is looked at, also those no page refers to."""
    for top in document.objects:
        waiting = [(top, 0)]
        while waiting:
            container, depth = waiting.pop()
            if depth > DEEPEST_NESTING:
                raise Refused(f"PDF 结构过于复杂，无法检查。{PRINT_ANEW}")
            for key, value in entries(container):
                if found := activity(key, value):
                    raise Refused(f"PDF 含有{found}，存在安全风险，不能作为证明材料。{PRINT_ANEW}")
                # What is referred to, rather than written here, comes up as an object of its own.
                if isinstance(value, pikepdf.Array | pikepdf.Dictionary) and not value.is_indirect:
                    waiting.append((value, depth + 1))


def entries(container: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(container, pikepdf.Array):
        yield from (("", value) for value in container)
    elif isinstance(container, pikepdf.Dictionary | pikepdf.Stream):
        yield from container.items()


def activity(key: str, value: Any) -> str | None:
    """What the entry of a dictionary would do, in Chinese; None for an entry that only describes."""
    if key in KEYS_OF_NAMES and isinstance(value, pikepdf.Name):
        return ACTIVE_NAMES.get(str(value))
    return ACTIVE_KEYS.get(key)


def render_pages(source: Path, folder: Path) -> Iterator[dict[str, Any]]:
    try:
        document = pypdfium2.PdfDocument(source)
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            scale = min(PREVIEW_WIDTH / width, (PREVIEW_PIXELS / (width * height)) ** 0.5)
            picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
            yield save_page(picture, folder, number=number, text=text_of(page))
            page.close()
    except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
        raise Refused(f"PDF 的页面无法显示。{PRINT_ANEW}") from error


def text_of(page: pypdfium2.PdfPage) -> str:
    """The text a page carries; a scanned page carries none."""
    layer = page.get_textpage()
    length = min(layer.count_chars(), MOST_TEXT)
    text = layer.get_text_range(0, length) if length > 0 else ""
    layer.close()
    # Half surrogates and NUL, which damaged fonts produce, cannot be stored.
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def on_white(image: Image.Image) -> Image.Image:
    """The picture in RGB, transparent parts white as on paper."""
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def save_page(picture: Image.Image, folder: Path, *, number: int, text: str) -> dict[str, Any]:
    """Write a page's preview and thumbnail (WebP) and describe it."""
    preview = picture.copy()
    preview.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH * 4), Image.Resampling.LANCZOS)
    preview.save(folder / f"page-{number}.webp", "WEBP", quality=80, method=2)
    thumbnail = preview.copy()
    thumbnail.thumbnail(THUMBNAIL)
    thumbnail.save(folder / f"thumbnail-{number}.webp", "WEBP", quality=70, method=2)
    return {
        "width": preview.width,
        "height": preview.height,
        "dhashes": [difference_hash(preview.rotate(angle, expand=True)) for angle in ROTATIONS],
        "text": text,
    }


def difference_hash(picture: Image.Image) -> int:
    """64 bits: for each cell of an 8×8 grid, whether it is brighter than its right neighbour."""
    cells = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (cells[row * 9 + column] > cells[row * 9 + column + 1])
    return bits


def limit_self() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT_BYTES, LARGEST_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(source: Path, folder: Path) -> int:
    limit_self()
    try:
        result = inspect(source, folder)
    except Refused as refusal:
        result = {"refused": str(refusal)}
    except Exception as error:  # noqa: BLE001 - parsers fail in any way on hostile files, and none of them is our fault
        if isinstance(error, OSError) and error.errno in SERVER_ERRORS:
            return os.EX_TEMPFAIL
        result = {"refused": TOO_HEAVY}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
