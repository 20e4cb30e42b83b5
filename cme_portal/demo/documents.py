"""Fictional documents: photographs of certificates and notices, drawn so that no two look alike."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

FONT = Path(settings.BASE_DIR) / "audits" / "fonts" / "NotoSansSC.ttf"
WIDTH, HEIGHT = 720, 960
PAPER = (250, 249, 245)
INK = (35, 38, 45)
STAMP = (200, 30, 40)


def photograph(*, title: str, lines: list[str], stamp: str, seed: str) -> bytes:
    """A JPEG of a sheet of paper with a heading, lines of text and a red stamp, lit unevenly as a phone would take it."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(sheet)
    top = chance.randint(70, 150)
    heading = _font(42)
    draw.text((WIDTH / 2, top), title, font=heading, fill=INK, anchor="mm")
    body = _font(25)
    y = top + chance.randint(80, 130)
    for line in lines:
        draw.text((80, y), line, font=body, fill=INK)
        y += chance.randint(44, 62)
    _stamp(draw, stamp, (chance.randint(430, 560), min(y + chance.randint(60, 200), HEIGHT - 150)))
    draw.text((80, HEIGHT - 60), "演示材料，内容均为虚构", font=_font(18), fill=(120, 120, 120))
    lit = Image.composite(sheet, Image.new("RGB", sheet.size, (120, 116, 108)), _light(chance))
    turned = lit.rotate(chance.uniform(-3, 3), expand=True, fillcolor=(92, 84, 74))
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=75)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def _stamp(draw: ImageDraw.ImageDraw, text: str, centre: tuple[int, int]) -> None:
    x, y = centre
    radius = 90
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=STAMP, width=6)
    font = _font(19)
    for row, part in enumerate((text[:8], text[8:16], "（演示印样）")):
        draw.text((x, y - 28 + row * 28), part, font=font, fill=STAMP, anchor="mm")


def _light(chance: random.Random) -> Image.Image:
    """Broad patches of light and shade, which also keep the difference hashes of two photographs apart."""
    small = Image.new("L", (9, 12))
    small.putdata([chance.randint(150, 255) for _ in range(9 * 12)])
    return small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
