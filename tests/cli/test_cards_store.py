"""``tallyproof cards import``, ``list``, ``undo`` and ``styles``: what is printed and how it ends."""

import json
from pathlib import Path

import pytest

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest

from .conftest import Run

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Judge", ("P", "Q", "R"), 1, 3)]
CARDS = [
    MadeCard("1", "7", "1", {0: ((0,),), 1: ((1,), (0,), ())}),
    MadeCard("1", "7", "2", {0: ((0, 1),)}),
    MadeCard("1", "7", "3", {0: ((),), 1: ((1,), (0,), ())}),
]
MANIFEST = "Tabulator,Batch Name,Number of Ballots\n1,7,3\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The three cards as a Dominion export."""
    return made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")


def test_an_import_says_what_was_kept_and_how_to_take_it_back(run: Run, export: Path, tmp_path: Path) -> None:
    """Cards, rejections, contests and styles of each file, the manifest, the events."""
    manifest = made.write(MANIFEST, tmp_path / "manifest.csv")
    ran = run("cards", "import", "case", export, "-j", "Adams", "--manifest", manifest)
    assert (ran.code, ran.err) == (0, "")
    assert "Opened the case case." in ran.out
    assert "3 cards, 0 rows rejected; 2 contests, 2 card styles" in ran.out
    assert "3 cards of Adams from 1 file (event 2)." in ran.out
    assert "1 batch, 3 cards, 0 rows rejected\nBallot manifest of Adams (event 3)." in ran.out
    assert "tallyproof cards undo case 2 --reason" in ran.out
    again = run("cards", "import", "case", export, "-j", "Adams")
    assert again.out == "cards.csv counts already, as import 2.\nNothing changed.\n"


def test_rows_that_cannot_be_read_are_listed(run: Run, export: Path) -> None:
    """The rest is kept, and the end is 2; JSON has the same."""
    export.write_bytes(
        export.read_bytes().replace(b"Type 1,0,0,,", b"Type 1,9,0,,").replace(b"1,1,,", b"1,9,,")
    )
    ran = run("cards", "import", "case", export, "-j", "Adams")
    assert ran.code == 2
    assert "2 cards, 1 row rejected" in ran.out and "cards.csv, row 6:" in ran.out
    told = json.loads(run("cards", "import", "other", export, "-j", "Adams", "--json").out)
    assert told["cards"]["readings"][0]["rejected"] == 1
    assert [each["row"] for each in told["rejections"]] == [6]


def test_the_list_shows_what_counts(run: Run, export: Path) -> None:
    """Undone, replaced, counting; a case without cards says what comes next."""
    run("case", "open", "case")
    assert "has no cards yet" in run("cards", "list", "case").out
    run("cards", "import", "case", export, "-j", "Adams")
    export.write_bytes(export.read_bytes().replace(b"1-7-3", b"1-7-4"))
    assert (
        "cards.csv of import 2 counts no longer" in run("cards", "import", "case", export, "-j", "Adams").out
    )
    assert [line.split()[-1] for line in run("cards", "list", "case").out.splitlines()[1:]] == [
        "replaced", "counts",
    ]  # fmt: skip
    undone = run("cards", "undo", "case", "3", "--reason", "a test")
    assert undone.out == "Import 3 of case case is undone (event 4); 3 cards of 1 file count.\n"
    told = json.loads(run("cards", "list", "case", "--json").out)
    assert [each["state"] for each in told["cards"]] == ["counts", "undone"]


def test_styles_are_shown_with_what_is_rare(run: Run, export: Path) -> None:
    """The table, the average, the styles that few cards bear, and a ballot type with two of them."""
    run("cards", "import", "case", export, "-j", "Adams")
    ran = run("cards", "styles", "case", "--rare", "2")
    assert ran.out.startswith("Adams: 2 card styles on 3 cards\n")
    assert "1.7 contests per card on average, 1 to 2." in ran.out
    assert "1 style stands on fewer than 2 cards (1 card together)" in ran.out
    assert "Ballot type Type 1 stands on cards with 2 different sets" in ran.out
    (told,) = json.loads(run("cards", "styles", "case", "--json").out)
    assert (told["rare"], told["contests_per_card"]) == (2, {"1": 1, "2": 2})


def test_an_import_without_a_jurisdiction_is_refused(run: Run, export: Path) -> None:
    """The sentence names the option, and no case is opened."""
    ran = run("cards", "import", "case", export)
    assert ran.code == 1 and "--jurisdiction NAME" in ran.err
    assert "There is no case 'case'" in run("cards", "list", "case").err
