"""Observations on a whole file that any importer makes: encoding, header, other sheets, test data."""

from __future__ import annotations

import re

import polars as pl

from tallyproof.election.evidence import Remark
from tallyproof.formats import words
from tallyproof.formats.intake import Document
from tallyproof.formats.tables import ROW, Table

_TEST_NAME = re.compile(r"(?<![a-z])(test|l&a|logic[ _-]and[ _-]accuracy)(?![a-z])", re.IGNORECASE)
_TEST_COLUMN = re.compile(r"(is[ _]?)?test([ _](mode|data|flag|election))?", re.IGNORECASE)
_TRUE = ("true", "t", "yes", "y", "1")
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|√[©°±≠]|â€|\ufffd")
SHOWN_NAMES = 5


def file_remarks(document: Document) -> list[Remark]:
    """What to tell about the file's bytes and name; nothing for a plain UTF-8 file."""
    texts = _encoding_texts(document) if document.kind == "csv" else []
    found = [Remark(document.name, "encoding", text) for text in texts]
    if document.left_aside:
        found.append(
            Remark(document.name, "header", f"the zip also holds {_listed(document.left_aside)}, not read")
        )
    if _TEST_NAME.search(document.name):
        found.append(Remark(document.name, "test data", "has TEST in its name"))
    return found


def _encoding_texts(document: Document) -> list[str]:
    facts, texts = document.facts, []
    if document.encoding == "utf-8-sig":
        texts.append("begins with a byte order mark (as Excel writes it)")
    elif document.encoding != "utf-8":
        texts.append(f"is {document.encoding} text, not UTF-8")
    if not document.encoding.startswith("utf-16"):
        if facts.has_bare_cr:
            texts.append("ends lines with bare carriage returns")
        if facts.has_nul:
            texts.append("contains NUL bytes, which were left out")
    if _MOJIBAKE.search(facts.head.decode(document.encoding.removesuffix("-sig"), "replace")):
        texts.append("shows letters that were decoded wrongly before we got it (such as 'Ã©' for 'é')")
    return texts


def table_remarks(document: Document, table: Table, header_row: int = 1) -> list[Remark]:
    """What to tell about a table's header and shape, and about rows that announce test data."""
    texts = [f"the column name '{name}' stands more than once" for name in table.repeated]
    if ragged := len(table.rejections):
        rows = "row has" if ragged == 1 else "rows have"
        texts.append(f"{ragged:,} {rows} more or fewer cells than the header")
    if table.unread:
        texts.append(f"other sheets were not read: {_listed(table.unread)}")
    found = [Remark(document.name, "header", text, header_row) for text in texts]
    return [*file_remarks(document), *found, *_test_remarks(document, table)]


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else ""
    return ", ".join(f"'{name}'" for name in names[:SHOWN_NAMES]) + more


def _test_remarks(document: Document, table: Table) -> list[Remark]:
    """Rows marked as test data by a column of their own."""
    found = []
    for name in table.header:
        if not _TEST_COLUMN.fullmatch(name.strip()):
            continue
        marked = table.cells.filter(pl.col(name).str.strip_chars().str.to_lowercase().is_in(_TRUE))
        if marked.height:
            text = f"{marked.height:,} rows are marked as test data in column '{name}'"
            found.append(Remark(document.name, "test data", text, int(marked[ROW][0])))
    return found


def word_remarks(file: str, frame: pl.DataFrame) -> list[Remark]:
    """Units, modes and offices of a returns table whose words announce test data."""
    found = []
    for column in ("unit", "mode_raw", "office"):
        text = pl.Series(frame[column].unique().cast(pl.String))
        for name in text.filter(text.str.contains(r"(?i)test|l ?(&|and) ?a|logic")).sort():
            if words.is_test(name) or (column == "mode_raw" and name.strip().casefold() == "test"):
                row = int(frame.filter(pl.col(column) == name)["row"][0])
                found.append(Remark(file, "test data", f"has rows of '{name}'", row))
    return found
