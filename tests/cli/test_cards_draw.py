"""``tallyproof cards frame``, ``draw``, ``redraw`` and ``retrieval``: what is printed, and how it ends."""

import csv
import json
from pathlib import Path

import pytest

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest

from .conftest import Run

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Council", ("P", "Q"))]
CARDS = [
    MadeCard("1", str(batch), str(place), {0: ((0,),)} if place % 2 else {0: ((1,),), 1: ((1,),)})
    for batch in (9, 10)
    for place in range(1, 9)
]
MANIFEST = "Tabulator,Batch Name,Number of Ballots,Container\n1,9,8,Box B\n1,10,9,Box A\n"
SEED = "53417960661093690826"


@pytest.fixture
def frame(run: Run, tmp_path: Path) -> Path:
    """A frame of 16 cards and one that has no record."""
    cards = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")
    (tmp_path / "manifest.csv").write_text(MANIFEST)
    ran = run("cards", "frame", "--manifest", tmp_path / "manifest.csv", "--cards", cards,
              "--output", tmp_path / "frame.csv")  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    assert "17 cards in 2 batches" in ran.out and "SHA-256" in ran.out
    return tmp_path / "frame.csv"


def test_two_rounds_a_list_and_the_redraw(run: Run, frame: Path, tmp_path: Path) -> None:
    """From the frame to the list of cards: each command reads what the one before wrote."""
    first, second, pulls = tmp_path / "1.json", tmp_path / "2.json", tmp_path / "pulls.csv"
    digest = json.loads(run("cards", "draw", frame, "--seed", SEED, "--size", "1", "--json").out)["frame"][
        "sha256"
    ]
    ran = run("cards", "draw", frame, "--seed", SEED, "--contest", "Mayor=4", "--contest", "Council=3",
              "--frame-hash", digest, "-o", first)  # fmt: skip
    assert ran.code == 0 and "Method  consistent" in ran.out and "Compare" not in ran.out
    ran = run("cards", "draw", frame, "--round", first, "--contest", "Mayor=9", "-o", second)
    assert ran.code == 0 and "Round 2: " in ran.out
    ran = run("cards", "redraw", second, frame)
    assert ran.code == 0 and "agrees" in ran.out
    manifest = tmp_path / "manifest.csv"
    ran = run("cards", "retrieval", second, "--manifest", manifest, "-o", pulls)
    rows = list(csv.DictReader(pulls.open(encoding="utf-8-sig", newline="")))
    assert ran.code == 0 and [row["place"] for row in rows] == sorted(row["place"] for row in rows)
    assert len(rows) == len(json.loads(run("cards", "retrieval", second, "--json").out))


def test_an_altered_frame_is_not_drawn_from(run: Run, frame: Path) -> None:
    """One card renamed: the hash that was published is not that of the file, and nothing is printed."""
    digest = json.loads(run("cards", "draw", frame, "--seed", SEED, "--size", "1", "--json").out)["frame"][
        "sha256"
    ]
    frame.write_text(frame.read_text().replace("1-9-3", "1-9-30"))
    ran = run("cards", "draw", frame, "--seed", SEED, "--size", "3", "--frame-hash", digest)
    assert (ran.code, ran.out) == (1, "") and "is not the frame that was published" in ran.err


def test_a_record_that_was_altered_ends_in_2(run: Run, frame: Path, tmp_path: Path) -> None:
    """The draw that is another is named, for people and for programs."""
    record = tmp_path / "1.json"
    run("cards", "draw", frame, "--seed", SEED, "--size", "3", "-o", record)
    record.write_text(record.read_text().replace('"batch": "9"', '"batch": "10"', 1))
    ran = run("cards", "redraw", record, frame)
    assert ran.code == 2 and "is listed as" in ran.out
    told = json.loads(run("cards", "redraw", record, frame, "--json").out)
    assert not told["agrees"] and len(told["differences"]) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--seed", "1234", "--size", "3"], "'seed' is too short: it has 4 decimal digits"),
        (["--size", "3"], "'seed' is empty"),
        (["--seed", SEED], "Say how many are drawn"),
        (["--seed", SEED, "--contest", "Mayor"], "--contest is NAME=SIZE"),
        (
            ["--seed", SEED, "--contest", "Mayor=2", "--contest", "Mayor=3"],
            "--contest is said twice of Mayor",
        ),
        (["--seed", SEED, "--contest", "Mayer=2"], "The closest is 'Mayor'"),
        (["--seed", SEED, "--size", "3", "--method", "lots"], "'lots' is not a method"),
        (["--seed", SEED, "--size", "3", "--numpy", "3"], "--numpy is 1 or 2"),
        (["--seed", SEED, "--size", "3", "-o", "record.csv"], "is JSON"),
        (["--seed", SEED, "--size", "99", "--without-replacement"], "more than the 17 there are"),
    ],
)
def test_what_cannot_be_drawn_is_said(run: Run, frame: Path, words: list[str], sentence: str) -> None:
    """One sentence, exit 1, nothing on standard output."""
    ran = run("cards", "draw", frame, *words)
    assert (ran.code, ran.out) == (1, "") and sentence in ran.err


def test_a_round_says_what_its_record_decides(run: Run, frame: Path, tmp_path: Path) -> None:
    """Another seed or method beside --round is refused."""
    record = tmp_path / "1.json"
    run("cards", "draw", frame, "--seed", SEED, "--size", "3", "-o", record)
    other = run("cards", "draw", frame, "--round", record, "--size", "3", "--seed", "1" * 20)
    assert other.code == 1 and "Rounds share a seed" in other.err
    other = run("cards", "draw", frame, "--round", record, "--size", "3", "--method", "rivest")
    assert other.code == 1 and "beside --round" in other.err


def test_a_frame_needs_a_case_or_files(run: Run, tmp_path: Path) -> None:
    """Neither, both, a strange ending, a strange order: each has its sentence."""
    (tmp_path / "manifest.csv").write_text(MANIFEST)
    listed = ["--manifest", tmp_path / "manifest.csv"]
    for words, sentence in (
        (["-o", tmp_path / "f.csv"], "either a case or files"),
        (["town", *listed, "-o", tmp_path / "f.csv"], "either a case or files"),
        ([*listed, "-o", tmp_path / "f.txt"], "Name such a file"),
        ([*listed, "-o", tmp_path / "f.csv", "--order", "best"], "not 'best'"),
    ):
        ran = run("cards", "frame", *words)
        assert ran.code == 1 and sentence in ran.err
    ran = run("cards", "frame", *listed, "--batches", "-o", tmp_path / "f.csv", "--json")
    assert ran.code == 0 and json.loads(ran.out)["cards"] == 17


def test_a_case_makes_the_frame_that_its_files_make(run: Run, frame: Path, tmp_path: Path) -> None:
    """Imported cards and manifest give the same lines as the files, under the name of the jurisdiction."""
    words = ["town", tmp_path / "cards.csv", "-j", "Adams", "--manifest", tmp_path / "manifest.csv"]
    assert run("cards", "import", *words, "--source", "Adams").code == 0
    ran = run("cards", "frame", "town", "-o", tmp_path / "case.csv")
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "case.csv").read_text() == frame.read_text().replace(",,1,", ",Adams,1,")
    ran = run("cards", "frame", "village", "-o", tmp_path / "village.csv")
    assert ran.code == 1 and "no case 'village'" in ran.err


def test_a_frame_or_a_draw_that_is_there_stays(run: Run, frame: Path, tmp_path: Path) -> None:
    """What was published before the seed, and what was drawn by it, is never written over."""
    record = tmp_path / "draw.json"
    draw = ["cards", "draw", frame, "--seed", "53417960661093690826", "--size", 2, "-o", record]
    assert run(*draw).code == 0
    before = (frame.read_bytes(), record.read_bytes())
    for words in (draw, ["cards", "frame", "--manifest", tmp_path / "manifest.csv", "-o", frame]):
        ran = run(*words)
        assert ran.code == 1 and "is there already" in ran.err
    assert (frame.read_bytes(), record.read_bytes()) == before


def test_rows_left_out_of_a_frame_are_told_with_exit_2(run: Run, tmp_path: Path) -> None:
    """A row of a manifest that is no batch may stand for cards that cannot be drawn."""
    (tmp_path / "manifest.csv").write_text(MANIFEST + "1,11,many,Box C\n")
    ran = run("cards", "frame", "--manifest", tmp_path / "manifest.csv", "-o", tmp_path / "f.csv")
    assert (
        ran.code == 2 and "row 4: 'many'" in ran.out and "it is not in the frame" in " ".join(ran.out.split())
    )
