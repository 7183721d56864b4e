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


def column(place: int) -> str:
    """The column of the contest at this place among a part's contests."""
    return f"c{place}"


@dataclass(frozen=True, slots=True)
class CardPart:
    """The cards that one document holds of one jurisdiction.

    ``cards`` has ``ROW`` (the row in the source), ``FACTS`` and for the contest at place i the column
    ``column(i)``: the code of its marks (see CardContest), null where the card does not bear it.
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
    counted = part.cards.select(
        pl.col(column(place)).drop_nulls().value_counts(name="cards").implode() for place in wanted
    ).collect()
    return [
        {row[column(place)]: row["cards"] for row in counted[column(place)][0].to_list()} for place in wanted
    ]
