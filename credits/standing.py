"""How people stand this credit year: what the lists of institutions show of it and can be narrowed to.

Whether a year asks a person for credits depends on licence and residency, not on what was earned (reading R45); so it is
read from the person's record, not from a statement. Statements begin with the first posting of a year: on 1 January nobody
has one, somebody exempt may never have one, and whoever has none has earned nothing yet. Nothing need be written for
everybody at the turn of the year, and a list is right before the outbox has delivered a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cme_portal.foundation.clock import credit_year
from credits.models import Statement
from credits.rules import regulation
from credits.rules.language import Subjects
from institutions.models import Practitioner, Province
from institutions.queries import PractitionerQuerySet
from institutions.standing import Standing, told_by

COMPLIANT, SHORT, EXEMPT = "compliant", "short", "exempt"


class StatementStanding:
    """The source of standings (institutions.standing.Source): the records of persons and the statements of this year."""

    def choices(self) -> Sequence[tuple[str, str]]:
        return ((COMPLIANT, "已达标"), (SHORT, "尚未达标"), (EXEMPT, "本年不作要求"))

    def narrow(
        self, people: PractitionerQuerySet, code: str, *, province: Province, at: datetime
    ) -> PractitionerQuerySet:
        exempt = exempt_in(province, credit_year(at))
        if code == EXEMPT:
            return people.filter(exempt)
        compliant = Exists(
            Statement.objects.filter(
                province=OuterRef("province"), practitioner=OuterRef("pk"), year=credit_year(at), compliant=True
            )
        )
        return people.exclude(exempt).filter(compliant if code == COMPLIANT else ~compliant)

    def of(self, people: Sequence[Practitioner], *, province: Province, at: datetime) -> Mapping[int, Standing]:
        year = credit_year(at)
        shown = Practitioner.objects.filter(province=province, pk__in=[one.pk for one in people])
        exempt = set(shown.filter(exempt_in(province, year)).values_list("pk", flat=True))
        statements = {
            statement.practitioner_id: statement
            for statement in Statement.objects.filter(province=province, practitioner__in=people, year=year)
        }
        return {one.pk: _standing(one, year, statements.get(one.pk), exempt=one.pk in exempt) for one in people}


def exempt_in(province: Province, year: int) -> Q:
    """Condition on the practitioners of a province of whom its regulation asks nothing in the running year."""
    return not_subject_to(regulation(province.jurisdiction, year).subjects, year)


def not_subject_to(subjects: Subjects, year: int) -> Q:
    """Practitioners of whom credits.rules.requirement.is_subject is false; in the running year today's employer decides."""
    in_residency = Q(residency_in_training=True) | Q(residency_completed__gte=date(year, 1, 1))
    exempt = Q(pk__in=())
    if not subjects.unlicensed:
        exempt |= Q(licensed=False)
    if not subjects.residents:
        exempt |= in_residency & Q(institution__primary_care=False)
    if not subjects.residents_in_primary_care:
        exempt |= in_residency & Q(institution__primary_care=True)
    return exempt


def _standing(person: Practitioner, year: int, statement: Statement | None, *, exempt: bool) -> Standing:
    tenths = statement.total_tenths if statement is not None else 0
    page = reverse("person-statement", args=[person.pk, year])
    if exempt:
        return Standing("不作要求", "", tenths, page)
    if statement is not None and statement.compliant:
        return Standing("已达标", "ok", tenths, page)
    return Standing("尚未达标", "warn", tenths, page)


told_by(StatementStanding())
