"""Cards and manifests in a case: imported, recognised, replaced, undone, built again."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.bootstrap import open_workspace
from tallyproof.election.card_part import CardPart
from tallyproof.errors import AccessError, RequestError, StoreError, UnreadableError
from tallyproof.formats.cards import mapped as mapped_cards
from tallyproof.services import card_imports, card_keeping, cases, importing
from tallyproof.services.access import READER, Actor, terminal
from tallyproof.services.card_imports import CardRequest, CardsImported, import_cards, import_manifest
from tallyproof.services.card_parts import case_cards, parts_from_files
from tallyproof.services.cards import sentence, tally_cards
from tallyproof.services.workspace import Workspace
from tallyproof.store import cards as card_store
from tallyproof.store.files import FileStore, Source
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, mapped_text, write

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob"), 1), MadeContest("Council", ("Cy", "Di", "Ed"), 2)]
RANKED = [MadeContest("Judge", ("Flo", "Gus", "Hal"), 1, ranks=3)]
MANIFEST = "Tabulator,Batch Name,Number of Ballots\n1,1,100\n2,2,100\n"


def made(path: Path, seed: int = 3, cards: int = 200, contests: list[MadeContest] = CONTESTS) -> Path:
    return write(dominion_text(contests, make_cards(seed, contests, cards)), path)


def imported(workspace: Workspace, actor: Actor, path: Path, county: str = "Adams") -> CardsImported:
    return import_cards(workspace, actor, "case", CardRequest((path,), county))


def frame(part: CardPart) -> pl.DataFrame:
    """The cards with codes in one type, whatever the store chose."""
    cards = part.cards.collect()
    return cards.with_columns(pl.selectors.matches(r"^c\d+$").cast(pl.UInt32))


def test_cards_of_a_case_are_those_of_the_file(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """What comes back from the store is what the importer read: cards, books, name, hash, election."""
    path = made(tmp_path / "cards.csv")
    record = imported(workspace, clerk, path).cards
    (part,), (read,) = case_cards(workspace, clerk, "case").parts, parts_from_files([path], "Adams")
    assert frame(part).equals(frame(read))
    assert part.contests == read.contests
    assert (part.jurisdiction, part.file, part.sha256) == ("Adams", "cards.csv", read.sha256)
    assert (part.election, part.rejected) == (read.election, 0)
    assert record is not None
    assert (record.cards, record.readings[0].contests, record.readings[0].styles) == (200, 2, 4)


def test_originals_and_manifests_are_kept_by_their_bytes(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Every original can be fetched by the hash that the event names, and it is whole."""
    path, listed = made(tmp_path / "cards.csv"), write(MANIFEST, tmp_path / "manifest.csv")
    import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", listed))
    state = cases.state(workspace, clerk, "case")
    hashes = [state.cards[0].readings[0].file.sha256, state.manifests[0].file.sha256]
    assert all(workspace.files.verify(each) for each in hashes)
    assert list(case_cards(workspace, clerk, "case").manifests) == ["Adams"]


def test_events_tell_how_many_cards_and_nothing_of_their_votes(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The body of an event has numbers, names of files and hashes only."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    event = list(workspace.ledger.events("case"))[-1]
    body: dict[str, Any] = dict(event.body)
    (file,) = body["files"]
    assert set(body) == {"jurisdiction", "source", "files", "actor_name"}
    assert {name: file[name] for name in ("cards", "rejected", "contests", "styles")} == {
        "cards": 200, "rejected": 0, "contests": 2, "styles": 4,
    }  # fmt: skip
    assert not any(choice in str(body) for contest in CONTESTS for choice in contest.choices)


def test_the_same_file_is_recognised_by_its_bytes(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Under another name, or packed, it counts already: this is said and nothing is recorded."""
    path = made(tmp_path / "cards.csv")
    imported(workspace, clerk, path)
    head = workspace.ledger.head("case")
    renamed = tmp_path / "again.csv"
    renamed.write_bytes(path.read_bytes())
    packed = tmp_path / "cards.zip"
    with zipfile.ZipFile(packed, "w") as target:
        target.write(path, "cards.csv")
    for again in (path, renamed, packed):
        found = imported(workspace, clerk, again)
        assert found.cards is None
        assert "counts already, as" in found.already[0]
    assert workspace.ledger.head("case") == head
    with pytest.raises(RequestError, match="for Adams. Undo that import first if it was wrong"):
        imported(workspace, clerk, path, "Brown")
    with pytest.raises(RequestError, match="read in another way"):
        import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", encoding="cp1252"))


def test_new_files_beside_one_that_counts_are_imported(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """A whole folder can be given again when one file was added to it."""
    first, second = made(tmp_path / "one.csv"), made(tmp_path / "two.csv", seed=4)
    imported(workspace, clerk, first)
    found = import_cards(workspace, clerk, "case", CardRequest((first, second), "Adams"))
    assert found.cards is not None
    assert [each.file.name for each in found.cards.readings] == ["two.csv"]
    assert found.others == (
        "Of Adams one.csv (import 2) counts too. Undo what this import takes the place of.",
    )
    assert len(case_cards(workspace, clerk, "case").parts) == 2


def test_one_file_given_twice_is_refused(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """No card is counted twice in one import."""
    path = made(tmp_path / "one.csv")
    other = tmp_path / "other.csv"
    other.write_bytes(path.read_bytes())
    with pytest.raises(RequestError, match=r"other\.csv holds the same bytes as one\.csv"):
        import_cards(workspace, clerk, "case", CardRequest((path, other), "Adams"))


def test_two_files_of_one_name_are_refused(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A card is known by the name of its file and its row, so names must differ."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    files = (made(tmp_path / "a/cards.csv"), made(tmp_path / "b/cards.csv", seed=4))
    with pytest.raises(RequestError, match="Two files are called cards"):
        import_cards(workspace, clerk, "case", CardRequest(files, "Adams"))


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text, which Linux has")
def test_an_original_is_kept_whatever_bytes_its_name_has(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The name is shown as text, and the bytes are found again."""
    record = imported(
        workspace, clerk, made(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv")))
    ).cards
    assert record is not None
    assert record.readings[0].file.name == "caf?.csv"
    assert workspace.files.verify(record.readings[0].file.sha256)


def test_the_newest_import_of_a_source_counts(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A file of the same name takes the place of the older one; undone, the older one counts again."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    found = imported(workspace, clerk, made(tmp_path / "cards.csv", seed=9, cards=120))
    imported(workspace, clerk, made(tmp_path / "cards.csv", seed=10, cards=50), "Brown")
    assert found.others == ("cards.csv of import 2 counts no longer: this one is newer.",)
    assert sizes(workspace, clerk) == {("Adams", 120), ("Brown", 50)}
    card_imports.undo(workspace, clerk, "case", 3, "sent by mistake")
    assert sizes(workspace, clerk) == {("Adams", 200), ("Brown", 50)}


def test_a_named_source_is_replaced_as_a_whole(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """With a source named, all files of its older import stop counting, whatever they are called."""
    files = (made(tmp_path / "a.csv", 1, 10), made(tmp_path / "b.csv", 2, 20))
    import_cards(workspace, clerk, "case", CardRequest(files, "Adams", source="County clerk"))
    newer = (made(tmp_path / "all.csv", 3, 31),)
    import_cards(workspace, clerk, "case", CardRequest(newer, "Adams", source="county  CLERK"))
    assert sizes(workspace, clerk) == {("Adams", 31)}


def sizes(workspace: Workspace, actor: Actor) -> set[tuple[str, int]]:
    parts = case_cards(workspace, actor, "case").parts
    return {(part.jurisdiction, part.cards.collect().height) for part in parts}


def test_what_is_undone_no_longer_counts(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Cards and manifest go from what counts; the events, the reason and the originals stay."""
    path, listed = made(tmp_path / "cards.csv"), write(MANIFEST, tmp_path / "manifest.csv")
    import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", listed))
    card_imports.undo(workspace, clerk, "case", 2, "wrong county")
    state = card_imports.undo(workspace, clerk, "case", 3, "wrong county")
    found = case_cards(workspace, clerk, "case")
    assert (found.parts, found.manifests) == ((), {})
    assert (state.cards[0].reason, state.manifests[0].reason) == ("wrong county", "wrong county")
    assert workspace.files.verify(state.cards[0].readings[0].file.sha256)
    assert imported(workspace, clerk, path).cards is not None


def test_each_undo_points_to_the_other(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """An import of cards is not undone as one of returns, and the sentence says how it is."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    with pytest.raises(RequestError, match="Undo it with: tallyproof cards undo case 2"):
        importing.undo_import(workspace, clerk, "case", 2, "x")


@pytest.mark.parametrize(
    ("number", "reason", "said"),
    [
        (2, " ", "Say why the import is undone"),
        (1, "x", "Event 1 of case case imports neither cards nor a manifest. Those that do: 2."),
        (3, "x", "Those that do: 2."),
    ],
)
def test_an_undo_that_means_nothing_is_refused(
    number: int, reason: str, said: str, workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """It needs a reason and the number of an import of cards that stands."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    with pytest.raises(RequestError, match=said):
        card_imports.undo(workspace, clerk, "case", number, reason)
    card_imports.undo(workspace, clerk, "case", 2, "x")
    with pytest.raises(RequestError, match="was undone already"):
        card_imports.undo(workspace, clerk, "case", 2, "x")


def test_only_who_may_import_imports_and_undoes(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A reader is refused, and so is an official of another case, before anything is kept."""
    path = made(tmp_path / "cards.csv")
    cases.open_case(workspace, clerk, "case")
    elsewhere = replace(clerk, cases=frozenset({"other"}), shown=frozenset({"case"}))
    for actor in (READER, elsewhere):
        with pytest.raises(AccessError):
            imported(workspace, actor, path)
    imported(workspace, clerk, path)
    for actor in (READER, elsewhere):
        with pytest.raises(AccessError):
            card_imports.undo(workspace, actor, "case", 2, "x")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (CardRequest(), "Name at least one file of cards"),
        (CardRequest((Path("x.csv"),)), "Say whose cards these are"),
        (CardRequest((Path("x.csv"),), " – "), "Say whose cards these are"),
    ],
)
def test_a_request_that_says_too_little_is_refused(
    request_: CardRequest, said: str, workspace: Workspace, clerk: Actor
) -> None:
    """The sentence says what is missing."""
    with pytest.raises(RequestError, match=said):
        import_cards(workspace, clerk, "case", request_)


# ---- nothing half-stored, and taken up where it was cut off


def mapped(folder: Path, cards: int, *, wrong: Sequence[int] = ()) -> CardRequest:
    """A file of our own with its mapping; in some rows stands something that is no mark."""
    text, mapping = mapped_text(CONTESTS, make_cards(5, CONTESTS, cards, absent=0))
    lines = text.splitlines()
    for row in wrong:
        lines[row] = lines[row][:-1] + "7"
    path = write("\n".join(lines) + "\n", folder / "own.csv")
    return CardRequest((path,), "Adams", mapping=write(mapping, folder / "own.toml"))


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


def test_cards_that_stand_twice_are_told_as_in_a_tally(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The sentence is the same, and so are the cards counted."""
    path = made(tmp_path / "cards.csv")
    write(path.read_bytes().decode() + path.read_bytes().decode().split("\r\n")[4] + "\r\n", path)
    (said,) = imported(workspace, clerk, path).remarks
    tally = tally_cards([path])
    assert tally.faults == (sentence(said),) and tally.cards == 201
    assert sentence(said).startswith("cards.csv, row 205: 1 card has tabulator, batch and record")


OTHERS = "Tabulator,Batch Name,Number of Ballots\n" + "".join(f"9,{900 + n},100\n" for n in range(9))


@pytest.mark.parametrize("together", [True, False])
def test_cards_of_another_election_than_the_manifest_are_told_in_one_sentence(
    together: bool, workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Whether they come together or one after the other; a manifest that lists the batches is silent."""
    cards = make_cards(3, CONTESTS, 200, batch_cards=20)
    path = write(dominion_text(CONTESTS, cards), tmp_path / "cards.csv")
    listed = write(OTHERS, tmp_path / "others.csv")
    if not together:
        import_cards(workspace, clerk, "case", CardRequest((path,), "Adams"))
    found = import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", listed))
    (said,) = found.faults
    assert said == tally_cards([path], manifest=listed).faults[0]
    assert "all 10 batches, with 200 cards, are missing in others.csv" in said
    lines = "".join(f"{n % 3 + 1},{n + 1},20\n" for n in range(10))
    right = write("Tabulator,Batch Name,Number of Ballots\n" + lines, tmp_path / "right.csv")
    assert import_manifest(workspace, clerk, "case", right, "Adams").faults == ()


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


# ---- derived tables may go


def test_cards_that_are_gone_or_damaged_are_built_again(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """From the original, to the same cards, books and rejections."""
    import_cards(workspace, clerk, "case", mapped(tmp_path, 30, wrong=(3,)))
    (before,) = case_cards(workspace, clerk, "case").parts
    cards = before.cards.collect()
    (record,) = cases.state(workspace, clerk, "case").cards
    rejected = list(card_keeping.rejections_of(workspace, record, record.readings[0]))
    for harm in (unlink, halve):
        for path in [each for each in (tmp_path / "home/files/named").rglob("*") if each.is_file()]:
            harm(path)
        (after,) = case_cards(workspace, clerk, "case").parts
        assert after.cards.collect().equals(cards)
        assert after.contests == before.contests
        assert list(card_keeping.rejections_of(workspace, record, record.readings[0])) == rejected


def test_an_altered_original_is_noticed(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Neither cards nor a manifest are built from bytes that are not those imported."""
    path, listed = made(tmp_path / "cards.csv"), write(MANIFEST, tmp_path / "manifest.csv")
    import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", listed))
    shutil.rmtree(tmp_path / "home/files/named")
    state = cases.state(workspace, clerk, "case")
    for file in (state.cards[0].readings[0].file, state.manifests[0].file):
        kept = workspace.files.path(file.sha256)
        assert kept is not None
        original = kept.read_bytes()
        kept.write_bytes(original.replace(b"1", b"2", 1))
        with pytest.raises(StoreError, match=f"The original of {file.name} is missing or not as"):
            case_cards(workspace, clerk, "case")
        kept.write_bytes(original)
    assert sizes(workspace, clerk) == {("Adams", 200)}


def unlink(path: Path) -> None:
    path.unlink()


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_another_version_of_the_reader_starts_anew(
    workspace: Workspace, clerk: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards kept by an older version are not used: the original is read again under a key of its own."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    monkeypatch.setattr(card_keeping, "READER_VERSION", card_keeping.READER_VERSION + 1)
    (part,) = case_cards(workspace, clerk, "case").parts
    assert part.cards.collect().height == 200
    assert len(list((tmp_path / "home/files/named/cards").iterdir())) == 2


def test_cards_kept_on_another_machine_are_the_same(
    clerk: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files lie at an address, pieces are fetched from there; a damaged one is built again."""
    monkeypatch.setenv("TALLYPROOF_FILES", f"memory://cards-{tmp_path.name}")
    place = open_workspace(tmp_path / "home")
    path = made(tmp_path / "cards.csv")
    imported(place, clerk, path)
    (read,) = parts_from_files([path], "Adams")
    (part,) = case_cards(place, clerk, "case").parts
    assert frame(part).equals(frame(read))
    (record,) = cases.state(place, clerk, "case").cards
    shelf, _ = card_keeping.kept_of(place, record, record.readings[0])
    place.files.put_named(shelf.piece(0), b"damaged")
    (again,) = case_cards(place, clerk, "case").parts
    assert frame(again).equals(frame(read))
    place.ledger.close()


# ---- manifests


def test_a_manifest_that_names_jurisdictions_covers_them(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Each gets its own batches; the newest manifest that lists a jurisdiction counts for it."""
    state = "County,Tabulator,Batch Name,Number of Ballots\nAdams,1,1,10\nAdams,1,2,20\nBrown,7,1,5\n"
    import_manifest(workspace, clerk, "case", write(state, tmp_path / "state.csv"))
    import_manifest(workspace, clerk, "case", write(MANIFEST, tmp_path / "adams.csv"), "ADAMS")
    found = case_cards(workspace, clerk, "case").manifests
    assert {name: (each.file, each.cards) for name, each in found.items()} == {
        "ADAMS": ("adams.csv", 200), "Brown": ("state.csv", 5),
    }  # fmt: skip
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    card_imports.undo(workspace, clerk, "case", 3, "old")
    found = case_cards(workspace, clerk, "case").manifests
    assert {name: each.cards for name, each in found.items()} == {"Adams": 30, "Brown": 5}


def test_batches_of_nobody_are_told(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Where a manifest names jurisdictions, a batch without one counts for none of them."""
    state = "County,Tabulator,Batch Name,Number of Ballots\nAdams,1,1,10\n,1,2,20\nBrown,7,1,5\n"
    found = import_manifest(workspace, clerk, "case", write(state, tmp_path / "state.csv"))
    assert found.faults[0].startswith("state.csv, row 3: 1 batch names no jurisdiction where others do")
    manifests = case_cards(workspace, clerk, "case").manifests
    assert {name: each.cards for name, each in manifests.items()} == {"Adams": 10, "Brown": 5}


def test_a_manifest_that_counts_is_not_imported_again(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The same bytes for the same jurisdiction are told; after a newer one they count anew."""
    old, new = write(MANIFEST, tmp_path / "old.csv"), write(MANIFEST + "3,3,7\n", tmp_path / "new.csv")
    import_manifest(workspace, clerk, "case", old, "Adams")
    assert import_manifest(workspace, clerk, "case", old, "Adams").manifest is None
    import_manifest(workspace, clerk, "case", new, "Adams")
    assert import_manifest(workspace, clerk, "case", old, "Adams").manifest is not None
    assert case_cards(workspace, clerk, "case").manifests["Adams"].cards == 200


def test_a_manifest_of_nobody_or_of_others_is_told(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Without a jurisdiction it is refused; where it lists others the closest name is given."""
    path = made(tmp_path / "cards.csv")
    with pytest.raises(RequestError, match="names no jurisdiction"):
        import_manifest(workspace, clerk, "case", write(MANIFEST, tmp_path / "manifest.csv"))
    state = write("County,Tabulator,Batch Name,Number of Ballots\nAdams,1,1,10\n", tmp_path / "state.csv")
    found = import_cards(workspace, clerk, "case", CardRequest((path,), "Adms", state))
    assert found.faults == (
        "state.csv lists no batch of Adms. The closest there is 'Adams'. "
        "Cards and manifest must name the jurisdiction alike.",
    )


def test_a_manifest_that_cannot_be_read_stops_the_cards_too(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Cards and manifest given together are recorded together or not at all."""
    request = CardRequest((made(tmp_path / "cards.csv"),), "Adams", write("a,b\n1,2\n", tmp_path / "m.csv"))
    with pytest.raises(UnreadableError, match=r"m\.csv"):
        import_cards(workspace, clerk, "case", request)
    assert workspace.ledger.cases() == []


def test_files_of_two_elections_are_told(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """They are imported, as counties name one election differently, and the answer says which they name."""
    imported(workspace, clerk, made(tmp_path / "cards.csv"))
    other = made(tmp_path / "other.csv", seed=4)
    other.write_bytes(other.read_bytes().replace(b"Made up", b"Primary"))
    (said,) = imported(workspace, clerk, other, "Brown").faults
    assert said.startswith(
        "The files name 2 elections: 'Made up' (cards.csv, import 2); 'Primary' (other.csv"
    )
    third = made(tmp_path / "third.csv", 5, contests=RANKED)
    assert imported(workspace, clerk, third, "Clay").faults == (said,)


@pytest.mark.postgres
def test_cards_count_in_a_ledger_on_postgresql_too(
    postgres_url: str, clerk: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Import, replace and undo are events like any others."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    place = open_workspace(tmp_path / "home")
    imported(place, clerk, made(tmp_path / "cards.csv"))
    imported(place, clerk, made(tmp_path / "cards.csv", seed=9, cards=120))
    assert sizes(place, clerk) == {("Adams", 120)}
    card_imports.undo(place, clerk, "case", 3, "sent by mistake")
    assert sizes(place, clerk) == {("Adams", 200)}
    assert place.ledger.verify("case").first_broken is None
    place.ledger.close()


@pytest.mark.parametrize(
    "name",
    ["arlo/Kendall_Park_-_cvrs.csv", "arlo/Siletz_-_cvrs.csv",
     "dominion_csv/arapahoe_2017_CVR_Export_20170310104116.csv"],
)  # fmt: skip
def test_published_files_come_back_card_by_card(
    name: str, workspace: Workspace, clerk: Actor, tmp_path: Path, shared_data: Path
) -> None:
    """What vendors and audits published is in the case as its importer reads it."""
    path = shared_data / "formats" / name
    imported(workspace, clerk, path)
    (part,), (read,) = case_cards(workspace, clerk, "case").parts, parts_from_files([path], "Adams")
    assert frame(part).equals(frame(read))
    assert part.contests == read.contests
