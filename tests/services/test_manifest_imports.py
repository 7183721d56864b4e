"""Ballot manifests in a case: whose batches they list, and what does not fit the cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.services import card_imports
from tallyproof.services.access import Actor
from tallyproof.services.card_imports import CardRequest, import_cards, import_manifest
from tallyproof.services.card_parts import case_cards
from tallyproof.services.cards import tally_cards
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import dominion_text, make_cards, write

from .imported_cards import CONTESTS, MANIFEST, imported, made


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


def test_a_manifest_that_counts_no_longer_is_named(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """As cards are; one that counts still elsewhere with the places that it lost; a first one is silent."""
    state = "County,Tabulator,Batch Name,Number of Ballots\nAdams,1,1,10\nBrown,7,1,5\n"
    first = import_manifest(workspace, clerk, "case", write(state, tmp_path / "state.csv"))
    assert first.others == ()
    adams = import_manifest(workspace, clerk, "case", write(MANIFEST, tmp_path / "adams.csv"), "Adams")
    assert adams.others == ("state.csv of import 2 counts no longer for Adams: this one is newer.",)
    new = write(MANIFEST + "3,3,7\n", tmp_path / "new.csv")
    found = import_cards(workspace, clerk, "case", CardRequest((made(tmp_path / "c.csv"),), "Adams", new))
    assert found.others == ("adams.csv of import 3 counts no longer: this one is newer.",)


def test_batches_that_a_spreadsheet_changed_are_told_at_the_import(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Else nobody would know why no cast vote record matches them."""
    spoiled = write(MANIFEST.replace("1,1,", "1,5/1/2007,"), tmp_path / "m.csv")
    (remark,) = import_manifest(workspace, clerk, "case", spoiled, "Adams").remarks
    assert (remark.file, remark.row) == ("m.csv", 2)
    assert remark.text.startswith("the batch '5/1/2007' looks as if a spreadsheet program")
    good = write(MANIFEST, tmp_path / "good.csv")
    assert import_manifest(workspace, clerk, "case", good, "Adams").remarks == ()


def test_a_manifest_of_which_no_row_can_be_read_takes_no_place(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The one before goes on counting; one row that can be read is a manifest with rejections."""
    import_manifest(workspace, clerk, "case", write(MANIFEST, tmp_path / "good.csv"), "Adams")
    none = write("Tabulator,Batch Name,Number of Ballots\n1,1,-5\n2,2,sixty\n", tmp_path / "bad.csv")
    with pytest.raises(UnreadableError, match=r"bad\.csv, row 2: '-5' .* All 2 rows are rejected"):
        import_manifest(workspace, clerk, "case", none, "Adams")
    assert case_cards(workspace, clerk, "case").manifests["Adams"].file == "good.csv"
    some = write("Tabulator,Batch Name,Number of Ballots\n1,1,-5\n2,2,60\n", tmp_path / "some.csv")
    assert len(import_manifest(workspace, clerk, "case", some, "Adams").rejections) == 1


@pytest.mark.parametrize("cards_first", [True, False])
def test_a_county_named_with_and_without_the_word_is_told(
    cards_first: bool, workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Cards of Adams do not meet a manifest of Adams County, whichever comes first; those of Brown wait."""
    path, listed = made(tmp_path / "c.csv"), write(MANIFEST, tmp_path / "m.csv")
    assert import_manifest(workspace, clerk, "case", listed, "Brown County").faults == ()
    if cards_first:
        imported(workspace, clerk, path)
        found = import_manifest(workspace, clerk, "case", listed, "Adams County")
    else:
        assert import_manifest(workspace, clerk, "case", listed, "Adams County").faults == ()
        found = imported(workspace, clerk, path)
    (said,) = found.faults
    number = 3 if cards_first else 4
    assert f"is the manifest of Adams County, and the cards of import {number} are of Adams. Cards" in said
    assert import_manifest(workspace, clerk, "case", listed, "ADAMS").faults == ()


@pytest.mark.parametrize(
    ("form", "is_right"),
    [("0{0},00{1},20\n", True), ("00{1},20\n", True), ("0{0},9{1},20\n", False), ("9{1},20\n", False)],
)
def test_a_manifest_that_writes_names_otherwise_is_not_called_that_of_others(
    form: str, is_right: bool, workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Zeros in front come from other programs; names that no batch has mean another election."""
    cards = make_cards(3, CONTESTS, 200, batch_cards=20)
    path = write(dominion_text(CONTESTS, cards), tmp_path / "cards.csv")
    keys = dict.fromkeys((card.tabulator, card.batch) for card in cards)
    header = "Tabulator,Batch Name,Number of Ballots\n"[0 if "{0}" in form else len("Tabulator,") :]
    listed = write(header + "".join(form.format(*key) for key in keys), tmp_path / "m.csv")
    (said,) = import_cards(workspace, clerk, "case", CardRequest((path,), "Adams", listed)).faults
    assert "all 10 batches, with 200 cards, are missing in m.csv" in said
    assert ("the manifest seems to be the right one" in said) is is_right
    assert ("look like those of another election" in said) is not is_right
