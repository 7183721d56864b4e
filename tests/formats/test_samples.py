"""Each sample is claimed by one importer, no row of it disappears, and its tally is the one in ORIGIN.md."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.election import returns
from tallyproof.formats.registry import registry
from tallyproof.formats.tidy import Reading

from .reading import claims, read

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".md")
NAMES = [f"{path.parent.name}/{path.name}" for path in FILES]


def origin(path: Path, *heading: str) -> list[list[str]]:
    """The rows that speak of this file in ORIGIN.md's table under this heading."""
    text = (path.parent / "ORIGIN.md").read_text(encoding="utf-8")
    table = text.split("| " + " | ".join(("file", *heading)) + " |\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [row[1:] for row in rows if row[0] == f"`{path.name}`"]


def tally(reading: Reading) -> list[list[str]]:
    """Votes of each contest and counts of the units, added up over the finest level given."""
    rows = returns.finest(returns.resolve_modes(reading.frame))
    counted = rows.filter(returns.is_measure(*returns.VOTES) | (pl.col("contest") == ""))
    unknown = (pl.col("contest").first() == "") & pl.col("votes").is_null().any()
    votes = pl.when(unknown).then(None).otherwise(pl.col("votes").sum()).alias("votes")
    added = counted.group_by("contest", "choice_id").agg(votes)
    return [[str(c), str(i), "unknown" if n is None else str(n)] for c, i, n in added.iter_rows()]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_one_importer_says_yes(path: Path) -> None:
    """The folder's name is the importer's."""
    assert claims(path) == [path.parent.name]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_row_disappears(path: Path) -> None:
    """Read is stored plus rejected, as ORIGIN.md says."""
    reading = read(path)
    rejected = len(reading.rejections)
    assert reading.read == reading.stored + rejected
    assert [[str(reading.read), str(reading.stored), str(rejected)]] == origin(
        path, "read", "stored", "rejected"
    )


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_tally_is_the_one_counted_by_hand(path: Path) -> None:
    """Choice by choice, nothing more and nothing less."""
    assert sorted(tally(read(path))) == sorted(origin(path, "contest", "choice", "votes"))


def test_every_importer_has_samples() -> None:
    """A format without a sample would be untested."""
    assert {path.parent.name for path in FILES} == {importer.id for importer in registry()}
