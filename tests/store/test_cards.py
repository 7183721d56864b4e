"""Cards in pieces: what goes in comes out, small codes take little room, a cut-off attempt is taken up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.card_part import FACTS, ROW, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.store import cards as module
from tallyproof.store.cards import CardStore, Kept, Shelf
from tallyproof.store.files import FileStore, Source

SHELF = Shelf("k" * 64, "Łódź & Co")


@dataclass
class Chunk:
    cards: pl.DataFrame
    rejections: tuple[Rejection, ...] = ()


@dataclass
class Reading:
    """A document with one more contest, and one more code, in each chunk."""

    sizes: list[int]
    codes: int = 3
    election: str = "Made up"
    contests: list[CardContest] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def chunks(self) -> Iterator[Chunk]:
        row = 1
        for number, size in enumerate(self.sizes):
            contest = CardContest(f"Contest {number}", [f"Choice {each}" for each in range(self.codes)])
            self.contests.append(contest)
            codes = [contest.code(Marks(((each % self.codes,),))) for each in range(size)]
            facts = {
                name: pl.Series([f"{name} {each}" for each in range(size)], dtype=pl.String) for name in FACTS
            }
            rows = pl.Series(range(row, row + size), dtype=pl.UInt32)
            yield Chunk(
                pl.DataFrame({ROW: rows, **facts, column(number): pl.Series(codes, dtype=pl.UInt32)}),
                (Rejection("f.csv", row + size, "is no card"),),
            )
            self.remarks.append(Remark("f.csv", "test", f"chunk {number}"))
            row += size + 1


def store(place: Path | str) -> CardStore:
    return CardStore(FileStore(place))


def cells(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.selectors.unsigned_integer().cast(pl.UInt32))


def whole(sizes: list[int]) -> pl.DataFrame:
    return pl.concat([chunk.cards for chunk in Reading(sizes).chunks], how="diagonal")


@given(sizes=st.lists(st.integers(0, 40), max_size=6), piece=st.integers(1, 600))
def test_what_goes_in_comes_out(
    sizes: list[int], piece: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cards, rejections and remarks come back in their order, however they are cut into pieces."""
    here, reading = store(tmp_path_factory.mktemp("cards")), Reading(sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_CELLS", piece)
        kept = here.keep(SHELF, reading)
    assert here.kept(SHELF) == kept
    assert (kept.cards, kept.rejected) == (sum(sizes), len(sizes))
    if sum(sizes):
        assert cells(here.frame(SHELF, kept).collect()).equals(cells(whole(sizes)))
    again = Reading(sizes)
    assert list(here.rejections(SHELF, kept)) == [each for chunk in again.chunks for each in chunk.rejections]
    assert (kept.contests, kept.remarks) == (tuple(again.contests), tuple(again.remarks))


def test_a_file_without_cards_is_kept_too(tmp_path: Path) -> None:
    """No piece, a book that says so, and an empty table with the columns of every other."""
    here = store(tmp_path)
    kept = here.keep(SHELF, Reading([]))
    assert here.frame(SHELF, kept).collect().columns == [ROW, *FACTS]
    assert here.kept(SHELF) == kept


@pytest.mark.parametrize(("codes", "kind"), [(256, pl.UInt8), (257, pl.UInt16), (70_000, pl.UInt32)])
def test_codes_take_the_smallest_type_that_holds_them(
    codes: int, kind: type[pl.DataType], tmp_path: Path
) -> None:
    """Up to 256 codes a byte, and no code is lost where there are more."""
    here = store(tmp_path)
    kept = here.keep(SHELF, Reading([codes], codes))
    found = here.frame(SHELF, kept).select(column(0)).collect().to_series()
    assert found.dtype == kind
    assert found.to_list() == list(range(codes))


def test_pieces_lie_under_key_and_jurisdiction(tmp_path: Path) -> None:
    """Any program that reads Parquet finds the cards of a jurisdiction by the name of the folder."""
    store(tmp_path).keep(SHELF, Reading([3]))
    (piece,) = tmp_path.rglob("*.parquet")
    assert piece.parts[-4:] == ("cards", "k" * 64, "jurisdiction=odz-co", "part-00000.parquet")
    assert pl.read_parquet(piece, hive_partitioning=False).height == 3


class CutOff(BaseException):
    """The program is ended from outside."""


def cut_off(patch: pytest.MonkeyPatch, after: int) -> list[str]:
    """Let so many things be written, then end the program; what was written."""
    written: list[str] = []
    put = FileStore.put_named

    def ended(self: FileStore, name: str, source: Source) -> None:
        if len(written) == after:
            raise CutOff
        put(self, name, source)
        written.append(name)

    patch.setattr(FileStore, "put_named", ended)
    return written


@pytest.mark.parametrize("address", ["folder", "memory://cut-off"])
@pytest.mark.parametrize("after", range(11))
def test_an_attempt_that_was_cut_off_is_taken_up(
    after: int, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stopped: nothing is kept as yet, no piece is written twice, the end is the same."""
    sizes = [30, 7, 0, 60, 4, 11]
    monkeypatch.setattr(module, "PIECE_CELLS", 1)
    fresh = store(tmp_path / "fresh").keep(SHELF, Reading(sizes))
    place = tmp_path / "cut" if address == "folder" else f"{address}-{after}"
    here = store(place)
    with monkeypatch.context() as patch:
        before = cut_off(patch, after)
        with pytest.raises(CutOff):  # there are five pieces, what was rejected beside each, and the book
            here.keep(SHELF, Reading(sizes))
        assert here.kept(SHELF) is None
    with monkeypatch.context() as patch:
        later = cut_off(patch, 99)
        kept = here.keep(SHELF, Reading(sizes))
    assert kept == fresh == here.kept(SHELF)
    assert not {name for name in later if name.endswith(".parquet")} & set(before)
    assert cells(here.frame(SHELF, kept).collect()).equals(cells(whole(sizes)))


def test_a_piece_of_other_cards_is_not_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece that is damaged, or holds something else, is written anew."""
    monkeypatch.setattr(module, "PIECE_CELLS", 1)
    here, files = store(tmp_path), FileStore(tmp_path)
    here.keep(SHELF, Reading([5, 6, 7]))
    with files.open_named(SHELF.piece(1)) as stream:
        other = stream.read()
    files.put_named(SHELF.piece(0), other)
    files.put_named(SHELF.piece(2), other[:-9])
    kept = here.keep(SHELF, Reading([5, 6, 7]))
    assert cells(here.frame(SHELF, kept).collect()).equals(cells(whole([5, 6, 7])))


def damaged(kept: Kept, files: FileStore, name: str, content: bytes | None) -> Kept | None:
    if content is None:
        files.delete_named(name)
    else:
        files.put_named(name, content)
    return CardStore(files).kept(SHELF)


@pytest.mark.parametrize("name", [SHELF.book, SHELF.piece(0)])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"PAR1PAR1"])
def test_what_is_not_as_it_was_written_counts_as_gone(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    """A piece or a book that is missing or damaged is as good as none."""
    kept = store(tmp_path).keep(SHELF, Reading([5]))
    assert damaged(kept, FileStore(tmp_path), name, content) is None


def test_what_is_forgotten_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces, rejections and book: no file stays."""
    monkeypatch.setattr(module, "PIECE_CELLS", 1)
    here = store(tmp_path)
    here.keep(SHELF, Reading([5, 6]))
    here.forget(SHELF)
    assert here.kept(SHELF) is None
    assert [path for path in (tmp_path / "named").rglob("*") if path.is_file()] == []
