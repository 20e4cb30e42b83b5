"""Every page that anybody may open is accessible: the addresses are walked in the URL configuration, seat by seat.

An address is opened by every seat of its row in the access matrix, with the rows of a province in use; a new one is opened
too, or fails here until NOT_PAGES says what it is instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.ratelimit import respond_429
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.csrf import csrf_failure
from django.views.defaults import bad_request, server_error
from playwright.sync_api import Page, Response, expect
from redis.exceptions import RedisError

from audits import certificates, verification
from audits.verification import Outcome
from audits.wording import CHINESE, ENGLISH
from cme_portal.foundation import files, outbox
from cme_portal.foundation.tenancy import entered
from cme_portal.pages.cache_outage import CacheOutageMiddleware
from credits import claims
from institutions.access import MATRIX, PRACTITIONER, seat_of
from institutions.actors import Actor, as_practitioner
from institutions.enums import Role
from institutions.models import Approval, User
from tests.addresses import addresses
from tests.browser.checks import check_as_it_stands, check_page
from tests.cast import NOW, PASSWORD, Cast, user_named
from tests.client import signed_in
from tests.province_in_use import OWNER, YEAR, ProvinceInUse, earn, use

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[..., None]
Made = TypeVar("Made")

ACT = "an act, done by POST"
FILE = "a file"
NOT_PAGES = {
    "appearance": ACT,
    "claim-amount": ACT,
    "claim-preview": ACT,
    "claim-save": ACT,
    "evidence-remove": ACT,
    "evidence-upload": ACT,
    "inbox-decide": ACT,
    "inbox-filter-discard": ACT,
    "inbox-filter-keep": ACT,
    "inbox-undo": ACT,
    "notification-open": ACT,
    "notifications-read": ACT,
    "seat-switch": ACT,
    "api-assessments": ACT,
    "api-description": "JSON for programs",
    "certificate-download": FILE,
    "evidence-file": FILE,
    "evidence-page": FILE,
    "inbox-export": FILE,
    "evidence-status": "a row of the evidence list for htmx",
}
# Of the account pages, which django-allauth brings: without signing in, signed in, and with a second factor.
SIGNED_OUT = (
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
)
SIGNED_IN = (
    "account_logout",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "usersessions_list",
)
SECOND_FACTOR = (
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
)
ON_THE_WAY = (
    "account_reset_password_from_key",
    "account_confirm_email",
    "account_reauthenticate",
    "mfa_authenticate",
)
NO_ACCOUNT_PAGES = {
    "account_set_password": "leads to changing it: every account has a password, usable or not",
    "account_confirm_login_code": "nobody signs in by code",
    "mfa_download_recovery_codes": FILE,
}
EMPTY_AND_SEND = """form => {
    form.noValidate = true;
    for (const field of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
        field.checked = false;
        if (!["checkbox", "radio"].includes(field.type)) field.value = "";
    }
    form.requestSubmit();
}"""
REGULATIONS = ("national", "liaoning", "zhejiang", "jilin", "sichuan", "beijing")
OFFICERS = {
    Role.REVIEWER: "hospital",
    Role.CERTIFIER: "city",
    Role.AUDITOR: "city",
    Role.ADMINISTRATOR: "hospital",
}


@pytest.fixture
def used(transactional_db: None) -> ProvinceInUse:
    return elsewhere(use)


def elsewhere(make: Callable[[], Made]) -> Made:
    """In a thread of its own: certificates are signed with asyncio, and Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        made = thread.submit(make)
        thread.submit(connection.close)
        return made.result()


class Visitor:
    """Somebody who goes from page to page. Each page is a subtest, so that one mistake does not hide the next."""

    def __init__(self, page: Page, sign_in: SignIn, subtests: pytest.Subtests) -> None:
        self.page, self.sign_in, self.subtests = page, sign_in, subtests

    def sit(self, actor: Actor) -> None:
        self.sign_in(self.page, actor.user)

    def open(self, address: str, *, status: int = 200, seat: str = "") -> None:
        """The page itself, not one it sends on to."""
        with self.subtests.test(address, seat=seat):
            answer = self.go(address)
            assert answer.status == status
            assert urlsplit(self.page.url).path == urlsplit(address).path
            check_as_it_stands(self.page)

    def look(self, what: str) -> None:
        """The page that is open."""
        with self.subtests.test(what):
            check_as_it_stands(self.page)

    def show(self, answer: HttpResponse, what: str) -> None:
        """An answer that the portal gave elsewhere."""
        with self.subtests.test(what):
            body = {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.content}
            self.page.route("**/elsewhere/", lambda route: route.fulfill(**body), times=1)
            self.go("/elsewhere/")
            check_as_it_stands(self.page)

    def send_empty(self, address: str) -> None:
        """Empty the page's form and send it: what comes back names what is missing."""
        with self.subtests.test(f"{address}, sent empty"):
            self.go(address)
            self.page.locator("main form[method=post]").last.evaluate(EMPTY_AND_SEND)
            expect(self.page.locator("#error-summary")).to_be_visible()
            assert self.page.title().startswith("错误："), self.page.title()
            check_as_it_stands(self.page)

    def go(self, address: str) -> Response:
        self.page.set_viewport_size({"width": 1280, "height": 900})
        return self.page.goto(address)


@pytest.fixture
def visitor(page: Page, sign_in: SignIn, subtests: pytest.Subtests) -> Visitor:
    return Visitor(page, sign_in, subtests)


def own_addresses(used: ProvinceInUse, seat: str) -> Iterator[str]:
    """Every page of the seat, once."""
    rows = {name: row.pk for name, row in used.rows().items()}
    special = {
        "claim-edit": {"claim_id": used.lived.returned.pk},
        "claim-discard": {"claim_id": used.lived.draft.pk},
    }
    queries = {
        "inbox-approve": "?" + "&".join(f"selected={one.pk}" for one in waiting(used)),
        "certificate-issue-confirm": "?everybody=1",
    }
    for address in addresses():
        if address.is_of_a_library or address.gate == "public" or address.name in NOT_PAGES:
            continue
        if seat in MATRIX[address.gate].seats:
            values = {**rows, "year": YEAR, **special.get(address.name, {})}
            kwargs = {name: values[name] for name in address.parameters}
            yield reverse(address.name, kwargs=kwargs) + queries.get(address.name, "")


def waiting(used: ProvinceInUse) -> list[Approval]:
    """What the hospital's reviewer finds in the inbox."""
    with entered(used.cast.province.pk):
        return list(Approval.objects.filter(holder=used.cast.bodies["hospital"], state="waiting"))


def further_addresses(used: ProvinceInUse, seat: str) -> list[str]:
    """The same pages in other states: each state of a claim, lists that nothing fits."""
    lived, nothing = used.lived, "不存在"
    if seat == PRACTITIONER:
        shown = (lived.waiting, lived.returned, lived.granted, used.rejected, used.withdrawn, used.over_new_year)
        return [
            *(claim.get_absolute_url() for claim in shown),
            reverse("claim-edit", args=[lived.draft.pk]),
            reverse("claims") + "?state=approved",
            reverse("practitioner-home") + f"?year={YEAR - 1}",
            reverse("regulation"),
        ]
    return {
        Role.REVIEWER: [
            *(reverse("inbox-panel", args=[one.approval_id]) for one in (used.by_the_reviewer, used.over_new_year)),
            reverse("inbox") + f"?q={nothing}",
            reverse("inbox") + "?checks=attention",
        ],
        Role.CERTIFIER: [
            used.revoked.get_absolute_url(),
            reverse("certificates") + f"?text={nothing}",
            reverse("certificate-issue") + f"?text={nothing}",
        ],
        Role.AUDITOR: [reverse("journal") + f"?q={nothing}"],
        Role.ADMINISTRATOR: [
            *(reverse(name) + f"?q={nothing}" for name in ("people", "bodies", "posts", "person-new")),
            reverse("person-new") + "?q=",
        ],
    }[seat]


def actor_of(used: ProvinceInUse, seat: str) -> Actor:
    return used.cast.person if seat == PRACTITIONER else used.cast.officer(OFFICERS[seat], seat)


def test_every_address_is_opened_here_or_said_not_to_be_a_page() -> None:
    walked = addresses()
    unknown = {one.name for one in walked if not one.gate and not one.is_of_a_library}
    assert not unknown
    own = {one.name for one in walked if not one.is_of_a_library}
    assert own >= set(NOT_PAGES)
    library = {one.name for one in walked if one.is_of_a_library}
    assert library == {*SIGNED_OUT, *SIGNED_IN, *SECOND_FACTOR, *ON_THE_WAY, *NO_ACCOUNT_PAGES}


@pytest.mark.parametrize("seat", [PRACTITIONER, *OFFICERS])
def test_every_page_of_the_seat(used: ProvinceInUse, visitor: Visitor, seat: str) -> None:
    actor = actor_of(used, seat)
    assert seat_of(actor) == seat
    visitor.sit(actor)
    for address in (*own_addresses(used, seat), *further_addresses(used, seat)):
        visitor.open(address, seat=seat)


def test_every_public_page(used: ProvinceInUse, visitor: Visitor) -> None:
    valid, revoked = used.valid, used.revoked
    parameters = {
        # Without a jurisdiction it is that of one's own province, which only somebody signed in has.
        "regulation": [{"jurisdiction": jurisdiction} for jurisdiction in REGULATIONS],
        "verify-number": [{"number": valid.number}, {"number": revoked.number}, {"number": "LN-2026-9999999"}],
        "verify-number-english": [{"number": valid.number}, {"number": revoked.number}],
    }
    codes = {valid.number: valid.check_code, revoked.number: revoked.check_code}
    for name in sorted({one.name for one in addresses() if one.gate == "public"} - set(NOT_PAGES)):
        for values in parameters.get(name, [{}]):
            query = f"?code={codes.get(values['number'], 'ABCD2345')}" if "number" in values else ""
            visitor.open(reverse(name, kwargs=values) + query)
    visitor.open(reverse("verify-number", args=[valid.number]), status=422)
    visitor.send_empty(reverse("verify-upload"))
    question = "?jurisdiction=liaoning&1-category=practice&do=calculate"
    visitor.open(reverse("calculator") + question, status=422)
    visitor.open(reverse("calculator") + f"{question}&1-hours=84&1-start={YEAR}-03-02&1-end={YEAR}-03-20")


def test_verdicts_on_what_does_not_hold(used: ProvinceInUse, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page, valid = visitor.page, used.valid
    with entered(used.cast.province.pk), files.open(valid.file) as original:
        altered = original.read().replace(b"/Title", b"/title", 1)
    upload = {"name": "证书.pdf", "mimeType": "application/pdf", "buffer": altered}
    verdict = verification.by_number(number=valid.number, check_code=valid.check_code)
    replaced = replace(verdict, outcome=Outcome.SUPERSEDED, replaced_by=used.revoked.number)
    monkeypatch.setattr(verification, "by_number", lambda **_: replaced)
    for words, language in ((CHINESE, ""), (ENGLISH, "-english")):
        address = reverse(f"verify-number{language}", args=[valid.number])
        visitor.go(f"{address}?code={valid.check_code}")
        expect(page.get_by_role("heading", level=1)).to_have_text(words.outcomes[Outcome.SUPERSEDED].heading)
        visitor.look(f"a certificate that was replaced{language}")
        visitor.go(reverse(f"verify-upload{language}"))
        page.get_by_label(words.file).set_input_files(upload)
        page.get_by_role("button", name=words.file_submit).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(words.outcomes[Outcome.ALTERED].heading)
        visitor.look(f"a file that was altered{language}")


def test_answers_that_no_address_leads_to(cast: Cast, visitor: Visitor) -> None:
    """What the portal says when it cannot do what was asked, shown by the browser as it comes from the portal."""
    request = RequestFactory().get("/")
    request.user, request.actor = AnonymousUser(), None
    with entered(cast.province.pk):
        draft = claims.start(actor=cast.person, code="practice", year=YEAR, at=NOW)
    nothing_chosen = signed_in(cast.practitioner.user).post(reverse("evidence-upload", args=[draft.pk]))
    answers = {
        "400.html": bad_request(request, SuspiciousOperation()),
        "403_csrf.html": csrf_failure(request),
        "429.html": respond_429(request),
        "500.html": server_error(request),
        "503.html": CacheOutageMiddleware(lambda _: HttpResponse()).process_exception(request, RedisError()),
        "evidence_refused.html": nothing_chosen,
    }
    for template, answer in answers.items():
        visitor.show(answer, template)


def test_a_run_while_its_certificates_are_made(cast: Cast, visitor: Visitor) -> None:
    page, certifier = visitor.page, cast.officer("city", Role.CERTIFIER)
    with entered(cast.province.pk):
        earn(cast.practitioner, "30")
        run = certificates.issue_many(actor=certifier, practitioner_ids=[cast.practitioner.pk], year=YEAR, at=NOW)
    visitor.sit(certifier)
    visitor.open(run.get_absolute_url())
    expect(page.locator("#main")).to_contain_text("0 / 1")
    elsewhere(lambda: outbox.deliver_due(at=timezone.now()))
    expect(page.locator("#main")).to_contain_text("1 / 1")
    visitor.look("all are made, as the page found by asking again")


def test_the_pages_most_used_in_every_look(used: ProvinceInUse, visitor: Visitor, subtests: pytest.Subtests) -> None:
    most_used = [
        (PRACTITIONER, reverse("practitioner-home")),
        (PRACTITIONER, reverse("claim-edit", args=[used.lived.returned.pk])),
        (PRACTITIONER, used.at_the_hospital.get_absolute_url()),
        (PRACTITIONER, reverse("verify-number", args=[used.valid.number]) + f"?code={used.valid.check_code}"),
        (Role.REVIEWER, reverse("inbox-panel", args=[used.at_the_hospital.approval_id])),
    ]
    for seat, address in most_used:
        visitor.sit(actor_of(used, seat))
        with subtests.test(address):
            check_page(visitor.page, address)


def test_refusals_and_what_is_missing(used: ProvinceInUse, visitor: Visitor) -> None:
    page = visitor.page
    visitor.sit(used.cast.person)
    visitor.open(reverse("claim", args=[987654]), status=404)
    visitor.open(reverse("inbox"), status=403)
    visitor.open(reverse("statement", args=[1999]), status=404)
    visitor.go(reverse("claim-edit", args=[used.lived.draft.pk]))
    page.locator("#claim-form button[value=submit]:visible").first.click()
    expect(page.locator("#error-summary")).to_be_visible()
    visitor.look("the claim's form, sent incomplete")

    visitor.sit(actor_of(used, Role.REVIEWER))
    visitor.go(reverse("inbox-panel", args=[used.at_the_hospital.approval_id]))
    page.get_by_role("button", name="退回补正 R").click()
    expect(page.locator("#side .errsum")).to_be_visible()
    visitor.look("the decision, without a reason")
    visitor.send_empty(reverse("entry-reverse", args=[used.entry.pk]))

    visitor.sit(used.cast.officer("county"))
    visitor.go(reverse("inbox-overdue"))
    expect(page.locator("#overdue")).to_contain_text(OWNER)
    visitor.look("what the hospital has not reviewed in time")

    visitor.sit(actor_of(used, Role.ADMINISTRATOR))
    for name in ("person-new", "body-new", "post-new", "post-account"):
        visitor.send_empty(reverse(name))
    for name in ("person-reveal", "person-account-edit"):
        visitor.send_empty(reverse(name, args=[used.cast.practitioner.pk]))
    visitor.send_empty(reverse("post-account-edit", args=[used.post.pk]))

    visitor.sit(actor_of(used, Role.CERTIFIER))
    visitor.go(used.valid.get_absolute_url())
    page.locator("[data-open=revoke]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    visitor.look("the question before a certificate is revoked")
    visitor.send_empty(reverse("certificate-revoke", args=[used.valid.pk]))


def test_where_nothing_has_happened_yet(used: ProvinceInUse, visitor: Visitor) -> None:
    cast = used.cast
    newcomer = as_practitioner(cast.hire("周新", number=5))
    pages = [
        (newcomer, ("practitioner-home", "claims", "my-certificates", "notifications")),
        (cast.officer("direct"), ("inbox", "people")),
        (cast.officer("direct", Role.CERTIFIER), ("certificates", "certificate-issue")),
        (cast.officer("direct", Role.AUDITOR), ("journal",)),
        (Actor(cast.province, user_named("nobody-yet", "吴岗")), ("home",)),
    ]
    for actor, names in pages:
        visitor.sit(actor)
        for name in names:
            visitor.open(reverse(name))


def test_every_page_of_the_account(cast: Cast, visitor: Visitor) -> None:
    page, user = visitor.page, cast.practitioner.user
    for name in SIGNED_OUT:
        visitor.open(reverse(name))
    visitor.open(reverse("account_confirm_email", args=["no-such-key"]))
    link = {"uidb36": user_pk_to_url_str(user), "key": "no-such-key"}
    visitor.open(reverse("account_reset_password_from_key", kwargs=link))
    link["key"] = default_token_generator.make_token(user)
    visitor.go(reverse("account_reset_password_from_key", kwargs=link))
    visitor.look("choosing a new password")
    visitor.send_empty(reverse("account_login"))

    enter(page, user)
    visitor.open(reverse("account_reauthenticate"))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    page.wait_for_url(lambda address: not address.endswith(reverse("account_reauthenticate")))
    for name in SIGNED_IN:
        visitor.open(reverse(name))
    visitor.send_empty(reverse("account_change_password"))
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    for name in SECOND_FACTOR:
        visitor.open(reverse(name))

    page.context.clear_cookies()
    enter(page, user)
    assert urlsplit(page.url).path == reverse("mfa_authenticate")
    visitor.look("the second factor")


def enter(page: Page, user: User) -> None:
    """Through the sign-in page, which notes how somebody signed in."""
    page.goto(reverse("account_login"))
    page.get_by_label("手机号或工作账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: not address.endswith(reverse("account_login")))
