"""How people stand this year: with and without entries, exempt or not, on the first day of a year too."""

from datetime import date, datetime
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cme_portal.foundation.tenancy import entered
from credits import statements
from credits.assessment import person_in
from credits.models import Statement
from credits.rules.language import Subjects
from credits.rules.requirement import is_subject
from credits.standing import not_subject_to
from institutions import people, tree
from institutions.actors import the_portal
from institutions.enums import Kind, Tier, Title
from institutions.models import Institution, Practitioner
from institutions.national_id import fictional
from tests.cast import NOW, SHANGHAI, Cast, make_cast
from tests.client import signed_in, text
from tests.credits.test_claims import decided, stay, submitted

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime(2027, 1, 1, 8, tzinfo=SHANGHAI)
EARNED, NOTHING, TRAINEE, COMPLETED, UNLICENSED = "王思远", "赵一鸣", "周雨桐", "吴子涵", "郑丽华"


@pytest.fixture
def zhejiang() -> Cast:
    """Somebody who has earned the year, somebody with nothing, and three of whom 2026 asks nothing and who have nothing."""
    cast = make_cast("zhejiang")
    with entered(cast.province.pk):
        decided(cast, submitted(cast, stay("zhejiang")))
    hospital = cast.bodies["hospital"]
    register(hospital, 11, TRAINEE, residency_in_training=True)
    register(hospital, 12, COMPLETED, residency_completed=date(2026, 7, 1))
    register(hospital, 13, UNLICENSED, licensed=False)
    return cast


@pytest.fixture
def officer(zhejiang: Cast) -> Client:
    return signed_in(zhejiang.officer("hospital").user)


def register(institution: Institution, number: int, name: str, **values: object) -> Practitioner:
    with entered(institution.province_id):
        return people.register(
            actor=the_portal(institution.province),
            name=name,
            national_id=fictional(city="3301", born=date(1995, 3, 4), sequence=number),
            profession="临床",
            title=Title.JUNIOR,
            title_since=date(2022, 1, 1),
            institution=institution,
            employed_since=date(2022, 1, 1),
            at=NOW,
            **values,
        )


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("institutions.people_views.timezone.now", lambda: NOW)


@pytest.fixture
def new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("institutions.people_views.timezone.now", lambda: NEW_YEAR)


def listed(officer: Client, standing: str) -> tuple[str, set[str]]:
    """How many people the filter counts, and who they are."""
    page = officer.get("/people/", {"standing": standing}).context["page"]
    return page.paginator.count, {one.name for one in page}


def labels(officer: Client) -> dict[str, str]:
    return {person.name: standing.label for person, _, standing in officer.get("/people/").context["people"]}


@pytest.mark.usefixtures("today")
def test_who_has_no_statement_is_judged_by_the_record(zhejiang: Cast, officer: Client) -> None:
    with entered(zhejiang.province.pk):
        assert Statement.objects.get().practitioner == zhejiang.practitioner
    assert labels(officer) == {
        EARNED: "已达标",
        NOTHING: "尚未达标",
        TRAINEE: "不作要求",
        COMPLETED: "不作要求",
        UNLICENSED: "不作要求",
    }
    assert listed(officer, "compliant") == (1, {EARNED})
    assert listed(officer, "short") == (1, {NOTHING})
    assert listed(officer, "exempt") == (3, {TRAINEE, COMPLETED, UNLICENSED})


@pytest.mark.usefixtures("new_year")
def test_on_the_first_day_of_a_year_nobody_has_a_statement_and_everybody_is_judged_rightly(officer: Client) -> None:
    """Credits are asked for from the year after residency on (reading R45)."""
    assert listed(officer, "compliant") == (0, set())
    assert listed(officer, "short") == (3, {EARNED, NOTHING, COMPLETED})
    assert listed(officer, "exempt") == (2, {TRAINEE, UNLICENSED})
    assert labels(officer)[COMPLETED] == "尚未达标"
    assert labels(officer)[TRAINEE] == "不作要求"


@pytest.mark.usefixtures("today")
def test_a_statement_of_somebody_exempt_does_not_make_the_person_short(zhejiang: Cast, officer: Client) -> None:
    with entered(zhejiang.province.pk):
        trainee = Practitioner.objects.get(name=TRAINEE)
        statements.recompute(practitioner=trainee, year=2026, at=NOW)
    assert listed(officer, "exempt")[1] == {TRAINEE, COMPLETED, UNLICENSED}
    assert listed(officer, "short")[1] == {NOTHING}
    page = text(officer.get(f"/people/{trainee.pk}/"))
    assert "不作要求" in page
    assert "尚未达标" not in page


@pytest.mark.usefixtures("today")
def test_jilin_asks_residents_for_credits_but_for_those_in_primary_care() -> None:
    jilin = make_cast("jilin")
    register(jilin.bodies["hospital"], 11, TRAINEE, residency_in_training=True)
    register(primary_care(jilin), 12, COMPLETED, residency_in_training=True)
    officer = signed_in(jilin.officer("county").user)
    assert listed(officer, "exempt") == (1, {COMPLETED})
    assert listed(officer, "short") == (3, {EARNED, NOTHING, TRAINEE})


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("standing", ["", "compliant", "short", "exempt"])
def test_the_list_costs_the_same_for_few_and_for_many(zhejiang: Cast, officer: Client, standing: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            officer.get("/people/", {"standing": standing})
        return len(made)

    queries()
    for_few = queries()
    for number in range(20, 32):
        register(zhejiang.bodies["hospital"], number, "新同事", residency_in_training=number % 2 == 0)
    assert queries() == for_few


def test_the_database_says_of_everybody_what_the_rules_say(cast: Cast) -> None:
    """Every licence, residency and kind of employer under every way a regulation can name its subjects."""
    residencies: list[dict[str, object]] = [
        {},
        {"residency_in_training": True},
        {"residency_completed": date(2025, 12, 31)},
        {"residency_completed": date(2026, 1, 1)},
    ]
    employers = (cast.bodies["hospital"], primary_care(cast))
    for number, (employer, licensed, residency) in enumerate(product(employers, (True, False), residencies)):
        register(employer, 100 + number, "新同事", licensed=licensed, **residency)
    with entered(cast.province.pk):
        everybody = Practitioner.objects.all()
        persons = {one.pk: person_in(one, 2026, at=NOW) for one in everybody}
        for residents, in_primary_care, unlicensed in product((True, False), repeat=3):
            subjects = Subjects(
                cite="", residents=residents, residents_in_primary_care=in_primary_care, unlicensed=unlicensed
            )
            exempt = {pk for pk, person in persons.items() if not is_subject(subjects, person, 2026)}
            assert set(everybody.filter(not_subject_to(subjects, 2026)).values_list("pk", flat=True)) == exempt
            rest = everybody.exclude(not_subject_to(subjects, 2026)).values_list("pk", flat=True)
            assert set(rest) == persons.keys() - exempt


def primary_care(cast: Cast) -> Institution:
    with entered(cast.province.pk):
        return tree.found(
            actor=the_portal(cast.province),
            province=cast.province,
            name="示范社区卫生服务中心",
            tier=Tier.UNIT,
            kind=Kind.HOSPITAL,
            parent=cast.bodies["county"],
            primary_care=True,
            at=NOW,
        )
