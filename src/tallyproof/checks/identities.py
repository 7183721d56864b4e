"""Accounting identities inside a reporting unit: votes, ballots, registration, modes."""

from __future__ import annotations

from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.joining import with_unit_counts
from tallyproof.checks.material import SUM_KEY, Material
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import CELL_KEY, VOTES, Measure, Mode, Note, UnitKind, countable, is_measure

COUNTING_SLIP = 2
"""A difference of so few ballots is an everyday slip of the hand (returns of 2016: 65 of 152 are 1 or 2)."""
HALF = 0.5
UNSAID = "if each ballot had one vote in this contest, which the file does not say"
WIDESPREAD, MANY = 0.05, 200
"""Where so large a share of a contest's cells, and so many, do not add up, one finding tells of all."""


@check(
    "B1", "Ballot identity",
    question="Do votes, undervotes and overvotes of the contest account for every ballot cast in this unit?",
    formula="d = S + U + O - m·B, or S + U + m·O - m·B (overvotes in ballots); adds up when either is 0",
    severity=Severity.ERROR,
    needs=("votes for all choices", "undervotes", "overvotes", "ballots cast", "all four from one source"),
    benign=(
        "write-in votes were not tallied",
        "ballots cast includes ballots of a style that does not have this contest",
        "one sheet of a two-sheet ballot is missing",
        "provisional or cured ballots were added to ballots cast but not yet to the votes",
    ),
    record="the tabulator tapes of the unit, which print votes, undervotes, overvotes and ballots",
    holder="the municipal or county clerk",
)  # fmt: skip
def ballot_identity(material: Material) -> Outcome:
    """Adds up where either reading of overvotes holds; only numbers of one snapshot are put together."""
    known = pl.all_horizontal(pl.col("votes", "undervotes", "overvotes", "ballots").is_not_null())
    rows = material.sums.filter(known & (pl.col("ballots_snapshot") == pl.col("snapshot")))
    if not rows.height:
        return Missing("votes, undervotes, overvotes and ballots cast of the same units from one source")
    seats = pl.col("vote_for").fill_null(1)
    in_votes = pl.col("votes") + pl.col("undervotes") + pl.col("overvotes") - seats * pl.col("ballots")
    in_ballots = in_votes + (seats - 1) * pl.col("overvotes")
    nearer = pl.when(in_ballots.abs() < in_votes.abs()).then(in_ballots).otherwise(in_votes)
    judged = rows.with_columns(d=nearer)
    # Where no file says how many votes each ballot has, one is assumed only if it fits half of the units.
    fits = (pl.col("d") == 0).mean().over("snapshot", "contest") >= HALF
    off = judged.filter((pl.col("d") != 0) & (pl.col("vote_for").is_not_null() | fits))
    return [_unbalanced(material, row) for row in off.iter_rows(named=True)]


def _unbalanced(material: Material, row: dict[str, Any]) -> Finding:
    d, seats, snapshot = row["d"], row["vote_for"] or 1, material.snapshots.get(row["snapshot"])
    is_final = snapshot is not None and snapshot.status.is_final
    severe = abs(d) > COUNTING_SLIP and is_final and row["vote_for"] is not None
    room = count(row["ballots"], "ballot") + (f" with {seats} votes each" if seats > 1 else "")
    parts = f"{row['votes']:,} votes, {row['undervotes']:,} undervotes and {row['overvotes']:,} overvotes"
    unsaid = "" if row["vote_for"] else f" ({UNSAID})"
    return Finding(
        "B1", Severity.ERROR if severe else Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {parts} for {row['office']} are {abs(d):,} too {'many' if d > 0 else 'few'} "
        f"for {room} cast; the unit does not add up{unsaid}.",
        numbers={"votes": row["votes"], "undervotes": row["undervotes"], "overvotes": row["overvotes"],
                 "ballots": row["ballots"], "vote_for": row["vote_for"], "d": d},
        votes_at_stake=abs(d), margin=material.margin(row["contest"]), source=source_of(row),
        also=(_counted(row, "ballots", "ballots cast"),), topic=material.tag(row["snapshot"]),
    )  # fmt: skip


def _counted(row: dict[str, Any], name: str, column: str) -> Source:
    """The cell that gives a unit's ballots, voters or registration."""
    return Source(row[f"{name}_file"], row[f"{name}_row"], column, row[f"{name}_snapshot"])


@check(
    "B2", "Votes within ballots",
    question="Does the contest show more votes than ballots were cast in this unit?",
    formula="x = S - m·B; adds up when x <= 0 (S votes for all choices, m votes per ballot, B ballots cast)",
    severity=Severity.ERROR,
    needs=("votes for all choices, or the contest's stated total", "ballots cast"),
    benign=(
        "the ballots-cast field was updated later than the votes",
        "ballots cast counts only one way of voting, or one sheet of a two-sheet ballot",
        "one set of results was entered twice, for example by phone and by modem",
        "the two tables use different boundaries for the unit",
    ),
    record="the tabulator tapes and the poll book of the unit, beside the canvass statement",
    holder="the county clerk or board of canvassers",
)  # fmt: skip
def votes_within_ballots(material: Material) -> Outcome:
    """An error within one snapshot, a warning that two sources disagree across sources."""
    table = material.sums.filter(pl.col("ballots").is_not_null())
    if not table.height:
        return Missing("ballots cast by reporting unit, beside the votes")
    seats = pl.col("vote_for").fill_null(1)
    over = table.with_columns(x=pl.col("votes") - seats * pl.col("ballots")).filter(pl.col("x") > 0)
    return [_more_votes_than_ballots(material, row) for row in over.iter_rows(named=True)]


def _more_votes_than_ballots(material: Material, row: dict[str, Any]) -> Finding:
    same, x, seats = row["ballots_snapshot"] == row["snapshot"], row["x"], row["vote_for"] or 1
    what = f"{count(row['votes'], 'vote')} for {row['office']}"
    room = f"{row['ballots']:,} ballots cast" + (f" with {seats} votes each" if seats > 1 else "")
    if same and row["vote_for"] is not None:
        severity, end = Severity.ERROR, "reporting inconsistency; resolve at canvass"
    elif same:
        severity, end = (
            Severity.WARNING,
            UNSAID,
        )
    else:
        severity, end = (
            Severity.WARNING,
            f"two sources disagree ({material.source(row['ballots_snapshot'])} gives the ballots)",
        )
    return Finding(
        "B2", severity, row["contest"], place(row),
        f"{place(row)}: {what} exceed {room} by {x:,}: {end}.",
        numbers={"votes": row["votes"], "ballots": row["ballots"], "vote_for": seats, "x": x},
        votes_at_stake=x, margin=material.margin(row["contest"]), source=source_of(row),
        also=(_counted(row, "ballots", "ballots cast"),),
        topic=topic(
            material.tag(row["snapshot"]), "" if same else material.source_id(row["ballots_snapshot"])
        ),
    )  # fmt: skip


LIMITS = {"ballots": "ballots were cast", "voters": "voters signed in", "registered": "voters are registered"}


@check(
    "B3", "One choice within ballots and registration",
    question="Does one choice alone have more votes than ballots were cast, or than voters are registered?",
    formula="x = v - min(B, N); adds up when x <= 0 (v votes for one choice, B ballots cast, N registered)",
    severity=Severity.ERROR,
    needs=("votes by choice", "ballots cast, voters signed in or registered voters"),
    benign=(
        "registration on election day is not yet in the number of registered voters",
        "ballots cast counts only one way of voting, or one sheet of a two-sheet ballot",
        "absentee votes of several units stand under one of them",
        "a digit was added when the number was keyed in",
    ),
    record="the tabulator tapes of the unit",
    holder="the municipal or county clerk",
)  # fmt: skip
def choice_within_ballots(material: Material) -> Outcome:
    """Voters signed in stand for unknown ballots; a registration of 0 is taken as not given."""
    limits = _limits(material)
    if not limits.height:
        return Missing("ballots cast or registered voters by reporting unit, beside the votes")
    votes = material.totals.filter(is_measure(Measure.CHOICE) & (pl.col("votes") > 0))
    rows = votes.join(limits, on=list(SUM_KEY), how="inner").with_columns(
        x=pl.col("votes") - pl.min_horizontal(list(LIMITS))
    )
    return [_choice_over(material, row) for row in rows.filter(pl.col("x") > 0).iter_rows(named=True)]


def _limits(material: Material) -> pl.DataFrame:
    """What no single choice may exceed, by unit and contest, with the cell that says so."""
    columns = [f"{name}{end}" for name in LIMITS for end in ("", "_snapshot", "_file", "_row")]
    rows = material.sums.select(*SUM_KEY, *columns).with_columns(
        voters=pl.when(pl.col("ballots").is_null()).then("voters"),
        registered=pl.when(pl.col("registered") > 0).then("registered"),
    )
    return rows.filter(pl.any_horizontal(pl.col(list(LIMITS)).is_not_null()))


def _choice_over(material: Material, row: dict[str, Any]) -> Finding:
    exceeded = [name for name in LIMITS if row[name] is not None and row["votes"] > row[name]]
    same = [name for name in exceeded if row[f"{name}_snapshot"] == row["snapshot"]]
    only = " and ".join(f"only {row[name]:,} {LIMITS[name]}" for name in exceeded)
    other = material.source(row[f"{exceeded[0]}_snapshot"])
    end = "resolve at canvass" if same else f"two sources disagree ({other} gives the lower number)"
    return Finding(
        "B3", Severity.ERROR if same else Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['choice']} has {count(row['votes'], 'vote')} for {row['office']}, "
        f"but {only}: {end}.",
        numbers={"votes": row["votes"], **{name: row[name] for name in LIMITS}, "x": row["x"]},
        votes_at_stake=row["x"], margin=material.margin(row["contest"]), source=source_of(row),
        also=tuple(_counted(row, name, LIMITS[name]) for name in exceeded),
        topic=topic(row["choice_id"], material.tag(row["snapshot"])),
    )  # fmt: skip


@check(
    "B4", "Ballots within registration",
    question="Were more ballots cast in this unit than voters are registered?",
    formula="x = B - N; asks for a word when x > 0 (B ballots cast, N registered voters)",
    severity=Severity.WARNING,
    needs=("ballots cast", "registered voters"),
    benign=(
        "registration on election day is not yet in the number of registered voters",
        "the number of registered voters is of an earlier day",
        "absentee ballots of several units are counted in one of them",
        "federal-only voters are not on the list",
        "units were merged for the count but not on the list",
    ),
    record="the poll book and the list of voters registered on election day",
    holder="the municipal or county clerk",
)  # fmt: skip
def ballots_within_registration(material: Material) -> Outcome:
    """Asked once per unit and source; a registration of 0 is taken as not given."""
    cast = material.unit_counts.filter(is_measure(Measure.BALLOTS_CAST) & ~pl.col("summed"))
    of_unit = pl.col("contest") == ""
    whole = cast.filter(of_unit | ~of_unit.any().over("snapshot", "state", "county", "unit", "level"))
    places = whole.drop("county_key", "unit_key", "measure", "votes", "summed")
    rows = with_unit_counts(places, material.unit_counts) if places.height else places
    both = rows.filter(pl.col("registered") > 0) if rows.height else rows
    if not both.height:
        return Missing("ballots cast and registered voters of the same units")
    over = both.with_columns(x=pl.col("ballots") - pl.col("registered")).filter(pl.col("x") > 0)
    return [_more_ballots_than_voters(material, row) for row in over.iter_rows(named=True)]


def _more_ballots_than_voters(material: Material, row: dict[str, Any]) -> Finding:
    contest = row["contest"] or material.top_contests.get(row["state"], "")
    same = row["registered_snapshot"] == row["snapshot"]
    other = "" if same else f" ({material.source(row['registered_snapshot'])} gives the registration)"
    return Finding(
        "B4", Severity.WARNING, contest, place(row),
        f"{place(row)}: {count(row['ballots'], 'ballot')} cast by {row['registered']:,} registered voters, "
        f"{row['x']:,} more than registered{other}.",
        numbers={"ballots": row["ballots"], "registered": row["registered"], "x": row["x"]},
        votes_at_stake=row["x"], margin=material.margin(contest), source=source_of(row, "ballots cast"),
        also=(_counted(row, "registered", "registered voters"),), topic=material.tag(row["snapshot"]),
    )  # fmt: skip


@check(
    "B7", "Ways of voting add up",
    question="Do the votes by way of voting (election day, early, mail …) add up to the stated total?",
    formula="d = Σ v_mode - v_total; adds up when d = 0 (per choice, and for ballots cast)",
    severity=Severity.WARNING,
    needs=("counts by way of voting", "the stated total of the same cells"),
    benign=(
        "provisional or late ballots are only in the total",
        "the file leaves out one way of voting",
        "small groups were merged to protect the secrecy of the vote",
        "one column contains another, for example early voting at several sites",
    ),
    record="the statement of votes by way of voting",
    holder="the county clerk or board of elections",
)  # fmt: skip
def modes_add_up(material: Material) -> Outcome:
    """Columns that contain each other are left out; a cell with an unknown part is not judged."""
    is_total, key = pl.col("mode") == Mode.TOTAL.value, ["snapshot", *CELL_KEY]
    split = material.returns.filter(~is_total).select(key).unique()
    if not split.height:
        return Missing("counts by way of voting beside a stated total")
    unique_cells = pl.col("note").is_in([Note.REPEATED.value, Note.OVERLAPPING.value]).not_()
    rows = material.returns.filter(unique_cells).join(split, on=key, how="semi", nulls_equal=True)
    cells = rows.group_by(key, maintain_order=True).agg(
        _known_sum(is_total).alias("total"), _known_sum(~is_total).alias("modes"),
        *(pl.col(name).filter(is_total).first() for name in ("office", "choice", "file", "row", "column")),
    ).drop_nulls(["total", "modes"])  # fmt: skip
    if not cells.height:
        return Missing("a stated total beside the counts by way of voting")
    judged = cells.with_columns(d=pl.col("modes") - pl.col("total"))
    off, of_contest = pl.col("d") != 0, ("snapshot", "contest")
    is_wide = (off.mean().over(of_contest) > WIDESPREAD) & (off.sum().over(of_contest) >= MANY)
    single, wide = judged.filter(off & ~is_wide), judged.filter(is_wide)
    return [
        *(_modes_off(material, row) for row in single.iter_rows(named=True)),
        *_modes_widely_off(material, wide),
    ]


def _known_sum(which: pl.Expr) -> pl.Expr:
    """The sum of these rows' votes; null where one is unknown or there is none."""
    votes = pl.col("votes").filter(which)
    return pl.when(votes.is_null().any() | (votes.len() == 0)).then(None).otherwise(votes.sum())


def _modes_off(material: Material, row: dict[str, Any]) -> Finding:
    contest = row["contest"] or material.top_contests.get(row["state"], "")
    what = row["choice"] or row["measure"].replace("_", " ")
    of = f" for {row['office']}" if row["office"] else ""
    return Finding(
        "B7", Severity.WARNING, contest, place(row),
        f"{place(row)}: the ways of voting for {what} come to {row['modes']:,}, but {row['total']:,} is "
        f"stated{of}; they differ by {abs(row['d']):,}.",
        numbers={"modes": row["modes"], "total": row["total"], "d": row["d"]},
        votes_at_stake=abs(row["d"]), margin=material.margin(contest), source=source_of(row),
        topic=topic(row["choice_id"] or row["measure"], material.tag(row["snapshot"])),
    )  # fmt: skip


def _modes_widely_off(material: Material, wide: pl.DataFrame) -> list[Finding]:
    """One finding per contest and file where a way of voting seems to be missing throughout."""
    findings = []
    for (snapshot, contest), cells in wide.group_by("snapshot", "contest", maintain_order=True):
        off = cells.filter(pl.col("d") != 0)
        counted = cells.filter(is_measure(*VOTES)) if contest else cells
        moved = counted.group_by("choice_id").agg(pl.col("d").sum())["d"].to_list()
        first = off.sort(pl.col("d").abs(), descending=True).row(0, named=True)
        of = str(contest) or material.top_contests.get(first["state"], "")
        findings.append(Finding(
            "B7", Severity.WARNING, of, "",
            f"The ways of voting do not add up to the stated totals in {off.height:,} of {cells.height:,} "
            f"cells{' for ' + first['office'] if first['office'] else ''}; the largest difference, "
            f"{abs(first['d']):,}, is in {place(first)}. One way of voting may be missing from the file.",
            numbers={"cells": cells.height, "off": off.height, "largest": first["d"]},
            votes_at_stake=max([0, *moved]) - min([0, *moved]), margin=material.margin(of),
            source=source_of(first), topic=topic("" if contest else "ballots", material.tag(str(snapshot))),
        ))  # fmt: skip
    return findings


@check(
    "B13", "Negative counts",
    question="Is any count below zero?",
    formula="v < 0; an adjustment row or a corrected over- or undervote may be, a count of a place may not",
    severity=Severity.ERROR,
    needs=("votes or ballots",),
    benign=(
        "a correction was entered as its difference",
        "an adjustment row takes back votes that were reported twice",
        "a memory card was read wrongly",
    ),
    record="the tabulator tape of the unit, beside the statement of votes",
    holder="the municipal or county clerk",
)  # fmt: skip
def negative_counts(material: Material) -> Outcome:
    """An error, but only for information in adjustment rows and for over- and undervotes."""
    if not material.returns.height:
        return Missing("votes or ballots")
    below = material.returns.filter((pl.col("votes") < 0) & ~is_measure(Measure.MARGIN) & countable())
    lowest = below.sort("votes").unique(
        ["snapshot", *CELL_KEY, "mode_raw"], keep="first", maintain_order=True
    )
    return [_negative(material, row) for row in lowest.sort("file", "row").iter_rows(named=True)]


def _negative(material: Material, row: dict[str, Any]) -> Finding:
    contest = row["contest"] or material.top_contests.get(row["state"], "")
    is_adjustment = row["unit_kind"] == UnitKind.ADJUSTMENT.value
    is_expected = is_adjustment or row["measure"] in {Measure.OVERVOTES.value, Measure.UNDERVOTES.value}
    what, of = (
        row["choice"] or row["measure"].replace("_", " "),
        f" for {row['office']}" if row["office"] else "",
    )
    mode = "" if row["mode"] == Mode.TOTAL.value else row["mode_raw"]
    why = "an adjustment to numbers reported elsewhere" if is_adjustment else "a corrected aggregate"
    end = f"it stands as {why}" if is_expected else "a count cannot be below zero; resolve at canvass"
    return Finding(
        "B13", Severity.INFO if is_expected else Severity.ERROR, contest, place(row),
        f"{place(row)}: {what} has {row['votes']:,}{of}; {end}.",
        numbers={"votes": row["votes"]}, votes_at_stake=-row["votes"], margin=material.margin(contest),
        source=source_of(row),
        topic=topic(row["choice_id"] or row["measure"], mode, material.tag(row["snapshot"])),
    )  # fmt: skip
