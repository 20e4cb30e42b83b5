"""Procedures against the table of routes, the table of deadlines and the list of statements (tests/cases)."""

import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, cast, get_args

import pytest
import yaml

from credits.rules.procedure import Procedure
from credits.rules.provisions import (
    Affiliation,
    Deadline,
    Jurisdiction,
    RuleMissingError,
    Tier,
    Window,
)
from credits.rules.registry import VERSIONS

CASES = Path(__file__).parents[2] / "cases"
JURISDICTIONS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
DIRECT: tuple[Affiliation, ...] = ("provincial", "central", "military", "society", "jlu")
STATEMENTS = {
    "national": ("N", 24),
    "beijing": ("B", 7),
    "liaoning": ("L", 32),
    "zhejiang": ("Z", 24),
    "jilin": ("J", 24),
    "sichuan": ("S", 30),
}

# What the table calls in English, as the pages call it.
STEPS = {
    "核销": "核销",
    "plan": "计划",
    "progress": "进度",
    "evaluation": "评估",
    "consent": "同意",
    "hold": "举办",
    "report": "报告",
    "e_certificate": "电子证书",
}
ALSO_FILE = {"beijing_inspection_system": "北京市继续医学教育项目督查系统"}
NOTES = {"CME management of provincial level or above": "审核机关为省级及以上继教管理部门"}


def procedure_of(jurisdiction: str) -> Procedure:
    return cast("Procedure", import_module(f"credits.rules.{jurisdiction}.procedure").PROCEDURE)


def table(name: str) -> dict[str, Any]:
    content: dict[str, dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    return content[name]


def routes() -> Iterator[Any]:
    for jurisdiction, by_code in table("routes").items():
        for code, row in by_code.items():
            if (jurisdiction, code) == ("beijing", "others"):
                for other in ("study_leave", "degree", "practice", "government_task", "self_study", "other"):
                    yield pytest.param(jurisdiction, other, row, id=f"{jurisdiction}-{other}")
            else:
                yield pytest.param(jurisdiction, code, row, id=f"{jurisdiction}-{code}")


@pytest.mark.parametrize(("jurisdiction", "code", "row"), list(routes()))
def test_route_is_the_table_s(jurisdiction: str, code: str, row: dict[str, Any]) -> None:
    procedure = procedure_of(jurisdiction)
    route = procedure.route_named(code)
    assert route.tiers("local") == tuple(row.get("local") or row["all"])
    for affiliation in DIRECT:
        if affiliation in route.special:
            continue
        expected = row.get("all") or row.get("provincial_direct")
        if expected in (None, "unstated"):
            with pytest.raises(RuleMissingError, match=code):
                route.tiers(affiliation)
        else:
            assert procedure.route(code, affiliation) == tuple(expected)
    for name in ("grants", "issues", "files"):
        if name in row:
            # The platform of Jilin grants by itself, as the system of Zhejiang does.
            assert getattr(route, name) == {"platform": "system"}.get(row[name], row[name])
    steps = row.get("steps") or ([row["step"]] if "step" in row else [])
    assert route.steps == tuple(STEPS[step] for step in steps)
    assert route.also_file == (ALSO_FILE[row["also_file"]] if "also_file" in row else None)
    assert route.prior_filing == row.get("prior_filing", {})
    assert route.note == (NOTES[row["note"]] if "note" in row else "")
    if jurisdiction != "beijing" and "clause" in row:
        assert set(row["clause"]) <= set(route.statements)
    if row.get("stated") not in (None, True):
        assert route.reading or route.grants == "employer" or route.declared_by == "organizer"


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_provision_names_clauses_that_exist(jurisdiction: str) -> None:
    procedure = procedure_of(jurisdiction)
    for provision in procedure.provisions:
        assert provision.cite
        for label in provision.cite:
            clause = procedure_of(label.split(" ")[0]).clause(label)
            assert clause is not None
            assert clause.code == label


def test_special_routes_of_jilin() -> None:
    jilin = procedure_of("jilin")
    row = table("routes")["jilin"]
    assert jilin.route("project", "jlu") == tuple(row["project"]["special_universities"])
    assert jilin.route("project", "university") == tuple(row["project"]["special_universities"])
    universities = row["annual_audit"]["special_universities"]
    assert jilin.route("annual_audit", "jlu") == tuple(universities["jilin_university"])
    for name in ("beihua", "yanbian", "jilin_medical"):
        assert jilin.route("annual_audit", "university") == tuple(universities[name])


def test_zhejiang_system_grants_and_the_employer_decides_when_a_check_fails() -> None:
    route = procedure_of("zhejiang").route_named("achievement")
    assert route.deciding_tiers() == ("system",)
    assert route.otherwise == ("employer",)
    assert route.reading


@pytest.mark.parametrize(
    ("jurisdiction", "code", "affiliation", "tiers"),
    [
        ("liaoning", "study_leave", "local", ("employer", "county", "city", "province")),
        ("liaoning", "practice", "central", ("employer", "province")),
        ("national", "practice", "local", ("employer", "province")),
        ("beijing", "self_study", "military", ("employer", "district", "city")),
        ("sichuan", "project_remote", "local", ("city", "province_office")),
        ("sichuan", "other", "society", ("own_unit", "province")),
        ("jilin", "degree", "jlu", ("department", "employer")),
        ("jilin", "local", "local", ("city",)),
        ("zhejiang", "degree", "local", ("employer",)),
        ("zhejiang", "internal_training", "local", ("organizer",)),
    ],
)
def test_deciding_tiers(jurisdiction: str, code: str, affiliation: Affiliation, tiers: tuple[Tier, ...]) -> None:
    assert procedure_of(jurisdiction).deciding_tiers(code, affiliation) == tiers


def test_an_unknown_route_or_affiliation_is_named() -> None:
    with pytest.raises(RuleMissingError, match="national has no route apprenticeship"):
        procedure_of("national").route("apprenticeship")
    with pytest.raises(RuleMissingError, match="unknown affiliation: foreign"):
        procedure_of("national").route("degree", "foreign")


# Deadlines


DEADLINE_CODES = {
    "register class information": "register_run",
    "attendance, assessment, pre-granted credits": "report_run",
    "project held in another province in the national system": "register_run_elsewhere",
    "municipal-level project in the inspection system": "file_municipal_project",
    "national-level project in the inspection system": "file_national_project",
    "co-organiser registers an outside organiser's project": "file_outside_organizer",
    "upload another province's certificate": "upload_certificate",
    "register all other activities": "register_others",
    "self-learning plan": "self_learning_plan",
    "self-learning evidence": "self_learning_evidence",
    "credit year": "credit_year",
    "ask for make-up": "ask_make_up",
    "make up": "make_up",
    "self-study plan": "self_study_plan",
    "self-study progress report": "self_study_progress",
    "self-study evaluation": "self_study_evaluation",
    "internal training filing (county level and below)": "file_internal_training",
    "project registration and results": "register_run",
    "apply to hold a project": "register_run",
    "report of execution": "report_run",
    "co-organiser files an outside organiser's project": "file_outside_organizer",
    "internal training entered": "enter_internal_training",
    "annual audit scope": "audit_scope",
    "national system registration": "register_run",
    "provincial system plan": "register_run",
    "cross-province project in the national system": "register_run_elsewhere",
    "results in either system": "report_run",
    "make-up of the year before": "make_up",
}


def deadlines() -> Iterator[Any]:
    for jurisdiction, rows in table("deadlines").items():
        for row in rows:
            if row["what"] in DEADLINE_CODES:
                yield pytest.param(jurisdiction, DEADLINE_CODES[row["what"]], row, id=f"{jurisdiction}-{row['what']}")


def month_day(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    month, day = text.split("-")
    return int(month), int(day)


@pytest.mark.parametrize(("jurisdiction", "code", "row"), list(deadlines()))
def test_deadline_is_the_table_s(jurisdiction: str, code: str, row: dict[str, Any]) -> None:
    procedure = procedure_of(jurisdiction)
    known: tuple[Deadline | Window, ...] = (*procedure.deadlines, *procedure.windows)
    provision = next(one for one in known if one.code == code)
    if row.get("as") == "national":
        national = procedure_of("national").deadline(code)
        assert isinstance(provision, Deadline)
        assert (provision.anchor, provision.offset, provision.unit) == (national.anchor, national.offset, national.unit)
        assert provision.reading
        return
    clauses = row["clause"] if isinstance(row["clause"], list) else [row["clause"]]
    assert set(clauses) <= set(provision.statements)
    if isinstance(provision, Deadline):
        assert provision.offset == row.get("offset")
        assert provision.unit == row.get("unit", "weeks")
        if row.get("offset") is not None:
            assert provision.anchor == row["anchor"]
    else:
        assert provision.opens == month_day(row.get("from"))
        assert provision.closes == month_day(row.get("until"))
        assert provision.anchor == row.get("anchor", "credit_year")


def test_minimums_sanctions_and_quota_are_the_table_s() -> None:
    """The rows of the table that are no deadlines: attendance, examination, exclusion, Beijing's share of districts."""
    rows = [(jurisdiction, row) for jurisdiction, listed in table("deadlines").items() for row in listed]
    others = {(jurisdiction, row["what"]): row for jurisdiction, row in rows if row["what"] not in DEADLINE_CODES}
    liaoning, jilin, beijing = procedure_of("liaoning"), procedure_of("jilin"), procedure_of("beijing")
    project, practice = liaoning.attendance
    assert project.per_day == others.pop(("liaoning", "project attendance"))["min_per_day"]
    assert practice.per_day == others.pop(("liaoning", "practice attendance"))["min_per_day"]
    (examination,) = liaoning.examinations
    share = others.pop(("liaoning", "examination"))
    assert (examination.pass_percent, examination.in_principle) == (round(share["pass_share"] * 100), True)
    for procedure, what in ((liaoning, "exclusion of a unit"), (jilin, "suspension of a unit")):
        (sanction,) = procedure.sanctions
        row = others.pop((procedure.jurisdiction, what))
        assert (sanction.min_years, sanction.max_years) == (row["min_years"], row["max_years"])
        assert row["clause"] in sanction.statements
    (quota,) = beijing.quotas
    assert (quota.percent, quota.year, quota.of_year) == (50, 2025, 2024)
    assert others.pop(("beijing", "district recommended projects 2025"))["limit"] == "50 % of those held in 2024"
    assert others.pop(("zhejiang", "in force"))["from"] == "2025-07-15"
    assert not others


def test_liaoning_grants_a_project_on_three_conditions_together() -> None:
    liaoning = procedure_of("liaoning")
    conditions = [one for one in liaoning.provisions if "L23" in one.statements]
    (attendance, *_), (evaluation,), (examination,) = liaoning.attendance, liaoning.evaluations, liaoning.examinations
    assert conditions == [attendance, evaluation, examination]
    assert (attendance.scope, evaluation.scope, evaluation.anchor) == ("project", "project", "project_end")


def test_days_of_windows() -> None:
    others = procedure_of("liaoning").window("register_others")
    assert others.within(2026) == (None, date(2027, 1, 31))
    assert procedure_of("jilin").window("audit_scope").within(2027) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [one.code for one in procedure_of("liaoning").windows_for("self_study", "self_learning")] == [
        "self_learning_evidence"
    ]
    assert [one.code for one in procedure_of("liaoning").windows_for("self_study", "paper")] == ["register_others"]


# What a person may declare

USUAL = "study_leave degree practice government_task self_study other"


@pytest.mark.parametrize(
    ("jurisdiction", "codes"),
    [
        ("national", USUAL),
        ("beijing", USUAL),
        ("liaoning", f"{USUAL} project_other_province"),
        ("zhejiang", "study_leave degree self_study other achievement local"),
        ("jilin", f"{USUAL} project_other_province achievement local"),
        ("sichuan", f"project_remote {USUAL} project_other_province apprenticeship"),
    ],
)
def test_declarations(jurisdiction: str, codes: str) -> None:
    declarations = procedure_of(jurisdiction).declarable()
    assert [one.code for one in declarations] == codes.split()
    for declaration in declarations:
        assert declaration.hint
        assert declaration.evidence
        for item in declaration.items or (None,):
            assert any(document.required for document in declaration.evidence_for(item))


def test_a_project_of_the_own_province_is_no_declaration() -> None:
    with pytest.raises(RuleMissingError, match="liaoning: a person cannot declare project_in_person"):
        procedure_of("liaoning").declaration("project_in_person")


def test_evidence_that_the_texts_name() -> None:
    assert procedure_of("jilin").declaration("study_leave").evidence[0].title == "进修结业证"
    liaoning = procedure_of("liaoning").declaration("self_study")
    assert [document.code for document in liaoning.evidence_for("self_learning")] == ["plan", "result"]
    assert liaoning.evidence_for("plan") == liaoning.evidence


@pytest.mark.parametrize(
    ("code", "clause", "documents"),
    [
        ("project_outside_organizer_in_sichuan", "三(二)1(4)", "备案表 培训通知文件 培训日程"),
        (
            "study_leave",
            "四(三)",
            "单位外派证明 考核结业证书 红头通知文件 培训举办通知 课程安排表 参训证明",
        ),
        (
            "degree",
            "六",
            "录取通知书 本学年课程考核成绩 课程计划表 课程安排表 论文开题报告 论文科研记录本 中期考核 毕业（学位）证书",
        ),
        ("practice", "七(三)", "考勤表 举办通知 课程安排表 考核情况"),
        ("government_task", "八", "单位外派证明"),
        ("self_study", "九(四)", "单位同意的年度自学计划表 自学成果证明 相关通知或邀请函"),
        ("make_up", "十一(二)", "补学原因凭证 补学内容和情况 考核结果和学分授予证明"),
    ],
)
def test_sichuan_asks_for_every_document_that_its_text_lists(code: str, clause: str, documents: str) -> None:
    (evidence,) = [one for one in procedure_of("sichuan").evidence if one.declaration == code]
    assert [document.title for document in evidence.documents] == documents.split()
    assert evidence.cite == (f"sichuan {clause}",)


def test_sichuan_says_what_proves_self_study_and_that_making_up_is_sealed() -> None:
    by_code = {one.code: one for one in procedure_of("sichuan").evidence}
    proof = next(one for one in by_code["self_study"].documents if one.code == "result")
    for named in ("授课通知", "课表", "姓名、讲题", "宣教资料", "封面", "目录", "全文", "获批通知"):
        assert named in proof.note
    assert all(document.note == "单位盖章" for document in by_code["make_up"].documents)


# Clauses and statements


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_statement_is_carried(jurisdiction: str) -> None:
    letter, last = STATEMENTS[jurisdiction]
    numbers = {f"{letter}{number}" for number in range(1, last + 1)}
    procedure = procedure_of(jurisdiction)
    assert numbers <= procedure.statements()
    texts = [statement for clause in procedure.clauses for statement in clause.statements]
    assert numbers <= {statement.number for statement in texts}
    assert len({statement.number for statement in texts}) == len(texts)


def test_there_are_141_statements() -> None:
    assert sum(last for _, last in STATEMENTS.values()) == 141


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_provisions_refer_to_what_exists(jurisdiction: str) -> None:
    procedure = procedure_of(jurisdiction)
    routes_and_items = {route.code for route in procedure.routes} | {one.code for one in procedure.evidence}
    assert {one.declaration for one in procedure.evidence} <= {route.code for route in procedure.routes}
    timed: tuple[Deadline | Window, ...] = (*procedure.deadlines, *procedure.windows)
    for provision in timed:
        assert set(provision.applies_to) <= routes_and_items
    codes = [clause.code for clause in procedure.clauses]
    assert len(set(codes)) == len(codes)


def test_cases_cite_clauses_that_exist() -> None:
    """Every clause label of the worked cases is a clause, or the section that clauses are part of."""
    lines = (CASES / "assessment.jsonl").read_text().splitlines()
    labels = {label for line in lines for label in json.loads(line)["clauses"] if label.split(" ")[0] in JURISDICTIONS}
    sections = {"liaoning 三", "jilin 二", "sichuan 三 到 九", "sichuan 三 到 十"}
    for label in labels - sections:
        clause = procedure_of(label.split(" ")[0]).clause(label)
        assert clause is not None, label
        assert clause.code == label, label


def test_beijing_shows_the_national_clauses_too() -> None:
    clause = procedure_of("beijing").clause("national 第三部分 统一标准2")
    assert clause is not None
    assert clause.source == "national"


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_clauses_cited_by_the_standards_exist(jurisdiction: str) -> None:
    """What explanations cite leads to a clause of the page, never to a neighbour."""
    rules = VERSIONS[jurisdiction][-1]
    asked = rules.requirement
    labels = {asked.cite, asked.cite_split, asked.cite_at_once, asked.cite_settled, rules.subjects.cite}
    if rules.make_up is not None:
        labels.add(rules.make_up.cite)
    for category in rules.categories:
        labels |= {category.cite, category.cite_caps, *(item.cite for item in category.items)}
    for label in labels - {""}:
        clause = procedure_of(label.split(" ")[0]).clause(label)
        assert clause is not None, label
        assert clause.code == label, label
