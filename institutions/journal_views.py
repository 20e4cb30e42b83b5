"""The journal, for the auditor: who did and who saw what in the body's territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cme_portal.foundation.clock import SHANGHAI
from cme_portal.foundation.journal import LABELS
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.paging import BoundedPaginator
from institutions.access import gate
from institutions.actors import Actor
from institutions.enums import Affiliation, Kind, Role, Tier
from institutions.forms import JournalFilterForm
from institutions.journal_subjects import Subject, subjects_of
from institutions.queries import below, starts_with

PAGE_ROWS = 50
# The tiers of routes beside those of the tree.
TIERS = dict(Tier.choices) | {
    "employer": "用人单位",
    "own_unit": "用人单位",
    "district": "县（区）级",
    "system": "系统核验",
}

# What is corrected of a person.
PERSON = {
    "person.name": "姓名",
    "person.national_id": "身份证号码",
    "person.profession": "专业类别",
    "person.licensed": "执业资格",
    "person.licence_number": "执业证书编号",
    "person.residency_in_training": "规范化培训",
    "person.residency_completed": "规范化培训结业日期",
}

DETAILS = {
    "reason": "理由",
    "rows": "条数",
    "page": "页码",
    "tier": "审核环节",
    "role": "职责",
    "from": "原学分",
    "to": "现学分",
    "until_before": "原终止日期",
    "until": "终止日期",
    "number": "编号",
    "name": "名称",
    "kind": "类别",
    "affiliation": "隶属关系",
    "primary_care": "基层医疗卫生机构",
    "audit_authority": "学分审验机关",
    "phone": "手机号码",
    "email": "电子邮箱",
    "password": "密码",
    "left_on": "离职日期",
    "since": "起始日期",
    "employer": "用人单位",
    "employer_before": "原用人单位",
    **PERSON,
}

# What the codes of a detail are called.
WORDS: dict[str, dict[Any, str]] = {
    "tier": TIERS,
    "role": dict(Role.choices),
    "kind": dict(Kind.choices),
    "affiliation": dict(Affiliation.choices),
    "primary_care": {True: "是", False: "否"},
    "audit_authority": {None: "未另行指定"},
    # Of an account or a person it is told what was changed, never what it was or is.
    **{key: {True: "已更正"} for key in ("phone", "email", "password", *PERSON)},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    entry: JournalEntry
    subject: Subject | None

    @property
    def label(self) -> str:
        return LABELS.get(self.entry.act, self.entry.act)

    @property
    def detail(self) -> list[tuple[str, str]]:
        told = self.entry.detail
        return [(name, _in_words(key, told[key])) for key, name in DETAILS.items() if key in told]


@gate("journal.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = JournalFilterForm(request.GET, acts=sorted(LABELS.items(), key=lambda pair: pair[1]))
    rows = _narrowed(entries(request.actor), form.chosen).select_related("user", "institution")
    page = BoundedPaginator(rows.order_by("-at", "-pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    subjects = subjects_of(page, actor=request.actor)
    context = {
        "form": form,
        "chosen": form.chosen,
        "page": page,
        "lines": [Line(entry, subjects.get((entry.subject_kind, entry.subject_id))) for entry in page],
        "institution": request.actor.institution,
    }
    return render(request, "institutions/journal.html", context)


def entries(actor: Actor) -> QuerySet[JournalEntry]:
    """What happened at the auditor's body and below; the province's CME office looks over the whole province."""
    path = actor.institution.path
    if actor.institution.kind == Kind.CME_OFFICE:
        path = path.split(".", 1)[0] + "."
    return JournalEntry.objects.filter(below("institution_path", path), province_id=actor.province_id)


def _in_words(key: str, value: Any) -> str:
    """A corrected field is kept as what it was and what it became."""
    if isinstance(value, list):
        before, after = (_in_words(key, one) for one in value)
        return f"由“{before}”改为“{after}”"
    return WORDS.get(key, {}).get(value, str(value))


def _narrowed(rows: QuerySet[JournalEntry], chosen: dict[str, Any]) -> QuerySet[JournalEntry]:
    if "person" in chosen:
        rows = rows.filter(starts_with("user__name", chosen["person"].strip()))
    if "act" in chosen:
        rows = rows.filter(act=chosen["act"])
    if "since" in chosen:
        rows = rows.filter(at__gte=datetime.combine(chosen["since"], time.min, SHANGHAI))
    if "until" in chosen:
        rows = rows.filter(at__lt=datetime.combine(chosen["until"] + timedelta(days=1), time.min, SHANGHAI))
    return rows
