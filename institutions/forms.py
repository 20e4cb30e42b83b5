"""Forms of the inbox and the journal, and how lists are narrowed.

Forms clean what was typed; the acts decide whether it may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from cme_portal.foundation.forms import DateField, Form
from institutions import inbox
from institutions.enums import ChecksState, Tier, Verdict
from institutions.models import Institution

LONGEST_REASON = 500

# --- Inbox ---


class LenientForm(Form):
    """A filter in the address of a page: a value that does not fit is no filter, never an error."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that fit, without the empty ones."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def offer_bodies(self, bodies: Sequence[Institution]) -> None:
        """Let the list be narrowed to one of these departments or bodies; without any the filter is left out."""
        if not bodies:
            del self.fields["body"]
            return
        field = self.fields["body"]
        field.queryset = Institution.objects.filter(pk__in=[one.pk for one in bodies])
        field.choices = [("", "全部"), *((one.pk, one.name) for one in bodies)]
        field.label = "科室" if bodies[0].tier == Tier.DEPARTMENT else "机构"


class InboxFilterForm(LenientForm):
    q = forms.CharField(label="姓名或拼音首字母", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    body = forms.ModelChoiceField(Institution.objects.none(), label="科室", empty_label="全部")
    category = forms.SlugField(label="类别", widget=forms.Select)
    waiting = forms.ChoiceField(
        label="等待",
        choices=[
            ("", "不限"),
            (str(inbox.LONG_WAIT_DAYS), f"{inbox.LONG_WAIT_DAYS} 天以上"),
            ("10", "10 天以上"),
            (inbox.OVERDUE, "已超过承诺日期"),
        ],
    )
    year = forms.IntegerField(label="学分年度", min_value=2000, max_value=2100, widget=forms.Select)
    checks = forms.ChoiceField(choices=[("", "全部"), *ChecksState.choices], widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Sequence[Institution], contents: inbox.Contents, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_bodies(bodies)
        self.fields["category"].widget.choices = [("", "全部类别"), *contents.categories]
        self.fields["year"].widget.choices = [("", "全部年度"), *((year, f"{year} 年") for year in contents.years)]

    def filters(self) -> inbox.Filters:
        return inbox.Filters(**self.chosen)


class SavedFilterForm(Form):
    name = forms.CharField(
        label="筛选名称",
        max_length=20,
        help_text="例如：护理部超期",
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class DecisionForm(Form):
    """The verdict is the button that was pressed; ``fields`` are what may be objected to one by one."""

    verdict = forms.ChoiceField(choices=[(one.value, one.label) for one in inbox.UNDOABLE], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    common = forms.ChoiceField(label="常用意见", required=False, widget=forms.Select({"data-common": True}))
    reason = forms.CharField(
        label="审核意见",
        required=False,
        max_length=LONGEST_REASON,
        help_text="退回或不通过时必填，申报人据此补正；记入操作日志",
        widget=forms.Textarea({"rows": 3, "data-reason": True}),
    )

    def __init__(
        self, *args: Any, fields: Sequence[tuple[str, str]] = (), reasons: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["common"].choices = [("", "选择常用意见"), *((sentence, sentence) for sentence in reasons)]
        self.objections = {f"about-{name}": name for name, _ in fields}
        for name, label in fields:
            self.fields[f"about-{name}"] = forms.CharField(label=label, required=False, max_length=200)

    def objection_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.objections)

    @property
    def has_objections(self) -> bool:
        return any(self[name].value() for name in self.objections)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        written = [cleaned.get("common", ""), cleaned.get("reason", "").strip()]
        cleaned["reason"] = "；".join(sentence for sentence in written if sentence)
        cleaned["field_reasons"] = {
            name: cleaned[key].strip() for key, name in self.objections.items() if cleaned.get(key, "").strip()
        }
        if not cleaned["reason"] and cleaned["field_reasons"]:
            cleaned["reason"] = "请按逐项意见补正。"
        verdict = cleaned.get("verdict")
        if len(cleaned["reason"]) > LONGEST_REASON:
            self.add_error("reason", f"审核意见连同常用意见最多 {LONGEST_REASON} 字，请精简")
        elif verdict in {Verdict.RETURN, Verdict.REJECT} and not cleaned["reason"]:
            self.add_error("reason", f"请填写{Verdict(verdict).label}的理由，申报人据此补正或申诉")
        return cleaned


class BulkForm(Form):
    """A bulk approval takes rows that passed; what is written goes with each of them."""

    reason = forms.CharField(
        label="审核意见",
        required=False,
        max_length=LONGEST_REASON,
        help_text="选填。记入每一条的审核过程，申报人会看到",
        widget=forms.Textarea({"rows": 2}),
    )


# --- Journal ---


class JournalFilterForm(LenientForm):
    person = forms.CharField(label="操作人", max_length=60, widget=forms.SearchInput({"autocomplete": "off"}))
    act = forms.ChoiceField(label="操作")
    since = DateField(label="起始日期")
    until = DateField(label="截止日期")

    def __init__(self, *args: Any, acts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", "全部操作"), *acts]

    @property
    def is_backwards(self) -> bool:
        """Whether the first day asked for lies after the last: no entry can be found, whatever there is."""
        since, until = self.chosen.get("since"), self.chosen.get("until")
        return since is not None and until is not None and since > until
