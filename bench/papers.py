"""How fast papers are printed: a memo, a worksheet, and one for each election district of Pennsylvania.

Run it alone (``python bench/papers.py``), or take its lines from ``measure``.
"""

import datetime as dt
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

DISTRICTS, COUNTIES = 9_158, 67
MEMO_AIM, SHEET_AIM = 0.25, 0.02
"""Seconds that a memo and one of many sheets may take."""


def measure() -> Iterator[str]:
    """One line for each kind of paper: seconds, and bytes."""
    from tallyproof.documents.petition import District
    from tallyproof.recount.options import RecountOptions
    from tallyproof.services import papers

    votes = {"Trump": 2_970_733, "Clinton": 2_926_441, "Johnson": 146_715, "Stein": 49_941}
    asked = papers.ask(
        RecountOptions(
            state="PA",
            date=dt.date(2016, 11, 8),
            office="president",
            votes=votes,
            on=dt.datetime(2016, 11, 19, 12, tzinfo=dt.UTC),
        )
    )
    for title, make in (("the first memo", papers.memo), ("a worksheet", papers.worksheet)):
        start = time.process_time()
        size = len(make(asked))
        took = time.process_time() - start
        yield f"{title:24} {size / 1e3:10.0f} kB {took:8.3f} s  under {MEMO_AIM:g} s"
    districts = [District(f"{n:04}", f"County {n % COUNTIES}", votes) for n in range(DISTRICTS)]
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        start = time.process_time()
        written = papers.worksheets(asked, districts, Path(folder) / "out")
        took = time.process_time() - start
        size = sum(path.stat().st_size for path in written)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    yield (
        f"{DISTRICTS:,} worksheets {size / 1e6:16.0f} MB {took:8.1f} s  "
        f"({1000 * took / DISTRICTS:.1f} ms each, under {1000 * SHEET_AIM:g} ms; peak {peak:.0f} MB)"
    )


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
