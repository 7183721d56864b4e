"""The bound on cards of each contest, and the phantoms that stand for those without a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from tallyproof.audit.reconciliation import MANIFEST, ContestLine, reconcile
from tallyproof.checks.card_batches import is_of_another
from tallyproof.checks.card_contests import NO_CARDS, CardContests, card_contests
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import Level

MANY = 25
"""Contests told one by one, those with most at stake; further ones are told together."""


@check(
    "B19", "Phantoms needed",
    question="How many cards may bear the contest that have no cast vote record?",
    formula="phantoms = sum over batches of max(0, listed - records); without a manifest max(0, ballots "
            "reported for the contest - cards); each phantom can take one vote off a lead",
    severity=Severity.WARNING,
    needs=("cast vote records", "a ballot manifest, or votes with over- and undervotes, or ballots cast"),
    benign=(
        "cards of small groups were left out of the records to protect the secrecy of the vote",
        "some ballots were counted by hand and have no cast vote record",
        "the missing cards do not bear this contest",
    ),
    record="the batches that are short, counted, and the cards in them without a record",
    holder="the county clerk or board of elections",
)  # fmt: skip
def phantoms_needed(material: Material) -> Outcome:
    """For information, but a warning where phantoms could take the whole lead.

    B15 tells of a manifest that seems to be of another election, and nothing is told twice here.
    """
    if not material.card_counts:
        return Missing(NO_CARDS)
    contests = card_contests(material)
    lines = reconcile(material.card_counts, reported_ballots(material, contests)).contests
    if not any(line.bound is not None for line in lines):
        return Missing("a ballot manifest, or the ballots reported for a contest on the cards")
    foreign = [each for each in material.card_counts if is_of_another(each)]
    needed = [
        line for line in lines if line.phantoms and not any(line.contest in each.contests for each in foreign)
    ]
    staked = sorted(needed, key=lambda line: -contests.stake(line.contest, line.phantoms).ratio)
    findings = [_phantoms(material, contests, line) for line in staked[:MANY]]
    return [*findings, *_others(material, staked[MANY:])]


def _phantoms(material: Material, contests: CardContests, line: ContestLine) -> Finding:
    assert line.phantoms is not None
    stake = contests.stake(line.contest, line.phantoms)
    takes_all = stake.margin is not None and line.phantoms >= stake.margin
    margin = "" if stake.margin is None else f" (margin {stake.margin:,})"
    they = "it is" if line.phantoms == 1 else "they are"
    end = f", so an audit cannot confirm the outcome before {they} found" if takes_all else ""
    return Finding(
        "B19", Severity.WARNING if takes_all else Severity.INFO, stake.contest, "all cards",
        f"{line.contest}: {_without_record(line)}: {count(line.phantoms, 'phantom')}, which can take "
        f"{count(line.phantoms, 'vote')} off a lead{margin}{end}.",
        numbers={"cards": line.cards, "bound": line.bound, "phantoms": line.phantoms},
        votes_at_stake=line.phantoms, margin=stake.margin, source=_bound_source(material, line),
        also=tuple(Source(file) for each in material.card_counts for file in each.files),
    )  # fmt: skip


def _without_record(line: ContestLine) -> str:
    bound, phantoms = line.bound or 0, line.phantoms or 0
    if line.bound_by == MANIFEST:
        have = "has" if phantoms == 1 else "have"
        listed = f"{count(phantoms, 'card')} in the manifest {have} no cast vote record and may bear it"
        return f"{listed} ({line.cards:,} records do, at most {bound:,} cards can)"
    return f"it was reported on {count(bound, 'ballot')}, and {line.cards:,} have a cast vote record"


def _bound_source(material: Material, line: ContestLine) -> Source:
    """The first short batch of a manifest; else the first file of cards."""
    short = [batch for each in material.card_counts for batch in each.batches if batch.missing]
    if line.bound_by == MANIFEST and short:
        return Source(short[0].listed_file, short[0].listed_row)
    return Source(material.card_counts[0].files[0])


def _others(material: Material, lines: Sequence[ContestLine]) -> Iterator[Finding]:
    if lines:
        most = max(line.phantoms or 0 for line in lines)
        yield Finding(
            "B19", Severity.INFO, "", "all cards",
            f"{count(len(lines), 'further contest')} may have phantoms too, at most {most:,} each.",
            numbers={"contests": len(lines), "most": most}, source=_bound_source(material, lines[0]),
            topic="others",
        )  # fmt: skip


def reported_ballots(material: Material, contests: CardContests) -> dict[str, int]:
    """By contest on cards the ballots reported for it: (votes + under- + overvotes) per vote, else cast.

    Taken from the snapshot that tells where the contest stands, where all of its numbers are known. How many
    votes a voter has is said by the returns, else by the cards.
    """
    found = {}
    rank = pl.col("level").replace_strict(
        {Level.STATE.value: 0, Level.COUNTY.value: 1, Level.UNIT.value: 2}, return_dtype=pl.Int8
    )
    for name in contests.in_returns:
        standing = material.standings.get(contests.ids[name])
        if standing is None:
            continue
        own_rows = (pl.col("contest") == standing.contest) & (pl.col("snapshot") == standing.snapshot)
        each = pl.col("vote_for").fill_null(contests.vote_for[name] or 1)
        own = (pl.col("votes") + pl.col("undervotes") + pl.col("overvotes")) / each
        ballots = pl.coalesce(own.ceil().cast(pl.Int64), pl.col("ballots"))
        rows = material.sums.filter(own_rows).with_columns(reported=ballots)
        leaves = rows.filter(rank == rank.max())["reported"]
        if len(leaves) and not leaves.null_count():
            found[name] = int(leaves.sum())
    return found
