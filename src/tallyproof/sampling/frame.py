"""The frame of a draw: every card or batch that may be drawn, in one order, as lines any program can write.

A frame is CSV (RFC 4180) in UTF-8 with line feeds. Line 1 is the mark, the version, what is listed and the
order. A card frame then lists its styles, and after its header one card a line; a batch frame lists batches.
No field holds a line break, so a line is a record; docs/formats/frame.md defines each byte.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tallyproof.errors import RequestError

Kind = Literal["cards", "batches"]
Order = Literal["canonical", "as-listed"]

KINDS: Mapping[str, Kind] = {"cards": "cards", "batches": "batches"}
ORDERS: Mapping[str, Order] = {"canonical": "canonical", "as-listed": "as-listed"}
MARK = "tallyproof frame"
VERSION = "1"
STYLE = "contests"
CARD_HEADER = ("style", "jurisdiction", "tabulator", "batch", "card")
BATCH_HEADER = ("jurisdiction", "tabulator", "batch", "cards", "bound")
MOST_DIGITS = 18
MOST_STYLES = 1_000_000

BatchKey = tuple[str, str, str]
"""Jurisdiction, tabulator (empty where there is none) and name of a batch."""


@dataclass(frozen=True, slots=True)
class CardStyle:
    """Contests that stand together on so many cards of a frame."""

    contests: tuple[str, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class FrameBatch:
    """A batch of a frame: its cards, and its error bound where batches are drawn by bounds."""

    key: BatchKey
    cards: int
    bound: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a frame lists, in which order, and the styles of its cards by their numbers from 0."""

    kind: Kind
    order: Order
    styles: tuple[CardStyle, ...] = ()

    @property
    def cards(self) -> int:
        """All cards of a card frame."""
        return sum(style.cards for style in self.styles)

    @property
    def lines(self) -> int:
        """How many lines stand before the first card or batch."""
        return 2 + len(self.styles)

    def cards_with(self, contest: str) -> int:
        """How many cards bear the contest."""
        return sum(style.cards for style in self.styles if contest in style.contests)

    @property
    def contests(self) -> tuple[str, ...]:
        """All contests of the styles, by name."""
        return tuple(sorted({contest for style in self.styles for contest in style.contests}))


def order_key(text: str) -> tuple[int, int, str]:
    """The key by which fields are ordered: whole numbers first, by value, then other texts by code point.

    A whole number is 1 to 18 of the digits 0 to 9. The order of code points is that of the UTF-8 bytes.

    >>> sorted(["10", "9", "B", "09", "A 2"], key=order_key)
    ['09', '9', '10', 'A 2', 'B']
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return (0, int(text), text) if is_number else (1, 0, text)


def canonical(batches: Iterable[FrameBatch]) -> list[FrameBatch]:
    """Batches in canonical order: by jurisdiction, tabulator and name, each by ``order_key``."""
    return sorted(batches, key=lambda batch: [order_key(part) for part in batch.key])


def field_text(text: str) -> str:
    """A name as a frame holds it: Unicode form NFC, no blanks around. RequestError for a line break in it."""
    plain = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in plain):
        raise RequestError(f"'{text[:60]}' holds a line break or control sign; a frame cannot list it.")
    return plain


def quoted(field: str) -> str:
    """The field as CSV: in quotation marks, doubled inside, where it holds a comma or one of them."""
    return '"' + field.replace('"', '""') + '"' if "," in field or '"' in field else field


def line(fields: Iterable[object]) -> str:
    """Fields as one line of CSV, without its line feed."""
    return ",".join(quoted(str(field)) for field in fields)


def fields(text: str) -> list[str]:
    """The fields of one line of CSV."""
    return next(csv.reader([text], strict=True), [])


def head_lines(head: Head) -> Iterator[str]:
    """The lines before the first card or batch."""
    yield line((MARK, VERSION, head.kind, head.order))
    for number, style in enumerate(head.styles):
        yield line((STYLE, number, style.cards, *style.contests))
    yield line(CARD_HEADER if head.kind == "cards" else BATCH_HEADER)


def batch_prefix(key: BatchKey) -> str:
    """How the ids of a batch's cards begin, up to and with the comma before the card."""
    return line(key) + ","


def card_id(key: BatchKey, card: str) -> str:
    """What names a card in draws: the line of the frame after the style's number and its comma.

    >>> card_id(("Adams", "101", "7"), "101-7-13")
    'Adams,101,7,101-7-13'
    """
    return batch_prefix(key) + quoted(card)


def batch_line(batch: FrameBatch) -> str:
    """The line of a batch."""
    return line((*batch.key, batch.cards, "" if batch.bound is None else batch.bound))


def read_head(lines: Iterable[str]) -> Head:
    """The head, from a frame's lines; no more of them are taken. RequestError for what is none."""
    source = iter(lines)
    first = _parsed(next(source, ""))
    if first[:1] != [MARK]:
        raise RequestError("is not a frame: its first line does not begin with 'tallyproof frame'.")
    if len(first) != 4 or first[1] != VERSION:
        raise RequestError(f"is of a version that this program does not know: '{line(first)[:60]}'.")
    kind, order = KINDS.get(first[2]), ORDERS.get(first[3])
    if kind is None or order is None:
        raise RequestError(
            f"lists '{first[2]}' in order '{first[3]}'; known are cards or batches, canonical or as-listed."
        )
    styles: list[CardStyle] = []
    for text in source:
        row = _parsed(text)
        if row[:1] != [STYLE] or kind == "batches" or len(styles) >= MOST_STYLES:
            _require_header(row, kind)
            return Head(kind, order, tuple(styles))
        styles.append(_style(row, len(styles)))
    raise RequestError("ends before its header line.")


def _parsed(text: str) -> list[str]:
    try:
        return fields(text)
    except csv.Error as fault:
        raise RequestError(f"has a line that is no CSV ({fault}): '{text[:60]}'.") from fault


def _require_header(row: Sequence[str], kind: Kind) -> None:
    wanted = CARD_HEADER if kind == "cards" else BATCH_HEADER
    if tuple(row) != wanted:
        raise RequestError(f"has '{line(row)[:60]}' where its header '{line(wanted)}' should stand.")


def _style(row: Sequence[str], number: int) -> CardStyle:
    if len(row) < 3 or row[1] != str(number) or not _is_count(row[2]):
        raise RequestError(f"has a style '{line(row)[:60]}'; it should begin with '{STYLE},{number},' and "
                           "the number of its cards.")  # fmt: skip
    return CardStyle(tuple(row[3:]), int(row[2]))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def read_batch(text: str) -> FrameBatch:
    """A batch from its line. Raises RequestError for a line that is none."""
    return _batch(_parsed(text), text)


def read_batches(lines: Sequence[str]) -> list[FrameBatch]:
    """Batches from their lines, many at once. Raises RequestError where one is none."""
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != len(lines):  # a quotation mark that is not closed
        rows = [_parsed(text) for text in lines]
    return [_batch(row, text) for row, text in zip(rows, lines, strict=True)]


def _batch(row: Sequence[str], text: str) -> FrameBatch:
    if len(row) != len(BATCH_HEADER) or not row[2] or not _is_count(row[3]):
        raise RequestError(f"has a line that is no batch: '{text[:60]}'.")
    return FrameBatch((row[0], row[1], row[2]), int(row[3]), bound_of(row[4]) if row[4] else None)


LONGEST_BOUND = 400
"""Signs of an error bound at most: sums over many contests have long denominators."""


def bound_of(text: str) -> Fraction:
    """An error bound such as 3/400 or 0.25, exactly. Raises RequestError."""
    try:
        bound = Fraction(text) if len(text) <= LONGEST_BOUND and "e" not in text.casefold() else None
    except (ValueError, ZeroDivisionError):
        bound = None
    if bound is None or bound < 0:
        raise RequestError(f"has '{text[:40]}' as an error bound; write 0.25 or 3/400, not below 0.")
    return bound


def read_card(text: str) -> tuple[BatchKey, str]:
    """Batch and card from a card's id, which is its line without the style. Raises RequestError."""
    row = _parsed(text)
    if len(row) != len(CARD_HEADER) - 1 or not row[2] or not row[3]:
        raise RequestError(f"has a line that is no card: '{text[:60]}'.")
    return (row[0], row[1], row[2]), row[3]


def require_once(keys: Iterable[BatchKey]) -> None:
    """Raise RequestError where a batch is listed twice."""
    seen: set[BatchKey] = set()
    for key in keys:
        if key in seen:
            raise RequestError(f"{batch_name(key)} is listed twice; each batch needs a name of its own.")
        seen.add(key)


def batch_name(key: BatchKey) -> str:
    """A batch as a sentence names it."""
    jurisdiction, tabulator, batch = key
    where = [jurisdiction] if jurisdiction else []
    return ", ".join([*where, *([f"tabulator {tabulator}"] if tabulator else []), f"batch {batch}"])
