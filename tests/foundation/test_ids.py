"""Ids that come from a browser."""

import pytest

from cme_portal.foundation.ids import row_id


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "²", "٣", "１", "1 ", "\0", "9" * 19, "9" * 5000])
def test_what_can_be_no_id_names_no_row(text: str) -> None:
    assert row_id(text) is None


def test_an_id_is_a_number_that_a_bigint_holds() -> None:
    assert row_id("17") == 17
    assert row_id("9" * 18) < 2**63
