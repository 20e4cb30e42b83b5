"""Explanations as a practitioner reads them: rate and result, what is left over, the cap, the reading, the clause."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from credits.rules import Activity, Line, Person, assess, regulation
from credits.rules.wording import STATED, stated

MARCH = date(2026, 3, 2)


def lines(jurisdiction: str, *activities: Activity, year: int = 2026, **person: Any) -> tuple[Line, ...]:
    return assess(
        regulation(jurisdiction, year), year, Person("intermediate", **person), activities, explain=True
    ).lines


def texts(line: Line) -> list[str]:
    return [step.text for step in line.steps]


def test_hours_that_fill_no_unit_are_named_with_their_reading() -> None:
    (line,) = lines("liaoning", Activity("a", "project", hours=Decimal(4), start=MARCH))
    assert texts(line) == [
        "参加 4 小时，每满 3 小时计 1 学分，计 1.0 学分；余下 1 小时不足 3 小时，不计。",
        "口径 R1：只计完整单位，余下的不计学分。",
    ]
    assert line.steps[0].clause == "liaoning 三(一)"
    assert line.steps[0].figure == ("应得", 10)
    assert line.steps[1].reading == "R1"


def test_what_a_yearly_cap_had_left_is_told() -> None:
    first, second, third = lines(
        "national",
        Activity("a", "practice", hours=Decimal(84), start=MARCH, end=date(2026, 3, 20)),
        Activity("b", "practice", hours=Decimal(12), start=date(2026, 4, 1)),
        Activity("c", "practice", hours=Decimal(6), start=date(2026, 5, 1)),
    )
    name = "“有组织的继续医学教育实践活动”全年最多 15.0 学分"
    assert texts(first)[-1] == f"{name}，按活动日期先后，计至本次共 14.0 学分，没有超过上限。"
    assert texts(second)[-1] == f"{name}，此前已计 14.0 学分，还可计 1.0 学分，本次计入 1.0 学分。"
    assert texts(third)[-1] == f"{name}，此前已经计满，本次不再计入。"
    assert third.steps[-1].figure == ("计入", 0)


def test_a_project_tells_its_own_cap_and_what_others_of_its_number_took() -> None:
    _, second = lines(
        "national",
        Activity("a", "project", hours=Decimal(24), project="P-1", start=MARCH, end=date(2026, 3, 5)),
        Activity("b", "project", hours=Decimal(36), project="P-1", start=date(2026, 4, 1), end=date(2026, 4, 5)),
    )
    assert texts(second)[1:3] == [
        "每个项目最多计 10.0 学分，本次按 10.0 学分计。",
        "同一项目（P-1）此前已计 8.0 学分，本次计入 2.0 学分。",
    ]
    assert second.steps[1].clause == "national 第三部分 统一标准3"


def test_months_of_a_stay_are_told_one_by_one() -> None:
    stay = Activity("a", "study_leave", hours=Decimal(90), start=date(2026, 4, 11), end=date(2026, 5, 10))
    (line,) = lines("liaoning", stay)
    assert (
        "每满 6 小时计 1 学分，每月最多 8.0 学分：4 月 20 天合 60 小时，计 10.0 学分，按上限计 8.0 学分；"
        "5 月 10 天合 30 小时，计 5.0 学分；合计 13.0 学分。"
    ) in texts(line)
    assert "R5" in {step.reading for step in line.steps}


def test_three_months_in_two_stays_tell_the_share() -> None:
    first, _ = lines(
        "national",
        Activity("a", "study_leave", hours=Decimal(200), start=date(2026, 3, 1), end=date(2026, 4, 9)),
        Activity("b", "study_leave", hours=Decimal(200), start=date(2026, 6, 1), end=date(2026, 7, 20)),
    )
    assert "这类活动本年度累计 90 天，满 3 个月，视为完成当年 25.0 学分。" in texts(first)
    assert "本次在本年度内 40 天，按天数分摊计 11.1 学分。" in texts(first)
    assert {"R3", "R4"} <= {step.reading for step in first.steps}


def test_a_failed_activity_and_one_for_another_year_say_so() -> None:
    failed, elsewhere = lines(
        "zhejiang",
        Activity("a", "project", hours=Decimal(9), start=MARCH, passed=False),
        Activity("b", "project", hours=Decimal(9), start=MARCH, makes_up=2025),
    )
    assert texts(failed)[0] == "考核没有通过，不授予学分。"
    assert texts(elsewhere)[0] == "本次用于补 2025 年度的学分，不计入 2026 年度。"
    assert elsewhere.steps[0].clause == "zhejiang 补学"


def test_one_achievement_that_brings_the_year_says_so() -> None:
    (line,) = lines("zhejiang", Activity("a", "achievement", "paper", journal="sci", rank=1, start=MARCH))
    assert texts(line)[0] == "SCI 收录期刊，排名第 1，计 25.0 学分。"
    assert "一次取得 25.0 学分，视为完成当年要求。" in texts(line)


def test_several_occurrences_and_halves_are_told() -> None:
    sessions, review = lines(
        "zhejiang",
        Activity("a", "internal_training", count=5, start=MARCH),
        Activity("b", "achievement", "paper", journal="core", rank=1, review=True, start=MARCH),
    )
    assert texts(sessions)[0] == "理论培训，每场计 0.2 学分；共 5 场，计 1.0 学分。"
    assert texts(review)[0] == "综述按标准的一半计：中文核心期刊，排名第 1，计 7.5 学分。"


def test_caps_of_a_year_can_be_drawn() -> None:
    rules = regulation("zhejiang", 2026)
    entry = Activity("a", "internal_training", "hands_on", count=50, start=MARCH)
    for primary_care, most in ((False, 150), (True, 200)):
        result = assess(rules, 2026, Person("junior", primary_care=primary_care), [entry])
        caps = {cap.code: cap for cap in result.caps}
        assert (caps["internal_training"].limit, caps["internal_training"].used) == (most, most)
        assert caps["self_study"].used == 0


def test_a_cap_that_three_months_lift_is_not_drawn() -> None:
    stay = Activity("a", "study_leave", days=60, start=date(2026, 2, 1), end=date(2026, 4, 30))
    result = assess(regulation("zhejiang", 2026), 2026, Person("junior"), [stay])
    assert "study_leave" not in {cap.code for cap in result.caps}


def test_every_fact_that_a_step_may_name_tells_entries_apart() -> None:
    """What is said is remembered by these facts: one left out would lend an entry another one's words."""
    plain = Activity("a", "project")
    for slot in STATED:
        if slot.name != "role":
            assert stated(replace(plain, **{slot.name: "other"})) != stated(plain), slot.name
