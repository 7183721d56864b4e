"""Tables of the shared data with one column per choice, read as returns."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.formats.tidy import About, assemble

Column = tuple[str, str, str]
"""Column of the file, choice, party; a choice "=measure" stands for a measure, such as "=total_votes"."""

SEVEN = (
    ("trump", "Donald Trump", "REP"), ("clinton", "Hillary Clinton", "DEM"),
    ("castle", "Darrell Castle", "CON"),
    ("johnson", "Gary Johnson", "LIB"), ("stein", "Jill Stein", "GRN"),
    ("moorehead", "Monica Moorehead", ""), ("de_la_fuente", "Rocky De La Fuente", ""),
)  # fmt: skip


def wide(path: Path, columns: Sequence[Column], places: Mapping[str, str], state: str = "") -> pl.DataFrame:
    """One row per unit and choice; ``places`` names the columns for state, county, unit and unit_id."""
    cells = pl.read_csv(path, infer_schema=False).with_row_index("_row", offset=2)
    parts = [
        cells.select(
            "_row", *(pl.col(column).alias(word) for word, column in places.items()),
            office=pl.lit("President"), choice=pl.lit("" if choice.startswith("=") else choice),
            measure=pl.lit(choice.removeprefix("=") if choice.startswith("=") else ""),
            party=pl.lit(party), votes=pl.col(column), column=pl.lit(column),
        )
        for column, choice, party in columns
    ]  # fmt: skip
    reading = assemble(pl.concat(parts), About(path.name, cells.height, state=state))
    assert not reading.rejections
    return reading.frame


def wisconsin(data: Path, version: str) -> pl.DataFrame:
    """Wisconsin's wards of 2016 for President, "canvass" or "recount": all 17 choices."""
    path = data / "wi2016" / "wi_2016_president_wards_canvass_and_recount.csv"
    end = f"_{version}"
    header = pl.read_csv(path, n_rows=0).columns
    named = {column: (choice, party) for column, choice, party in SEVEN}
    votes = [name for name in header if name.endswith(end) and name != f"total{end}"]
    columns = [(name, *named.get(name.removesuffix(end), (_write_in(name, end), ""))) for name in votes]
    places = {"county": "county", "unit": "reporting_unit", "unit_id": "ru_id"}
    return wide(path, columns, places, state="WI")


def _write_in(column: str, end: str) -> str:
    return column.removesuffix(end).removesuffix("_wi").replace("_", " ").title()


def one_source(
    frame: pl.DataFrame, *, status: Status = Status.UNKNOWN, previous: pl.DataFrame | None = None
) -> Material:
    """The table as the only source."""
    before = None if previous is None else in_snapshot(previous, "before")
    return Material(in_snapshot(frame, "s1"), {"s1": Snapshot("s1", "source", status)}, (), before)


def sources(*frames: pl.DataFrame) -> Material:
    """Each table as a source of its own, in this order."""
    names = [f"s{number}" for number in range(1, len(frames) + 1)]
    tables = [in_snapshot(frame, name) for frame, name in zip(frames, names, strict=True)]
    snapshots = {name: Snapshot(name, f"source {name}", sequence=n) for n, name in enumerate(names, 1)}
    return Material(pl.concat(tables), snapshots)


def in_snapshot(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The returns table with the snapshot it belongs to."""
    return frame.with_columns(snapshot=pl.lit(name).cast(pl.Categorical))
