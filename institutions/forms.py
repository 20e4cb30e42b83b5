"""Forms of the officers' pages: they clean what was typed; the acts decide whether it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cme_portal.foundation.forms import DateField, Form
from institutions import inbox
from institutions.enums import Affiliation, ChecksState, Kind, Role, Tier, Title, Verdict
from institutions.models import PHONE, Institution
from institutions.national_id import normalise
from institutions.sign_in import is_phone

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
        help_text="退回或不通过时必填，申报人据此补正",
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
        cleaned = super().clean()
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


# --- People ---


class PeopleFilterForm(LenientForm):
    q = forms.CharField(label="姓名或拼音首字母", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    body = forms.ModelChoiceField(Institution.objects.none(), label="机构", empty_label="全部")
    title = forms.ChoiceField(label="职称", choices=[("", "全部职称"), *Title.choices])
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
    """Where somebody works; the choices are the units below the administrator's body and their departments."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label="用人单位", empty_label="请选择")
    department = forms.ModelChoiceField(
        Institution.objects.none(), label="科室", required=False, empty_label="不分科室"
    )
    employee_number = forms.CharField(label="工号", max_length=30, required=False)
    since = DateField(label="到岗日期")

    def __init__(self, *args: Any, manager: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = Institution.objects.within(manager).order_by("path")
        self.fields["institution"].queryset = managed.filter(tier=Tier.UNIT)
        self.fields["department"].queryset = managed.filter(tier=Tier.DEPARTMENT).select_related("parent")
        if manager.tier == Tier.UNIT:
            self.fields["institution"].initial = manager
        else:
            self.fields["department"].label_from_instance = lambda one: f"{one.parent.name}·{one.name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unit, department = cleaned.get("institution"), cleaned.get("department")
        if unit and department and department.parent_id != unit.pk:
            self.add_error("department", "该科室不属于所选用人单位，请重新选择")
        return cleaned


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
    profession = forms.CharField(label="专业类别", max_length=30, help_text="例如临床、护理、药学、检验")
    title = forms.ChoiceField(label="职称", choices=[("", "请选择"), *Title.choices])
    title_since = DateField(label="职称聘任日期")
    licensed = forms.BooleanField(label="已取得执业资格", required=False, initial=True)
    licence_number = forms.CharField(label="执业证书编号", max_length=30, required=False)
    residency_in_training = forms.BooleanField(label="正在接受毕业后医学教育（规范化培训）", required=False)
    residency_completed = DateField(label="规范化培训结业考核合格日期", required=False)

    field_order = ("name", "national_id", "institution", "department", "employee_number", "since")


class EmployForm(EmploymentFields):
    """A move within the administrator's territory."""


class TransferForm(EmploymentFields):
    """Somebody registered elsewhere in the province, found by name and number together."""

    name = forms.CharField(label="姓名", max_length=60)
    national_id = NationalIDField()
    field_order = ("name", "national_id")


class CorrectionForm(Form):
    profession = forms.CharField(label="专业类别", max_length=30)
    licensed = forms.BooleanField(label="已取得执业资格", required=False)
    licence_number = forms.CharField(label="执业证书编号", max_length=30, required=False)
    residency_in_training = forms.BooleanField(label="正在接受毕业后医学教育（规范化培训）", required=False)
    residency_completed = DateField(label="规范化培训结业考核合格日期", required=False)


class TitleForm(Form):
    title = forms.ChoiceField(label="职称", choices=[("", "请选择"), *Title.choices])
    since = DateField(label="聘任日期")


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
        cleaned = super().clean()
        if not self.errors and not cleaned.get("email") and not cleaned.get("password"):
            self.add_error("email", "请填写电子邮箱或初始密码，否则本人无法登录")
        return cleaned


class AccountForm(InitialPassword):
    phone = forms.CharField(
        label="手机号码", max_length=11, validators=[PHONE], widget=forms.TextInput({"inputmode": "tel"})
    )
    field_order = ("phone",)


class ReasonForm(Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        help_text="理由将与您的姓名、时间一并记入操作日志",
        widget=forms.Textarea({"rows": 2}),
    )


# --- Bodies ---


class BodyFilterForm(LenientForm):
    q = forms.CharField(label="机构名称", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Kind.choices])


class BodyForm(Form):
    parent = forms.ModelChoiceField(Institution.objects.none(), label="上级机构", help_text="申报按上级机构逐级审核")
    name = forms.CharField(label="名称", max_length=80, help_text="与机构执业许可证或批准文件一致")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Kind.choices])
    affiliation = forms.ChoiceField(
        label="隶属关系", choices=Affiliation.choices, help_text="市县属以外的单位，申报直接送省级审核"
    )
    primary_care = forms.BooleanField(
        label="基层医疗卫生机构", required=False, help_text="乡镇卫生院、村卫生室、社区卫生服务中心（站）"
    )

    def __init__(self, *args: Any, manager: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Institution.objects.within(manager).exclude(tier__in=[Tier.DEPARTMENT, Tier.PROVINCE_OFFICE])
        self.fields["parent"].queryset = above.order_by("path")


# --- Posts ---


class PostFilterForm(LenientForm):
    q = forms.CharField(label="姓名、账号或机构", max_length=40, widget=forms.SearchInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label="职责", choices=[("", "全部职责"), *Role.choices])
    held = forms.ChoiceField(label="状态", choices=[("", "在任"), ("ended", "已终止"), ("all", "全部")])


def _with_its_hospital(body: Institution) -> str:
    """Every hospital has the same departments; a department is named with its hospital."""
    return f"{body.parent.name}·{body.name}" if body.tier == Tier.DEPARTMENT else body.name


class AppointmentForm(Form):
    account = forms.CharField(
        label="任职人员的工作账号或手机号码",
        max_length=150,
        help_text="尚无账号的人员，请先为其开通工作账号",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    name = forms.CharField(label="任职人员姓名", max_length=60, help_text="与账号上的姓名一致，用于核对")
    institution = forms.ModelChoiceField(Institution.objects.none(), label="机构", empty_label="请选择")
    role = forms.ChoiceField(label="职责", choices=[("", "请选择"), *Role.choices])
    since = DateField(label="起始日期")
    until = DateField(label="终止日期", required=False, help_text="代理或临时岗位填写，从该日起不再任职")

    def __init__(self, *args: Any, manager: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Institution.objects.within(manager).select_related("parent").order_by("path")
        self.fields["institution"].queryset = bodies
        self.fields["institution"].label_from_instance = _with_its_hospital
        self.fields["institution"].initial = manager


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


class EndPostForm(Form):
    until = DateField(label="终止日期", help_text="从该日起不再任职")


# --- Journal ---


class JournalFilterForm(LenientForm):
    person = forms.CharField(label="操作人", max_length=60, widget=forms.SearchInput({"autocomplete": "off"}))
    act = forms.ChoiceField(label="操作")
    since = DateField(label="起始日期")
    until = DateField(label="截止日期")

    def __init__(self, *args: Any, acts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", "全部操作"), *acts]
