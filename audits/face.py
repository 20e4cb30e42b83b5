"""What a certificate says: the fields on paper, the same fields in public with the name masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cme_portal.foundation.templatetags.cme import masked_name

TITLES_IN_ENGLISH = {"初级（含士）": "Junior", "中级": "Intermediate", "高级": "Senior"}
HIDDEN = "*"
# The 18 places of GB 11643, of which a certificate shows the last four.
IDENTITY_LENGTH = 18


@dataclass(frozen=True)
class Row:
    """One line of the certificate: `value` is the fact, `value_en` a translation where one is certain."""

    label: str
    label_en: str
    value: str
    value_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Face:
    """Everything printed on one annual certificate. Credits are one-decimal strings."""

    number: str
    check_code: str
    province: str
    issuer: str
    holder: str
    identity_last4: str
    employer: str
    title: str
    year: int
    total: str
    professional: str
    common: str
    full_year: bool
    regulation: str
    issued_on: date

    def rows(self) -> list[Row]:
        """The table on paper: who, where, under which rule."""
        return [
            Row("姓名", "Name", self.holder),
            self._identity(),
            *self._rows_without_a_person(),
        ]

    def contents(self) -> list[Row]:
        """What is certified, with the figures: whatever a correction of the record can change."""
        return [*self.rows(), *self._figures()]

    def public_rows(self) -> list[Row]:
        """The fields for the public page: all that is printed, the name masked, the figures and the number as lines.

        Whoever asks has the sheet with its check code in hand, and compares it line by line.
        """
        return [
            Row("证书编号", "Certificate No.", self.number),
            Row("姓名", "Name", masked_name(self.holder)),
            self._identity(),
            *self._rows_without_a_person(),
            *self._figures(),
            Row("发证单位", "Issued by", self.issuer),
            Row("发证日期", "Date of issue", self.issued_on.isoformat()),
        ]

    def _identity(self) -> Row:
        return Row("身份证号", "ID number", HIDDEN * (IDENTITY_LENGTH - 4) + self.identity_last4)

    def _figures(self) -> list[Row]:
        return [
            Row("总学分", "Total credits", self.total),
            Row("专业科目学分", "Professional credits", self.professional),
            Row("公需科目学分", "Common credits", self.common),
        ]

    def everything(self) -> str:
        """All variable text in one string, for the check that the fonts hold every character."""
        return "".join(row.value for row in (*self.rows(), *self.public_rows())) + self.province + self.check_code

    def _rows_without_a_person(self) -> list[Row]:
        how = (
            ("一项活动或累计满三个月，完成全年学分", "Completed by one activity or three months")
            if self.full_year
            else ("达到年度学分要求", "Met")
        )
        return [
            Row("工作单位", "Employer", self.employer),
            Row("职称级别", "Title level", self.title, TITLES_IN_ENGLISH.get(self.title, "")),
            Row("学分年度", "Credit year", str(self.year)),
            Row("达标情况", "Requirement", *how),
            Row("认定依据", "Regulation", self.regulation),
        ]
