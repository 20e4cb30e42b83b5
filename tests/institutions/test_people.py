"""People: registering, moving, titles, the national ID number, taking over from elsewhere."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cme_portal.foundation.models import JournalEntry, OutboxMessage
from cme_portal.foundation.tenancy import entered
from institutions import employment, people, sign_in
from institutions.access import Denied
from institutions.enums import Role, Title
from institutions.models import Approval, Practitioner
from institutions.national_id import fictional
from tests.cast import NOW, Cast, user_named
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db

NUMBER = fictional(city="2101", born=date(1990, 1, 2), sequence=77)


def registered(cast: Cast, **values: object) -> Practitioner:
    defaults = {
        "name": "孙浩然",
        "national_id": NUMBER,
        "profession": "药学",
        "title": Title.JUNIOR,
        "title_since": date(2022, 1, 1),
        "institution": cast.bodies["hospital"],
        "department": cast.bodies["department"],
        "employed_since": date(2021, 7, 1),
        "at": NOW,
    }
    return people.register(actor=cast.officer("hospital", Role.ADMINISTRATOR), **(defaults | values))


def test_the_number_is_normalised_encrypted_and_unique(cast: Cast) -> None:
    with entered(cast.province.pk):
        full_width = NUMBER.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        person = registered(cast, national_id=f" {full_width[:6]} {full_width[6:]}")
        assert Practitioner.objects.get(pk=person.pk).national_id == NUMBER
        with pytest.raises(ValidationError, match="该人员已在本单位登记"):
            registered(cast, name="另一人")


def test_a_wrong_number_says_what_is_wrong_at_its_field(cast: Cast) -> None:
    with entered(cast.province.pk):
        with pytest.raises(ValidationError) as raised:
            registered(cast, national_id="21010119900102123")
        assert raised.value.message_dict == {"national_id": ["身份证号码应为 18 位，现为 17 位。请对照证件重新填写。"]}


def test_an_administrator_registers_only_where_responsible(cast: Cast) -> None:
    with entered(cast.province.pk):
        with pytest.raises(Denied, match="不在您的管理范围内"):
            registered(cast, institution=cast.bodies["direct"], department=None)
        with pytest.raises(ValidationError, match="不属于"):
            people.register(
                actor=cast.officer("province", Role.ADMINISTRATOR),
                name="孙浩然",
                national_id=NUMBER,
                profession="药学",
                title=Title.JUNIOR,
                title_since=date(2022, 1, 1),
                institution=cast.bodies["direct"],
                department=cast.bodies["department"],
                employed_since=date(2021, 7, 1),
                at=NOW,
            )


def test_moving_ends_the_employment_before(cast: Cast) -> None:
    with entered(cast.province.pk):
        person = registered(cast)
        employment.employ(
            actor=cast.officer("direct", Role.ADMINISTRATOR),
            practitioner_id=person.pk,
            institution=cast.bodies["direct"],
            since=date(2026, 9, 1),
            at=NOW,
        )
        person.refresh_from_db()
        assert (person.institution, person.department) == (cast.bodies["direct"], None)
        old, new = person.employments.order_by("since")
        assert (old.until, new.since, new.until) == (date(2026, 9, 1), date(2026, 9, 1), None)


@pytest.mark.parametrize("since", [date(2021, 7, 1), date(2020, 1, 1)])
def test_a_move_cannot_begin_before_the_employment_it_ends(cast: Cast, since: date) -> None:
    with entered(cast.province.pk):
        person = registered(cast)
        with pytest.raises(ValidationError, match="应晚于现任职的起始日期 2021-07-01"):
            employment.employ(
                actor=cast.officer("hospital", Role.ADMINISTRATOR),
                practitioner_id=person.pk,
                institution=cast.bodies["hospital"],
                since=since,
                at=NOW,
            )


def test_a_move_is_entered_when_it_has_come(cast: Cast) -> None:
    """Whoever is employed elsewhere from next month on still works, and declares, here today."""
    with entered(cast.province.pk):
        person = registered(cast)
        with pytest.raises(ValidationError, match="不能晚于今天"):
            employment.employ(
                actor=cast.officer("hospital", Role.ADMINISTRATOR),
                practitioner_id=person.pk,
                institution=cast.bodies["hospital"],
                since=date(2026, 12, 1),
                at=NOW,
            )


def test_nobody_writes_what_the_own_year_asks_for(cast: Cast) -> None:
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    known = {"profession": "药学", "licence_number": "", "residency_in_training": False, "residency_completed": None}
    with entered(cast.province.pk):
        person = registered(cast, user=administrator.user)
        mine = {"actor": administrator, "practitioner_id": person.pk, "at": NOW}
        for act, values in (
            (people.correct, {**known, "licensed": False}),
            (people.promote, {"title": Title.SENIOR, "since": date(2026, 1, 1)}),
            (employment.employ, {"institution": cast.bodies["hospital"], "since": date(2026, 1, 1)}),
            (employment.leave, {"left_on": date(2026, 1, 1)}),
        ):
            with pytest.raises(Denied, match="不能办理本人的登记信息"):
                act(**mine, **values)
        above = {**mine, "actor": cast.officer("province", Role.ADMINISTRATOR)}
        assert people.correct(**above, **{**known, "licensed": False}).licensed is False


def test_leaving_ends_the_employment_and_keeps_the_person_in_sight(cast: Cast) -> None:
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        person = registered(cast)
        with pytest.raises(ValidationError, match="应晚于现任职的起始日期 2021-07-01"):
            employment.leave(actor=administrator, practitioner_id=person.pk, left_on=date(2021, 7, 1), at=NOW)
        with pytest.raises(Denied):
            employment.leave(
                actor=cast.officer("direct", Role.ADMINISTRATOR),
                practitioner_id=person.pk,
                left_on=date(2026, 11, 1),
                at=NOW,
            )
        employment.leave(actor=administrator, practitioner_id=person.pk, left_on=date(2026, 11, 1), at=NOW)
        person = Practitioner.objects.visible_to(administrator).get(pk=person.pk)
        assert person.left_on == date(2026, 11, 1)
        assert person.employments.get().until == date(2026, 11, 1)
        with pytest.raises(ValidationError, match="已于 2026-11-01 登记离职"):
            employment.leave(actor=administrator, practitioner_id=person.pk, left_on=date(2026, 11, 2), at=NOW)


def test_who_has_left_is_employed_anew(cast: Cast) -> None:
    def employ(since: date) -> None:
        employment.employ(
            actor=cast.officer("direct", Role.ADMINISTRATOR),
            practitioner_id=person.pk,
            institution=cast.bodies["direct"],
            since=since,
            at=NOW,
        )

    with entered(cast.province.pk):
        person = registered(cast)
        employment.leave(
            actor=cast.officer("hospital", Role.ADMINISTRATOR),
            practitioner_id=person.pk,
            left_on=date(2026, 9, 1),
            at=NOW,
        )
        with pytest.raises(ValidationError, match="不能早于离职日期 2026-09-01"):
            employ(date(2026, 8, 31))
        employ(date(2026, 11, 1))
        person.refresh_from_db()
        assert (person.institution, person.left_on) == (cast.bodies["direct"], None)
        assert [one.until for one in person.employments.order_by("since")] == [date(2026, 9, 1), None]


def test_nothing_is_registered_before_it_has_happened(cast: Cast) -> None:
    tomorrow, administrator = date(2026, 11, 21), cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        days = ("employed_since", "title_since", "residency_completed")
        with pytest.raises(ValidationError) as raised:
            registered(cast, **dict.fromkeys(days, tomorrow))
        assert raised.value.message_dict == {day: ["不能晚于今天。请在该日期到来之后办理。"] for day in days}
        person = registered(cast, employed_since=NOW.date(), title_since=NOW.date())
        with pytest.raises(ValidationError, match="不能晚于今天"):
            people.promote(actor=administrator, practitioner_id=person.pk, title=Title.SENIOR, since=tomorrow, at=NOW)
        with pytest.raises(ValidationError, match="不能晚于今天"):
            people.correct(
                actor=administrator,
                practitioner_id=person.pk,
                profession="药学",
                licensed=True,
                licence_number="",
                residency_in_training=False,
                residency_completed=tomorrow,
                at=NOW,
            )


def test_taking_over_needs_name_and_number_together(cast: Cast, strangers: Cast) -> None:
    with entered(cast.province.pk):
        person = registered(cast)
        direct = cast.officer("direct", Role.ADMINISTRATOR)
        found = people.registered(actor=direct, name="孙浩然", national_id=NUMBER, at=NOW)
        assert found == person
        assert people.registered(actor=direct, name="孙浩", national_id=NUMBER, at=NOW) is None
    with entered(strangers.province.pk):
        foreign = strangers.officer("hospital", Role.ADMINISTRATOR)
        assert people.registered(actor=foreign, name="孙浩然", national_id=NUMBER, at=NOW) is None


def test_seeing_the_full_number_is_journalled_with_its_reason(cast: Cast) -> None:
    with entered(cast.province.pk):
        person = registered(cast)
        actor = cast.officer("hospital", Role.ADMINISTRATOR)
        shown = people.reveal_national_id(actor=actor, practitioner_id=person.pk, reason="核对证件", at=NOW)
        assert shown == NUMBER
        entry = JournalEntry.objects.get(act="practitioner.reveal_national_id")
        assert (entry.subject_id, entry.user, entry.detail) == (person.pk, actor.user, {"reason": "核对证件"})


def test_correcting_a_registration(cast: Cast) -> None:
    with entered(cast.province.pk):
        person = registered(cast)
        values = {"profession": "临床", "licensed": True, "licence_number": "1102", "at": NOW}
        actor = cast.officer("hospital", Role.ADMINISTRATOR)
        with pytest.raises(ValidationError, match="在培与已结业不能同时填写"):
            people.correct(
                actor=actor,
                practitioner_id=person.pk,
                residency_in_training=True,
                residency_completed=date(2025, 1, 1),
                **values,
            )
        people.correct(
            actor=actor, practitioner_id=person.pk, residency_in_training=True, residency_completed=None, **values
        )
        person.refresh_from_db()
        assert (person.profession, person.residency_in_training) == ("临床", True)
        assert OutboxMessage.objects.get(kind="practitioner.changed").payload == {"practitioner": person.pk, "since": 0}


def corrected(cast: Cast, person: Practitioner, **values: object) -> Practitioner:
    """As the employer's administrator: everything as registered but for ``values``."""
    known = {
        "profession": person.profession,
        "licensed": person.licensed,
        "licence_number": person.licence_number,
        "residency_in_training": person.residency_in_training,
        "residency_completed": person.residency_completed,
    }
    actor = cast.officer("hospital", Role.ADMINISTRATOR)
    return people.correct(actor=actor, practitioner_id=person.pk, at=NOW, **{**known, **values})


def test_a_corrected_name_is_found_and_stands_on_what_waits(cast: Cast) -> None:
    decided, waiting = declared(cast), declared(cast, title="急诊进修")
    with entered(cast.province.pk):
        Approval.objects.filter(pk=decided.pk).update(state="approved", holder=None, closed_at=NOW, promised_on=None)
        person = corrected(cast, cast.practitioner, name=" 王思媛 ")
        assert (person.name, person.name_sort, person.name_initials) == ("王思媛", "wangsiyuan", "wsy")
        assert Approval.objects.get(pk=waiting.pk).practitioner_name == "王思媛"
        assert Approval.objects.get(pk=decided.pk).practitioner_name == "王思远"
        person.user.refresh_from_db()
        assert person.user.name == "王思媛"


def test_an_account_with_other_seats_keeps_its_name(cast: Cast) -> None:
    officer = cast.officer("direct", Role.REVIEWER)
    with entered(cast.province.pk):
        person = registered(cast, user=officer.user)
        corrected(cast, person, name="孙皓然")
        officer.user.refresh_from_db()
        assert officer.user.name != "孙皓然"


def test_a_corrected_number_is_validated_unique_and_never_in_the_journal(cast: Cast) -> None:
    with entered(cast.province.pk):
        person, other = registered(cast), cast.practitioner
        for number, sentence in ((NUMBER[:17], "应为 18 位"), (other.national_id, "已登记在另一人名下")):
            with pytest.raises(ValidationError, match=sentence) as raised:
                corrected(cast, person, national_id=number)
            assert set(raised.value.message_dict) == {"national_id"}
        number = fictional(city="2101", born=date(1990, 1, 2), sequence=78)
        corrected(cast, person, national_id=number, licence_number="1102")
        person.refresh_from_db()
        assert person.national_id == number
        direct = cast.officer("direct", Role.ADMINISTRATOR)
        assert people.registered(actor=direct, name="孙浩然", national_id=number, at=NOW) == person
        entry = JournalEntry.objects.get(act="practitioner.correct")
        assert entry.detail == {"person.national_id": True, "person.licence_number": True}


def test_correcting_nothing_is_no_correction(cast: Cast) -> None:
    with entered(cast.province.pk):
        with pytest.raises(ValidationError, match="没有需要更正的内容"):
            corrected(cast, registered(cast), name="孙浩然", national_id=NUMBER)
        assert not JournalEntry.objects.filter(act="practitioner.correct").exists()


def test_an_account_of_somebody_else_is_not_taken(cast: Cast) -> None:
    user_named("w", "吴丹", phone="13800000001")
    with entered(cast.province.pk):
        person = registered(cast)
        actor = cast.officer("hospital", Role.ADMINISTRATOR)
        with pytest.raises(ValidationError, match="已由他人使用"):
            sign_in.open_account(actor=actor, practitioner_id=person.pk, phone="13800000001", at=NOW)
        opened = sign_in.open_account(actor=actor, practitioner_id=person.pk, phone="13800000002", at=NOW)
        assert opened.user.seats.get().practitioner == person
        with pytest.raises(ValidationError, match="已有账号"):
            sign_in.open_account(actor=actor, practitioner_id=person.pk, phone="13800000003", at=NOW)


def test_one_account_is_not_two_people_of_one_name(cast: Cast) -> None:
    with entered(cast.province.pk):
        namesake = cast.hire("孙浩然", number=9)
        person = registered(cast)
        with pytest.raises(ValidationError, match="另一名同名人员"):
            sign_in.open_account(
                actor=cast.officer("hospital", Role.ADMINISTRATOR),
                practitioner_id=person.pk,
                phone=namesake.user.phone,
                at=NOW,
            )


def test_a_staff_account_is_no_phone_number_and_unique(cast: Cast) -> None:
    actor = cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        for username in ("13800000009", actor.user.username, actor.user.username.upper()):
            with pytest.raises(ValidationError):
                sign_in.open_staff_account(
                    actor=actor, institution=actor.institution, username=username, name="李红", at=NOW
                )
        user = sign_in.open_staff_account(
            actor=actor, institution=actor.institution, username="li.hong", name="李红", at=NOW
        )
        assert not user.seats.exists()
