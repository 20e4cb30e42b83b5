"""What holds for every regulation and every year, tried on generated ones."""

import json
import os
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from credits.rules import Activity, Person, Regulation, assess, check, regulation
from credits.rules.contract import answer
from tests.credits.rules.population import NEW_YEARS_EVE, YEAR, activities, persons, years

# CME_EXAMPLES=2000 searches longer.
thoroughly = settings(
    max_examples=int(os.environ.get("CME_EXAMPLES", "40")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
Year = tuple[Regulation, Person, list[Activity]]


@thoroughly
@given(years())
def test_generated_years_pass_the_check(year: Year) -> None:
    rules, person, entries = year
    assert check(rules, YEAR, person, entries) == []


@thoroughly
@given(years())
def test_the_total_is_the_sum_of_what_counts(year: Year) -> None:
    rules, person, entries = year
    result = assess(rules, YEAR, person, entries)

    assert result.total == sum(line.counted for line in result.lines)
    assert result.total == result.professional + result.common == sum(result.by_category.values())
    assert all(0 <= line.counted <= line.earned for line in result.lines)
    assert [line.id for line in result.lines] == [entry.id for entry in entries]


@thoroughly
@given(years())
def test_no_cap_is_exceeded(year: Year) -> None:
    rules, person, entries = year
    result = assess(rules, YEAR, person, entries)

    assert all(0 <= cap.used <= cap.limit for cap in result.caps)
    counted = {entry.id: line.counted for entry, line in zip(entries, result.lines, strict=True)}
    for number in {entry.project for entry in entries if entry.category == "project" and entry.project}:
        parts = [entry for entry in entries if entry.category == "project" and entry.project == number]
        assert sum(counted[part.id] for part in parts) <= 100
        assert sum(counted[part.id] for part in parts if part.delivery == "remote") <= 30


# Of Liaoning's self-study (三(六)), the items of at most 5 credits a year.
FIVE_A_YEAR = {"teaching", "exam", "report", "patent", "outreach", "self_learning"}


@thoroughly
@given(years())
def test_no_yearly_cap_of_the_texts_is_exceeded(year: Year) -> None:
    """The same figures in every text that has the category, not those that the engine reports."""
    rules, person, entries = year
    result = assess(rules, YEAR, person, entries)

    assert result.by_category.get("practice", 0) <= 150
    assert result.by_category.get("self_study", 0) <= 100
    assert result.by_category.get("internal_training", 0) <= (200 if person.primary_care else 150)
    by_item = dict.fromkeys(FIVE_A_YEAR, 0)
    for entry, line in zip(entries, result.lines, strict=True):
        if entry.category == "self_study" and entry.item in by_item:
            by_item[entry.item] += line.counted
    assert all(counted <= 50 for counted in by_item.values())


@st.composite
def months_of_stays(draw: st.DrawFn) -> list[Activity]:
    """A few stays of Liaoning in neighbouring months, together too short for three months."""
    category = draw(st.sampled_from(["study_leave", "degree", "government_task"]))
    stays = []
    for place in range(draw(st.integers(1, 4))):
        start = date(YEAR, 3, 1) + timedelta(draw(st.integers(0, 90)))
        days = draw(st.integers(1, 22))
        hours = draw(st.decimals(0, days * 24, places=1))
        end = start + timedelta(days - 1)
        stays.append(Activity(f"a{place}", category, start=start, end=end, hours=Decimal(hours)))
    return stays


@thoroughly
@given(months_of_stays(), persons)
def test_liaoning_s_stays_bring_at_most_eight_credits_a_month(stays: list[Activity], person: Person) -> None:
    """三(二), 三(三), 三(五): whatever lies within some months, one after the other, brings at most 8.0 for each."""
    result = assess(regulation("liaoning", YEAR), YEAR, person, stays)

    assert not result.full_year
    for first, last in combinations_with_replacement(range(1, 13), 2):
        within = [
            line.counted
            for stay, line in zip(stays, result.lines, strict=True)
            if stay.start and stay.end and first <= stay.start.month <= stay.end.month <= last
        ]
        assert sum(within) <= 80 * (last - first + 1)


@thoroughly
@given(years(most=8), st.data())
def test_a_later_activity_never_undoes_a_year(year: Year, data: st.DataObject) -> None:
    """It keeps a compliant year compliant, and lowers the total only where it completes three months (R4)."""
    rules, person, entries = year
    last = max((entry.end for entry in entries if entry.end), default=None)
    assume(last is None or last < NEW_YEARS_EVE)
    later = replace(data.draw(activities(rules, after=last)), id="later", passed=True)
    before, after = (assess(rules, YEAR, person, some) for some in (entries, [*entries, later]))

    assert not (before.compliant and not after.compliant)
    completed = len(completed_categories(rules, person, [*entries, later])) > len(
        completed_categories(rules, person, entries)
    )
    assert after.total >= before.total or completed
    assert after.full_year >= before.full_year


def completed_categories(rules: Regulation, person: Person, entries: list[Activity]) -> set[str]:
    return {settled.rule.category.code for settled in assess(rules, YEAR, person, entries).settled if settled.complete}


@thoroughly
@given(years(), st.integers(0, 1000))
def test_the_order_of_the_list_matters_for_equal_dates_only(year: Year, seed: int) -> None:
    """Entries of one day keep their order, the others trade places as they like."""
    rules, person, entries = year
    days = {entry.start for entry in entries}
    of_the_day = {day: iter([entry for entry in entries if entry.start == day]) for day in days}
    places = random.Random(seed).sample(entries, len(entries))  # noqa: S311 - an order, no secret
    shuffled = [next(of_the_day[place.start]) for place in places]
    one, other = (assess(rules, YEAR, person, some) for some in (entries, shuffled))

    assert sorted(one.lines) == sorted(other.lines)
    assert (one.total, one.unmet, one.full_year) == (other.total, other.unmet, other.full_year)


@thoroughly
@given(years())
def test_explaining_changes_no_figure(year: Year) -> None:
    rules, person, entries = year
    plain, explained = (assess(rules, YEAR, person, entries, explain=explain) for explain in (False, True))

    assert [(line.id, line.earned, line.counted) for line in plain.lines] == [
        (line.id, line.earned, line.counted) for line in explained.lines
    ]
    assert (plain.total, plain.common, plain.unmet, plain.caps) == (
        explained.total,
        explained.common,
        explained.unmet,
        explained.caps,
    )
    assert all(line.steps for line in explained.lines)
    assert not any(line.steps for line in plain.lines)


@thoroughly
@given(years(most=4))
def test_the_contract_says_the_same_as_the_engine(year: Year) -> None:
    rules, person, entries = year
    request = {
        "jurisdiction": rules.code,
        "year": YEAR,
        "practitioner": {"title": person.title, "primary_care": person.primary_care},
        "activities": [as_json(entry) for entry in entries],
    }
    given_answer = answer(json.loads(json.dumps(request)))
    result = assess(rules, YEAR, person, entries)

    assert given_answer["total"] == f"{result.total // 10}.{result.total % 10}"
    assert given_answer["unmet"] == list(result.unmet)


def as_json(entry: Activity) -> dict[str, object]:
    facts = {name: getattr(entry, name) for name in Activity.__slots__}
    return {
        name: value if isinstance(value, int | str | bool) else str(value)
        for name, value in facts.items()
        if value is not None
    }


@thoroughly
@given(years(most=6))
def test_a_stay_that_is_short_of_three_months_brings_no_full_year(year: Year) -> None:
    rules, person, entries = year
    stays = {category.code for category in rules.categories if category.over_new_year and category.full_year_at is None}
    brief = [
        replace(
            entry,
            end=min(entry.end, entry.start + timedelta(8)),
            hours=None if entry.hours is None else entry.hours % 24,
        )
        for entry in entries
        if entry.category in stays and entry.start and entry.end
    ]
    assert not assess(rules, YEAR, person, brief).full_year
