"""Accounting identities inside a reporting unit: votes, ballots, registration, modes."""

from __future__ import annotations

from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, place, source_of
from tallyproof.election.evidence import Finding, Severity, Source


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
            "if each ballot had one vote in this contest, which the file does not say",
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
        also=(Source(row["ballots_file"], row["ballots_row"], "ballots cast", row["ballots_snapshot"]),),
        topic="" if same else material.source_id(row["ballots_snapshot"]),
    )  # fmt: skip
