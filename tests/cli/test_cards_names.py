"""``tallyproof cards names``: from files of two counties to one contest, step by step."""

import json
from pathlib import Path

import pytest

from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, write

from .conftest import Run

ADAMS = [MadeContest("Mayor", ("Ann Lee", "Bob Roy"))]
BACA = [MadeContest("MAYOR", ("LEE, ANN", "ROY, BOB"))]


@pytest.fixture
def case(run: Run, tmp_path: Path) -> str:
    """A case with cards of two counties."""
    for county, contests in (("Adams", ADAMS), ("Baca", BACA)):
        path = write(dominion_text(contests, make_cards(3, contests, 20)), tmp_path / f"{county}.csv")
        assert run("cards", "import", "town", path, "--jurisdiction", county).code == 0
    return "town"


def test_names_are_proposed_reviewed_set_and_exported(run: Run, case: str, tmp_path: Path) -> None:
    """Each step says what comes next, and the exported file is the one that was set."""
    path, copy = tmp_path / "names.toml", tmp_path / "copy.toml"
    ran = run("cards", "names", case)
    assert ran.code == 0 and "Case town has no standard names" in ran.out
    ran = run("cards", "names", case, "--propose", path)
    assert ran.code == 0 and "3 wordings to decide in" in ran.out
    assert "# 100: the same but for case" in path.read_text()
    path.write_text(path.read_text().replace('proposed"', 'accepted"'))
    ran = run("cards", "names", case, "--use", path)
    assert ran.code == 0 and "3 wordings accepted, 0 refused" in ran.out and "LEE, ANN  Baca" in ran.out
    assert run("cards", "names", case, "--export", copy).code == 0
    assert copy.read_text() == path.read_text()
    told = json.loads(run("cards", "names", case, "--json").out)
    assert [each["name"] for each in told["contests"]] == ["Mayor"] and told["faults"] == []
    assert "MAYOR" not in run("cards", "styles", case).out


def test_what_does_not_fit_ends_with_2_and_what_cannot_be_done_with_1(
    run: Run, case: str, tmp_path: Path
) -> None:
    """A rule that nothing fits is told after setting; a file that is there is not written over."""
    path = tmp_path / "names.toml"
    path.write_text("[[contest]]\nname = 'Mayr'\n")
    ran = run("cards", "names", case, "--use", path)
    assert ran.code == 2 and "No contest is called 'Mayr'. The closest is 'Mayor'." in ran.out
    for words, said in (
        (("--propose", path), "is there already. Name a new file."),
        (("--propose", tmp_path / "no" / "names.toml"), "cannot be written"),
        (("--use", tmp_path / "none.toml"), "cannot be opened"),
        (("--reason", "because"), "--reason belongs to --use"),
        (("--accept-same",), "--accept-same belongs to --propose"),
        (("--use", path, "--export", path), "Give one at a time"),
    ):
        ran = run("cards", "names", case, *words)
        assert ran.code == 1 and said in " ".join(ran.err.split())


def test_what_differs_in_capitals_alone_can_be_accepted_at_once(run: Run, case: str, tmp_path: Path) -> None:
    """One wording of the contest is accepted, two of candidates are left to decide."""
    ran = run("cards", "names", case, "--propose", tmp_path / "names.toml", "--accept-same")
    assert "1 wording accepted in" in ran.out and "2 wordings to decide in" in ran.out


def test_a_case_without_cards_says_what_to_do(run: Run, case: str, tmp_path: Path) -> None:
    """Where nothing was imported, or no names were set, the next step is named."""
    assert "There is no case 'city'" in run("cards", "names", "city").err
    ran = run("cards", "names", case, "--export", tmp_path / "x.toml")
    assert ran.code == 1 and "Propose some with --propose" in " ".join(ran.err.split())
    for number in (2, 3):
        run("cards", "undo", case, number, "--reason", "wrong file")
    assert "There are no contests yet" in run("cards", "names", case).out


def test_lists_of_other_offices_are_looked_at_as_well(run: Run, case: str, tmp_path: Path) -> None:
    """A list of contests by county is one more source of names."""
    path = tmp_path / "contests.csv"
    path.write_text('CountyName,ContestName,ContestChoices\nAdams,Mayr,"Ann Lee,Bob Roy"\n')
    ran = run("cards", "names", case, "--list", path)
    assert "Mayr" in ran.out
    ran = run("cards", "names", case, "--list", path, "--propose", tmp_path / "names.toml")
    assert "4 wordings to decide" in ran.out
