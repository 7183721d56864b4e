"""Across levels and sources: roll-ups, doubled counts, rosters, later amendments."""

from __future__ import annotations

from typing import Any

import polars as pl

from tallyproof.checks.amendment import Amendment, amendments
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.robust import FEWEST_VOTES
from tallyproof.checks.rollup import Rollup, explained, rollup
from tallyproof.checks.roster import absent, places, rosters
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import Measure, is_measure

LEVELS = ("figures of units and their county's own figure, or of counties and their state's", "by choice")
NO_LEVELS = Missing("figures of units beside their county's, or of counties beside their state's")
NEAR_TWO, LARGE_CHOICE, LOOSER = 0.01, 20, 0.1
"""A contest within 1 % of twice its parts is doubled, if each choice of 20 votes is so within 10 %."""


@check(
    "C1", "Roll-up",
    question="Do the figures of the parts add up to the stated figure of the whole, for every choice?",
    formula="gap = stated - Σ parts; adds up when gap = 0 (units in a county, counties in a state)",
    severity=Severity.ERROR,
    needs=LEVELS,
    benign=(
        "absentee ballots counted in one place are in the county's figure only",
        "overseas, provisional or late ballots were added at county level",
        "an adjustment row is missing from the list of units",
        "one of the two tables is older, for example from before a correction or recount",
        "one digit was lost when one number was keyed in",
    ),
    record="the county's statement of votes by unit, and the tabulator tape of the unit named",
    holder="the county clerk or board of elections",
)  # fmt: skip
def roll_up(material: Material) -> Outcome:
    """An error within one final snapshot, else a warning; names the one unit that explains the gap."""
    sums = rollup(material)
    if not sums.rows.height:
        return NO_LEVELS
    contest = ["snapshot", "stated_snapshot", "state", "county_key", "contest"]
    gaps = sums.rows.filter(pl.col("gap") != 0).with_columns(off=pl.len().over(contest))
    return [_gap_finding(material, row) for row in explained(gaps, sums.parts).iter_rows(named=True)]


def _gap_finding(material: Material, row: dict[str, Any]) -> Finding:
    contest = row["contest"] or material.top_contests.get(row["state"], "")
    same, snapshot = row["snapshot"] == row["stated_snapshot"], material.snapshots.get(row["snapshot"])
    severe = same and snapshot is not None and snapshot.status.is_final
    other = "" if same else material.source(row["stated_snapshot"])
    what = row["choice"] or row["measure"].replace("_", " ")
    stated = source_of({**row, "snapshot": row["stated_snapshot"]})
    hint = Source(row["hint_file"], row["hint_row"], None, row["snapshot"]) if row["how"] else None
    sentences = (
        f"{place(row)}: the {_parts(row)} come to {row['total']:,} for {what}{_of(row)}, "
        f"but {row['stated']:,} is stated; they differ by {abs(row['gap']):,}.",
        f"Two sources disagree: {other} gives the latter." if other else "",
        _hint(row),
        "No other number of this contest is off there." if row["off"] == 1 else "",
    )
    return Finding(
        "C1", Severity.ERROR if severe else Severity.WARNING, contest, place(row),
        " ".join(each for each in sentences if each),
        numbers={"total": row["total"], "stated": row["stated"], "gap": row["gap"], "parts": row["parts"],
                 "explained_by": _hinted(row)},
        votes_at_stake=abs(row["gap"]), margin=material.margin(contest), source=hint or stated,
        also=(stated,) if hint else (Source(row["part_file"], row["part_row"], None, row["snapshot"]),),
        topic=topic(row["choice_id"] or row["measure"], _between(material, row)),
    )  # fmt: skip


def _of(row: dict[str, Any]) -> str:
    return f" ({row['office']})" if row["office"] else ""


def _parts(row: dict[str, Any]) -> str:
    return f"{row['parts']:,} {'units' if row['of_units'] else 'counties'}"


def _between(material: Material, row: dict[str, Any]) -> str:
    """Which sources a comparison is of, as part of a finding's id."""
    same = row["snapshot"] == row["stated_snapshot"]
    return topic(material.tag(row["snapshot"]), "" if same else material.source_id(row["stated_snapshot"]))


def _hinted(row: dict[str, Any]) -> str | None:
    """The one part that alone explains the gap."""
    return place({**row, "county": row["hint_county"], "unit": row["hint_unit"]}) if row["how"] else None


def _hint(row: dict[str, Any]) -> str:
    if row["how"] == "whole":
        side = "counted twice in" if row["gap"] > 0 else "missing from"
        return f"The gap equals the votes of {_hinted(row)}: they may be {side} the stated figure."
    if row["how"] == "slip":
        right, wrong = row["hint_votes"] + row["gap"], row["hint_votes"]
        return f"{_hinted(row)} alone would explain it, if it had {right:,} instead of {wrong:,}."
    return ""


@check(
    "C2", "Doubled count",
    question="Is the stated figure of the whole twice the sum of its parts, or half of it?",
    formula="stated / Σ parts = 2.000 or 0.500 within 1 %, and each choice of 20 votes so within 10 %",
    severity=Severity.ERROR,
    needs=LEVELS,
    benign=(
        "a total row was added up with the units",
        "one set of results was sent twice, under two names or in two ways",
        "each unit is listed once as a whole and again by way of voting",
    ),
    record="the county's statement of votes by unit",
    holder="the county clerk or board of elections",
)  # fmt: skip
def doubled(material: Material) -> Outcome:
    """An error within one snapshot, a warning that two sources disagree across sources."""
    sums = rollup(material)
    if not sums.rows.height:
        return NO_LEVELS
    named = sums.rows.filter(is_measure(Measure.CHOICE) & (pl.col("total") > 0) & (pl.col("stated") > 0))
    key = ["snapshot", "stated_snapshot", "state", "county_key", "level", "contest"]
    ratio = pl.col("stated") / pl.col("total")
    of_large = ratio.filter(pl.col("total") >= LARGE_CHOICE)
    ordered = named.sort("stated", descending=True, maintain_order=True)
    contests = ordered.group_by(key, maintain_order=True).agg(
        pl.col("total", "stated").sum(), pl.col("gap").head(2).alias("gaps"),
        pl.col("parts").max(), pl.col("of_units").all(),
        of_large.min().alias("least"), of_large.max().alias("most"),
        pl.col("county", "unit", "office", "file", "row", "part_file", "part_row").first(),
    )  # fmt: skip
    judged = contests.filter(pl.min_horizontal("total", "stated") >= FEWEST_VOTES).with_columns(ratio=ratio)
    by_two = judged.filter(_near(2.0) | _near(0.5))
    return [_doubled_finding(material, sums, row) for row in by_two.iter_rows(named=True)]


def _near(factor: float) -> pl.Expr:
    """The whole contest close to the factor, and each large choice not far from it."""
    close = (pl.col("ratio") / factor - 1).abs() <= NEAR_TWO
    return close & (pl.col("least") / factor >= 1 - LOOSER) & (pl.col("most") / factor <= 1 + LOOSER)


def _doubled_finding(material: Material, sums: Rollup, row: dict[str, Any]) -> Finding:
    same = row["snapshot"] == row["stated_snapshot"]
    other = "" if same else material.source(row["stated_snapshot"])
    end = f"two sources disagree ({other} gives the former)" if other else "resolve at canvass"
    which, gaps = "twice" if row["ratio"] > 1 else "half", [*row["gaps"], 0]
    return Finding(
        "C2", Severity.ERROR if same else Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {row['stated']:,} votes for {row['office']} are stated, {which} the {row['total']:,} "
        f"of the {_parts(row)} together (ratio {row['ratio']:.3f}): {end}.{_total_among(sums, row)}",
        numbers={"total": row["total"], "stated": row["stated"], "ratio": round(row["ratio"], 4),
                 "parts": row["parts"]},
        votes_at_stake=abs(gaps[0] - gaps[1]), margin=material.margin(row["contest"]),
        source=source_of({**row, "snapshot": row["stated_snapshot"]}),
        also=(Source(row["part_file"], row["part_row"], None, row["snapshot"]),),
        topic=_between(material, row),
    )  # fmt: skip


def _total_among(sums: Rollup, row: dict[str, Any]) -> str:
    """Where one part is as large as all others together, it may be their total."""
    if row["ratio"] > 1:
        return ""
    names = ("snapshot", "state", "county_key", "contest")
    here = pl.all_horizontal(pl.col(name) == row[name] for name in names) & is_measure(Measure.CHOICE)
    parts = sums.parts.filter(here).group_by("county", "unit").agg(pl.col("votes").sum())
    whole = parts.filter(pl.col("votes") == row["stated"])
    if whole.height != 1:
        return ""
    name = place({**row, **whole.row(0, named=True)})
    return f" {name} is as large as all others together: it may be their total."


@check(
    "C3", "Roster",
    question="Is every place there that reported before?",
    formula="expected places - present places = none "
            "(expected: the newest earlier version of the source, and the election before)",
    severity=Severity.ERROR,
    needs=("votes by county or unit", "an earlier version of the same source, or the election before"),
    benign=(
        "units were merged or renamed since then",
        "the place has not reported yet",
        "its votes are listed under a neighbouring unit",
        "a municipality was dissolved or became part of another",
    ),
    record="the list of reporting units for this election, and the tape of the missing unit",
    holder="the county clerk or board of elections",
)  # fmt: skip
def roster(material: Material) -> Outcome:
    """An error only where the count is said to be complete, for information while it goes on."""
    here = places(material)
    known, told = False, set[tuple[str, ...]]()
    findings = []
    for expected in rosters(material):
        known = True
        present = here.filter(pl.col("snapshot") == expected.snapshot)
        for row in absent(present, expected.expected).iter_rows(named=True):
            key = (expected.snapshot, row["state"], row["county"], row["unit"], row["kind"])
            if key not in told:
                told.add(key)
                file = str(present["file"][0])
                findings.append(
                    _absent_finding(material, {**row, "snapshot": expected.snapshot}, file, expected.origin)
                )
    return findings if known else Missing("an earlier version of the same source, or the election before")


_ORIGIN = {"earlier": "the version before this one", "before": "the election before"}


def _absent_finding(material: Material, row: dict[str, Any], file: str, origin: str) -> Finding:
    snapshot = material.snapshots.get(row["snapshot"])
    status = snapshot.status if snapshot else Status.UNKNOWN
    contest = material.top_contests.get(row["state"], "")
    is_renamed = row["kind"] == "renamed"
    stake = None if is_renamed else row["votes"]
    return Finding(
        "C3", _roster_severity(row["kind"], origin, status), contest, place(row),
        _renamed(row, origin) if is_renamed else _absence(row, origin, status),
        numbers={"units": row["units"], "new_names": row["new"], "votes_expected": row["votes"]},
        votes_at_stake=stake, margin=material.margin(contest),
        source=Source(file, None, None, row["snapshot"]), also=(Source(row["file"], row["row"]),),
        topic=topic("names" if is_renamed else "", material.tag(row["snapshot"])),
    )  # fmt: skip


def _roster_severity(kind: str, origin: str, status: Status) -> Severity:
    if kind == "renamed" or status in {Status.UNOFFICIAL_PARTIAL, Status.PRE_ELECTION}:
        return Severity.INFO
    # Single wards are merged from one election to the next; whole towns and counties are not.
    is_lasting = origin == "earlier" or kind in {"county", "town"}
    return Severity.ERROR if status.is_complete and is_lasting else Severity.WARNING


def _absence(row: dict[str, Any], origin: str, status: Status) -> str:
    units = f" ({count(row['units'], 'unit')})" if row["units"] > 1 else ""
    had = "" if row["votes"] is None else f" with {count(row['votes'], 'vote')}"
    said = " and the count is said to be complete" if status.is_complete else ""
    lack = "has a row but not one vote" if row["kind"] == "no votes" else "has no row"
    return f"{place(row)}{units} {lack}, though {_ORIGIN[origin]} has it{had}{said}."


def _renamed(row: dict[str, Any], origin: str) -> str:
    return (
        f"{place(row)}: {count(row['units'], 'unit name')} of {_ORIGIN[origin]} not found, and "
        f"{count(row['new'], 'new name')}: units seem to have been renamed or merged, so that a missing one "
        "would not show."
    )


@check(
    "C7", "Amended after certification",
    question="Did numbers change after they were certified?",
    formula="certified - later = 0 for every choice in every unit; at stake: the change of the margin",
    severity=Severity.WARNING,
    needs=("a certified version and a later version of the same source",),
    benign=(
        "a recount ordered or requested under state law",
        "a lawful amendment after ballots were found or an error was corrected",
        "a hand count or audit that replaced the machine count",
    ),
    record="the amended certification with the reason given for it",
    holder="the state's chief election office and the county board of canvassers",
)  # fmt: skip
def amended(material: Material) -> Outcome:
    """A warning, but only for information where the later version is a recount."""
    versions = list(amendments(material))
    if not any(each.is_comparable for each in versions):
        return Missing("a certified version and a later version of the same source")
    return [finding for each in versions for finding in _amended_findings(material, each)]


def _amended_findings(material: Material, change: Amendment) -> list[Finding]:
    severity = Severity.INFO if change.later.status is Status.RECOUNT else Severity.WARNING
    findings = []
    for row in change.contests.iter_rows(named=True):
        findings.append(Finding(
            "C7", severity, row["contest"], place(row),
            f"{place(row)}: numbers for {row['office']} changed after they stood as "
            f"{change.before.status.value} (now {change.later.status.value}), in "
            f"{count(row['cells'], 'place')}: {_moves(row)}. "
            f"The margin between the two leading choices changes by {abs(row['moved']):,}.",
            numbers={"moved": row["moved"], "cells": row["cells"], "largest": row["largest"]},
            votes_at_stake=abs(row["moved"]), margin=material.margin(row["contest"]),
            source=Source(row["file"], row["row"], None, change.later.id),
            also=(Source(row["file_before"], row["row_before"], None, change.before.id),),
            topic=topic(material.source_tag(change.later.source_id), change.later.status.value,
                        str(change.number or "")),
        ))  # fmt: skip
    return findings


def _moves(row: dict[str, Any]) -> str:
    """The choices whose totals changed, up to four of the leading ones."""
    moved = [f"{name} {by:+,}" for name, by in zip(row["choices"], row["by"], strict=True) if by]
    more = f" and {count(len(moved) - 4, 'other')}" if len(moved) > 4 else ""
    return ", ".join(moved[:4]) + more if moved else "no total changed"
