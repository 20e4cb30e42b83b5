"""What the reviewing officer sees of a claim: facts, checks, evidence and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from cme_portal.foundation.forms import CreditsField, Form
from credits import claim_evidence, claim_pages
from credits.assessment import regulation_of
from credits.checks import LOOK, PENDING
from credits.claims import declaration
from credits.evidence import titles
from credits.evidence_models import Evidence
from credits.evidence_rows import Row, row_of
from credits.models import Claim
from credits.questions import names_of, questions
from credits.rules import Regulation
from credits.rules.procedure import Declaration
from institutions import access
from institutions.actors import Actor
from institutions.approvals import Panel

# Sentences that officers give most often; each says what to do.
REASONS = (
    "材料不清晰，请重新拍摄后上传。",
    "缺少盖章页，请补充上传。",
    "材料上的姓名与申报人不一致，请核对后重新上传。",
    "所填日期或学时与材料不一致，请核对更正。",
    "该活动已申报过，请勿重复申报。",
)


class AmountForm(Form):
    """The amount that the reviewer sets, in tenths of a credit, and why."""

    amount = CreditsField(label="评定学分")
    amount_reason = forms.CharField(label="评定理由", max_length=200, help_text="申报人和后续审核机构都能看到")


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A line of the check list; ``others`` are the claims to look at, as (name, address)."""

    text: str
    is_flagged: bool
    is_pending: bool
    others: Sequence[tuple[str, str]] = ()


def panel_of(claim: Claim, *, actor: Actor, query: Mapping[str, str], at: datetime) -> Panel:
    """The officer's view of a claim: facts, checks, evidence, calculation, and the amount where it is theirs to set."""
    rules = regulation_of(claim.practitioner, claim.year)
    chosen = declaration(claim.practitioner, claim.year, claim.declaration)
    files = claim_evidence.of_claim(claim)
    context = {
        "claim": claim,
        "facts": claim_pages.facts_shown(claim, rules, chosen),
        "checks": shown_checks(claim, actor),
        "viewer": claim_evidence.viewer_of(files, query),
        "unviewable": _unviewable(claim, files),
        "worth": claim_pages.worth_of(claim, rules, None, at=at),
        "amount_form": _amount_form(claim, actor),
    }
    return Panel("credits/claim_review.html", context, _objectionable(claim, rules, chosen), REASONS)


def shown_checks(claim: Claim, actor: Actor) -> list[ShownCheck]:
    """The checks of the approval, each with links to those other claims that the officer may open."""
    checks: Sequence[dict[str, Any]] = claim.approval.checks
    others = {other for check in checks for other in check["claims"]}
    visible = Claim.objects.visible_to(actor).select_related("practitioner").in_bulk(others)
    return [
        ShownCheck(
            check["text"],
            check["state"] == LOOK,
            check["state"] == PENDING,
            [
                (f"{other.practitioner.name}的“{other}”", other.get_absolute_url())
                for pk in check["claims"]
                if (other := visible.get(pk)) is not None
            ],
        )
        for check in checks
    ]


def _objectionable(claim: Claim, rules: Regulation, chosen: Declaration) -> list[tuple[str, str]]:
    """The fields of the claim's form that a returned claim can be marked in."""
    asked = questions(rules, chosen, claim.typed or claim.facts())
    facts = [(question.name, question.label) for question in asked]
    documents = [(f"files-{one.code}", one.title) for one in chosen.evidence_for(claim.item or None)]
    names = names_of(rules, chosen, claim.item or None)
    return [("activity_name", names.activity_name), *facts, *documents]


def _unviewable(claim: Claim, files: Sequence[Evidence]) -> list[Row]:
    """Evidence still being inspected, refused, or of a kind that has no pages."""
    names = titles(claim)
    rest = [one for one in files if one.current and not (one.is_accepted and one.drawn_pages)]
    return [row_of(one, editable=False, titles=names) for one in rest]


def _amount_form(claim: Claim, actor: Actor) -> AmountForm | None:
    """Where the regulation leaves the amount to the reviewer (reading R20), and the reviewer is this one."""
    if claim.assessed_credits is None or access.refusal(actor, "claim.assess_amount", claim) is not None:
        return None
    return AmountForm(initial={"amount": int(claim.assessed_credits * 10)})
