"""Forms about accounts: a person's own, by phone number, a staff account, correcting either."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cme_portal.foundation.forms import Form
from cme_portal.foundation.templatetags.cme import masked_phone
from institutions.models import PHONE, User
from institutions.sign_in import is_phone, normalised


class PhoneField(forms.CharField):
    """A mobile number; full-width digits and spaces do not matter."""

    default_validators = [PHONE]
    widget = forms.TextInput({"inputmode": "tel", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        return normalised(super().to_python(value) or "")


class FirstPassword(Form):
    """A password to hand over."""

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


class InitialPassword(FirstPassword):
    """A first password to hand over, or an e-mail address through which the person sets one."""

    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于通知和重设密码")
    field_order: tuple[str, ...] = ("email", "password")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("email") and not cleaned.get("password"):
            self.add_error("email", "请填写电子邮箱或初始密码，否则本人无法登录")
        return cleaned


class AccountForm(InitialPassword):
    phone = PhoneField(label="手机号码")
    field_order = ("phone", "email", "password")


class StaffAccountForm(InitialPassword):
    username = forms.CharField(
        label="工作账号",
        max_length=60,
        help_text="字母、数字、点、下划线或连字符，不能是手机号码",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label="姓名", max_length=60)
    field_order = ("username", "name", "email", "password")

    def clean_username(self) -> str:
        username = normalised(self.cleaned_data["username"])
        if is_phone(username):
            raise ValidationError("工作账号不能是手机号码")
        return username


class AccountCorrectionForm(FirstPassword):
    """What is empty stays as it is; the number that stands is shown in part, as on every page."""

    phone = PhoneField(label="新手机号码", required=False)
    email = forms.EmailField(label="新电子邮箱", required=False)
    email_removed = forms.BooleanField(label="删除现有电子邮箱", required=False)
    field_order = ("phone", "email", "email_removed", "password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phone = f"现为 {masked_phone(user.phone)}" if user.phone else "现未登记"
        self.fields["phone"].help_text = f"{phone}；不填则不变"
        self.fields["email"].help_text = f"{'现已登记' if user.email else '现未登记'}；不填则不变"
        self.fields["password"].label = "新的初始密码"
        self.fields["password"].help_text = "至少 10 位；不填则不变"
        if not user.email:
            del self.fields["email_removed"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise ValidationError("没有需要更正的内容。请填写要更正的项目。")
        if cleaned.get("email") and cleaned.get("email_removed"):
            self.add_error("email_removed", "已填写新电子邮箱，无需再删除现有的。请取消其中一项")
        return cleaned
