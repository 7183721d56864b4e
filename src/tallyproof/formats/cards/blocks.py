"""A CSV file in blocks of whole rows, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tallyproof.errors import UnreadableError

BLOCK = 24 << 20
LARGEST = 256 << 20
"""A row that is not complete after so many bytes has a quotation mark that is never closed."""


def blocks(path: Path, name: str, encoding: str, size: int = BLOCK) -> Iterator[bytes]:
    """The file as UTF-8, cut behind rows: a line end within quotation marks cuts nothing."""
    rest = b""
    for piece in _pieces(path, encoding, size):
        rest += piece
        cut = last_row_end(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > LARGEST:
            raise UnreadableError(name, "has a quotation mark that is never closed",
                                  remedy="Export the file again, or close it in a text editor")  # fmt: skip
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


def last_row_end(data: bytes) -> int:
    """Where the last complete row of these bytes ends; 0 where none does."""
    cut = data.rfind(b"\n") + 1
    if not cut or not data.count(b'"', 0, cut) % 2:
        return cut
    quotes = data.count(b'"', 0, cut)
    while cut:  # a quotation mark is open here: step back to the line end before it
        before = data.rfind(b"\n", 0, cut - 1) + 1
        quotes -= data.count(b'"', before, cut)
        cut = before
        if not quotes % 2:
            return cut
    return 0
