"""The reviewer's side of a claim: what the officer sees, and the amount where it is the officer's to set (reading R20)."""

import re
from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest

from cme_portal.foundation import outbox
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from credits import checks, claims
from credits.models import Claim
from institutions import approvals, posts
from institutions.actors import as_officer, the_portal
from institutions.enums import ApprovalState, ChecksState, Role, Verdict
from institutions.models import Approval, Notification
from tests.cast import NOW, Cast
from tests.institutions.conftest import Seated, declared, seated

__all__ = ["seated"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(cast: Cast) -> Claim:
    """An activity of the kind whose credits the reviewer assesses."""
    with entered(cast.province.pk):
        draft = claims.start(actor=cast.person, code="other", year=2026, at=NOW)
        facts = claims.Facts(
            "基层适宜技术推广", "沈阳市卫生健康委", {"start": date(2026, 3, 2), "assessed_credits": Decimal(3)}
        )
        claims.submit(actor=cast.person, claim_id=draft.pk, facts=facts, at=NOW)
        checks.run(claim_id=draft.pk, at=NOW)
        return Claim.objects.select_related("approval").get(pk=draft.pk)


def test_the_officer_sees_facts_checks_calculation_and_the_clause(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    page = seated(cast.officer("hospital")).get(f"/inbox/{approval.pk}/").content.decode()
    for expected in ("2026-03-01 至 2026-05-31", "500 小时", "学分计算与条文：25.0 学分", "审核过程"):
        assert expected in page
    assert 'name="amount"' not in page


def test_the_reviewer_sets_the_amount_with_a_reason(cast: Cast, claim: Claim, seated: Seated) -> None:
    client = seated(cast.officer("hospital"))
    assert 'name="amount"' in client.get(f"/inbox/{claim.approval_id}/").content.decode()
    response = client.post(f"/claims/{claim.pk}/amount/", {"amount": "1.5", "amount_reason": "按学时折算"}, follow=True)
    page = response.content.decode()
    assert response.request["PATH_INFO"] == f"/inbox/{claim.approval_id}/"
    assert "已评定学分" in page
    assert "1.5 学分" in page
    with entered(cast.province.pk):
        assert Approval.objects.get(pk=claim.approval_id).tenths == 15
        entry = JournalEntry.objects.get(act="claim.assess_amount")
        assert entry.detail == {"from": "3.0", "to": "1.5", "reason": "按学时折算"}


def test_the_other_claims_of_a_check_are_named_as_far_as_the_officer_may_open_them(
    cast: Cast, claim: Claim, seated: Seated
) -> None:
    others = [declared(cast, cast.colleague), declared(cast, cast.hire("外院人员", "direct", number=9))]
    with entered(cast.province.pk):
        near, far = (approval.claim for approval in others)
        found = [asdict(checks.Check("duplicate", checks.LOOK, "两份材料相同。", [near.pk, far.pk]))]
        approvals.record_checks(approval_id=claim.approval_id, checks=found, state=ChecksState.ATTENTION, at=NOW)
    _, page = pages_of(cast, claim, seated)
    assert f"查看{cast.colleague.name}的“{near}”</a>" in page
    assert "外院人员" not in page


def test_nobody_has_assessed_yet_what_is_only_declared(cast: Cast, claim: Claim, seated: Seated) -> None:
    for page in pages_of(cast, claim, seated):
        assert "审核认定 3.0 学分" not in page
        assert "本人申报 3.0 学分，由审核单位评定" in page


def test_the_person_and_the_next_tier_read_who_set_another_amount_and_why(
    cast: Cast, claim: Claim, seated: Seated
) -> None:
    hospital = cast.officer("hospital")
    with entered(cast.province.pk):
        claims.assess_amount(actor=hospital, claim_id=claim.pk, amount=Decimal("1.5"), reason="按学习时长评定", at=NOW)
        checks.run(claim_id=claim.pk, at=NOW)
        version = Approval.objects.get(pk=claim.approval_id).version
        decision = approvals.decide(
            actor=hospital,
            approval_id=claim.approval_id,
            verdict=Verdict.APPROVE,
            version=version,
            reason="属实",
            at=NOW,
        )
        assert outbox.deliver(f"approval.moved:{decision.pk}", at=NOW)
        told = Notification.objects.get(key=f"approval:{decision.pk}")
    name = cast.bodies["hospital"].name
    sentence = f"本人申报 3.0 学分，{name}评定 1.5 学分：按学习时长评定。"
    assert told.body == f"{sentence}\n属实"
    own, officers = pages_of(cast, claim, seated, officer="county")
    assert own.count(sentence) == 2, "beside the figure and among what happened"
    assert f"{name}评定学分" in own
    assert f"{sentence}请核对后审核。" in officers
    assert re.search(r"<dt>申报学分</dt>\s*<dd>\s*3 学分", own), "what was declared stays what it was"


def test_who_declares_anew_is_assessed_anew(cast: Cast, claim: Claim) -> None:
    with entered(cast.province.pk):
        claims.assess_amount(
            actor=cast.officer("hospital"), claim_id=claim.pk, amount=Decimal(1), reason="按学习时长评定", at=NOW
        )
        approvals.withdraw(actor=cast.person, approval_id=claim.approval_id, at=NOW)
        facts = claims.Facts("基层适宜技术推广", "", {"start": date(2026, 3, 2), "assessed_credits": Decimal(2)})
        claims.submit(actor=cast.person, claim_id=claim.pk, facts=facts, at=NOW)
        assert Claim.objects.get(pk=claim.pk).assessment == "本人申报 2.0 学分，由审核单位评定。"


def test_who_looked_at_the_old_amount_is_told_that_it_changed(cast: Cast, claim: Claim) -> None:
    version = claim.approval.version
    with entered(cast.province.pk):
        claims.assess_amount(
            actor=cast.officer("hospital"), claim_id=claim.pk, amount=Decimal(1), reason="按学习时长评定", at=NOW
        )
        with pytest.raises(approvals.Outdated, match="所申报的学分已重新评定，您的操作未生效"):
            approvals.decide(
                actor=cast.officer("hospital"),
                approval_id=claim.approval_id,
                verdict=Verdict.APPROVE,
                version=version,
                at=NOW,
            )


def pages_of(cast: Cast, claim: Claim, seated: Seated, *, officer: str = "hospital") -> tuple[str, str]:
    """The claim as its owner and as that officer sees it."""
    own = seated(cast.person).get(f"/claims/{claim.pk}/").content.decode()
    return own, seated(cast.officer(officer)).get(f"/inbox/{claim.approval_id}/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "1.5", "amount_reason": ""}, "请填写评定理由"),
        ({"amount": "x", "amount_reason": "理由"}, "请填写数字"),
        ({"amount": "-1", "amount_reason": "理由"}, "有 1 处需要更正"),
    ],
)
def test_a_mistake_stands_beside_the_open_claim(
    cast: Cast, claim: Claim, seated: Seated, typed: dict[str, str], sentence: str
) -> None:
    response = seated(cast.officer("hospital")).post(f"/claims/{claim.pk}/amount/", typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert f'value="{typed["amount"]}"' in page
    with entered(cast.province.pk):
        assert Approval.objects.get(pk=claim.approval_id).tenths == 30


def test_only_who_reviews_it_now_sets_it(cast: Cast, strangers: Cast, claim: Claim, seated: Seated) -> None:
    typed = {"amount": "1.5", "amount_reason": "理由"}
    refused = seated(cast.officer("county")).post(f"/claims/{claim.pk}/amount/", typed)
    assert refused.status_code == 422
    assert "只有正在审核该申报的机构" in refused.content.decode()
    for officer in (cast.officer("direct"), strangers.officer("hospital")):
        assert seated(officer).post(f"/claims/{claim.pk}/amount/", typed).status_code == 404


def test_who_decided_on_a_lower_tier_neither_sees_nor_sets_the_amount_above(
    cast: Cast, claim: Claim, seated: Seated
) -> None:
    hospital = cast.officer("hospital")
    with entered(cast.province.pk):
        approvals.decide(
            actor=hospital,
            approval_id=claim.approval_id,
            verdict=Verdict.APPROVE,
            version=claim.approval.version,
            at=NOW,
        )
        holder = Approval.objects.get(pk=claim.approval_id).holder
        post = posts.appoint(
            actor=the_portal(cast.province),
            user=hospital.user,
            institution=holder,
            role=Role.REVIEWER,
            since=date(2025, 1, 1),
            at=NOW,
        )
    client = seated(as_officer(post))
    assert 'name="amount"' not in client.get(f"/inbox/{claim.approval_id}/").content.decode()
    refused = client.post(f"/claims/{claim.pk}/amount/", {"amount": "9", "amount_reason": "理由"})
    assert refused.status_code == 422
    assert "已在前一环节审核过" in refused.content.decode()
    with entered(cast.province.pk):
        assert Approval.objects.get(pk=claim.approval_id).tenths == 30


def test_a_reason_by_field_comes_back_to_the_practitioners_form(cast: Cast, seated: Seated) -> None:
    approval = declared(cast)
    data = {"verdict": Verdict.RETURN, "version": approval.version, "about-hours": "与证书不符"}
    assert seated(cast.officer("hospital")).post(f"/inbox/{approval.pk}/decide/", data).status_code == 302
    with entered(cast.province.pk):
        assert Approval.objects.get(pk=approval.pk).state == ApprovalState.RETURNED
        claim = Claim.objects.get(approval=approval)
    page = seated(cast.person).get(f"/claims/{claim.pk}/edit/").content.decode()
    assert "与证书不符" in page
