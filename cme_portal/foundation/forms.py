"""Forms as every page shows them: Bootstrap's classes, sentences that name the field, errors first and linked.

``Renderer`` is the project's FORM_RENDERER, so the forms of libraries (sign-in, second factor) look the same. Our own
derive from ``Form`` or ``ModelForm`` and are written with ``{{ form.field.as_field_group }}``.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList

YEARS = range(1900, 2200)
MOST_DIGITS = 15
CHOICES = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple)


class BoundField(DjangoBoundField):
    """A field on a page; its widget carries the classes of Bootstrap."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        classes = [str(attrs.get("class") or widget.attrs.get("class", "")), bootstrap_class(widget)]
        if self.errors:
            classes.append("is-invalid")
        attrs["class"] = " ".join(filter(None, classes))
        return attrs

    @property
    def anchor(self) -> str:
        """The id that a link from the summary of errors leads to."""
        return self.id_for_label or self.auto_id

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def unit(self) -> str:
        """小时, 次, 学分: written behind the box."""
        return getattr(self.field, "unit", "")


class Renderer(TemplatesSetting):
    bound_field_class = BoundField


def bootstrap_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select | forms.SelectMultiple):
        return "form-select"
    return "" if widget.is_hidden else "form-control"


class PlainMessages:
    """Replaces what Django says of an empty or strange answer by a sentence that says what to do with which field."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                say_plainly(field, str(field.label or name))


def say_plainly(field: forms.Field, label: str) -> None:
    """Our own words for an empty field, and for a choice that is not, or no longer, offered."""
    field.error_messages["required"] = missing(field, label)
    default = type(field).default_error_messages.get("invalid_choice")
    if default is not None and field.error_messages["invalid_choice"] == default:
        field.error_messages["invalid_choice"] = f"请重新选择{label}"


def missing(field: forms.Field, label: str) -> str:
    """What to do about an empty field: 请填写姓名, 请填写 2026 年内的小时数, 请选择类别, 请上传材料, 请勾选“…”."""
    gap = " " if label[:1].isascii() else ""
    if isinstance(field, forms.FileField):
        return f"请上传{gap}{label}"
    if isinstance(field.widget, forms.CheckboxInput):
        return f"请勾选“{label}”"
    return f"请选择{gap}{label}" if isinstance(field.widget, CHOICES) else f"请填写{gap}{label}"


class Form(PlainMessages, forms.Form):
    pass


class ModelForm(PlainMessages, forms.ModelForm):
    pass


# --- Errors ---


@dataclass(frozen=True, slots=True)
class ListedError:
    """One line of the summary; without an anchor it concerns the whole form."""

    message: str
    anchor: str = ""


def errors_of(*forms_shown: forms.BaseForm | forms.BaseFormSet) -> list[ListedError]:
    """All errors of the forms and formsets of a page, in the order of the fields; rows of a formset are numbered."""
    return [error for shown in forms_shown for error in _errors(shown)]


def _errors(shown: forms.BaseForm | forms.BaseFormSet, row: str = "") -> Iterator[ListedError]:
    if isinstance(shown, forms.BaseFormSet):
        yield from (ListedError(str(message)) for message in shown.non_form_errors())
        for number, form in enumerate(shown.forms, start=1):
            yield from _errors(form, row=f"第 {number} 行：")
        return
    yield from (ListedError(row + str(message)) for message in shown.non_field_errors())
    for field in shown:
        messages: ErrorList = field.errors
        anchor = getattr(field, "anchor", field.auto_id)
        yield from (ListedError(row + str(message), anchor) for message in messages)


# --- Fields ---


class Cards(forms.RadioSelect):
    """Radio buttons as cards; a label may carry an explanation in <small>."""

    template_name = "django/forms/widgets/cards.html"


class DateInput(forms.DateInput):
    """The browser's own calendar; the value travels as YYYY-MM-DD whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day in the lives of those who use the portal: the year 9999 is a slip, and nothing can be reckoned from it."""

    widget = DateInput
    input_formats = ["%Y-%m-%d"]
    default_error_messages = {"invalid": "请填写有效的日期，例如 2026-03-02"}

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class NumberField(forms.DecimalField):
    """A decimal figure as people type it, full-width digits included, with its unit behind the box."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "请填写数字"}

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """A Decimal or None; django-stubs inherit an int from IntegerField, which DecimalField is not in truth."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        number = super().to_python(value)
        # 1e999999 is a number to Python, and takes it minutes to write down.
        if number is not None and abs(number.adjusted()) > MOST_DIGITS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    @property
    def allowed(self) -> str:
        """What may be filled in: 请填 0 到 12 之间的整数."""
        kind = "整数" if self.decimal_places == 0 else "数"
        if self.min_value is not None and self.max_value is not None:
            sentence = f"请填 {self.min_value} 到 {self.max_value} 之间的{kind}"
        elif self.min_value is not None:
            sentence = f"请填不小于 {self.min_value} 的{kind}"
        else:
            sentence = f"请填{kind}" if self.max_value is None else f"请填不大于 {self.max_value} 的{kind}"
        return f"{sentence}，最多 {self.decimal_places} 位小数" if self.decimal_places else sentence

    def run_validators(self, value: Any) -> None:
        """One sentence that says what is allowed, whichever bound was missed."""
        try:
            super().run_validators(value)
        except ValidationError as refused:
            raise ValidationError(self.allowed, code="not_allowed") from refused

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric" if self.decimal_places == 0 else "decimal", "autocomplete": "off"}


class CreditsField(NumberField):
    """Credits with at most one decimal; the cleaned value is the integer number of tenths."""

    def __init__(self, *, min_value: Decimal | int = 0, max_value: Decimal | int = 1000, **options: Any) -> None:
        super().__init__(unit="学分", min_value=min_value, max_value=max_value, decimal_places=1, **options)

    def clean(self, value: Any) -> int | None:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned * 10)

    def prepare_value(self, value: Any) -> Any:
        """Initial values come in tenths as well; what was typed comes back as it was typed."""
        return f"{value // 10}.{value % 10}" if isinstance(value, int) else value


class FilesInput(forms.ClearableFileInput):
    """Several files at once, without the "clear" box."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files; the cleaned value is a list, empty when nothing was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            super().clean(None, initial)
            return []
        single = super().clean
        return [single(file, initial) for file in files]
