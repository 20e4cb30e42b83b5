"""Which regulation rules: by jurisdiction and credit year. Versions are kept for good; a year without one is an error."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from credits.rules.beijing import REGULATION as BEIJING
from credits.rules.jilin import REGULATION as JILIN
from credits.rules.language import Regulation
from credits.rules.liaoning import REGULATION as LIAONING
from credits.rules.national import REGULATION as NATIONAL
from credits.rules.provisions import RuleMissingError
from credits.rules.sichuan import REGULATION as SICHUAN
from credits.rules.zhejiang import REGULATION as ZHEJIANG

# Each jurisdiction's versions, oldest first. A version decides whole credit years, from the year it comes into force.
VERSIONS: Final[Mapping[str, tuple[Regulation, ...]]] = MappingProxyType(
    {
        "national": (NATIONAL,),
        "beijing": (BEIJING,),
        "liaoning": (LIAONING,),
        "zhejiang": (ZHEJIANG,),
        "jilin": (JILIN,),
        "sichuan": (SICHUAN,),
    }
)
JURISDICTIONS: Final = tuple(VERSIONS)
LAST_YEAR: Final = 2100  # a later year is a slip of the pen


def regulation(jurisdiction: str, when: int | date) -> Regulation:
    """The version that decides the credit year (of that day). Raise RuleMissingError where there is none."""
    if jurisdiction not in VERSIONS:
        raise RuleMissingError(f"没有“{jurisdiction}”的学分规定，可选：{'、'.join(VERSIONS)}")
    year = when.year if isinstance(when, date) else when
    versions = VERSIONS[jurisdiction]
    for version in reversed(versions):
        if version.in_force.year <= year <= LAST_YEAR:
            return version
    bound = f"年度应不晚于 {LAST_YEAR} 年" if year > LAST_YEAR else f"{versions[0].in_force.year} 年起可以计算"
    raise RuleMissingError(f"{versions[0].name}没有 {year} 年度的学分规定，{bound}")


def version(name: str) -> Regulation:
    """The regulation by its version, as the ledger keeps it ("liaoning-2025.1"). Raise RuleMissingError."""
    for versions in VERSIONS.values():
        for candidate in versions:
            if candidate.version == name:
                return candidate
    raise RuleMissingError(f"没有“{name}”这一版学分规定")
