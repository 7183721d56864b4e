"""How fast cards are kept in a case and counted from there, and how memory grows with them.

Run it alone (``python bench/card_store.py 1000000``), or take its lines from ``measure``.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

plain = import_module("cards")  # beside this file

CARDS, COUNTED, CONTESTS = 200_000, 1_600_000, 48
AIMS = {
    "import": "8 s and 1 GB for 1,000,000 x 50",
    "again": "",
    "count": "1.2 s with margins for 1,600,000 x 48",
    "styles": "",
}


def measure(cards: int = CARDS) -> Iterator[str]:
    """Import half of the cards, all, and all after a cut; then count those of a larger case made up anew."""
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        place = Path(folder)
        for number in (cards // 2, cards):
            path = plain.write(place / f"{number}.csv", number)
            yield ran("import", place / f"home-{number}", path, number)
        next((place / f"home-{cards}").rglob("book.json")).unlink()
        yield ran("again", place / f"home-{cards}", path, cards)
        fill(place / "large", COUNTED)
        for work in ("count", "styles"):
            yield ran(work, place / "large", Path("large"), COUNTED)


def ran(work: str, home: Path, path: Path, cards: int) -> str:
    """The work in a process of its own, and what it took."""
    arguments = [sys.executable, __file__, "--work", work, str(home), str(path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    contests = CONTESTS if work in {"count", "styles"} else plain.CONTESTS
    what = f"card store: {work}, {cards:,} cards x {contests}"
    return f"{what:52} {done.stdout.strip()}  {AIMS[work]}".rstrip()


class Made:
    """Cards as an importer gives them, made up without a file."""

    election, remarks = "Made up", ()

    def __init__(self, cards: int) -> None:
        from tallyproof.election.cast_vote_record import CardContest, Marks

        self.cards = cards
        choices = [[f"Choice {number}" for number in range(2 + place % 5)] for place in range(CONTESTS)]
        self.contests = [CardContest(f"Contest {place}", named) for place, named in enumerate(choices)]
        for contest in self.contests:
            for marks in ((), *((choice,) for choice in range(len(contest.choices))), (0, 1)):
                contest.code(Marks((marks,)))

    @property
    def chunks(self):  # type: ignore[no-untyped-def]
        import numpy as np
        import polars as pl

        from tallyproof.election.card_part import FACTS, ROW, column
        from tallyproof.formats.cards.importer import CardChunk

        chance = np.random.default_rng(7)
        for start in range(0, self.cards, 100_000):
            rows = np.arange(start, min(start + 100_000, self.cards), dtype=np.uint32)
            texts = pl.Series(rows // 400).cast(pl.String)
            facts = dict.fromkeys(FACTS, texts) | {"imprint": pl.Series(rows).cast(pl.String)}
            codes = {}
            for place, contest in enumerate(self.contests):
                drawn = pl.Series(chance.integers(0, len(contest.codes), len(rows)), dtype=pl.UInt32)
                absent = pl.Series((rows // 400 + place) % 5 > 2)
                codes[column(place)] = pl.select(pl.when(~absent).then(drawn)).to_series()
            yield CardChunk(pl.DataFrame({ROW: rows, **facts, **codes}))


def fill(home: Path, cards: int) -> None:
    """A case with so many cards, as if a file of them had been imported."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.services import access, card_keeping, card_records, cases
    from tallyproof.store.canonical import JSON
    from tallyproof.store.cards import CardStore, Shelf

    workspace, actor = open_workspace(home), access.terminal()
    cases.open_case(workspace, actor, "bench")
    key = card_keeping.key("0" * 64, "made.csv", "dominion-csv", "", "", "Adams")
    CardStore(workspace.files).keep(Shelf(key, "Adams"), Made(cards))
    file: dict[str, JSON] = {
        "name": "made.csv", "sha256": "0" * 64, "size": 0, "content": "0" * 64, "key": key,
        "importer": "dominion-csv", "mapping": "", "encoding": "", "election": "", "cards": cards,
        "rejected": 0, "contests": CONTESTS, "styles": 5,
    }  # fmt: skip
    body: dict[str, JSON] = {"jurisdiction": "Adams", "source": "", "files": [file]}
    workspace.ledger.append("bench", actor.id, card_records.CARDS_IMPORTED, body)


def run(work: str, home: Path, path: Path) -> None:
    """Do the work in this process, and say what it took."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.election.card_part import code_counts
    from tallyproof.services import access, card_imports, card_parts, card_styles

    workspace, actor = open_workspace(home), access.terminal()
    start = time.perf_counter()
    if work in {"import", "again"}:
        request = card_imports.CardRequest((path,), "Adams")
        found = card_imports.import_cards(workspace, actor, work, request)
        cards = found.cards.cards if found.cards else 0
    else:
        parts = card_parts.case_cards(workspace, actor, "bench").parts
        if work == "count":
            cards = max(sum(counts.values()) for part in parts for counts in code_counts(part))
        else:
            cards = sum(report.cards for report in card_styles.card_styles(parts))
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{cards:>10,} {took:8.2f} s {peak:8,.0f} MB")


if __name__ == "__main__":
    if "--work" in sys.argv:
        run(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CARDS):
            print(line, flush=True)
