"""A CSV file in blocks of whole lines, so that memory does not grow with the file; a card is one line.

A quotation mark too many must not join lines: it would make hundreds of cards the text of one cell. So a line
is split into cells by itself, and only names in headers may hold a line end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from tallyproof.errors import UnreadableError

BLOCK = 24 << 20
LARGEST = 256 << 20
"""A line that has no end after so many bytes is none."""

NARROW = 4
"""Columns below which a line of a name and a row of the file cannot be told apart."""

UNCLOSED = (
    "a quotation mark is opened and not closed on the line, and a card is one line. Close it in a text "
    "editor, or export the file again"
)
INSIDE = (
    "a quotation mark stands inside a cell that is in quotation marks. Double it in a text editor, or export "
    "the file again"
)


def blocks(path: Path, name: str, encoding: str, size: int = BLOCK) -> Iterator[bytes]:
    """The file as UTF-8, cut behind line ends."""
    rest = b""
    for piece in _pieces(path, encoding, size):
        rest += piece
        cut = last_line_end(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > LARGEST:
            raise UnreadableError(name, "has a line without end",
                                  remedy="Export the cast vote records again as CSV")  # fmt: skip
    if rest:
        yield rest


def _pieces(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """Bytes of the file without a byte-order mark; line ends of old Macs become newlines."""
    only_cr = _has_only_cr(path)
    if encoding in {"utf-8", "utf-8-sig"}:
        with path.open("rb") as stream:
            first = stream.read(size).removeprefix(b"\xef\xbb\xbf")
            while first:
                yield first.replace(b"\r", b"\n") if only_cr else first
                first = stream.read(size)
        return
    with path.open(encoding=encoding, newline="", errors="replace") as text:
        while piece := text.read(size):
            data = piece.removeprefix("\ufeff").encode()
            yield data.replace(b"\r", b"\n") if only_cr else data


def _has_only_cr(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    return b"\r" in head and b"\n" not in head


def last_line_end(data: bytes) -> int:
    """Where the last complete line of these bytes ends; 0 where none does."""
    return data.rfind(b"\n") + 1


def lines(block: bytes) -> io.StringIO:
    """The lines of a block, with their ends; a carriage return alone ends a line too."""
    return io.StringIO(block.decode("utf-8", "replace"), newline="")


def line_count(block: bytes) -> int:
    """How many lines ``lines`` gives."""
    ends = block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
    return ends + (not block.endswith((b"\n", b"\r")) and bool(block))


def split(line: str, sign: str = ",") -> tuple[list[str], str]:
    """The cells of a line by itself; or none, and why it cannot be split."""
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(sign), ""
    try:
        return next(csv.reader([line], delimiter=sign, strict=True)), ""
    except csv.Error as fault:
        return [], UNCLOSED if "end of data" in str(fault) else INSIDE


def swallows(header: Sequence[str], sign: str) -> bool:
    """Whether a name in this header holds what looks like rows: a quotation mark is open or too many."""
    return any(
        len(header) < NARROW or part.count(sign) >= len(header) // 2
        for name in header
        for part in name.replace("\r", "\n").split("\n")[1:]
    )
