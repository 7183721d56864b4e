"""``tallyproof cards tally --names``: files that call one contest differently are counted together."""

import json
from pathlib import Path
from typing import Any

import pytest

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeContest, make_cards

from .conftest import Run

ADAMS = [MadeContest("Mayor", ("Ann Lee", "Bob Roy")), MadeContest("Judge", ("P", "Q", "R"), 1, 3)]
BACA = [MadeContest("Judge", ("P", "Q", "R"), 1, 3), MadeContest("Town mayor", ("ROY, BOB", "LEE, ANN"))]
NAMES = """[[contest]]
name = "Mayor"
wordings = [{ name = "Town mayor" }]
[[contest.choice]]
name = "Ann Lee"
wordings = [{ name = "LEE, ANN" }]
[[contest.choice]]
name = "Bob Roy"
wordings = [{ name = "ROY, BOB" }]
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Cards of two places that name the mayor and the candidates differently."""
    return [
        made.write(made.dominion_text(contests, make_cards(seed, contests, 40)), tmp_path / f"{seed}.csv")
        for seed, contests in ((1, ADAMS), (2, BACA))
    ]


def told(run: Run, files: list[Path], *words: object) -> dict[str, Any]:
    """The answer, with its contests by name."""
    ran = run("cards", "tally", *files, *words, "--json")
    answer = json.loads(ran.out)
    return {**answer, "contests": {each["name"]: each for each in answer["contests"]}, "code": ran.code}


def test_names_add_up_what_is_one_contest(run: Run, files: list[Path], tmp_path: Path) -> None:
    """Votes of both names are the sum, no card is lost, and styles go by the standard name."""
    plain = told(run, files)["contests"]
    found = told(run, files, "--names", made.write(NAMES, tmp_path / "names.toml"))
    mayor, first, second = found["contests"]["Mayor"], plain["Mayor"], plain["Town mayor"]
    assert mayor["votes"] == {
        "Ann Lee": first["votes"]["Ann Lee"] + second["votes"]["LEE, ANN"],
        "Bob Roy": first["votes"]["Bob Roy"] + second["votes"]["ROY, BOB"],
    }
    assert mayor["cards"] == first["cards"] + second["cards"] and found["cards"] == 80
    assert found["contests"]["Judge"] == plain["Judge"]
    assert not any("Town mayor" in style["contests"] for style in found["styles"])


def test_names_that_say_nothing_change_nothing(run: Run, files: list[Path], tmp_path: Path) -> None:
    """A file of another contest's name gives the tally that is given without one."""
    names = made.write('[[contest]]\nname = "Clerk"\n', tmp_path / "names.toml")
    assert told(run, files, "--names", names) == told(run, files)


def test_what_a_case_calls_its_contests_counts_its_files(run: Run, files: list[Path], tmp_path: Path) -> None:
    """Names written by cards names of a case are read."""
    names = made.write(NAMES, tmp_path / "names.toml")
    for place, path in zip(("Adams", "Baca"), files, strict=True):
        run("cards", "import", "town", path, "-j", place)
    assert run("cards", "names", "town", "--use", names).code == 0
    assert run("cards", "names", "town", "--export", tmp_path / "set.toml").code == 0
    found = told(run, files, "--names", tmp_path / "set.toml")
    case = json.loads(run("cards", "margins", "town", "--json").out)["contests"]
    assert {each["name"]: each["votes"] for each in case} == {
        name: each["votes"] for name, each in found["contests"].items()
    }


def test_a_card_that_bears_both_is_refused_with_its_row(run: Run, files: list[Path], tmp_path: Path) -> None:
    """Mayor and Judge cannot be one contest."""
    text = '[[contest]]\nname = "Mayor"\nwordings = [{ name = "Council" }]\n'
    both = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Council", ("Cy", "Di"))]
    path = made.write(made.dominion_text(both, make_cards(3, both, 5, absent=0)), tmp_path / "both.csv")
    ran = run("cards", "tally", path, "--names", made.write(text, tmp_path / "names.toml"))
    assert ran.code == 1 and "'Mayor' by the standard names, but the card in row 5 bears both" in ran.err


def test_names_of_one_place_have_no_effect_and_are_told(run: Run, files: list[Path], tmp_path: Path) -> None:
    """Nobody says of which jurisdiction a file of a tally is."""
    limited = NAMES.replace('name = "Town mayor" }', 'name = "Town mayor", jurisdictions = ["Baca"] }')
    found = told(run, files, "--names", made.write(limited, tmp_path / "names.toml"))
    assert "Town mayor" in found["contests"]
    assert found["remarks"][-1].startswith("1 wording holds in some jurisdictions only and had no effect")
