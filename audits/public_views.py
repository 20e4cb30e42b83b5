"""Public verification, in Chinese and in English: the form, the address in the QR code, and the PDF."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audits import checking, verification
from audits.checking import CheckUnavailable
from audits.forms import FileForm, NumberForm
from audits.verification import Outcome, Verdict
from audits.wording import CHINESE, ENGLISH, Told, Wording
from cme_portal.foundation.limits import Limit, LimitUnknown, TooManyRequests
from institutions.access import public

BY_NUMBER = Limit("verify-number", times=30, seconds=60)
# Each file costs a process and a second.
BY_FILE = Limit("verify-file", times=6, seconds=60)
COLOURS = {Outcome.VALID: "", Outcome.SUPERSEDED: "warn"}
ICONS = {Outcome.VALID: "check", Outcome.SUPERSEDED: "alert-triangle"}
WRONG = ("bad", "x")


@public
@never_cache
@require_safe
def verify(request: HttpRequest, *, english: bool = False) -> HttpResponse:
    """The form; with number and check code in the query, the verdict."""
    words = _words(english=english)
    if "code" not in request.GET:
        asked = NumberForm(words=words, initial={"number": request.GET.get("number", "")})
        return _form_page(request, words, number_form=asked)
    return _by_number(request, words, NumberForm(request.GET, words=words))


@public
@never_cache
@require_safe
def verify_number(request: HttpRequest, number: str, *, english: bool = False) -> HttpResponse:
    """The address in the QR code: the number in the path, the check code in the query."""
    words = _words(english=english)
    return _by_number(request, words, NumberForm({"number": number, "code": request.GET.get("code", "")}, words=words))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_upload(request: HttpRequest, *, english: bool = False) -> HttpResponse:
    """The verdict on a PDF. Nothing is written: the answer is this page itself, and loading it anew asks again."""
    words = _words(english=english)
    if request.method != "POST":
        return _form_page(request, words)
    form = FileForm(request.POST, request.FILES, words=words)
    if not form.is_valid():
        return _form_page(request, words, file_form=form, status=422)
    try:
        BY_FILE.count(request)
        verdict = verification.by_file(pdf=form.cleaned_data["file"].read(checking.MAX_BYTES + 1))
    except TooManyRequests as refusal:
        return _told(request, words, words.too_many, refusal)
    except (LimitUnknown, CheckUnavailable) as refusal:
        return _told(request, words, words.unavailable, refusal)
    except ValueError:
        form.add_error("file", words.file_refused)
        return _form_page(request, words, file_form=form, status=422)
    told = words.unknown_file if verdict.outcome == Outcome.UNKNOWN else words.outcomes[verdict.outcome]
    return _verdict_page(request, words, verdict, told=told, checked=words.checked_file)


def _by_number(request: HttpRequest, words: Wording, form: NumberForm) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, words, number_form=form, status=422)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        BY_NUMBER.count(request)
    except TooManyRequests as refusal:
        return _told(request, words, words.too_many, refusal)
    except LimitUnknown as refusal:
        return _told(request, words, words.unavailable, refusal)
    verdict = verification.by_number(number=number, check_code=code)
    address = ""
    if verdict.rows:
        path = reverse("verify-number", args=[verdict.number])
        address = f"{settings.PORTAL_URL}{path}?code={verification.characters(code)}"
    return _verdict_page(
        request,
        words,
        verdict,
        told=words.outcomes[verdict.outcome],
        checked=words.checked_number,
        printed_address=address,
        number_form=form if not verdict.rows else None,
    )


def _words(*, english: bool) -> Wording:
    return ENGLISH if english else CHINESE


def _told(request: HttpRequest, words: Wording, told: Told, refusal: Exception) -> HttpResponse:
    """The page that says why nothing was checked: 429 with the time to wait, or 503."""
    seconds = getattr(refusal, "seconds", 30)
    context = {
        "heading": told.heading,
        "sentence": told.sentence.format(seconds=seconds),
        "colour": "warn",
        "icon_name": "clock",
    }
    status = 429 if isinstance(refusal, TooManyRequests) else 503
    response = _page(request, words, context, status=status)
    response["Retry-After"] = str(seconds)
    return response


def _verdict_page(
    request: HttpRequest, words: Wording, verdict: Verdict, *, told: Told, checked: tuple[str, ...], **more: Any
) -> HttpResponse:
    facts = asdict(verdict)
    colour, icon = COLOURS.get(verdict.outcome, WRONG[0]), ICONS.get(verdict.outcome, WRONG[1])
    replacement = f"{_address('verify', words)}?number={verdict.replaced_by}" if verdict.replaced_by else ""
    context = {
        "verdict": verdict,
        "rows": [_row(row, words) for row in verdict.rows],
        "status_word": words.status.get(verdict.outcome, ""),
        "heading": told.heading.format(**facts),
        "sentence": told.sentence.format(**facts),
        "colour": colour,
        "icon_name": icon,
        "checked": checked if verdict.rows else (),
        "replacement": replacement,
        "printed_address": "",
        **more,
    }
    return _page(request, words, context)


def _row(row: Any, words: Wording) -> tuple[str, str]:
    return (row.label_en, row.value_en or row.value) if words is ENGLISH else (row.label, row.value)


def _form_page(
    request: HttpRequest,
    words: Wording,
    *,
    number_form: NumberForm | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    return _page(request, words, {"number_form": number_form, "file_form": file_form}, status=status)


def _page(request: HttpRequest, words: Wording, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    empty = {"heading": "", "verdict": None, "rows": (), "checked": (), "replacement": "", "printed_address": ""}
    other = CHINESE if words is ENGLISH else ENGLISH
    frame = {
        "words": words,
        "english": words is ENGLISH,
        "verify_address": _address("verify", words),
        "upload_address": _address("verify-upload", words),
        "other_language_address": _in_other_language(request, other),
        "other_language": other.language,
        "origin": words.origin.format(origin=settings.PORTAL_URL),
        "checked_at": timezone.localtime(),
    }
    page = {**empty, **frame, **context}
    page["number_form"] = page.get("number_form") or NumberForm(words=words)
    page["file_form"] = page.get("file_form") or FileForm(words=words)
    return render(request, "audits/verify.html", page, status=status)


def _address(name: str, words: Wording) -> str:
    return reverse(f"{name}-english" if words is ENGLISH else name)


def _in_other_language(request: HttpRequest, other: Wording) -> str:
    """The same question in the other language; an uploaded file has to be chosen again."""
    match = request.resolver_match
    name = match.url_name.removesuffix("-english")
    kwargs = {key: value for key, value in match.kwargs.items() if key == "number"}
    address = reverse(f"{name}-english" if other is ENGLISH else name, kwargs=kwargs)
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address
