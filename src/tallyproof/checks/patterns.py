"""Patterns of wrong pasting: the same block under two units, votes moved to the next column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import SUM_KEY, Material
from tallyproof.checks.robust import FEWEST_UNITS, FEWEST_VOTES, MAD_TO_SD
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Severity
from tallyproof.election.returns import VOTES, Measure, UnitKind, is_measure

SMALLEST_BLOCK, FEWEST_CONTESTS, FEWEST_CELLS = 20, 2, 5
ALL_PAIRS = 12
"""In groups up to this size every two units are compared, in larger ones each with the next only."""
_UNIT = ("snapshot", "state", "county", "unit")


@check(
    "A6", "Repeated block",
    question="Do two units report the same numbers in several contests?",
    formula="equal votes for every choice in 2 contests of 20 or more votes; 5 or more numbers above 0",
    severity=Severity.WARNING,
    needs=("votes by choice in two contests and two units",),
    benign=(
        "one result is printed under two names, such as a precinct and its absentee board",
        "chance, in very small units with few choices",
    ),
    record="the tabulator tapes of both units",
    holder="the municipal or county clerk",
)  # fmt: skip
def repeated_blocks(material: Material) -> Outcome:
    """Each pair or group of units is told once; vectors are matched by their hash, so cost is linear."""
    sums = material.sums
    if sums.select(_UNIT).n_unique() < 2 or sums["contest"].n_unique() < FEWEST_CONTESTS:
        return Missing("votes by choice in two contests and two units")
    vectors = _vectors(material)
    same = ["snapshot", "contest", "hash", "cells", "votes"]
    alike = vectors.filter(pl.len().over(same) > 1).sort("file", "row")
    pairs = _pairs(
        alike.with_columns(size=pl.len().over(same), place=pl.int_range(pl.len()).over(same)), same
    )
    blocks = pairs.sort("votes", descending=True).group_by("snapshot", "u", "u_2", maintain_order=True).agg(
        pl.len().alias("contests"), pl.col("cells").sum(), pl.col("votes", "contest", "office").first(),
    )  # fmt: skip
    found = blocks.filter((pl.col("contests") >= FEWEST_CONTESTS) & (pl.col("cells") >= FEWEST_CELLS))
    units = {
        row["u"]: row for row in alike.unique("u", keep="first", maintain_order=True).iter_rows(named=True)
    }
    groups = _groups(found.iter_rows(named=True))
    return [_repeated_finding(material, block, [units[u] for u in members]) for block, members in groups]


def _vectors(material: Material) -> pl.DataFrame:
    """One row per unit and contest with enough votes: a hash over its votes by choice, zeros left out."""
    votes = material.leaves.filter(
        is_measure(*VOTES) & pl.col("votes").ne_missing(0) & (pl.col("unit_kind") == UnitKind.PLACE.value)
    )
    number = pl.struct(_UNIT).rank("dense").alias("u") if votes.height else pl.lit(0).alias("u")
    cells = votes.with_columns(cell=pl.struct("choice_id", "votes").hash())
    vectors = cells.group_by(*_UNIT, "contest", maintain_order=True).agg(
        pl.col("cell").sum().alias("hash"), pl.len().alias("cells"), pl.col("votes").sum(),
        pl.col("votes").is_null().any().alias("unknown"),
        pl.col("office", "file").first(), pl.col("row").min(),
    )  # fmt: skip
    known = vectors.filter((pl.col("votes") >= SMALLEST_BLOCK) & ~pl.col("unknown"))
    return known.with_columns(number)


def _pairs(alike: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """Pairs of units with the same vector in a contest: all pairs of small groups, a chain in large ones."""
    others = alike.select(*same, "u", "place")
    few = alike.filter(pl.col("size") <= ALL_PAIRS).join(others, on=same, suffix="_2")
    many = alike.filter(pl.col("size") > ALL_PAIRS).with_columns(place_2=pl.col("place") + 1)
    chain = many.join(others.rename({"u": "u_2", "place": "place_2"}), on=[*same, "place_2"])
    columns = ["snapshot", "contest", "office", "cells", "votes", "u", "u_2"]
    return pl.concat([few.filter(pl.col("place") < pl.col("place_2")).select(columns), chain.select(columns)])


def _groups(blocks: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], list[int]]]:
    """Units joined by equal blocks, each group with its block of most votes."""
    group_of: dict[int, list[int]] = {}
    best: dict[int, dict[str, Any]] = {}
    for block in blocks:
        first, second = (group_of.setdefault(block[name], [block[name]]) for name in ("u", "u_2"))
        if first is not second:
            first.extend(second)
            group_of.update(dict.fromkeys(second, first))
        best.setdefault(block["u"], block)
    groups = {id(members): members for members in group_of.values()}
    return [(next(best[u] for u in members if u in best), members) for members in groups.values()]


def _repeated_finding(material: Material, block: dict[str, Any], units: list[dict[str, Any]]) -> Finding:
    *others, last = sorted(units, key=lambda unit: (unit["file"], unit["row"]))
    more = f" and {count(len(others) - 1, 'more unit')}" if len(others) > 1 else ""
    return Finding(
        "A6", Severity.WARNING, block["contest"], place(last),
        f"{place(last)} reports the same numbers as {place(others[0])}{more} in {block['contests']} "
        f"contests, such as {count(block['votes'], 'vote')} for {block['office']}.",
        numbers={"units": len(units), **{name: block[name] for name in ("contests", "cells", "votes")}},
        votes_at_stake=block["votes"] * len(others), margin=material.margin(block["contest"]),
        source=source_of(last), also=tuple(source_of(unit) for unit in others[:20]),
        topic=material.tag(last["snapshot"]),
    )  # fmt: skip


FEWEST_CHOICES = 3
MOVES = {"as_is": 0, "back": 1, "on": -1}
FAR, ORDINARY, BETTER = 5.0, 2.0, 0.5
"""A vector counts as shifted where its choices lie on average FAR robust standard deviations from other
units, and after moving them by one column at most ORDINARY and BETTER times as far."""


@check(
    "A7", "Column shift",
    question="Would a unit's votes look ordinary if they were moved by one column?",
    formula="sum of |z| falls by more than half when the votes move by one column; or v = B, or v = N",
    severity=Severity.WARNING,
    needs=("votes by choice in at least 15 units or counties", "or ballots cast or registered voters"),
    benign=("a unit with quite other voters than its county, where chance makes the moved votes fit",),
    record="the tabulator tapes of the unit, read beside the ballot order of its choices",
    holder="the municipal or county clerk",
)  # fmt: skip
def column_shift(material: Material) -> Outcome:
    """Units are held against the others of their county, or of the state where those are fewer than 15."""
    vectors, counts = _ordered(material), _own_counts(material)
    if not vectors.height and not counts.height:
        return Missing("votes by choice in at least 15 units, or ballots cast beside the votes")
    shifted = _shifted(vectors)
    rows = vectors.join(shifted, on="u", maintain_order="left") if shifted.height else shifted
    return [
        *(_shift_finding(material, each) for each in rows.partition_by("u", maintain_order=True)),
        *(_column_finding(material, row) for row in _equal_columns(material, counts).iter_rows(named=True)),
    ]


def _ordered(material: Material) -> pl.DataFrame:
    """Votes of every unit, and of every county, in the order in which the source lists the choices.

    ``u`` numbers the vectors, whose ``k`` cells begin at place ``start``; ``c`` numbers the choices of each
    group of units that are compared with each other.
    """
    votes = material.leaves.filter(is_measure(*VOTES) & (pl.col("unit_kind") == UnitKind.PLACE.value))
    columns = [*_VECTOR, "choice_id", "choice", "office", "votes", "file", "row"]
    cells = pl.concat([votes.select(columns), _by_county(votes).select(columns)])
    vectors = _comparable(cells)
    compared = cells.join(vectors, on=list(_VECTOR), maintain_order="left")
    choice = pl.col("g").cast(pl.UInt64) * 2**32 + pl.col("choice_id").to_physical()
    numbered = compared.with_columns(c=choice, place=pl.col("row") - pl.col("first_row"))
    position = pl.col("place").mean().over("c")
    return numbered.with_columns(position=position).sort("u", "position", "c")


_VECTOR = (*_UNIT, "contest")


def _by_county(votes: pl.DataFrame) -> pl.DataFrame:
    """Votes per county as the sum of its units, unknown where one of them is."""
    county = ["snapshot", "state", "county", "contest", "choice_id"]
    summed = pl.when(pl.col("votes").is_not_null().all()).then(pl.col("votes").sum()).alias("votes")
    in_units = votes.filter(pl.col("unit") != "").group_by(county, maintain_order=True)
    sums = in_units.agg(summed, pl.col("choice", "office", "file").first(), pl.col("row").min())
    return sums.with_columns(unit=pl.lit("").cast(votes.schema["unit"]))


def _comparable(cells: pl.DataFrame) -> pl.DataFrame:
    """Complete vectors of at least 100 votes and 3 choices, numbered, with their group of 15 or more."""
    is_known = (pl.col("votes") >= 0).fill_null(False).all()
    vectors = cells.group_by(_VECTOR, maintain_order=True).agg(
        pl.col("votes").sum().alias("S"), pl.len().alias("k"), is_known.alias("known"),
        pl.col("row").min().alias("first_row"),
    )  # fmt: skip
    whole, contest = pl.col("unit") == "", ["snapshot", "state", "contest"]
    is_large = pl.col("known") & (pl.col("S") >= FEWEST_VOTES) & (pl.col("k") >= FEWEST_CHOICES)
    large = vectors.filter(is_large).with_columns(whole=whole)
    own_county = ~pl.col("whole") & (pl.len().over(*contest, "county", "whole") >= FEWEST_UNITS)
    grouped = large.with_columns(
        within=pl.when(own_county).then("county").otherwise(pl.lit("").cast(cells.schema["county"]))
    )
    group = [*contest, "whole", "within"]
    complete = grouped.filter(pl.col("k") == pl.col("k").max().over(group))
    enough = complete.filter(pl.len().over(group) >= FEWEST_UNITS)
    numbers = enough.select(group).unique(maintain_order=True).with_row_index("g")
    numbered = enough.join(numbers, on=group, maintain_order="left").with_row_index("u")
    start = pl.col("k").cum_sum() - pl.col("k")
    return numbered.select(*_VECTOR, "S", "k", "first_row", "u", "g", start=start)


def _shifted(vectors: pl.DataFrame) -> pl.DataFrame:
    """Vectors that are far from the others as they stand and ordinary when moved by one column."""
    shares = vectors.with_columns(x=pl.col("votes") / pl.col("S"))
    centred = shares.with_columns(median=pl.col("x").median().over("c"))
    spread = MAD_TO_SD * (pl.col("x") - pl.col("median")).abs().median().over("c")
    # A binomial term as in robust_z, of at least one vote, so that a share of 0 everywhere can be left too.
    chance = pl.max_horizontal(pl.col("median") * (1 - pl.col("median")), 1 / pl.col("S")) / pl.col("S")
    scaled = centred.with_columns(sd=(spread**2 + chance).sqrt())
    k, start = pl.col("k").cast(pl.Int64), pl.col("start").cast(pl.Int64)
    place = pl.int_range(pl.len()) - start
    moves = {name: pl.col("x").gather(start + (place + by + k) % k) for name, by in MOVES.items()}
    far = scaled.with_columns(
        ((moved - pl.col("median")) / pl.col("sd")).abs().alias(f"z_{name}") for name, moved in moves.items()
    )
    vector = far.group_by("u", maintain_order=True).agg(pl.col("z_as_is", "z_back", "z_on").mean())
    judged = vector.with_columns(z_moved=pl.min_horizontal("z_back", "z_on"))
    return judged.filter(
        (pl.col("z_as_is") >= FAR) & (pl.col("z_moved") <= ORDINARY)
        & (pl.col("z_moved") < BETTER * pl.col("z_as_is"))
    )  # fmt: skip


def _shift_finding(material: Material, vector: pl.DataFrame) -> Finding:
    first, k = vector.row(0, named=True), vector.height
    step = -1 if first["z_back"] <= first["z_on"] else 1
    names, votes = vector["choice"].to_list(), vector["votes"].to_list()
    moved = [votes[(at - step) % k] for at in range(k)]
    largest = max(range(k), key=lambda at: moved[at])
    gain = {name: after - before for name, before, after in zip(names, votes, moved, strict=True)}
    return Finding(
        "A7", Severity.WARNING, first["contest"], place(first),
        f"{place(first)}: the votes for {first['office']} would look like those of other units if each "
        f"number stood one choice {'earlier' if step < 0 else 'later'}: {names[largest]} with "
        f"{moved[largest]:,} instead of {votes[largest]:,}.",
        numbers={"z_as_is": round(first["z_as_is"], 1), "z_moved": round(first["z_moved"], 1), "step": step,
                 "votes": first["S"], "choices": k},
        votes_at_stake=_change(material, first["contest"], gain), margin=material.margin(first["contest"]),
        source=source_of(first), also=tuple(source_of(row) for row in vector[1:21].iter_rows(named=True)),
        topic=material.tag(first["snapshot"]),
    )  # fmt: skip


def _change(material: Material, contest: str, gain: dict[str, int]) -> int | None:
    """By how much these gains would change the contest's margin; None where its leaders are not known."""
    standing = material.standings.get(contest)
    if standing is None or not {standing.leader, standing.runner_up} <= set(gain):
        return None
    return abs(gain[standing.leader] - gain[standing.runner_up])


def _own_counts(material: Material) -> pl.DataFrame:
    """Ballots and registration of units whose own source gives them."""
    names = ("ballots", "registered")
    own = [pl.when(pl.col(f"{name}_snapshot") == pl.col("snapshot")).then(name).alias(name) for name in names]
    counts = material.sums.select(*SUM_KEY, *own)
    return counts.filter(pl.any_horizontal(pl.col(names).is_not_null()))


def _equal_columns(material: Material, counts: pl.DataFrame) -> pl.DataFrame:
    """Choices whose votes equal ballots or registration in every unit of a county, or county of a state."""
    names = ("ballots", "registered")
    votes = material.totals.filter((pl.col("measure") == Measure.CHOICE.value) & (pl.col("votes") > 0))
    both = votes.join(counts, on=list(SUM_KEY)).with_columns(
        county=pl.when(pl.col("unit") != "").then("county").otherwise(pl.lit("").cast(votes.schema["county"]))
    )
    group = ["snapshot", "state", "county", "contest", "choice_id"]
    equal = [(pl.col("votes") == pl.col(name)).fill_null(False).all().alias(name) for name in names]
    columns = both.group_by(group, maintain_order=True).agg(
        *equal, pl.len().alias("units"), pl.col("votes").sum(), pl.lit("").alias("unit"),
        pl.col("choice", "office", "file", "row").first(),
    )  # fmt: skip
    return columns.filter((pl.col("units") >= FEWEST_EQUAL) & (pl.col("ballots") | pl.col("registered")))


FEWEST_EQUAL = 3


def _column_finding(material: Material, row: dict[str, Any]) -> Finding:
    what = "ballots cast" if row["ballots"] else "registered voters"
    return Finding(
        "A7", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['choice']}'s votes for {row['office']} equal the {what} in all "
        f"{row['units']:,} units: is this the wrong column?",
        numbers={"units": row["units"], "votes": row["votes"]}, votes_at_stake=row["votes"],
        margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic(row["choice_id"], material.tag(row["snapshot"])),
    )  # fmt: skip
