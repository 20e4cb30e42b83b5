"""The certificate office and the holder's own page, as they are used."""

import hashlib
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits import certificates, issuing
from audits.models import Certificate, CertificateStatus, IssuingRun
from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from institutions import tree
from institutions.actors import Actor, the_portal
from institutions.enums import Kind, Role, Tier
from institutions.models import User
from tests.audits.conftest import LATER, YEAR, Earn, issue_and_make, make_all, reloaded
from tests.cast import NOW, Cast
from tests.client import text

pytestmark = pytest.mark.django_db
BACKEND = "institutions.sign_in.PhoneOrAccountBackend"


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user, BACKEND)
        return client

    return sign_in


@pytest.fixture
def office(as_user: Callable[[User], Client], certifier: Actor) -> Client:
    return as_user(certifier.user)


def confirmation(office: Client) -> str:
    """The page that confirms everybody of the year."""
    return text(office.get(reverse("certificate-issue-confirm"), {"year": YEAR, "everybody": "1"}, follow=True))


def digest_in(page: str) -> str:
    return re.search(r'name="everybody" value="(\w+)"', page)[1]


def test_the_office_issues_to_those_it_chose(office: Client, cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    earn(cast.colleague)
    page = office.get(reverse("certificate-issue"), {"year": YEAR})
    assert page.status_code == 200
    assert "王思远" in page.content.decode()
    answer = office.post(f"{reverse('certificate-issue')}?year={YEAR}", {"practitioner": [cast.practitioner.pk]})
    with entered(cast.province.pk):
        run = IssuingRun.objects.get()
        assert run.certificates.get().practitioner_id == cast.practitioner.pk
    assert answer.url == reverse("certificate-run", args=[run.pk])
    page = office.get(reverse("certificate-issue"), {"year": YEAR}).content.decode()
    assert "赵一鸣" in page
    assert "王思远" not in page.split("<main")[1]


def test_what_would_be_issued_is_shown_before_it_is(office: Client, cast: Cast, earn: Earn) -> None:
    for practitioner in (cast.practitioner, cast.colleague, cast.hire("周慧敏", number=3)):
        earn(practitioner)
    page = text(office.get(reverse("certificate-issue"), {"year": YEAR}))
    assert ">3 人</strong>" in page
    address = reverse("certificate-issue-confirm")
    chosen = {"year": YEAR, "practitioner": [cast.practitioner.pk, cast.colleague.pk, "x"]}
    page = text(office.get(address, chosen))
    assert "确认签发 2 份 2026 年度学分证书" in page
    assert "王思远" in page
    assert "周慧敏" not in page
    assert 'data-label="人数" class="text-end num">2<' in page
    with entered(cast.province.pk):
        assert not IssuingRun.objects.exists()


def test_nobody_chosen_leads_back_to_the_list(office: Client, cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    page = text(office.get(reverse("certificate-issue-confirm"), {"text": "wsy"}, follow=True))
    assert "没有选中可以签发的人员" in page
    assert 'value="wsy"' in page


def test_everybody_of_the_filter_but_those_whose_certificate_was_revoked(
    office: Client, issued: Certificate, certifier: Actor, cast: Cast, earn: Earn
) -> None:
    people = [cast.colleague, cast.hire("周慧敏", number=3)]
    for practitioner in people:
        earn(practitioner)
    with entered(issued.province_id):
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料不实", at=LATER)
    page = confirmation(office)
    assert "确认签发 2 份" in page
    assert "曾被撤销的 1 人不在其中" in page
    answer = office.post(f"{reverse('certificate-issue')}?year={YEAR}", {"everybody": digest_in(page)})
    assert answer.status_code == 302
    with entered(cast.province.pk):
        holders = set(IssuingRun.objects.latest("pk").certificates.values_list("practitioner_id", flat=True))
    assert holders == {practitioner.pk for practitioner in people}


def test_a_list_that_has_changed_since_it_was_confirmed_is_confirmed_again(
    office: Client, cast: Cast, certifier: Actor, earn: Earn
) -> None:
    """As many people as before may still be other people."""
    earn(cast.practitioner)
    earn(cast.colleague)
    digest = digest_in(confirmation(office))
    with entered(cast.province.pk):
        certificates.issue(actor=certifier, practitioner=cast.colleague, year=YEAR, at=NOW)
    earn(cast.hire("周慧敏", number=3))
    answer = office.post(f"{reverse('certificate-issue')}?year={YEAR}", {"everybody": digest})
    assert answer.status_code == 422
    assert "名单已有变化，现为 2 人" in text(answer)
    with entered(cast.province.pk):
        assert IssuingRun.objects.count() == 1


@pytest.mark.parametrize("is_everybody", [True, False])
def test_pressing_twice_issues_once_and_leads_to_the_certificates(
    office: Client, cast: Cast, earn: Earn, *, is_everybody: bool
) -> None:
    earn(cast.practitioner)
    sent = {"everybody": digest_in(confirmation(office))} if is_everybody else {"practitioner": [cast.practitioner.pk]}
    address = f"{reverse('certificate-issue')}?year={YEAR}"
    assert office.post(address, sent).status_code == 302
    again = office.post(address, sent, follow=True)
    assert again.redirect_chain == [(f"{reverse('certificates')}?year={YEAR}", 302)]
    assert "没有重复签发" in text(again)
    assert "王思远" in text(again).partition("<main")[2]
    with entered(cast.province.pk):
        assert IssuingRun.objects.count() == 1
        assert Certificate.objects.count() == 1


def test_more_than_one_run_takes_are_issued_in_parts(
    office: Client, cast: Cast, earn: Earn, monkeypatch: pytest.MonkeyPatch
) -> None:
    earn(cast.practitioner)
    assert "一次最多签发 2\u00a0000 份" in confirmation(office)
    assert "一次最多 2\u00a0000 份" in text(office.get(reverse("certificate-issue"), {"year": YEAR}))
    digest = digest_in(confirmation(office))
    earn(cast.colleague)
    monkeypatch.setattr(issuing, "MOST_AT_ONCE", 1)
    assert "一次最多签发 1 份。请按地区或用人单位筛选，分批签发。" in confirmation(office)
    answer = office.post(f"{reverse('certificate-issue')}?year={YEAR}", {"everybody": digest})
    assert answer.status_code == 422
    with entered(cast.province.pk):
        assert not IssuingRun.objects.exists()


def test_employers_of_the_same_name_are_counted_apart(office: Client, cast: Cast, earn: Earn) -> None:
    with entered(cast.province.pk):
        for superior in ("county", "city"):
            cast.bodies[f"{superior} centre"] = tree.found(
                actor=the_portal(cast.province),
                province=cast.province,
                name="中心卫生院",
                tier=Tier.UNIT,
                kind=Kind.HOSPITAL,
                parent=cast.bodies[superior],
                at=NOW,
            )
    for number, body in enumerate(("county centre", "city centre", "city centre"), start=3):
        earn(cast.hire(f"医生{number}", body, number=number))
    page = confirmation(office)
    rows = page[page.index('id="employers"') : page.index('id="people"')]
    assert rows.count("中心卫生院") == 2
    assert rows.index(cast.bodies["city"].name) < rows.index(cast.bodies["county"].name), "most people first"


def test_nothing_is_issued_for_a_year_that_nobody_chose(office: Client, cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    answer = office.post(f"{reverse('certificate-issue')}?year=abc", {"practitioner": [cast.practitioner.pk]})
    assert answer.status_code == 422
    with entered(cast.province.pk):
        assert not IssuingRun.objects.exists()


def test_progress_asks_again_until_all_are_made(office: Client, cast: Cast, certifier: Actor, earn: Earn) -> None:
    earn(cast.practitioner)
    with entered(cast.province.pk):
        run = certificates.issue_many(
            actor=certifier, practitioner_ids=[cast.practitioner.pk, cast.colleague.pk], year=YEAR, at=NOW
        )
    address = reverse("certificate-run", args=[run.pk])
    before = office.get(address).content.decode()
    assert "hx-trigger" in before
    assert "0 / 1" in before
    assert "已编号 1 份，其中 0 份制作和签名完成，1 份制证中" in before
    assert "2026 年度学分未达标" in before
    assert address in text(office.get(reverse("certificates")))  # the way back for those who left
    make_all()
    after = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in after
    assert "1 / 1" in after
    assert "制证中" not in after  # the list below is sent along
    assert 'id="made"' in after
    assert address not in text(office.get(reverse("certificates"))).partition("<main")[2]
    assert "1 份已全部制作完成" in text(office.get(reverse("notifications")))


def test_a_person_whose_certificate_was_revoked_is_marked_and_not_chosen_in_passing(
    office: Client, issued: Certificate, certifier: Actor
) -> None:
    with entered(issued.province_id):
        certificates.revoke(actor=certifier, certificate_id=issued.pk, reason="材料不实", at=LATER)
    page = office.get(reverse("certificate-issue"), {"year": YEAR}).content.decode()
    assert "本年度证书曾被撤销" in page
    box = page.split(f'id="choose-{issued.practitioner_id}"')[1].split(">")[0]
    assert "checked" not in box


def test_choosing_nobody_is_explained(office: Client, cast: Cast, earn: Earn) -> None:
    earn(cast.practitioner)
    page = office.post(f"{reverse('certificate-issue')}?year={YEAR}", {})
    assert page.status_code == 422
    assert "没有选中" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "王"}, 1),
        ({"text": "wangsi"}, 1),
        ({"text": "wsy"}, 1),
        ({"text": "李"}, 0),
        ({"unit": "人民医院"}, 1),
        ({"unit": "肿瘤"}, 0),
        ({"year": 2025}, 0),
    ],
)
def test_candidates_are_found_by_name_pinyin_and_unit(
    office: Client, cast: Cast, earn: Earn, query: dict[str, str], found: int
) -> None:
    earn(cast.practitioner)
    page = office.get(reverse("certificate-issue"), {"year": YEAR, **query}).content.decode()
    assert page.count(f'id="choose-{cast.practitioner.pk}"') == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "LN-2026"}, 1),
        ({"text": "LN-2025"}, 0),
        ({"text": "wsy"}, 1),
        ({"state": "valid"}, 1),
        ({"state": "revoked"}, 0),
        ({"state": "changed", "year": YEAR}, 0),
        ({"year": YEAR}, 1),
    ],
)
def test_certificates_are_found(office: Client, issued: Certificate, query: dict[str, str], found: int) -> None:
    page = office.get(reverse("certificates"), query).content.decode()
    assert page.count(f'<a href="{issued.get_absolute_url()}"') == found


def test_what_was_corrected_is_looked_for_in_one_year(office: Client, issued: Certificate) -> None:
    assert "请先选择学分年度" in office.get(reverse("certificates"), {"state": "changed"}).content.decode()


def test_a_corrected_record_is_pointed_out_and_reissued(
    office: Client, issued: Certificate, cast: Cast, earn: Earn
) -> None:
    earn(cast.practitioner, "2")
    assert "记录已更正" in office.get(reverse("certificates"), {"state": "changed", "year": YEAR}).content.decode()
    page = office.get(issued.get_absolute_url()).content.decode()
    assert "总学分：证书为“27.5”，现为“29.5”" in page
    answer = office.post(reverse("certificate-reissue", args=[issued.pk]), {"reissue-reason": "补记学分"})
    assert answer.status_code == 302
    make_all()
    assert "已换发为" in office.get(issued.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(office: Client, cast: Cast, certifier: Actor, earn: Earn) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(reverse("certificates")).status_code == 200
            assert office.get(reverse("certificate-issue")).status_code == 200
        return len(captured)

    people = [cast.hire(f"李医师{number}", number=number) for number in range(10, 16)]
    for practitioner in people:
        earn(practitioner)
    issue_and_make(certifier, people[0])
    queries()  # what the first request alone asks
    with_one = queries()
    for practitioner in people[1:4]:
        issue_and_make(certifier, practitioner)
    assert queries() == with_one


def test_revoking_asks_for_a_reason_and_loses_nothing(office: Client, issued: Certificate) -> None:
    address = reverse("certificate-revoke", args=[issued.pk])
    for page in (office.get(issued.get_absolute_url()), office.get(address)):
        assert f"王思远，{YEAR} 年度，编号 {issued.number}。撤销后不能恢复" in text(page)
    refused = office.post(address, {"revoke-reason": ""})
    assert refused.status_code == 422
    assert "请填写撤销理由" in refused.content.decode()
    assert "错误：" in refused.content.decode().split("</title>")[0]
    assert reloaded(issued).status == CertificateStatus.VALID
    answer = office.post(address, {"revoke-reason": "材料不实"})
    assert answer.status_code == 302
    assert "材料不实" in office.get(issued.get_absolute_url()).content.decode()
    again = office.post(address, {"revoke-reason": "再次"})
    assert again.status_code == 422
    assert "已撤销" in again.content.decode()


def test_pages_answer_programs_that_ask_for_the_head_alone(
    office: Client, issued: Certificate, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    with entered(issued.province_id):
        run = IssuingRun.objects.get()
    of_certificate, of_year = [issued.pk], f"?year={YEAR}"
    pages = [
        reverse("certificates"),
        reverse("certificate", args=of_certificate),
        reverse("certificate-revoke", args=of_certificate),
        reverse("certificate-reissue", args=of_certificate),
        reverse("certificate-issue") + of_year,
        reverse("certificate-run", args=[run.pk]),
        reverse("verify"),
        reverse("verify-upload"),
        f"{reverse('verify-number', args=[issued.number])}?code={issued.check_code}",
    ]
    for page in pages:
        assert office.head(page).status_code == 200, page
    assert as_user(cast.practitioner.user).head(reverse("my-certificates")).status_code == 200


def test_the_download_is_the_original_and_is_recorded(office: Client, issued: Certificate, certifier: Actor) -> None:
    answer = office.get(reverse("certificate-download", args=[issued.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == issued.sha256
    with entered(issued.province_id):
        assert JournalEntry.objects.filter(act="certificate.download", user=certifier.user).exists()


def test_an_officers_look_at_a_certificate_is_recorded_and_the_holders_is_not(
    office: Client, issued: Certificate, certifier: Actor, cast: Cast
) -> None:
    office.get(issued.get_absolute_url())
    holder = Client()
    holder.force_login(cast.practitioner.user, BACKEND)
    assert holder.get(issued.get_absolute_url()).status_code == 200
    with entered(issued.province_id):
        entry = JournalEntry.objects.get(act="certificate.view")
        assert (entry.user, entry.subject_id) == (certifier.user, issued.pk)


@pytest.mark.parametrize("act", ["revoke", "reissue"])
def test_asking_for_the_reason_shows_the_holder_and_is_recorded(office: Client, issued: Certificate, act: str) -> None:
    address = reverse(f"certificate-{act}", args=[issued.pk])
    for answer, status in ((office.get(address), 200), (office.post(address, {f"{act}-reason": ""}), 422)):
        assert answer.status_code == status
        assert issued.holder in answer.content.decode()
    with entered(issued.province_id):
        entries = JournalEntry.objects.filter(act="certificate.view")
        assert [entry.subject_id for entry in entries] == [issued.pk] * 2


def test_the_holder_sees_and_downloads_the_own_certificate(
    as_user: Callable[[User], Client], issued: Certificate, cast: Cast
) -> None:
    holder = as_user(cast.practitioner.user)
    assert issued.number in holder.get(reverse("my-certificates")).content.decode()
    page = holder.get(issued.get_absolute_url()).content.decode()
    assert issued.check_code in page
    assert reverse("certificate-revoke", args=[issued.pk]) not in page
    assert b"".join(holder.get(reverse("certificate-download", args=[issued.pk])).streaming_content).startswith(
        b"%PDF-"
    )
    assert holder.post(reverse("certificate-revoke", args=[issued.pk]), {"revoke-reason": "x"}).status_code == 403
    assert holder.get(reverse("certificates")).status_code == 403


def test_the_holder_of_a_certificate_to_be_corrected_reads_that_it_is(
    as_user: Callable[[User], Client], issued: Certificate, cast: Cast, earn: Earn
) -> None:
    """Reissuing it is the office's business."""
    earn(cast.practitioner, "2")
    page = text(as_user(cast.practitioner.user).get(issued.get_absolute_url()))
    assert "记录已更正" in page
    assert "换发" not in page


def test_a_colleague_and_a_stranger_find_nothing(
    as_user: Callable[[User], Client], issued: Certificate, cast: Cast, strangers: Cast, earn: Earn
) -> None:
    earn(strangers.practitioner, "25")
    theirs = issue_and_make(strangers.officer("city", Role.CERTIFIER), strangers.practitioner)
    addresses = [reverse(name, args=[issued.pk]) for name in ("certificate", "certificate-download")]
    for user in (cast.colleague.user, strangers.practitioner.user, strangers.officer("city", Role.CERTIFIER).user):
        visitor = as_user(user)
        for address in addresses:
            assert visitor.get(address).status_code == 404
    officer = as_user(strangers.officer("city", Role.CERTIFIER).user)
    revoked = officer.post(reverse("certificate-revoke", args=[issued.pk]), {"revoke-reason": "x"})
    assert revoked.status_code == 404
    listing = officer.get(reverse("certificates")).content.decode()
    assert theirs.number in listing
    assert issued.number not in listing


@pytest.mark.parametrize("name", ["certificates", "certificate-issue", "my-certificates"])
def test_signing_in_is_required(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_an_auditor_reads_the_certificates_of_the_territory_and_decides_on_none(
    as_user: Callable[[User], Client], cast: Cast, issued: Certificate, earn: Earn
) -> None:
    auditor = as_user(cast.officer("city", Role.AUDITOR).user)
    earn(cast.practitioner, "2")
    listed = auditor.get(reverse("certificates")).content.decode()
    assert issued.number in listed
    assert "签发证书" not in listed
    shown = auditor.get(issued.get_absolute_url()).content.decode()
    assert "总学分：证书为“27.5”，现为“29.5”" in shown
    assert "撤销证书" not in shown
    assert "换发证书" not in shown
    assert auditor.get(reverse("certificate-issue")).status_code == 403
    for act in ("certificate-revoke", "certificate-reissue"):
        assert auditor.post(reverse(act, args=[issued.pk]), {"reason": "理由"}).status_code == 403


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_other_officers_do_not_enter_the_office(as_user: Callable[[User], Client], cast: Cast, role: str) -> None:
    visitor = as_user(cast.officer("city", role).user)
    assert visitor.get(reverse("certificates")).status_code == 403
    assert visitor.get(reverse("certificate-issue")).status_code == 403


def test_open_problems_stand_above_the_list(office: Client, cast: Cast, certifier: Actor, earn: Earn) -> None:
    rare = cast.hire("张𪚥", number=20)
    earn(rare)
    with entered(cast.province.pk):
        certificates.issue_many(actor=certifier, practitioner_ids=[rare.pk], year=YEAR, at=LATER)
    page = office.get(reverse("certificates")).content.decode()
    assert "需人工处理" in page
    assert "U+2A6A5" in page
