"""How long cards are held against manifest and returns, and how that grows with the cards.

Run it alone (``python bench/reconcile.py``), or take its lines from ``measure``. Cards lie in a Parquet file
as they do in a case; the returns have every precinct and way of voting.
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

from tallyproof.checks.material import Material
from tallyproof.election import returns
from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.canvass import Snapshot
from tallyproof.election.card_part import CardPart, CaseCards, column
from tallyproof.election.cast_vote_record import CardContest, Marks

CARDS, CONTESTS, BATCH_CARDS, TABULATORS, PRECINCTS = 1_600_000, 48, 400, 20, 1_000
MODES = {"Election Day": "election-day", "Mail": "absentee-mail", "Early": "early"}
AIM = "4 s for 1,600,000"


def measure(cards: int = CARDS) -> Iterator[str]:
    """One line for a quarter of the cards and one for all, each in a process of its own."""
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        for number in (cards // 4, cards):
            write(Path(folder), number)
            ran = subprocess.run(
                [sys.executable, __file__, "--reconcile", folder], capture_output=True, text=True, check=True
            )
            what = f"reconcile cards x {CONTESTS}, manifest, returns"
            yield f"{what:46} {ran.stdout.strip()}  {AIM if number == cards else ''}".rstrip()


def contests() -> tuple[CardContest, ...]:
    """Contests of two to six choices, with blank and overvoted cards."""
    made = []
    for place in range(CONTESTS):
        contest = CardContest(f"Contest {place}", [f"Choice {number}" for number in range(2 + place % 5)])
        for marks in (*(Marks(((number,),)) for number in range(2 + place % 5)), Marks(), Marks(((0, 1),))):
            contest.code(marks)
        made.append(contest)
    return tuple(made)


def write(folder: Path, cards: int) -> None:
    """Cards by batches, votes by chance, half of the contests on half of the cards; and their returns."""
    chance = np.random.default_rng(7)
    card = np.arange(cards)
    batch, precinct = card // BATCH_CARDS, chance.integers(0, PRECINCTS, cards)
    facts = pl.DataFrame({
        "row": pl.Series(card + 5, dtype=pl.UInt32), "card": pl.Series(card + 1).cast(pl.String),
        "tabulator": pl.Series(batch % TABULATORS + 1).cast(pl.String),
        "batch": pl.Series(batch + 1).cast(pl.String),
        "record": pl.Series(card % BATCH_CARDS + 1).cast(pl.String),
        "mode": np.array(list(MODES))[chance.integers(0, len(MODES), cards)],
        "style": pl.Series(precinct % 40).cast(pl.String),
    })  # fmt: skip
    facts = facts.with_columns(
        imprint=pl.concat_str("tabulator", "batch", "record", separator="-"),
        unit=pl.format("Precinct {} ({})", pl.Series(precinct), pl.Series(precinct)),
    )
    votes = []
    for place, contest in enumerate(contests()):
        size = len(contest.codes)
        codes = pl.Series(chance.choice(size, cards, p=[0.5, *[0.5 / (size - 1)] * (size - 1)]))
        borne = pl.Series((precinct + place) % 2 == 0) if place % 2 else pl.repeat(True, cards, eager=True)
        votes.append(codes.cast(pl.UInt32).set(~borne, None).alias(column(place)))
    whole = facts.with_columns(votes)
    whole.write_parquet(folder / "cards.parquet")
    reported(whole).write_parquet(folder / "returns.parquet")


def reported(cards: pl.DataFrame) -> pl.DataFrame:
    """Returns by precinct, way of voting and choice that agree with the cards."""
    place = {"unit": pl.col("unit").str.extract(r"^(.*) \("), "mode": pl.col("mode").replace_strict(MODES)}
    rows = []
    for number, contest in enumerate(contests()):
        counts = cards.group_by("unit", "mode", pl.col(column(number)).alias("code")).len().drop_nulls()
        named = counts.filter(pl.col("code") < len(contest.choices)).select(
            **place, votes=pl.col("len"), choice=pl.format("Choice {}", "code"),
            choice_id=pl.format("choice-{}", "code"), office=pl.lit(contest.name),
            contest=pl.lit(f"co-contest-{number}"), measure=pl.lit("choice"),
        )  # fmt: skip
        rows.append(named)
    cast = cards.group_by("unit", "mode").len().select(
        **place, votes=pl.col("len"), choice=pl.lit(""), choice_id=pl.lit(""), office=pl.lit(""),
        contest=pl.lit(""), measure=pl.lit("ballots_cast"),
    )  # fmt: skip
    whole = pl.concat([*rows, cast]).with_row_index("row", 2)
    return returns.conform(whole.with_columns(
        state=pl.lit("CO"), county=pl.lit("Lake"), level=pl.lit("unit"), file=pl.lit("returns.csv"),
        vote_for=1,
    ))  # fmt: skip


def run(folder: Path) -> None:
    """Reconcile in this process, and say what it took."""
    from tallyproof.services.reconciling import reconciled

    cards, snapshot = pl.scan_parquet(folder / "cards.parquet"), Snapshot("s1", "returns.csv", sequence=1)
    number = cards.select(pl.len()).collect().item()
    listed = tuple(
        Batch(str(batch + 1), min(BATCH_CARDS, number - batch * BATCH_CARDS), batch + 2,
              str(batch % TABULATORS + 1))
        for batch in range(-(-number // BATCH_CARDS))
    )  # fmt: skip
    part = CardPart("Lake", "cards.csv", "0" * 64, contests(), cards)
    start = time.perf_counter()
    frame = pl.read_parquet(folder / "returns.parquet").with_columns(
        snapshot=pl.lit("s1").cast(pl.Categorical)
    )
    kept = CaseCards((part,), {"Lake": Manifest("manifest.csv", "Arlo", listed)})
    found = reconciled(Material(frame, {"s1": snapshot}, cards=kept))
    took = time.perf_counter() - start
    assert not found.findings and not found.not_checkable, found.findings[:1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number:>10,} {took:8.2f} s {number / took:10,.0f} cards/s {peak:8,.0f} MB")


if __name__ == "__main__":
    if "--reconcile" in sys.argv:
        run(Path(sys.argv[-1]))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CARDS):
            print(line, flush=True)
