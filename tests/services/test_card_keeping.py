"""Cards kept as tables are derived: gone, damaged or old, they are built again from the originals."""

from __future__ import annotations

import shutil
import zipfile
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


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_an_original_that_was_lost_is_put_back_by_importing_it_again(
    harm: str, workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Nothing is recorded anew; where all originals are whole, nothing is said of them."""
    path, listed = made(tmp_path / "cards.csv"), write(MANIFEST, tmp_path / "manifest.csv")
    request = CardRequest((path,), "Adams", listed)
    import_cards(workspace, clerk, "case", request)
    whole = import_cards(workspace, clerk, "case", request)
    shutil.rmtree(tmp_path / "home/files/named")
    for original in [each for each in (tmp_path / "home/files/files").rglob("*") if each.is_file()]:
        unlink(original) if harm == "missing" else halve(original)
    again = import_cards(workspace, clerk, "case", request)
    assert (again.cards, again.manifest, again.already[:2]) == (None, None, whole.already)
    assert again.already[2:] == tuple(
        f"The original of {name} was missing or altered where files are kept; it is there again."
        for name in ("cards.csv", "manifest.csv")
    )
    assert sizes(workspace, clerk) == {("Adams", 200)}


def test_two_zips_of_one_name_are_both_kept(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Two folders may hold a zip each under one name, with files of different names in them."""
    zips = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        zips.append(tmp_path / place / "export.zip")
        with zipfile.ZipFile(zips[-1], "w") as zipped:
            zipped.write(made(tmp_path / f"{place}.csv", seed=len(place) + len(zips)), f"{place}.csv")
    found = import_cards(workspace, clerk, "case", CardRequest(tuple(zips), "Adams"))
    assert found.cards is not None and len(found.cards.readings) == 2
    assert all(workspace.files.verify(each.file.sha256) for each in found.cards.readings)


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
