"""What every template writes with: icons, statuses, credits, masked names, meters as SVG, the summary of errors.

Meters are SVG without style attributes, which the policy forbids; they need no script and print as vectors. Credits
come in tenths of a credit and leave as strings with one decimal.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cme_portal.foundation.forms import ListedError, errors_of

register = template.Library()

SPRITE = "vendor/icons.svg"


@dataclass(frozen=True, slots=True)
class Status:
    """One word of the vocabulary of statuses, with its icon and its colour (ok, info, bad or none)."""

    label: str
    icon: str
    colour: str = ""


# One vocabulary for states and verdicts: a reader meets these seven words and no others.
DRAFT = Status("草稿", "edit")
WAITING = Status("审核中", "clock", "info")
RETURNED = Status("退回补正", "arrow-back-up", "bad")
PASSED = Status("通过", "check", "ok")
REJECTED = Status("不通过", "x", "bad")
CREDITED = Status("已认定", "circle-check", "ok")
WITHDRAWN = Status("已撤回", "ban")
STATUSES = {
    "draft": DRAFT,
    "waiting": WAITING,
    "returned": RETURNED,
    "return": RETURNED,
    "approve": PASSED,
    "rejected": REJECTED,
    "reject": REJECTED,
    "approved": CREDITED,
    "withdrawn": WITHDRAWN,
    "withdraw": WITHDRAWN,
}


@cache
def _icons() -> frozenset[str]:
    sprite = (Path(settings.BASE_DIR) / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """``{% icon "bell" %}``: decoration beside a text. A name outside the sprite is an error, not an empty place."""
    if name not in _icons():
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to scripts/subset_icons.py")
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static(SPRITE),
        name,
    )


@register.inclusion_tag("parts/status_chip.html")
def status_chip(code: str, holder: str = "") -> dict[str, object]:
    """``{% status_chip approval.state holder="市级" %}`` is 市级审核中. ``code``: a state or a verdict of STATUSES."""
    return {"status": STATUSES[str(code)], "holder": holder}


# --- Figures ---


@register.filter("credits")
def as_credits(tenths: int | None) -> str:
    """Tenths of a credit as people read them: 64 becomes "6.4"; nothing becomes a dash."""
    if tenths is None:
        return "–"
    sign, amount = ("-", -tenths) if tenths < 0 else ("", tenths)
    return f"{sign}{amount // 10}.{amount % 10}"


@register.filter
def thousands(number: int) -> str:
    """A count in groups of three, kept on one line: 1 842."""
    return f"{number:,}".replace(",", "\u00a0")


@register.filter
def whole_credits(tenths: int) -> str:
    """The same for requirements and caps, which are mostly whole: 250 becomes "25"."""
    return as_credits(tenths).removesuffix(".0")


@register.filter
def file_size(octets: int) -> str:
    """Bytes as "402 KB" or "5.8 MB"."""
    if octets >= 1024 * 1024:
        return f"{octets / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(octets / 1024))} KB"


@register.filter
def page_numbers(page: Page) -> Iterator[int | str]:
    """The numbers a pagination shows: the first, the last, this page and its neighbours, "…" for what is left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


# --- Masks: what is shown of a person to somebody who need not know all ---


@register.filter
def masked_name(name: str) -> str:
    """王思远 becomes 王*远, 李红 becomes 李*; of a longer name the first and the last character stay."""
    return name[:1] + "*" * max(1, len(name) - 2) + name[2:][-1:]


@register.filter
def masked_phone(phone: str) -> str:
    """13812345678 becomes 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}"


@register.filter
def masked_national_id(number: str) -> str:
    """Of 18 characters the first and the last four."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}"


# --- Meters ---


@register.inclusion_tag("parts/ring.html")
def ring(required: int, awarded: int, in_review: int = 0, pending: int = 0) -> dict[str, object]:
    """The year as a ring, in tenths: awarded full, in review hatched, pending until something is completed dotted."""
    segments, begin = [], 0
    for kind, amount in (("awarded", awarded), ("review", in_review), ("pending", pending)):
        length = min(amount, required - begin)
        if length > 0:
            # A hair's breadth between two segments, so that they are told apart without colour.
            segments.append({"kind": kind, "length": max(length - 1, 1), "offset": -begin})
            begin += length
    label = f"年度要求 {whole_credits(required)} 学分，已认定 {as_credits(awarded)} 学分"
    if in_review:
        label += f"，审核中 {as_credits(in_review)} 学分"
    if pending:
        label += f"，预授待完成 {as_credits(pending)} 学分"
    return {"required": required, "awarded": awarded, "segments": segments, "label": label}


def _percent(part: float, whole: float) -> str:
    return f"{min(100.0, part / whole * 100):.2f}%" if whole else "0%"


@register.inclusion_tag("parts/capbar.html")
def capbar(awarded: int, in_review: int = 0, cap: int | None = None, scale: int = 250) -> dict[str, object]:
    """One category, in tenths: the full width is ``scale``, a line stands at ``cap``. The figures stand beside it."""
    return {
        "track": _percent(cap or scale, scale),
        "awarded": _percent(awarded, scale),
        "in_review": _percent(in_review, scale) if in_review else "",
        "cap": _percent(cap, scale) if cap else "",
    }


@register.simple_tag
def qr(data: str, label: str, scale: int = 4) -> SafeString:
    """A QR code (error correction M) with a quiet zone, black on white in dark mode too: cameras need it."""
    drawing = io.BytesIO()
    segno.make(data, error="m", micro=False).save(
        drawing, kind="svg", scale=scale, border=4, xmldecl=False, light="#fff", svgclass="qr", lineclass=None
    )
    opening = format_html('<svg role="img" aria-label="{}" ', label)
    return mark_safe(opening + drawing.getvalue().decode().removeprefix("<svg "))  # noqa: S308 - segno's own drawing


# --- Errors ---


@register.inclusion_tag("parts/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet) -> dict[str, list[ListedError]]:
    """``{% error_summary form formset %}``: all errors first, each a link to its field; nothing where there is none."""
    return {"errors": errors_of(*forms)}


@register.simple_tag
def error_prefix(*forms: BaseForm | BaseFormSet) -> str:
    """For ``{% block title %}{% error_prefix form %}申报学分{% endblock %}``: what is wrong is said first."""
    return "错误：" if errors_of(*forms) else ""
