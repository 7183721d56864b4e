"""Cards as Parquet in pieces beside the originals; derived, so they may be deleted and built again."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import msgspec
import polars as pl

from tallyproof.election.card_part import FACTS, ROW, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.evidence import Rejection, Remark, slug
from tallyproof.errors import StoreError
from tallyproof.store.files import FileStore

PIECE_CELLS = 8 << 20
"""Cells (cards times columns) after which a piece is finished: some 140,000 cards of 50 contests."""
PIECE_REJECTIONS = 50_000
ROW_GROUP = 1 << 16
"""Cards in a row group of a piece at most."""

Told = Callable[[int], None]
"""Told how many cards are kept so far."""


class Chunk(Protocol):
    """Some cards of a document, and the rows among them that could not be read."""

    @property
    def cards(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def rejections(self) -> tuple[Rejection, ...]: ...  # noqa: D102


class Reading(Protocol):
    """A document being read: the contests and remarks may grow with every chunk."""

    @property
    def election(self) -> str: ...  # noqa: D102
    @property
    def contests(self) -> Sequence[CardContest]: ...  # noqa: D102
    @property
    def remarks(self) -> Sequence[Remark]: ...  # noqa: D102
    @property
    def chunks(self) -> Iterator[Chunk]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the cards of one document lie: the key of its reading, and the jurisdiction."""

    key: str
    jurisdiction: str

    def piece(self, number: int) -> str:
        """The name of a piece."""
        return f"cards/{self.key}/jurisdiction={_plain(self.jurisdiction)}/part-{number:05}.parquet"

    def rejections(self, number: int) -> str:
        """The name of what was rejected beside a piece."""
        return f"cards/{self.key}/rejected-{number:05}.json"

    @property
    def book(self) -> str:
        """The name of the book, which is written last: with it the cards are complete."""
        return f"cards/{self.key}/book.json"


def _plain(name: str) -> str:
    """A name as a folder may bear it anywhere; the key tells apart what looks alike here."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return slug(letters)[:60] or "other"


class PieceNote(msgspec.Struct, frozen=True):
    """A piece: its cards, the SHA-256 of its bytes, and how many rows beside them were rejected."""

    cards: int
    sha256: str
    rejected: int


class _Contest(msgspec.Struct):
    name: str
    choices: list[str]
    vote_for: int | None
    ranks: int
    marks: list[tuple[tuple[tuple[int, ...], ...], bool]]


class _Remark(msgspec.Struct):
    file: str
    topic: str
    text: str
    row: int | None


class _Book(msgspec.Struct):
    election: str
    pieces: list[PieceNote]
    contests: list[_Contest]
    remarks: list[_Remark]


@dataclass(frozen=True, slots=True)
class Kept:
    """The cards of a document as they are kept: what codes mean, and the pieces."""

    election: str
    contests: tuple[CardContest, ...]
    pieces: tuple[PieceNote, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def cards(self) -> int:
        """All cards."""
        return sum(piece.cards for piece in self.pieces)

    @property
    def rejected(self) -> int:
        """All rows that could not be read."""
        return sum(piece.rejected for piece in self.pieces)


class CardStore:
    """Cards by the key of their reading, in pieces of bounded size, under the names of a FileStore."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def keep(self, shelf: Shelf, reading: Reading, told: Told | None = None) -> Kept:
        """Keep all cards of a document, a piece at a time.

        What an earlier attempt left is taken up: a piece that is there and holds just these cards stays,
        any other is written anew. Nothing counts as kept until the book is written, which comes last.
        """
        notes: list[PieceNote] = []
        cards = 0
        for number, (frame, rejections) in enumerate(_pieces(reading)):
            digest = self._keep_piece(shelf.piece(number), frame)
            if rejections:
                self._files.put_named(shelf.rejections(number), msgspec.json.encode(rejections))
            notes.append(PieceNote(frame.height, digest, len(rejections)))
            cards += frame.height
            if told is not None:
                told(cards)
        kept = Kept(reading.election, tuple(reading.contests), tuple(notes), tuple(reading.remarks))
        self._files.put_named(shelf.book, _encoded(kept))
        return kept

    def _keep_piece(self, name: str, frame: pl.DataFrame) -> str:
        """Write a piece unless it is there already; the SHA-256 of its bytes."""
        if data := self._same(name, frame):
            return hashlib.sha256(data).hexdigest()
        table = io.BytesIO()
        frame.write_parquet(table, compression="zstd", statistics=False, row_group_size=ROW_GROUP)
        digest = hashlib.sha256(table.getbuffer()).hexdigest()
        table.seek(0)
        self._files.put_named(name, table)
        return digest

    def _same(self, name: str, frame: pl.DataFrame) -> bytes:
        """The piece that is there and holds just these cards; no bytes where there is none."""
        if not self._files.exists_named(name):
            return b""
        data = self._bytes(name)
        try:
            there = pl.read_parquet(io.BytesIO(data))
        except (pl.exceptions.PolarsError, OSError):
            return b""
        return data if there.schema == frame.schema and there.equals(frame) else b""

    def kept(self, shelf: Shelf) -> Kept | None:
        """The book of a reading; None where it is absent, or a piece is not as it was written."""
        if not self._files.exists_named(shelf.book):
            return None
        try:
            kept = _decoded(self._bytes(shelf.book))
        except msgspec.MsgspecError:  # a damaged copy is as good as none
            return None
        whole = (self._is_whole(shelf.piece(number), note) for number, note in enumerate(kept.pieces))
        return kept if all(whole) else None

    def _is_whole(self, name: str, note: PieceNote) -> bool:
        path = self._files.path_named(name)
        return self._files.exists_named(name) if path is None else digest_of(path) == note.sha256

    def frame(self, shelf: Shelf, kept: Kept) -> pl.LazyFrame:
        """The cards, to be read where they are asked for and only the columns asked for.

        Pieces that lie on another machine are fetched now, as they are packed. Raises StoreError where one
        of those is not as it was written.
        """
        schema = _schema(kept.contests)
        names = [shelf.piece(number) for number in range(len(kept.pieces))]
        if not names:
            return pl.LazyFrame(schema=schema)
        paths = [path for name in names if (path := self._files.path_named(name)) is not None]
        sources = paths if len(paths) == len(names) else self._fetched(names, kept)
        return pl.scan_parquet(
            sources, schema=schema, missing_columns="insert", glob=False, hive_partitioning=False,
            cast_options=pl.ScanCastOptions(integer_cast="upcast"),
        )  # fmt: skip

    def _fetched(self, names: Sequence[str], kept: Kept) -> list[bytes]:
        pieces = [self._bytes(name) for name in names]
        for name, piece, note in zip(names, pieces, kept.pieces, strict=True):
            if hashlib.sha256(piece).hexdigest() != note.sha256:
                raise StoreError(f"The piece {name} of the cards is not as it was written.")
        return pieces

    def _bytes(self, name: str) -> bytes:
        with self._files.open_named(name) as stream:
            return stream.read()

    def rejections(self, shelf: Shelf, kept: Kept) -> Iterator[Rejection]:
        """The rows that could not be read, in their order; StoreError where they cannot be read."""
        for number, note in enumerate(kept.pieces):
            if note.rejected:
                try:
                    yield from msgspec.json.decode(
                        self._bytes(shelf.rejections(number)), type=list[Rejection]
                    )
                except msgspec.MsgspecError as fault:
                    raise StoreError(
                        f"The rejected rows of the cards {shelf.key[:12]} cannot be read ({fault})."
                    ) from fault

    def forget(self, shelf: Shelf) -> None:
        """Delete what is kept of a reading, finished or not."""
        self._files.delete_named(shelf.book)
        number = 0
        while self._files.exists_named(shelf.piece(number)):
            self._files.delete_named(shelf.piece(number))
            self._files.delete_named(shelf.rejections(number))
            number += 1


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; one that was not written since is not read again by this process."""
    known = path.stat()
    return _digest(str(path), known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=4_096)
def _digest(path: str, written: int, size: int) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def key_of(*how: object) -> str:
    """The key of a reading: SHA-256 of everything that decides how a document is read."""
    return hashlib.sha256(msgspec.json.encode(how)).hexdigest()


def _pieces(reading: Reading) -> Iterator[tuple[pl.DataFrame, list[Rejection]]]:
    """The chunks put together: the same chunks always make the same pieces."""
    frames: list[pl.DataFrame] = []
    rejections: list[Rejection] = []
    cells = 0
    for chunk in reading.chunks:
        if chunk.cards.height:
            frames.append(chunk.cards)
        rejections += chunk.rejections
        cells += chunk.cards.height * chunk.cards.width
        if cells >= PIECE_CELLS or len(rejections) >= PIECE_REJECTIONS:
            yield _piece(frames, reading.contests), rejections
            frames, rejections, cells = [], [], 0
    if frames or rejections:
        yield _piece(frames, reading.contests), rejections


def _piece(frames: Sequence[pl.DataFrame], contests: Sequence[CardContest]) -> pl.DataFrame:
    """The cards of a piece, each column in the smallest type that its codes need so far."""
    schema = _schema(contests)
    frame = pl.concat(frames, how="diagonal") if frames else pl.DataFrame(schema=schema)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def _schema(contests: Sequence[CardContest]) -> dict[str, pl.DataType]:
    facts: dict[str, pl.DataType] = {ROW: pl.UInt32(), **{name: pl.String() for name in FACTS}}
    return facts | {column(place): _small(len(contest.codes)) for place, contest in enumerate(contests)}


def _small(codes: int) -> pl.DataType:
    if codes <= 1 << 8:
        return pl.UInt8()
    return pl.UInt16() if codes <= 1 << 16 else pl.UInt32()


def _encoded(kept: Kept) -> bytes:
    contests = [
        _Contest(each.name, each.choices, each.vote_for, each.ranks,
                 [(marks.ranks, marks.overvoted) for marks in each.codes])
        for each in kept.contests
    ]  # fmt: skip
    remarks = [_Remark(each.file, each.topic, each.text, each.row) for each in kept.remarks]
    return msgspec.json.encode(_Book(kept.election, list(kept.pieces), contests, remarks))


def _decoded(data: bytes) -> Kept:
    book = msgspec.json.decode(data, type=_Book)
    contests = tuple(
        CardContest(each.name, each.choices, each.vote_for, each.ranks,
                    {Marks(ranks, overvoted): code for code, (ranks, overvoted) in enumerate(each.marks)})
        for each in book.contests
    )  # fmt: skip
    remarks = tuple(Remark(each.file, each.topic, each.text, each.row) for each in book.remarks)
    return Kept(book.election, contests, tuple(book.pieces), remarks)
