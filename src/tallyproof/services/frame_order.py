"""Whether a frame's cards stand in the order that its head says, each once: looked at as they stream by."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tallyproof.errors import RequestError
from tallyproof.sampling.frame import Order, order_key, read_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOW = np.uint64(0x0101010101010101)
_ZEROS, _SIX, _HIGH = (np.uint64(byte) * _LOW for byte in (0x30, 0x06, 0xF0))
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WORD, _WIDEST_STYLE = 8, 7


class OrderFault(Exception):
    """A line that may not stand where it does: its place among the lines from 0, and why."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class LineOrder:
    """Takes the lines of a card frame block by block, and raises OrderFault.

    In canonical order each card comes after the one before, so that none can stand twice. As listed, the
    order is that of lists which are not here: each id is kept as 64 bits, and where two of these are alike
    (``again``), the lines themselves are looked at by ``twice``.
    """

    def __init__(self, order: Order) -> None:
        self._is_canonical = order == "canonical"
        self._last = b""
        self._lines = 0
        self._marks: list[NDArray[np.uint64]] = []

    def take(self, block: bytes) -> None:
        """The next lines, whole, each with its line feed."""
        starts, ends = _ids(block)
        if self._is_canonical:
            self._require_rising(block, starts, ends)
            self._last = block[starts[-1] : ends[-1]]
        else:
            self._marks.append(_marks(block, starts, ends))
        self._lines += len(ends)

    def _require_rising(self, block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Most lines differ from the one before in digits at their end; the others are read."""
        doubtful = np.flatnonzero(~_surely_after(block, starts, ends)) + 1
        for place in (0, *doubtful.tolist()):
            before = block[starts[place - 1] : ends[place - 1]] if place else self._last
            if before or place or self._lines:
                _require_after(self._lines + place, before, block[starts[place] : ends[place]])

    def again(self) -> NDArray[np.uint64]:
        """The marks that stand twice; empty in canonical order."""
        if not self._marks:
            return np.empty(0, dtype=np.uint64)
        marks = np.concatenate(self._marks)
        marks.sort()
        return np.unique(marks[1:][marks[1:] == marks[:-1]])


def twice(block: bytes, before: int, marks: NDArray[np.uint64], seen: set[bytes]) -> None:
    """Raise OrderFault for an id of this block that bears one of the marks and was seen before."""
    starts, ends = _ids(block)
    for place in np.flatnonzero(np.isin(_marks(block, starts, ends), marks)).tolist():
        name = block[starts[place] : ends[place]]
        if name in seen:
            raise OrderFault(before + place, f"lists {_shown(name)} more than once")
        seen.add(name)


def _ids(block: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the ids of the lines start and end: after the style and its comma, before the line feed."""
    signs = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    found = np.zeros(len(ends), dtype=np.int64)
    for width in range(1, _WIDEST_STYLE + 1):
        at = np.minimum(starts + width, len(signs) - 1)
        found[(found == 0) & (signs[at] == ord(","))] = width + 1
        if found.all():
            break
    return np.minimum(starts + found, ends), ends


def _words(
    block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], number: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Which ids reach to their word of this number from the end, and these words, blank before the id."""
    left = ends - starts - _WORD * number
    which = np.flatnonzero(left > 0)
    padded = bytes(_WORD) + block
    view = np.ndarray((len(padded) - _WORD + 1,), dtype=">u8", buffer=padded, strides=(1,))
    words = view[ends[which] - _WORD * number].astype(np.uint64)
    short = np.flatnonzero(left[which] < _WORD)
    kept = (_WORD * left[which[short]]).astype(np.uint64)
    words[short] &= (np.uint64(1) << kept) - np.uint64(1)
    return which, words


def _depth(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> int:
    return -(-int((ends - starts).max(initial=0)) // _WORD)


def _surely_after(block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each id but the first comes after the one before, where that is easily seen.

    Both are as long, and from the first sign in which they differ to the end both have only digits: then
    jurisdiction, tabulator and batch are the same, and both cards are numbers or both are texts.
    """
    sizes = ends - starts
    sure: NDArray[np.bool_] = sizes[1:] == sizes[:-1]
    which, last = _words(block, starts, ends, 0)
    if len(which) < len(ends):
        return np.zeros(len(ends) - 1, dtype=np.bool_)
    one, other = last[:-1], last[1:]
    strange = _no_digits(last)
    strange = strange[:-1] | strange[1:]
    lowest = strange & (~strange + np.uint64(1))
    sure &= (other > one) & ((lowest == 0) | (lowest > (one ^ other)))
    for number in range(1, _depth(starts, ends)):
        which, words = _words(block, starts, ends, number)
        whole = np.zeros(len(ends), dtype=np.uint64)
        whole[which] = words
        sure &= whole[1:] == whole[:-1]
    return sure


def _no_digits(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A 1 as the lowest bit of each byte that is not a digit from 0 to 9."""
    found = ((words & _HIGH) ^ _ZEROS) | (((words + _SIX) & _HIGH) ^ _ZEROS)
    for shift in (4, 2, 1):
        found |= found >> np.uint64(shift)
    return found & _LOW


def _require_after(place: int, before: bytes, name: bytes) -> None:
    if before == name:
        raise OrderFault(place, f"lists {_shown(name)} more than once")
    if not _is_after(before, name):
        reason = f"lists {_shown(name)} after {_shown(before)}, which is not canonical order as its head says"
        raise OrderFault(place, reason)


def _is_after(before: bytes, name: bytes) -> bool:
    one, other = before.rpartition(b","), name.rpartition(b",")
    if one[0] == other[0] and b'"' not in before and b'"' not in name:
        return order_key(one[2].decode()) < order_key(other[2].decode())
    keys = [_key(each.decode()) for each in (before, name)]
    return all(first < second for first, second in pairwise(keys))


def _key(name: str) -> list[tuple[int, int, str]]:
    key, card = read_card(name)
    return [order_key(part) for part in (*key, card)]


def _shown(name: bytes) -> str:
    text = name.decode(errors="replace")
    try:
        (jurisdiction, tabulator, batch), card = read_card(text)
    except RequestError:
        return f"'{text[:60]}'"
    return f"'{', '.join(part for part in (jurisdiction, tabulator, batch, card) if part)[:80]}'"


def _marks(block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """64 bits of each id; equal ids have equal bits."""
    marks = (ends - starts).astype(np.uint64)
    for number in range(_depth(starts, ends)):
        which, words = _words(block, starts, ends, number)
        mixed = (marks[which] ^ words) * _MIX
        marks[which] = mixed ^ (mixed >> np.uint64(29))
    return marks
