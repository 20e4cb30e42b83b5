"""How fast the rules are: `python benchmarks/engine.py [--practitioners N]`.

Practitioners are made in small chunks and thrown away, about twelve entries each, spread over the six jurisdictions. Making
them is timed apart; all times are processor time of one core. Explained means that every line has its sentences in hand
(those that recur word for word are made once). Memory must not grow with N.

The mean of all is the answer on a machine of its own. On a shared one other tenants take part of the core's time without
being seen, so the times of batches are told too: what the slower ones add to the quickest is theirs.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from credits.rules import JURISDICTIONS, Activity, Person, Regulation, assess, check, regulation

YEAR = 2026
CHUNK = 50  # assessed while still warm, as rows of a database are
BATCH = 10_000  # whose time is told apart
FIRST = date(YEAR, 1, 1)
DAYS = [FIRST + timedelta(day) for day in range(365)]
HOURS = [Decimal(half_hours) / 2 for half_hours in range(80)]
CREDITS = [Decimal(tenths) / 10 for tenths in range(80)]
TITLES = ["junior"] * 5 + ["intermediate"] * 3 + ["senior"] * 2
Made = tuple[Regulation, Person, list[Activity]]
Maker = Callable[[random.Random, str, date], Activity]


def project(draw: random.Random, name: str, start: date) -> Activity:
    hours = draw.choice(HOURS)
    return Activity(
        name,
        "project",
        role="speaker" if draw.random() < 0.1 else "attendee",
        delivery="remote" if draw.random() < 0.4 else "in_person",
        project=f"{YEAR}-{draw.randrange(40)}" if draw.random() < 0.7 else None,
        subject="common" if draw.random() < 0.2 else "professional",
        hours=hours,
        start=start,
        end=start + timedelta(2),
        passed=draw.random() > 0.03,
    )


def practice(draw: random.Random, name: str, start: date) -> Activity:
    return Activity(
        name,
        "practice",
        role="speaker" if draw.random() < 0.2 else "attendee",
        hours=draw.choice(HOURS[:18]),
        start=start,
        end=start,
        count=draw.choice((1, 1, 1, 2)),
    )


def self_study(draw: random.Random, name: str, start: date) -> Activity:
    return Activity(name, "self_study", assessed_credits=draw.choice(CREDITS), start=start, end=DAYS[-1])


def self_study_by_hours(draw: random.Random, name: str, start: date) -> Activity:
    return Activity(name, "self_study", hours=draw.choice(HOURS), start=start, end=DAYS[-1])


def stay_by_hours(draw: random.Random, name: str, start: date) -> Activity:
    category, days = draw.choice(("study_leave", "government_task", "degree")), draw.randrange(1, 101)
    return Activity(name, category, hours=Decimal(min(days * 7, 180)), start=start, end=start + timedelta(days - 1))


def stay_by_days(draw: random.Random, name: str, start: date) -> Activity:
    category = draw.choice(("study_leave", "special_training"))
    return Activity(
        name, category, days=draw.randrange(1, 12), start=start, end=start + timedelta(draw.randrange(12, 100))
    )


def special_training(draw: random.Random, name: str, start: date) -> Activity:
    return Activity(
        name,
        "special_training",
        days=draw.randrange(1, 12),
        start=start,
        end=start + timedelta(draw.randrange(12, 100)),
    )


def internal_training(draw: random.Random, name: str, start: date) -> Activity:
    item, count = draw.choice((None, "theory", "hands_on")), draw.randrange(1, 9)
    return Activity(name, "internal_training", item, count=count, start=start, end=start)


def achievement(draw: random.Random, name: str, start: date) -> Activity:
    journal, rank = draw.choice(("sci", "core", "ordinary")), draw.randrange(1, 5)
    return Activity(
        name, "achievement", "paper", journal=journal, rank=rank, start=start, end=start, review=draw.random() < 0.2
    )


def liaoning_item(draw: random.Random, name: str, start: date) -> Activity:
    item = draw.choice(("teaching", "book", "paper", "exam", "outreach"))
    activity = Activity(name, "self_study", item, start=start, end=start)
    match item:
        case "teaching":
            activity.hours = draw.choice(HOURS[:16])
        case "book":
            activity.words = draw.randrange(500, 9000)
        case "paper":
            activity.journal, activity.rank = "core", draw.randrange(1, 5)
        case "exam":
            activity.level = draw.choice(("national", "provincial", "municipal"))
    return activity


COMMON: list[Maker] = [project] * 6
KINDS: dict[str, list[Maker]] = {
    "national": [*COMMON, practice, practice, practice, self_study, stay_by_hours],
    "beijing": [*COMMON, practice, practice, practice, self_study, stay_by_hours],
    "liaoning": [*COMMON, practice, practice, liaoning_item, liaoning_item, stay_by_hours],
    "zhejiang": [*COMMON, internal_training, internal_training, achievement, self_study, stay_by_days],
    "jilin": [*COMMON, practice, achievement, self_study_by_hours, stay_by_hours, special_training],
    "sichuan": [*COMMON, practice, practice, practice, self_study, stay_by_hours],
}


def practitioners(seed: int) -> Iterator[Made]:
    """An endless stream, in order of date as the database hands entries out."""
    draw = random.Random(seed)  # noqa: S311 - the same people every time, no secret
    rules = {code: regulation(code, YEAR) for code in JURISDICTIONS}
    while True:
        code = draw.choice(JURISDICTIONS)
        starts = sorted(draw.sample(range(260), draw.randrange(8, 17)))
        entries = [draw.choice(KINDS[code])(draw, f"e{place}", DAYS[start]) for place, start in enumerate(starts)]
        yield rules[code], Person(draw.choice(TITLES), primary_care=draw.random() < 0.3), entries


@dataclass
class Measured:
    """Processor seconds for assessing (batch by batch) and for making practitioners; what was assessed."""

    batches: list[float]
    making: float = 0.0
    entries: int = 0
    compliant: int = 0
    sentences: int = 0


def measure(count: int, *, explain: bool) -> Measured:
    stream, measured = practitioners(7), Measured([])
    for first in range(0, count, CHUNK):
        if first % BATCH == 0:
            measured.batches.append(0.0)
        begun = time.process_time()
        people = list(islice(stream, min(CHUNK, count - first)))
        outcomes = []
        made = time.process_time()
        for rules, person, activities in people:
            result = assess(rules, YEAR, person, activities, explain=explain)
            outcomes.append((result.compliant, result.lines if explain else ()))
        done = time.process_time()
        measured.making += made - begun
        measured.batches[-1] += done - made
        measured.entries += sum(len(activities) for _, _, activities in people)
        measured.compliant += sum(compliant is True for compliant, _ in outcomes)
        measured.sentences += sum(len(line.steps) for _, lines in outcomes for line in lines)
    return measured


def told(title: str, count: int, measured: Measured) -> str:
    """One mode's figures in a paragraph."""
    whole = [seconds / BATCH * 1e6 for seconds in measured.batches[: count // BATCH]]
    batches = f" (batches of {BATCH:,}: median {median(whole):.1f}, quickest {min(whole):.1f})" if whole else ""
    return (
        f"{title:>12}: {sum(measured.batches) / count * 1e6:.1f} µs a practitioner{batches}\n"
        f"{'':>14}{count:,} practitioners, {measured.entries / count:.1f} entries and {measured.sentences / count:.0f}"
        f" sentences each, {measured.compliant / count:.0%} compliant; making one {measured.making / count * 1e6:.0f} µs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--practitioners", type=int, default=1_000_000)
    count = parser.parse_args().practitioners
    for rules, person, activities in islice(practitioners(7), 500):
        wrong = check(rules, YEAR, person, activities)
        if wrong:
            raise SystemExit(f"the generator made something impossible: {wrong[0]}")
    print(told("figures only", count, measure(count, explain=False)))
    print(told("explained", count, measure(count, explain=True)))
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
