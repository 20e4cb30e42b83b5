"""Forms about posts: finding, appointing, ending."""

from __future__ import annotations

from typing import Any

from django import forms

from cme_portal.foundation.forms import DateField, Form
from institutions.body_choice import BodyField, Choice
from institutions.enums import Role
from institutions.forms import LenientForm


class PostFilterForm(LenientForm):
    q = forms.CharField(label="姓名、账号或机构", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label="职责", choices=[("", "全部职责"), *Role.choices])
    held = forms.ChoiceField(label="状态", choices=[("", "在任"), ("ended", "已终止"), ("all", "全部")])


class AppointmentForm(Form):
    account = forms.CharField(
        label="任职人员的工作账号或手机号码",
        max_length=150,
        help_text="尚无账号的人员，请先为其开通工作账号",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = forms.CharField(label="任职人员姓名", max_length=60, help_text="与账号上的姓名一致，用于核对")
    institution = BodyField(label="机构")
    role = forms.ChoiceField(label="职责", choices=[("", "请选择"), *Role.choices])
    since = DateField(label="起始日期")
    until = DateField(label="终止日期", required=False, help_text="代理或临时岗位填写，从该日起不再任职")

    field_order = ("institution",)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].offer(choice)


class EndPostForm(Form):
    until = DateField(label="终止日期", help_text="从该日起不再任职")
