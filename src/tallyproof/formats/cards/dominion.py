"""Dominion's CSV export of cast vote records, in all the variants that its versions write."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tallyproof.election.card_part import FACTS, ROW, column
from tallyproof.election.evidence import Rejection
from tallyproof.errors import UnreadableError
from tallyproof.formats.cards import blocks
from tallyproof.formats.cards.coding import coded
from tallyproof.formats.cards.dominion_header import FACT_OF, REQUIRED, UNIQUE, Header, parse, plain
from tallyproof.formats.cards.importer import AskedCards, CardChunk, CardFile
from tallyproof.formats.importer import Match
from tallyproof.formats.intake import Document

id = "dominion-csv"
title = "Dominion CSV"

HEADER_ROWS = 4
NAMED_IN = {"election": 1, "contests": 2, "choices": 3}
IMPRINT = "ImprintedId"
MOST_SHOWN = 200
FIELD_LIMIT = 1 << 20
SLOW = 1 << 19
"""Bytes that are read row by row without another try to read their halves at once."""

_COMMA, _NEWLINE, _RETURN = b",\n\r"

Signs = NDArray[np.uint8]
"""The bytes of a block as numbers, for questions that are asked of each of them."""

_VOTES = frozenset({"", "0", "1"})
_EQUAL = re.compile(r'^="(.*)"$', re.DOTALL)


def identify(document: Document, rows: Sequence[Sequence[str]]) -> Match:
    """Whether row 4 names the columns of a Dominion export, or most of them."""
    if document.kind != "csv":
        return Match(False, ("a CSV file",))
    fields = {plain(cell) for cell in rows[3]} if len(rows) > 3 else set()
    missing = tuple(name for name in REQUIRED if name not in fields)
    return Match(len(missing) < 3, missing)


def read(document: Document, asked: AskedCards) -> CardFile:
    """Open an export: its header is read now, its cards when they are asked for."""
    stream = blocks.blocks(document.path, document.name, document.encoding)
    rows, rest = header_rows(document.name, stream)
    header = parse(document.name, rows)
    contests = [block.contest for block in header.blocks]
    chunks = _chunks(document.name, header, rest, stream)
    return CardFile(document.name, header.election, contests, chunks, named_in=NAMED_IN)


def header_rows(name: str, stream: Iterator[bytes]) -> tuple[list[list[str]], bytes]:
    """The header rows, taken from these blocks, and the bytes behind them of the last block taken."""
    first, rows, rest = b"", list[list[str]](), b""
    while not (len(rows) == HEADER_ROWS and rest) and (more := next(stream, b"")):  # a name may be cut
        first += more
        rows, rest = _header_rows(name, first)
    return rows, rest


def _header_rows(name: str, first: bytes) -> tuple[list[list[str]], bytes]:
    """The header rows and the bytes behind them."""
    lines = blocks.lines(first)
    csv.field_size_limit(FIELD_LIMIT)
    try:
        rows = list(islice(csv.reader(lines), HEADER_ROWS))
    except csv.Error as fault:
        remedy = "Export it again, or close the quotation mark that is open"
        reason = f"the header cannot be split into cells ({fault})"
        raise UnreadableError(name, reason, row=1, remedy=remedy) from None
    return rows, lines.read().encode()


def _chunks(name: str, header: Header, first: bytes, rest: Iterator[bytes]) -> Iterator[CardChunk]:
    row = HEADER_ROWS + 1
    if not first.strip():
        first = b""
    for block in _not_empty(first, rest):
        data = _without_equal_signs(block)
        for chunk, rows in _parts(name, header, data, row):
            row += rows
            yield chunk


def _parts(name: str, header: Header, data: bytes, row: int) -> Iterator[tuple[CardChunk, int]]:
    """The block at once; where that fails its halves, so that only what is near a fault is read slowly."""
    found = _quick(header, data, row)
    cut = blocks.last_line_end(data[: len(data) // 2]) if found is None and len(data) > SLOW else 0
    if not cut:
        yield found or _careful(name, header, data, row)
        return
    for half in (data[:cut], data[cut:]):
        for chunk, rows in _parts(name, header, half, row):
            row += rows
            yield chunk, rows


def _not_empty(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _without_equal_signs(block: bytes) -> bytes:
    """``="1"`` as ``"1"``: the sign keeps spreadsheets from changing a cell, and is no part of it."""
    if b"=" not in block or b'="' not in block:  # the first is ten times faster, and mostly enough
        return block
    block = block.replace(b',="', b',"').replace(b'\n="', b'\n"')
    return block[1:] if block.startswith(b'="') else block


def _names(header: Header) -> list[str]:
    return [f"x{place}" for place in range(header.width)]


def _quick(header: Header, block: bytes, row: int) -> tuple[CardChunk, int] | None:
    """The block read in one go; None where something in it wants a closer look."""
    signs = np.frombuffer(block, dtype=np.uint8)
    lines = _lines(signs)
    if not lines or (b"=" in block and b'=""' in block) or _ends_open(block):
        return None
    names, votes = _names(header), {place for each in header.blocks for place in each.columns}
    schema = {name: pl.UInt8 if place in votes else pl.String for place, name in enumerate(names)}
    try:
        frame = pl.read_csv(block, has_header=False, schema=schema, raise_if_empty=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if frame.height != lines or not _has_all_cells(frame, signs) or not _are_marks(frame, header):
        return None  # fewer rows than lines: quotation marks join some of them
    cards = _cards(header, frame.with_row_index(ROW, row))
    if _faults(cards).any():
        return None
    return CardChunk(_chunk_frame(header, cards)), frame.height


def _lines(signs: Signs) -> int:
    """How many lines there are; 0 where one is empty, or ends in another way than a CSV's lines do."""
    ends = np.flatnonzero(signs == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1]) if ends.size else ends
    length = ends - starts
    before = signs[ends[length > 0] - 1] == _RETURN
    if (length == 0).any() or (before & (length[length > 0] == 1)).any():
        return 0
    if np.count_nonzero(signs == _RETURN) != np.count_nonzero(before):
        return 0
    return int(ends.size) + bool(signs.size and signs[-1] != _NEWLINE)


def _ends_open(block: bytes) -> bool:
    """Whether a quotation mark is open in the last line, which polars cannot bear."""
    return bool(block.count(b'"', block.rfind(b"\n", 0, -1) + 1) % 2)


def _has_all_cells(frame: pl.DataFrame, signs: Signs) -> bool:
    """Whether each row has as many cells as the header: no row may have more, so the commas tell."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    inside = frame.select(pl.sum_horizontal(pl.col(name).str.count_matches(",", literal=True).sum()
                                            for name in texts)).item() if texts else 0  # fmt: skip
    commas = int(np.count_nonzero(signs == _COMMA))
    return bool(commas - (inside or 0) == frame.height * (frame.width - 1))


def _are_marks(frame: pl.DataFrame, header: Header) -> bool:
    columns = [f"x{place}" for each in header.blocks for place in each.columns]
    if not columns:
        return True
    most = frame.select(pl.max_horizontal(pl.col(name).max() for name in columns)).item()
    return most is None or most <= 1


def _cards(header: Header, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the facts under their names, blanks empty."""

    def fact(field: str) -> pl.Expr:
        if field not in header.facts:
            return pl.lit("", dtype=pl.String)
        return pl.col(f"x{header.facts[field]}").fill_null("").str.strip_chars()

    imprint = fact(IMPRINT)
    if UNIQUE in header.facts:
        imprint = pl.when(imprint == "").then(fact(UNIQUE)).otherwise(imprint)
    named = [(imprint if field == IMPRINT else fact(field)).alias(name) for field, name in FACT_OF.items()]
    return frame.with_columns(named)


def _faults(cards: pl.DataFrame) -> pl.Series:
    """Which cards lack something that identifies a card."""
    return cards.select(pl.any_horizontal(pl.col(FACT_OF[field]) == "" for field in REQUIRED)).to_series()


def _chunk_frame(header: Header, cards: pl.DataFrame) -> pl.DataFrame:
    known = cards.select(pl.col(ROW).cast(pl.UInt32), *FACTS)
    contests = [(block.contest, [f"x{place}" for place in block.columns]) for block in header.blocks]
    if not contests:
        return known
    return known.hstack(coded(cards, contests, [column(number) for number in range(len(contests))]))


def _careful(name: str, header: Header, block: bytes, row: int) -> tuple[CardChunk, int]:
    """The block line by line: what cannot be read is rejected with its reason, all else is kept."""
    rejections: list[Rejection] = []
    kept: list[tuple[int, list[str]]] = []
    rows = 0
    for rows, line in enumerate(blocks.lines(block), 1):
        number = row + rows - 1
        cells, reason = blocks.split(line)
        if not reason and not any(cell.strip() for cell in cells):
            continue
        cells = [cell if cell in _VOTES else _cell(cell) for cell in cells]
        if reason := reason or _reason(header, cells):
            shown = ",".join(cells) or line.strip()
            rejections.append(Rejection(name, number, reason, shown[:MOST_SHOWN]))
        else:
            kept.append((number, cells))
    frame = _frame_of(header, kept)
    return CardChunk(_chunk_frame(header, _cards(header, frame)), tuple(rejections)), rows


def _cell(text: str) -> str:
    text = text.strip()
    return _EQUAL.sub(r"\1", text).strip() if text.startswith("=") else text


def _frame_of(header: Header, kept: Sequence[tuple[int, list[str]]]) -> pl.DataFrame:
    votes = {place for each in header.blocks for place in each.columns}
    data: dict[str, pl.Series] = {ROW: pl.Series([number for number, _ in kept], dtype=pl.UInt32)}
    for place, name in enumerate(_names(header)):
        texts = pl.Series([cells[place] or None for _, cells in kept], dtype=pl.String)
        data[name] = texts.cast(pl.UInt8) if place in votes else texts
    return pl.DataFrame(data)


def _reason(header: Header, cells: Sequence[str]) -> str:
    """Why this row cannot be read; empty where it can."""
    for field in REQUIRED:
        places = [header.facts[each] for each in ((field, UNIQUE) if field == IMPRINT else (field,))
                  if each in header.facts]  # fmt: skip
        if not any(cells[place] for place in places if place < len(cells)):
            wanted = f"{IMPRINT} and {UNIQUE} are" if len(places) > 1 else f"{field} is"
            return (
                f"{wanted} empty, so the card cannot be told from others. Export the file with all its cells"
            )
    if len(cells) < header.width or any(cells[header.width :]):
        return f"has {len(cells)} cells where the header has {header.width}; one is missing or too many"
    for block in header.blocks:
        wrong = next((place for place in block.columns if cells[place] not in _VOTES), None)
        if wrong is not None:
            return (
                f"'{cells[wrong][:40]}' stands for a choice of {block.contest.name} (column {wrong + 1}), "
                "where 0, 1 or nothing belongs. Export the file with plain whole numbers"
            )
    return ""
