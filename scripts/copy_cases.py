"""Copy the worked assessment cases into the tests, so that they run anywhere: `python scripts/copy_cases.py SOURCE`.

SOURCE is a file of JSON lines, each with name, clauses, request and expect. Every line is parsed before anything is written.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "tests" / "cases" / "assessment.jsonl"


def main(source: str) -> None:
    cases = [json.loads(line) for line in Path(source).read_text(encoding="utf-8").splitlines() if line.strip()]
    for number, case in enumerate(cases, 1):
        missing = {"name", "clauses", "request", "expect"} - case.keys()
        if missing:
            raise SystemExit(f"line {number}: without {', '.join(sorted(missing))}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    print(f"{len(cases)} cases in {TARGET}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python scripts/copy_cases.py SOURCE")
    main(sys.argv[1])
