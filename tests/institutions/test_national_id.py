"""GB 11643 numbers as people type them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from institutions import national_id

TODAY = date(2026, 11, 22)
# The worked example of GB 11643-1999, annex: sequence and check character.
STANDARD = "11010519491231002X"

cities = st.sampled_from(["1101", "2101", "2201", "3301", "5101"])
numbers = st.builds(
    lambda city, born, sequence: national_id.fictional(city=city, born=born, sequence=sequence),
    cities,
    st.dates(date(1930, 1, 1), date(2008, 12, 31)),
    st.integers(0, 999),
)


def code_of(text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        national_id.clean(text, today=TODAY)
    return refused.value.code


def test_the_example_of_the_standard_is_valid() -> None:
    assert national_id.clean(STANDARD, today=TODAY) == STANDARD


@pytest.mark.parametrize(
    "typed",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105\u3000194912\u200b31002ｘ",
    ],
)
def test_one_number_in_the_ways_people_write_it(typed: str) -> None:
    assert national_id.clean(typed, today=TODAY) == STANDARD


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("110105491231002", "length"),  # the 15 places of before 1999
        ("1101051949123100X2", "characters"),
        ("11010519491231００2Y", "characters"),
        ("٠١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "characters"),  # digits of another script are no digits here
        ("99010519491231002X", "region"),
        ("110105194902300026", "birth_date"),
        ("110105209912310020", "birth_date"),
        ("110105180012310020", "birth_date"),
        ("110105194912310021", "checksum"),
    ],
)
def test_each_fault_has_its_own_sentence(typed: str, code: str) -> None:
    assert code_of(typed) == code


def test_a_child_born_tomorrow_has_no_number() -> None:
    assert code_of(national_id.fictional(city="2101", born=date(2026, 11, 23), sequence=1)) == "birth_date"


@given(numbers)
def test_fictional_numbers_are_valid_and_of_nobody(number: str) -> None:
    assert national_id.clean(number, today=TODAY) == number
    assert number[4:6] == "99"


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(ValidationError):
        national_id.clean(number[:place] + wrong + number[place + 1 :], today=TODAY)


@given(numbers, st.integers(0, 16))
def test_two_digits_exchanged_are_always_found(number: str, place: int) -> None:
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if exchanged != number:
        with pytest.raises(ValidationError):
            national_id.clean(exchanged, today=TODAY)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = national_id.normalise(text)
    assert national_id.normalise(once) == once


@given(st.text(max_size=30))
def test_any_text_is_answered_with_a_number_or_a_sentence(text: str) -> None:
    try:
        answer = national_id.clean(text, today=TODAY)
    except ValidationError as refused:
        answer = refused.messages[0]
    assert len(answer) == 18 or answer.endswith("。")
