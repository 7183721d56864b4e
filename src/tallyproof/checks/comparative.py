"""Comparative statistics between units: never errors, always with what they were compared to."""

from __future__ import annotations

from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.joining import with_unit_counts
from tallyproof.checks.material import Material
from tallyproof.checks.pairs import beside_previous, contest_pairs, finest_sums, paired, two_party
from tallyproof.checks.robust import ATTENTION, FEWEST_UNITS, FEWEST_VOTES, among_units
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import Measure, is_measure

EVIDENTLY_SEVERAL = -0.05
"""Where the median unit has so many more votes in the lower contest, its ballots have several votes there."""


def _flagged(table: pl.DataFrame, value: str, size: str | None, group: list[str]) -> pl.DataFrame:
    """Rows beyond |z| 5 among at least 15 units of their group; see ``among_units`` for the columns."""
    scored = among_units(table, value, size, group)
    return scored.filter((pl.col("units") >= FEWEST_UNITS) & (pl.col("z").abs() > ATTENTION))


def _statistics(row: dict[str, Any], digits: int = 5) -> dict[str, float | int]:
    """What every comparison shows: median and robust standard deviation of the units, z and rank."""
    return {"median": round(row["median"], digits), "sd": round(row["sd"], digits), "z": round(row["z"], 2),
            "units": row["units"], "rank": row["rank"]}  # fmt: skip


def _votes(distance: float, size: int) -> int:
    """Votes that would bring a unit to the median: the distance from it times the unit's size."""
    return round(abs(distance) * size)


@check(
    "E1", "Residual votes",
    question="Do far more or fewer ballots than elsewhere show no valid vote in this contest?",
    formula="r = (B - S/m) / B; z = (r - median) / sqrt((1.4826 MAD)^2 + r(1 - r)/B), flagged at |z| > 5",
    severity=Severity.WARNING,
    needs=("votes and ballots cast by reporting unit, at least 15 units of 100 ballots",),
    benign=(
        "voters skipped the contest on purpose, as in minor or unopposed contests",
        "the contest is not on all ballots of the unit",
        "a straight-party device that does not reach the contest",
        "write-in votes were not counted",
        "ballots and votes come from tables with different boundaries",
    ),
    record="the ballots of the unit, or the tabulator's images and undervote report",
    holder="the municipal or county clerk",
)  # fmt: skip
def residual_rate(material: Material) -> Outcome:
    """Each unit against the state's other units of the contest; more votes than ballots are left to B2."""
    known = finest_sums(material).filter((pl.col("ballots") >= FEWEST_VOTES) & pl.col("votes").is_not_null())
    seats = pl.col("vote_for").fill_null(1)
    rates = known.with_columns(r=1 - pl.col("votes") / (seats * pl.col("ballots")))
    group = ["snapshot", "state", "contest"]
    # Unknown votes per ballot count as one unless half of the units would then have more votes than ballots.
    usable = rates.filter(pl.col("vote_for").is_not_null() | (pl.col("r").median().over(group) >= 0))
    if not _any_comparable(usable, group):
        return Missing("votes and ballots cast of at least 15 units with 100 ballots")
    flagged = _flagged(usable, "r", "ballots", group).filter(pl.col("r") >= 0)
    return [_residual_finding(material, row) for row in flagged.iter_rows(named=True)]


def _any_comparable(table: pl.DataFrame, group: list[str]) -> bool:
    return bool(table.height) and bool(table.select((pl.len().over(group) >= FEWEST_UNITS).any()).item())


def _residual_finding(material: Material, row: dict[str, Any]) -> Finding:
    same = row["ballots_snapshot"] == row["snapshot"]
    other = "" if same else f" Ballots are those of {material.source(row['ballots_snapshot'])}."
    return Finding(
        "E1", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['r']:.1%} of {row['ballots']:,} ballots show no vote for {row['office']}, where "
        f"the median unit has {row['median']:.1%} (z = {row['z']:.1f}).{other}",
        numbers={"votes": row["votes"], "ballots": row["ballots"], "vote_for": row["vote_for"],
                 "r": round(row["r"], 5), **_statistics(row)},
        votes_at_stake=_votes(row["r"] - row["median"], row["ballots"] * (row["vote_for"] or 1)),
        margin=material.margin(row["contest"]), source=source_of(row),
        also=(Source(row["ballots_file"], row["ballots_row"], "ballots cast", row["ballots_snapshot"]),),
        topic=material.tag(row["snapshot"]),
    )  # fmt: skip


@check(
    "E2", "Roll-off between contests",
    question="Do far fewer or more people vote in one contest than in the top contest of the same ballot?",
    formula="r = (S_top - S_c) / max(S_top, S_c); "
            "z = (r - median) / sqrt((1.4826 MAD)^2 + r(1 - r)/n), flagged at |z| > 5",
    severity=Severity.WARNING,
    needs=("votes in two statewide contests by reporting unit, at least 15 units of 100 votes",),
    benign=(
        "a popular or unopposed candidate lower on the ballot",
        "a contest at the end of a long ballot or on its back",
        "a straight-party device that does not reach the contest",
        "a digit dropped or doubled when one contest was keyed in",
    ),
    record="the tabulator tapes of the unit for both contests",
    holder="the municipal or county clerk",
)  # fmt: skip
def roll_off(material: Material) -> Outcome:
    """Compares each statewide contest with the top contest, within each state and snapshot.

    The rank by |z| and the rank by votes differ: both are given, among the flagged units.
    """
    pairs = contest_pairs(material)
    if pairs is None:
        return Missing("votes in two statewide contests by reporting unit")
    compared = pairs.filter(pl.col("n") >= FEWEST_VOTES).with_columns(r=pl.col("d") / pl.col("n"))
    group = ["snapshot", "state", "contest"]
    single = pl.col("r").median().over(group) > EVIDENTLY_SEVERAL
    alike = compared.filter(single)
    if not _any_comparable(alike, group):
        return Missing(
            "a second statewide contest with one vote per ballot, in at least 15 units of 100 votes"
        )
    flagged = _flagged(alike, "r", "n", group).with_columns(
        by_votes=pl.col("d").abs().rank("min", descending=True).over(group)
    )
    return [_roll_off_finding(material, row) for row in flagged.iter_rows(named=True)]


def _roll_off_finding(material: Material, row: dict[str, Any]) -> Finding:
    way = "fewer" if row["d"] < 0 else "more"
    return Finding(
        "E2", Severity.WARNING, row["top"], place(row),
        f"{place(row)}: {count(row['S_top'], 'vote')} for {row['top_office']} and {row['S_c']:,} for "
        f"{row['office']}; {abs(row['d']):,} {way} in the first, where the median unit differs by "
        f"{row['median']:.1%} (z = {row['z']:.1f}).",
        numbers={"S_top": row["S_top"], "S_c": row["S_c"], "r": round(row["r"], 5), **_statistics(row),
                 "rank_by_votes": row["by_votes"]},
        votes_at_stake=abs(row["d"]), margin=material.margin(row["top"]), source=source_of(row),
        topic=topic(row["contest"], material.tag(row["snapshot"])),
    )  # fmt: skip


@check(
    "E3", "Turnout",
    question="Did turnout in this unit change far more than in the state's other units?",
    formula="q = B / B_before; z = (q - median) / (1.4826 MAD), flagged at |z| > 5; "
            "without an election before: t = B/N, z = (t - median) / sqrt((1.4826 MAD)^2 + t(1 - t)/N)",
    severity=Severity.WARNING,
    needs=(
        "ballots cast, or votes in the top contest, now and in the election before; or registered voters",
        "at least 15 units of 100 ballots or voters",
    ),
    benign=(
        "the place grew, or new housing was built",
        "students or seasonal residents vote there",
        "boundaries changed between the two elections",
        "absentee ballots were counted in another unit than last time",
        "a unit, or one way of voting, is not yet in",
    ),
    record="the poll book and the absentee ballot log of the unit",
    holder="the municipal or county clerk",
)  # fmt: skip
def turnout(material: Material) -> Outcome:
    """Against the election before where it is known, else against registration."""
    changed = _turnout_change(material)
    rates = _turnout_rate(material)
    if changed is not None:
        rates = rates.join(changed, on=["snapshot", "state"], how="anti")
    comparable = _any_comparable(rates, ["snapshot", "state"])
    if changed is None and not comparable:
        return Missing(
            "ballots cast or votes of 15 units now and in the election before, or their registered voters"
        )
    found = []
    if changed is not None:
        flagged = _flagged(changed, "q", None, ["snapshot", "state"])
        found += [_turnout_finding(material, row) for row in flagged.iter_rows(named=True)]
    if comparable:
        flagged = _flagged(rates, "t", "registered", ["snapshot", "state"])
        found += [_rate_finding(material, row) for row in flagged.iter_rows(named=True)]
    return found


def _turnout_change(material: Material) -> pl.DataFrame | None:
    """Ballots now over ballots before (q), or votes over votes where too few units have ballots in both."""
    if material.before is None:
        return None
    pairs = beside_previous(_cast(material), _cast(material.before), ["ballots", "cast"])
    group = ["snapshot", "state"]
    has_ballots = (pl.col("ballots").is_not_null() & pl.col("ballots_before").is_not_null()).sum().over(group)
    by_ballots = pairs.with_columns(_by_ballots=has_ballots >= FEWEST_UNITS)
    chosen = by_ballots.with_columns(
        pl.when("_by_ballots").then(f"ballots{end}").otherwise(f"cast{end}").alias(f"b{end}")
        for end in ("", "_before")
    )
    large = chosen.filter((pl.col("b_before") >= FEWEST_VOTES) & pl.col("b").is_not_null())
    ratios = large.with_columns(q=pl.col("b") / pl.col("b_before"))
    return ratios if _any_comparable(ratios, group) else None


def _cast(material: Material) -> pl.DataFrame:
    """The top contest by unit: ballots cast of the same snapshot, and votes cast (stated total or sum)."""
    tops = pl.Series(list(material.top_contests.values()), dtype=pl.String)
    rows = finest_sums(material).filter(pl.col("contest").cast(pl.String).is_in(tops.implode()))
    own = pl.col("ballots_snapshot") == pl.col("snapshot")
    return rows.with_columns(
        ballots=pl.when(own).then("ballots"), cast=pl.max_horizontal("choices_votes", "stated")
    ).drop("county_key", "unit_key")


def _turnout_finding(material: Material, row: dict[str, Any]) -> Finding:
    counted = "ballots" if row["_by_ballots"] else f"votes for {row['office']}"
    relative = row["q"] / row["median"] if row["median"] else None
    return Finding(
        "E3", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['b']:,} {counted} where the election before had {row['b_before']:,} "
        f"({row['q']:.2f} times as many); the state's median is {row['median']:.2f} (z = {row['z']:.1f}).",
        numbers={"now": row["b"], "before": row["b_before"], "ratio": round(row["q"], 5),
                 "over_median": None if relative is None else round(relative, 5), **_statistics(row)},
        votes_at_stake=_votes(row["q"] - row["median"], row["b_before"]),
        margin=material.margin(row["contest"]), source=source_of(row), topic=material.tag(row["snapshot"]),
    )  # fmt: skip


def _turnout_rate(material: Material) -> pl.DataFrame:
    """Ballots over registered voters (t), both of one snapshot; a registration of 0 is taken as not given."""
    own = material.unit_counts.filter(
        is_measure(Measure.BALLOTS_CAST) & ~pl.col("summed") & (pl.col("contest") == "")
    )
    places = own.drop("county_key", "unit_key", "measure", "votes", "summed")
    counted = with_unit_counts(places, material.unit_counts)
    same = (pl.col("registered_snapshot") == pl.col("snapshot")) & (pl.col("registered") >= FEWEST_VOTES)
    rates = counted.filter(same).with_columns(t=pl.col("ballots") / pl.col("registered"))
    finest = pl.col("level") == pl.col("level").max().over("snapshot", "state")
    return rates.filter(finest)


def _rate_finding(material: Material, row: dict[str, Any]) -> Finding:
    contest = material.top_contests.get(row["state"], "")
    return Finding(
        "E3", Severity.WARNING, contest, place(row),
        f"{place(row)}: {row['ballots']:,} ballots by {row['registered']:,} registered voters "
        f"({row['t']:.1%}); the state's median unit has {row['median']:.1%} (z = {row['z']:.1f}).",
        numbers={"ballots": row["ballots"], "registered": row["registered"], "t": round(row["t"], 5),
                 **_statistics(row)},
        votes_at_stake=_votes(row["t"] - row["median"], row["registered"]), margin=material.margin(contest),
        source=source_of(row, "ballots cast"), topic=material.tag(row["snapshot"]),
    )  # fmt: skip


@check(
    "E4", "Swing",
    question="Did the margin between the two large parties move far more here than elsewhere in the state?",
    formula="x = (R - D)/(R + D) now - (R - D)/(R + D) before; "
            "z = (x - median) / (1.4826 MAD), flagged at |z| > 5",
    severity=Severity.WARNING,
    needs=("Democratic and Republican votes by unit or county, now and in the election before",
           "at least 15 places of 100 votes in both"),
    benign=(
        "a real change of mind, as in South Texas in 2020",
        "a candidate with roots in the place, then or now",
        "boundaries changed between the two elections",
        "a report that is not yet complete, or was read with the wrong ballot design",
    ),
    record="the tabulator tapes of the unit, beside the totals in the election management system",
    holder="the county clerk",
)  # fmt: skip
def swing(material: Material) -> Outcome:
    """Units where they meet by name, else counties; the spread between places is all the noise there is."""
    if material.before is None:
        return Missing("votes by party of the election before, beside the returns")
    pairs = beside_previous(two_party(material), two_party(material.before), ["R", "D"])
    now, before = pl.col("R") + pl.col("D"), pl.col("R_before") + pl.col("D_before")
    large = pairs.filter((now >= FEWEST_VOTES) & (before >= FEWEST_VOTES)).with_columns(
        n=now, margin_now=(pl.col("R") - pl.col("D")) / now,
        margin_before=(pl.col("R_before") - pl.col("D_before")) / before,
    )  # fmt: skip
    group = ["snapshot", "state", "contest"]
    if not _any_comparable(large, group):
        return Missing("Democratic and Republican votes of at least 15 places in both elections")
    swings = large.with_columns(x=pl.col("margin_now") - pl.col("margin_before"))
    flagged = _flagged(swings, "x", None, group)
    return [_swing_finding(material, row) for row in flagged.iter_rows(named=True)]


def _swing_finding(material: Material, row: dict[str, Any]) -> Finding:
    points = {
        name: round(100 * row[name], 2) for name in ("margin_now", "margin_before", "x", "median", "sd")
    }
    return Finding(
        "E4", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: the margin for {row['office']} moved {_toward(points['x'])}; the median place in the "
        f"state moved {_toward(points['median'])} (z = {row['z']:.1f}).",
        numbers={"R": row["R"], "D": row["D"], "R_before": row["R_before"], "D_before": row["D_before"],
                 "margin_now": points["margin_now"], "margin_before": points["margin_before"],
                 "swing": points["x"], **_statistics(row), "median": points["median"], "sd": points["sd"]},
        votes_at_stake=_votes(row["x"] - row["median"], row["n"]),
        margin=material.margin(row["contest"]), source=source_of(row), topic=material.tag(row["snapshot"]),
    )  # fmt: skip


def _toward(points: float) -> str:
    """How far and to which side, in percentage points."""
    return f"{abs(points):.1f} points to the {'Republican' if points > 0 else 'Democratic'} side"


@check(
    "E5", "Ticket splitting",
    question="Do the Republican shares of two contests differ far more in this unit than elsewhere?",
    formula="x = R_top/(R_top + D_top) - R_c/(R_c + D_c); "
            "z = (x - median) / (1.4826 MAD), flagged at |z| > 5",
    severity=Severity.WARNING,
    needs=("Democratic and Republican votes in two statewide contests by reporting unit",
           "at least 15 units of 100 such votes in both"),
    benign=(
        "a popular local candidate",
        "a place where many voters of one party turned from its candidate",
        "a digit dropped or two choices exchanged when one contest was keyed in",
    ),
    record="the tabulator tapes of the unit for both contests",
    holder="the municipal or county clerk",
)  # fmt: skip
def ticket_split(material: Material) -> Outcome:
    """Compares each statewide contest with the top contest, within each state and snapshot."""
    pairs = paired(two_party(material).drop_nulls("votes"), {"R": "R", "votes": "n"})
    if pairs is None:
        return Missing("Democratic and Republican votes in two statewide contests by reporting unit")
    large = pairs.filter(pl.min_horizontal("n_top", "n_c") >= FEWEST_VOTES)
    if not _any_comparable(large, ["snapshot", "state", "contest"]):
        return Missing("Democratic and Republican votes in two statewide contests, in at least 15 units")
    shares = large.with_columns(
        share_top=pl.col("R_top") / pl.col("n_top"), share=pl.col("R_c") / pl.col("n_c")
    )
    flagged = _flagged(
        shares.with_columns(x=pl.col("share_top") - pl.col("share")),
        "x",
        None,
        ["snapshot", "state", "contest"],
    )
    return [_split_finding(material, row) for row in flagged.iter_rows(named=True)]


def _split_finding(material: Material, row: dict[str, Any]) -> Finding:
    way = "less" if row["x"] < 0 else "more"
    return Finding(
        "E5", Severity.WARNING, row["top"], place(row),
        f"{place(row)}: the Republican share is {row['share_top']:.1%} for {row['top_office']} and "
        f"{row['share']:.1%} for {row['office']}, {abs(100 * row['x']):.1f} points {way}; the median unit "
        f"differs by {100 * row['median']:+.1f} (z = {row['z']:.1f}).",
        numbers={"R_top": row["R_top"], "n_top": row["n_top"], "R_c": row["R_c"], "n_c": row["n_c"],
                 "x": round(row["x"], 5), **_statistics(row)},
        # A vote moved from one of the two to the other changes the margin by two.
        votes_at_stake=2 * _votes(row["x"] - row["median"], row["n_top"]), margin=material.margin(row["top"]),
        source=source_of(row), topic=topic(row["contest"], material.tag(row["snapshot"])),
    )  # fmt: skip
