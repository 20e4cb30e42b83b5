"""Choosing a body before the form that needs one.

A province has more bodies than a list can hold: they are searched for on a page of their own, and the form then shows the
chosen one. The choice travels in the address and, with the form, in a hidden field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from cme_portal.foundation.ids import row_id
from cme_portal.foundation.paging import BoundedPaginator
from institutions.enums import Tier
from institutions.forms import LenientForm
from institutions.models import Institution
from institutions.queries import InstitutionQuerySet

PAGE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """The body that a form is about, None while it is to be chosen; ``url`` leads to the page where another is chosen."""

    body: Institution | None
    url: str

    @property
    def label(self) -> str:
        """Every hospital has the same departments; a department is named with its hospital."""
        if self.body is None:
            return ""
        return f"{self.body.parent}·{self.body}" if self.body.tier == Tier.DEPARTMENT else self.body.name


def choice_of(
    request: HttpRequest, among: InstitutionQuerySet, *, field: str, default: Institution | None = None
) -> Choice:
    """The body sent as ``field``, or named in the address, as far as it is ``among`` the bodies; else the default.

    An address with a search (``q``) asks for the page of choice, whatever the default.
    """
    sent = request.POST if request.method == "POST" else request.GET
    body = default
    if field in sent:
        pk = row_id(sent[field])
        body = among.select_related("parent").filter(pk=pk).first() if pk is not None else None
    elif "q" in request.GET:
        body = None
    return Choice(body, _address(request, field, q=""))


def choice_page(
    request: HttpRequest,
    among: InstitutionQuerySet,
    *,
    field: str,
    title: str,
    label: str,
    crumbs: list[tuple[str, str]],
) -> HttpResponse:
    """Search ``among`` the bodies; each one found leads back to this address with the body chosen. ``label``: 用人单位."""
    form = BodySearchForm(request.GET)
    rows = among.select_related("parent").order_by("path")
    if "q" in form.chosen:
        rows = rows.called(form.chosen["q"])
    page = BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "carried": [(name, value) for name, values in _carried(request, field).lists() for value in values],
        "page": page,
        "found": [(body, _address(request, field, **{field: str(body.pk)})) for body in page],
        "everything": _address(request, field, q=""),
        "title": title,
        "label": label,
        "crumbs": crumbs,
        "here": title,
    }
    return render(request, "institutions/choose_body.html", context)


def _address(request: HttpRequest, field: str, **values: str) -> str:
    """The address of this page with ``values`` in place of an earlier choice or search; what else it carries stays."""
    query = _carried(request, field)
    query.update(values)
    return f"?{query.urlencode()}"


def _carried(request: HttpRequest, field: str) -> QueryDict:
    """What the address carries beside the choice and the search."""
    query = request.GET.copy()
    for name in (field, "q", "page"):
        query.pop(name, None)
    return query


class BodySearchForm(LenientForm):
    q = forms.CharField(label="机构名称", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))


class ChosenBody(forms.Widget):
    """The chosen body by name, with the way to another one; the id travels in a hidden field."""

    template_name = "django/forms/widgets/chosen_body.html"
    use_fieldset = True
    choice: Choice

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"choice": self.choice}


class BodyField(forms.ModelChoiceField):
    """A body that was chosen before; ``offer`` says which."""

    widget = ChosenBody

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(
            Institution.objects.none(),
            label=label,
            help_text=help_text,
            error_messages=dict.fromkeys(("required", "invalid_choice"), f"请选择{label}"),
        )

    def offer(self, choice: Choice) -> None:
        self.widget.choice = choice
        if choice.body is not None:
            self.queryset = Institution.objects.filter(pk=choice.body.pk).select_related("parent", "province")
            self.initial = choice.body.pk
