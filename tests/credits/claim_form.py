"""The claim form as a browser sends it: what a person fills in, the photographs, and what the answer says is wrong."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.assessment import regulation_of
from credits.models import Claim
from credits.questions import questions
from tests.cast import NOW, Cast
from tests.client import text
from tests.credits.documents import jpeg

SCRIPT = {"HX-Request": "true"}
ANSWERS = {
    "activity_name": "重症护理新进展",
    "organizer": "示范医院",
    "start": "2026-03-02",
    "end": "2026-03-04",
    "role": "attendee",
    "delivery": "in_person",
    "project": "2026-01-001",
    "hours": "12",
    "days": "3",
    "months": "1",
    "passed": "yes",
    "subject": "professional",
    "journal": "core",
    "rank": "2",
    "grade": "second",
    "editor": "member",
    "patent": "utility",
    "words": "5000",
    "count": "1",
    "assessed_credits": "2",
    "item_name": "city-1",
    "agree": "on",
}


def begin(cast: Cast, code: str) -> Claim:
    with entered(cast.province.pk):
        return claims.start(actor=cast.person, code=code, year=2026, at=NOW)


def answers(cast: Cast, claim: Claim, **changed: str) -> dict[str, str]:
    """What a person would fill in: the questions of this kind and nothing else."""
    with entered(cast.province.pk):
        rules = regulation_of(cast.practitioner, 2026)
        chosen = claims.declaration(cast.practitioner, 2026, changed.get("declaration", claim.declaration))
        asked = questions(rules, chosen, {**ANSWERS, **changed})
    names = ["activity_name", "organizer", "agree", "item_name", *(question.name for question in asked)]
    given = {name: ANSWERS[name] for name in names if name in ANSWERS}
    levels = {"level": "municipal"}
    given |= {name: value for name, value in levels.items() if name in names}
    return {**given, "declaration": chosen.code, **changed}


def documents(cast: Cast, claim: Claim, item: str | None) -> dict[str, SimpleUploadedFile]:
    """A photograph for every document that must be handed in, as the plain form sends it."""
    with entered(cast.province.pk):
        chosen = claims.declaration(cast.practitioner, 2026, claim.declaration)
    return {
        f"files-{document.code}": SimpleUploadedFile(f"{document.code}.jpg", jpeg(), "image/jpeg")
        for document in chosen.evidence_for(item)
        if document.required
    }


def fresh(cast: Cast, claim: Claim) -> Claim:
    with entered(cast.province.pk):
        return Claim.objects.select_related("approval").get(pk=claim.pk)


def steering(page: str) -> dict[str, str]:
    """What a window knows of the version it shows."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("tab", "seen")}


def errors(response: HttpResponse) -> str:
    return " ".join(re.findall(r'<p class="ferr">(.*?)</p>', text(response), re.DOTALL))
