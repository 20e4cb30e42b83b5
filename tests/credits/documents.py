"""Files for the tests of evidence: honest ones and hostile ones, made on the spot."""

import io
import random
from collections.abc import Callable

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()


def photograph(seed: int = 1, size: tuple[int, int] = (900, 1200), *, turned: int = 0) -> Image.Image:
    """Something with light and dark parts, as a photographed certificate has; each seed looks different."""
    chance = random.Random(seed)  # noqa: S311 - pictures, not secrets
    image = Image.new("RGB", (90, 120), "white")
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        left, top = chance.randrange(90), chance.randrange(120)
        shade = chance.randrange(256)
        pen.rectangle((left, top, left + chance.randrange(4, 30), top + chance.randrange(4, 30)), fill=(shade,) * 3)
    return image.resize(size, Image.Resampling.BICUBIC).rotate(turned, expand=True)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def jpeg(seed: int = 1, **options: object) -> bytes:
    return encoded(photograph(seed, **options))


def pdf(edit: Callable[[pikepdf.Pdf], object] | None = None, *, pages: int = 1, **save: object) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if edit is not None:
        edit(document)
    target = io.BytesIO()
    document.save(target, **save)
    return target.getvalue()


def pdf_with_text(text: str) -> bytes:
    """One page of A4 that says `text` (ASCII) in Helvetica."""

    def write(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        page.Contents = document.make_stream(f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode())

    return pdf(write)
