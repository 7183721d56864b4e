"""How fast the ledger opens, records and checks events, on SQLite in a temporary folder.

Run it alone (``python bench/ledger.py [EVENTS]``), or take its lines from ``measure``.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tallyproof.store.canonical import JSON
from tallyproof.store.chain import verify_events
from tallyproof.store.ledger import Ledger, open_ledger

BODY: dict[str, JSON] = {
    "file": "ab" * 32,
    "name": "20161108__wi__general__ward.csv",
    "rows": {"read": 3636, "stored": 3636},
}


def measure(events: int = 2_000) -> Iterator[str]:
    """One line for each thing measured."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        yield f"ledger, create database   {seconds(lambda: open_ledger(path).close()) * 1000:8.1f} ms"
        yield f"ledger, open database     {seconds(lambda: open_ledger(path).close()) * 1000:8.1f} ms"
        ledger = open_ledger(path)
        yield line("append", events, seconds(lambda: append(ledger, "open", events, {})))
        yield line(
            "append with a secret", events, seconds(lambda: append(ledger, "secret", events, {"n": 1}))
        )
        yield line("verify", events, seconds(lambda: ledger.verify("open")))
        yield line("verify with openings", events, seconds(lambda: ledger.verify("secret")))
        read = list(ledger.events("open"))
        yield line("verify a record", events, seconds(lambda: verify_events(read)))
        ledger.close()


def append(ledger: Ledger, case: str, events: int, secrets: dict[str, int]) -> None:
    """Record as many events, each on the disk before the next."""
    for _ in range(events):
        ledger.append(case, "clerk", "returns imported", BODY, secrets=secrets)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, events: int, took: float) -> str:
    """Events per second."""
    return f"ledger, {what:22} {events / took:10,.0f} events/s"


if __name__ == "__main__":
    for text in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000):
        print(text)
