"""Mapping files: a few lines of TOML by which a table of any layout is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Remark
from tallyproof.formats import layout, mapping_file
from tallyproof.formats.importer import Asked
from tallyproof.formats.intake import Document
from tallyproof.formats.layout import Layout
from tallyproof.formats.mapping_file import Text
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tidy import About, Reading, assemble

NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table is read, and what the mapping file says of the source.

    ``text`` is the file itself, so that a fault in it can be told with its line.
    """

    text: Text
    layout: Layout
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None

    @property
    def header_row(self) -> int:
        """The last row of the header; data begin below it."""
        return self.layout.header_rows[-1]

    @property
    def sheet(self) -> str:
        """The sheet that is read; nothing for the first."""
        return self.layout.sheet


def read_mapping(source: Path | str) -> Mapping:
    """Read a mapping from a file, or from its text.

    Raises RequestError with file and line for anything that the mapping's format does not know.
    """
    text = mapping_file.load(source)
    parsed = mapping_file.parse(text)
    return Mapping(text, parsed.layout, parsed.election, parsed.status, parsed.as_of)


def read_with(document: Document, mapping: Mapping, asked: Asked) -> Reading:
    """Read a document by a mapping.

    Raises RequestError where the mapping names a column or sheet that the document does not have.
    """
    header = layout.column_names(document, mapping.layout)
    _check_columns(document, mapping, header)
    rows = layout.read_rows(document, mapping.layout, header)
    remarks: list[Remark] = table_remarks(document, rows.table, mapping.header_row)
    about = About(
        document.name, rows.table.read, rows.rejections, tuple(remarks), asked.state, mapping.election,
        mapping.status, mapping.as_of, mapping.layout.in_parts,
    )  # fmt: skip
    return assemble(rows.long, about)


def _check_columns(document: Document, mapping: Mapping, header: Sequence[str]) -> None:
    if not any(header):
        row = mapping.header_row
        raise mapping.text.fault(
            ("table", "header_row"), f"row {row} of {document.name} holds no column names"
        )
    for key, name in layout.named_columns(mapping.layout):
        if layout.find_column(name, header) is None:
            raise mapping.text.fault(key, f"{document.name} has no column '{name}'", _remedy(name, header))


def _remedy(name: str, header: Iterable[str]) -> str:
    names = list(header)
    if near := difflib.get_close_matches(name, names, 1):
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
    return f"Its columns are: {shown}"
