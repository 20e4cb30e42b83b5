"""What a year asks of a person: the total and its split by subject, and whether anything is asked at all."""

from dataclasses import dataclass
from datetime import date

from credits.rules.awards import tenths
from credits.rules.facts import IN_TRAINING, TITLES, Person
from credits.rules.language import Regulation, Requirement, Subjects
from credits.rules.terms import Credits

NOT_A_SUBJECT = ("not_a_subject",)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of one title, in tenths."""

    total: int
    common: int
    professional: int
    waived_in_a_full_year: bool

    def unmet(self, total: int, common: int, *, full_year: bool) -> tuple[str, ...]:
        """What is missing, in the order total, common, professional."""
        if self.waived_in_a_full_year and full_year:
            return () if total >= self.total else ("total",)
        if total >= self.total and common >= self.common and total - common >= self.professional:
            return ()
        missing = []
        if total < self.total:
            missing.append("total")
        if common < self.common:
            missing.append("common")
        if total - common < self.professional:
            missing.append("professional")
        return tuple(missing)


def demands(regulation: Regulation) -> dict[tuple[str, bool], Demand]:
    """The demand for every title, in primary care or not."""
    return {
        (title, primary_care): _demand(regulation, title, primary_care=primary_care)
        for title in TITLES
        for primary_care in (False, True)
    }


def _demand(regulation: Regulation, title: str, *, primary_care: bool) -> Demand:
    requirement = regulation.requirement
    return Demand(
        tenths(requirement.total),
        tenths(_common(requirement, title, primary_care=primary_care)),
        tenths(requirement.professional),
        regulation.readings["split_in_a_full_year"] == "waived",
    )


def _common(requirement: Requirement, title: str, *, primary_care: bool) -> Credits:
    if primary_care and requirement.common_in_primary_care is not None:
        return requirement.common_in_primary_care
    common = requirement.common
    return common if isinstance(common, int | str) else common[title]


def is_subject(subjects: Subjects, person: Person, year: int) -> bool:
    """Whether the person must earn credits that year (R45): after residency from the following year on."""
    if not (person.licensed or subjects.unlicensed):
        return False
    if person.residency is None:
        return True
    if isinstance(person.residency, date) and person.residency.year < year:
        return True
    if person.residency != IN_TRAINING and not isinstance(person.residency, date):
        raise ValueError(f"unknown residency: {person.residency}")
    return subjects.residents_in_primary_care if person.primary_care else subjects.residents
