"""Rows that would be counted twice if they were added up blindly: repeats, totals, overlapping modes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import (
    CELL_KEY,
    UNIT_KEY,
    VOTES,
    Level,
    Measure,
    Mode,
    Note,
    UnitKind,
    countable,
    is_measure,
)

_CELL = ("snapshot", *CELL_KEY, "choice", "party", "mode_raw", "unit_id")
"""Cells that agree in all of these are the same number; party keeps the lines of one candidate apart."""
_BLOCK = ("snapshot", *UNIT_KEY, "unit_id", "contest")


@check(
    "A4", "Rows given twice",
    question="Does the same number of a unit stand twice in a source?",
    formula="cells alike in unit, contest, choice, party and mode; exact repeats where numbers are alike too",
    severity=Severity.ERROR,
    needs=("rows of one source",),
    benign=(
        "a block was pasted or exported twice: counted once here",
        "two elections for one office, such as a full and a partial term, lost what told them apart",
        "parts of a split precinct lost the names that told them apart: counted together here",
        "several write-in names stand under one word",
    ),
    record="the statement of votes of the unit, which shows whether it was counted in parts",
    holder="the county clerk",
)  # fmt: skip
def rows_given_twice(material: Material) -> Outcome:
    """Exact repeats are warnings, differing numbers errors; one finding per unit and contest."""
    frame = material.returns
    repeated, conflicting = _repeats(frame), _conflicts(frame)
    return [
        *(_repeat_finding(material, row) for row in repeated.iter_rows(named=True)),
        *(_conflict_finding(material, row) for row in conflicting.iter_rows(named=True)),
    ]


def _repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """Blocks of which later copies are left out, with the cells and votes of those copies."""
    later = frame.filter(pl.col("note") == Note.REPEATED.value)
    if not later.height:
        return later
    first = frame.join(later.select(_CELL).unique(), on=list(_CELL), how="semi").group_by(_BLOCK).agg(
        pl.col("file", "row").first().name.prefix("first_")
    )  # fmt: skip
    blocks = later.group_by(_BLOCK, maintain_order=True).agg(
        pl.col("votes").filter(is_measure(*VOTES)).sum(), pl.len().alias("cells"), pl.col("measure").first(),
        pl.col("office", "file", "row").first(),
    )  # fmt: skip
    return blocks.join(first, on=list(_BLOCK), how="left", maintain_order="left")


def _repeat_finding(material: Material, row: dict[str, Any]) -> Finding:
    return Finding(
        "A4", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {_what(row)} stands more than once with the same numbers; it is counted once "
        f"(the copies hold {count(row['cells'], 'number')} and {count(row['votes'], 'vote')}).",
        numbers={"cells": row["cells"], "votes": row["votes"]}, votes_at_stake=row["votes"],
        margin=material.margin(row["contest"]), source=source_of(row),
        also=(Source(row["first_file"], row["first_row"], None, row["snapshot"]),),
        topic=topic("repeated", row["unit_id"], material.tag(row["snapshot"])),
    )  # fmt: skip


def _what(row: Mapping[str, Any]) -> str:
    return str(row["office"] or row["measure"].replace("_", " "))


def _conflicts(frame: pl.DataFrame) -> pl.DataFrame:
    """Blocks that stand several times and are all counted, with the votes of the smallest and the largest."""
    counted = frame.filter(countable())
    keys = counted.group_by(_CELL).agg(copies=pl.len()).filter(pl.col("copies") > 1)
    if not keys.height:
        return keys
    rows = counted.join(keys, on=list(_CELL), maintain_order="left").with_columns(
        copy=pl.int_range(pl.len()).over(_CELL)
    )
    is_write_in = pl.col("measure") == Measure.WRITE_IN.value
    vector = pl.struct("choice_id", "measure", "votes").hash().sum()
    by_copy = rows.group_by(*_BLOCK, "copy", maintain_order=True).agg(
        pl.col("votes").filter(is_measure(*VOTES)).sum(), pl.len().alias("cells"),
        vector.alias("same"), is_write_in.all().alias("write_ins"),
        pl.col("measure", "office", "file", "row").first(),
    )  # fmt: skip
    return by_copy.group_by(_BLOCK, maintain_order=True).agg(
        pl.len().alias("copies"), pl.col("cells").max(), pl.col("votes").min().alias("least"),
        pl.col("votes").max().alias("most"), pl.col("votes").sum(), pl.col("same").n_unique() == 1,
        pl.col("write_ins").all(), pl.col("measure", "office").first(), pl.col("file", "row").last(),
        pl.col("file", "row").first().name.prefix("first_"),
    )  # fmt: skip


def _conflict_finding(material: Material, row: dict[str, Any]) -> Finding:
    times = "twice" if row["copies"] == 2 else f"{row['copies']} times"
    how = "the same" if row["same"] else "different"
    votes = f" ({row['least']:,} and {row['most']:,} votes)" if row["most"] and not row["same"] else ""
    return Finding(
        "A4", Severity.WARNING if row["write_ins"] else Severity.ERROR, row["contest"], place(row),
        f"{place(row)}: {_what(row)} stands {times} with {how} numbers{votes}, and all are counted. "
        f"Are they two elections for one office, parts of a split unit, or is one a wrong copy?",
        numbers={name: row[name] for name in ("copies", "cells", "least", "most", "votes")},
        votes_at_stake=row["votes"] - row["least"], margin=material.margin(row["contest"]),
        source=source_of(row),
        also=(Source(row["first_file"], row["first_row"], None, row["snapshot"]),),
        topic=topic("different", row["unit_id"], material.tag(row["snapshot"])),
    )  # fmt: skip


@check(
    "A5", "Totals as rows",
    question="Do totals stand among the units, where a plain sum would count them twice?",
    formula="left out: units named total, cumulative or left blank beside units; choices named total votes",
    severity=Severity.INFO,
    needs=("names of units and choices",),
    benign=(
        "many sources end each county with its total",
        "votes that no unit is named for (floating votes) are reported for the county as a whole",
    ),
    record="the source's own notes on its rows",
    holder="the office or archive that published the file",
)  # fmt: skip
def totals_as_rows(material: Material) -> Outcome:
    """Information, one finding per file and kind: totals never enter a sum, floating votes do."""
    frame = material.returns
    floating = frame.filter(pl.col("unit_kind") == UnitKind.FLOATING.value)
    kinds = (
        (_totals_of_units(material), "total over units", "kept to compare with, never added"),
        (_totals_of_choices(frame), "total over choices", "kept to compare with, never added"),
        (floating, "count without a unit", "counted once, with the county"),
    )
    return [
        _total_finding(material, row, kind, fate)
        for rows, kind, fate in kinds
        for row in _by_file(rows).iter_rows(named=True)
    ]


def _totals_of_units(material: Material) -> pl.DataFrame:
    """Subtotals among units, and rows of a county or state in a file that has its units too."""
    frame, columns = material.returns, ["snapshot", "file", "row", "state", "county", "unit", "contest"]
    subtotals = frame.filter(
        (pl.col("unit_kind") == UnitKind.TOTAL.value) & (pl.col("level") == Level.UNIT.value)
    ).select(columns)
    levels = frame.group_by("snapshot", "file").agg(pl.col("level").n_unique()).filter(pl.col("level") > 1)
    if not levels.height:
        return subtotals
    is_coarse, key = pl.col("level") != Level.UNIT.value, ["snapshot", *CELL_KEY]
    left_out = material.totals.filter(is_coarse).join(
        material.leaves.filter(is_coarse), on=key, how="anti", maintain_order="left"
    )
    beside = left_out.join(levels, on=["snapshot", "file"], how="semi", maintain_order="left")
    return pl.concat([beside.select(columns), subtotals])


def _totals_of_choices(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that hold a contest's total and nothing else, as if the total were a choice."""
    is_total = pl.col("measure") == Measure.TOTAL_VOTES.value
    totals = frame.filter(is_total)
    if not totals.height:
        return totals
    row = ["snapshot", "file", "row"]
    return totals.join(
        frame.filter(~is_total).select(row).unique(), on=row, how="anti", maintain_order="left"
    )


def _by_file(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("row", maintain_order=True)
    return ordered.group_by("snapshot", "file", maintain_order=True).agg(
        pl.col("row").n_unique().alias("rows"), pl.col("contest").n_unique().alias("contests"),
        pl.col("county").n_unique().alias("counties"), pl.col("row", "state", "county", "unit").first(),
    )  # fmt: skip


def _total_finding(material: Material, row: dict[str, Any], kind: str, fate: str) -> Finding:
    are = "is a" if row["rows"] == 1 else "are each a"
    return Finding(
        "A5", Severity.INFO, "", "whole file",
        f"{row['file']}: {count(row['rows'], 'row')} {are} {kind} "
        f"(first: row {row['row']:,}, {place(row)}), {fate}.",
        numbers={"rows": row["rows"], "contests": row["contests"], "counties": row["counties"]},
        votes_at_stake=0, source=source_of(row),
        topic=topic(row["file"], kind, material.tag(row["snapshot"])),
    )  # fmt: skip


@check(
    "A8", "Unknown or overlapping modes",
    question="Is every column of votes a way of voting of its own?",
    formula="overlap: one mode is the sum of two or three others in every row; likely: in nine rows of ten",
    severity=Severity.WARNING,
    needs=("votes by way of voting (mode)",),
    benign=(
        "early votes are given by kind of site and in total",
        "a column holds a count that is no way of voting, such as hand-counted or adjudicated ballots",
    ),
    record="the source's description of its columns",
    holder="the office or archive that published the file",
)  # fmt: skip
def modes_apart(material: Material) -> Outcome:
    """One finding per file and kind; parts that the importer knew are not counted beside their whole."""
    votes = material.returns.filter(is_measure(*VOTES))
    by_mode = votes.filter(pl.col("mode") != Mode.TOTAL.value)
    if not by_mode.height:
        return Missing("votes by way of voting (mode)")
    totals = votes.filter(pl.col("mode") == Mode.TOTAL.value).select("snapshot", "file").unique().rows()
    findings: list[Finding] = []
    for file, rows in by_mode.group_by("snapshot", "file", maintain_order=True):
        findings += _mode_findings(material, rows, file in totals)
    return findings


def _mode_findings(material: Material, rows: pl.DataFrame, stated: bool) -> Iterator[Finding]:
    """What is to be told of one file's modes; ``stated`` tells whether it gives totals beside them."""
    modes = rows.group_by(pl.col("mode_raw").cast(pl.String), "mode", maintain_order=True).agg(
        pl.col("votes").sum(), (pl.col("note") == Note.OVERLAPPING.value).any().alias("part"),
        pl.col("snapshot", "file", "row", "column").first(),
    )  # fmt: skip
    whole, parts = modes.filter(~pl.col("part")), modes.filter("part")
    unknown = whole.filter(pl.col("mode") == Mode.OTHER.value)
    if parts.height:
        said = f"add up to {_whole_of(whole, parts)}; only the whole is counted."
        yield _mode_finding(material, parts, Severity.WARNING, "overlap", said)
    if unknown.height:
        fate = "not added, because totals are stated" if stated else "counted as a way of voting of its own"
        said = f"names no way of voting that is known here; {fate}."
        yield _mode_finding(material, unknown, Severity.INFO if stated else Severity.WARNING, "unknown", said)
    for name, group, share in _likely_overlaps(rows, whole):
        likely = whole.filter(pl.col("mode_raw").is_in(group))
        fate = "totals are taken as stated" if stated else "all are counted"
        said = f"add up to '{name}' in {share:.1%} of the rows; {fate}. Are they parts of it?"
        yield _mode_finding(material, likely, Severity.WARNING, f"likely {name}", said)


def _mode_finding(
    material: Material, modes: pl.DataFrame, severity: Severity, about: str, said: str
) -> Finding:
    first = modes.row(0, named=True)
    names = " and ".join(f"'{name}'" for name in modes["mode_raw"])
    return Finding(
        "A8", severity, "", "whole file", f"{first['file']}: {names} {said}",
        numbers=dict(modes.select("mode_raw", "votes").rows()), source=source_of(first),
        topic=topic(first["file"], about, material.tag(first["snapshot"])),
    )  # fmt: skip


def _whole_of(whole: pl.DataFrame, parts: pl.DataFrame) -> str:
    """The column that these parts add up to, by their sums over the file."""
    sums = parts["votes"].to_list()
    reachable = {sum(group) for size in (2, 3) for group in combinations(sums, size)}
    names = whole.filter(pl.col("votes").is_in(reachable))["mode_raw"].to_list()
    return " and ".join(f"'{name}'" for name in names) or "another column"


LIKELY, FEWEST_ROWS, NEAR = 0.9, 10, 0.05


def _likely_overlaps(rows: pl.DataFrame, modes: pl.DataFrame) -> list[tuple[str, list[str], float]]:
    """Modes that are the sum of others in most rows with votes, yet not in all: (whole, parts, share).

    Only groups whose sums over the file come within a twentieth of each other are looked at row by row.
    """
    sums = {name: votes for name, votes in modes.select("mode_raw", "votes").rows() if votes}
    near = [
        (name, list(group))
        for name in sums
        for size in (2, 3)
        for group in combinations([other for other in sums if other != name], size)
        if abs(sums[name] - sum(sums[part] for part in group)) <= NEAR * sums[name]
    ]
    if not near:
        return []
    key = list(CELL_KEY)
    wide = rows.with_columns(pl.col("mode_raw").cast(pl.String)).pivot(
        "mode_raw", index=key, values="votes", aggregate_function="sum"
    )
    judged = ((name, group, *_agreement(wide, name, group)) for name, group in near)
    return [
        (name, group, share) for name, group, share, used in judged if share >= LIKELY and used >= FEWEST_ROWS
    ]


def _agreement(wide: pl.DataFrame, name: str, group: list[str]) -> tuple[float, int]:
    """In what share of the rows with votes the group adds up to the mode, and how many rows those are."""
    used = wide.select(pl.col(name), parts=pl.sum_horizontal(group, ignore_nulls=False)).filter(
        pl.col(name) > 0
    )
    return (float((used[name] == used["parts"]).mean() or 0.0), used.height)  # type: ignore[arg-type]
