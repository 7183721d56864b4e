"""What an importer of cast vote records is: it recognises a document and streams its cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from tallyproof.election.card_part import FACTS, ROW, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.formats.importer import Match
from tallyproof.formats.intake import Document


@dataclass(frozen=True, slots=True)
class CardChunk:
    """Some cards of a file, in its order, and the rows among them that could not be read.

    ``cards`` has the row in the source, the facts, and for each contest a column of codes (see CardContest),
    null where the card does not bear it. Contests met for the first time later have no column yet.
    """

    cards: pl.DataFrame
    rejections: tuple[Rejection, ...] = ()


@dataclass(slots=True)
class CardFile:
    """One document being read: its contests, which may grow while it is read, and its cards."""

    name: str
    election: str
    contests: list[CardContest]
    chunks: Iterator[CardChunk]
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AskedCards:
    """What the user says beside the file: an importer by name, the text of a mapping and its name."""

    importer: str = ""
    mapping: str = ""
    mapping_name: str = ""


class CardImporter(Protocol):
    """One layout of cast vote records."""

    id: str
    title: str

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Whether this document is of the layout; ``rows`` are its first rows of cells."""
        ...

    def read(self, document: Document, asked: AskedCards) -> CardFile:
        """Open the document; raises UnreadableError where nothing of it can be read."""
        ...


def facts(rows: Sequence[int], given: Mapping[str, Sequence[str]]) -> dict[str, pl.Series]:
    """The columns every chunk begins with; facts not given are empty."""
    found = {ROW: pl.Series(ROW, rows, dtype=pl.UInt32)}
    for name in FACTS:
        texts = given.get(name)
        found[name] = pl.Series(name, [""] * len(rows) if texts is None else texts, dtype=pl.String)
    return found


CardRow = tuple[int, Mapping[str, str], Mapping[int, int]]
"""A card read on its own: its row, its facts, and its code by the place of each contest it bears."""


def chunk_of(rows: Sequence[CardRow], contests: int, rejections: Sequence[Rejection] = ()) -> CardChunk:
    """A chunk from cards that were read one by one."""
    given = {name: [known.get(name, "") for _, known, _ in rows] for name in FACTS}
    columns = facts([row for row, _, _ in rows], given)
    for place in range(contests):
        codes = [found.get(place) for _, _, found in rows]
        columns[column(place)] = pl.Series(column(place), codes, dtype=pl.UInt32)
    return CardChunk(pl.DataFrame(columns), tuple(rejections))
