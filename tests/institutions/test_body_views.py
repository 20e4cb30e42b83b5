"""Administrators enter, correct and close the bodies of their territory, each where it can stand in the tree."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cme_portal.foundation import outbox
from cme_portal.foundation.models import JournalEntry, OutboxMessage
from cme_portal.foundation.tenancy import entered
from institutions import employment, posts, tree
from institutions.actors import the_portal
from institutions.enums import Role
from institutions.models import Institution
from tests.cast import NOW, Cast, make_cast
from tests.institutions.conftest import declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("liaoning")


def signed_in(cast: Cast, body: str) -> Client:
    client = Client()
    client.force_login(cast.officer(body, Role.ADMINISTRATOR).user)
    return client


def sent(client: Client, parent: Institution, **values: str) -> object:
    return client.post("/bodies/new/", {"parent": parent.pk, "affiliation": "local", **values})


def test_a_hospital_stands_below_its_county_and_is_found_in_the_list(cast: Cast) -> None:
    client = signed_in(cast, "province")
    assert sent(client, cast.bodies["county"], name="县中医院", kind="hospital").status_code == 302
    with entered(cast.province.pk):
        hospital = Institution.objects.get(name="县中医院")
        assert (hospital.tier, hospital.path) == ("unit", f"{cast.bodies['county'].path}{hospital.pk}.")
    assert "县中医院" in client.get("/bodies/?q=中医院").content.decode()


@pytest.mark.parametrize(
    ("below", "kind", "sentence"),
    [
        ("county", "commission", "只能设在省级或市级"),
        ("city", "cme_office", "只能设在省级"),
        ("city", "department", "只能设在用人单位之下"),
    ],
)
def test_a_body_in_the_wrong_place_is_refused_beside_its_kind(cast: Cast, below: str, kind: str, sentence: str) -> None:
    answer = sent(signed_in(cast, "province"), cast.bodies[below], name="某机构", kind=kind)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_name_in_use_below_the_same_body_is_refused(cast: Cast) -> None:
    answer = sent(signed_in(cast, "hospital"), cast.bodies["hospital"], name="护理部", kind="department")
    assert answer.status_code == 422
    assert "已有同名机构" in answer.content.decode()


def test_nobody_founds_outside_of_the_own_territory(cast: Cast) -> None:
    answer = sent(signed_in(cast, "hospital"), cast.bodies["city"], name="别处医院", kind="hospital")
    assert answer.status_code == 422
    with entered(cast.province.pk):
        assert not Institution.objects.filter(name="别处医院").exists()


def test_the_list_leads_to_a_page_with_its_posts_and_what_stands_below(cast: Cast) -> None:
    cast.officer("hospital")
    client = signed_in(cast, "county")
    hospital = cast.bodies["hospital"]
    assert f'<a href="/bodies/{hospital.pk}/">{hospital.name}</a>' in client.get("/bodies/").content.decode()
    page = client.get(f"/bodies/{hospital.pk}/").content.decode()
    for expected in (
        "ho专员 · 继续医学教育审核",
        f'href="/bodies/{cast.bodies["department"].pk}/"',
        "更正",
        "关闭机构",
    ):
        assert expected in page
    assert client.get(f"/bodies/{cast.bodies['city'].pk}/").status_code == 404


def test_a_name_is_corrected_in_the_open(cast: Cast) -> None:
    client, hospital = signed_in(cast, "county"), cast.bodies["hospital"]
    address = f"/bodies/{hospital.pk}/edit/"
    assert f'value="{hospital.name}"' in client.get(address).content.decode()
    data = {"name": "苏家屯区中心医院", "kind": "hospital", "affiliation": "local"}
    assert "苏家屯区中心医院" in client.post(address, data, follow=True).content.decode()
    with entered(cast.province.pk):
        entry = JournalEntry.objects.get(act="institution.correct")
        assert (entry.subject_id, entry.detail) == (hospital.pk, {"name": [hospital.name, "苏家屯区中心医院"]})
    twice = client.post(f"/bodies/{cast.bodies['department'].pk}/edit/", {**data, "name": "护理部", "kind": "hospital"})
    assert twice.status_code == 422
    assert "该类别不属于科室这一层级" in twice.content.decode()


def test_the_journal_tells_what_a_correction_changed(cast: Cast) -> None:
    hospital = cast.bodies["hospital"]
    data = {"name": hospital.name, "kind": "university_hospital", "affiliation": "provincial", "primary_care": "on"}
    data["audit_authority"] = cast.bodies["city"].pk
    assert signed_in(cast, "county").post(f"/bodies/{hospital.pk}/edit/", data).status_code == 302
    with entered(cast.province.pk):
        assert JournalEntry.objects.get(act="institution.correct").detail == {
            "kind": ["hospital", "university_hospital"],
            "affiliation": ["local", "provincial"],
            "primary_care": [False, True],
            "audit_authority": [None, "沈阳市卫生健康委员会"],
        }
    auditor = Client()
    auditor.force_login(cast.officer("county", Role.AUDITOR).user)
    journal = auditor.get("/journal/?act=institution.correct").content.decode()
    for words in (
        "类别：由“医院”改为“大学附属医院”",
        "隶属关系：由“市县属单位”改为“省直单位”",
        "基层医疗卫生机构：由“否”改为“是”",
        "学分审验机关：由“未另行指定”改为“沈阳市卫生健康委员会”",
    ):
        assert words in journal


def test_who_audits_an_employer_is_corrected_so_that_the_office_can_be_closed(cast: Cast) -> None:
    client, hospital = signed_in(cast, "province"), cast.bodies["hospital"]
    office = {"name": "医院管理处", "kind": "hospital_office", "affiliation": "provincial"}
    assert sent(client, cast.bodies["province"], **office).status_code == 302
    with entered(cast.province.pk):
        office = Institution.objects.get(name="医院管理处")
    address, data = f"/bodies/{hospital.pk}/edit/", {"name": hospital.name, "kind": "hospital", "affiliation": "local"}
    assert client.post(address, {**data, "audit_authority": office.pk}).status_code == 302
    assert f'<option value="{office.pk}" selected>' in client.get(address).content.decode()
    assert "还有 1 个机构以此为学分审验机关" in client.get(f"/bodies/{office.pk}/close/").content.decode()
    assert client.post(address, {**data, "audit_authority": ""}).status_code == 302
    assert "学分审验机关" not in client.get(f"/bodies/{hospital.pk}/").content.decode()
    assert client.post(f"/bodies/{office.pk}/close/", {"reason": "撤销"}).status_code == 302
    refused = client.post(address, {**data, "audit_authority": office.pk})
    assert refused.status_code == 422
    assert "请重新选择学分审验机关" in refused.content.decode()


def test_only_employers_are_given_somebody_who_audits_them(cast: Cast) -> None:
    client = signed_in(cast, "province")
    for body, is_offered in (("hospital", True), ("direct", True), ("department", False), ("county", False)):
        page = client.get(f"/bodies/{cast.bodies[body].pk}/edit/").content.decode()
        assert ('name="audit_authority"' in page) == is_offered, body
    with entered(cast.province.pk):
        hospital = cast.bodies["hospital"]
        with pytest.raises(ValidationError) as refused:
            tree.correct(
                actor=cast.officer("province", Role.ADMINISTRATOR),
                institution_id=hospital.pk,
                name=hospital.name,
                kind=hospital.kind,
                affiliation=hospital.affiliation,
                primary_care=False,
                audit_authority=cast.bodies["direct"],
                at=NOW,
            )
        assert "不能作为本机构的学分审验机关" in refused.value.message_dict["audit_authority"][0]


def test_primary_care_asks_for_other_credits_of_everybody_there(cast: Cast) -> None:
    data = {"name": "某卫生院", "kind": "hospital", "affiliation": "local", "primary_care": "on"}
    assert signed_in(cast, "county").post(f"/bodies/{cast.bodies['hospital'].pk}/edit/", data).status_code == 302
    outbox.deliver_due(at=timezone.now(), kind="institution.changed")
    told = OutboxMessage.objects.filter(kind="practitioner.changed").values_list("payload", flat=True)
    people = {cast.practitioner.pk, cast.colleague.pk}
    assert [(one["practitioner"] in people, one["since"]) for one in told] == [(True, 0)] * len(people)


def test_a_body_does_not_change_what_decides_who_reviews_it(cast: Cast) -> None:
    client, hospital = signed_in(cast, "hospital"), cast.bodies["hospital"]
    assert "更正" not in client.get(f"/bodies/{hospital.pk}/").content.decode()
    data = {"name": hospital.name, "kind": "hospital", "affiliation": "provincial"}
    answer = client.post(f"/bodies/{hospital.pk}/edit/", data)
    assert answer.status_code == 422
    assert "由上级机构更正或关闭" in answer.content.decode()
    root = cast.bodies["province"]
    data = {"name": "辽宁省卫生健康委", "kind": "commission", "affiliation": "local"}
    assert signed_in(cast, "province").post(f"/bodies/{root.pk}/edit/", data).status_code == 302


def test_a_body_in_use_says_what_keeps_it_open(cast: Cast) -> None:
    approval = declared(cast)
    cast.officer("hospital")
    client, address = signed_in(cast, "county"), f"/bodies/{cast.bodies['hospital'].pk}/close/"
    page = client.get(address).content.decode()
    sentences = ("还有 1 个下属机构", "还有 1 个在任岗位", "还有 2 人在此任职", "还有 1 项申报")
    for sentence in sentences:
        assert sentence in page
    assert "<textarea" not in page
    answer = client.post(address, {"reason": "合并"})
    assert answer.status_code == 422
    assert all(sentence in answer.content.decode() for sentence in sentences)
    with entered(cast.province.pk):
        assert approval.holder == Institution.objects.get(pk=cast.bodies["hospital"].pk, closed_on=None)


def test_a_closed_body_takes_nobody_and_its_name_is_free_again(cast: Cast) -> None:
    client, direct = signed_in(cast, "province"), cast.bodies["direct"]
    address = f"/bodies/{direct.pk}/close/"
    assert client.post(address, {"reason": ""}).status_code == 422
    page = client.post(address, {"reason": "并入省人民医院"}, follow=True).content.decode()
    assert "已关闭" in page
    assert "登记下属机构" not in page
    with entered(cast.province.pk):
        closed = Institution.objects.get(pk=direct.pk)
        assert closed.closed_on is not None
        assert JournalEntry.objects.get(act="institution.close").detail == {"reason": "并入省人民医院"}
        for field, act in (("institution", employ), ("institution", appoint), ("parent", found_below)):
            with pytest.raises(ValidationError) as refused:
                act(cast, direct)
            assert "关闭，请选择其他机构" in refused.value.message_dict[field][0]
    assert "请选择用人单位" in client.post("/people/new/", {"institution": direct.pk}).content.decode()
    assert direct.name not in client.get("/bodies/").content.decode()
    assert direct.name in client.get("/bodies/?state=closed").content.decode()
    again = {"name": direct.name, "kind": "hospital", "affiliation": "provincial"}
    assert sent(client, cast.bodies["province"], **again).status_code == 302


@pytest.mark.parametrize("page", ["edit", "close"])
def test_a_closed_body_is_neither_corrected_nor_closed_again(cast: Cast, page: str) -> None:
    client, direct = signed_in(cast, "province"), cast.bodies["direct"]
    assert client.post(f"/bodies/{direct.pk}/close/", {"reason": "合并"}).status_code == 302
    address, sentence = f"/bodies/{direct.pk}/{page}/", "关闭，登记信息不再更改"
    data = {"name": "另一名称", "kind": "hospital", "affiliation": "local", "reason": "再次"}
    for answer in (client.get(address, follow=True), client.post(address, data, follow=True)):
        assert answer.redirect_chain == [(f"/bodies/{direct.pk}/", 302)]
        assert sentence in answer.content.decode()
    with entered(cast.province.pk):
        actor = cast.officer("province", Role.ADMINISTRATOR)
        with pytest.raises(ValidationError, match=sentence):
            tree.close(actor=actor, institution_id=direct.pk, reason="再次", at=NOW)
        assert Institution.objects.get(pk=direct.pk).name == direct.name


def employ(cast: Cast, institution: Institution) -> None:
    employment.employ(
        actor=the_portal(cast.province),
        practitioner_id=cast.practitioner.pk,
        institution=institution,
        since=NOW.date(),
        at=NOW,
    )


def appoint(cast: Cast, institution: Institution) -> None:
    posts.appoint(
        actor=the_portal(cast.province),
        user=cast.colleague.user,
        institution=institution,
        role=Role.REVIEWER,
        since=NOW.date(),
        at=NOW,
    )


def found_below(cast: Cast, institution: Institution) -> None:
    tree.found(
        actor=the_portal(cast.province),
        province=cast.province,
        name="内科",
        tier="department",
        kind="department",
        parent=institution,
        at=NOW,
    )


def test_only_units_have_an_affiliation(cast: Cast) -> None:
    client = signed_in(cast, "province")
    shown = {"direct": "省直单位", "hospital": "市县属单位", "province": "–", "office": "–", "department": "–"}
    for body, affiliation in shown.items():
        page = client.get(f"/bodies/{cast.bodies[body].pk}/").content.decode()
        assert re.search(rf"<dt>隶属关系</dt>\s*<dd>{affiliation}</dd>", page), body
    assert client.get("/bodies/").content.decode().count('<td data-label="隶属关系">–</td>') == 5
