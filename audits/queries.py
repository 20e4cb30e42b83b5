"""Which certificates and issuing runs an actor may see, and how lists are narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Least

from credits.models import Statement
from credits.queries import OfPractitioner
from institutions.enums import Title
from institutions.models import Employment
from institutions.queries import called, starts_with

if TYPE_CHECKING:
    from institutions.actors import Actor


class CertificateQuerySet(OfPractitioner):
    """`visible_to`: a practitioner's own; for an officer those of the people of the territory today."""

    def in_the_way(self) -> Self:
        """Those that keep a further certificate of the same person, year and kind from being issued."""
        return self.filter(status__in=("rendering", "valid"))

    def search(self, text: str) -> Self:
        """By number, or by the beginning of the holder's name, its pinyin or its initials."""
        if "-" in text:
            return self.filter(starts_with("number", text.strip().upper()))
        return self.filter(called(text, of="practitioner__"))

    def with_changes(self) -> Self:
        """Annotate `changed`: the year's statement, the person or the employment no longer say what the certificate says.

        As `certificates.corrections` finds for one of them, but for a body that was renamed: that is a reason to reissue
        one where it is asked for, and none to ask for thousands.
        """
        as_printed = Case(*(When(title=title, then=Value(title.label)) for title in Title))
        same = Statement.objects.annotate(title_label=as_printed).filter(
            province=OuterRef("province"),
            practitioner=OuterRef("practitioner"),
            year=OuterRef("year"),
            compliant=True,
            total_tenths=OuterRef("total_tenths"),
            professional_tenths=OuterRef("professional_tenths"),
            common_tenths=OuterRef("common_tenths"),
            full_year=OuterRef("full_year"),
            title_label=OuterRef("title"),
        )
        day = Least(Func(OuterRef("year"), 12, 31, function="make_date"), OuterRef("issued_on"))
        elsewhere = Employment.objects.filter(
            Q(until=None) | Q(until__gt=day),
            province=OuterRef("province"),
            practitioner=OuterRef("practitioner"),
            since__lte=day,
        ).exclude(institution=OuterRef("employing_body"))
        same_person = Q(practitioner__name=F("holder"), practitioner__national_id_index=F("identity_index"))
        return self.annotate(changed=~Exists(same) | Exists(elsewhere) | ~same_person)


class IssuingProblemQuerySet(OfPractitioner):
    """`visible_to`: for an officer those of the people of the territory today."""

    def open(self) -> Self:
        """Those that wait for a person."""
        return self.filter(needs_person=True, resolved_at=None)


class IssuingRunQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The runs of the officer's own body."""
        rows = self.filter(province_id=actor.province_id)
        return rows.filter(institution=actor.institution) if actor.post is not None else rows.none()

    def with_progress(self) -> Self:
        """Annotate `total` certificates and `made`, those that are printed and signed."""
        made = ~Q(certificates__status="rendering")
        return self.annotate(total=Count("certificates"), made=Count("certificates", filter=made))
