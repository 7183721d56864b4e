"""Totals of batches that have records too: what the records say of the same votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

import polars as pl

from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election.ballot_manifest import BatchKey
from tallyproof.election.card_part import CardPart, column
from tallyproof.services.cards import result_of
from tallyproof.services.pool_sources import Doubled

SHOWN = 3
BETWEEN = "\x1f"


Votes = dict[str, Counter[str]]
"""Votes by contest and choice."""


def votes_in(
    parts: Iterable[CardPart], batches: Mapping[BatchKey, int], contests: Collection[str]
) -> dict[int, Votes]:
    """Votes in these contests by batch, of which each name that cards use gives the number.

    Of ranked contests these are first preferences.
    """
    found: dict[int, Votes] = {number: {} for number in batches.values()}
    for part in parts:
        named = {place: each for place, each in enumerate(part.contests) if each.name in contests}
        keys = pl.concat_str("tabulator", "batch", separator=BETWEEN)
        numbers = {BETWEEN.join(key): number for key, number in batches.items()}
        place_of = keys.replace_strict(
            list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int64
        )
        own = part.cards.select(place_of.alias("number"), *map(column, named)).drop_nulls("number").collect()
        for place, contest in named.items():
            for number, counts in _codes(own, column(place)).items():
                votes = result_of(contest, counts, RankingRules()).votes
                found[number].setdefault(contest.name, Counter()).update(votes)
    return found


def _codes(cards: pl.DataFrame, name: str) -> dict[int, dict[int, int]]:
    """By batch how many cards bear each code."""
    found: dict[int, dict[int, int]] = {}
    for number, code, size in cards.drop_nulls(name).group_by("number", name).len().iter_rows():
        found.setdefault(number, {})[code] = size
    return found


def contradiction(told: Doubled, recorded: Mapping[str, Mapping[str, int]]) -> str:
    """A sentence where records tell other votes than these totals; empty where they are the same."""
    differing = list(_differing(told, recorded))
    if not differing:
        return ""
    more = f", and {len(differing) - SHOWN:,} more differ" if len(differing) > SHOWN else ""
    return (
        f"{told.file}, row {told.row:,}: batch '{told.batch.name}' has cast vote records, and they tell "
        f"other votes than these totals ({'; '.join(differing[:SHOWN])}{more}). The records are used and the "
        "totals are not. Settle which is wrong before an audit."
    )


def _differing(told: Doubled, recorded: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    for contest, votes in told.votes.items():
        for choice, number in votes.items():
            found = recorded.get(contest, {}).get(choice, 0)
            if found != number:
                yield f"{contest}, {choice}: {number:,} in the totals, {found:,} by records"
