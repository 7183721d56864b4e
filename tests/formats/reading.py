"""Reading files in tests as a user would: recognised by what is in them, or with a mapping."""

from pathlib import Path

import polars as pl

from tallyproof.election import returns
from tallyproof.formats import intake, registry, tables
from tallyproof.formats.importer import Asked
from tallyproof.formats.tidy import Reading


def read(path: Path, *, state: str = "", encoding: str = "", name: str = "") -> Reading:
    """What the one importer that claims the file's only document reads from it."""
    asked = Asked(state=state, importer=name)
    with intake.documents([path], encoding) as found:
        (document,) = found
        return registry.recognise(document, asked).read(document, asked)


def written(folder: Path, text: str, name: str = "returns.csv") -> Path:
    """The text as a file of this name."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def claims(path: Path) -> list[str]:
    """The importers that say yes to the file's only document."""
    with intake.documents([path]) as found:
        (document,) = found
        rows = tables.head(document)
        return [each.id for each in registry.registry() if each.identify(document, rows).fits]


def sums(reading: Reading, contest: str) -> dict[str, int]:
    """Votes per choice of a contest, added up over the finest level given."""
    rows = returns.finest(returns.resolve_modes(reading.frame)).filter(pl.col("contest") == contest)
    voted = rows.filter(returns.is_measure(*returns.VOTES)).group_by("choice_id").agg(pl.col("votes").sum())
    return {str(name): int(votes) for name, votes in voted.iter_rows()}


def cells(reading: Reading, *columns: str) -> list[tuple[object, ...]]:
    """These columns of the returns table, row by row."""
    return reading.frame.select(columns).rows()
