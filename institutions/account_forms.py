"""Forms that open accounts: a person's own, by phone number, and a staff account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cme_portal.foundation.forms import Form
from institutions.models import PHONE
from institutions.sign_in import is_phone


class InitialPassword(Form):
    """A first password to hand over, or an e-mail address through which the person sets one."""

    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于通知和重设密码")
    password = forms.CharField(
        label="初始密码",
        required=False,
        strip=False,
        help_text="至少 10 位；不填则由本人通过电子邮箱设置",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("email") and not cleaned.get("password"):
            self.add_error("email", "请填写电子邮箱或初始密码，否则本人无法登录")
        return cleaned


class AccountForm(InitialPassword):
    phone = forms.CharField(
        label="手机号码", max_length=11, validators=[PHONE], widget=forms.TextInput({"inputmode": "tel"})
    )
    field_order = ("phone",)


class StaffAccountForm(InitialPassword):
    username = forms.CharField(
        label="工作账号",
        max_length=60,
        help_text="字母、数字、点、下划线或连字符，不能是手机号码",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label="姓名", max_length=60)
    field_order = ("username", "name")

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if is_phone(username):
            raise ValidationError("工作账号不能是手机号码")
        return username
