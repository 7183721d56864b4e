"""Cards of a file whose tabulator, batch and record stand on a card before."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from tallyproof.election.card_part import ROW
from tallyproof.election.evidence import Remark

KEY = ("tabulator", "batch", "record")


@dataclass(slots=True)
class Repeats:
    """A number of 64 bits and the row for each card that can be told from others."""

    keys: list[pl.DataFrame] = field(default_factory=list)

    def take(self, cards: pl.DataFrame) -> None:
        """Remember these cards."""
        named = cards.filter(pl.col("batch") != "", pl.col("record") != "")
        self.keys.append(named.select(pl.struct(*KEY).hash().alias("key"), ROW))

    def remark(self, name: str) -> Remark | None:
        """How many stand for a second time, with the first of them; None where none does."""
        if not self.keys:
            return None
        frame = pl.concat(self.keys)
        again = frame.filter(~pl.col("key").is_first_distinct())
        if not again.height:
            return None
        row = int(again[ROW][0])
        first = frame.filter(pl.col("key") == again["key"][0])[ROW][0]
        cards = "1 card has" if again.height == 1 else f"{again.height:,} cards have"
        text = (
            f"{cards} tabulator, batch and record of a card before, this one those of row {first:,}. "
            "A batch may be scanned or exported twice; all are counted here"
        )
        return Remark(name, "repeated cards", text, row)
