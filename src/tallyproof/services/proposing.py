"""Drafting a mapping for a table of unknown layout."""

from __future__ import annotations

from pathlib import Path

from tallyproof.errors import TallyproofError


def propose(path: Path, encoding: str = "") -> str:
    """A mapping file's text for the first table in the file; raises UnreadableError where there is none."""
    from tallyproof.formats import intake
    from tallyproof.formats.propose import propose as draft

    with intake.documents([path], encoding) as documents:
        return draft(documents[0])


def table(
    path: Path, encoding: str = "", mapping: str = "", rows: int = 12
) -> tuple[list[list[str]], tuple[str, ...], tuple[str, ...]]:
    """The first rows of the file's first table, its sheets, and its column names by a mapping's header.

    Where the mapping cannot be followed, the columns are those of row 1.
    """
    from tallyproof.formats import intake, layout, tables
    from tallyproof.formats.layout import Layout
    from tallyproof.formats.mapping import read_mapping

    with intake.documents([path], encoding) as documents:
        document = documents[0]
        sheets = tuple(tables.sheets(document))
        try:
            laid_out = read_mapping(mapping).layout if mapping else Layout()
            columns = layout.column_names(document, laid_out)
            return tables.head(document, rows, laid_out.sheet), sheets, columns
        except TallyproofError:
            return tables.head(document, rows), sheets, layout.column_names(document, Layout())
