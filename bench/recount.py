"""How fast the law answers: one verdict, all states and offices, reading the rule files."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

from tallyproof.recount.loading import load
from tallyproof.recount.office import OFFICES
from tallyproof.recount.options import RecountOptions
from tallyproof.services import recounting
from tallyproof.store import rules

DAY = dt.date(2026, 11, 3)
ASKED = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    states = rules.states()
    start = time.perf_counter()
    texts = {state: rules.text_of(state) for state in states}
    for state, text in texts.items():
        load(text, state)
    yield _line(f"{len(states)} rule files read and validated", time.perf_counter() - start, "")
    _ask("WI", "president")  # holidays of the year, once
    yield _line("one verdict, Wisconsin", _best(lambda: _ask("WI", "president")), "under 0.005 s")
    slowest = max(states, key=lambda state: _best(lambda: _ask(state, "president")))
    yield _line(
        f"one verdict, the slowest ({slowest})", _best(lambda: _ask(slowest, "president")), "under 0.005 s"
    )
    number = len(states) * len(OFFICES)
    yield _line(f"{number:,} verdicts: all states and offices", _best(_all, 3), "under 1 s")


def _all() -> None:
    for state in rules.states():
        for office in OFFICES:
            _ask(state, office)


def _ask(state: str, office: str) -> None:
    recounting.options(
        RecountOptions(
            state=state, date=DAY, office=office, margin=2_177, total=2_975_313, only_two=True, on=ASKED
        )
    )


def _best(work: Callable[[], object], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _line(what: str, seconds: float, aim: str) -> str:
    return f"{what:57} {seconds:8.4f} {'':18} {aim}".rstrip()


if __name__ == "__main__":
    for text in measure():
        print(text)
