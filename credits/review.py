"""What the reviewing officer sees of a claim, and how people stand this year in the lists of institutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count
from django.urls import reverse

from cme_portal.foundation.clock import credit_year
from cme_portal.foundation.forms import CreditsField, Form
from cme_portal.foundation.viewer import Document, Viewer, opened
from credits.assessment import NEW, preview, regulation_of
from credits.checks import LOOK
from credits.claims import declaration
from credits.evidence import titles
from credits.evidence_models import Evidence
from credits.evidence_rows import Row, row_of
from credits.explanations import explained
from credits.models import Claim, Statement
from credits.rules import FACTS, Regulation
from institutions import access
from institutions.actors import Actor
from institutions.approvals import Panel
from institutions.models import Practitioner
from institutions.queries import PractitionerQuerySet
from institutions.standing import Standing, told_by

# Sentences that officers give most often; each says what to do.
REASONS = (
    "材料不清晰，请重新拍摄后上传。",
    "缺少盖章页，请补充上传。",
    "材料上的姓名与申报人不一致，请核对后重新上传。",
    "所填日期或学时与材料不一致，请核对更正。",
    "该活动已申报过，请勿重复申报。",
)
# What every claim says and nobody needs to read.
UNREMARKABLE = {"role": "attendee", "delivery": "in_person", "subject": "professional", "passed": True, "count": 1}


class AmountForm(Form):
    """The amount that the reviewer sets, in tenths of a credit, and why."""

    amount = CreditsField(label="评定学分")
    amount_reason = forms.CharField(label="评定理由", max_length=200, help_text="记入操作日志")


@dataclass(frozen=True, slots=True)
class ShownFact:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ShownCheck:
    text: str
    is_flagged: bool
    url: str = ""


def panel_of(claim: Claim, *, actor: Actor, query: Mapping[str, str], at: datetime) -> Panel:
    """The officer's view of a claim: facts, evidence, checks, calculation, and the amount where it is theirs to set."""
    documents = list(Evidence.objects.of(claim).current().select_related("claim").annotate(page_count=Count("pages")))
    facts = shown_facts(claim)
    rules = regulation_of(claim.practitioner, claim.year)
    line = preview(claim.practitioner, claim.year, claim.as_activity(NEW), without=claim, at=at).line
    context = {
        "claim": claim,
        "facts": facts,
        "checks": shown_checks(claim, actor),
        "viewer": _viewer(documents, query),
        "unviewable": _unviewable(claim, documents),
        "explanation": explained(rules, line),
        "amount_form": _amount_form(claim, actor),
    }
    return Panel("credits/claim_review.html", context, _objectionable(claim, facts), REASONS)


def shown_facts(claim: Claim) -> list[ShownFact]:
    """What the person declared, in words, without what goes without saying."""
    rules = regulation_of(claim.practitioner, claim.year)
    shown = [ShownFact("organizer", "组织单位", claim.organizer)] if claim.organizer else []
    for name, value in claim.facts().items():
        if UNREMARKABLE.get(name) == value or name == "assessed_credits" or value is False:
            continue
        text = _item_title(rules, claim) if name == "item" else in_words(name, value)
        shown.append(ShownFact(name, FACTS[name].label, text))
    return shown


def in_words(name: str, value: Any) -> str:
    """A fact as people read it: 12 小时, 2026-10-12, 国家级, 是."""
    fact = FACTS[name]
    if fact.choices:
        return fact.choices.get(value, value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    return f"{value} {fact.unit}".strip()


def shown_checks(claim: Claim, actor: Actor) -> list[ShownCheck]:
    """The checks of the approval, each with a link to the other claim where the officer may open it."""
    checks: Sequence[dict[str, Any]] = claim.approval.checks
    others = [check["claim"] for check in checks if check.get("claim")]
    visible = set(Claim.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True)) if others else ()
    return [
        ShownCheck(
            check["text"],
            check["state"] == LOOK,
            reverse("claim", args=[check["claim"]]) if check.get("claim") in visible else "",
        )
        for check in checks
    ]


def _objectionable(claim: Claim, facts: Sequence[ShownFact]) -> list[tuple[str, str]]:
    """The fields of the claim's form that a returned claim can be marked in."""
    chosen = declaration(claim.practitioner, claim.year, claim.declaration)
    documents = [(f"files-{one.code}", one.title) for one in chosen.evidence_for(claim.item or None)]
    return [("activity_name", "活动名称"), *((fact.name, fact.label) for fact in facts), *documents]


def _viewer(documents: Sequence[Evidence], query: Mapping[str, str]) -> Viewer | None:
    """The evidence that the server could draw, opened where the query says."""
    drawn = [
        Document(str(one.pk), one.original_name, one.page_count, reverse("evidence-file", args=[one.pk]))
        for one in documents
        if one.is_accepted and one.page_count
    ]

    def image_url(document: Document, page: int, rotation: int) -> str:
        url = reverse("evidence-page", args=[int(document.key), page])
        return f"{url}?rotate={rotation}" if rotation else url

    return opened(drawn, query, image_url=image_url)


def _unviewable(claim: Claim, documents: Sequence[Evidence]) -> list[Row]:
    """Evidence still being inspected, refused, or of a kind that has no pages."""
    names = titles(claim)
    rest = [one for one in documents if not (one.is_accepted and one.page_count)]
    return [row_of(one, editable=False, titles=names) for one in rest]


def _amount_form(claim: Claim, actor: Actor) -> AmountForm | None:
    """Where the regulation leaves the amount to the reviewer (reading R20), and the reviewer is this one."""
    if claim.assessed_credits is None or access.refusal(actor, "claim.assess_amount", claim) is not None:
        return None
    return AmountForm(initial={"amount": int(claim.assessed_credits * 10)})


def _item_title(rules: Regulation, claim: Claim) -> str:
    items = rules.category(claim.category).items
    return next((item.title for item in items if item.code == claim.item), claim.item)


class StatementStanding:
    """How people stand this credit year, by their statements (institutions.standing.Source)."""

    def choices(self) -> Sequence[tuple[str, str]]:
        return (("compliant", "已达标"), ("short", "未达标"), ("exempt", "本年不作要求"))

    def narrow(self, people: PractitionerQuerySet, code: str, *, at: datetime) -> PractitionerQuerySet:
        statements = Statement.objects.filter(year=credit_year(at))
        if code == "short":
            fulfilled = statements.exclude(compliant=False)
            return people.exclude(pk__in=fulfilled.values("practitioner"))
        compliant = True if code == "compliant" else None
        return people.filter(pk__in=statements.filter(compliant=compliant).values("practitioner"))

    def of(self, people: Sequence[Practitioner], *, at: datetime) -> Mapping[int, Standing]:
        year = credit_year(at)
        statements = Statement.objects.filter(
            province_id__in={one.province_id for one in people}, practitioner__in=people, year=year
        )
        pages = {one.pk: reverse("person-statement", args=[one.pk, year]) for one in people}
        standings = {pk: Standing("未达标", "warn", 0, url) for pk, url in pages.items()}
        for statement in statements:
            label, colour = {True: ("已达标", "ok"), False: ("未达标", "warn"), None: ("不作要求", "")}[
                statement.compliant
            ]
            pk = statement.practitioner_id
            standings[pk] = Standing(label, colour, statement.total_tenths, pages[pk])
        return standings


told_by(StatementStanding())
