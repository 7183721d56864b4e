"""Ballot manifests and batch totals made up from a seed, in each layout that is read, as CSV or .xlsx."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from typing import Literal

from tallyproof.election.ballot_manifest import Batch

Layout = Literal["Arlo", "Colorado", "San Francisco"]

HEADERS: dict[Layout, tuple[str, ...]] = {
    "Arlo": ("Container", "Tabulator", "Batch Name", "Number of Ballots", "CVR"),
    "Colorado": ("CountyID", "ScannerID", "BatchID", "NumBallots", "StorageLocation"),
    "San Francisco": ("Tabulator Number", "Batch Number", "Total Ballots", "VBMCart.Cart number"),
}


def make_batches(seed: int, layout: Layout, batches: int, *, most: int = 500) -> list[Batch]:
    """So many batches as this layout can hold them, the first in row 2. The same seed, the same batches."""
    chance = random.Random(seed)
    return [
        Batch(
            str(number + 1), chance.randint(1, most), number + 2, str(chance.randint(1, 9)),
            "Adams" if layout == "Colorado" else "", f"Box {chance.randint(1, 99)}",
            chance.random() < 0.5 if layout == "Arlo" else None,
        )
        for number in range(batches)
    ]  # fmt: skip


def manifest_rows(batches: Sequence[Batch], layout: Layout) -> list[tuple[str | int, ...]]:
    """The header and a row for each batch."""
    return [HEADERS[layout], *(_row(batch, layout) for batch in batches)]


def _row(batch: Batch, layout: Layout) -> tuple[str | int, ...]:
    if layout == "Arlo":
        return batch.place, batch.tabulator, batch.name, batch.cards, "Y" if batch.has_cvr else "N"
    if layout == "Colorado":
        return batch.jurisdiction, batch.tabulator, batch.name, batch.cards, batch.place
    return batch.tabulator, batch.name, batch.cards, batch.place


def totals_rows(votes: Mapping[str, tuple[int, ...]], choices: Sequence[str]) -> list[tuple[str | int, ...]]:
    """The header and a row for each batch of totals."""
    rows: list[tuple[str | int, ...]] = [("Batch Name", *choices)]
    return rows + [(batch, *cast) for batch, cast in votes.items()]


def as_csv(rows: Sequence[Sequence[str | int]]) -> bytes:
    """The rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[str | int]]) -> bytes:
    """The rows as a workbook of one sheet, numbers as numbers."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()
