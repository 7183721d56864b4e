"""Reading cards in tests: every card with its marks by name."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tallyproof.election.card_part import column
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.intake import documents
from tallyproof.testing import cards as made

Votes = dict[str, tuple[tuple[str, ...], ...]]
"""For each contest on a card the names marked at each rank, in the order of the alphabet."""

Read = tuple[list[tuple[str, str, str, Votes]], int]


def read_back(text: str | bytes, asked: AskedCards | None = None) -> Read:
    """Every card with its marks by contest, and how many rows were rejected."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with documents([path]) as found:
            reading = registry.read(found[0], asked or AskedCards())
            cards, rejected = [], 0
            for chunk in reading.chunks:
                rejected += len(chunk.rejections)
                for row in chunk.cards.iter_rows(named=True):
                    votes = {
                        contest.name: named(contest.choices, contest.marks[row[column(place)]].ranks)
                        for place, contest in enumerate(reading.contests)
                        if row.get(column(place)) is not None
                    }
                    cards.append((row["tabulator"], row["batch"], row["record"], votes))
    return cards, rejected


def named(choices: Sequence[str], ranks: made.Ranks) -> tuple[tuple[str, ...], ...]:
    """The marks by the names of the choices."""
    return tuple(tuple(sorted(choices[choice] for choice in rank)) for rank in ranks)
