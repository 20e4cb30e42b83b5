"""Makes the demonstration: provinces, bodies, accounts, people, claims, certificates."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from audits import certificates
from cme_portal.demo.accounts import ACCOUNTS, PASSWORD, Account
from cme_portal.demo.geography import PLANS, ProvincePlan, found_bodies, found_province
from cme_portal.demo.names import PROFESSIONS, names
from cme_portal.demo.story import Stage, credit_year, known_stages, play, queue_stages, stages
from cme_portal.foundation import outbox
from cme_portal.foundation.models import OutboxMessage
from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Statement
from institutions import people, posts
from institutions.actors import Actor, as_officer, the_portal
from institutions.enums import Role, Tier, Title
from institutions.models import Institution, Practitioner, Province, User
from institutions.national_id import fictional

PEOPLE_PER_PROVINCE = 40
QUEUE_LENGTH = 12
QUEUE_ABOVE = 5
Report = Callable[[str], None]


def load(*, now: datetime, report: Report) -> None:
    """Make everything; the database must hold no province yet."""
    for number, plan in enumerate(PLANS, start=1):
        province = found_province(plan)
        with entered(province.pk):
            ProvinceDemo(plan, province, number, now).load()
        report(f"{plan.name}演示数据已生成")
    # What the acts of past days left for the worker is due from now on: nobody has kept it waiting.
    OutboxMessage.objects.filter(delivered_at=None, due_at__lt=now).update(due_at=now)


class ProvinceDemo:
    """One province in the making: its bodies, the officers appointed so far, and a source of chance that repeats itself."""

    def __init__(self, plan: ProvincePlan, province: Province, number: int, now: datetime) -> None:
        self.plan, self.province, self.number, self.now = plan, province, number, now
        self.portal = the_portal(province)
        self.chance = random.Random(plan.code)  # noqa: S311 - a demonstration
        self.names = names(plan.code)
        self.since = date(now.year - 1, 1, 1)
        self.founded = now - timedelta(days=60)
        self.officers: dict[int, Actor] = {}
        self.sequence = 0
        # Hashing a password takes a tenth of a second on purpose; everybody of the demonstration shares one.
        self.password_hash = ""

    def load(self) -> None:
        self.bodies = found_bodies(self.plan, self.province, at=self.founded)
        for account in ACCOUNTS:
            if account.role is not None:
                username = account.sign_in(self.plan.letters, self.number)
                self._appoint(username, self.bodies[account.body], account.role)
        known = [self._practitioner_with_account(account) for account in ACCOUNTS if account.role is None]
        others = [self._practitioner(self._employer()) for _ in range(PEOPLE_PER_PROVINCE - len(known))]
        for practitioner in known:
            for stage in known_stages(practitioner, now=self.now):
                self._play(practitioner, stage)
        self._declare(others)
        self._full_years(others[:6])
        self._certify()
        if self.number == 1:
            self._fill_queue([one for one in others if one.institution == self.bodies["hospital"]], QUEUE_LENGTH)
        for tier in (Tier.COUNTY, Tier.CITY):
            below = [one for one in others if one.institution.path.startswith(self.bodies[tier].path)]
            self._fill_queue(below, QUEUE_ABOVE, tier=tier)

    def officer(self, institution: Institution) -> Actor:
        """A reviewing officer of a body; one is appointed where nobody of the account list sits."""
        if institution.pk not in self.officers:
            self._appoint(f"{self.plan.letters.lower()}-officer-{institution.pk}", institution, Role.REVIEWER)
        return self.officers[institution.pk]

    def _appoint(self, username: str, institution: Institution, role: str) -> None:
        user = self._user(username, next(self.names))
        post = posts.appoint(
            actor=self.portal, user=user, institution=institution, role=role, since=self.since, at=self.founded
        )
        if role == Role.REVIEWER:
            self.officers[institution.pk] = as_officer(post)
        if role == Role.CERTIFIER:
            self.certifier = as_officer(post)

    def _user(self, username: str, name: str, phone: str | None = None) -> User:
        user = User(username=username, name=name, phone=phone)
        if not self.password_hash:
            user.set_password(PASSWORD)
            self.password_hash = user.password
        user.password = self.password_hash
        user.save()
        return user

    def _employer(self) -> Institution:
        """City and county hospitals mostly, primary care and direct units too."""
        keys = (
            ["hospital"] * 8
            + ["direct"] * 4
            + ["county_hospital"] * 3
            + ["township", "village", "community", "society"]
        )
        keys += [key for key in self.bodies if key.endswith("医院")] + (["jlu"] * 3 if "jlu" in self.bodies else [])
        return self.bodies[self.chance.choice(keys)]

    def _practitioner(
        self, institution: Institution, *, department: Institution | None = None, phone: str | None = None
    ) -> Practitioner:
        self.sequence += 1
        name = next(self.names)
        phone = phone or f"138{self.number:04d}{self.sequence:04d}"
        user = self._user(f"{self.plan.letters.lower()}-person-{self.sequence}", name, phone=phone)
        departments = list(Institution.objects.filter(parent=institution, tier=Tier.DEPARTMENT).order_by("pk"))
        department = department or (self.chance.choice(departments) if departments else None)
        born = date(self.chance.randint(1968, 2000), self.chance.randint(1, 12), self.chance.randint(1, 28))
        return people.register(
            actor=self.portal,
            name=name,
            user=user,
            national_id=fictional(city=self.plan.city_code, born=born, sequence=self.sequence),
            profession="护理" if department and department.name == "护理部" else self.chance.choice(PROFESSIONS),
            title=self.chance.choices((Title.JUNIOR, Title.INTERMEDIATE, Title.SENIOR), (4, 4, 2))[0],
            title_since=self.since,
            institution=institution,
            department=department,
            employee_number=f"{institution.pk:03d}{self.sequence:04d}",
            employed_since=self.since,
            licence_number=f"{self.plan.city_code}{self.sequence:011d}",
            at=self.founded,
        )

    def _practitioner_with_account(self, account: Account) -> Practitioner:
        institution = self.bodies[account.body]
        nursing = self.bodies.get(f"{account.body}/护理部")
        phone = account.sign_in(self.plan.letters, self.number)
        return self._practitioner(institution, department=nursing, phone=phone)

    def _declare(self, people_declaring: list[Practitioner]) -> None:
        for practitioner in people_declaring:
            for stage in stages(practitioner, self.chance, now=self.now):
                self._play(practitioner, stage)

    def _full_years(self, chosen: list[Practitioner]) -> None:
        """Some people complete the year by one stay of three months, so that there are statements to certify."""
        year = credit_year(self.now)
        for practitioner in chosen:
            if any(one.code == "study_leave" for one in claims.declarations(practitioner, year)):
                self._play(practitioner, Stage("study_leave", None, "approved", full_year=True))

    def _fill_queue(self, colleagues: list[Practitioner], length: int, *, tier: str | None = None) -> None:
        """The bodies of the account list have a queue worth working through."""
        for practitioner, stage in queue_stages(colleagues, self.chance, length=length, tier=tier, now=self.now):
            self._play(practitioner, stage)

    def _certify(self) -> None:
        """The province certifies most of those who are through; in the first province one certificate is revoked.

        The others are printed and signed by the worker, as after any issuing.
        """
        year = credit_year(self.now)
        compliant = Statement.objects.filter(year=year, compliant=True, province=self.province).order_by("pk")
        chosen = list(compliant.values_list("practitioner_id", flat=True))[:-1]
        if self.number == 1 and chosen:
            run = certificates.issue_many(actor=self.certifier, practitioner_ids=[chosen.pop()], year=year, at=self.now)
            outbox.deliver_due(at=self.now, kind="certificate.make")
            certificates.revoke(
                actor=self.certifier,
                certificate_id=run.certificates.get().pk,
                reason="所依据的进修结业证书经核实系伪造",
                at=self.now,
            )
        if chosen:
            certificates.issue_many(actor=self.certifier, practitioner_ids=chosen, year=year, at=self.now)

    def _play(self, practitioner: Practitioner, stage: Stage) -> None:
        play(practitioner, stage, officer=self.officer, chance=self.chance, now=self.now)
