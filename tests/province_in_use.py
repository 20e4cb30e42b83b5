"""A province in which something of everything has happened, by the acts of the portal: for tests that look at every page.

Liaoning's rules decide here; the person who owns it all bears a name that nobody else has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from audits import certificates
from audits.models import Certificate, CertificateStatus, IssuingRun
from cme_portal.foundation import outbox
from cme_portal.foundation.tenancy import entered
from credits import claims, ledger, statements
from credits.models import Claim, Evidence, LedgerEntry
from institutions import approvals, saved_filters
from institutions.enums import Role, Verdict
from institutions.models import Approval, Notification, Post, Practitioner, SavedFilter
from tests.cast import NOW, Cast, make_cast
from tests.credits.year import Lived, live, send_back, submit

OWNER = "司徒明慧"
YEAR = 2026
LATER = NOW + timedelta(minutes=5)


@dataclass(frozen=True)
class ProvinceInUse:
    """What the tests open. ``cast.practitioner`` owns the claims and the valid certificate."""

    cast: Cast
    lived: Lived
    at_the_hospital: Claim
    by_the_reviewer: Claim
    rejected: Claim
    withdrawn: Claim
    over_new_year: Claim
    evidence: Evidence
    entry: LedgerEntry
    run: IssuingRun
    valid: Certificate
    revoked: Certificate
    notification: Notification
    post: Post
    kept_filter: SavedFilter

    def rows(self) -> dict[str, Model]:
        """The owner's row that each parameter of an address may name."""
        return {
            "approval_id": self.at_the_hospital.approval,
            "certificate_id": self.valid,
            "claim_id": self.at_the_hospital,
            "entry_id": self.entry,
            "evidence_id": self.evidence,
            "institution_id": self.cast.bodies["department"],
            "filter_id": self.kept_filter,
            "notification_id": self.notification,
            "post_id": self.post,
            "practitioner_id": self.cast.practitioner,
            "run_id": self.run,
        }


def use() -> ProvinceInUse:
    """Live a year in Liaoning, from the first draft to a revoked certificate."""
    cast = make_cast("liaoning")
    cast.practitioner = cast.hire(OWNER, number=3)
    lived = live(cast)
    with entered(cast.province.pk):
        made = _more_claims(cast)
        entry = earn(cast.practitioner, "15", "12.5", "3")[-1]
        earn(cast.colleague, "30")
        unprintable = cast.hire("张𪚥", number=4)
        earn(unprintable, "30")
    outbox.deliver_due(at=timezone.now())
    run, valid, revoked = _certify(cast, [cast.practitioner, cast.colleague, unprintable])
    with entered(cast.province.pk):
        reviewer = cast.officer("city")
        ledger.reverse(actor=reviewer, entry_id=entry.pk, reason="与集中培训重复，予以冲销。", at=LATER)
        # Granted by no body: every reviewer above the person may correct it.
        entry = LedgerEntry.objects.in_force().filter(practitioner=cast.practitioner, claim=None).earliest("pk")
        evidence = Evidence.objects.filter(claim=made["at_the_hospital"]).earliest("pk")
    outbox.deliver_due(at=timezone.now())
    with entered(cast.province.pk):
        notification = Notification.objects.filter(user=cast.practitioner.user).latest("pk")
        officer = cast.officer("hospital")
        kept_filter = saved_filters.keep(actor=officer, name="等待较久", query="waiting=5")
        return ProvinceInUse(
            cast,
            lived,
            **{name: Claim.objects.select_related("approval").get(pk=claim.pk) for name, claim in made.items()},
            evidence=evidence,
            entry=entry,
            run=run,
            valid=valid,
            revoked=revoked,
            notification=notification,
            post=officer.post,
            kept_filter=kept_filter,
        )


def _more_claims(cast: Cast) -> dict[str, Claim]:
    """What `live` has not: waiting too long at the hospital, left to the reviewer, refused, withdrawn, over New Year."""
    spring = {"start": date(YEAR, 5, 11), "end": date(YEAR, 5, 13), "hours": Decimal(18)}
    waiting = submit(cast, "practice", "静脉治疗操作培训", **spring)
    Approval.objects.filter(pk=waiting.approval_id).update(promised_on=NOW.date() - timedelta(days=1))
    assessed = _declare(cast, "other", "援外医疗队培训", start=date(YEAR, 6, 1), assessed_credits=Decimal(4))
    rejected = _declare(cast, "self_study", "健康讲座", item="outreach", count=1, start=date(YEAR, 7, 1))
    send_back(cast, rejected, "活动不属于继续医学教育范围。", verdict=Verdict.REJECT)
    withdrawn = _declare(cast, "self_study", "健康科普短视频", item="outreach", count=1, start=date(YEAR, 8, 3))
    approvals.withdraw(actor=cast.person, approval_id=withdrawn.approval_id, at=NOW)
    winter = {"start": date(YEAR - 1, 12, 1), "end": date(YEAR, 1, 31)}
    hours = {YEAR - 1: {"hours": Decimal(160)}, YEAR: {"hours": Decimal(160)}}
    stay = _declare(cast, "study_leave", "神经外科进修", by_year=hours, **winter)
    return {
        "at_the_hospital": waiting,
        "by_the_reviewer": assessed,
        "rejected": rejected,
        "withdrawn": withdrawn,
        "over_new_year": Claim.objects.get(part_of=stay),
    }


def _declare(
    cast: Cast, code: str, name: str, *, by_year: dict[int, dict[str, Any]] | None = None, **values: Any
) -> Claim:
    """Sent off without any document, which the portal's checks remark."""
    claim = claims.start(actor=cast.person, code=code, year=min(by_year or [YEAR]), at=NOW)
    facts = claims.Facts(name, "中国示范医院", values, by_year or {})
    claims.submit(actor=cast.person, claim_id=claim.pk, facts=facts, at=NOW)
    claim.refresh_from_db()
    return claim


def earn(practitioner: Practitioner, *amounts: str) -> list[LedgerEntry]:
    """Credits of the year that nobody had to claim."""
    entries = [
        LedgerEntry.objects.create(
            province_id=practitioner.province_id,
            practitioner=practitioner,
            year=YEAR,
            category="other",
            activity_name=f"集中培训（{number}）",
            assessed_credits=Decimal(amount),
            earned_tenths=int(Decimal(amount) * 10),
            regulation_version="test",
            posted_at=NOW,
        )
        for number, amount in enumerate(amounts, start=1)
    ]
    statements.recompute(practitioner=practitioner, year=YEAR, at=NOW)
    return entries


def _certify(cast: Cast, people: list[Practitioner]) -> tuple[IssuingRun, Certificate, Certificate]:
    """Certificates of the year: the first person's is valid, the second's revoked, the third cannot be printed."""
    certifier = cast.officer("city", Role.CERTIFIER)
    with entered(cast.province.pk):
        chosen = [one.pk for one in people]
        run = certificates.issue_many(actor=certifier, practitioner_ids=chosen, year=YEAR, at=NOW)
    outbox.deliver_due(at=timezone.now())
    with entered(cast.province.pk):
        of = {one.practitioner_id: one for one in Certificate.objects.filter(run=run)}
        valid, revoked = of[people[0].pk], of[people[1].pk]
        certificates.revoke(actor=certifier, certificate_id=revoked.pk, reason="材料不实，经核查撤销。", at=LATER)
        valid.refresh_from_db()
        revoked.refresh_from_db()
        assert (valid.status, revoked.status) == (CertificateStatus.VALID, CertificateStatus.REVOKED)
        assert run.problems.filter(practitioner=people[2]).exists()
    return run, valid, revoked
