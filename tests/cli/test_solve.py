"""``tallyproof solve``: JSON in, JSON out."""

import io
import json
import sys
from pathlib import Path

import pytest

from .conftest import Run

GEORGIA = {"kind": "needed_share", "lead": 12_828, "remaining": 25_430}


def test_a_file_is_answered(run: Run, tmp_path: Path) -> None:
    """Georgia, 5 November 2020, 20:01 UTC: the trailing candidate needed 75.2 percent."""
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(GEORGIA))
    ran = run("solve", path)
    assert round(json.loads(ran.out)["percent"], 1) == 75.2
    assert (ran.code, ran.err) == (0, "")


def test_standard_input_is_answered(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input; a list gives a list."""
    text = json.dumps([GEORGIA, {"kind": "margin", "votes": {"Ödön": 2, "b": 1}}])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    answers = json.loads(run("solve", "-").out)
    assert [each["kind"] for each in answers] == ["needed_share", "margin"]
    assert answers[1]["winner"] == "Ödön"


def test_a_fault_names_the_problem(run: Run, tmp_path: Path) -> None:
    """Exit 1 with the problem's number and field; nothing is answered in part."""
    path = tmp_path / "problems.json"
    path.write_text(json.dumps([GEORGIA, {**GEORGIA, "lead": -1}]))
    ran = run("solve", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "tallyproof: problem 2: needed_share: expected a whole number >= 0, in 'lead'.\n"


def test_a_folder_is_no_problem(run: Run, tmp_path: Path) -> None:
    """What cannot be opened is named."""
    ran = run("solve", tmp_path)
    assert ran.code == 1
    assert ran.err.startswith(f"tallyproof: {tmp_path} cannot be read")
