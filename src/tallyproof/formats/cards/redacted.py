"""Rows of a Dominion export that withhold cards: sums of several cards, and cards without their votes.

Where few cards are of a style, Colorado's counties publish one row of sums ("Redacted and Aggregated"), so
that nobody can tell how a neighbour voted. Other rows keep a card's place, with "Redacted" for its votes.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from tallyproof.election.evidence import Rejection
from tallyproof.errors import UnreadableError
from tallyproof.formats.cards import blocks, dominion
from tallyproof.formats.cards.dominion_header import Header, parse, plain
from tallyproof.formats.intake import Document

WORDS = (b"Redact", b"redact", b"REDACT")
WORD = "redact"


@dataclass(frozen=True, slots=True)
class RedactedSum:
    """One row that adds up several cards: its label and style, and votes by contest and choice.

    A contest whose cells are all empty stands on none of these cards.
    """

    file: str
    row: int
    label: str
    style: str
    votes: Mapping[str, Mapping[str, int]]
    ranked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Redacted:
    """What a document withholds: rows of sums, cards by style without votes, and rows of neither kind."""

    file: str
    sums: tuple[RedactedSum, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    rejections: tuple[Rejection, ...] = ()


def read_redacted(document: Document) -> Redacted:
    """The rows of this document that withhold cards; none where it is not in Dominion's layout."""
    if not _has_word(document):
        return Redacted(document.name)
    try:
        return _read(document)
    except (UnreadableError, csv.Error):  # another layout, which a mapping reads
        return Redacted(document.name)


def _read(document: Document) -> Redacted:
    header: Header | None = None
    first: list[list[str]] = []
    sums: list[RedactedSum] = []
    rejections: list[Rejection] = []
    hidden: Counter[str] = Counter()
    for row, cells in _rows(document):
        if header is None:
            first.append(cells)
            if len(first) == dominion.HEADER_ROWS:
                if not dominion.identify(document, first).fits:
                    return Redacted(document.name)
                header = parse(document.name, first)
        elif cells and WORD in cells[0].casefold():
            _keep(_sum_of(document.name, header, row, cells), sums, rejections)
        elif header.facts and any(WORD in cells[place].casefold() for place in _vote_places(header, cells)):
            hidden[_fact(header, cells, "BallotType")] += 1
    return Redacted(document.name, tuple(sums), dict(hidden), tuple(rejections))


def _has_word(document: Document) -> bool:
    if document.kind != "csv":
        return False
    found = blocks.blocks(document.path, document.name, document.encoding)
    return any(word in block for block in found for word in WORDS)


def _rows(document: Document) -> Iterator[tuple[int, list[str]]]:
    """The header, then only the lines with the word in them, each with its number among the rows."""
    stream = blocks.blocks(document.path, document.name, document.encoding)
    header, rest = dominion.header_rows(document.name, stream)
    yield from enumerate(([plain(cell) for cell in cells] for cells in header), 1)
    row = dominion.HEADER_ROWS + 1
    for block in chain([rest], stream):
        if not any(word in block for word in WORDS):
            row += blocks.line_count(block)
            continue
        for line in blocks.lines(block):
            if WORD in line.casefold():
                yield row, [plain(cell) for cell in blocks.split(line)[0]]
            row += 1


def _keep(found: RedactedSum | Rejection, sums: list[RedactedSum], rejections: list[Rejection]) -> None:
    if isinstance(found, RedactedSum):
        sums.append(found)
    else:
        rejections.append(found)


def _sum_of(name: str, header: Header, row: int, cells: Sequence[str]) -> RedactedSum | Rejection:
    votes: dict[str, dict[str, int]] = {}
    for block in header.blocks:
        texts = [cells[place] if place < len(cells) else "" for place in block.columns]
        wrong = next((text for text in texts if text and not _is_count(text)), None)
        if wrong is not None:
            reason = f"'{wrong[:40]}' stands for votes in {block.contest.name}, where a whole number belongs"
            return Rejection(name, row, reason, ",".join(cells)[:200])
        if any(texts):
            counts = [int(text.replace(",", "") or 0) for text in texts]  # of a ranked contest the first rank
            votes[block.contest.name] = dict(zip(block.contest.choices, counts, strict=False))
    ranked = frozenset(block.contest.name for block in header.blocks if block.contest.ranks)
    return RedactedSum(name, row, cells[0], _fact(header, cells, "BallotType"), votes, ranked & set(votes))


def _is_count(text: str) -> bool:
    plain_digits = text.replace(",", "")
    return plain_digits.isascii() and plain_digits.isdigit() and len(plain_digits) < 10


def _fact(header: Header, cells: Sequence[str], name: str) -> str:
    place = header.facts.get(name)
    return cells[place] if place is not None and place < len(cells) else ""


def _vote_places(header: Header, cells: Sequence[str]) -> Iterator[int]:
    return (place for block in header.blocks for place in block.columns if place < len(cells))
