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
    name = f"{name}；按活动日期先后"
    assert texts(first)[-1] == f"{name}，此前已计 0.0 学分，还可计 15.0 学分，本次计入 14.0 学分。"
    assert texts(second)[-1] == f"{name}，此前已计 14.0 学分，还可计 1.0 学分，本次计入 1.0 学分。"
    assert texts(third)[-1] == f"{name}，此前已计 15.0 学分，还可计 0.0 学分，本次计入 0.0 学分。"
    assert third.steps[-1].figure == ("计入", 0)


def test_an_item_below_its_cap_says_that_another_cap_cut_it() -> None:
    _, talk = lines(
        "liaoning",
        Activity("a", "self_study", assessed_credits=Decimal(9), start=MARCH),
        Activity("b", "self_study", "outreach", count=4, start=date(2026, 4, 1)),
    )
    assert texts(talk)[-2].endswith("此前已计 0.0 学分，还可计 5.0 学分，本次受其他上限限制，计入 1.0 学分。")
    assert texts(talk)[-1].endswith("此前已计 9.0 学分，还可计 1.0 学分，本次计入 1.0 学分。")


def test_a_project_tells_its_own_cap_and_what_others_of_its_number_took() -> None:
    _, second = lines(
        "national",
        Activity("a", "project", hours=Decimal(24), project="P-1", start=MARCH, end=date(2026, 3, 5)),
        Activity("b", "project", hours=Decimal(36), project="P-1", start=date(2026, 4, 1), end=date(2026, 4, 5)),
    )
    assert texts(second)[1:3] == [
        "每个项目最多计 10.0 学分，本次按 10.0 学分计。",
        "每个项目最多计 10.0 学分；同一项目（P-1）此前已计 8.0 学分，还可计 2.0 学分，本次计入 2.0 学分。",
    ]
    assert {step.clause for step in second.steps[1:]} == {"national 第三部分 统一标准3"}
    assert second.steps[3].reading == "R6"


def test_a_remote_part_and_a_published_figure_tell_what_earlier_entries_left() -> None:
    parts = [Activity(name, "project", hours=Decimal(6), project="P", delivery="remote", start=MARCH) for name in "ab"]
    _, remote = lines("national", *parts)
    assert (
        "每个项目的远程部分最多计 3.0 学分；同一项目（P）此前已计 2.0 学分，还可计 1.0 学分，本次计入 1.0 学分。"
        in texts(remote)
    )
    parts = [
        Activity(name, "project", hours=Decimal(9), published_credits=Decimal(4), project="P", start=MARCH)
        for name in "ab"
    ]
    _, published = lines("national", *parts)
    assert texts(published)[0] == "该项目公布 4 学分，不再按 9 小时计算，按公布学分计 4.0 学分。"
    assert "公布的学分只授予一次；同一项目（P）此前已计 4.0 学分，还可计 0.0 学分，本次计入 0.0 学分。" in texts(
        published
    )
    assert "R6" not in {step.reading for step in published.steps}


def test_parts_counted_by_role_tell_only_of_their_own_role() -> None:
    rules = regulation("national", 2026).amended(readings={"project_parts": "by_role"})
    parts = [
        Activity("a", "project", hours=Decimal(24), project="P", start=MARCH),
        Activity("b", "project", hours=Decimal(4), role="speaker", project="P", start=date(2026, 4, 1)),
        Activity("c", "project", hours=Decimal(4), role="speaker", project="P", start=date(2026, 5, 1)),
    ]
    last = assess(rules, 2026, Person("junior"), parts, explain=True).lines[-1]
    assert "同一项目（P）此前已计 8.0 学分，还可计 2.0 学分，本次计入 2.0 学分" in texts(last)[1]
    assert last.steps[2].text.endswith("参加和主讲分别计算。")


def test_the_cap_of_a_project_in_zhejiang_is_told_as_a_reading() -> None:
    (line,) = lines("zhejiang", Activity("a", "project", hours=Decimal(36), start=MARCH, end=date(2026, 3, 6)))
    assert [(step.clause, step.reading) for step in line.steps[1:]] == [
        ("national 第三部分 统一标准3", None),
        ("national 第三部分 统一标准3", "R6"),
    ]


def test_months_of_a_stay_are_told_one_by_one() -> None:
    stay = Activity("a", "study_leave", hours=Decimal(90), start=date(2026, 4, 11), end=date(2026, 5, 10))
    (line,) = lines("liaoning", stay)
    assert (
        "每满 6 小时计 1 学分，每月最多 8.0 学分：4 月 20 天合 60 小时，计 10.0 学分，按上限计 8.0 学分；"
        "5 月 10 天合 30 小时，计 5.0 学分；合计 13.0 学分。"
    ) in texts(line)
    assert {"R3", "R5"} <= {step.reading for step in line.steps}


def test_hours_of_a_month_never_seem_to_fill_a_unit_that_they_do_not_fill() -> None:
    stay = Activity("a", "study_leave", hours=Decimal("143.9"), start=date(2026, 4, 11), end=date(2026, 5, 10))
    (line,) = lines("liaoning", stay)
    assert "5 月 10 天约合 47.9 小时，计 7.0 学分" in texts(line)[2]


def test_two_stays_of_a_month_tell_which_month_was_full() -> None:
    _, later = lines(
        "liaoning",
        Activity("a", "study_leave", hours=Decimal(36), start=date(2026, 4, 1), end=date(2026, 4, 10)),
        Activity("b", "study_leave", hours=Decimal(60), start=date(2026, 4, 21), end=date(2026, 5, 10)),
    )
    assert texts(later)[-1] == (
        "这类活动每月合计最多 8.0 学分：4 月此前已计 6.0 学分，还可计 2.0 学分，计入 2.0 学分；本次共计入 7.0 学分。"
    )


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
    assert {step.clause for step in elsewhere.steps} == {"zhejiang 补学"}


def test_a_stay_that_makes_up_a_year_tells_that_its_time_is_not_of_that_year() -> None:
    later = Activity(
        "a", "study_leave", hours=Decimal(60), start=date(2027, 1, 4), end=date(2027, 4, 20), makes_up=2026
    )
    own = Activity("b", "study_leave", hours=Decimal(60), start=date(2026, 1, 1), end=date(2026, 4, 30))
    (alone,) = lines("sichuan", later)
    assert texts(alone)[0] == "本次是在次年补学，时间不累计到 2026 年度，按时间计算。"
    assert ("sichuan 十一(一)", "R54") in {(step.clause, step.reading) for step in alone.steps}
    beside, _ = lines("sichuan", later, own)
    assert "本次是在次年补学，时间不累计到 2026 年度，不分摊学分。" in texts(beside)
    assert not any(" 0 天" in text for text in [*texts(alone), *texts(beside)])


def test_one_achievement_that_brings_the_year_says_so() -> None:
    (line,) = lines("zhejiang", Activity("a", "achievement", "paper", journal="sci", rank=1, start=MARCH))
    assert texts(line)[0] == "SCI 收录期刊，排名第 1，计 25.0 学分。"
    at_once = next(step for step in line.steps if step.text == "一次取得 25.0 学分，视为完成当年要求。")
    assert (at_once.clause, at_once.figure) == ("zhejiang 三2 说明", ("全年", 250))
    assert {"R30", "R12"} <= {step.reading for step in line.steps}


def test_an_achievement_in_jilin_rests_on_its_own_reading_and_clause() -> None:
    (line,) = lines("jilin", Activity("a", "achievement", "paper", journal="sci", rank=1, start=MARCH))
    assert {step.reading for step in line.steps} == {None, "R44", "R30", "R13"}
    assert line.steps[2].clause == "jilin 二(八)"


def test_a_reading_is_told_only_where_it_decides() -> None:
    """Who is first takes the whole figure (R8); what is no review could not be halved (R40)."""
    paper = {"category": "self_study", "item": "paper", "journal": "core", "start": MARCH}
    for facts, expected in (
        ({"rank": 1}, {None}),
        ({"rank": 2}, {None, "R8"}),
        ({"rank": 1, "review": True}, {None, "R40"}),
    ):
        (line,) = lines("liaoning", Activity("a", **paper, **facts))
        assert {step.reading for step in line.steps} == expected, facts


def test_several_papers_that_make_25_together_say_why_they_bring_no_year() -> None:
    (line,) = lines("zhejiang", Activity("a", "achievement", "paper", journal="core", rank=1, count=2, start=MARCH))
    assert texts(line)[0] == "每篇中文核心期刊，排名第 1，计 15.0 学分；共 2 篇，合计 30.0 学分。"
    assert "R28" in {step.reading for step in line.steps}
    assert "一次取得 25.0 学分，视为完成当年要求。" not in texts(line)


def test_liaoning_is_told_in_its_own_words() -> None:
    exam, paper = lines(
        "liaoning",
        Activity("a", "self_study", "exam", level="provincial", count=1, start=MARCH),
        Activity("b", "self_study", "paper", journal="core", rank=1, start=MARCH),
    )
    assert texts(exam)[0] == "省级，每次计 1.0 学分。"
    assert texts(paper)[0] == "核心期刊，排名第 1，计 4.0 学分。"


def test_the_readings_of_dates_subject_and_years_are_told() -> None:
    over, common, undated, second = lines(
        "zhejiang",
        Activity("a", "study_leave", days=9, start=date(2025, 12, 20), end=date(2026, 1, 20)),
        Activity("b", "project", hours=Decimal(9), subject="common", start=MARCH),
        Activity("c", "degree", start=MARCH),
        Activity("d", "degree"),
    )
    assert {"R3", "R31", "R33"} <= {step.reading for step in over.steps}
    assert "本次属于公需科目，公需科目全年不少于 5.0 学分。" in texts(common)
    assert "R52" not in {step.reading for step in undated.steps}
    assert {"R39", "R52"} <= {step.reading for step in second.steps}


def test_what_settled_2025_before_the_new_rules_says_so() -> None:
    first, *_, late = lines(
        "zhejiang",
        *[
            Activity(f"p{n}", "project", hours=Decimal(30), start=date(2025, n, 1), end=date(2025, n, 4))
            for n in (2, 3, 4, 8)
        ],
        year=2025,
    )
    assert [(step.clause, step.reading) for step in first.steps][-1] == ("zhejiang 2025", "R55")
    assert "R55" not in {step.reading for step in late.steps}


def test_a_session_below_an_hour_and_a_city_project_are_not_told_two_things() -> None:
    (short,) = lines("national", Activity("a", "practice", hours=Decimal("0.5"), start=MARCH))
    assert texts(short)[1].endswith("不满一个单位但满 1 小时的按单次授予，不满 1 小时的不计。")
    (city,) = lines("liaoning", Activity("a", "project", "municipal", published_credits=Decimal(4), start=MARCH))
    by_number = {step.reading: step.text for step in city.steps if step.reading}
    assert by_number["R27"].endswith("另有主讲标准的，主讲部分另计。")
    assert by_number["R23"].endswith("也没有单独的主讲标准。")


def test_a_session_below_the_unit_is_flat_even_where_the_rest_is_prorated() -> None:
    rules = regulation("national", 2026).amended(readings={"practice_remainder": "prorate"})
    entry = Activity("a", "practice", hours=Decimal(3), start=MARCH)
    (line,) = assess(rules, 2026, Person("junior"), [entry], explain=True).lines
    assert texts(line)[0] == "参加 3 小时，不足 6 小时，按单次授予 0.2 学分。"


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


def test_where_the_whole_year_came_at_once_no_subject_is_asked_for() -> None:
    """Zhejiang 三2 waives the common subject (R12); nobody is told of both."""
    stay = {"days": 90, "start": date(2026, 1, 1), "end": date(2026, 3, 31), "subject": "common"}
    (line,) = lines("zhejiang", Activity("a", "study_leave", "study", **stay))
    readings = [step.reading for step in line.steps if step.reading]
    assert readings.count("R12") == 1
    assert not any("公需科目全年不少于" in text for text in texts(line))


def test_hours_a_day_are_told_of_what_states_hours_alone() -> None:
    over = {"start": date(2025, 11, 1), "end": date(2026, 2, 28)}
    (line,) = lines("liaoning", Activity("a", "self_study", "supervision", months=2, **over))
    readings = {step.reading for step in line.steps}
    assert "R31" in readings
    assert "R33" not in readings
