"""Forms about bodies: finding, entering, correcting, closing."""

from __future__ import annotations

from typing import Any

from django import forms

from cme_portal.foundation.forms import Form
from institutions.body_choice import BodyField, BodySearchForm, Choice
from institutions.enums import Affiliation, Kind
from institutions.models import Institution
from institutions.queries import InstitutionQuerySet


class BodyFilterForm(BodySearchForm):
    kind = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Kind.choices])
    state = forms.ChoiceField(label="状态", choices=[("", "使用中"), ("closed", "已关闭"), ("all", "全部")])


class BodyFields(Form):
    """What is registered of a body."""

    name = forms.CharField(label="名称", max_length=80, help_text="与机构执业许可证或批准文件一致")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Kind.choices])
    affiliation = forms.ChoiceField(
        label="隶属关系", choices=Affiliation.choices, help_text="市县属以外的单位，申报直接送省级审核"
    )
    primary_care = forms.BooleanField(
        label="基层医疗卫生机构", required=False, help_text="乡镇卫生院、村卫生室、社区卫生服务中心（站）"
    )


class BodyForm(BodyFields):
    parent = BodyField(label="上级机构", help_text="申报按上级机构逐级审核")
    field_order = ("parent",)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(choice)


class CorrectBodyForm(BodyFields):
    audit_authority = forms.ModelChoiceField(
        Institution.objects.none(),
        label="学分审验机关",
        required=False,
        empty_label="未另行指定",
        help_text="仅在另有规定时指定，例如高校附属医院归其医院管理处审验",
        error_messages={"invalid_choice": "请重新选择学分审验机关"},
    )

    def __init__(self, *args: Any, authorities: InstitutionQuerySet, **kwargs: Any) -> None:
        """Without ``authorities`` to choose from the field is left out."""
        super().__init__(*args, **kwargs)
        if authorities.exists():
            self.fields["audit_authority"].queryset = authorities
        else:
            del self.fields["audit_authority"]


class CloseBodyForm(Form):
    reason = forms.CharField(
        label="关闭理由",
        max_length=200,
        help_text="例如机构撤销、合并；理由记入操作日志",
        widget=forms.Textarea({"rows": 2}),
    )
