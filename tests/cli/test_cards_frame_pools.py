"""``tallyproof cards frame`` with pools: what it lists, and that the commands on cards agree with it."""

import json
from pathlib import Path

import pytest

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest, Variant

from .conftest import Run

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Council", ("P", "Q"))]
CARDS = [
    MadeCard("1", str(batch), str(place), {0: ((0,),)} if place % 2 else {0: ((1,),), 1: ((1,),)})
    for batch in (1, 2)
    for place in range(1, 7)
]
MANIFEST = "Tabulator,Batch Name,Number of Ballots,CVR\n1,1,6,Y\n1,2,6,Y\n1,Polls,4,N\n"
TOTALS = "Batch Name,Mayor - Ann,Mayor - Bob\nPolls,3,1\n"
SEED = "53417960661093690826"
POOLS = ("--pool-mode", "Polls")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two batches with two cards of each voted at the polls, and one with totals only, as options."""
    lines = made.dominion_text(CONTESTS, CARDS, Variant(counting_group=True)).splitlines(keepends=True)
    text = "".join(line.replace(",Mail,", ",Polls,") if ",4,1-" in line or ",5,1-" in line else line
                   for line in lines)  # fmt: skip
    names = {"--cards": ("cards.csv", text), "--manifest": ("manifest.csv", MANIFEST),
             "--totals": ("totals.csv", TOTALS)}  # fmt: skip
    return [
        word
        for option, (name, content) in names.items()
        for word in (option, str(made.write(content, tmp_path / name)))
    ]


def test_frame_pools_and_margins_agree(run: Run, files: list[str], tmp_path: Path) -> None:
    """The frame's cards of each contest are those of its margins and problems, and its styles theirs."""
    frame = str(tmp_path / "frame.csv")
    told = json.loads(run("cards", "frame", *files, *POOLS, "-o", frame, "--json").out)
    assert (told["pooled"], told["unlisted"], told["cards"]) == (4, 4, 16)
    assert told["contests"] == {"Council": 12, "Mayor": 16}
    ran = run("cards", "margins", *files, *POOLS, "--frame", frame, "--json")
    bounds = {each["name"]: each["bound"]["cards"] for each in json.loads(ran.out)["contests"]}
    assert (ran.code, bounds) == (0, told["contests"])
    ran = run("cards", "assertions", *files, *POOLS, "--frame", frame, "--contest", "Mayor", "--problem")
    assert json.loads(ran.out)["contest"]["cards"] == 16
    problem = json.loads(run("cards", "pools", *files, *POOLS, "--frame", frame, "--problem").out)
    assert problem["styles"] == [
        {"contests": ["Council", "Mayor"], "cards": 12}, {"contests": ["Mayor"], "cards": 4}]  # fmt: skip
    assert {name: len(each["pools"]) for name, each in problem["contests"].items()} == {
        "Mayor": 3, "Council": 3}  # fmt: skip


def test_a_pooled_card_is_drawn_and_fetched_by_its_place(run: Run, files: list[str], tmp_path: Path) -> None:
    """Drawn, drawn again and listed under a name that says no record."""
    frame, record = tmp_path / "frame.csv", tmp_path / "1.json"
    assert run("cards", "frame", *files, *POOLS, "-o", frame).code == 0
    assert frame.read_text().count("unmatched-") == 4
    assert run("cards", "draw", frame, "--seed", SEED, "--contest", "Council=12", "-o", record).code == 0
    assert run("cards", "redraw", record, frame).code == 0
    listed = json.loads(run("cards", "retrieval", record, "--manifest", files[3], "--json").out)
    cards = [(each["key"][2], each["card"]) for each in listed]
    assert ("1", "unmatched-1") in cards and ("2", "unmatched-2") in cards and ("1", "1-1-4") not in cards


def test_a_frame_without_the_pools_is_a_fault_with_the_remedy(
    run: Run, files: list[str], tmp_path: Path
) -> None:
    """The frame takes the word of records that nobody can match; margins end with 2 and say what to do."""
    frame = str(tmp_path / "frame.csv")
    assert run("cards", "frame", *files, "-o", frame).code == 0
    ran = run("cards", "margins", *files, *POOLS, "--frame", frame)
    said = " ".join(ran.out.split())
    assert ran.code == 2 and "Council: frame.csv lists 10 cards for this contest, and 12 may bear it" in said
    assert "with the same options for pools: --totals, --pool-mode" in said


def test_a_case_makes_the_frame_of_its_files_with_pools(run: Run, files: list[str], tmp_path: Path) -> None:
    """The same cards and styles, under the name of the jurisdiction."""
    _, cards, _, manifest, *totals = files
    assert run("cards", "import", "town", cards, "-j", "Adams", "--manifest", manifest).code == 0
    assert run("cards", "frame", "town", *totals, *POOLS, "-o", tmp_path / "case.csv").code == 0
    assert run("cards", "frame", *files, *POOLS, "-o", tmp_path / "files.csv").code == 0
    case, plain = ((tmp_path / name).read_text() for name in ("case.csv", "files.csv"))
    assert case == plain.replace(",,1,", ",Adams,1,")


@pytest.mark.parametrize(
    ("kept", "words", "said"),
    [(1, ["--batches", *POOLS], "--pool-mode says nothing in a frame of batches"),
     (1, ["--pool-mode", "Drone"], "No card has the way of voting 'Drone'"),
     (0, ["--pool-no-imprint"], "--pool-no-imprint says nothing without cast vote records")],
)  # fmt: skip
def test_pools_that_a_frame_cannot_have_are_refused(
    run: Run, files: list[str], tmp_path: Path, kept: int, words: list[str], said: str
) -> None:
    """Batches have no pools, nor have positions; a way of voting must be one of a card."""
    given = files[:4] if kept else files[2:4]
    ran = run("cards", "frame", *given, *words, "-o", tmp_path / "f.csv")
    assert ran.code == 1 and said in ran.err and not (tmp_path / "f.csv").exists()


def test_totals_that_do_not_fit_are_told_with_the_frame(run: Run, files: list[str], tmp_path: Path) -> None:
    """An unknown batch is said before anything is published, and the end is 2."""
    made.write(TOTALS + "Poles,1,1\n", tmp_path / "totals.csv")
    ran = run("cards", "frame", *files, "-o", tmp_path / "f.csv")
    assert ran.code == 2 and "manifest.csv has no batch 'Poles'" in " ".join(ran.out.split())
