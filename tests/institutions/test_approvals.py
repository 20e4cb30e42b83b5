"""Approvals: the table of transitions, the climb, undo, bulk, and what two officers at once may not do to each other."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cme_portal.foundation import outbox
from cme_portal.foundation.models import JournalEntry, OutboxMessage, Priority
from cme_portal.foundation.tenancy import entered
from credits import claims, ledger
from credits.models import Claim, LedgerEntry, Statement
from institutions import approvals, bulk_approvals, posts, tree
from institutions.access import Denied
from institutions.actors import Actor, as_officer, the_portal
from institutions.approvals import Outdated
from institutions.enums import ApprovalState, ChecksState, Role, Verdict
from institutions.inbox import last_batch
from institutions.models import Approval, Decision, Institution, Notification, User
from institutions.notifications import remind_and_escalate
from tests.cast import NOW, SHANGHAI, Cast, user_named
from tests.institutions.conftest import STAY, declared, passed

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def locked(approval: Approval) -> Approval:
    return approvals.lock(approval.pk)


def decide(cast: Cast, approval: Approval, body: str, verdict: str = Verdict.APPROVE, reason: str = "") -> Decision:
    return approvals.decide(
        actor=cast.officer(body),
        approval_id=approval.pk,
        verdict=verdict,
        version=locked(approval).version,
        reason=reason,
        at=LATER,
    )


def to_the_end(cast: Cast, approval: Approval) -> None:
    for body in ("hospital", "county", "city", "province"):
        decide(cast, approval, body)


def test_an_approval_climbs_tier_by_tier_and_grants_at_the_last(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        to_the_end(cast, approval)
        done = locked(approval)
        assert (done.state, done.holder, done.closed_at) == (ApprovalState.APPROVED, None, LATER)
        assert LedgerEntry.objects.get().posted_by == cast.officer("province").user
        tiers = [decision.tier for decision in done.decisions.filter(verdict=Verdict.APPROVE)]
        assert tiers == ["employer", "county", "city", "province"]


def send_back(cast: Cast, approval: Approval) -> None:
    decide(cast, approval, "hospital", Verdict.RETURN, "请补充盖章页")


@pytest.mark.parametrize("act", ["ledger.post", "statements.recompute"])
def test_the_final_decision_and_its_posting_are_one(cast: Cast, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """Where the posting fails, nothing has been decided, noted down or promised either."""
    approval = declared(cast)

    def recorded() -> tuple[object, ...]:
        now, claim = locked(approval), Claim.objects.get(approval=approval)
        rows = [model.objects.count() for model in (Decision, LedgerEntry, Statement, JournalEntry, OutboxMessage)]
        return now.state, now.position, now.holder, now.version, claim.state, rows

    def fail(**_: object) -> None:
        raise RuntimeError("没有入账")

    with entered(cast.province.pk):
        for body in ("hospital", "county", "city"):
            decide(cast, approval, body)
        cast.officer("province")
        before = recorded()
        with monkeypatch.context() as broken:
            broken.setattr(f"credits.{act}", fail)
            with pytest.raises(RuntimeError, match="没有入账"):
                decide(cast, approval, "province")
        assert recorded() == before
        decide(cast, approval, "province")
        assert locked(approval).state == ApprovalState.APPROVED
        assert LedgerEntry.objects.count() == Statement.objects.count() == 1


@pytest.mark.parametrize("verdict", [Verdict.RETURN, Verdict.REJECT])
def test_returning_and_rejecting_need_a_reason_in_code_and_in_the_database(cast: Cast, verdict: str) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        with pytest.raises(ValueError, match="须写明理由"):
            decide(cast, approval, "hospital", verdict, reason="  ")
        version = locked(approval).version
        with pytest.raises(IntegrityError, match="decision_has_reason"), transaction.atomic():
            Decision.objects.create(
                province=cast.province,
                approval=approval,
                version=version + 1,
                round=1,
                position=0,
                tier="employer",
                user_name="",
                verdict=verdict,
                at=LATER,
            )


def test_what_was_returned_is_submitted_again_as_a_new_round(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        send_back(cast, approval)
        assert locked(approval).state == ApprovalState.RETURNED
        claim = approval.claim
        claim.refresh_from_db()
        assert claim.is_editable


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT])
@pytest.mark.parametrize("state", [ApprovalState.RETURNED, ApprovalState.REJECTED, ApprovalState.WITHDRAWN])
def test_nothing_is_decided_that_does_not_wait(cast: Cast, state: str, verdict: str) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        closed = LATER if state != ApprovalState.RETURNED else None
        Approval.objects.filter(pk=approval.pk).update(state=state, holder=None, closed_at=closed)
        with pytest.raises(Denied, match="无需再审核"):
            decide(cast, approval, "hospital", verdict, "理由")


def test_withdrawing_before_the_final_word_only(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital")
        approvals.withdraw(actor=cast.person, approval_id=approval.pk, at=LATER)
        assert locked(approval).state == ApprovalState.WITHDRAWN
        with pytest.raises(Denied, match="不能撤回"):
            approvals.withdraw(actor=cast.person, approval_id=approval.pk, at=LATER)


def test_an_old_page_is_told_who_acted(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital")
        with pytest.raises(Outdated, match=r"已于 11-20 09:35 办理（通过），您的操作未生效"):
            approvals.decide(
                actor=cast.officer("hospital"),
                approval_id=approval.pk,
                verdict=Verdict.REJECT,
                version=approval.version,
                reason="理由",
                at=LATER,
            )


def test_undo_takes_back_the_grant_and_its_credits(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        to_the_end(cast, approval)
        undone = approvals.undo(actor=cast.officer("province"), approval_id=approval.pk, at=LATER)
        assert locked(approval).holder == cast.bodies["province"]
        assert undone.undoes.verdict == Verdict.APPROVE
        assert Statement.objects.get().total_tenths == 0
        decide(cast, approval, "province")
        assert Statement.objects.get().total_tenths == 250


def test_undo_ends_after_ten_minutes_and_is_only_for_who_decided_last(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital")
        too_late = LATER + approvals.UNDO_WINDOW + timedelta(seconds=1)
        with pytest.raises(Denied, match="超过 10 分钟"):
            approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=too_late)
        with pytest.raises(Denied, match="已有他人办理"):
            approvals.undo(actor=cast.officer("county"), approval_id=approval.pk, at=LATER)
        decide(cast, approval, "county")
        with pytest.raises(Denied, match="已有他人办理"):
            approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)


def test_undo_gives_the_step_no_more_time_than_it_had(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        promised = locked(approval).promised_on
        decide(cast, approval, "hospital")
        approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)
        again = locked(approval)
        assert (again.waiting_since, again.promised_on) == (NOW, promised)


def test_a_return_is_undone_while_the_person_has_not_begun_to_mend(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital", Verdict.RETURN, "请补充盖章页")
        approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)
        assert locked(approval).state == ApprovalState.WAITING
        approval.claim.refresh_from_db()
        assert not approval.claim.is_editable


def test_a_return_stands_as_soon_as_the_person_has_begun_to_mend(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital", Verdict.RETURN, "请补充盖章页")
        version = locked(approval).version
        for _ in range(2):
            claims.keep_typed(actor=cast.person, claim_id=approval.claim.pk, typed={"organizer": "示范医院"}, at=LATER)
        assert locked(approval).version == version + 1
        with pytest.raises(Denied, match="申报人已开始补正"):
            approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)
        assert last_batch(cast.officer("hospital"), at=LATER) is None


def test_what_was_submitted_again_is_not_undone(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital", Verdict.RETURN, "请补充盖章页")
        facts = claims.Facts("重症医学进修", "中国示范医院", dict(STAY))
        claims.submit(actor=cast.person, claim_id=approval.claim.pk, facts=facts, at=LATER)
        with pytest.raises(Denied, match="没有可撤销的审核"):
            approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)
        assert (locked(approval).state, locked(approval).round) == (ApprovalState.WAITING, 2)


def test_a_grant_that_was_corrected_meanwhile_is_not_undone(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        to_the_end(cast, approval)
        ledger.reverse(
            actor=cast.officer("province"), entry_id=LedgerEntry.objects.get().pk, reason="重复入账", at=LATER
        )
        with pytest.raises(Denied, match="入账后已更正"):
            approvals.undo(actor=cast.officer("province"), approval_id=approval.pk, at=LATER)
        assert locked(approval).state == ApprovalState.APPROVED


def test_bulk_takes_what_passed_and_says_why_it_left_the_rest(cast: Cast) -> None:
    good, flagged, stale = passed(cast), declared(cast, cast.colleague), passed(cast, cast.hire("周慧敏", number=3))
    with entered(cast.province.pk):
        versions = {good.pk: good.version, flagged.pk: flagged.version, stale.pk: stale.version - 1}
        outcome = bulk_approvals.approve_many(actor=cast.officer("hospital"), versions=versions, at=LATER)
        assert [decision.approval_id for decision in outcome.decisions] == [good.pk]
        refused = dict(outcome.refused)
        assert "核验未全部通过" in refused[flagged.pk]
        assert "您的操作未生效" in refused[stale.pk]
        undone = bulk_approvals.undo_many(
            actor=cast.officer("hospital"), approval_ids=[good.pk, flagged.pk], at=LATER + timedelta(minutes=1)
        )
        assert len(undone.decisions) == 1
        assert dict(undone.refused) == {flagged.pk: "没有可撤销的审核。"}


def test_what_a_bulk_act_tells_people_goes_behind_what_a_single_act_does(cast: Cast) -> None:
    officer = cast.officer("hospital")
    alone = passed(cast)
    many = [passed(cast, cast.hire(f"周{name}", number=n)) for n, name in enumerate("一二三四五六", start=11)]
    undone_at = LATER + timedelta(minutes=1)
    with entered(cast.province.pk):
        bulk_approvals.approve_many(actor=officer, versions={alone.pk: alone.version}, at=LATER)
        bulk_approvals.approve_many(actor=officer, versions={each.pk: each.version for each in many}, at=LATER)
        bulk_approvals.undo_many(actor=officer, approval_ids=[each.pk for each in many], at=undone_at)
        moved = OutboxMessage.objects.filter(kind="approval.moved", created_at__gte=LATER).order_by("pk")
        assert list(moved.values_list("priority", flat=True)) == [Priority.SOON, *[Priority.LATER] * 12]


def test_decisions_are_never_changed(cast: Cast) -> None:
    declared(cast)
    with entered(cast.province.pk), pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Decision.objects.update(reason="另一个理由")


def test_only_one_of_two_decisions_of_a_version_exists(cast: Cast) -> None:
    approval = declared(cast)
    with entered(cast.province.pk):
        first = approval.decisions.get()
        first.pk = None
        with pytest.raises(IntegrityError, match="decision_once_a_version"), transaction.atomic():
            first.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_the_same_moment_decide_once(cast: Cast) -> None:
    """Both read the page; one waits for the other's lock and is then told."""
    approval = passed(cast)
    with entered(cast.province.pk):
        second = posts.appoint(
            actor=the_portal(cast.province),
            user=user_named("second", "李红"),
            institution=cast.bodies["hospital"],
            role=Role.REVIEWER,
            since=date(2025, 1, 1),
            at=NOW,
        )
    told: list[str] = []
    start = threading.Barrier(2)

    def press(actor: Actor, verdict: str) -> None:
        try:
            start.wait(timeout=10)
            with entered(cast.province.pk):
                approvals.decide(
                    actor=actor,
                    approval_id=approval.pk,
                    verdict=verdict,
                    version=approval.version,
                    reason="理由",
                    at=LATER,
                )
            told.append("done")
        except Outdated:
            told.append("outdated")
        finally:
            connection.close()

    pressed = ((cast.officer("hospital"), Verdict.APPROVE), (as_officer(second), Verdict.RETURN))
    officers = [threading.Thread(target=press, args=one) for one in pressed]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join(timeout=30)
    assert sorted(told) == ["done", "outdated"]
    with entered(cast.province.pk):
        assert Decision.objects.filter(approval=approval).count() == 2  # the submission and one decision


def again(cast: Cast, approval: Approval, last: Institution) -> None:
    """The person submits what was returned; its route ends at ``last``."""
    approvals.submit(
        actor=cast.person,
        kind="claim",
        practitioner=cast.practitioner,
        summary=approvals.Summary("重症医学进修", "study_leave", "进修", 2026, 250),
        route=approvals.Route([("employer", cast.bodies["hospital"]), ("province", last)], cite="第一条"),
        approval=approval,
        at=LATER,
    )


def returned(cast: Cast) -> Approval:
    approval = declared(cast)
    with entered(cast.province.pk):
        decide(cast, approval, "hospital", Verdict.RETURN, "请补充盖章页")
    return approval


def close(cast: Cast, body: str) -> None:
    actor = cast.officer("province", Role.ADMINISTRATOR)
    tree.close(actor=actor, institution_id=cast.bodies[body].pk, reason="撤销", at=LATER)


def test_nothing_is_sent_to_a_body_that_was_closed(cast: Cast) -> None:
    approval = returned(cast)
    with entered(cast.province.pk):
        close(cast, "direct")
        with pytest.raises(ValidationError, match="关闭，不再审核。请重新提交"):
            again(cast, approval, cast.bodies["direct"])
        assert locked(approval).state == ApprovalState.RETURNED


def test_a_return_is_not_undone_when_a_later_body_was_closed(cast: Cast) -> None:
    approval = returned(cast)
    with entered(cast.province.pk):
        approval.steps.filter(position=1).update(institution=cast.bodies["direct"])
        close(cast, "direct")
        with pytest.raises(Denied, match="关闭，不再审核。审核结果保持不变，不能撤销"):
            approvals.undo(actor=cast.officer("hospital"), approval_id=approval.pk, at=LATER)
        assert locked(approval).state == ApprovalState.RETURNED


@pytest.mark.django_db(transaction=True)
def test_a_body_is_not_closed_while_something_is_being_sent_to_it(cast: Cast) -> None:
    """Whoever comes second waits for the first and is refused."""
    approval, direct = returned(cast), cast.bodies["direct"]
    cast.officer("province", Role.ADMINISTRATOR)
    done: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(2)

    def attempt(act: Callable[[], None]) -> None:
        try:
            start.wait(timeout=10)
            with entered(cast.province.pk):
                act()
            done.append("done")
        except ValidationError as error:
            refused.extend(error.messages)
        finally:
            connection.close()

    acts = (lambda: close(cast, "direct"), lambda: again(cast, approval, direct))
    both = [threading.Thread(target=attempt, args=[act]) for act in acts]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=30)
    assert done == ["done"]
    assert len(refused) == 1
    with entered(cast.province.pk):
        is_closed = Institution.objects.get(pk=direct.pk).closed_on is not None
        assert is_closed == (locked(approval).state == ApprovalState.RETURNED)


def test_reminders_and_escalation_are_sent_once(cast: Cast) -> None:
    declared(cast)
    county = cast.officer("county")
    cast.officer("hospital")
    with entered(cast.province.pk):
        overdue = NOW + timedelta(days=60)
        assert remind_and_escalate(at=overdue) == (1, 1)
        assert remind_and_escalate(at=overdue + timedelta(hours=1)) == (0, 0)
        escalation = Notification.objects.get(user=county.user)
        assert "仍未审核" in escalation.title
        assert escalation.url == "/inbox/overdue/"
        assert Notification.objects.filter(title__contains="已超过承诺的审核日期").count() == 1


def test_the_body_above_is_told_when_five_working_days_have_passed_over_the_promise(cast: Cast) -> None:
    """Promised for a Wednesday: Thursday to Wednesday are the five, the weekend not among them; Thursday is the day."""
    approval, county = declared(cast), cast.officer("county")
    cast.officer("hospital")
    with entered(cast.province.pk):
        Approval.objects.filter(pk=approval.pk).update(promised_on=date(2026, 11, 25))
        told = [
            (
                remind_and_escalate(at=datetime(*day, 9, tzinfo=SHANGHAI)),
                Notification.objects.filter(user=county.user).count(),
            )
            for day in ((2026, 11, 25), (2026, 11, 26), (2026, 12, 2), (2026, 12, 3))
        ]
    assert told == [((0, 0), 0), ((1, 0), 0), ((0, 0), 0), ((0, 1), 1)]


@pytest.mark.parametrize(
    ("act", "title", "reason"),
    [
        (to_the_end, "学分已认定：重症医学进修", ""),
        (send_back, "苏家屯区人民医院退回补正，请按意见修改后重新提交：重症医学进修", "请补充盖章页"),
    ],
)
def test_a_decision_is_mailed_to_the_person_and_nobody_else(
    cast: Cast, act: Callable[[Cast, Approval], None], title: str, reason: str
) -> None:
    User.objects.filter(pk=cast.practitioner.user_id).update(email="wang@example.test")
    User.objects.filter(pk=cast.colleague.user_id).update(email="zhao@example.test")
    approval = declared(cast)
    with entered(cast.province.pk):
        act(cast, approval)
        link = f"{settings.PORTAL_URL}{approval.claim.get_absolute_url()}"
    outbox.deliver_due(at=LATER)
    assert {address for message in mail.outbox for address in message.to} == {"wang@example.test"}
    message = mail.outbox[-1]
    assert message.subject == f"[辽宁省继续医学教育学分管理平台] {title}"
    assert message.body == f"{title}\n\n{reason}\n\n{link}\n"


def test_checks_pending_rows_are_not_bulk_approved(cast: Cast) -> None:
    approval = declared(cast, checked=ChecksState.PENDING)
    with entered(cast.province.pk):
        outcome = bulk_approvals.approve_many(
            actor=cast.officer("hospital"), versions={approval.pk: approval.version}, at=LATER
        )
        assert outcome.decisions == []
