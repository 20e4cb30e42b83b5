"""Forms of verification and of the certificate office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from audits.certificates import REASON_LENGTH
from audits.models import CertificateStatus
from audits.wording import Wording
from cme_portal.foundation import clock
from cme_portal.foundation.forms import Form
from credits.rules.registry import VERSIONS
from institutions.actors import Actor
from institutions.enums import Kind, Tier
from institutions.models import Institution


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


class CertificateFilter(Form):
    """Which of the issued certificates to list."""

    CHANGED = "changed"
    STATES = (
        ("", "全部状态"),
        *CertificateStatus.choices,
        (CHANGED, "内容有更正，待换发"),
    )

    text = forms.CharField(label="编号、姓名或拼音", required=False, max_length=60)
    year = forms.TypedChoiceField(label="学分年度", required=False, coerce=int, empty_value=None)
    area = forms.ModelChoiceField(
        label="地区", required=False, queryset=Institution.objects.none(), empty_label="全部地区"
    )
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, *args: Any, actor: Actor, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "全部年度"), *((year, f"{year} 年度") for year in years)]
        self.fields["area"].queryset = areas_of(actor)

    def clean_state(self) -> str:
        """Each certificate of a year is compared with the records; of all years at once nobody would wait for the answer."""
        state: str = self.cleaned_data["state"]
        if state == self.CHANGED and not self.cleaned_data.get("year"):
            raise forms.ValidationError("查找待换发的证书要与学分记录逐份核对，请先选择学分年度。")
        return state


class CandidateFilter(Form):
    """Whose compliant year still lacks a certificate."""

    text = forms.CharField(label="姓名或拼音", required=False, max_length=60)
    year = forms.TypedChoiceField(label="学分年度", coerce=int)
    area = forms.ModelChoiceField(
        label="地区", required=False, queryset=Institution.objects.none(), empty_label="全部地区"
    )
    unit = forms.CharField(label="用人单位名称", required=False, max_length=80)

    def __init__(self, *args: Any, actor: Actor, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year} 年度") for year in years]
        self.fields["area"].queryset = areas_of(actor)

    @classmethod
    def of_year(cls, year: int, **options: Any) -> Self:
        """The filter that leaves nobody of a year out."""
        form = cls({"year": year}, **options)
        form.full_clean()
        return form

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(name, value) of the valid filter as they stand in an address; what is empty is left out."""
        area = self.cleaned_data["area"]
        values = {**self.cleaned_data, "area": area.pk if area else ""}
        return [(name, str(value)) for name, value in values.items() if value]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)


class ReasonForm(Form):
    """Why a certificate is revoked or reissued; kept with the certificate."""

    reason = forms.CharField(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label, reason.help_text = label, hint
        reason.error_messages["required"] = f"请填写{label}"


def years_of(actor: Actor) -> list[int]:
    """The credit years the province's regulations rule on, the current one first."""
    first = VERSIONS[actor.province.jurisdiction][0].in_force.year
    return list(range(clock.credit_year(timezone.now()), first - 1, -1))


def areas_of(actor: Actor) -> QuerySet[Institution]:
    """The cities and counties an officer may narrow a list to, in the order of the tree."""
    bodies = Institution.objects.visible_to(actor).filter(tier__in=(Tier.CITY, Tier.COUNTY))
    if actor.institution.kind != Kind.CME_OFFICE:
        bodies = bodies.within(actor.institution)
    return bodies.order_by("path")
