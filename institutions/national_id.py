"""The citizen identity number of GB 11643: normalise, check, and make fictional ones for the demo."""

import re
from datetime import date

from django.core.exceptions import ValidationError

# GB/T 2260 codes of the provinces; 81 to 83 are residents of Hong Kong, Macao and Taiwan with a residence permit.
PROVINCE_CODES = frozenset(
    str(code)
    for codes in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for code in range(*codes)
)
LENGTH = 18
WEIGHTS = tuple(2**place % 11 for place in range(17, 0, -1))
CHECK_CHARACTERS = "10X98765432"
OLDEST_AGE = 120
SHAPE = re.compile(r"[0-9]{17}[0-9X]")
# Full-width ！ to ～ stand in the same order as ASCII's ! to ~.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Spaces, hyphens and the invisible characters that come along when a number is copied from a document or a chat.
SEPARATORS = re.compile(r"[\s\-\u200b-\u200f\u2010-\u2015\u2060\ufeff]")


def normalise(text: str) -> str:
    """Full-width characters made half-width, separators dropped, the check character in upper case; not yet judged."""
    return SEPARATORS.sub("", text.translate(HALF_WIDTH)).upper()


def clean(text: str, *, today: date) -> str:
    """The normalised number, or ValidationError (code: length, characters, region, birth_date or checksum)."""
    number = normalise(text)
    if len(number) != LENGTH:
        raise ValidationError(f"身份证号码应为 18 位，现为 {len(number)} 位。请对照证件重新填写。", code="length")
    if not SHAPE.fullmatch(number):
        raise ValidationError("身份证号码前 17 位应为数字，末位为数字或 X。请对照证件重新填写。", code="characters")
    if not _region_exists(number):
        raise ValidationError("身份证号码开头的地区代码不存在。请核对前 6 位。", code="region")
    born = birth_date(number)
    if born is None or not today.year - OLDEST_AGE <= born.year or born > today:
        raise ValidationError("身份证号码第 7 至 14 位不是有效的出生日期。请核对这 8 位。", code="birth_date")
    if check_character(number[:17]) != number[17]:
        raise ValidationError("身份证号码校验不通过，可能有一位填错。请对照证件逐位核对。", code="checksum")
    return number


def birth_date(number: str) -> date | None:
    """The date of birth in places 7 to 14, or None where they are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def check_character(first_17: str) -> str:
    """The eighteenth place of GB 11643 (ISO 7064, MOD 11-2)."""
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def fictional(*, city: str, born: date, sequence: int) -> str:
    """A valid number of nobody: `city` is a four-digit code such as 2101, and no county has the code 99 used here.

    `sequence` is 0 to 999; odd numbers are men, even numbers women.
    """
    first_17 = f"{city}99{born:%Y%m%d}{sequence:03d}"
    return first_17 + check_character(first_17)


def _region_exists(number: str) -> bool:
    # Foreign permanent residents since 2023: 9, then the province, then the country of origin.
    return number[:2] in PROVINCE_CODES or (number[0] == "9" and number[1:3] in PROVINCE_CODES)
