"""``tallyproof check``: exit codes, JSON and sentences."""

import json
from pathlib import Path

import pytest

from .conftest import Run
from .files import CLEAN, ERROR, INFO, PAGE, WARNING, written

GRAVEST = {"error": ERROR, "warning": WARNING, "info": INFO, "none": CLEAN}


@pytest.mark.parametrize(
    ("gravest", "fail_on", "code"),
    [
        ("error", "error", 2), ("error", "warning", 2), ("error", "info", 2),
        ("warning", "error", 0), ("warning", "warning", 2), ("warning", "info", 2),
        ("info", "error", 0), ("info", "warning", 0), ("info", "info", 2),
        ("none", "error", 0), ("none", "warning", 0), ("none", "info", 0),
    ],
)  # fmt: skip
def test_exit_code(run: Run, tmp_path: Path, gravest: str, fail_on: str, code: int) -> None:
    """2 where a finding is at least as grave as asked, else 0."""
    ran = run("check", written(tmp_path, GRAVEST[gravest]), "--fail-on", fail_on, "--json")
    severities = [each["severity"] for each in json.loads(ran.out)["findings"]]
    assert min(severities, key=["error", "warning", "info"].index, default="none") == gravest
    assert ran.code == code


def test_without_fail_on_an_error_fails(run: Run, tmp_path: Path) -> None:
    """The default is ``error``."""
    assert run("check", written(tmp_path, ERROR)).code == 2
    assert run("check", written(tmp_path, WARNING)).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "absent.csv"],
        ["check", "{page}"],
        ["check", "{clean}", "--case", "demo"],
        ["check", "{clean}", "--fail-on", "loud"],
        ["check", "{clean}", "--only", "Z9"],
        ["check", "{clean}", "--status", "perhaps"],
        ["check", "{clean}", "--as-of", "yesterday"],
        ["check", "{clean}", "--election", "2016-13-08"],
        ["check", "{clean}", "--importer", "guess"],
        ["check", "{clean}", "--encoding", "klingon"],
        ["check", "{clean}", "--mapping", "absent.toml"],
        ["check", "{clean}", "--output", "findings.pdf"],
        ["check", "{clean}", "--output", "{clean}"],
        ["check", "{clean}", "--unknown-option"],
        ["check", "--case", "nowhere"],
        ["check", "--case", "nowhere", "--previous", "{clean}"],
        ["count"],
        ["count", "--case", "nowhere"],
        ["diff", "{clean}"],
        ["diff", "1", "2", "--case", "nowhere"],
        ["diff", "one", "2", "--case", "nowhere"],
        ["finding", "show", "B2/x", "--case", "nowhere"],
        ["import", "returns", "{clean}"],
        ["import", "returns", "{page}", "--case", "demo"],
        ["import", "returns", "{clean}", "{page}", "--propose"],
        ["import", "undo", "2", "--case", "nowhere", "--reason", "x"],
        ["case", "open", "Not A Name"],
        ["case", "show", "nowhere"],
        ["ledger", "verify", "--case", "nowhere"],
        ["ledger", "verify", "--head", "7"],
        ["ledger", "events", "--case", "nowhere"],
        ["solve", "absent.json"],
        ["solve", "{page}"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_misuse_and_what_cannot_be_read(run: Run, tmp_path: Path, words: list[str]) -> None:
    """Exit 1, one plain sentence on standard error, nothing on standard output."""
    named = {"clean": written(tmp_path, CLEAN), "page": written(tmp_path, PAGE, "page.csv")}
    ran = run(*(word.format(**named) for word in words))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("tallyproof: ")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_a_state_is_one_that_there_is(run: Run, tmp_path: Path) -> None:
    """By code or name, in any case; another word would become part of every contest's id."""
    file = written(tmp_path, ERROR)
    told = [run("check", file, "--state", state, "--json").out for state in ("WI", "wi", "Wisconsin")]
    assert told[0] == told[1] == told[2]
    refused = run("check", file, "--state", "Wisconsinn")
    assert (refused.code, refused.out) == (1, "")
    assert "'Wisconsinn' is no state. Write its postal code, such as WI, or its name." in refused.err


def test_messages_on_misuse_read_well(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A question of the parser ends as one, and the advice on a folder names files of that folder."""
    assert "Did you mean 'check'? See: " in run("chek").err
    monkeypatch.chdir(tmp_path)
    assert run("check", ".").err == "tallyproof: .: is a folder. Name the files in it, such as ./*.csv.\n"
    assert "--cards 1100" in run("plan", "Ann=600", "Bob=400").err


def test_the_sentence_names_the_file(run: Run, tmp_path: Path) -> None:
    """A page saved as a table is named with what to do."""
    ran = run("check", written(tmp_path, CLEAN), written(tmp_path, PAGE, "page.csv"))
    assert ran.err.startswith("tallyproof: page.csv: ")


def test_json_is_exactly_what_is_promised(run: Run, tmp_path: Path) -> None:
    """The names of the object, of a finding and of its source are these and no others."""
    ran = run("check", written(tmp_path, ERROR), "--json")
    report = json.loads(ran.out)
    assert set(report) == {"rows", "findings", "not_checkable"}
    assert report["rows"] == {"read": 4, "stored": 4, "rejected": 0}
    finding = next(each for each in report["findings"] if each["check"] == "B2")
    assert set(finding) == {
        "id", "check", "severity", "contest", "unit", "numbers", "votes_at_stake", "margin", "message",
        "benign", "source",
    }  # fmt: skip
    assert finding["source"] == {"file": written(tmp_path, ERROR).name, "row": 4}
    assert (finding["id"], finding["votes_at_stake"], finding["margin"]) == (
        "B2/wi-president/demo-p-1", 100, 135,
    )  # fmt: skip
    assert finding["benign"]
    assert {tuple(each) for each in report["not_checkable"]} == {("check", "question", "needs")}
    assert ran.err == ""


def test_the_sentences_say_what_does_not_add_up(run: Run, tmp_path: Path) -> None:
    """Rows, how many findings, the largest stake, the finding and its row."""
    out = run("check", written(tmp_path, ERROR)).out
    assert out.startswith("4 rows read, 4 stored, 0 rejected.\n")
    assert "could move 100 votes against a margin of 135" in " ".join(out.split())
    assert "reporting inconsistency; resolve at canvass" in " ".join(out.split())
    assert "row 4" in out
    assert "Cannot be checked with what is here:" in out


def test_nothing_found_is_said(run: Run, tmp_path: Path) -> None:
    """Where everything adds up the answer is one sentence."""
    assert "Nothing found that does not add up." in run("check", written(tmp_path, CLEAN)).out


def test_only_one_check(run: Run, tmp_path: Path) -> None:
    """``--only`` asks one check, in either case of letters."""
    report = json.loads(run("check", written(tmp_path, ERROR), "--only", "b2", "--json").out)
    assert {each["check"] for each in report["findings"]} == {"B2"}
    assert report["not_checkable"] == []


def test_output_is_a_table_and_stdout_stays_the_answer(run: Run, tmp_path: Path) -> None:
    """``--output`` writes the findings and says so on standard error."""
    ran = run("check", written(tmp_path, ERROR), "--json", "--output", tmp_path / "findings.csv")
    report, lines = json.loads(ran.out), (tmp_path / "findings.csv").read_text().splitlines()
    assert len(lines) == len(report["findings"]) + 1
    assert ran.err.endswith(f"written to {tmp_path / 'findings.csv'}.\n")
    assert ran.code == 2


def test_a_case_is_checked_and_the_answer_recorded_once(run: Run, tmp_path: Path) -> None:
    """The first check of a case is an event; a check as of a time, or of one question, is not.

    As of a time before the first import there is nothing to check, and that is no clean answer.
    """
    run("import", "returns", written(tmp_path, ERROR), "--case", "demo", "--as-of", "2016-11-09T12:00Z")
    codes = [
        run("check", "--case", "demo").code,
        run("check", "--case", "demo").code,
        run("check", "--case", "demo", "--as-of", "2016-11-08").code,
        run("check", "--case", "demo", "--only", "B2").code,
    ]
    assert codes == [2, 2, 1, 2]
    kinds = [each["kind"] for each in json.loads(run("ledger", "events", "--case", "demo", "--json").out)]
    assert kinds == ["case opened", "returns imported", "checks answered"]


def test_names_in_files_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """An escape sequence in a unit's name is shown, not sent."""
    ran = run("check", written(tmp_path, ERROR.replace("P-1", "P\x1b[2J1")))
    assert "\x1b" not in ran.out
    assert "\\x1b[2J" in ran.out
