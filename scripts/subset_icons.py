"""Write static/vendor/icons.svg: the icons the portal uses, out of Tabler Icons, as one sprite.

    npm pack @tabler/icons@3.51.0 && tar xzf tabler-icons-3.51.0.tgz
    python scripts/subset_icons.py package/icons/outline

Add a name to NAMES, run it again, and put the new sha256 into static/vendor/VENDOR.json. Standard library only.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static/vendor/icons.svg"
NAMES = """
    adjustments-horizontal alert-triangle archive arrow-back-up arrows-exchange award ban bell book briefcase
    building-hospital calculator calendar-event camera certificate chart-bar check chevron-down chevron-left
    chevron-right chevron-up circle-check circle-x clipboard-check clipboard-list clock copy devices download edit
    external-link eye file-plus file-spreadsheet file-text flag gavel help-circle history home hourglass id info-circle
    key keyboard language list-check lock logout mail message moon paperclip phone photo plus printer qrcode refresh
    rotate-clockwise scale school search send settings shield-check star sun text-size trash upload user-circle users
    x zoom-in zoom-out
"""


def symbol(name: str, drawing: str) -> str:
    """One icon as a <symbol>; what all icons share (stroke, caps) is set by the style sheet."""
    shapes = [
        shape.replace(" />", "/>")
        for shape in re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", drawing)
        if 'stroke="none"' not in shape  # the empty square under every drawing
    ]
    if not shapes:
        raise ValueError(f"{name}: no shape in the drawing")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def main(folder: str) -> None:
    drawings = Path(folder)
    names = sorted(NAMES.split())
    body = "\n".join(symbol(name, (drawings / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    TARGET.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
