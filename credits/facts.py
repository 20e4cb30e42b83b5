"""The facts of an activity as typed columns, shared by claims and ledger entries.

The vocabulary is that of the assessment contract; the database checks what must never be, the engine the rest.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from credits.rules import Activity

FACT_NAMES = (
    "item",
    "role",
    "delivery",
    "project",
    "hours",
    "days",
    "start",
    "end",
    "months",
    "passed",
    "subject",
    "level",
    "journal",
    "rank",
    "grade",
    "editor",
    "patent",
    "words",
    "count",
    "review",
    "translated",
    "published_credits",
    "assessed_credits",
    "makes_up",
)
# What lies in two years is assessed by the part inside the year, so that it becomes a claim for each year (reading R31).
SPLIT_FACTS = ("hours", "days", "months")


class ActivityFacts(models.Model):
    """What an activity is worth follows from these columns alone."""

    category = models.CharField("类别", max_length=40)
    item = models.CharField("项目类型", max_length=40, blank=True)
    role = models.CharField("身份", max_length=20, default="attendee")
    delivery = models.CharField("形式", max_length=20, default="in_person")
    project = models.CharField("项目编号", max_length=60, blank=True)
    hours = models.DecimalField("学时", max_digits=7, decimal_places=2, null=True)
    days = models.PositiveSmallIntegerField("天数", null=True)
    start = models.DateField("开始日期", null=True)
    end = models.DateField("结束日期", null=True)
    months = models.PositiveSmallIntegerField("月数", null=True)
    passed = models.BooleanField("考核合格", default=True)
    subject = models.CharField("科目", max_length=20, default="professional")
    level = models.CharField("级别", max_length=20, blank=True)
    journal = models.CharField("期刊等级", max_length=20, blank=True)
    rank = models.PositiveSmallIntegerField("排名", null=True)
    grade = models.CharField("奖励等级", max_length=20, blank=True)
    editor = models.CharField("编写身份", max_length=20, blank=True)
    patent = models.CharField("专利类型", max_length=20, blank=True)
    words = models.PositiveIntegerField("字数", null=True)
    count = models.PositiveSmallIntegerField("次数", default=1)
    review = models.BooleanField("综述", default=False)
    translated = models.BooleanField("编译", default=False)
    published_credits = models.DecimalField("公布学分", max_digits=5, decimal_places=1, null=True)
    assessed_credits = models.DecimalField("评定学分", max_digits=5, decimal_places=1, null=True)
    makes_up = models.PositiveSmallIntegerField("补学年度", null=True)

    class Meta:
        abstract = True

    def facts(self) -> dict[str, Any]:
        """The facts that are set, as the assessment contract names them."""
        values = {name: getattr(self, name) for name in FACT_NAMES}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def as_activity(self, identifier: str) -> Activity:
        """The engine's view of this row."""
        return Activity(id=identifier, category=self.category, **self.facts())


def fact_constraints(prefix: str) -> list[models.BaseConstraint]:
    """Checks that hold for every row of facts, named for the table."""
    return [
        models.CheckConstraint(
            condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
            name=f"{prefix}_ends_after_start",
            violation_error_message="结束日期不能早于开始日期。",
        ),
        models.CheckConstraint(
            condition=(Q(hours=None) | Q(hours__gte=0))
            & (Q(published_credits=None) | Q(published_credits__gte=0))
            & (Q(assessed_credits=None) | Q(assessed_credits__gte=0))
            & Q(count__gte=1),
            name=f"{prefix}_no_negative_facts",
            violation_error_message="学时、学分和次数不能为负数。",
        ),
    ]
