"""How fast cards are drawn from the frame of a large state, with reading and hashing the frame.

Run it alone (``python bench/draws.py [--cards N]``), or take its lines from ``measure``. Each draw runs in a
process of its own, started and with what it needs loaded; peak memory adds up that process and its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve()
CARDS, CONTESTS, STYLES, SIZE, BATCH = 10_000_000, 48, 200, 10_000, 250
NAMES, HALF = [f"Contest {number:02}" for number in range(CONTESTS)], CONTESTS // 2
SEED = "53417960661093690826"
WORKS = {
    "half": ("consistent draw, 10,000 of a contest on half of the cards", "4 s, 1 GB"),
    "all": ("consistent draw, 10,000 of a contest on all cards", "4 s, 1 GB"),
    "each": (f"consistent draw, 10,000 of each of {CONTESTS} contests", "8 s, 1 GB"),
    "numbers": ("uniform draw of 10,000 numbers", "0.1 s"),
    "batches": ("uniform draw of 10,000, from a frame of batches", "0.1 s"),
    "cards": ("uniform draw of 10,000, from a frame of cards", ""),
}


def measure(cards: int = CARDS) -> Iterator[str]:
    """One line for each draw."""
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        made = Path(folder)
        write_frames(made, cards)
        for name, (title, aim) in WORKS.items():
            found = [ran(name, made, cards) for _ in range(3)]
            best = min(found, key=lambda each: each[0])
            yield f"of {cards:>10,} cards: {title:58} {best[0]:7.2f} s {best[1]:7,.0f} MB   aim {aim or '-'}"


def ran(name: str, folder: Path, cards: int) -> tuple[float, float]:
    """Seconds and peak memory in MB of a draw in a process of its own."""
    words = [sys.executable, str(HERE), "--work", name, "--folder", str(folder), "--cards", str(cards)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def work(name: str, folder: Path, cards: int) -> None:
    """Do one draw in this process and print seconds and peak memory."""
    import numpy

    from tallyproof.sampling.draw import draw_positions
    from tallyproof.sampling.seed import Seed
    from tallyproof.services import draw_batches, draw_cards, drawing

    started = (numpy, draw_batches, draw_cards)
    wanted = {"half": NAMES[:1], "all": ["President"], "each": NAMES}.get(name, [])
    start = time.perf_counter()
    if name == "numbers":
        drawn = len(draw_positions(Seed(SEED), cards, SIZE, with_replacement=True))
    else:
        path = folder / ("batches.csv" if name == "batches" else "cards.csv")
        size, method = (0, "consistent") if wanted else (SIZE, "uniform")
        asked = drawing.asked(SEED, method, size, dict.fromkeys(wanted, SIZE))  # type: ignore[arg-type]
        drawn = len(drawing.draw(path, asked).draws)
    took = time.perf_counter() - start
    assert drawn >= SIZE, started
    print(json.dumps([took, peak_mb()]))


def peak_mb() -> float:
    """The most memory that this process held, and its workers if all held as much as the largest."""
    import resource

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * min(os.cpu_count() or 1, 16)
    return (own + workers) * (1 if sys.platform == "darwin" else 1024) / 1e6


def write_frames(folder: Path, cards: int) -> None:
    """A frame of cards with half of the contests on each, and one of their batches."""
    from tallyproof.sampling.frame import CardStyle, Head
    from tallyproof.services.frame_files import write_frame

    chance = random.Random(2024)
    counts = [len(range(style, cards, STYLES)) for style in range(STYLES)]
    styles = tuple(CardStyle((*sorted(chance.sample(NAMES, HALF)), "President"), each) for each in counts)
    write_frame(folder / "cards.csv", Head("cards", "as-listed", styles), card_blocks(cards))
    batches = (f"Adams,{number // 200},{number},{BATCH},\n".encode() for number in range(cards // BATCH))
    write_frame(folder / "batches.csv", Head("batches", "as-listed"), batches)


def card_blocks(cards: int) -> Iterator[bytes]:
    """The lines of the cards, a batch at a time."""
    for first in range(0, cards, BATCH):
        tabulator, batch = 101 + first // BATCH // 200, first // BATCH
        yield "".join(
            f"{(first + place) % STYLES},Adams,{tabulator},{batch},{tabulator}-{batch}-{place + 1}\n"
            for place in range(min(BATCH, cards - first))
        ).encode()


def main() -> None:
    """Measure all, or (for our own processes) do one draw."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--cards", type=int, default=CARDS)
    asked.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.work:
        work(given.work, given.folder, given.cards)
        return
    for text in measure(given.cards):
        print(text, flush=True)


if __name__ == "__main__":
    main()
