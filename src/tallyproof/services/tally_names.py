"""Cards of files that are only counted, under standard names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from tallyproof.election.card_part import CardPart, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.election.standard_names import Decision, StandardNames, Wording
from tallyproof.election.standardizing import standardized


def under_names(
    file: str, contests: Sequence[CardContest], chunks: Sequence[pl.DataFrame], names: StandardNames
) -> CardPart:
    """The cards of one file, read in chunks, under standard names.

    Raises RequestError where a card bears two contests or choices that would become one.
    """
    cards = pl.concat(chunks, how="diagonal_relaxed")
    absent = [column(place) for place in range(len(contests)) if column(place) not in cards]
    cards = cards.with_columns(pl.lit(None, dtype=pl.UInt32).alias(name) for name in absent)
    return standardized(CardPart("", file, "", tuple(contests), cards.lazy()), names)


def without_effect(names: StandardNames) -> list[str]:
    """What to say of names that hold in some jurisdictions only."""
    number = sum(bool(each.jurisdictions) for each in _accepted(names))
    if not number:
        return []
    wordings = "1 wording holds" if number == 1 else f"{number:,} wordings hold"
    return [f"{wordings} in some jurisdictions only and had no effect: nobody says of which a file is."]


def _accepted(names: StandardNames) -> Iterator[Wording]:
    for contest in names.contests:
        entries = [*contest.wordings, *(each for choice in contest.choices for each in choice.wordings)]
        yield from (each for each in entries if each.state is Decision.ACCEPTED)
