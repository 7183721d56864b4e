"""Numbers of units that lie outside a contest's district."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tallyproof.election.returns import Measure
from tallyproof.formats.nist.cells import OF_UNIT
from tallyproof.formats.nist.contests import Labelled
from tallyproof.formats.nist.counting import Told
from tallyproof.formats.nist.texts import count
from tallyproof.formats.nist.units import Units


def in_district(cells: pl.DataFrame, contests: Sequence[Labelled], units: Units) -> tuple[pl.DataFrame, Told]:
    """Leave out units beyond a contest's district in which no named choice has votes.

    What such units have is undervotes and names written in, which programs list for every unit.
    """
    pair = ["contest", "unit"]
    pairs = cells.filter(pl.col("contest") != OF_UNIT).select(pair).unique(maintain_order=True)
    beyond = [
        (contest, unit)
        for contest, unit in pairs.rows()
        if not units.within(unit, contests[contest].contest.ElectionDistrictId)
    ]
    if not beyond:
        return cells, []
    outside = pl.DataFrame(beyond, schema=pairs.schema, orient="row")
    has_votes = (pl.col("measure") == "") & (pl.col("votes") != "0")
    voted = (
        cells.join(outside, on=pair, how="semi").filter(has_votes).select(pair).unique(maintain_order=True)
    )
    without = outside.join(voted, on=pair, how="anti")
    left_out = cells.join(without, on=pair, how="semi")
    kept = cells.join(without, on=pair, how="anti", maintain_order="left")
    return kept, _beyond(left_out, without.height, voted, contests, units)


def _beyond(
    left_out: pl.DataFrame, pairs: int, voted: pl.DataFrame, contests: Sequence[Labelled], units: Units
) -> Told:
    told = []
    if pairs:
        is_write_in = pl.col("measure") == Measure.WRITE_IN.value
        number = pl.col("votes").cast(pl.Int64, strict=False)
        written_in = int(left_out.filter(is_write_in).select(number.sum()).item())
        text = (
            f"gives {count(pairs, 'count')} of a unit that lies outside the contest's district, with "
            f"{count(written_in, 'name')} written in and no other vote: left out"
        )
        told.append(("districts", text))
    if voted.height:
        contest, unit = voted.row(0)
        text = (
            f"gives votes of {count(voted.height, 'unit')} outside the contest's district, such as "
            f"'{units.name(unit)}' for {contests[contest].office}: counted"
        )
        told.append(("districts", text))
    return told
