"""Forms: what a person reads when something is missing, and where the links of the summary lead."""

from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cme_portal.foundation.forms import (
    Cards,
    CreditsField,
    DateField,
    FilesField,
    Form,
    ListedError,
    NumberField,
    errors_of,
)


class Activity(Form):
    name = forms.CharField(label="活动名称")
    category = forms.ChoiceField(label="活动类别", widget=Cards, choices=[("a", "实践活动")])
    start = DateField(label="开始日期", help_text="活动第一天")
    hours = NumberField(label="时长", unit="小时", max_digits=4, decimal_places=1, required=False)
    agree = forms.BooleanField(label="本人确认材料真实")

    def clean(self) -> None:
        raise forms.ValidationError("该活动已经申报过。")


def test_a_missing_field_is_asked_for_by_its_name() -> None:
    messages = {field.name: field.errors for field in Activity({"name": ""})}
    assert messages["name"] == ["请填写活动名称"]
    assert messages["category"] == ["请选择活动类别"]
    assert messages["start"] == ["请填写开始日期"]
    assert messages["agree"] == ["请勾选“本人确认材料真实”"]


def test_the_summary_lists_everything_in_order_with_links() -> None:
    assert errors_of(Activity({"name": "讲座", "start": "昨天", "category": "a", "agree": "on"})) == [
        ListedError("该活动已经申报过。"),
        ListedError("请填写有效的日期，例如 2026-03-02", "id_start"),
    ]


def test_rows_of_a_formset_are_numbered() -> None:
    rows = forms.formset_factory(Activity)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-name": ""}
    assert ListedError("第 1 行：请填写活动名称", "id_form-0-name") in errors_of(rows(data))


def test_a_wrong_field_is_marked_for_eyes_and_screen_readers() -> None:
    html = Activity({"start": "昨天"})["start"].as_field_group()
    assert 'class="form-control is-invalid"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_start_helptext id_start_error"' in html
    assert 'id="id_start_helptext"' in html
    assert 'id="id_start_error"' in html


def test_a_figure_shows_its_unit() -> None:
    assert '<span class="unit">小时</span>' in Activity()["hours"].as_field_group()


@pytest.mark.parametrize(("typed", "meant"), [("3.5", "3.5"), ("３．５", "3.5"), (" 4 ", "4")])
def test_full_width_digits_are_digits(typed: str, meant: str) -> None:
    assert NumberField(max_digits=4, decimal_places=1).clean(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1e999999", "-1e999999", "0e999999", "NaN", "Infinity"])
def test_a_figure_that_nobody_writes_is_none(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="请填写数字"):
        NumberField(decimal_places=0).clean(typed)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (NumberField(decimal_places=0, min_value=0, max_value=12), "13", "请填 0 到 12 之间的整数"),
        (NumberField(decimal_places=0, min_value=0, max_value=12), "1.5", "请填 0 到 12 之间的整数"),
        (NumberField(decimal_places=2, min_value=0, max_value=8784), "-1", "请填 0 到 8784 之间的数，最多 2 位小数"),
        (NumberField(decimal_places=2, min_value=0, max_value=8784), "1.234", "请填 0 到 8784 之间的数，最多 2 位小数"),
        (NumberField(decimal_places=0, min_value=1), "0", "请填不小于 1 的整数"),
        (CreditsField(), "6.45", "请填 0 到 1000 之间的数，最多 1 位小数"),
    ],
)
def test_a_figure_outside_its_bounds_is_told_what_is_allowed(field: NumberField, typed: str, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2026-02-30", "2026/03/02"])
def test_a_day_that_nobody_lives_is_none(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="请填写有效的日期"):
        DateField().clean(typed)


def test_credits_are_counted_in_tenths() -> None:
    field = CreditsField(label="学分")
    assert field.clean("6.4") == 64
    assert field.prepare_value(64) == "6.4"
    assert field.prepare_value("六") == "六"
    with pytest.raises(forms.ValidationError):
        field.clean("6.45")
    with pytest.raises(forms.ValidationError):
        field.clean("-1")


class Material(Form):
    files = FilesField(label="证明材料")


def test_several_files_arrive_as_a_list() -> None:
    uploads = MultiValueDict({"files": [SimpleUploadedFile("a.jpg", b"1"), SimpleUploadedFile("b.jpg", b"2")]})
    form = Material(QueryDict(), uploads)
    assert form.is_valid()
    assert [upload.name for upload in form.cleaned_data["files"]] == ["a.jpg", "b.jpg"]
    assert Material(QueryDict(), MultiValueDict()).errors["files"] == ["请上传证明材料"]


def test_the_date_travels_in_one_format() -> None:
    assert 'type="date"' in str(Activity(initial={"start": "2026-03-02"})["start"])
    assert 'value="2026-03-02"' in str(Activity(initial={"start": "2026-03-02"})["start"])
