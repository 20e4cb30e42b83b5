"""Pages that are one form: clean it, call one act, say what was wrong beside the field it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from institutions import access


def carried_out(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What ``act`` answers to the cleaned values; None when it was not called or refused, and the form says why."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(dict(form.cleaned_data))
    except ValidationError as error:
        _blame(form, error)
    except access.Denied as denied:
        form.add_error(None, str(denied))
    return None


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    button: str,
    crumbs: list[tuple[str, str]],
    note: str = "",
    told: str = "",
    known: str = "",
) -> HttpResponse:
    """The form; with its errors first and status 422 when it was sent.

    ``note`` names a part that explains it; ``told`` is a sentence on what it is about; ``known`` is the page of the person
    whom it would enter a second time.
    """
    context = {
        "form": form,
        "title": title,
        "button": button,
        "crumbs": crumbs,
        "here": title,
        "note": note,
        "told": told,
        "known": known,
    }
    return render(request, "institutions/form_page.html", context, status=422 if form.is_bound else 200)


def _blame(form: forms.Form, error: ValidationError) -> None:
    """Put an act's sentences beside their fields; what has no field here concerns the whole form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
