"""The fixed cast of the tests: a practitioner, a colleague, officers of every tier, and a stranger who owns a claim too.

Everything is made by the acts that the portal itself uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cme_portal.foundation.tenancy import entered
from institutions import people, posts, tree
from institutions.actors import Actor, as_officer, as_practitioner, the_portal
from institutions.enums import Affiliation, Kind, Role, Tier, Title
from institutions.models import Institution, Practitioner, Province, User
from institutions.national_id import fictional

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
PASSWORD = "correct horse 电池"

PROVINCES = {
    "liaoning": ("LN", "辽宁省", "辽宁", "沈阳市", "苏家屯区"),
    "zhejiang": ("ZJ", "浙江省", "浙江", "杭州市", "桐庐县"),
    "jilin": ("JL", "吉林省", "吉林", "长春市", "农安县"),
    "sichuan": ("SC", "四川省", "四川", "成都市", "金堂县"),
    "beijing": ("BJ", "北京市", "北京", "北京市", "海淀区"),
}

CITY_CODES = {"liaoning": "2101", "zhejiang": "3301", "jilin": "2201", "sichuan": "5101", "beijing": "1101"}


@dataclass
class Cast:
    """One province with its bodies and people. Actors are made on demand: ``cast.officer("city")``."""

    province: Province
    bodies: dict[str, Institution]
    officers: dict[str, Actor] = field(default_factory=dict)
    practitioner: Practitioner | None = None
    colleague: Practitioner | None = None

    @property
    def person(self) -> Actor:
        return as_practitioner(self.practitioner)

    def officer(self, body: str, role: str = Role.REVIEWER) -> Actor:
        """The officer of a body (``hospital``, ``department``, ``county``, ``city``, ``province``, ``office``, ``direct``)."""
        key = f"{body}:{role}"
        if key not in self.officers:
            user = user_named(f"{self.province.code}-{body}-{role}", f"{body[:2]}专员")
            with entered(self.province.pk):
                post = posts.appoint(
                    actor=the_portal(self.province),
                    user=user,
                    institution=self.bodies[body],
                    role=role,
                    since=date(2025, 1, 1),
                    at=NOW,
                )
            self.officers[key] = as_officer(post)
        return self.officers[key]

    def hire(
        self, name: str, body: str = "hospital", *, title: str = Title.INTERMEDIATE, number: int = 1
    ) -> Practitioner:
        """A further person employed at a body, with an account."""
        unit = self.bodies[body]
        department = self.bodies["department"] if body == "hospital" else None
        with entered(self.province.pk):
            return people.register(
                actor=the_portal(self.province),
                name=name,
                national_id=fictional(city=CITY_CODES[self.province.code], born=date(1988, 5, 17), sequence=number),
                profession="护理",
                title=title,
                title_since=date(2020, 1, 1),
                institution=unit,
                department=department,
                employed_since=date(2020, 1, 1),
                user=user_named(
                    f"{self.province.code}-p{number}",
                    name,
                    phone=f"139{list(PROVINCES).index(self.province.code):03d}{number:05d}",
                ),
                at=NOW,
            )


def user_named(username: str, name: str, phone: str | None = None) -> User:
    user = User(username=username, name=name, phone=phone)
    user.set_password(PASSWORD)
    user.save()
    return user


def make_province(code: str) -> Province:
    letters, name, short, *_ = PROVINCES[code]
    return Province.objects.create(
        code=code,
        letters=letters,
        name=name,
        short_name=short,
        jurisdiction=code,
        is_municipality=code == "beijing",
        portal_name=f"{name}继续医学教育学分管理平台",
        authority=f"{name}卫生健康委员会",
    )


def make_cast(code: str) -> Cast:
    """A province with the bodies every route needs, a practitioner and a colleague."""
    province = make_province(code)
    city_name, county_name = PROVINCES[code][3:]
    with entered(province.pk):
        root = _found(province, province.authority, Tier.PROVINCE, Kind.COMMISSION)
        office = _found(province, f"{province.short_name}省继教办", Tier.PROVINCE_OFFICE, Kind.CME_OFFICE, root)
        city = _found(province, f"{city_name}卫生健康委员会", Tier.CITY, Kind.COMMISSION, root)
        county = _found(province, f"{county_name}卫生健康局", Tier.COUNTY, Kind.COMMISSION, city)
        hospital = _found(province, f"{county_name}人民医院", Tier.UNIT, Kind.HOSPITAL, county)
        department = _found(province, "护理部", Tier.DEPARTMENT, Kind.DEPARTMENT, hospital)
        direct = _found(
            province,
            f"{province.short_name}省肿瘤医院",
            Tier.UNIT,
            Kind.HOSPITAL,
            root,
            affiliation=Affiliation.PROVINCIAL,
        )
    cast = Cast(
        province,
        {
            "province": root,
            "office": office,
            "city": city,
            "county": county,
            "hospital": hospital,
            "department": department,
            "direct": direct,
        },
    )
    cast.practitioner = cast.hire("王思远", number=1)
    cast.colleague = cast.hire("赵一鸣", number=2)
    return cast


def _found(
    province: Province,
    name: str,
    tier: str,
    kind: str,
    parent: Institution | None = None,
    *,
    affiliation: str = Affiliation.LOCAL,
) -> Institution:
    return tree.found(
        actor=the_portal(province),
        province=province,
        name=name,
        tier=tier,
        kind=kind,
        parent=parent,
        affiliation=affiliation,
        at=NOW,
    )
