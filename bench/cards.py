"""How fast cast vote records are read and tallied, and how memory grows with them.

Run it alone (``python bench/cards.py``), or take its lines from ``measure``.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tallyproof.testing.cards import MadeContest, dominion_text, make_cards

CARDS, CONTESTS = 200_000, 50
DIFFERENT = 2_000
AIM = "8 s and 1 GB for 1,000,000"


def measure(cards: int = CARDS) -> Iterator[str]:
    """One line for half of the cards and one for all, each in a process of its own."""
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        for number in (cards // 2, cards):
            path = write(Path(folder) / "cards.csv", number)
            what = f"Dominion CSV, {number:,} cards x {CONTESTS}, {path.stat().st_size / 1e6:,.0f} MB"
            ran = subprocess.run(
                [sys.executable, __file__, "--tally", str(path)], capture_output=True, text=True, check=True
            )
            yield f"{what:46} {ran.stdout.strip()}  {AIM if number == cards else ''}".rstrip()


def write(path: Path, cards: int) -> Path:
    """Votes are taken from a few thousand different cards; places are each card's own."""
    chance = random.Random(7)
    contests = [
        MadeContest(f"Contest {place}", tuple(f"Choice {number}" for number in range(2 + place % 5)))
        for place in range(CONTESTS)
    ]
    text = dominion_text(contests, make_cards(7, contests, DIFFERENT, absent=0.4))
    *header, _ = text.split("\r\n", 4)
    votes = [line.split(",", 7)[7] for line in text.split("\r\n")[4:-1]]
    with path.open("w", newline="") as stream:
        stream.write("\r\n".join(header) + "\r\n")
        for card in range(cards):
            tabulator, batch, record = card % 20 + 1, card // 400 + 1, card % 400 + 1
            place = f"{tabulator},{batch},{record},{tabulator}-{batch}-{record}"
            stream.write(f"{card + 1},{place},Precinct {batch % 300},Type 1,{chance.choice(votes)}\r\n")
    return path


def run(path: Path) -> None:
    """Tally the file in this process, and say what it took."""
    from tallyproof.services.cards import tally_cards

    start = time.perf_counter()
    tally = tally_cards([path])
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{tally.cards:>10,} {took:8.2f} s {tally.cards / took:10,.0f} cards/s {peak:8,.0f} MB")


if __name__ == "__main__":
    if "--tally" in sys.argv:
        run(Path(sys.argv[-1]))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CARDS):
            print(line, flush=True)
