"""Cards as parts: a frame and a book for each document, straight from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tallyproof.election.card_part import CardPart, column
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.intake import Document, documents


def parts_from_files(
    paths: Sequence[Path], jurisdiction: str = "", asked: AskedCards | None = None, *, encoding: str = ""
) -> tuple[CardPart, ...]:
    """The cards of these files, held in memory. Raises UnreadableError as the importers do."""
    with documents(list(paths), encoding) as found:
        return tuple(_part(document, jurisdiction, asked or AskedCards()) for document in found)


def _part(document: Document, jurisdiction: str, asked: AskedCards) -> CardPart:
    reading = registry.recognise(document, asked).read(document, asked)
    frames, rejected = [], 0
    for chunk in reading.chunks:
        frames.append(chunk.cards)
        rejected += len(chunk.rejections)
    cards = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    absent = [column(place) for place in range(len(reading.contests)) if column(place) not in cards]
    cards = cards.with_columns(pl.lit(None, dtype=pl.UInt32).alias(name) for name in absent)
    return CardPart(
        jurisdiction, document.name, document.facts.sha256, tuple(reading.contests), cards.lazy(),
        reading.election, rejected,
    )  # fmt: skip
