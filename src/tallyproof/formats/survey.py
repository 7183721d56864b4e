"""One pass over a file's bytes: its hash, and what its text looks like."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 1 << 20
HEAD = 1 << 16
LONGEST_LINE = 4 << 20


@dataclass(frozen=True, slots=True)
class Bytes:
    """What one pass over a file's bytes tells.

    ``bad_byte`` is the offset and value of the first byte that is not UTF-8, ``too_long`` tells that
    reading stopped at a line longer than any row of a table.
    """

    sha256: str
    size: int
    bad_byte: tuple[int, int] | None
    has_nul: bool
    has_bare_cr: bool
    quotes: int
    head: bytes
    too_long: bool = False


@dataclass(slots=True)
class _Seen:
    """What has been seen so far, piece by piece."""

    size: int = 0
    open_line: int = 0
    quotes: int = 0
    bad: tuple[int, int] | None = None
    nul: bool = False
    bare_cr: bool = False
    last: bytes = b""
    decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def take(self, piece: bytes) -> None:
        if self.bad is None:
            self._decode(piece)
        self.nul = self.nul or b"\0" in piece
        self.bare_cr = self.bare_cr or _has_bare_cr(piece, self.last)
        self.quotes += piece.count(b'"')
        self._measure_lines(piece)
        self.size += len(piece)
        self.last = piece[-1:]

    def _decode(self, piece: bytes) -> None:
        waiting = len(self.decoder.getstate()[0])
        if not waiting and piece.isascii():  # four times as fast, and mostly so
            return
        try:
            self.decoder.decode(piece)
        except UnicodeDecodeError as fault:
            self.bad = (self.size - waiting + fault.start, fault.object[fault.start])

    def _measure_lines(self, piece: bytes) -> None:
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        self.open_line = len(piece) - end - 1 if end >= 0 else self.open_line + len(piece)


def survey(path: Path, longest_line: int = 0) -> Bytes:
    """Read the file once, in pieces; stop at a line longer than ``longest_line`` bytes (0: never)."""
    digest, seen, head, too_long = hashlib.sha256(), _Seen(), b"", False
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
            head = head or piece[:HEAD]
            seen.take(piece)
            if too_long := bool(longest_line) and seen.open_line > longest_line:
                break
    return Bytes(
        digest.hexdigest(), seen.size, seen.bad or _cut_sign(seen), seen.nul, seen.bare_cr,
        seen.quotes, head, too_long,
    )  # fmt: skip


def _cut_sign(seen: _Seen) -> tuple[int, int] | None:
    """A sign of several bytes that the end of the file cuts short."""
    waiting = seen.decoder.getstate()[0]
    return (seen.size - len(waiting), waiting[0]) if waiting else None


def _has_bare_cr(piece: bytes, before: bytes) -> bool:
    if b"\r" not in piece and before != b"\r":
        return False
    return bool(re.search(rb"\r[^\n]", piece)) or (before == b"\r" and piece[:1] != b"\n")


def row_at(path: Path, offset: int) -> int:
    """The spreadsheet row in which the byte at ``offset`` stands; line breaks within quotes do not count."""
    csv.field_size_limit(LONGEST_LINE)
    rows = 0
    try:
        for _ in csv.reader(_lines_to(path, offset)):
            rows += 1
    except csv.Error:
        rows += 1
    return max(rows, 1)


def _lines_to(path: Path, offset: int) -> Iterator[str]:
    """The file's lines up to the byte at ``offset``, each byte as one sign."""
    with path.open(encoding="latin-1", newline="") as stream:
        while line := stream.readline(2 * LONGEST_LINE):
            if len(line) > offset:
                yield line[:offset] + "x"
                return
            offset -= len(line)
            yield line


def utf_16(head: bytes) -> str:
    """The name of the UTF-16 encoding that these first bytes are in, with or without its mark; else nothing.

    Without a mark: text of mostly Western letters has a zero in nearly every second byte.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2], head[1::2]
    if len(head) < 8:
        return ""
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if min(zeros) > 0.1 or max(zeros) < 0.8:
        return ""
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
