"""What every state's law answers at seven margins: python tools/recount_answers.py rewrites the table."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer, Verdict
from tallyproof.services import recounting
from tallyproof.store import rules

FILE = Path(__file__).resolve().parents[1] / "tests" / "recount" / "expected_answers.txt"
DAY, TOTAL = dt.date(2026, 11, 3), 1_000_000
MARGINS = {
    "tie": 0,
    "1 vote": 1,
    "0.1 %": 1_000,
    "0.25 %": 2_500,
    "0.5 %": 5_000,
    "1 %": 10_000,
    "5 %": 50_000,
}
OFFICES = ("president", "governor", "us-senate")
WORDS = {
    Verdict.AUTOMATIC: "automatic",
    Verdict.REQUESTABLE: "request",
    Verdict.DISCRETIONARY: "weighed",
    Verdict.NOT_AVAILABLE: "no",
    Verdict.CANNOT_BE_DECIDED: "undecided",
    Verdict.NO_RULE_KNOWN: "unknown",
}
HEAD = f"""What the law of {DAY:%Y-%m-%d} answers where two choices share {TOTAL:,} votes, by margin.
automatic; request: somebody may ask, request-free at no cost, request-free? perhaps at no cost;
weighed: asked for, and others decide; no: opened by no rule that we know; undecided: needs other numbers;
unknown: no rule known.
Rewrite with: python tools/recount_answers.py
"""


def answer(state: str, office: str, margin: int) -> RecountOptionsAnswer:
    """Ask the law of one state at one margin, two weeks after the election."""
    asked = dt.datetime.combine(DAY, dt.time(12)) + dt.timedelta(14)
    return recounting.options(
        RecountOptions(
            state=state, date=DAY, office=office, margin=margin, total=TOTAL, only_two=True, on=asked
        )
    )


def word(found: RecountOptionsAnswer) -> str:
    """Say the verdict in a word, with "-free" where asking costs nothing."""
    free = {True: "-free", None: "-free?", False: ""}[found.free]
    return WORDS[found.verdict] + (free if found.verdict is Verdict.REQUESTABLE else "")


def lines() -> Iterator[str]:
    """Yield the table line by line: a line for each state and office."""
    yield from HEAD.splitlines()
    yield ""
    yield f"{'':14}" + "".join(f"{title:14}" for title in MARGINS).rstrip()
    for state in rules.states():
        for office in OFFICES:
            words = [word(answer(state, office, margin)) for margin in MARGINS.values()]
            yield f"{state} {office:11}" + "".join(f"{each:14}" for each in words).rstrip()


def table() -> str:
    """Return the whole table."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
    sys.stdout.write(f"{FILE} written; review what changed.\n")
