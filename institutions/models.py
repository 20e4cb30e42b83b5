"""Provinces, bodies, people, and the seats they take."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from guardian.models import UserObjectPermissionBase

from cme_portal.foundation.encryption import EncryptedTextField
from cme_portal.foundation.templatetags.cme import masked_phone
from cme_portal.foundation.tenancy import TenantModel
from institutions.approval_models import Approval, ApprovalStep, Decision, Notification, SavedFilter
from institutions.enums import Affiliation, Kind, Role, Tier, Title
from institutions.queries import InstitutionQuerySet, PostQuerySet, PractitionerQuerySet

__all__ = ["Approval", "ApprovalStep", "Decision", "Notification", "SavedFilter"]

# Not \d, which full-width digits are too: a number is kept in one spelling, or it would be two accounts and neither signs in.
MOBILE_NUMBER = r"^1[3-9][0-9]{9}$"
PHONE = RegexValidator(MOBILE_NUMBER, "请填写 11 位手机号码，例如 13800000000。")


# How the account names of those begin who sign in with their phone number alone: nobody types or reads what follows.
BY_PHONE = "p-"
# A certificate's number begins with them, and is looked up by them.
LETTERS = r"^[A-Z]{2,4}\Z"
LETTERS_SENTENCE = "字母代码为 2 至 4 个大写英文字母，例如 LN。"


class HalfOpenDates(Func):
    """The days from ``start`` until the day before ``end``; no end means for good."""

    function = "daterange"
    output_field = DateRangeField()


class Province(models.Model):
    """A tenant. ``jurisdiction`` names its regulation in ``credits.rules``."""

    code = models.SlugField("代码", unique=True)
    letters = models.CharField(
        "字母代码",
        max_length=4,
        unique=True,
        validators=[RegexValidator(LETTERS, LETTERS_SENTENCE)],
        help_text="证书编号的前缀，例如 LN",
    )
    name = models.CharField("名称", max_length=30)
    short_name = models.CharField("简称", max_length=10)
    jurisdiction = models.SlugField("适用办法")
    portal_name = models.CharField("平台名称", max_length=60)
    authority = models.CharField("主管部门", max_length=60)
    is_municipality = models.BooleanField("直辖市", default=False, help_text="市级审核由省级卫生健康行政部门办理")
    palette = models.CharField("配色", max_length=20, default="blue")
    promise_working_days = models.PositiveSmallIntegerField("每级审核承诺工作日", default=10)

    class Meta:
        verbose_name = "省份"
        constraints = [
            models.CheckConstraint(
                condition=Q(letters__regex=LETTERS),
                name="province_letters_are_letters",
                violation_error_message=LETTERS_SENTENCE,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in, with a staff account or a phone number, in any number of provinces."""

    # A field of an abstract base goes by None; the stubs allow for a field only.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60, blank=True)
    phone = models.CharField("手机号码", max_length=11, unique=True, null=True, blank=True, validators=[PHONE])

    # Whether the last save of the address changed it (sign_in_journal).
    uses_another_email = False

    class Meta:
        verbose_name = "用户"
        constraints = [
            models.CheckConstraint(
                # Whoever took a colleague's phone number as account name would sign in in the colleague's place.
                condition=~Q(username__regex=MOBILE_NUMBER),
                name="user_account_is_no_phone",
                violation_error_message="工作账号不能是手机号码。",
            ),
            models.CheckConstraint(
                condition=Q(phone__regex=MOBILE_NUMBER),
                name="user_phone_is_a_number",
                violation_error_message=str(PHONE.message),
            ),
            # Signing in looks for UPPER(username): two that differ in capitals only would both be shut out. It is also the
            # index of that search.
            models.UniqueConstraint(
                Upper("username"),
                name="user_account_once",
                violation_error_message="该工作账号已被使用，请换一个。",
            ),
        ]
        # A forgotten password is asked for by address.
        indexes = [models.Index(fields=["email"], name="user_by_email")]

    def clean(self) -> None:
        """A forgotten password is looked for with the address in small letters."""
        super().clean()
        self.email = self.email.lower()

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def account(self) -> str:
        """What one signs in with, as it may be shown: the staff account, or the masked phone number."""
        return masked_phone(self.phone) if self.phone and self.username.startswith(BY_PHONE) else self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Institution(TenantModel):
    """A body in the tree of its province: commissions, offices, employers, departments.

    ``path`` lists the ids from the root, each followed by a point (``3.17.204.``), so that everything below a body is one
    range of the index.
    """

    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False)
    name = models.CharField("名称", max_length=80)
    tier = models.CharField("层级", max_length=20, choices=Tier)
    kind = models.CharField("类别", max_length=30, choices=Kind)
    affiliation = models.CharField("隶属关系", max_length=20, choices=Affiliation, default=Affiliation.LOCAL)
    primary_care = models.BooleanField("基层医疗卫生机构", default=False)
    audit_authority = models.ForeignKey(
        "self", verbose_name="学分审验机关", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # From this day on nobody works, holds a post or decides here; what happened before keeps naming the body.
    closed_on = models.DateField("关闭日期", null=True, blank=True, editable=False)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "机构"
        permissions = [
            ("review_claims", "审核学分申报"),
            ("issue_certificates", "签发学分证书"),
            ("read_journal", "查看操作日志"),
            ("manage_people", "管理人员与岗位"),
        ]
        constraints = [
            models.UniqueConstraint("province", "path", name="institution_path_once"),
            models.UniqueConstraint(
                "province",
                "parent",
                "name",
                condition=Q(closed_on=None),
                name="institution_name_once",
                violation_error_message="上级机构下已有同名机构。",
            ),
            models.CheckConstraint(
                condition=Q(tier=Tier.PROVINCE, parent=None) | (~Q(tier=Tier.PROVINCE) & Q(parent__isnull=False)),
                name="institution_root_is_province",
                violation_error_message="只有省级卫生健康行政部门没有上级机构。",
            ),
        ]
        indexes = [models.Index(fields=["province", "path"], name="institution_by_path")]

    def __str__(self) -> str:
        return self.name


class InstitutionUserPermission(UserObjectPermissionBase, TenantModel):
    """A guardian grant on an institution; direct foreign keys, because generic ones are slow with many rows."""

    content_object = models.ForeignKey(Institution, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "机构权限"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Guardian knows no provinces: the grant lies where its institution lies."""
        self.province_id = self.content_object.province_id
        super().save(*args, **kwargs)


class Practitioner(TenantModel):
    """A health professional of the province, who may or may not sign in."""

    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=60)
    name_sort = models.CharField("姓名拼音", max_length=120, editable=False)
    name_initials = models.CharField("拼音首字母", max_length=20, editable=False)
    national_id = EncryptedTextField("身份证号码")
    national_id_index = models.CharField(max_length=64, editable=False)
    profession = models.CharField("专业类别", max_length=30)
    licence_number = models.CharField("执业证书编号", max_length=30, blank=True)
    licensed = models.BooleanField("已取得执业资格", default=True)
    residency_in_training = models.BooleanField("正在接受毕业后医学教育", default=False)
    residency_completed = models.DateField("结业考核合格日期", null=True, blank=True)
    # Where the person works today or worked last, for that body answers for the person's years; employments keep the
    # history, and the acts of employing and leaving keep both in step.
    institution = models.ForeignKey(Institution, verbose_name="用人单位", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Institution, verbose_name="科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_on = models.DateField("离职日期", null=True, editable=False)  # the first day without an employer

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        verbose_name = "卫生专业技术人员"
        constraints = [
            models.UniqueConstraint(
                "province",
                "national_id_index",
                name="practitioner_national_id_once",
                violation_error_message="该身份证号码已登记。请先查找已有人员，办理调入。",
            ),
            models.UniqueConstraint("province", "user", name="practitioner_user_once"),
            models.CheckConstraint(
                condition=~Q(residency_in_training=True, residency_completed__isnull=False),
                name="practitioner_one_residency_state",
                violation_error_message="在培与已结业不能同时填写。",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "institution", "name_sort"], name="practitioner_by_unit"),
            models.Index(fields=["province", "name"], name="practitioner_by_name"),
            models.Index(fields=["province", "name_initials"], name="practitioner_by_initials"),
            models.Index(fields=["province", "name_sort"], name="practitioner_by_pinyin"),
        ]

    def __str__(self) -> str:
        return self.name


class TitleAppointment(TenantModel):
    """The title a person holds from a day on; the credit year looks at 31 December or at today (reading R53)."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="titles")
    title = models.CharField("职称", max_length=20, choices=Title)
    since = models.DateField("聘任日期")

    class Meta:
        verbose_name = "职称"
        ordering = ("since",)
        constraints = [models.UniqueConstraint("practitioner", "since", name="title_once_a_day")]

    def __str__(self) -> str:
        return self.get_title_display()


class Employment(TenantModel):
    """A person works at one unit at a time; ``until`` is the first day on which it no longer holds."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="employments")
    institution = models.ForeignKey(Institution, verbose_name="用人单位", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Institution, verbose_name="科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employee_number = models.CharField("工号", max_length=30, blank=True)
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "任职经历"
        ordering = ("since",)
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="employment_ends_after_start",
                violation_error_message="终止日期应晚于起始日期。",
            ),
            ExclusionConstraint(
                name="employment_one_at_a_time",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    (HalfOpenDates("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一时间只能在一个单位任职。请先终止原任职。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.since}"


class Post(TenantModel):
    """An officer's post on an institution, with dates. The rights it carries are guardian grants (``posts``)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, verbose_name="机构", on_delete=models.PROTECT, related_name="posts")
    role = models.CharField("职责", max_length=20, choices=Role)
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        constraints = [
            ExclusionConstraint(
                name="post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("institution", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (HalfOpenDates("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="该人员在本机构已有同一岗位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.get_role_display()}"

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Seat(models.Model):
    """A user may sit here: as a practitioner or in a post of a province. The one thing known before a province is entered."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="seats")
    province = models.ForeignKey(Province, on_delete=models.CASCADE, related_name="+")
    practitioner = models.OneToOneField(Practitioner, null=True, on_delete=models.CASCADE, related_name="seat")
    post = models.OneToOneField(Post, null=True, on_delete=models.CASCADE, related_name="seat")

    class Meta:
        verbose_name = "身份"
        constraints = [
            models.CheckConstraint(
                condition=Q(practitioner__isnull=False, post=None) | Q(practitioner=None, post__isnull=False),
                name="seat_is_practitioner_or_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.province_id}"
