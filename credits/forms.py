"""The claim form: built from the regulation for the kind of activity that is chosen, whatever stands in it.

What was typed is kept raw in ``claim.typed``; the cleaned facts go to the acts of ``credits.claims``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cme_portal.foundation.forms import Cards, FilesField, Form, NumberField, say_plainly
from cme_portal.foundation.ids import row_id
from credits import claims
from credits.assessment import regulation_of
from credits.claims import Facts
from credits.fact_fields import choices_of, fact_field
from credits.facts import FACT_NAMES, SPLIT_FACTS
from credits.models import Claim, ClaimState
from credits.questions import DEFAULTS, Question, as_date, item_of, names_of, questions
from credits.rules import FACTS, Item, Regulation, RuleMissingError
from credits.rules.procedure import Declaration
from credits.rules.provisions import EvidenceItem
from credits.stay_parts import fixed_answers, standing_parts, why_fixed

# What the form asks for besides what the engine computes with.
NOT_FACTS = frozenset({"activity_name", "organizer", claims.MENDED, "agree"})
# What a draft keeps of what a browser sends: the claim's own words, its facts, and the window that wrote them.
KEPT = frozenset({"declaration", "activity_name", "organizer", "item_name", claims.MENDED, "tab", *FACT_NAMES})
MOST_CHARACTERS = 1000  # of one answer; the longest that any question takes is far shorter
CREDIT_YEARS = range(FACTS["makes_up"].minimum, FACTS["makes_up"].maximum + 1)
RADIOS_UP_TO = 2
PASSED = (("yes", "已合格"), ("no", "不合格或没有考核"))


class ClaimForm(Form):
    """One claim. ``remarks`` are a reviewer's reasons by field; ``given`` are the documents uploaded so far.

    A claim that was returned also asks what was mended, for the reviewer to read.
    """

    activity_name = forms.CharField(label="活动名称", max_length=120, help_text="与证明材料上的名称一致")
    organizer = forms.CharField(label="组织单位", max_length=120, required=False)
    mended = forms.CharField(
        label="补正说明",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="选填。写明更正、补充了什么，审核人员会看到",
    )
    agree = forms.BooleanField(
        label="本人确认所填内容和材料真实。弄虚作假将依规处理并记入个人学习档案。",
        error_messages={"required": "请阅读并勾选“本人确认所填内容和材料真实”"},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        claim: Claim,
        at: datetime,
        remarks: Mapping[str, str] | None = None,
        given: Collection[str] = (),
    ) -> None:
        self.claim, self.at, self.given = claim, at, given
        self.practitioner = claim.practitioner
        self.standing = standing_parts(claim)
        self.fixed = fixed_answers(self.standing)
        self.typed: dict[str, Any] = {**DEFAULTS, **typed_in(data or {}, claim), **self.fixed}
        self.year = self._year()
        self.rules: Regulation = regulation_of(self.practitioner, self.year)
        self.chosen: Declaration = claims.declaration(self.practitioner, self.year, claim.declaration)
        self.item_code = item_of(self.chosen, self.typed)
        self.questions = questions(self.rules, self.chosen, self.typed)
        super().__init__(data, initial=self.typed)
        names = names_of(self.rules, self.chosen, self.item_code)
        for name, label in (("activity_name", names.activity_name), ("organizer", names.organizer)):
            self.fields[name].label = label
            say_plainly(self.fields[name], label)
        if claim.state != ClaimState.RETURNED:
            del self.fields[claims.MENDED]
        if not claim.part_of_id:
            self._ask_for_the_kind()
            for document in self.documents:
                self.fields[f"files-{document.code}"] = FilesField(label=document.title, required=False)
        for question in self.questions:
            self.fields[question.name] = self._field(question)
        for name, remark in (remarks or {}).items():
            if name in self.fields:
                _remark(self.fields[name], remark)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                # What is being typed stays when the part of the page around it comes anew.
                field.widget.attrs["hx-preserve"] = "true"
        files = [name for name in self.fields if name.startswith("files-")]
        kind = ["declaration", "item", "item_name"]
        self.order_fields([*kind, "activity_name", "organizer", *self._fact_names(), *files, claims.MENDED, "agree"])

    @property
    def dates(self) -> list[BoundField]:
        return [self[name] for name in ("start", "end") if name in self.fields]

    @property
    def details(self) -> list[tuple[BoundField, bool]]:
        """The facts besides the dates, in the order of the form, each with whether it is chosen rather than written."""
        shown = [self[name] for name in self._fact_names() if name not in {"start", "end"}]
        return [(field, not isinstance(field.field.widget, forms.TextInput)) for field in shown]

    @property
    def documents(self) -> tuple[EvidenceItem, ...]:
        """The checklist of evidence for the chosen item."""
        return self.chosen.evidence_for(self.item_code)

    @property
    def splits(self) -> bool:
        """Whether the activity may lie in two years, so that its dates decide what else is asked."""
        category = self.rules.category(self.chosen.category)
        return category.over_new_year or category.item(self.item_code).over_new_year

    @property
    def missing(self) -> list[str]:
        """What keeps the facts from being computed, whatever else is wrong with the form; each sentence names its field."""
        wrong = [name for name in self.errors if name not in NOT_FACTS and not name.startswith("files-")]
        return [self._named(name, str(message)) for name in wrong for message in self.errors[name]]

    def facts(self) -> Facts:
        """The cleaned facts, as far as they are valid."""
        values: dict[str, Any] = {"item": self.cleaned_data.get("item_name") or self.item_code}
        by_year: dict[int, dict[str, Any]] = {}
        for question in self.questions:
            value = self.cleaned_data.get(question.name)
            if question.fact == "passed":
                value = value != "no"
            elif FACTS[question.fact].kind == "integer" and isinstance(value, Decimal):
                value = int(value)
            if question.year is None:
                values[question.fact] = value
            else:
                by_year.setdefault(question.year, {})[question.fact] = value
        if self.chosen.route.delivery is not None:
            values["delivery"] = self.chosen.route.delivery
        return Facts(
            activity_name=self.cleaned_data.get("activity_name", ""),
            organizer=self.cleaned_data.get("organizer", ""),
            values=values,
            by_year=by_year,
        )

    def clean(self) -> dict[str, Any]:
        """Everything that is impossible, at once: by the form, by the checklist of evidence, by the regulation."""
        cleaned = super().clean() or self.cleaned_data
        self._refuse_changed_dates()
        if not self.claim.part_of_id:
            for document in self.documents:
                if document.required and document.code not in self.given:
                    self.add_error(f"files-{document.code}", f"请上传“{document.title}”")
        if "start" in cleaned and "end" not in self.errors:
            try:
                claims.refuse_impossible(self.practitioner, self.claim, self.facts(), at=self.at)
            except ValidationError as impossible:
                self.add_impossible(impossible)
        return cleaned

    def _refuse_changed_dates(self) -> None:
        """Dates of a window that was opened before another part of the stay fixed them: nobody's answer is dropped unsaid."""
        for name in ("start", "end"):
            if name in self.fixed and self.data.get(name, self.fixed[name]) != self.fixed[name]:
                self.add_error(name, why_fixed(self.standing[-1]))

    def add_impossible(self, impossible: ValidationError) -> None:
        """Sentences of an act beside their fields; a field that already says what is wrong keeps its own."""
        if not hasattr(impossible, "error_dict"):
            self.add_error(None, impossible)
            return
        for name, messages in impossible.message_dict.items():
            shown = name if name in self.fields else None
            if shown is None or shown not in self.errors:
                self.add_error(shown, messages)

    def _named(self, name: str, message: str) -> str:
        """A sentence as it is read away from its field."""
        label = str(self.fields[name].label) if name in self.fields else ""
        return message if label in message else f"{label}：{message}"

    def _year(self) -> int:
        """The credit year whose regulation asks: that of the start; a part of a stay and an undated draft have their own."""
        start = as_date(self.typed.get("start"))
        if self.claim.part_of_id or start is None:
            return self.claim.year
        try:
            regulation_of(self.practitioner, start.year)
        except RuleMissingError:
            return self.claim.year
        return start.year

    def _fact_names(self) -> list[str]:
        return [question.name for question in self.questions]

    def _ask_for_the_kind(self) -> None:
        offered = claims.declarations(self.practitioner, self.year)
        self.fields["declaration"] = forms.ChoiceField(
            label="活动类别", choices=[(one.code, card(one)) for one in offered], widget=Cards(), required=False
        )
        self.initial["declaration"] = self.chosen.code
        category = self.rules.category(self.chosen.category)
        if len(self.chosen.items) > 1:
            titles = [(code, category.item(code).title) for code in self.chosen.items]
            self.fields["item"] = forms.ChoiceField(label="具体类型", choices=titles, required=False)
            self.initial["item"] = self.item_code
        elif category.open_items:
            self.fields["item_name"] = forms.CharField(
                label="类型名称或代码", max_length=40, help_text="以所在市公布的学分类型为准"
            )

    def _field(self, question: Question) -> forms.Field:
        """The parts of a stay show each other's figures; a part in review or granted fixes them, and the dates with them."""
        item = self.rules.category(self.chosen.category).item(self.item_code)
        field = _field_for(question, item)
        field.label, field.help_text = question.label, question.help
        say_plainly(field, question.label)
        field.disabled = bool(self.claim.part_of_id) and question.year not in {None, self.claim.year}
        if question.name in self.fixed:
            field.disabled = True
            field.help_text = f"与 {question.year or self.standing[-1].year} 年的部分一致，不能更改"
        return field


class Sketch(ClaimForm):
    """What stands in a draft, read field by field: to find out what is impossible costs the database questions."""

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class ReversalForm(Form):
    """Why an entry of the ledger is reversed."""

    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="本人会收到通知，并能在对账单中看到理由",
    )


def typed_in(data: Mapping[str, Any], claim: Claim) -> dict[str, Any]:
    """What stands in the form: new answers over old ones, so that changing the kind and back again loses nothing."""
    sent = {name: str(data[name])[:MOST_CHARACTERS] for name in data if _is_kept(name)}
    return {**claim.typed, **sent}


def _is_kept(name: str) -> bool:
    """Whether a question can have this name: a fact, or the share of one in a year (``hours_2026``)."""
    fact, _, year = name.rpartition("_")
    return name in KEPT or (fact in SPLIT_FACTS and row_id(year) in CREDIT_YEARS)


def card(declaration: Declaration) -> SafeString:
    """A kind of activity as it is offered."""
    return format_html("<span>{}</span><small>{}</small>", declaration.title, declaration.hint)


def _field_for(question: Question, item: Item) -> forms.Field:
    if question.fact == "passed":
        return forms.ChoiceField(choices=PASSED, widget=forms.RadioSelect)
    if FACTS[question.fact].kind == "choice" and len(choices := choices_of(question.fact, item)) <= RADIOS_UP_TO:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=question.required)
    field = fact_field(question.fact, item=item, required=question.required)
    if isinstance(field, NumberField):
        field.unit = question.unit
    return field


def _remark(field: forms.Field, remark: str) -> None:
    """Let the reviewer's words stand with the field's own help."""
    field.help_text = format_html('{} <strong class="remark">审核意见：{}</strong>', field.help_text, remark)
