"""Cards whose imprint, or whose place in a batch, stands on a card before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tallyproof.audit.card_facts import CardFacts, Hashes, Numbers
from tallyproof.audit.card_votes import Ballots

IMPRINT, PLACE = "imprint", "record"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Cards of one batch that repeat cards of another (or of the same) by imprint, or by batch and record.

    ``batch`` holds the later cards and ``first_batch`` those before, as ids; ``cards`` counts the later ones,
    ``same`` those of them with the same votes. ``part`` and ``row`` are places of the first later card,
    ``first_part`` and ``first_row`` those of the card that it repeats.
    """

    kind: str
    first_batch: int
    batch: int
    cards: int
    same: int
    part: int
    row: int
    first_part: int
    first_row: int


@dataclass(frozen=True, slots=True)
class RepeatedCards:
    """Repeats by pairs of batches, the largest first; ``label`` tells of every card which it belongs to.

    ``label`` is -1 for a card that repeats none.
    """

    pairs: tuple[Repeats, ...]
    label: Numbers


def repeated_cards(facts: CardFacts, ballots: Ballots) -> RepeatedCards:
    """Find cards given again; sheets of one ballot, which bear other contests, are none.

    The imprint speaks first; batch and record speak of cards without one, or with different ones.
    """
    label = np.full(facts.cards, -1, np.int64)
    pairs: list[Repeats] = []
    for kind, keys in ((IMPRINT, facts.imprint), (PLACE, facts.place)):
        later, first = _later(keys, ballots.contests)
        fresh = label[later] < 0
        later, first = later[fresh], first[fresh]
        pairs += _by_pair(facts, ballots, kind, later, first, label, len(pairs))
    order = sorted(range(len(pairs)), key=lambda place: -pairs[place].cards)
    return RepeatedCards(tuple(pairs[place] for place in order), _renumbered(label, order))


def _later(keys: Hashes, contests: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cards whose key and contests stand on a card before, and that first card of each."""
    ordered = np.sort(keys)
    again = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)]
    some = np.flatnonzero(np.isin(keys, again))
    frame = pl.DataFrame({"card": some, "key": keys[some], "contests": contests[some]})
    first = pl.col("card").min().over("key", "contests")
    later = frame.with_columns(first=first).filter(pl.col("first") != pl.col("card"))
    return later["card"].to_numpy(), later["first"].to_numpy()


def _by_pair(
    facts: CardFacts, ballots: Ballots, kind: str, later: Numbers, first: Numbers, label: Numbers, known: int
) -> list[Repeats]:
    cards = pl.DataFrame({
        "first_batch": facts.batch[first], "batch": facts.batch[later], "later": later, "first": first,
        "same": ballots.votes[first] == ballots.votes[later],
    })  # fmt: skip
    pair = ["first_batch", "batch"]
    sums = cards.group_by(pair, maintain_order=True).agg(
        pl.len().alias("cards"), pl.col("same").sum(), pl.col("later", "first").first()
    ).with_row_index("label", known)  # fmt: skip
    numbered = cards.join(sums.select("label", *pair), on=pair, how="left", maintain_order="left")
    label[later] = numbered["label"].cast(pl.Int64).to_numpy()
    return [
        Repeats(
            kind, row["first_batch"], row["batch"], row["cards"], row["same"],
            int(facts.part[row["later"]]), int(facts.row[row["later"]]),
            int(facts.part[row["first"]]), int(facts.row[row["first"]]),
        )
        for row in sums.iter_rows(named=True)
    ]  # fmt: skip


def _renumbered(label: Numbers, order: Sequence[int]) -> Numbers:
    places = np.full(len(order) + 1, -1, np.int64)
    places[list(order)] = np.arange(len(order))
    return places[label]
