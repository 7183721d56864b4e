"""``tallyproof export``: a file for others, and what is said beside it."""

import csv
import json
from pathlib import Path

from .conftest import Run
from .files import CLEAN, NAME, written


def imported(run: Run, folder: Path, text: str = CLEAN) -> None:
    path = written(folder, text)
    assert run("import", "returns", path, "--case", "demo", "--source", "Demo County Clerk").code == 0


def test_a_report_is_written_and_said(run: Run, tmp_path: Path) -> None:
    """How many numbers, from whom, where, and what has no place in it."""
    imported(run, tmp_path / "in", CLEAN + "Demo,P-1,Straight Party,,DEM,,40\n")
    ran = run("export", "demo", "--output", tmp_path / "out.xml")
    assert ran.code == 0
    plain = " ".join(ran.out.split())
    assert "numbers of Demo County Clerk written to" in plain
    assert "Not in it, because the format has no place for them: 1 straight party." in plain
    assert "The status 'unknown' is written as 'unofficial-partial'." in plain
    head = (tmp_path / "out.xml").read_bytes()[:60]
    assert head.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<ElectionReport")


def test_the_answer_as_json(run: Run, tmp_path: Path) -> None:
    """For scripts."""
    imported(run, tmp_path / "in")
    told = json.loads(run("export", "demo", "-o", tmp_path / "out.json", "--json").out)
    assert (told["event"], told["source"], told["left_out"]) == (2, "Demo County Clerk", {})
    assert told["numbers"] == 4


def test_a_name_that_a_spreadsheet_would_run(run: Run, tmp_path: Path) -> None:
    """It is written behind an apostrophe, and read without it: nothing changed."""
    imported(run, tmp_path / "in", CLEAN.replace("Ann Adams", "=HYPERLINK(1)"))
    assert run("export", "demo", "-o", tmp_path / "out.csv").code == 0
    with (tmp_path / "out.csv").open(newline="") as stream:
        assert "'=HYPERLINK(1)" in {row["choice"] for row in csv.DictReader(stream)}
    ran = run("diff", tmp_path / "in" / NAME, tmp_path / "out.csv", "--json")
    told = json.loads(ran.out)
    assert (told["compared"], told["changes"], told["added"], told["removed"]) == (4, [], [], [])


def test_options_that_would_say_nothing_are_refused(run: Run, tmp_path: Path) -> None:
    """A table has no issuer."""
    imported(run, tmp_path / "in")
    ran = run("export", "demo", "-o", tmp_path / "out.csv", "--issuer", "Board")
    assert (ran.code, ran.err) == (1, "tallyproof: --issuer says nothing in a table. Leave it out.\n")


def test_a_case_that_is_not_there(run: Run, tmp_path: Path) -> None:
    """One sentence, and no file."""
    ran = run("export", "nowhere", "-o", tmp_path / "out.json")
    assert ran.code == 1 and "nowhere" in ran.err
    assert not (tmp_path / "out.json").exists()
