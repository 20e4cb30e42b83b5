"""The whole path in four provinces, from the evidence to a certificate that anybody verifies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from audits.models import Certificate
from cme_portal.foundation.tenancy import entered
from credits.models import Claim, Evidence, LedgerEntry
from institutions.enums import Role
from tests.browser.walk import Walk
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)

# province, employer, figure for the stay, bodies that decide
WALKS = [
    pytest.param("liaoning", "hospital", "480", ["hospital", "county", "city", "province"], id="liaoning-local"),
    pytest.param("liaoning", "direct", "480", ["direct", "province"], id="liaoning-direct"),
    pytest.param("zhejiang", "hospital", "60", ["hospital"], id="zhejiang"),
    pytest.param("jilin", "hospital", "480", ["department", "hospital"], id="jilin"),
    pytest.param("sichuan", "hospital", "480", ["hospital", "city", "office"], id="sichuan"),
]


@pytest.fixture
def walking(open_window: Callable[..., Page], sign_in: Callable[..., None], tmp_path: Path) -> Callable[..., Walk]:
    def walk(cast: Cast) -> Walk:
        return Walk(cast, open_window, sign_in, tmp_path)

    return walk


@pytest.mark.parametrize(("code", "employer", "figure", "route"), WALKS)
def test_from_evidence_to_a_verified_certificate(
    walking: Callable[..., Walk], code: str, employer: str, figure: str, route: list[str]
) -> None:
    cast = make_cast(code)
    if employer != "hospital":
        cast.practitioner = cast.hire("周慧敏", employer, number=9)
    walk = walking(cast)
    nurse = walk.window(cast.practitioner.user, width=390)

    walk.declare(nurse, hours=figure)
    walk.send_back(route[0], "学时与结业证书不一致，请核对。")

    nurse.goto("/credits/")
    expect(nurse.locator("main")).to_contain_text("退回补正")
    nurse.goto("/claims/")
    nurse.get_by_role("link", name="重症医学专科护士进修").first.click()
    expect(nurse.locator("main")).to_contain_text("学时与结业证书不一致，请核对。")
    nurse.get_by_role("link", name="修改并重新提交").click()
    walk.fill(nurse, hours=figure)
    nurse.get_by_label("补正说明").fill("学时已按结业证书更正。")
    walk.submit(nurse)

    reviewer = walk.officer(route[0])
    walk.open_first(reviewer)
    expect(reviewer.locator("#side")).to_contain_text("学时已按结业证书更正。")
    walk.climb(*route)
    nurse.goto("/credits/")
    expect(nurse.locator("main")).to_contain_text("25.0")
    nurse.goto(f"/credits/statement/{walk.year}/")
    expect(nurse.locator("main")).to_contain_text("重症医学专科护士进修")

    number = walk.certify()
    paper = walk.download(nurse)

    anybody = walk.open_window(width=390)
    anybody.goto("/verify/")
    anybody.locator("input[type=file]").set_input_files([paper])
    anybody.get_by_role("button", name="核对文件").click()
    expect(anybody.locator("main")).to_contain_text(number)
    expect(anybody.get_by_role("heading", level=1)).to_contain_text("有效")
    expect(anybody.locator("main")).not_to_contain_text(cast.practitioner.name)


def test_a_stranger_of_another_province_finds_nothing(walking: Callable[..., Walk]) -> None:
    cast = make_cast("zhejiang")
    cast.practitioner = cast.hire("诸葛静怡", number=9)
    walk = walking(cast)
    nurse = walk.window(cast.practitioner.user)
    walk.declare(nurse, hours="60")
    walk.climb("hospital")
    walk.certify()
    walk.download(nurse)
    with entered(cast.province.pk):
        claim, evidence, certificate = Claim.objects.get(), Evidence.objects.first(), Certificate.objects.get()
        entry = LedgerEntry.objects.get()
    own = [
        claim.get_absolute_url(),
        reverse("evidence-file", args=[evidence.pk]),
        reverse("evidence-page", args=[evidence.pk, 1]),
        certificate.get_absolute_url(),
        reverse("certificate-download", args=[certificate.pk]),
    ]
    person = [
        reverse("person", args=[claim.practitioner_id]),
        reverse("person-statement", args=[claim.practitioner_id, walk.year]),
    ]
    asked = {
        "practitioner": [*own, reverse("claim-edit", args=[claim.pk]), reverse("claim-withdraw", args=[claim.pk])],
        Role.REVIEWER: [
            *own[:3],
            *person,
            reverse("inbox-panel", args=[claim.approval_id]),
            reverse("entry-reverse", args=[entry.pk]),
        ],
        Role.CERTIFIER: [*own, *person, reverse("certificate-revoke", args=[certificate.pk])],
        Role.AUDITOR: [*own, *person],
        Role.ADMINISTRATOR: [*person, reverse("person-edit", args=[claim.practitioner_id])],
    }
    stranger = make_cast("jilin")
    for seat, addresses in asked.items():
        user = stranger.practitioner.user if seat == "practitioner" else stranger.officer("province", seat).user
        page = walk.window(user)
        for address in addresses:
            answer = page.request.get(address)
            assert answer.status == 404, f"{seat} {address}: {answer.status}"
            assert cast.practitioner.name not in answer.text()
