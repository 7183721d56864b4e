"""An import of cards is whole or not at all: what is refused, what was cut off, no row lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.bootstrap import open_workspace
from tallyproof.errors import UnreadableError
from tallyproof.formats.cards import mapped as mapped_cards
from tallyproof.services.access import Actor, terminal
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.card_parts import case_cards
from tallyproof.services.workspace import Workspace
from tallyproof.store import cards as card_store
from tallyproof.store.files import FileStore, Source
from tallyproof.testing.cards import write

from .imported_cards import imported, made, mapped


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of ten cards, each a piece."""
    monkeypatch.setattr(mapped_cards, "BATCH", 10)
    monkeypatch.setattr(card_store, "PIECE_CELLS", 1)


@pytest.mark.usefixtures("small_pieces")
def test_a_file_of_which_every_row_is_rejected_is_refused(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The first row says why; nothing of the files beside it stays: no case, no original, no piece."""
    good, bad = made(tmp_path / "good.csv"), made(tmp_path / "bad.csv", seed=4)
    with pytest.raises(UnreadableError, match=r"bad\.csv, row 5: .*rejected, so nothing was imported"):
        import_cards(workspace, clerk, "case", CardRequest((good, without_numbers(bad)), "Adams"))
    assert workspace.ledger.cases() == []
    assert [each for each in (tmp_path / "home/files").rglob("*") if each.is_file()] == []


def without_numbers(path: Path) -> Path:
    """The export with the number of every card gone."""
    text = "\n".join(
        line if number < 4 else "," + line.partition(",")[2]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines())
    )
    return write(text + "\n", path)


@pytest.mark.parametrize("case", [10, 11, 12, 13, 14, 16, 17, 18])
def test_published_exports_of_which_nothing_can_be_read_open_no_case(
    case: int, workspace: Workspace, clerk: Actor, shared_data: Path
) -> None:
    """Exports whose only row lacks what identifies a card, or has percentages for votes."""
    (path,) = (shared_data / "vendor_variants" / "invalid").glob(f"case_{case}_*.csv")
    with pytest.raises(UnreadableError, match="row 5: .* The only row is rejected, so nothing was imported"):
        imported(workspace, clerk, path)
    assert workspace.ledger.cases() == []


def test_an_export_without_cards_is_refused(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A header alone opens no case and takes no import's place."""
    with pytest.raises(UnreadableError, match=r"cards\.csv: holds no cards"):
        imported(workspace, clerk, made(tmp_path / "cards.csv", cards=0))
    assert workspace.ledger.cases() == []


@pytest.mark.usefixtures("small_pieces")
def test_a_wrong_file_among_right_ones_is_told_before_any_is_kept(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Nothing is stored of the files beside it."""
    files = (made(tmp_path / "cards.csv"), write("a,b\n1,2\n", tmp_path / "other.csv"))
    with pytest.raises(UnreadableError, match=r"other\.csv: is in no layout"):
        import_cards(workspace, clerk, "case", CardRequest(files, "Adams"))
    assert not (tmp_path / "home/files").exists()


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("pieces", [0, 1, 4, 6])
def test_an_import_that_was_cut_off_ends_like_a_fresh_one(
    pieces: int, workspace: Workspace, clerk: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards, books and rejections are the same; finished pieces stay, and until the end nothing counts."""
    request = mapped(tmp_path, 60, wrong=(7, 33))
    with monkeypatch.context() as patch:
        cut_off(patch, pieces)
        with pytest.raises(KeyboardInterrupt):
            import_cards(workspace, clerk, "case", request)
    assert workspace.ledger.cases() == []
    stood = {path: path.stat().st_mtime_ns for path in (tmp_path / "home").rglob("*.parquet")}
    found = import_cards(workspace, clerk, "case", request)
    fresh = open_workspace(tmp_path / "fresh")
    same = import_cards(fresh, clerk, "case", request)
    assert len(stood) == pieces
    assert {path: path.stat().st_mtime_ns for path in stood} == stood
    assert found.rejections == same.rejections
    assert found.cards is not None and same.cards is not None
    assert found.cards.readings == same.cards.readings
    (part,), (other,) = case_cards(workspace, clerk, "case").parts, case_cards(fresh, clerk, "case").parts
    assert part.cards.collect().equals(other.cards.collect())
    assert part.contests == other.contests
    fresh.ledger.close()


def cut_off(patch: pytest.MonkeyPatch, pieces: int) -> None:
    """Press Ctrl-C when so many pieces are written."""
    put, written = FileStore.put_named, list[str]()

    def ended(self: FileStore, name: str, source: Source) -> None:
        if name.endswith(".parquet"):
            if len(written) == pieces:
                raise KeyboardInterrupt
            written.append(name)
        elif name.endswith("book.json"):
            raise KeyboardInterrupt
        put(self, name, source)

    patch.setattr(FileStore, "put_named", ended)


@settings(max_examples=20)
@given(wrong=st.sets(st.integers(1, 45), max_size=44))
def test_no_row_is_lost(wrong: set[int]) -> None:
    """Cards kept and rows rejected are together the rows of the file."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(card_store, "PIECE_CELLS", 100)
        patch.setattr(mapped_cards, "BATCH", 10)
        place = open_workspace(Path(folder) / "home")
        found = import_cards(place, terminal(), "case", mapped(Path(folder), 45, wrong=sorted(wrong)))
        place.ledger.close()
    assert found.cards is not None
    assert (found.cards.cards, found.cards.rejected) == (45 - len(wrong), len(wrong))
    assert [each.row for each in found.rejections] == [row + 1 for row in sorted(wrong)]
