"""Forms about people: finding, registering, employing, correcting, promoting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cme_portal.foundation.forms import DateField, Form
from institutions.body_choice import BodyField, Choice
from institutions.enums import Tier, Title
from institutions.forms import LenientForm
from institutions.models import Institution
from institutions.national_id import normalise


class PeopleFilterForm(LenientForm):
    q = forms.CharField(label="姓名或拼音首字母", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    body = forms.ModelChoiceField(Institution.objects.none(), label="机构", empty_label="全部")
    title = forms.ChoiceField(label="职称", choices=[("", "全部职称"), *Title.choices])
    employed = forms.ChoiceField(label="任职状态", choices=[("", "全部"), ("yes", "在职"), ("no", "已离职")])
    standing = forms.ChoiceField(label="本年学分")

    def __init__(
        self, *args: Any, bodies: Sequence[Institution], standings: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_bodies(bodies)
        self.fields["standing"].choices = [("", "不限"), *standings]
        if not standings:
            del self.fields["standing"]


class EmploymentFields(Form):
    """Where somebody works: a unit chosen before, one of its departments, and since when."""

    institution = BodyField(label="用人单位")
    department = forms.ModelChoiceField(
        Institution.objects.none(),
        label="科室",
        required=False,
        empty_label="不分科室",
        error_messages={"invalid_choice": "该科室不属于所选用人单位，请重新选择"},
    )
    employee_number = forms.CharField(label="工号", max_length=30, required=False)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].offer(choice)
        if choice.body is not None:
            departments = Institution.objects.open().filter(parent=choice.body, tier=Tier.DEPARTMENT)
            self.fields["department"].queryset = departments.order_by("path")


class NationalIDField(forms.CharField):
    """As it stands on the card; spaces and full-width digits do not matter. The act judges the number."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "text", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label="身份证号码", max_length=60, widget=widget, **options)

    def clean(self, value: Any) -> str:
        return normalise(super().clean(value))


class RegistrationForm(EmploymentFields):
    name = forms.CharField(label="姓名", max_length=60)
    national_id = NationalIDField()
    employed_since = DateField(label="到岗日期")
    profession = forms.CharField(label="专业类别", max_length=30, help_text="例如临床、护理、药学、检验")
    title = forms.ChoiceField(label="职称", choices=[("", "请选择"), *Title.choices])
    title_since = DateField(label="职称聘任日期")
    licensed = forms.BooleanField(label="已取得执业资格", required=False, initial=True)
    licence_number = forms.CharField(label="执业证书编号", max_length=30, required=False)
    residency_in_training = forms.BooleanField(label="正在接受毕业后医学教育（规范化培训）", required=False)
    residency_completed = DateField(label="规范化培训结业考核合格日期", required=False)

    field_order = ("institution", "department", "name", "national_id", "employee_number", "employed_since")


class EmployForm(EmploymentFields):
    """A move within the administrator's territory."""

    since = DateField(label="到岗日期")


class TransferForm(EmployForm):
    """Somebody registered elsewhere in the province, found by name and number together."""

    name = forms.CharField(label="姓名", max_length=60)
    national_id = NationalIDField()
    field_order = ("institution", "department", "name", "national_id")


class LeavingForm(Form):
    left_on = DateField(
        label="离职日期", help_text="从这一天起不再在本单位任职；此后不能再提交申报，已审核的学分不受影响"
    )


class StartForm(Form):
    since = DateField(label="到岗日期", help_text="不早于上一任职的终止日期，不晚于今天")


class CorrectionForm(Form):
    name = forms.CharField(label="姓名", max_length=60)
    national_id = NationalIDField(required=False, help_text="不更正则留空")
    profession = forms.CharField(label="专业类别", max_length=30)
    licensed = forms.BooleanField(label="已取得执业资格", required=False)
    licence_number = forms.CharField(label="执业证书编号", max_length=30, required=False)
    residency_in_training = forms.BooleanField(label="正在接受毕业后医学教育（规范化培训）", required=False)
    residency_completed = DateField(label="规范化培训结业考核合格日期", required=False)


class TitleForm(Form):
    title = forms.ChoiceField(label="职称", choices=[("", "请选择"), *Title.choices])
    since = DateField(label="聘任日期")


class ReasonForm(Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        help_text="理由将与您的姓名、时间一并记入操作日志",
        widget=forms.Textarea({"rows": 2}),
    )
