"""Cards made up in memory, as parts and manifests."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import FACTS, ROW, CardPart, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.services import solving
from tallyproof.testing.cards import MadeCard, MadeContest

MAYOR = [MadeContest("Mayor", ("Ann", "Bob"))]


def mayors(votes: str, batch: str = "1") -> list[MadeCard]:
    """Cards of a batch: A and B for a vote, - for none."""
    marks = {"A": (0,), "B": (1,), "-": ()}
    return [MadeCard("1", batch, str(n), {0: (marks[vote],)}) for n, vote in enumerate(votes, 1)]


def part_of(
    contests: Sequence[MadeContest],
    cards: Sequence[MadeCard],
    jurisdiction: str = "",
    *,
    file: str = "cards.csv",
    mode: str = "",
    imprinted: bool = True,
) -> CardPart:
    """These cards as a document of one jurisdiction, all of one way of voting."""
    books = [CardContest(each.name, list(each.choices), each.vote_for, each.ranks) for each in contests]
    data: dict[str, pl.Series] = {ROW: pl.Series(range(5, 5 + len(cards)), dtype=pl.UInt32)}
    for name in FACTS:
        texts = {"tabulator": [card.tabulator for card in cards], "batch": [card.batch for card in cards],
                 "record": [card.record for card in cards], "mode": [mode] * len(cards),
                 "imprint": [card.imprint if imprinted else "" for card in cards]}  # fmt: skip
        data[name] = pl.Series(texts.get(name, [""] * len(cards)), dtype=pl.String)
    for place, book in enumerate(books):
        codes = [book.code(Marks(card.votes[place])) if place in card.votes else None for card in cards]
        data[column(place)] = pl.Series(codes, dtype=pl.UInt32)
    return CardPart(jurisdiction, file, file, tuple(books), pl.DataFrame(data).lazy())


def manifest_of(batches: Sequence[tuple[str, str, int, bool | None]], file: str = "manifest.csv") -> Manifest:
    """A manifest of these tabulators, batches, numbers of cards, and whether they have records."""
    found = (
        Batch(name, cards, row, tabulator, has_cvr=has_cvr)
        for row, (tabulator, name, cards, has_cvr) in enumerate(batches, 2)
    )
    return Manifest(file, "Arlo", tuple(found))


def solved(problem: msgspec.Struct) -> Any:
    """What solve answers to the problem as JSON."""
    return json.loads(solving.solve_json(msgspec.json.encode(problem)))
