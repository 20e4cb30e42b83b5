"""Administrators enter the bodies of their territory, each where it can stand in the tree."""

import pytest
from django.test import Client

from cme_portal.foundation.tenancy import entered
from institutions.enums import Role
from institutions.models import Institution
from tests.cast import Cast, make_cast

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
