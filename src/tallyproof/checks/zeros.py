"""Zeros where votes were to be expected: a choice with none of many votes, a unit without any."""

from __future__ import annotations

import math
import re
from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.robust import FEWEST_VOTES
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.checks.written_in import is_named, is_uncounted
from tallyproof.election import returns
from tallyproof.election.evidence import Finding, Severity
from tallyproof.election.returns import (
    SCHEMA,
    UNIT_KEY,
    VOTES,
    Measure,
    Mode,
    UnitKind,
    countable,
    is_measure,
)

IMPROBABLE = 1e-6
NEARLY_NONE = 0.05
"""Besides zero, at most this part of the votes to be expected counts as nearly none."""
NEIGHBOURS = 2
"""So many units before and after in order of name, which mostly belong to the same town."""

_PLACE = ("snapshot", "state", "contest", "mode")
_COUNTY = (*_PLACE, "county")


@check(
    "B11", "Improbable zero",
    question="Does a choice with votes everywhere else have none, or nearly none, here?",
    formula="P(X <= v) < 1e-6, X binomial(n, p), p the smallest share elsewhere: county, contest, next units",
    severity=Severity.WARNING,
    needs=("votes by choice in several units or counties",),
    benign=(
        "the choice was not on this unit's ballot, or had withdrawn",
        "a write-in candidate whose votes this county does not count one by one",
        "a small town or ward that votes quite unlike its neighbours",
        "the choice's votes were entered under another choice or another unit",
    ),
    record="the tabulator tapes of the unit, then its ballots",
    holder="the municipal or county clerk",
)  # fmt: skip
def improbable_zeros(material: Material) -> Outcome:
    """Asked of units and of whole counties, by mode where modes are given; one finding per unit and choice.

    Shares differ more between units than a binomial allows, so p is the smallest of the shares elsewhere;
    a choice in whose place another one stands is not on the ballot.
    """
    cells = _cells(material)
    counties = _counties(cells)
    if cells["unit"].n_unique() < 2 and cells["county"].n_unique() < 2:
        return Missing("votes by choice in several units or counties")
    key = ["snapshot", "contest", "state", "county", "unit", "choice_id"]
    units = cells.filter(pl.col("unit") != "")
    in_units = _without_replaced(_alone_among_neighbours(_of_units(units), units), units, _COUNTY)
    in_counties = _without_replaced(_of_counties(counties), counties, _PLACE)
    flagged = pl.concat([in_units, in_counties], how="diagonal")
    worst = flagged.sort("expected", descending=True).unique(key, keep="first", maintain_order=True)
    return [_zero_finding(material, row) for row in worst.iter_rows(named=True)]


def _cells(material: Material) -> pl.DataFrame:
    """Votes per unit, choice and mode (``total`` too), with n, the votes of the unit's contest in that mode.

    Units with an unknown number in the contest are left out.
    """
    chosen = is_measure(*VOTES)
    columns = ["snapshot", *UNIT_KEY, "contest", "choice_id", "choice", "party", "measure", "unit_kind",
               "office", "votes", "file", "row"]  # fmt: skip
    totals = material.leaves.filter(chosen).select(
        *columns, mode=pl.lit(Mode.TOTAL.value).cast(SCHEMA["mode"])
    )
    by_mode = material.returns.filter(chosen & countable() & (pl.col("mode") != Mode.TOTAL.value))
    cells = pl.concat([totals, _modes(by_mode).select(*columns, "mode")]) if by_mode.height else totals
    unit = [*_COUNTY, "unit"]
    if cells["votes"].has_nulls():
        cells = cells.filter(~pl.col("votes").is_null().any().over(unit))
    return cells.with_columns(n=pl.col("votes").sum().over(unit), uncounted=is_uncounted(is_named()))


def _modes(rows: pl.DataFrame) -> pl.DataFrame:
    """Votes by mode at the finest level, one row per cell."""
    cell = ["snapshot", *UNIT_KEY, "contest", "choice_id", "measure", "mode"]
    unknown = pl.col("votes").is_null().any()
    summed = rows.group_by(cell, maintain_order=True).agg(
        pl.when(unknown).then(None).otherwise(pl.col("votes").sum()).alias("votes"),
        pl.col("choice", "party", "unit_kind", "office", "file", "row").first(),
    )
    return returns.finest(summed, ["snapshot", "mode"])


def _counties(cells: pl.DataFrame) -> pl.DataFrame:
    """The same per county; ``own`` tells whether a county has more than one unit, or only its own row."""
    key = [*_COUNTY, "choice_id", "measure"]
    return cells.group_by(key, maintain_order=True).agg(
        pl.col("votes", "n").sum(), pl.col("choice", "office", "file", "row").first(),
        pl.lit("").cast(SCHEMA["unit"]).alias("unit"),
        pl.lit(UnitKind.PLACE.value).cast(SCHEMA["unit_kind"]).alias("unit_kind"),
        ((pl.len() > 1) | (pl.col("unit") == "").any()).alias("own"), pl.col("uncounted").any(),
    )  # fmt: skip


def _of_units(units: pl.DataFrame) -> pl.DataFrame:
    """Against the rest of the county and the rest of the contest."""
    few = units.filter(pl.col("votes") <= NEARLY_NONE * pl.col("n"))
    shares = [_share_elsewhere(few, units, *group, "choice_id") for group in (_COUNTY, _PLACE)]
    return _nearly_none(few.with_columns(p=pl.min_horizontal(shares)))


def _of_counties(counties: pl.DataFrame) -> pl.DataFrame:
    """Against other counties in the same mode and, where modes are given, other modes in the same county."""
    is_total = pl.col("mode") == Mode.TOTAL.value
    own = counties.filter("own")
    other_counties = _share_elsewhere(own, counties, *_PLACE, "choice_id")
    same_county = ("snapshot", "state", "contest", "county", "choice_id")
    other_modes = _share_elsewhere(own, counties.filter(~is_total), *same_county)
    by_mode = own.select(pl.when(~is_total).then(other_modes))
    return _nearly_none(own.with_columns(p=pl.min_horizontal(other_counties, by_mode.to_series())))


def _share_elsewhere(cells: pl.DataFrame, others: pl.DataFrame, *group: str) -> pl.Series:
    """For each cell the choice's share of the group's votes without it; null where nothing else is left."""
    sums = others.group_by(group).agg(pl.col("votes", "n").sum().name.prefix("all_"))
    beside = cells.select(*group, "votes", "n").join(sums, on=list(group), how="left", maintain_order="left")
    left = pl.col("all_n") - pl.col("n")
    share = pl.when(left > 0).then((pl.col("all_votes") - pl.col("votes")) / left)
    return beside.select(share.alias("_".join(group))).to_series()


def _nearly_none(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells whose votes are improbably few at the share ``p``; adds ``expected`` and ``log_p``."""
    p = pl.col("p").clip(0.0, 1 - 1e-9)
    is_few = pl.col("votes").is_between(0, NEARLY_NONE * p * pl.col("n"))
    none_is_rare = pl.col("n") * (1 - p).log() < math.log(IMPROBABLE)
    is_candidate = (pl.col("measure") == Measure.CHOICE.value) & (pl.col("unit_kind") == UnitKind.PLACE.value)
    few = cells.filter(is_candidate & ~pl.col("uncounted") & none_is_rare & is_few).with_columns(
        p=p, expected=p * pl.col("n")
    )
    tails = [log_binomial_tail(*numbers) for numbers in few.select("votes", "n", "p").rows()]
    judged = few.with_columns(log_p=pl.Series(tails, dtype=pl.Float64))
    return judged.filter(pl.col("log_p") < math.log(IMPROBABLE))


def log_binomial_tail(v: int, n: int, p: float) -> float:
    """The natural logarithm of P(X <= v) for X binomial(n, p), 0 < p < 1, summed term by term in logarithms.

    >>> round(log_binomial_tail(0, 100, 0.5) / math.log(0.5))
    100
    """
    term = total = n * math.log1p(-p)
    odds = math.log(p) - math.log1p(-p)
    for k in range(1, v + 1):
        term += math.log((n - k + 1) / k) + odds
        total = max(total, term) + math.log1p(math.exp(-abs(total - term)))
    return total


def _alone_among_neighbours(flagged: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Those that stay improbable at the share of the units next to them in order of name."""
    if not flagged.height:
        return flagged
    group = [*_COUNTY, "choice_id"]
    around = _where(cells, flagged, _COUNTY).join(flagged.select(group).unique(), on=group, how="semi")
    names = around["unit"].unique().cast(pl.String).to_list()
    order = pl.DataFrame({"unit": names, "_order": [_natural(name) for name in names]})
    ordered = around.with_columns(pl.col("unit").cast(pl.String)).join(order, on="unit").sort("_order")
    shares = ordered.select(
        *group, pl.col("unit").cast(pl.Categorical), *(_share_beside(side).over(group) for side in (1, -1))
    )
    judged = flagged.join(shares, on=[*group, "unit"], how="left", maintain_order="left")
    return _nearly_none(judged.with_columns(p=pl.min_horizontal("p", "before", "after")))


def _where(cells: pl.DataFrame, flagged: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The cells that share each of these columns' values with some flagged one: a quick first choice."""
    return cells.filter(pl.col(name).is_in(flagged[name].unique().implode()) for name in names)


def _share_beside(side: int) -> pl.Expr:
    """The choice's share in the next units on one side; null where there are none with votes."""
    votes, n = (
        pl.sum_horizontal(pl.col(name).shift(side * step) for step in range(1, NEIGHBOURS + 1))
        for name in ("votes", "n")
    )
    return pl.when(n > 0).then(votes / n).alias("before" if side > 0 else "after")


def _natural(name: str) -> str:
    """A key that sorts Ward 9 before Ward 10."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(8), name.casefold())


def _without_replaced(flagged: pl.DataFrame, cells: pl.DataFrame, group: tuple[str, ...]) -> pl.DataFrame:
    """Leaves out choices in whose place another one stands, for they are not on the ballot here.

    Another one stands in its place where it has at least half of the votes to be expected, and none in
    any unit of the group where the choice itself has votes (which it must have somewhere).
    """
    if not flagged.height:
        return flagged
    unit = [*group, *(name for name in ("county", "unit") if name not in group)]
    cells = _where(cells, flagged, group)
    others = cells.select(*unit, pl.col("choice_id").alias("other"), pl.col("votes").alias("other_votes"))
    rivals = flagged.select(*unit, "choice_id", "expected").join(others, on=unit).filter(
        (pl.col("other") != pl.col("choice_id")) & (2 * pl.col("other_votes") >= pl.col("expected"))
    )  # fmt: skip
    pairs = rivals.select(*group, "choice_id", "other").unique()
    with_votes = cells.filter(pl.col("votes") > 0).join(pairs, on=[*group, "choice_id"])
    meeting = with_votes.join(others.filter(pl.col("other_votes") > 0), on=[*unit, "other"], how="semi")
    pair = [*group, "choice_id", "other"]
    apart = pairs.join(meeting, on=pair, how="anti").join(with_votes, on=pair, how="semi")
    replaced = rivals.join(apart, on=pair, how="semi")
    return flagged.join(replaced, on=[*unit, "choice_id"], how="anti", maintain_order="left")


def _zero_finding(material: Material, row: dict[str, Any]) -> Finding:
    expected, power = round(row["expected"]), row["log_p"] / math.log(10)
    how = "" if row["mode"] == Mode.TOTAL.value else f" in {row['mode'].replace('-', ' ')} voting"
    return Finding(
        "B11", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['choice']} has {row['votes']:,} of {count(row['n'], 'vote')} "
        f"for {row['office']}{how}; the smallest share elsewhere, {row['p']:.1%}, would give {expected:,}.",
        numbers={"votes": row["votes"], "n": row["n"], "share_elsewhere": round(row["p"], 5),
                 "expected": expected, "log10_p": round(power, 1), "mode": row["mode"]},
        votes_at_stake=expected, margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic(row["choice_id"], material.tag(row["snapshot"])),
    )  # fmt: skip


EVERYWHERE = 0.9
"""A contest with votes in so large a part of a county's units is taken to be on every ballot there."""


@check(
    "B12", "Unit without votes",
    question="Does a unit report no votes at all, or none in a contest that is on every ballot around it?",
    formula="S = 0 while N > 0 or B > 0, or while neither is known (S votes, N registered, B ballots cast)",
    severity=Severity.WARNING,
    needs=("votes by reporting unit",),
    benign=(
        "nobody lives or voted in the unit",
        "the unit was combined with another, under which its votes stand",
        "its votes are reported for the town or county as a whole",
        "the contest was not on this unit's ballot",
    ),
    record="the list of reporting units of this election and the unit's poll book",
    holder="the municipal or county clerk",
)  # fmt: skip
def zero_units(material: Material) -> Outcome:
    """Information once per unit without any votes.

    A contest alone without votes is a warning where the unit has a hundred in another and nine of ten
    units of the county have votes in it.
    """
    rows = material.sums.filter((pl.col("unit_kind") == UnitKind.PLACE.value) & pl.col("votes").is_not_null())
    if not rows.height:
        return Missing("votes by reporting unit")
    unit, tops = ["snapshot", *UNIT_KEY], list(material.top_contests.values())
    judged = rows.with_columns(
        most=pl.col("votes").max().over(unit), contests=pl.len().over(unit),
        is_top=pl.col("contest").is_in(tops),
        covered=(pl.col("votes") > 0).mean().over("snapshot", "state", "county", "contest"),
    ).filter(pl.col("votes") == 0)  # fmt: skip
    counts = pl.max_horizontal("ballots", "registered")
    whole = judged.filter((pl.col("most") == 0) & ((counts > 0) | counts.is_null()))
    in_order = whole.sort("is_top", descending=True, maintain_order=True)
    once = in_order.unique(unit, keep="first", maintain_order=True)
    is_everywhere = (pl.col("most") >= FEWEST_VOTES) & (pl.col("covered") >= EVERYWHERE)
    single = judged.filter((pl.col("most") > 0) & (pl.col("is_top") | is_everywhere))
    return [_no_votes(material, row) for row in pl.concat([once, single]).iter_rows(named=True)]


def _no_votes(material: Material, row: dict[str, Any]) -> Finding:
    ballots, registered, contests = row["ballots"], row["registered"], row["contests"]
    is_grave = row["most"] >= FEWEST_VOTES and row["covered"] >= EVERYWHERE
    everywhere = f"in any of {contests} contests" if contests > 1 else "in its only contest"
    known = [
        f"{count(row['most'], 'vote')} in another contest" if row["most"] else "",
        f"{count(ballots, 'ballot')} cast" if ballots is not None else "",
        f"{count(registered, 'voter')} registered" if registered is not None else "",
    ]
    beside = ", ".join(each for each in known if each) or "ballots cast and registration are not known"
    where = f"for {row['office']}" if row["most"] else everywhere
    return Finding(
        "B12", Severity.WARNING if is_grave else Severity.INFO, row["contest"], place(row),
        f"{place(row)}: no votes {where}; {beside}.",
        numbers={"votes": 0, "ballots": ballots, "registered": registered, "contests": contests,
                 "most_elsewhere": row["most"]},
        votes_at_stake=ballots, margin=material.margin(row["contest"]), source=source_of(row),
        topic=material.tag(row["snapshot"]),
    )  # fmt: skip
