"""Cards of a jurisdiction as a table of codes, with the book that says what each code means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.election.cast_vote_record import CardContest

ROW = "row"
FACTS = ("card", "tabulator", "batch", "record", "imprint", "mode", "unit", "style")
"""What is known of a card beside its votes, as text, empty where the source does not say.

``card`` is the source's own number, ``record`` the place in the batch, ``imprint`` what is printed on the
card, ``unit`` the precinct portion and ``style`` the ballot type.
"""

FEW_CODES = 16
"""Up to so many different marks, each is counted by a sum of its own."""


def column(place: int) -> str:
    """The column of the contest at this place among a part's contests."""
    return f"c{place}"


@dataclass(frozen=True, slots=True)
class CardPart:
    """The cards that one document holds of one jurisdiction.

    ``cards`` has ``ROW`` (the row in the source), ``FACTS`` and for the contest at place i the column
    ``column(i)``: the code of its marks (see CardContest) in an unsigned type of one to four bytes, null
    where the card does not bear it.
    ``jurisdiction`` is empty where nobody said; ``rejected`` counts rows that could not be read.
    """

    jurisdiction: str
    file: str
    sha256: str
    contests: tuple[CardContest, ...]
    cards: pl.LazyFrame
    election: str = ""
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class CaseCards:
    """All cards of a case that count, and the manifests beside them by jurisdiction."""

    parts: tuple[CardPart, ...] = ()
    manifests: Mapping[str, Manifest] = field(default_factory=dict)


def code_counts(part: CardPart, places: Sequence[int] | None = None) -> list[dict[int, int]]:
    """For each contest of a part, or those at these places, how many cards bear each code."""
    wanted = range(len(part.contests)) if places is None else places
    if not wanted:
        return []
    few = {place: len(part.contests[place].codes) <= FEW_CODES for place in wanted}
    asked = [
        each
        for place in few
        for each in (_each_code(part, place) if few[place] else [pl.col(column(place)).value_counts()])
    ]
    counted = part.cards.select(each.implode() for each in asked).collect()
    return [_found(part, place, counted, few[place]) for place in wanted]


def _each_code(part: CardPart, place: int) -> list[pl.Expr]:
    """A sum for each code: where there are few of them, faster than to group all cards."""
    codes = range(len(part.contests[place].codes))
    return [(pl.col(column(place)) == code).sum().alias(f"{column(place)}={code}") for code in codes]


def _found(part: CardPart, place: int, counted: pl.DataFrame, few: bool) -> dict[int, int]:
    name = column(place)
    if few:
        codes = range(len(part.contests[place].codes))
        each = ((code, counted[f"{name}={code}"][0][0]) for code in codes)
        return {code: cards for code, cards in each if cards}
    rows = counted[name][0].to_list()
    return {row[name]: row["count"] for row in rows if row[name] is not None}
