"""Makes the demonstration: provinces, bodies, accounts, people, claims, certificates."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from audits import certificates
from cme_portal.demo.accounts import ACCOUNTS, ADMINISTRATOR, PASSWORD, Account
from cme_portal.demo.geography import PLANS, ProvincePlan, found_bodies
from cme_portal.demo.names import PROFESSIONS, names
from cme_portal.demo.story import Stage, credit_year, known_stages, play, queue_stages, stages
from cme_portal.foundation import outbox
from cme_portal.foundation.models import OutboxMessage
from cme_portal.foundation.tenancy import entered
from credits import claims
from credits.models import Statement
from institutions import people, posts, sign_in
from institutions.actors import Actor, as_officer
from institutions.enums import Role, Tier, Title
from institutions.founding import found_province
from institutions.models import Institution, Post, Practitioner, User
from institutions.national_id import fictional

PEOPLE_PER_PROVINCE = 40
QUEUE_LENGTH = 12
QUEUE_ABOVE = 5
Report = Callable[[str], None]


def load(*, now: datetime, report: Report, plans: Sequence[ProvincePlan] = PLANS) -> None:
    """Make everything; the database must hold no province yet."""
    for number, plan in enumerate(plans, start=1):
        demo = ProvinceDemo(plan, number, now)
        with entered(demo.province.pk):
            demo.load()
        report(f"{plan.name}演示数据已生成")
    # What the acts of past days left for the worker is due from now on: nobody has kept it waiting.
    OutboxMessage.objects.filter(delivered_at=None, due_at__lt=now).update(due_at=now)


class ProvinceDemo:
    """One province in the making: its bodies, the officers appointed so far, and a source of chance that repeats itself.

    Its administrator does what an administrator does in the portal, by the same acts.
    """

    def __init__(self, plan: ProvincePlan, number: int, now: datetime) -> None:
        self.plan, self.number, self.now = plan, number, now
        self.chance = random.Random(plan.code)  # noqa: S311 - a demonstration
        self.names = names(plan.code)
        self.since = date(now.year - 1, 1, 1)
        self.founded = now - timedelta(days=60)
        self.officers: dict[int, Actor] = {}
        self.sequence = 0
        self.province = found_province(
            plan=plan.tenant,
            account=ADMINISTRATOR.sign_in(plan.letters, number),
            name=next(self.names),
            password=PASSWORD,
            at=self.founded,
        )

    def load(self) -> None:
        self.administrator = as_officer(Post.objects.get())
        self.bodies = found_bodies(self.plan, self.province, at=self.founded)
        for account in ACCOUNTS:
            if not account.employer and account != ADMINISTRATOR:
                self._appoint(self._staff(account.sign_in(self.plan.letters, self.number)), account.posts)
        known = [self._practitioner_with_account(account) for account in ACCOUNTS if account.employer]
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
        self._share_password()

    def officer(self, institution: Institution) -> Actor:
        """A reviewing officer of a body; one is appointed where nobody of the account list sits."""
        if institution.pk not in self.officers:
            user = self._staff(f"{self.plan.letters.lower()}-officer-{institution.pk}")
            self._hold(user, institution, Role.REVIEWER)
        return self.officers[institution.pk]

    def _staff(self, username: str) -> User:
        return sign_in.open_staff_account(
            actor=self.administrator,
            institution=self.administrator.institution,
            username=username,
            name=next(self.names),
            at=self.founded,
        )

    def _appoint(self, user: User, held: Sequence[tuple[str, Role]]) -> None:
        for body, role in held:
            self._hold(user, self.bodies[body], role)

    def _hold(self, user: User, institution: Institution, role: Role) -> None:
        post = posts.appoint(
            actor=self.administrator, user=user, institution=institution, role=role, since=self.since, at=self.founded
        )
        if role == Role.REVIEWER:
            self.officers.setdefault(institution.pk, as_officer(post))
        if role == Role.CERTIFIER:
            self.certifier = as_officer(post)

    def _share_password(self) -> None:
        """Hashing a password takes a tenth of a second on purpose: everybody is given that of the administrator."""
        everybody = User.objects.filter(seats__province=self.province)
        everybody.update(password=self.administrator.user.password)

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
        departments = list(Institution.objects.filter(parent=institution, tier=Tier.DEPARTMENT).order_by("pk"))
        department = department or (self.chance.choice(departments) if departments else None)
        born = date(self.chance.randint(1968, 2000), self.chance.randint(1, 12), self.chance.randint(1, 28))
        practitioner = people.register(
            actor=self.administrator,
            name=name,
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
        sign_in.open_account(actor=self.administrator, practitioner_id=practitioner.pk, phone=phone, at=self.founded)
        practitioner.refresh_from_db(fields=["user"])
        return practitioner

    def _practitioner_with_account(self, account: Account) -> Practitioner:
        institution = self.bodies[account.employer]
        nursing = self.bodies.get(f"{account.employer}/护理部")
        phone = account.sign_in(self.plan.letters, self.number)
        practitioner = self._practitioner(institution, department=nursing, phone=phone)
        self._appoint(User.objects.get(phone=phone), account.posts)
        return practitioner

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
