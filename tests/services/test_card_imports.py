"""Cards in a case: imported, recognised, replaced, undone."""

from __future__ import annotations

import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallyproof.bootstrap import open_workspace
from tallyproof.errors import AccessError, RequestError
from tallyproof.services import card_imports, cases, importing
from tallyproof.services.access import READER, Actor
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.card_parts import case_cards, parts_from_files
from tallyproof.services.cards import sentence, tally_cards
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import write

from .imported_cards import CONTESTS, MANIFEST, RANKED, frame, imported, made, sizes


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
