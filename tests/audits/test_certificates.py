"""Issuing, reissuing and revoking, as commission staff do it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from audits import certificates, making
from audits.certificates import CHECK_CODE_ALPHABET, AlreadyIssued, CertificateRefused
from audits.models import Certificate, CertificateStatus, IssuingProblem, IssuingRun
from cme_portal.foundation import files
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import ledger, statements
from credits.models import LedgerEntry
from institutions import approvals, employment, people
from institutions.access import Denied
from institutions.actors import Actor, as_practitioner
from institutions.enums import Role, Title
from institutions.models import Institution, Notification, Practitioner
from institutions.national_id import fictional
from tests.audits.conftest import LATER, YEAR, Earn, issue_and_make, make_all, reloaded
from tests.cast import NOW, Cast
from tests.credits.test_claims import decided, stay, submitted

pytestmark = pytest.mark.django_db

TWO_DAYS_ON = NOW + timedelta(days=2)


def test_a_compliant_year_gets_a_signed_certificate_with_everything_printed_kept(
    issued: Certificate, cast: Cast
) -> None:
    assert issued.status == CertificateStatus.VALID
    assert issued.number == "LN-2026-0000001"
    assert len(issued.check_code) == 8
    assert set(issued.check_code) <= set(CHECK_CODE_ALPHABET)
    assert (issued.holder, issued.employer, issued.title) == ("王思远", "苏家屯区人民医院", "中级")
    assert (issued.total_tenths, issued.professional_tenths, issued.common_tenths) == (275, 275, 0)
    assert issued.issuer == "沈阳市卫生健康委员会"
    assert issued.issued_on == date(2026, 11, 20)
    assert issued.identity_last4 == cast.practitioner.national_id[-4:]
    with files.open(issued.file) as content:
        assert content.read().startswith(b"%PDF-")


def test_the_holder_is_told_once(issued: Certificate, cast: Cast) -> None:
    make_all()
    with entered(cast.province.pk):
        told = Notification.objects.filter(user=cast.practitioner.user, key__startswith="certificate:")
        assert [row.title for row in told] == ["2026 年度学分证书已签发"]


def test_numbers_of_a_year_have_neither_gap_nor_double(cast: Cast, certifier: Actor, earn: Earn) -> None:
    people = [cast.hire(f"李医师{number}", number=number) for number in range(10, 14)]
    for practitioner in people:
        earn(practitioner)
    with entered(cast.province.pk):
        run = certificates.issue_many(
            actor=certifier, practitioner_ids=[person.pk for person in people[:3]], year=YEAR, at=NOW
        )
        with transaction.atomic():
            certificates.issue(actor=certifier, practitioner=people[3], year=YEAR, at=NOW)
            transaction.set_rollback(True)  # the number goes back with the transaction
        last = certificates.issue(actor=certifier, practitioner=people[3], year=YEAR, at=NOW)
        numbers = sorted(run.certificates.values_list("number", flat=True))
        assert numbers == ["LN-2026-0000001", "LN-2026-0000002", "LN-2026-0000003"]
        assert last.number == "LN-2026-0000004"


def test_who_cannot_have_one_is_listed_with_the_reason(cast: Cast, certifier: Actor, earn: Earn) -> None:
    earn(cast.practitioner)
    earn(cast.colleague, "10")
    rare = cast.hire("张𪚥", number=20)
    earn(rare)
    with entered(cast.province.pk):
        chosen = [cast.practitioner.pk, cast.colleague.pk, rare.pk]
        run = certificates.issue_many(actor=certifier, practitioner_ids=chosen, year=YEAR, at=NOW)
        assert str(IssuingRun.objects.get(pk=run.pk)) == "2026 2026-11-20 09:30"  # of this country, not of Greenwich
        problems = {problem.practitioner_id: problem for problem in run.problems.all()}
        assert run.certificates.count() == 1
        assert problems[cast.colleague.pk].reason == "2026 年度学分未达标，不能发证。"
        assert not problems[cast.colleague.pk].needs_person
        assert "U+2A6A5" in problems[rare.pk].reason
        assert problems[rare.pk].needs_person


def test_a_problem_is_settled_when_the_certificate_is_issued(cast: Cast, certifier: Actor, earn: Earn) -> None:
    rare = cast.hire("张𪚥", number=20)
    earn(rare)
    with entered(cast.province.pk):
        with pytest.raises(CertificateRefused, match="字库"):
            certificates.issue(actor=certifier, practitioner=rare, year=YEAR, at=NOW)
        rare.name = "张龙"
        rare.save(update_fields=["name"])
        certificates.issue(actor=certifier, practitioner=rare, year=YEAR, at=LATER)
        assert not IssuingProblem.objects.filter(needs_person=True, resolved_at=None).exists()


def test_a_year_has_one_certificate(issued: Certificate, cast: Cast, certifier: Actor) -> None:
    with entered(cast.province.pk), pytest.raises(CertificateRefused, match="已有 2026 年度证书"):
        certificates.issue(actor=certifier, practitioner=cast.practitioner, year=YEAR, at=LATER)


def test_a_second_run_for_the_same_people_leaves_no_trace(cast: Cast, certifier: Actor, earn: Earn) -> None:
    people = [cast.practitioner.pk, cast.colleague.pk]
    earn(cast.practitioner)
    earn(cast.colleague)
    with entered(cast.province.pk):
        certificates.issue_many(actor=certifier, practitioner_ids=people, year=YEAR, at=NOW)
        with pytest.raises(AlreadyIssued, match="2 人都已有"):
            certificates.issue_many(actor=certifier, practitioner_ids=people, year=YEAR, at=LATER)
        assert IssuingRun.objects.count() == 1
        assert not IssuingProblem.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_posts_do_not_issue(cast: Cast, earn: Earn, role: str) -> None:
    earn(cast.practitioner)
    with entered(cast.province.pk), pytest.raises(Denied):
        certificates.issue(actor=cast.officer("city", role), practitioner=cast.practitioner, year=YEAR, at=NOW)


def test_a_hospital_does_not_issue_even_to_its_own(cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    certifier = cast.officer("hospital", Role.CERTIFIER)
    with entered(cast.province.pk), pytest.raises(CertificateRefused, match="卫生健康行政部门"):
        certificates.issue(actor=certifier, practitioner=cast.practitioner, year=YEAR, at=NOW)


def test_a_city_does_not_issue_to_people_of_provincial_units(cast: Cast, certifier: Actor, earn: Earn) -> None:
    outside = cast.hire("周全", "direct", number=30)
    earn(outside)
    with entered(cast.province.pk):
        with pytest.raises(CertificateRefused, match="管理范围"):
            certificates.issue(actor=certifier, practitioner=outside, year=YEAR, at=NOW)
        office = cast.officer("office", Role.CERTIFIER)
        assert certificates.issue(actor=office, practitioner=outside, year=YEAR, at=NOW).number == "LN-2026-0000001"


def test_nobody_issues_to_oneself(cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    certifier = cast.officer("city", Role.CERTIFIER)
    with entered(cast.province.pk):
        cast.practitioner.user = certifier.user
        cast.practitioner.save(update_fields=["user"])
        with pytest.raises(CertificateRefused, match="本人"):
            certificates.issue(actor=certifier, practitioner=cast.practitioner, year=YEAR, at=NOW)


def test_revoking_needs_a_reason_and_keeps_everything(issued: Certificate, cast: Cast, certifier: Actor) -> None:
    with entered(cast.province.pk):
        with pytest.raises(CertificateRefused, match="理由"):
            certificates.revoke(actor=certifier, certificate_id=issued.pk, reason=" ", at=LATER)
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="学分材料不实", at=LATER)
        revoked = Certificate.objects.get(pk=issued.pk)
        assert revoked.status == CertificateStatus.REVOKED
        assert (revoked.reason, revoked.revoked_by, revoked.revoked_at) == ("学分材料不实", certifier.user, LATER)
        assert revoked.sha256 == issued.sha256
        entry = JournalEntry.objects.get(act="certificate.revoke", subject_id=issued.pk)
        assert entry.detail == {"reason": "学分材料不实"}
        with pytest.raises(CertificateRefused, match="已撤销"):
            certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="再次", at=LATER)


def test_another_city_does_not_find_it(issued: Certificate, cast: Cast) -> None:
    reviewer_of_the_hospital = cast.officer("hospital", Role.CERTIFIER)
    with entered(cast.province.pk), pytest.raises(Denied):
        certificates.revoke(actor=reviewer_of_the_hospital, certificate_id=issued.pk, reason="无", at=LATER)


def test_a_correction_gets_a_new_number_and_the_old_one_is_superseded_when_it_is_signed(
    issued: Certificate, cast: Cast, certifier: Actor, earn: Earn
) -> None:
    earn(cast.practitioner, "2")
    with entered(cast.province.pk):
        new = certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="补记学分", at=LATER)
        assert Certificate.objects.get(pk=issued.pk).status == CertificateStatus.VALID
    make_all()
    new, old = reloaded(new), reloaded(issued)
    assert (new.number, new.status, new.total_tenths) == ("LN-2026-0000002", CertificateStatus.VALID, 295)
    with entered(cast.province.pk):
        assert JournalEntry.objects.get(act="certificate.reissue").detail == {"new": new.pk, "reason": "补记学分"}
    assert (old.status, old.total_tenths) == (CertificateStatus.SUPERSEDED, 275)
    assert new.supersedes_id == old.pk


def test_nothing_is_revoked_while_its_successor_is_made(
    issued: Certificate, cast: Cast, certifier: Actor, earn: Earn
) -> None:
    """Otherwise the successor would come out valid after all."""
    earn(cast.practitioner, "2")
    with entered(cast.province.pk):
        new = certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="补记学分", at=LATER)
        with pytest.raises(CertificateRefused, match="换发的证书正在制作"):
            certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料系伪造", at=LATER)
    make_all()
    with entered(cast.province.pk):
        certificates.revoke(actor=certifier, certificate_id=new.pk, reason="材料系伪造", at=LATER)
    assert {reloaded(one).status for one in (issued, new)} == {CertificateStatus.SUPERSEDED, CertificateStatus.REVOKED}


def renumber(cast: Cast, person: Practitioner) -> None:
    """A slip in the day of birth that leaves the last four digits as they are."""
    before = person.national_id
    days = (date(1988, 5, 17) - timedelta(days=days) for days in range(1, 1000))
    numbers = (fictional(city=before[:4], born=day, sequence=int(before[14:17])) for day in days)
    same_ending = next(number for number in numbers if number[-4:] == before[-4:])
    people.correct(
        actor=cast.officer("hospital", Role.ADMINISTRATOR),
        practitioner_id=person.pk,
        national_id=same_ending,
        profession=person.profession,
        licensed=person.licensed,
        licence_number=person.licence_number,
        residency_in_training=False,
        residency_completed=None,
        at=LATER,
    )


def entitle(cast: Cast, person: Practitioner) -> None:
    """A title that the person held in the year already, registered late."""
    office = cast.officer("hospital", Role.ADMINISTRATOR)
    people.promote(actor=office, practitioner_id=person.pk, title=Title.SENIOR, since=date(YEAR, 3, 1), at=LATER)
    statements.recompute(practitioner=person, year=YEAR, at=LATER)


def renamed(cast: Cast) -> None:
    """The hospital has another name since."""
    Institution.objects.filter(pk=cast.bodies["hospital"].pk).update(name="沈阳市第九人民医院")


def employed_elsewhere(cast: Cast, person: Practitioner) -> None:
    """The person had worked in another hospital on the day of the certificate."""
    person.employments.update(institution=cast.bodies["direct"])


def moved(cast: Cast, person: Practitioner) -> None:
    """Rightly certified, the person works elsewhere from the next day on."""
    office = cast.officer("direct", Role.ADMINISTRATOR)
    day = timezone.localdate(NOW) + timedelta(days=1)
    employment.employ(
        actor=office,
        practitioner_id=person.pk,
        institution=cast.bodies["direct"],
        since=day,
        at=NOW + timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("correction", "label"), [(renumber, "身份证号"), (entitle, "职称级别"), (employed_elsewhere, "工作单位")]
)
def test_whatever_is_printed_can_be_corrected(
    issued: Certificate,
    cast: Cast,
    certifier: Actor,
    correction: Callable[[Cast, Practitioner], None],
    label: str,
) -> None:
    with entered(cast.province.pk):
        [unchanged] = Certificate.objects.with_changes()
        assert unchanged.changed is False
        correction(cast, cast.practitioner)
        [old] = Certificate.objects.with_changes().select_related("practitioner__institution")
        assert old.changed is True
        assert [row[0] for row in certificates.corrections(old)] == [label]
        certificates.reissue(actor=certifier, certificate_id=old.pk, correction="更正", at=LATER)
    make_all()
    with entered(cast.province.pk):
        new = Certificate.objects.with_changes().get(supersedes=old)
        assert (new.status, new.changed) == (CertificateStatus.VALID, False)


def test_who_moves_on_keeps_a_right_certificate(issued: Certificate, cast: Cast) -> None:
    with entered(cast.province.pk):
        moved(cast, cast.practitioner)
        [certificate] = Certificate.objects.with_changes()
        assert certificate.changed is False
        assert certificates.corrections(certificate) == []
        with pytest.raises(CertificateRefused, match="无需换发"):
            certificates.reissue(
                actor=cast.officer("province", Role.CERTIFIER),
                certificate_id=issued.pk,
                correction="调动",
                at=TWO_DAYS_ON,
            )


def test_who_moved_on_and_is_corrected_keeps_the_employer_of_the_certificates_day(
    issued: Certificate, cast: Cast
) -> None:
    with entered(cast.province.pk):
        renumber(cast, cast.practitioner)
        moved(cast, cast.practitioner)
        new = certificates.reissue(
            actor=cast.officer("province", Role.CERTIFIER), certificate_id=issued.pk, correction="更正", at=TWO_DAYS_ON
        )
        assert new.employer == issued.employer


def test_a_new_name_of_the_employer_calls_no_certificate_back_but_may_be_asked_for(
    issued: Certificate, cast: Cast, certifier: Actor
) -> None:
    with entered(cast.province.pk):
        renamed(cast)
        [certificate] = Certificate.objects.with_changes()
        assert certificate.changed is False
        assert certificates.corrections(certificate) == [("工作单位", issued.employer, "沈阳市第九人民医院")]
        new = certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="单位更名", at=LATER)
        assert new.employer == "沈阳市第九人民医院"


def test_a_certificate_that_says_the_same_is_not_reissued(issued: Certificate, cast: Cast, certifier: Actor) -> None:
    with entered(cast.province.pk), pytest.raises(CertificateRefused, match="无需换发"):
        certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="重印", at=LATER)


def test_a_year_that_is_no_longer_compliant_is_revoked_and_not_reissued(
    issued: Certificate, cast: Cast, certifier: Actor
) -> None:
    with entered(cast.province.pk):
        entry = LedgerEntry.objects.filter(practitioner=cast.practitioner).earliest("pk")
        ledger.reverse(actor=cast.officer("city"), entry_id=entry.pk, reason="重复认定", at=LATER)
        with pytest.raises(CertificateRefused, match="不再达标"):
            certificates.reissue(actor=certifier, certificate_id=issued.pk, correction="更正", at=LATER)


def test_after_a_revocation_a_new_one_may_be_issued(issued: Certificate, cast: Cast, certifier: Actor) -> None:
    with entered(cast.province.pk):
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="印制有误", at=LATER)
    assert issue_and_make(certifier, cast.practitioner).number == "LN-2026-0000002"


@pytest.mark.parametrize(
    "change",
    [
        "holder = '王某'",
        "total_tenths = 999",
        "number = 'LN-2026-0000099'",
        "check_code = 'AAAAAAAA'",
        "sha256 = repeat('0', 64)",
        "status = 'rendering'",
        "issued_on = '2020-01-01'",
    ],
)
def test_the_database_refuses_to_change_what_was_printed(issued: Certificate, change: str) -> None:
    with (
        entered(issued.province_id),
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE audits_certificate SET {change} WHERE id = %s", [issued.pk])  # noqa: S608 - written above


def test_the_database_refuses_to_delete_a_certificate(issued: Certificate) -> None:
    with entered(issued.province_id), pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Certificate.objects.filter(pk=issued.pk).delete()


def test_a_revoked_certificate_stays_revoked(issued: Certificate, certifier: Actor) -> None:
    with entered(issued.province_id):
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料不实", at=LATER)
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Certificate.objects.filter(pk=issued.pk).update(
                status=CertificateStatus.VALID, revoked_at=None, revoked_by=None, reason=""
            )


def test_another_province_sees_none_of_it(issued: Certificate, strangers: Cast, earn: Earn) -> None:
    earn(strangers.practitioner, "25")  # one activity worth the whole year
    theirs = issue_and_make(strangers.officer("city", Role.CERTIFIER), strangers.practitioner)
    assert theirs.number == "ZJ-2026-0000001"
    with entered(strangers.province.pk):
        assert [certificate.pk for certificate in Certificate.objects.all()] == [theirs.pk]
        assert not Certificate.objects.visible_to(as_practitioner(strangers.colleague)).exists()


def test_making_twice_makes_once(issued: Certificate) -> None:
    with entered(issued.province_id):
        making.make({"certificates": [issued.pk]}, at=LATER)
    again = reloaded(issued)
    assert (again.sha256, again.signed_at) == (issued.sha256, issued.signed_at)


def test_a_certified_year_is_not_undone_but_corrected_in_the_open(cast: Cast, certifier: Actor) -> None:
    with entered(cast.province.pk):
        claim = submitted(cast, stay(cast.province.code))
        decided(cast, claim)
        last = claim.approval.decisions.order_by("-version").first()
        officer = next(actor for actor in cast.officers.values() if actor.user == last.user)
    issue_and_make(certifier, cast.practitioner)
    with entered(cast.province.pk):
        with pytest.raises(Denied, match="证书已签发"):
            approvals.undo(actor=officer, approval_id=claim.approval_id, at=LATER)
        certificate = Certificate.objects.get()
        certificates.revoke(actor=certifier, certificate_id=certificate.pk, reason="审核人员撤销认定", at=LATER)
        approvals.undo(actor=officer, approval_id=claim.approval_id, at=LATER)
        assert not LedgerEntry.objects.in_force().exists()
