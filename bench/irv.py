"""How fast ranked contests are searched: Oakland 2010, all 45 real ones, and a large synthetic one.

Run it alone (``python bench/irv.py``), or take its lines from ``measure``. Real contests need the shared
data folder; reading is our own small reader of .raire files and raire-rs's JSON.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from tallyproof.audit.irv_count import count_irv
from tallyproof.audit.irv_cover import choose_assertions
from tallyproof.audit.irv_difficulty import inverse_margin
from tallyproof.audit.irv_proof import prove
from tallyproof.audit.irv_rankings import RankedBallots, Ranking, collapse
from tallyproof.audit.irv_search import Events, search
from tallyproof.audit.irv_tallies import Tallies

SHARED = Path(os.environ.get("TALLYPROOF_SHARED") or Path(__file__).resolve().parents[2] / "shared")
REAL = SHARED / "data" / "audits" / "irv"
CHOICES, BALLOTS, NOISE = 13, 400_000, 1.0


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    if REAL.is_dir():
        yield from _real()
    for name, rankings in (("likely", likely_rankings()), ("every order alike", any_rankings())):
        start = time.perf_counter()
        number = confirm(collapse(CHOICES, rankings))
        what = f"13 choices, {len(rankings):,} rankings, {name}"
        yield f"{line(what, start)}, {number:,} assertions"


def _real() -> Iterator[str]:
    mayor = REAL / "us" / "Oakland_2010_Mayor.raire"
    files = sorted([*REAL.glob("nsw2021/* Mayoral.json"), *REAL.glob("us/*.raire")])
    read = {file: read_ranked(file) for file in files}
    yield best("Oakland 2010 Mayor, search", lambda: find(read[mayor]))
    yield best("Oakland 2010 Mayor, search, trimming, proof", lambda: confirm(read[mayor]))
    yield best("Oakland 2010 Mayor, with reading the file", lambda: confirm(read_ranked(mayor)))
    yield best(f"{len(files)} contests", lambda: [confirm(ballots) for ballots in read.values()])
    yield best(f"{len(files)} contests, with reading", lambda: [confirm(read_ranked(f)) for f in files])


def find(ballots: RankedBallots) -> float:
    """The least difficulty."""
    tallies = Tallies(ballots)
    winner = count_irv(tallies).winner
    assert winner is not None
    return search(Events(tallies, inverse_margin, ballots.ballots), winner).difficulty


def confirm(ballots: RankedBallots) -> int:
    """How many assertions are needed, after the search, the trimming and the proof."""
    tallies = Tallies(ballots)
    winner = count_irv(tallies).winner
    assert winner is not None
    events = Events(tallies, inverse_margin, ballots.ballots)
    chosen = choose_assertions(events, winner, search(events, winner))
    assert prove(ballots.choices, winner, chosen).sufficient
    return len(chosen)


def read_ranked(file: Path) -> RankedBallots:
    """The ballots of a .raire file or of raire-rs's JSON."""
    rankings: Counter[Ranking] = Counter()
    if file.suffix == ".json":
        read = json.loads(file.read_text(encoding="utf-8"))
        for vote in read["votes"]:
            rankings[tuple(vote["prefs"])] += vote["n"]
        return collapse(read["num_candidates"], rankings)
    with file.open(encoding="utf-8") as lines:
        next(lines)
        _, _, number, *rest = next(lines).rstrip("\n").split(",")
        texts = Counter((line + ",").split(",", 2)[2] for line in lines)
    places = {name: place for place, name in enumerate(rest[: int(number)])}
    for text, ballots in texts.items():
        rankings[tuple(places[name] for name in text.rstrip("\n,").split(",") if name)] += ballots
    return collapse(len(places), rankings)


def likely_rankings() -> Counter[Ranking]:
    """Voters and choices lie in a plane, voters rank whom they are near to, with some chance."""
    random = np.random.default_rng(2)
    here, there = random.normal(size=(BALLOTS, 3)), random.normal(size=(CHOICES, 3))
    far = ((1.2 * here[:, None] - there) ** 2).sum(axis=2)
    return cut(np.argsort(far + random.gumbel(size=far.shape) * NOISE, axis=1))


def any_rankings() -> Counter[Ranking]:
    """Every order is as likely as any other, so that nobody is far ahead."""
    return cut(np.argsort(np.random.default_rng(1).random((BALLOTS, CHOICES)), axis=1))


def cut(orders: np.ndarray) -> Counter[Ranking]:
    """Rankings of one to all choices."""
    ends = np.random.default_rng(3).integers(1, CHOICES + 1, BALLOTS)
    return Counter(tuple(order[:end]) for order, end in zip(orders.tolist(), ends.tolist(), strict=True))


def line(what: str, start: float) -> str:
    """What took how long since then."""
    return f"irv, {what:56} {(time.perf_counter() - start) * 1000:9.1f} ms"


def best(what: str, work: Callable[[], object]) -> str:
    """The least of five runs."""
    runs = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return line(what, time.perf_counter() - min(runs))


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
