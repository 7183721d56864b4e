"""How fast all tallies and margins come out of the card store, without the search of ranked contests.

Run it alone (``python bench/card_margins.py``), or take its lines from ``measure``.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from tallyproof.election.card_part import FACTS, ROW, CardPart, CaseCards, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.formats.cards.importer import CardChunk, CardFile
from tallyproof.services.card_margins import margins
from tallyproof.services.card_pools import gather
from tallyproof.store.cards import CardStore, Shelf
from tallyproof.store.files import FileStore

CARDS, CONTESTS, COUNTIES = 1_600_000, 48, 4
CHUNK = 100_000
AIM = "1.2 s"


def measure(cards: int = CARDS) -> Iterator[str]:
    """A line for a quarter of the cards and one for all, each in a process of its own."""
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        for number in (cards // 4, cards):
            what = f"tallies and margins, {number:,} cards x {CONTESTS}"
            ran = subprocess.run(
                [sys.executable, __file__, "--run", folder, str(number)],
                capture_output=True,
                text=True,
                check=True,
            )
            yield f"{what:46} {ran.stdout.strip()}  {AIM if number == CARDS else ''}".rstrip()


def book(place: int) -> CardContest:
    """A contest with two to six choices, of which a card bears none, one or, in error, two."""
    contest = CardContest(f"Contest {place}", [f"Choice {number}" for number in range(2 + place % 5)])
    for choices in ((), *((number,) for number in range(len(contest.choices))), (0, 1)):
        contest.code(Marks((choices,)))
    return contest


def chunks(county: int, cards: int, contests: list[CardContest]) -> Iterator[CardChunk]:
    """Cards in pieces; every card is of one of 200 styles, which say what contests stand on it."""
    chance = np.random.default_rng(county)
    styles = chance.random((200, len(contests))) < 0.6
    for start in range(0, cards, CHUNK):
        size = min(CHUNK, cards - start)
        style = chance.integers(0, len(styles), size)
        numbers = np.arange(start, start + size)
        data = {ROW: pl.Series(numbers + 5, dtype=pl.UInt32)}
        texts = {"tabulator": numbers // 40_000, "batch": numbers // 400, "record": numbers % 400}
        for name in FACTS:
            data[name] = pl.Series(texts.get(name, style)).cast(pl.String)
        for place, contest in enumerate(contests):
            share = np.linspace(2, 1, len(contest.codes))
            codes = chance.choice(len(contest.codes), size, p=share / share.sum())
            there = pl.Series(styles[style, place])
            marked = pl.Series(codes, dtype=pl.UInt32)
            data[column(place)] = pl.select(pl.when(there).then(marked)).to_series()
        yield CardChunk(pl.DataFrame(data))


def stored(folder: Path, cards: int) -> CaseCards:
    """The cards of some counties, kept as an import keeps them."""
    store, parts = CardStore(FileStore(folder)), []
    for county in range(COUNTIES):
        shelf, contests = Shelf(f"{cards}-{county}", f"County {county}"), [book(n) for n in range(CONTESTS)]
        reading = CardFile("cards.csv", "", contests, chunks(county, cards // COUNTIES, contests))
        kept = store.keep(shelf, reading)
        frame = store.frame(shelf, kept)
        parts.append(CardPart(shelf.jurisdiction, "cards.csv", shelf.key, kept.contests, frame))
    return CaseCards(tuple(parts))


def run(folder: Path, cards: int) -> None:
    """Write the cards, then count them and work out every margin, and say what that took."""
    found = stored(folder, cards)
    gather(CaseCards(found.parts[:1]))  # the first query loads code
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    told = margins(gather(found).contests)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(told) == CONTESTS and all(each.smallest for each in told)
    print(f"{cards:>10,} {took:8.2f} s {cards / took:10,.0f} cards/s {max(before, after) / 1024:8,.0f} MB")


if __name__ == "__main__":
    if "--run" in sys.argv:
        run(Path(sys.argv[-2]), int(sys.argv[-1]))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CARDS):
            print(line, flush=True)
