"""Beijing: the national procedure, with the city's inspection system and its three tiers."""

from credits.rules.beijing.clauses import CLAUSES
from credits.rules.national.procedure import PROCEDURE as NATIONAL
from credits.rules.procedure import Procedure
from credits.rules.provisions import Deadline, Quota, Route, Tier

# The municipality is the province: its commission is the city of 市、区、机构.
THREE_TIERS: tuple[Tier, ...] = ("employer", "district", "city")
THREE_TIERS_READING = "文本只说市、区、机构三级管理，据此由单位、区、市依次审核；北京市级即省级。"
INSPECTION_SYSTEM = "北京市继续医学教育项目督查系统"


def _by_three_tiers(route: Route) -> Route:
    return Route(
        route.code,
        route.title,
        local=THREE_TIERS,
        category=route.category,
        items=route.items,
        hint=route.hint,
        grants=route.grants,
        cite=("beijing 问题咨询",),
        statements=("B7",),
        reading=THREE_TIERS_READING,
    )


PROCEDURE: Procedure = NATIONAL.amended(
    jurisdiction="beijing",
    clauses=NATIONAL.clauses + CLAUSES,
    routes=(
        Route(
            "project_in_person",
            "面授项目",
            local=("organizer", "province"),
            declared_by="organizer",
            category="project",
            grants="province",
            issues="province",
            also_file=INSPECTION_SYSTEM,
            cite=("national 第四部分", "beijing 第四部分"),
            statements=("N16", "B1", "B2"),
        ),
        *(_by_three_tiers(route) for route in NATIONAL.routes if route.declared_by == "person"),
    ),
    deadlines=(
        Deadline(
            "file_municipal_project",
            "市级项目在督查系统报备",
            anchor="project_start",
            offset=-2,
            cite=("beijing 第四部分",),
            statements=("B2",),
            applies_to=("project_in_person",),
        ),
        Deadline(
            "file_national_project",
            "国家级项目在督查系统报备，与国家系统登记同时",
            anchor="national_registration",
            cite=("beijing 第四部分",),
            statements=("B1",),
            applies_to=("project_in_person",),
        ),
    ),
    quotas=(
        Quota(
            "district_projects",
            "区级推荐项目数量",
            year=2025,
            of_year=2024,
            percent=50,
            cite=("beijing 北京思路3",),
            statements=("B6",),
        ),
    ),
)
