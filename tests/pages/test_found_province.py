"""A newcomer's first act: a province with somebody who can open everything else."""

from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from cme_portal.foundation.tenancy import entered
from institutions.models import Institution, Province, Seat

pytestmark = pytest.mark.django_db

HUNAN = {
    "letters": "HN",
    "name": "湖南省",
    "short_name": "湖南",
    "administrator": "hn-admin",
    "administrator_name": "张三",
}


def found(password: str, **changes: str) -> None:
    target = "cme_portal.pages.management.commands.found_province.getpass"
    with patch(target, return_value=password):
        call_command("found_province", "hunan", **{**HUNAN, **changes})


def test_a_province_begins_with_its_commission_and_an_administrator() -> None:
    found("一个足够长的口令2026")
    province = Province.objects.get()
    assert (province.jurisdiction, province.authority) == ("national", "湖南省卫生健康委员会")
    seat = Seat.objects.select_related("user").get()
    assert (seat.user.username, seat.province) == ("hn-admin", province)
    with entered(province.pk):
        assert Institution.objects.get().name == "湖南省卫生健康委员会"


def test_a_weak_password_or_a_letter_code_in_use_is_refused_with_a_sentence() -> None:
    with pytest.raises(CommandError, match="密码"):
        found("12345")
    found("一个足够长的口令2026")
    with pytest.raises(CommandError, match="字母代码"):
        found("一个足够长的口令2026", administrator="hx-admin")
    assert Province.objects.count() == 1


@pytest.mark.parametrize("letters", ["hn", "H", "ＨＮ", "H1", "HN\n"])
def test_a_letter_code_that_no_number_can_begin_with_is_refused_with_a_sentence(letters: str) -> None:
    with pytest.raises(CommandError, match="字母代码为 2 至 4 个大写英文字母"):
        found("一个足够长的口令2026", letters=letters)
    with pytest.raises(IntegrityError, match="province_letters_are_letters"):
        Province.objects.create(code="hunan", letters=letters, name="湖南省")
