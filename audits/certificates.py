"""Certificates: issue, reissue, revoke. Printing and signing follow in the background (`making`).

Numbers are taken under a lock in the transaction that writes the certificate, so that a province's credit year has
neither a gap nor a double. What cannot be printed is found before a number is taken.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from audits import making
from audits.access import issuing_refusal
from audits.models import Certificate, CertificateStatus, IssuingProblem, IssuingRun, NumberSeries
from cme_portal.foundation import clock, journal, outbox
from credits import ledger
from credits.models import Statement
from credits.rules import regulation
from institutions import access
from institutions.actors import Actor
from institutions.enums import Title
from institutions.models import Institution, Practitioner, Province

# Without 0 O 1 I L, which are mistaken for one another on paper.
CHECK_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CHECK_CODE_LENGTH = 8
REASON_LENGTH = 300


class CertificateRefused(Exception):
    """The certificate is not issued, reissued or revoked; the message says why and what to do."""


class AlreadyIssued(CertificateRefused):
    """Everybody chosen has a certificate of the year: the button was pressed twice, or a colleague was faster."""


def issue(*, actor: Actor, practitioner: Practitioner, year: int, at: datetime) -> Certificate:
    """Issue the certificate of one compliant practitioner-year. Raises CertificateRefused or access.Denied."""
    run = issue_many(actor=actor, practitioner_ids=[practitioner.pk], year=year, at=at)
    problem = run.problems.first()
    if problem is not None:
        raise CertificateRefused(problem.reason)
    return run.certificates.get()


def issue_many(*, actor: Actor, practitioner_ids: Iterable[int], year: int, at: datetime) -> IssuingRun:
    """Issue certificates of a year to a list of people; those who cannot have one are listed with the reason.

    People outside of the officer's territory are not found. Raises access.Denied, CertificateRefused when nobody is left,
    and AlreadyIssued when there is a certificate for each of them: a second run would only look like a failure.
    """
    with transaction.atomic():
        access.require(actor, "certificate.issue")
        people = _locked(Practitioner.objects.visible_to(actor).filter(pk__in=list(practitioner_ids)))
        if not people:
            raise CertificateRefused("没有选中本机构管理范围内的人员。请刷新名单后重新选择。")
        run = IssuingRun.objects.create(
            province_id=actor.province_id,
            year=year,
            institution=actor.institution,
            requested_by=actor.post.user,
            requested_at=at,
        )
        ready, problems = _sorted_out(actor=actor, run=run, people=people, at=at)
        if not ready and all(problem.reason == _has_one(year) for problem in problems):
            raise AlreadyIssued(f"所选 {len(people)} 人都已有 {year} 年度证书，没有重复签发。内容有更正的请换发。")
        IssuingProblem.objects.bulk_create(problems)
        with outbox.behind_others() if len(ready) > 1 else nullcontext():
            certificates = _write(actor=actor, run=run, printed=ready, at=at)
        journal.record(
            actor=actor,
            act="certificate.issue",
            subject=run,
            institution=actor.institution,
            at=at,
            detail={"year": year, "issued": len(certificates), "refused": len(problems)},
        )
    return run


def reissue(*, actor: Actor, certificate_id: int, correction: str, at: datetime) -> Certificate:
    """Issue a corrected certificate under a new number; the old one is superseded as soon as the new one is signed.

    Raises CertificateRefused when nothing has changed, the year is no longer compliant, or no reason is given.
    """
    with transaction.atomic():
        old = _certificate(actor, certificate_id)
        access.require(actor, "certificate.reissue", old)
        _require_reason(correction)
        _require_valid(old)
        [practitioner] = _locked(Practitioner.objects.filter(pk=old.practitioner_id))
        old.practitioner = practitioner
        statement = Statement.objects.filter(practitioner=practitioner, year=old.year, compliant=True).first()
        if statement is None:
            raise CertificateRefused("更正后该年度学分不再达标，不能换发。请改为撤销原证书。")
        if Certificate.objects.filter(supersedes=old).exists():
            raise CertificateRefused("换发的证书正在制作，请稍后刷新页面。")
        if not corrections(old):
            raise CertificateRefused("现有证书与当前学分记录一致，无需换发。")
        day = _day_of(old.year, issued_on=old.issued_on)
        printed = _printed(actor, practitioner, statement, employed_on=day, at=at)
        _require_printable(printed)
        [certificate] = _write(
            actor=actor, run=None, printed=[{**printed, "supersedes": old, "correction": correction.strip()}], at=at
        )
        journal.record(
            actor=actor,
            act="certificate.reissue",
            subject=old,
            institution=practitioner.institution,
            at=at,
            detail={"new": certificate.pk, "reason": certificate.correction},
        )
    return certificate


def corrections(certificate: Certificate) -> list[tuple[str, str, str]] | None:
    """What a reissued certificate would say otherwise: label, what is printed, what it would be.

    Its employer is that of the certificate's own day: who moved on since was rightly certified. None where the year is no
    longer compliant: then there is nothing to print.
    """
    holder = certificate.practitioner
    statement = Statement.objects.filter(practitioner=holder, year=certificate.year, compliant=True).first()
    if statement is None:
        return None
    day = _day_of(certificate.year, issued_on=certificate.issued_on)
    recorded = _recorded(certificate.province, holder, statement, employed_on=day)
    anew = Certificate(**recorded, number=certificate.number, check_code=certificate.check_code, issued_on=day)
    changed = [
        (was.label, was.value, now.value)
        for was, now in zip(certificate.face.contents(), anew.face.contents(), strict=True)
        if was != now
    ]
    if anew.identity_index != certificate.identity_index and anew.identity_last4 == certificate.identity_last4:
        changed.append(("身份证号", "签发时登记的号码", "已更正，末四位不变"))
    return changed


def revoke(*, actor: Actor, certificate_id: int, reason: str, at: datetime) -> Certificate:
    """Revoke a valid certificate for good. It stays on record, and the public page says revoked and since when."""
    with transaction.atomic():
        certificate = _certificate(actor, certificate_id)
        access.require(actor, "certificate.revoke", certificate)
        _require_reason(reason)
        _require_valid(certificate)
        if Certificate.objects.filter(supersedes=certificate, status=CertificateStatus.RENDERING).exists():
            raise CertificateRefused("换发的证书正在制作。请稍后刷新页面，撤销换发后的证书。")
        certificate.status = CertificateStatus.REVOKED
        certificate.revoked_at, certificate.revoked_by, certificate.reason = at, actor.user, reason.strip()
        certificate.save(update_fields=["status", "revoked_at", "revoked_by", "reason"])
        making.tell_holder(certificate, "已撤销", at=at)
        journal.record(
            actor=actor,
            act="certificate.revoke",
            subject=certificate,
            institution=certificate.practitioner.institution,
            at=at,
            detail={"reason": certificate.reason},
        )
    return certificate


def without_certificate(statements: models.QuerySet) -> models.QuerySet:
    """Of these statements, the compliant ones whose year has no certificate, valid or being made."""
    existing = Certificate.objects.in_the_way().filter(
        province=OuterRef("province"), practitioner=OuterRef("practitioner"), year=OuterRef("year")
    )
    return statements.filter(~Exists(existing), compliant=True)


@ledger.objects_to_undo
def certified(practitioner: Practitioner, year: int) -> str | None:
    """A certified year is corrected in the open: revoke the certificate, then correct the ledger with a reason."""
    if not Certificate.objects.in_the_way().filter(practitioner=practitioner, year=year).exists():
        return None
    return f"{year} 年度学分证书已签发，不能撤销审核。请由发证机关撤销证书后，再办理学分更正。"


def _locked(people: Any) -> list[Practitioner]:
    """The people in order of id, under the lock that a posting to the ledger takes: their statements stand still."""
    rows = people.select_related("institution", "department").prefetch_related("employments__institution")
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _certificate(actor: Actor, certificate_id: int) -> Certificate:
    visible = Certificate.objects.visible_to(actor).select_for_update(of=("self",))
    return visible.select_related("practitioner__institution", "practitioner__department").get(pk=certificate_id)


def _sorted_out(
    *, actor: Actor, run: IssuingRun, people: Sequence[Practitioner], at: datetime
) -> tuple[list[dict[str, Any]], list[IssuingProblem]]:
    """What to print for those who may have a certificate, and the problems of the others."""
    of_run = Statement.objects.filter(province_id=run.province_id, year=run.year, practitioner__in=people)
    compliant = {statement.practitioner_id: statement for statement in of_run.filter(compliant=True)}
    free = set(without_certificate(of_run).values_list("practitioner_id", flat=True))
    ready, problems = [], []
    for practitioner in people:
        needs_person = False
        refusal = issuing_refusal(actor, practitioner)
        if refusal is None and practitioner.pk not in compliant:
            refusal = f"{run.year} 年度学分未达标，不能发证。"
        if refusal is None and practitioner.pk not in free:
            refusal = _has_one(run.year)
        if refusal is None:
            day = _day_of(run.year, issued_on=clock.today(at))
            printed = _printed(actor, practitioner, compliant[practitioner.pk], employed_on=day, at=at)
            refusal = _unprintable(printed)
            needs_person = refusal is not None
        if refusal is None:
            ready.append(printed)
        else:
            problems.append(_problem(run, practitioner, refusal, needs_person=needs_person))
    return ready, problems


def _has_one(year: int) -> str:
    return f"{year} 年度已有证书，如内容有更正请换发。"


def _problem(run: IssuingRun, practitioner: Practitioner, reason: str, *, needs_person: bool) -> IssuingProblem:
    return IssuingProblem(
        province_id=run.province_id,
        run=run,
        practitioner=practitioner,
        year=run.year,
        reason=reason,
        needs_person=needs_person,
    )


def _printed(
    actor: Actor, practitioner: Practitioner, statement: Statement, *, employed_on: date, at: datetime
) -> dict[str, Any]:
    """The columns of a certificate that are printed, but for its number and check code."""
    recorded = _recorded(actor.province, practitioner, statement, employed_on=employed_on)
    return {**recorded, "issuer": actor.institution.name, "issued_on": clock.today(at)}


def _recorded(
    province: Province, practitioner: Practitioner, statement: Statement, *, employed_on: date
) -> dict[str, Any]:
    """What the records of today say of the person's year, as columns of a certificate."""
    employer = _employer_on(practitioner, employed_on)
    return {
        "practitioner": practitioner,
        "province_name": province.name,
        "holder": practitioner.name,
        "identity_last4": practitioner.national_id[-4:],
        "identity_index": practitioner.national_id_index,
        "employer": employer.name,
        "employing_body": employer,
        "title": Title(statement.title).label,
        "year": statement.year,
        "total_tenths": statement.total_tenths,
        "professional_tenths": statement.professional_tenths,
        "common_tenths": statement.common_tenths,
        "full_year": statement.full_year,
        "regulation_title": regulation(province.jurisdiction, statement.year).title,
        "regulation_version": statement.regulation_version,
    }


def _day_of(year: int, *, issued_on: date) -> date:
    """The day whose employer a certificate names: the end of its year, or that of issue while the year runs (R53)."""
    return min(date(year, 12, 31), issued_on)


def _employer_on(practitioner: Practitioner, day: date) -> Institution:
    """The employer of the day; of somebody who had none, today's or the last."""
    for employment in practitioner.employments.all():
        if employment.since <= day and (employment.until is None or day < employment.until):
            return employment.institution
    return practitioner.institution


def _write(
    *, actor: Actor, run: IssuingRun | None, printed: Sequence[dict[str, Any]], at: datetime
) -> list[Certificate]:
    """Certificates with numbers, waiting to be made; their people's open problems are settled."""
    if not printed:
        return []
    year = printed[0]["year"]
    first = _take_numbers(actor.province, year, len(printed))
    certificates = Certificate.objects.bulk_create(
        Certificate(
            province_id=actor.province_id,
            number=f"{actor.province.letters}-{year}-{number:07d}",
            check_code="".join(secrets.choice(CHECK_CODE_ALPHABET) for _ in range(CHECK_CODE_LENGTH)),
            run=run,
            issued_by=actor.user,
            issued_post=actor.post,
            issued_at=at,
            **columns,
        )
        for number, columns in enumerate(printed, start=first)
    )
    holders = [certificate.practitioner_id for certificate in certificates]
    IssuingProblem.objects.filter(
        province_id=actor.province_id, year=year, practitioner__in=holders, needs_person=True, resolved_at=None
    ).update(resolved_at=at)
    making.order(certificates, at=at)
    return certificates


def _take_numbers(province: Province, year: int, count: int) -> int:
    """The first of `count` new numbers of the province's year. The series stays locked until the transaction ends."""
    NumberSeries.objects.bulk_create([NumberSeries(province=province, year=year)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(province=province, year=year)
    first = series.last_number + 1
    series.last_number += count
    series.save(update_fields=["last_number"])
    return first


def _unprintable(printed: dict[str, Any]) -> str | None:
    from audits import rendering  # noqa: PLC0415 - loading what prints takes seconds; no other page needs it

    return rendering.refusal("".join(value for value in printed.values() if isinstance(value, str)))


def _require_printable(printed: dict[str, Any]) -> None:
    if (refusal := _unprintable(printed)) is not None:
        raise CertificateRefused(refusal)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise CertificateRefused("请填写理由。理由会保存在证书记录中。")
    if len(reason) > REASON_LENGTH:
        raise CertificateRefused(f"理由请控制在 {REASON_LENGTH} 字以内。")


def _require_valid(certificate: Certificate) -> None:
    if certificate.status != CertificateStatus.VALID:
        raise CertificateRefused(f"该证书现为“{certificate.get_status_display()}”，不能办理。请刷新页面。")
