"""Cards made up in memory, as parts and manifests."""

from collections.abc import Sequence

import polars as pl

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import FACTS, ROW, CardPart, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.testing.cards import MadeCard, MadeContest


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
