"""How far the sheets of a workbook reach, so that none is opened that would not fit in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from tallyproof.errors import UnreadableError
from tallyproof.formats.survey import PIECE

MOST_CELLS = 20_000_000
MOST_TEXT = 8 << 30
_CELL = re.compile(rb"""[\s<]r=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["'](\d{1,7})["']""")
_SHARED = re.compile(rb"</(?:\w+:)?si>")
_OVERLAP = 64


@dataclass(slots=True)
class _Sheet:
    """The last row and column in which a sheet has a cell, and how many of its cells are texts."""

    rows: int = 0
    columns: int = 0
    texts: int = 0

    def take(self, piece: bytes) -> None:
        found = _CELL.findall(piece)
        self.texts += piece.count(b't="s"')
        self.columns = max(
            self.columns, *(_column(letters) for letters in {letters for letters, _ in found}), 0
        )
        numbers = {number for _, number in found} | set(_ROW.findall(piece))
        self.rows = max(self.rows, *map(int, numbers), 0)


def check(path: Path, name: str) -> None:
    """Refuse what would not fit in memory: readers fill the whole rectangle and copy each shared text.

    Raises UnreadableError also where the workbook is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
            sheets = [_sheet(archive, part) for part in parts if re.match(r"xl/worksheets/[^/]+\.xml$", part)]
            longest = _longest_shared(archive) if "xl/sharedStrings.xml" in parts else 0
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        raise damaged(name) from None
    for sheet in sheets:
        _refuse_huge(name, sheet, longest)


def _refuse_huge(name: str, sheet: _Sheet, longest: int) -> None:
    if sheet.rows * sheet.columns > MOST_CELLS:
        reason = f"has a sheet that spans {sheet.rows:,} rows and {sheet.columns:,} columns"
        remedy = "Delete the empty rows and columns at its end, or save the sheet as CSV"
        raise UnreadableError(name, reason, remedy=remedy)
    if sheet.texts * longest > MOST_TEXT:
        reason = f"has a cell of {longest:,} bytes of text, and {sheet.texts:,} cells with text"
        raise UnreadableError(name, reason, remedy="Save the sheet that holds the returns as CSV")


def _sheet(archive: zipfile.ZipFile, part: str) -> _Sheet:
    sheet, end = _Sheet(), b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            sheet.take(end + piece)
            end = piece[-_OVERLAP:]
    return sheet


def _column(letters: bytes) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _longest_shared(archive: zipfile.ZipFile) -> int:
    """About how many bytes the longest text in the table of shared texts has."""
    longest = since = 0
    with archive.open("xl/sharedStrings.xml") as stream:
        while piece := stream.read(PIECE):
            first, *rest = _SHARED.split(piece)
            longest = max(longest, since + len(first), *map(len, rest), 0)
            since = len(rest[-1]) if rest else since + len(first)
    return longest


def damaged(name: str) -> UnreadableError:
    """The sentence for a workbook that no program could read as it is."""
    remedy = "Open it in a spreadsheet program and save it again, or export CSV"
    return UnreadableError(name, "cannot be read as an Excel workbook; it may be damaged", remedy=remedy)
