"""Forms of verification and of the certificate office."""

from __future__ import annotations

from typing import Any

from django import forms

from audits.wording import Wording
from cme_portal.foundation.forms import Form


class NumberForm(Form):
    """A number and the check code beside it, in the language of the page."""

    number = forms.CharField(max_length=40)
    code = forms.CharField(max_length=20)

    def __init__(self, *args: Any, words: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number, code = self.fields["number"], self.fields["code"]
        number.label, number.help_text = words.number, words.number_hint
        code.label, code.help_text = words.check_code, words.check_code_hint
        number.error_messages = {"required": words.number_missing, "max_length": words.number_missing}
        code.error_messages = {"required": words.check_code_missing, "max_length": words.check_code_missing}
        for field in (number, code):
            field.widget.attrs.update(autocomplete="off", spellcheck="false", autocapitalize="characters")


class FileForm(Form):
    """The PDF of a certificate."""

    file = forms.FileField(widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}))

    def __init__(self, *args: Any, words: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.label, file.help_text = words.file, words.file_hint
        missing = words.file_missing
        file.error_messages = {"required": missing, "missing": missing, "empty": words.file_refused, "invalid": missing}
