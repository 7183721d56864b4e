"""Cells that a spreadsheet changed: dates and rounded numbers where an imprint or a batch stood."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from tallyproof.formats.cards.importer import ROW
from tallyproof.formats.spreadsheet_cells import DATE, SPOILED

NAMES = {
    "imprint": "imprint", "tabulator": "tabulator", "batch": "batch", "record": "record", "unit": "precinct",
    "style": "ballot type",
}  # fmt: skip
IDENTITY = ("tabulator", "batch", "record")


@dataclass(slots=True)
class Spoiled:
    """How many cells of each column are spoiled, and the first of them with its row."""

    cards: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[int, str]] = field(default_factory=dict)

    def take(self, cards: pl.DataFrame) -> None:
        """Look at some cards more."""
        for column in NAMES:
            found = _found(cards, column)
            if found.height:
                self.first.setdefault(column, (int(found[ROW][0]), str(found[column][0])))
                self.cards[column] = self.cards.get(column, 0) + found.height

    def sentences(self) -> list[tuple[int, str]]:
        """For each column that is spoiled the first row, and what to tell."""
        return [(row, self._sentence(column, text)) for column, (row, text) in self.first.items()]

    def _sentence(self, column: str, text: str) -> str:
        number, name = self.cards[column], NAMES[column]
        of = f"1 card, '{text[:40]}'," if number == 1 else f"{number:,} cards, such as '{text[:40]}',"
        kept = "Where tabulator, batch and record are whole, cards are known by these"
        if column in IDENTITY:
            kept = f"Such cards are kept, but cannot be found by their {name}"
        return (
            f"the {name} of {of} looks as if a spreadsheet program had taken it for a date or a number. "
            f"{kept}. Export the file again without opening it in such a program, or open it there with all "
            "columns as text"
        )


def _found(cards: pl.DataFrame, column: str) -> pl.DataFrame:
    """The cards whose cell in this column is spoiled."""
    texts = cards[column] if column == "imprint" else cards[column].unique()
    if not texts.str.contains(SPOILED).any() and not texts.str.contains(DATE).any():
        return cards.clear()
    cell = pl.col(column)
    is_place = pl.col("tabulator").str.strip_chars_start("0") == cell.str.slice(0, 4)
    return cards.filter(cell.str.contains(SPOILED) | (cell.str.contains(DATE) & ~is_place))
