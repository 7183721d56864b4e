"""Ballots that the cards come from, beside ballots cast, voters who signed in and cards listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from tallyproof.audit.card_counts import CountedCards
from tallyproof.audit.reconciliation import least_ballots
from tallyproof.checks.card_batches import is_of_another
from tallyproof.checks.card_cells import of_jurisdiction, unit_column, unit_keys
from tallyproof.checks.card_contests import (
    NO_CARDS,
    CardContests,
    Stake,
    card_contests,
    depends,
    opening,
    place_of,
)
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, topic
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import Level, Measure, UnitKind, is_measure

MANY = 5
"""Where more units than this have too many, one finding tells of all: a batch has cards of many units."""
NEARLY_ALL = 0.95
"""A contest on so large a share of the ballots is taken to be on every ballot."""
SAID = {Measure.BALLOTS_CAST.value: "ballots were cast", Measure.VOTERS.value: "voters signed in"}


@check(
    "B18", "Cards within ballots and voters",
    question="Do the cards come from more ballots than were cast, or than voters signed in?",
    formula="x = L - min(B, P); adds up when x <= 0 (L least number of ballots that the cards come from, for "
            "each unit and ballot type the cards of its most frequent contest; B ballots cast, P voters "
            "signed in); a contest's cards <= cards listed in the manifest",
    severity=Severity.WARNING,
    needs=("cast vote records", "ballots cast or voters signed in (poll book), or a ballot manifest"),
    benign=(
        "cards were scanned twice, or an export was loaded twice",
        "ballots cast counts only one way of voting",
        "voters at a vote centre are listed under another unit than their ballots",
        "a jammed card was fed again",
    ),
    record="the poll book and the ballot accounting form of the unit, beside its batches",
    holder="the county clerk or municipal clerk",
)  # fmt: skip
def cards_within_ballots(material: Material) -> Outcome:
    """Warnings for units with too many; one for information where ballots lack records."""
    if not material.card_counts:
        return Missing(NO_CARDS)
    contests = card_contests(material)
    limits = [_limits(material, counted) for counted in material.card_counts]
    has_manifest = any(counted.manifest for counted in material.card_counts)
    if not has_manifest and not any(limit.height for limit in limits):
        return Missing("ballots cast or voters signed in of the same places, or a ballot manifest")
    findings: list[Finding] = []
    for counted, limit in zip(material.card_counts, limits, strict=True):
        findings += _within_limits(material, contests, counted, limit)
        findings += _within_manifest(contests, counted)
    return findings


def _limits(material: Material, counted: CountedCards) -> pl.DataFrame:
    """Ballots and voters by unit beside the ballots that the cards come from; one row for each measure.

    Columns: snapshot, place (key of the unit, "" for the whole), unit, measure, limit, file, row, ballots
    (that the cards come from), x = ballots - limit.
    """
    known = material.unit_counts.filter(
        is_measure(Measure.BALLOTS_CAST, Measure.VOTERS) & (pl.col("contest") == "")
    )
    rows = of_jurisdiction(material, counted, known)
    if not rows.height:
        return pl.DataFrame()
    units = unit_keys(counted, rows.with_columns(unit_kind=pl.lit(UnitKind.PLACE.value)))
    places = _places(rows, units)
    limits = places.group_by("snapshot", "place", "measure", maintain_order=True).agg(
        pl.col("votes").sum().alias("limit"), pl.col("row").min(),
        pl.col("file", "unit").cast(pl.String).first(),
    )  # fmt: skip
    met = limits.join(_ballots_by_place(counted, units), on="place", maintain_order="left")
    return met.with_columns(
        pl.col("snapshot", "measure").cast(pl.String), x=pl.col("ballots") - pl.col("limit")
    )


def _places(rows: pl.DataFrame, units: Mapping[str, str]) -> pl.DataFrame:
    """Rows of units under their keys, and of the whole, which is their sum where nobody states it."""
    is_unit = pl.col("level") == Level.UNIT.value
    parts = rows.filter(is_unit)
    parts = parts.with_columns(place=unit_column(parts, units) if parts.height else pl.lit(""))
    whole = rows.filter(pl.col("level") == Level.COUNTY.value)
    if not whole.height:
        whole = parts
    return pl.concat([parts.filter(pl.col("place") != ""), whole.with_columns(place=pl.lit(""))],
                     how="diagonal")  # fmt: skip


def _ballots_by_place(counted: CountedCards, units: Mapping[str, str]) -> pl.DataFrame:
    on_cards = least_ballots(counted)
    places = pl.DataFrame({
        "place": [units.get(unit, "-") for unit in on_cards], "ballots": list(on_cards.values())
    })  # fmt: skip
    whole = pl.DataFrame({"place": [""], "ballots": [sum(on_cards.values())]})
    return pl.concat([whole, places.group_by("place", maintain_order=True).agg(pl.col("ballots").sum())])


def _within_limits(
    material: Material, contests: CardContests, counted: CountedCards, limits: pl.DataFrame
) -> Iterator[Finding]:
    if not limits.height:
        return
    over = limits.filter((pl.col("x") > 0) & (pl.col("place") != "")).sort("x", descending=True)
    whole = limits.filter(pl.col("place") == "")
    units = over.unique("place", keep="first", maintain_order=True)
    in_all = whole.filter(pl.col("x") > 0).sort("x", descending=True)
    if in_all.height and (units.height > MANY or not units.height):
        most = f" {units.height:,} units have too many, {units['unit'][0]} most." if units.height else ""
        yield _over(material, contests, counted, in_all.row(0, named=True), in_all, most)
    else:
        for row in units.head(MANY).iter_rows(named=True):
            others = over.filter(pl.col("place") == row["place"])
            yield _over(material, contests, counted, row, others)
    lacking = limits.filter((pl.col("x") < 0) & (pl.col("measure") == Measure.BALLOTS_CAST.value))
    for row in lacking.filter(pl.col("place") == "").iter_rows(named=True):
        same = lacking.filter(pl.col("snapshot") == row["snapshot"])
        yield _lacking(material, contests, counted, row, same)


def _everywhere(contests: CardContests, counted: CountedCards, votes: int) -> Stake:
    """The contest that weighs most among those on nearly every ballot."""
    cards = {name: int(contest.cards.sum()) for name, contest in counted.contests.items()}
    most = max(cards.values(), default=0)
    return contests.worst({name: votes for name, n in cards.items() if n and n >= NEARLY_ALL * most})


def _over(
    material: Material, contests: CardContests, counted: CountedCards, row: Mapping[str, Any],
    limits: pl.DataFrame, where: str = "",
) -> Finding:  # fmt: skip
    stake = _everywhere(contests, counted, row["x"])
    unit = place_of(counted.jurisdiction, row["unit"] if row["place"] else "")
    only = " and ".join(
        f"only {limit:,} {SAID[measure]}" for measure, limit in limits.select("measure", "limit").rows()
    )
    return Finding(
        "B18", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: cast vote records of at least {count(row['ballots'], 'ballot')}, but {only}: "
        f"{row['x']:,} too many.{where}{depends(stake)}",
        numbers={"ballots": row["ballots"], **dict(limits.select("measure", "limit").rows()), "x": row["x"]},
        votes_at_stake=stake.votes, margin=stake.margin,
        source=Source(row["file"], row["row"], None, row["snapshot"]),
        also=tuple(Source(file) for file in counted.files), topic=topic(material.tag(row["snapshot"])),
    )  # fmt: skip


def _lacking(
    material: Material, contests: CardContests, counted: CountedCards, row: Mapping[str, Any],
    limits: pl.DataFrame,
) -> Finding:  # fmt: skip
    lacking = -row["x"]
    stake = _everywhere(contests, counted, lacking)
    unit = place_of(counted.jurisdiction, "")
    units = limits.filter(pl.col("place") != "").height
    where = f" {count(units, 'unit')} lack some." if units else ""
    return Finding(
        "B18", Severity.INFO, stake.contest, unit,
        f"{opening(unit)}: {row['limit']:,} ballots were cast, and the cast vote records come from "
        f"{row['ballots']:,}: {count(lacking, 'ballot')} may have no record.{where}{depends(stake)}",
        numbers={"ballots": row["ballots"], "ballots_cast": row["limit"], "x": row["x"], "units": units},
        votes_at_stake=stake.votes, margin=stake.margin,
        source=Source(row["file"], row["row"], None, row["snapshot"]),
        also=tuple(Source(file) for file in counted.files),
        topic=topic("lacking", material.tag(row["snapshot"])),
    )  # fmt: skip


def _within_manifest(contests: CardContests, counted: CountedCards) -> Iterator[Finding]:
    """Contests that stand on more cards than the manifest lists: one finding, for the gravest."""
    if counted.manifest is None or is_of_another(counted):
        return
    listed, unit = counted.manifest.cards, place_of(counted.jurisdiction, "")
    cards = {name: int(contest.cards.sum()) for name, contest in counted.contests.items()}
    stake = contests.worst({name: number - listed for name, number in cards.items() if number > listed})
    if not stake.votes:
        return
    others = sum(number > listed for number in cards.values()) - 1
    more = f" So {'does' if others == 1 else 'do'} {count(others, 'other contest')}." if others else ""
    yield Finding(
        "B18", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: {stake.name} stands on {count(cards[stake.name], 'cast vote record')}, but "
        f"{counted.manifest.file} lists only {count(listed, 'card')}: {stake.votes:,} too many.{more}",
        numbers={"cards": cards[stake.name], "listed": listed, "x": stake.votes, "contests": others + 1},
        votes_at_stake=stake.votes, margin=stake.margin, source=Source(counted.manifest.file),
        also=tuple(Source(file) for file in counted.files), topic="manifest",
    )  # fmt: skip
