"""Frames as files, plain or .gz: streamed, hashed on the way, looked through by several processes."""

from __future__ import annotations

import gzip
import io
import os
import secrets
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from tallyproof.errors import RequestError, StoreError, UnreadableError
from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import FrameBatch, Head
from tallyproof.sampling.lowest import Low, lowest_in
from tallyproof.services.exporting import require_place
from tallyproof.services.frame_order import LineOrder, OrderFault, twice

if TYPE_CHECKING:
    from hashlib import _Hash

    import numpy as np
    from numpy.typing import NDArray

BLOCK = 1 << 20
ALONE = 400_000
"""So many cards are looked through before other processes would have started."""

LONGEST_LINE = 1 << 16
QUICK = 3
_NEW = "Draw from the file that was published, or make the frame anew"


@dataclass(slots=True)
class Frame:
    """A frame that is being read: its head at once, its lines once, and then the hash of all bytes.

    Reading raises UnreadableError where cards or batches do not stand in the order that the head says, or
    twice.
    """

    path: Path
    head: Head
    _source: BinaryIO
    _hash: _Hash
    lines: int = 0
    _is_read: bool = False

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name

    def blocks(self) -> Iterator[bytes]:
        """The lines after the head in blocks of whole lines, each line with its line feed."""
        with self._source:
            yield from self._blocks()

    def _blocks(self) -> Iterator[bytes]:
        order = LineOrder(self.head.order)
        for block in self._whole_lines():
            if self.head.kind == "cards":
                with self._telling():
                    order.take(block)
            self.lines += block.count(b"\n")
            yield block
        if self.head.kind == "cards" and self.lines != self.head.cards:
            reason = f"has {self.lines:,} cards, but its head says {self.head.cards:,}"
            raise UnreadableError(self.name, reason, remedy=_NEW)
        marks = order.again()
        if len(marks):
            self._require_once(marks)
        self._is_read = True

    def _whole_lines(self) -> Iterator[bytes]:
        rest, lines = b"", 0
        while data := _read(self._source, self.name):
            self._hash.update(data)
            whole, feed, rest = (rest + data).rpartition(b"\n")
            if feed:
                lines += whole.count(b"\n") + 1
                yield whole + feed
            elif len(rest) > LONGEST_LINE:
                raise UnreadableError(self.name, "has a line too long for a frame", remedy=_NEW)
        if rest:
            reason = "ends in the middle of a line"
            raise UnreadableError(self.name, reason, row=self.head.lines + lines + 1, remedy=_NEW)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell a fault of the order with its row."""
        try:
            yield
        except OrderFault as fault:
            row = self.head.lines + fault.place + 1
            raise UnreadableError(self.name, fault.reason, row=row, remedy=_NEW) from fault
        except UnicodeDecodeError as fault:
            raise UnreadableError(self.name, "has a line that is not UTF-8 text", remedy=_NEW) from fault
        except RequestError as fault:
            raise UnreadableError(self.name, str(fault).rstrip("."), remedy=_NEW) from fault

    def _require_once(self, marks: NDArray[np.uint64]) -> None:
        """Look again at the lines that may be alike. Raises UnreadableError for a card that stands twice."""
        seen: set[bytes] = set()
        lines = 0
        with _opened(self.path) as source:
            frames.read_head(_head_lines(source, sha256(), self.name))
            for block in Frame(self.path, self.head, source, sha256())._whole_lines():
                with self._telling():
                    twice(block, lines, marks, seen)
                lines += block.count(b"\n")

    def text(self, data: bytes) -> str:
        """Some of the frame's bytes as text. Raises UnreadableError where they are none."""
        try:
            return data.decode()
        except UnicodeDecodeError as fault:
            reason = f"has a line that is not UTF-8 text: {data[:60]!r}"
            raise UnreadableError(self.name, reason, remedy=_NEW) from fault

    def close(self) -> None:
        """Read no further."""
        self._source.close()

    @property
    def sha256(self) -> str:
        """The hash of the whole file, unpacked where it is a .gz; only once every block was taken."""
        assert self._is_read, "read all blocks first"
        return self._hash.hexdigest()

    def batches(self) -> list[FrameBatch]:
        """All batches of a batch frame. Raises UnreadableError naming the row that is none."""
        found: list[FrameBatch] = []
        for block in self.blocks():
            lines = self.text(block).split("\n")[:-1]
            try:
                found += frames.read_batches(lines)
            except RequestError as fault:
                row = self.head.lines + len(found) + _first_bad(lines) + 1
                raise UnreadableError(self.name, str(fault).rstrip("."), row=row, remedy=_NEW) from fault
        frames.require_once(batch.key for batch in found)
        self._require_canonical(found)
        return found

    def _require_canonical(self, found: Sequence[FrameBatch]) -> None:
        if self.head.order != "canonical":
            return
        for place, (batch, right) in enumerate(zip(found, frames.canonical(found), strict=True)):
            if batch is not right:
                reason = (
                    f"lists {frames.batch_name(batch.key)} where in canonical order, as its head says, "
                    f"{frames.batch_name(right.key)} stands"
                )
                raise UnreadableError(self.name, reason, row=self.head.lines + place + 1, remedy=_NEW)


def _first_bad(lines: Sequence[str]) -> int:
    """The place of the first line that is no batch."""
    for place, text in enumerate(lines):
        try:
            frames.read_batch(text)
        except RequestError:
            return place
    return 0


def open_frame(path: Path) -> Frame:
    """Open a frame and read its head. Raises RequestError or UnreadableError for a file that is none."""
    if not path.is_file():
        raise RequestError(f"{path}: there is no such file. Make a frame with: tallyproof cards frame")
    source, hasher = _opened(path), sha256()
    try:
        head = frames.read_head(_head_lines(source, hasher, path.name))
    except RequestError as fault:
        source.close()
        remedy = "Make a frame with: tallyproof cards frame"
        raise UnreadableError(path.name, str(fault).rstrip("."), remedy=remedy) from fault
    return Frame(path, head, source, hasher)


def head_of(path: Path) -> Head:
    """The head of the frame in this file."""
    frame = open_frame(path)
    frame.close()
    return frame.head


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, unpacked where it is a .gz, whatever they are."""
    hasher = sha256()
    with _opened(path) as source:
        while data := _read(source, path.name):
            hasher.update(data)
    return hasher.hexdigest()


def _opened(path: Path) -> BinaryIO:
    plain = path.open("rb")
    if plain.read(2) == b"\x1f\x8b":
        plain.close()
        return cast("BinaryIO", gzip.open(path))
    plain.seek(0)
    return plain


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(BLOCK)
    except (EOFError, OSError, zlib.error) as fault:
        raise UnreadableError(name, f"cannot be read to its end ({fault})", remedy=_NEW) from fault


def _head_lines(source: BinaryIO, hasher: _Hash, name: str) -> Iterator[str]:
    while True:
        try:
            data = source.readline(LONGEST_LINE)
            text = data.decode().removesuffix("\n")
        except (UnicodeDecodeError, EOFError, OSError, zlib.error) as fault:
            raise UnreadableError(name, f"cannot be read ({fault})", remedy=_NEW) from fault
        if not data:
            return
        hasher.update(data)
        yield text


def write_frame(path: Path, head: Head, blocks: Iterable[bytes]) -> str:
    """Write a frame, packed where the name ends in .gz, and return its SHA-256; nothing half-written stays.

    ``blocks`` are whole lines with their line feeds. The same frame gives the same bytes, packed too.
    """
    require_place(path)
    hasher = sha256()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as file, _packing(file, packed=path.suffix == ".gz") as target:
            for block in _with_head(head, blocks):
                hasher.update(block)
                target.write(block)
        beside.replace(path)
    except OSError as fault:
        raise StoreError(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return hasher.hexdigest()


def _with_head(head: Head, blocks: Iterable[bytes]) -> Iterator[bytes]:
    yield "".join(f"{text}\n" for text in frames.head_lines(head)).encode()
    yield from blocks


def _packing(file: BinaryIO, *, packed: bool) -> io.BufferedIOBase:
    if packed:
        return gzip.GzipFile("", "wb", QUICK, file, mtime=0)
    return io.BufferedWriter(cast("io.RawIOBase", file), BLOCK)


def lowest(frame: Frame, prefix: bytes, cuts: Mapping[bytes, bytes]) -> Iterator[list[Low]]:
    """The low tickets of each block, in the frame's order; large frames are shared among processes.

    Where no process can be started, as in some containers, the work is done here.
    """
    pool = _pool() if frame.head.cards > ALONE else None
    if pool is None:
        yield from (lowest_in(block, prefix, cuts) for block in frame.blocks())
        return
    workers = _workers()
    waiting: deque[tuple[bytes, Future[list[Low]] | None]] = deque()
    with pool:
        for block in frame.blocks():
            waiting.append((block, _submitted(pool, block, prefix, cuts)))
            if len(waiting) > 2 * workers:
                yield _result(*waiting.popleft(), prefix, cuts)
        while waiting:
            yield _result(*waiting.popleft(), prefix, cuts)


def _pool() -> ProcessPoolExecutor | None:
    try:
        return ProcessPoolExecutor(_workers(), get_context("spawn"))
    except (ImportError, NotImplementedError, OSError):
        return None


def _submitted(
    pool: ProcessPoolExecutor, block: bytes, prefix: bytes, cuts: Mapping[bytes, bytes]
) -> Future[list[Low]] | None:
    try:
        return pool.submit(lowest_in, block, prefix, cuts)
    except (BrokenProcessPool, OSError):
        return None


def _result(
    block: bytes, future: Future[list[Low]] | None, prefix: bytes, cuts: Mapping[bytes, bytes]
) -> list[Low]:
    try:
        found = None if future is None else future.result()
    except (BrokenProcessPool, OSError):
        found = None
    return lowest_in(block, prefix, cuts) if found is None else found


def _workers() -> int:
    """One process for each core that this program may use."""
    try:
        return min(len(os.sched_getaffinity(0)), 16)
    except AttributeError:
        return min(os.cpu_count() or 1, 16)
