"""The provinces of the demonstration and their bodies. Cities and counties are real, every institution is fictional."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from institutions import tree
from institutions.actors import the_portal
from institutions.enums import Affiliation, Kind, Tier
from institutions.founding import Plan
from institutions.models import Institution, Province


@dataclass(frozen=True)
class ProvincePlan:
    """What is entered for one province. ``cities`` maps a city to its counties; primary care lies in the first."""

    code: str
    letters: str
    name: str
    short_name: str
    city_code: str
    palette: str
    cities: dict[str, tuple[str, ...]]
    village: tuple[str, str]
    direct_hospital: str
    is_municipality: bool = False
    extra: tuple[str, ...] = field(default=())

    @property
    def tenant(self) -> Plan:
        """What the province itself is called; its regulation has its name."""
        return Plan(
            code=self.code,
            letters=self.letters,
            name=self.name,
            short_name=self.short_name,
            jurisdiction=self.code,
            palette=self.palette,
            is_municipality=self.is_municipality,
        )


PLANS = (
    ProvincePlan(
        "liaoning", "LN", "辽宁省", "辽宁", "2101", "blue",
        {"沈阳市": ("新民市", "苏家屯区"), "大连市": ("庄河市",), "鞍山市": ("海城市",), "锦州市": ("义县",)},
        ("大民屯镇", "方巾牛村"), "辽宁省示范肿瘤医院",
    ),
    ProvincePlan(
        "zhejiang", "ZJ", "浙江省", "浙江", "3301", "teal",
        {"杭州市": ("桐庐县", "建德市"), "宁波市": ("余姚市",), "温州市": ("永嘉县",), "丽水市": ("景宁畲族自治县",)},
        ("分水镇", "新龙村"), "浙江省示范人民医院",
    ),
    ProvincePlan(
        "jilin", "JL", "吉林省", "吉林", "2201", "green",
        {"长春市": ("农安县", "德惠市"), "吉林市": ("蛟河市",), "延边朝鲜族自治州": ("延吉市",), "白山市": ("抚松县",)},
        ("合隆镇", "陈家店村"), "吉林省示范医院", extra=("jlu",),
    ),
    ProvincePlan(
        "sichuan", "SC", "四川省", "四川", "5101", "red",
        {"成都市": ("金堂县", "都江堰市"), "绵阳市": ("三台县",), "凉山彝族自治州": ("西昌市",), "泸州市": ("泸县",)},
        ("五凤镇", "金箱村"), "四川省示范医学科学院附属医院",
    ),
    ProvincePlan(
        "beijing", "BJ", "北京市", "北京", "1101", "blue",
        {"": ("海淀区", "朝阳区", "延庆区")},
        ("四海镇", "四海村"), "北京示范医院", is_municipality=True,
    ),
)  # fmt: skip

DEPARTMENTS = ("护理部", "心内科", "儿科", "急诊科", "药学部", "检验科")


def found_bodies(plan: ProvincePlan, province: Province, *, at: datetime) -> dict[str, Institution]:
    """What lies below the entered province's commission. Keys name the bodies that accounts and stories use."""
    bodies: dict[str, Institution] = {}
    portal = the_portal(province)

    def found(key: str, name: str, tier: str, kind: str, parent: Institution, **more: Any) -> Institution:
        bodies[key] = tree.found(
            actor=portal, province=province, name=name, tier=tier, kind=kind, parent=parent, at=at, **more
        )
        return bodies[key]

    root = bodies["province"] = Institution.objects.get(province=province, parent=None)
    found("office", f"{plan.name}继续医学教育办公室", Tier.PROVINCE_OFFICE, Kind.CME_OFFICE, root)
    found("tcm", f"{plan.name}中医药管理局", Tier.PROVINCE_OFFICE, Kind.TCM_ADMINISTRATION, root)
    direct = {"affiliation": Affiliation.PROVINCIAL}
    _with_departments(found, "direct", found("direct", plan.direct_hospital, Tier.UNIT, Kind.HOSPITAL, root, **direct))
    found("society", f"{plan.name}示范医学会", Tier.UNIT, Kind.SOCIETY, root, affiliation=Affiliation.SOCIETY)
    if "jlu" in plan.extra:
        university = found(
            "jlu_office", "吉林大学医院管理处", Tier.UNIT, Kind.HOSPITAL_OFFICE, root, affiliation=Affiliation.JLU
        )
        hospital = found(
            "jlu", "吉林大学示范医院", Tier.UNIT, Kind.UNIVERSITY_HOSPITAL, university,
            affiliation=Affiliation.JLU, audit_authority=university,
        )  # fmt: skip
        _with_departments(found, "jlu", hospital)
    for city_name, counties in plan.cities.items():
        city = root
        if city_name:
            city = found(city_name, f"{city_name}卫生健康委员会", Tier.CITY, Kind.COMMISSION, root)
            hospital = found(f"{city_name}医院", f"{city_name}示范人民医院", Tier.UNIT, Kind.HOSPITAL, city)
            _with_departments(found, f"{city_name}医院", hospital)
        for county_name in counties:
            county = found(county_name, f"{county_name}卫生健康局", Tier.COUNTY, Kind.COMMISSION, city)
            hospital = found(f"{county_name}医院", f"{county_name}示范医院", Tier.UNIT, Kind.HOSPITAL, county)
            _with_departments(found, f"{county_name}医院", hospital)
    _primary_care(plan, found, bodies)
    bodies["city"] = next((bodies[name] for name in plan.cities if name), root)
    bodies["county"] = bodies[_first_county(plan)]
    bodies["county_hospital"] = bodies[f"{_first_county(plan)}医院"]
    place = next((name for name in plan.cities if name), _first_county(plan))
    bodies["hospital"] = bodies[f"{place}医院"]
    for name in DEPARTMENTS:
        bodies[f"hospital/{name}"] = bodies[f"{place}医院/{name}"]
    return bodies


def _first_county(plan: ProvincePlan) -> str:
    return next(iter(plan.cities.values()))[0]


def _with_departments(found: Any, key: str, hospital: Institution) -> None:
    for name in DEPARTMENTS:
        found(f"{key}/{name}", name, Tier.DEPARTMENT, Kind.DEPARTMENT, hospital)


def _primary_care(plan: ProvincePlan, found: Any, bodies: dict[str, Institution]) -> None:
    town, village = plan.village
    primary = {"primary_care": True}
    county = bodies[_first_county(plan)]
    township = found("township", f"{town}示范卫生院", Tier.UNIT, Kind.TOWNSHIP_HEALTH_CENTRE, county, **primary)
    found("village", f"{village}卫生室", Tier.UNIT, Kind.VILLAGE_CLINIC, township, **primary)
    found("community", "示范社区卫生服务中心", Tier.UNIT, Kind.COMMUNITY_HEALTH_CENTRE, county, **primary)
