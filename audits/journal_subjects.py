"""What the journal's entries about certificates are about (institutions.journal_subjects)."""

from __future__ import annotations

from collections.abc import Collection

from audits.models import Certificate, IssuingRun
from institutions.actors import Actor
from institutions.journal_subjects import Told, page_of, tells


@tells("audits.certificate", "证书")
def certificates(actor: Actor, ids: Collection[int]) -> Told:
    rows = Certificate.objects.visible_to(actor).filter(pk__in=ids)
    return {
        one.pk: (f"{one.number}，{one.holder}", page_of(actor, "certificate.view", "certificate", one.pk))
        for one in rows
    }


@tells("audits.issuingrun", "发证批次")
def runs(actor: Actor, ids: Collection[int]) -> Told:
    rows = IssuingRun.objects.visible_to(actor).filter(pk__in=ids)
    return {one.pk: (str(one), page_of(actor, "certificate.issue", "certificate-run", one.pk)) for one in rows}
