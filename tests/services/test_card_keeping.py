"""Cards kept as tables are derived: gone, damaged or old, they are built again from the originals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tallyproof.bootstrap import open_workspace
from tallyproof.errors import StoreError
from tallyproof.services import card_keeping, cases
from tallyproof.services.access import Actor
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.card_parts import case_cards, parts_from_files
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import write

from .imported_cards import MANIFEST, frame, imported, made, mapped, sizes


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
