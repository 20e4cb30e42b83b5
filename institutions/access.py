"""The one gate: who may do which act on what.

Every act has a row in the matrix: the seats that may enter, and a condition on the object that answers None or the sentence
that refuses. Acts call ``require`` under their lock; views are decorated with ``gate`` (or ``public``), and a test fails on a
route without either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from cme_portal.foundation import journal
from institutions.enums import Role, Verdict

if TYPE_CHECKING:
    from institutions.actors import Actor

PRACTITIONER = "practitioner"
PORTAL = "portal"
EVERYBODY = frozenset({PRACTITIONER, *Role.values})
OFFICERS = frozenset(Role.values)

# The guardian permission, held on the post's institution, that each role stands for.
PERMISSION = {
    Role.REVIEWER: "institutions.review_claims",
    Role.CERTIFIER: "institutions.issue_certificates",
    Role.AUDITOR: "institutions.read_journal",
    Role.ADMINISTRATOR: "institutions.manage_people",
}

CHANGE_SEAT = "请在右上角切换身份后重试。"
ASK_EMPLOYER = "如工作需要，请联系所在单位继续医学教育管理部门。"

Condition = Callable[["Actor", Any], str | None]
View = Callable[..., HttpResponseBase]


class Denied(PermissionDenied):
    """The act is not allowed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix."""

    act: str
    seats: frozenset[str]
    condition: Condition


MATRIX: dict[str, Row] = {}


def always(actor: Actor, subject: Any) -> str | None:
    """The condition of acts that depend on the seat alone."""
    return None


def permit(act: str, *seats: str, when: Condition = always) -> None:
    """Add a row: ``seats`` may do ``act`` when the condition answers None."""
    MATRIX[act] = Row(act, frozenset(seats), when)


def seat_of(actor: Actor) -> str:
    if actor.post is not None:
        return actor.post.role
    return PRACTITIONER if actor.practitioner is not None else PORTAL


def refusal(actor: Actor, act: str, subject: Any = None) -> str | None:
    """None if the actor may do the act on the subject, else the sentence that says why not."""
    row = MATRIX[act]
    seat = seat_of(actor)
    if seat not in row.seats:
        return "当前身份不能办理此事项。请切换身份后重试。"
    if subject is not None and getattr(subject, "province_id", actor.province_id) != actor.province_id:
        return "该事项不属于本省。"
    if actor.post is not None and not actor.user.has_perm(PERMISSION[Role(seat)], actor.post.institution):
        return "您在该机构的岗位已终止。请联系本机构管理员。"
    return row.condition(actor, subject) if subject is not None else None


def allowed(actor: Actor, act: str, subject: Any = None) -> bool:
    return refusal(actor, act, subject) is None


def require(actor: Actor, act: str, subject: Any = None) -> None:
    """Raise ``Denied`` unless the actor may do the act on the subject."""
    sentence = refusal(actor, act, subject)
    if sentence is not None:
        raise Denied(sentence)


def gate(act: str) -> Callable[[View], View]:
    """The view's first gate: signed in, and sitting where ``act`` may be done. Sets ``view.gate`` for the matrix test."""

    def decorate(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                # A part of a page cannot turn into the sign-in page: the script says that the session has ended.
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=401)
                return redirect_to_login(_page_of(request))
            if request.actor is None:
                raise Denied("您的账号尚未关联任何身份。请联系所在单位继续医学教育管理部门。")
            if seat_of(request.actor) not in MATRIX[act].seats:
                has_others = len(request.seats) > 1
                raise Denied("当前身份不能查看此页面。" + (CHANGE_SEAT if has_others else ASK_EMPLOYER))
            return view(request, *args, **kwargs)

        entered.gate = act
        return entered

    return decorate


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: that of an act is where it was sent from, for the act's own address shows nothing."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    return sent_from if url_has_allowed_host_and_scheme(sent_from, hosts, require_https=request.is_secure()) else "/"


def public(view: View) -> View:
    """Anybody may enter, signed in or not."""
    view.gate = "public"
    return view


def territory_includes(actor: Actor, unit: Any, department: Any = None) -> bool:
    """Whether the post's body is responsible for people of this unit (and department)."""
    institution = actor.institution
    if institution.tier == "department":
        return department is not None and department.pk == institution.pk
    if institution.kind == "cme_office":
        return unit.province_id == institution.province_id
    return unit.path.startswith(institution.path)


def _decide(actor: Actor, approval: Any) -> str | None:
    if approval.state != "waiting":
        return f"该事项已是“{approval.get_state_display()}”，无需再审核。请刷新列表。"
    if approval.holder_id != actor.post.institution_id:
        return "该事项现由其他机构审核。请刷新列表。"
    if approval.current_step.tier == "system":
        return "系统正在核验该事项，核验结束后会自动认定或转由本单位审核。"
    if approval.practitioner.user_id is not None and approval.practitioner.user_id == actor.user.pk:
        return "不能审核本人的申报。请由本机构其他审核人员办理。"
    if approval.has_been_decided_by(actor.user):
        return "您已在前一环节审核过此事项，不能再次审核。请由本机构其他审核人员办理。"
    return None


def _own(actor: Actor, subject: Any) -> str | None:
    return None if subject.practitioner_id == actor.practitioner.pk else "只能办理本人的事项。"


def _manage(actor: Actor, institution: Any) -> str | None:
    inside = institution.path.startswith(actor.post.institution.path)
    return None if inside else "该机构不在您的管理范围内。"


def _change_body(actor: Actor, institution: Any) -> str | None:
    """Affiliation and kind decide who reviews: a body does not change its own; only the root has nobody above."""
    if institution.pk == actor.post.institution_id and institution.parent_id is not None:
        return "本机构的登记信息由上级机构更正或关闭。请联系上级机构管理员。"
    return _manage(actor, institution)


permit("seat.switch", *EVERYBODY)
permit("notification.view", *EVERYBODY)
permit("approval.submit", PRACTITIONER, when=_own)
permit("approval.withdraw", PRACTITIONER, when=_own)
permit("approval.decide", Role.REVIEWER, when=_decide)
permit("approval.undo", Role.REVIEWER)
permit("inbox.view", Role.REVIEWER)
permit("inbox.overdue", Role.REVIEWER)
permit("inbox.keep_filter", Role.REVIEWER)
permit("inbox.export", Role.REVIEWER)
permit("journal.view", Role.AUDITOR)
permit("people.view", *OFFICERS)
permit("people.manage", Role.ADMINISTRATOR, when=_manage)
permit("people.reveal", Role.ADMINISTRATOR)
permit("posts.manage", Role.ADMINISTRATOR, when=_manage)
permit("bodies.manage", Role.ADMINISTRATOR, when=_manage)
permit("bodies.change", Role.ADMINISTRATOR, when=_change_body)

journal.name(
    {f"approval.{verdict.value}": f"审核：{verdict.label}" for verdict in Verdict}
    | {
        "approval.view": "查看待审事项",
        "inbox.export": "导出待审名单",
        "institution.found": "登记机构",
        "institution.correct": "更正机构信息",
        "institution.close": "关闭机构",
        "account.open": "开通个人账号",
        "account.open_staff": "开通工作账号",
        "account.correct": "更正账号",
        "post.appoint": "任命岗位",
        "post.end": "终止岗位",
        "practitioner.register": "登记人员",
        "practitioner.correct": "更正人员信息",
        "practitioner.employ": "办理任职或调动",
        "practitioner.transfer_away": "被其他机构调入",
        "practitioner.leave": "登记离职",
        "practitioner.take_back_leaving": "撤回离职登记",
        "practitioner.correct_start": "更正任职起始日期",
        "practitioner.promote": "登记职称",
        "practitioner.view": "查看人员",
        "practitioner.reveal_national_id": "查看完整身份证号码",
    }
)
