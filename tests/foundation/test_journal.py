"""The journal: written once, never changed, and readable by the auditor of the body and those above only."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from cme_portal.foundation import journal
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from tests.cast import NOW, Cast

APPS = ("institutions", "credits", "projects", "audits")


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_remove_an_entry(cast: Cast) -> None:
    with entered(cast.province.pk):
        journal.record(actor=cast.officer("hospital"), act="approval.view", institution=cast.bodies["hospital"], at=NOW)
        for statement in (
            "UPDATE foundation_journalentry SET act = 'nothing'",
            "DELETE FROM foundation_journalentry",
        ):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as c:
                c.execute(statement)
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            JournalEntry.objects.update(act="nothing")


@pytest.mark.django_db
def test_an_entry_says_who_from_which_seat_did_what_where(cast: Cast) -> None:
    actor = cast.officer("city")
    with entered(cast.province.pk):
        journal.record(
            actor=actor,
            act="practitioner.view",
            subject=cast.practitioner,
            institution=cast.bodies["hospital"],
            at=NOW,
        )
        entry = JournalEntry.objects.latest("pk")
    assert entry.user == actor.user
    assert entry.seat == "沈阳市卫生健康委员会·继续医学教育审核"
    assert (entry.subject_kind, entry.subject_id) == ("institutions.practitioner", cast.practitioner.pk)
    assert entry.institution_path == cast.bodies["hospital"].path


def test_every_act_that_is_recorded_has_a_name_for_the_auditor() -> None:
    nameless = {act for app in APPS for act in recorded_acts(Path(settings.BASE_DIR) / app)} - set(journal.LABELS)
    assert not nameless


def recorded_acts(app: Path) -> set[str]:
    """The acts given to ``journal.record`` and ``request.seen.append`` as literals."""
    acts: set[str] = set()
    for file in app.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called == "journal.record":
                literals = [word.value for word in node.keywords if word.arg == "act"]
            elif called.endswith("seen.append"):
                literals = [node.args[0].elts[0]]
            else:
                continue
            acts |= {literal.value for literal in literals if isinstance(literal, ast.Constant)}
    return acts
