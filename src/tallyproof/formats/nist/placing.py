"""The words of contests and places beside every number of a NIST report."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tallyproof.formats.nist.cells import OF_UNIT
from tallyproof.formats.nist.contests import Labelled
from tallyproof.formats.nist.levels import Role, roles
from tallyproof.formats.nist.units import WHOLE_STATES, Units


def placed(cells: pl.DataFrame, contests: Sequence[Labelled], units: Units) -> pl.DataFrame:
    """The cells with the words of their contests and places."""
    is_named = pl.col("measure") == ""
    number = pl.when(is_named).then("choice").otherwise("measure").cast(pl.String)
    districts = {place: one.contest.ElectionDistrictId for place, one in enumerate(contests)}
    levelled = roles(cells.with_columns(number=number), units, districts)
    rows = [(place, one.office, one.district, one.vote_for) for place, one in enumerate(contests)]
    texts = dict.fromkeys(("office", "district", "vote_for"), pl.Categorical())
    schema = {"contest": pl.Int32(), **texts}
    words = pl.DataFrame([(OF_UNIT, "", "", ""), *rows], schema=schema, orient="row")
    return (
        levelled.join(words, on="contest", how="left", maintain_order="left")
        .join(_places(levelled, units), on=["unit", "role"], how="left", maintain_order="left")
        .drop("unit", "contest")
        .rename({"name": "unit", "field": "column"})
        .with_columns(unit_id=pl.concat_str("unit_id", pl.col("device").cast(pl.String)))
    )


def _places(cells: pl.DataFrame, units: Units) -> pl.DataFrame:
    """State, county and name of every unit in each of its roles."""
    rows = []
    for unit, role in cells.select("unit", "role").unique(maintain_order=True).rows():
        place = units.place(unit)
        name = place.name
        if role == Role.WHOLE and name:
            name = f"{name} total"
        elif role == Role.REST and not name:
            name = "[state-wide]" if units.kind(unit) in WHOLE_STATES else "[county-wide]"
        rows.append((unit, role, place.state, place.county, name, place.unit_id))
    texts = dict.fromkeys(("state", "county", "name"), pl.Categorical())
    schema = {"unit": pl.Categorical(), "role": pl.String(), **texts, "unit_id": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")
