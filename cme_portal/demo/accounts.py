"""The accounts of the demonstration: one per role and province, listed on the sign-in page in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from institutions.enums import Role

PASSWORD = "demo-2026-cme"  # noqa: S105 - shown on the sign-in page of a demonstration


Post = tuple[str, Role]  # the body and what for


@dataclass(frozen=True)
class Account:
    """Who signs in, and what for: practitioners of an ``employer`` with a phone number, others with a staff account."""

    key: str
    label: str
    employer: str = ""
    posts: tuple[Post, ...] = ()

    def sign_in(self, province_letters: str, number: int) -> str:
        if self.employer:
            return f"139{number:04d}{PRACTITIONER_KEYS.index(self.key):04d}"
        return f"{province_letters.lower()}-{self.key}"


# With whom a province begins; opens all other accounts.
ADMINISTRATOR = Account("administrator", "省级管理员", posts=(("province", Role.ADMINISTRATOR),))
ACCOUNTS = (
    Account("nurse", "卫生专业技术人员（市级医院）", "hospital"),
    Account("doctor", "卫生专业技术人员（省直医院）", "direct"),
    Account("village", "乡村医生", "village"),
    Account("head-nurse", "护士长，兼科室审核（两个身份）", "hospital", (("hospital/护理部", Role.REVIEWER),)),
    Account("department", "科室审核", posts=(("hospital/护理部", Role.REVIEWER),)),
    Account("hospital", "市级医院审核", posts=(("hospital", Role.REVIEWER),)),
    Account("direct", "省直医院审核", posts=(("direct", Role.REVIEWER),)),
    Account("township", "乡镇卫生院审核", posts=(("township", Role.REVIEWER),)),
    Account("county", "县（区）卫生健康局审核", posts=(("county", Role.REVIEWER),)),
    Account("city", "市卫生健康委审核", posts=(("city", Role.REVIEWER),)),
    Account("province", "省卫生健康委审核", posts=(("province", Role.REVIEWER),)),
    Account("office", "省继教办审核", posts=(("office", Role.REVIEWER),)),
    Account("tcm", "中医药管理局审核", posts=(("tcm", Role.REVIEWER),)),
    Account("certifier", "学分证书签发", posts=(("province", Role.CERTIFIER),)),
    Account("auditor", "医院监督审计", posts=(("hospital", Role.AUDITOR),)),
    Account("supervisor", "省级监督审计", posts=(("province", Role.AUDITOR),)),
    Account("people", "医院人员管理", posts=(("hospital", Role.ADMINISTRATOR),)),
    Account(
        "manager",
        "市级人员管理，兼监督审计（两个岗位）",
        posts=(("city", Role.ADMINISTRATOR), ("city", Role.AUDITOR)),
    ),
    ADMINISTRATOR,
)
PRACTITIONER_KEYS = tuple(account.key for account in ACCOUNTS if account.employer)
