"""The accounts of the demonstration: one per role and province, listed on the sign-in page in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from institutions.enums import Role

PASSWORD = "demo-2026-cme"  # noqa: S105 - shown on the sign-in page of a demonstration


@dataclass(frozen=True)
class Account:
    """Who signs in and what for. ``sign_in`` is a phone number for practitioners, a staff account for officers."""

    key: str
    label: str
    body: str
    role: str | None = None

    def sign_in(self, province_letters: str, number: int) -> str:
        if self.role is None:
            return f"139{number:04d}{PRACTITIONER_KEYS.index(self.key):04d}"
        return f"{province_letters.lower()}-{self.key}"


ACCOUNTS = (
    Account("nurse", "卫生专业技术人员（市级医院）", "hospital"),
    Account("doctor", "卫生专业技术人员（省直医院）", "direct"),
    Account("village", "乡村医生", "village"),
    Account("department", "科室审核", "hospital/护理部", Role.REVIEWER),
    Account("hospital", "市级医院审核", "hospital", Role.REVIEWER),
    Account("direct", "省直医院审核", "direct", Role.REVIEWER),
    Account("township", "乡镇卫生院审核", "township", Role.REVIEWER),
    Account("county", "县（区）卫生健康局审核", "county", Role.REVIEWER),
    Account("city", "市卫生健康委审核", "city", Role.REVIEWER),
    Account("province", "省卫生健康委审核", "province", Role.REVIEWER),
    Account("office", "省继教办审核", "office", Role.REVIEWER),
    Account("tcm", "中医药管理局审核", "tcm", Role.REVIEWER),
    Account("certifier", "学分证书签发", "province", Role.CERTIFIER),
    Account("auditor", "医院监督审计", "hospital", Role.AUDITOR),
    Account("supervisor", "省级监督审计", "province", Role.AUDITOR),
    Account("people", "医院人员管理", "hospital", Role.ADMINISTRATOR),
    Account("administrator", "省级管理员", "province", Role.ADMINISTRATOR),
)
PRACTITIONER_KEYS = tuple(account.key for account in ACCOUNTS if account.role is None)
