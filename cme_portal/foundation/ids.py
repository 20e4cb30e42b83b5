"""Ids of rows as browsers send them."""

import re

# As many digits as surely fit into a bigint. Python's own isdecimal() would let 5000 digits through, on which int() fails.
ID = re.compile(r"[0-9]{1,18}")


def row_id(text: str) -> int | None:
    """The id that ``text`` names; None for anything that can be none."""
    return int(text) if ID.fullmatch(text) else None
