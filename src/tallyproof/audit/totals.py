"""Totals of pools, batches and strata against each other: votes that the cards cannot bear are refused.

An audit of cards takes its margin from the reported votes and its pools' means from their totals (Stark 2023,
ONEAudit). Where these do not add up, errors could hide in between, and no sample would find them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tallyproof.audit.assertion import Claims, Tally
from tallyproof.audit.assorter import State
from tallyproof.audit.contest import Contest
from tallyproof.audit.drawn_cards import Draws, PoolTotals, totals_of
from tallyproof.errors import RequestError


def check_bearable(tally: Tally, claims: Claims, votes: Sequence[int], cards: int, where: str) -> None:
    """Refuse more votes than so many cards of the contest can bear; ``where`` says whose votes they are."""
    found = _unbearable(tally, claims, votes, cards)
    if found is not None:
        count, bears, kind = found
        raise RequestError(
            f"'votes' of {where} are {count:,}{kind}; its {cards:,} 'cards' bear at most {bears:,}."
        )


def check_pools(
    pools: Mapping[str, PoolTotals],
    draws: Draws,
    contest: Contest,
    tally: Tally,
    claims: Claims,
    with_replacement: bool = False,
    styles: bool = True,
) -> None:
    """Refuse pools and records that are not of the ``tally``, and draws that the pools have no cards for.

    What pools and drawn records leave of the votes must fit on the cards that they leave: if they are all
    cards, their votes are the contest's. Records drawn with replacement may be one card, so of them only
    that there is one is asked. With ``styles`` records without the contest are of no card of it.
    """
    totals = {
        name: totals_of(pool.votes, pool.rankings, contest, claims, f"'pools': {name}")
        for name, pool in pools.items()
    }
    for name, votes in totals.items():
        check_bearable(tally, claims, votes, pools[name].cards, f"pool {name}")
    drawn = np.bincount(draws.codes, minlength=len(draws.kinds)).tolist()
    records, recorded = _recorded(draws, drawn, len(tally.votes), styles)
    in_pools = sum(pool.cards for pool in pools.values())
    _check_cards(tally, in_pools, min(records, 1) if with_replacement else records)
    if with_replacement:
        records, recorded = 0, [0] * len(tally.votes)
    else:
        _check_drawn(pools, draws, drawn)
    pooled = [sum(column) for column in zip(*totals.values(), strict=True)] or [0] * len(tally.votes)
    told = zip(tally.votes.values(), pooled, recorded, strict=True)
    rest = [votes - in_pool - in_records for votes, in_pool, in_records in told]
    _check_rest(tally, claims, rest, tally.cards - in_pools - records)


def _check_cards(tally: Tally, in_pools: int, records: int) -> None:
    """Refuse more cards in pools and with records than the contest has."""
    own = tally.cards - in_pools
    if own < 0:
        raise RequestError(f"'pools' hold {in_pools:,} cards, more than the contest's {tally.cards:,}.")
    if records > own:
        raise RequestError(
            f"'drawn' has {records:,} cards with records of their own; beside the pools there are {own:,} "
            f"cards, so without replacement at most {own:,} draws."
        )


def _check_drawn(pools: Mapping[str, PoolTotals], draws: Draws, drawn: Sequence[int]) -> None:
    """Refuse more different cards of a pool than it has."""
    found = dict.fromkeys(pools, 0)
    for kind, times in zip(draws.kinds, drawn, strict=True):
        if kind.pool in found:
            found[kind.pool] += times
    for name, times in found.items():
        if times > pools[name].cards:
            raise RequestError(
                f"'drawn' has {times:,} cards of pool {name}, drawn without replacement; it holds "
                f"{pools[name].cards:,}."
            )


def _recorded(draws: Draws, drawn: Sequence[int], choices: int, styles: bool) -> tuple[int, list[int]]:
    """Cards drawn with records of their own, and the votes on those records."""
    cards, votes = 0, [0] * choices
    for kind, times in zip(draws.kinds, drawn, strict=True):
        if kind.record is None or (styles and kind.record.state is State.NOT_ON_CARD):
            continue
        cards += times
        if kind.record.state is State.VOTED:
            votes = [sum_ + times * mark for sum_, mark in zip(votes, kind.record.points, strict=True)]
    return cards, votes


def _check_rest(tally: Tally, claims: Claims, rest: Sequence[int], left: int) -> None:
    """Refuse votes that are more than reported, or too few for what the cards left can bear."""
    for place, votes in enumerate(rest):
        if votes < 0:
            what = _what(tally, claims, place)
            raise RequestError(
                f"'pools' and the records drawn have {-votes:,} more {what} than the contest. "
                "Settle which is right before an audit."
            )
    found = _unbearable(tally, claims, rest, left)
    if found is not None:
        count, bears, kind = found
        raise RequestError(
            f"'pools' and the records drawn leave {count:,} of the contest's votes{kind} to {left:,} other "
            f"cards, which bear at most {bears:,}. Settle which is right before an audit."
        )


def _unbearable(
    tally: Tally, claims: Claims, votes: Sequence[int], cards: int
) -> tuple[int, int, str] | None:
    """Votes that are too many, how many the cards bear, and which votes; None where all is well."""
    bounds = [
        (max(votes), tally.per_choice * cards, " for one choice"),
        (sum(votes), tally.per_card * cards, ""),
    ]
    if claims.ranked:  # a ballot speaks for an assertion or against it, never both
        both = max(map(sum, zip(votes[::2], votes[1::2], strict=True)))
        bounds = [(both, cards, "")]
    return next((found for found in bounds if found[0] > found[1]), None)


def _what(tally: Tally, claims: Claims, place: int) -> str:
    if claims.ranked:
        side = "against" if place % 2 else "for"
        return f"rankings {side} the assertion that {claims.assertions[place // 2].claim.rstrip('.')}"
    return f"votes for {list(tally.votes)[place]}"
