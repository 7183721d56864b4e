"""Cards that stand twice: given again by imprint or place, or scanned again as a stretch of equal votes."""

from __future__ import annotations

from collections.abc import Sequence

from tallyproof.audit.card_counts import CountedCards, Reach
from tallyproof.audit.card_repeats import IMPRINT, Repeats
from tallyproof.audit.card_runs import SameRun
from tallyproof.checks.card_contests import (
    NO_CARDS,
    CardContests,
    card_contests,
    depends,
    opening,
    place_of,
    source_of,
)
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import topic
from tallyproof.election.evidence import Finding, Severity

MANY = 25
"""Where more pairs of batches repeat each other than this, one finding tells of all."""


@check(
    "B16", "Cards given twice",
    question="Does a card's imprint, or its place in a batch, stand on a card before?",
    formula="cards with the imprint, or the tabulator, batch and record, of a card before that bears the "
            "same contests = none",
    severity=Severity.WARNING,
    needs=("cast vote records with imprints, or with tabulator, batch and record",),
    benign=(
        "the same export, or two exports that overlap, were imported under two names",
        "the scanner's counter was set back, so that imprints began again",
        "two tabulators were given the same number",
        "a card was scanned again after a jam and the first scan was not taken out",
    ),
    record="the scanner's log and the images of both cards, then the batch itself",
    holder="the county clerk or board of elections",
)  # fmt: skip
def cards_given_twice(material: Material) -> Outcome:
    """One finding for each pair of batches; sheets of one ballot, which bear other contests, are none."""
    if not material.card_counts:
        return Missing(NO_CARDS)
    if not any(each.placed or each.imprinted for each in material.card_counts):
        return Missing("imprints, or tabulator, batch and record of each card")
    contests = card_contests(material)
    findings: list[Finding] = []
    for counted in material.card_counts:
        pairs = list(zip(counted.repeats, counted.reach_of_repeats, strict=True))
        if len(pairs) > MANY:
            findings.append(_many_repeats(contests, counted, pairs))
        else:
            findings += [_repeat(contests, counted, pair, reach) for pair, reach in pairs]
    return findings


def _name(counted: CountedCards, batch: int) -> str:
    found = counted.found[batch]
    named = f"tabulator {found.tabulator}, batch {found.batch}" if found.tabulator else f"batch {found.batch}"
    return named if found.batch else "cards without a batch"


def _repeat(contests: CardContests, counted: CountedCards, pair: Repeats, reach: Reach) -> Finding:
    stake = contests.worst(reach.most)
    unit = place_of(counted.jurisdiction, _name(counted, pair.batch))
    what = "the imprint" if pair.kind == IMPRINT else "tabulator, batch and record"
    before = "the batch" if pair.batch == pair.first_batch else _name(counted, pair.first_batch)
    return Finding(
        "B16", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: {_cards_have(pair.cards)} {what} of cards before in {before}, {_same(pair)}. It "
        f"needs an explanation whether each is a card of its own.{depends(stake)}",
        numbers={"cards": pair.cards, "same": pair.same}, votes_at_stake=stake.votes, margin=stake.margin,
        source=source_of(counted, pair.part, pair.row),
        also=(source_of(counted, pair.first_part, pair.first_row),),
        topic=topic(pair.kind, "" if pair.batch == pair.first_batch else before),
    )  # fmt: skip


def _cards_have(cards: int) -> str:
    return "1 card has" if cards == 1 else f"{cards:,} cards have"


def _same(pair: Repeats) -> str:
    if pair.same == pair.cards:
        return "with the same votes"
    return f"{pair.same:,} of them with the same votes" if pair.same else "with other votes"


def _many_repeats(
    contests: CardContests, counted: CountedCards, pairs: Sequence[tuple[Repeats, Reach]]
) -> Finding:
    most: dict[str, int] = {}
    for _, reach in pairs:
        for name, votes in reach.most.items():
            most[name] = most.get(name, 0) + votes
    stake, largest = contests.worst(most), pairs[0][0]
    cards = sum(pair.cards for pair, _ in pairs)
    unit = place_of(counted.jurisdiction, "")
    return Finding(
        "B16", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: {cards:,} cards repeat the imprint or the place of cards before, in "
        f"{len(pairs):,} pairs of batches; most of them ({largest.cards:,}) in "
        f"{_name(counted, largest.batch)}. Was one export imported twice, or did a counter begin again?"
        f"{depends(stake)}",
        numbers={"cards": cards, "pairs": len(pairs)}, votes_at_stake=stake.votes, margin=stake.margin,
        source=source_of(counted, largest.part, largest.row),
        also=(source_of(counted, largest.first_part, largest.first_row),), topic="many",
    )  # fmt: skip


@check(
    "B17", "Batches scanned twice",
    question="Do two stretches of cards have the same votes in the same order, longer than chance explains?",
    formula="w = sum of -ln(p)/2 over the cards of the stretch that differ from the one before; told when "
            "n^2 * exp(-w) <= 0.000001 (p share of such ballots among cards of the same unit and contests, "
            "n cards of the jurisdiction)",
    severity=Severity.WARNING,
    needs=("cast vote records with the number of each card in its batch, in the order of the scan",),
    benign=(
        "a test deck, whose ballots follow a pattern, was left among the cards",
        "a batch was scanned again under a new number and the first scan was not taken out",
        "the export gives the cards of one batch under two names",
    ),
    record="the images of both stretches side by side, then the two batches of paper",
    holder="the county clerk or board of elections",
)  # fmt: skip
def batches_scanned_twice(material: Material) -> Outcome:
    """One finding for each pair of batches; cards that are known as repeats by imprint are left out."""
    if not material.card_counts:
        return Missing(NO_CARDS)
    if not any(each.judged for each in material.card_counts):
        return Missing("the number of each card in its batch, in the order of the scan (not sorted by votes)")
    contests = card_contests(material)
    findings: list[Finding] = []
    for counted in material.card_counts:
        runs = list(zip(counted.runs, counted.reach_of_runs, strict=True))[:MANY]
        findings += [_run(contests, counted, run, reach) for run, reach in runs]
    return findings


def _run(contests: CardContests, counted: CountedCards, run: SameRun, reach: Reach) -> Finding:
    stake = contests.worst(reach.most)
    unit = place_of(counted.jurisdiction, _name(counted, run.batch))
    same_batch = run.batch == run.first_batch
    where = "further up in the batch" if same_batch else f"in {_name(counted, run.first_batch)}"
    order = "the other way round" if run.turned else "in the same order"
    return Finding(
        "B17", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: {run.cards:,} cards have the same votes as cards {where}, {order}, up to "
        f"{run.longest:,} in a row. By chance fewer than one such pair in a million counts of this size "
        f"would be expected; it needs an explanation whether cards were scanned twice.{depends(stake)}",
        numbers={"cards": run.cards, "longest": run.longest, "expected": run.expected},
        votes_at_stake=stake.votes, margin=stake.margin, source=source_of(counted, run.part, run.row),
        also=(source_of(counted, run.first_part, run.first_row),),
        topic=topic("" if same_batch else _name(counted, run.first_batch),
                    "turned" if run.turned else ""),
    )  # fmt: skip
