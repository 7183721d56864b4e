"""Import, undo, count, diff, findings and cases on the command line."""

import json
from pathlib import Path

import pytest

from .conftest import Run
from .files import CLEAN, ERROR, PAGE, written

FAULT = "B2/wi-president/demo-p-1"


@pytest.fixture
def demo(run: Run, tmp_path: Path) -> Run:
    """A case with a faulty version and its correction."""
    for number, (text, day) in enumerate([(ERROR, "09"), (CLEAN, "22")]):
        path = written(tmp_path / str(number), text)
        run(
            "import",
            "returns",
            path,
            "--case",
            "demo",
            "--source",
            "Clerk",
            "--as-of",
            f"2016-11-{day}T12:00Z",
        )
    return run


def test_an_import_says_what_came(run: Run, tmp_path: Path) -> None:
    """Rows, importer, hash, event, and what to do next."""
    ran = run("import", "returns", written(tmp_path, CLEAN), "--case", "demo")
    assert ran.out.startswith("Opened the case demo.\n")
    assert "read as openelections, SHA-256 " in ran.out
    assert "4 rows read, 4 stored, 0 rejected (event 2)." in ran.out
    assert "tallyproof import undo 2 --case demo" in ran.out
    again = run("import", "returns", written(tmp_path, CLEAN), "--case", "demo")
    assert again.out == "Already imported as event 2 of case demo; nothing changed.\n"


def test_an_import_as_json(run: Run, tmp_path: Path) -> None:
    """Rows, files with their hashes, rejections and remarks."""
    path = written(tmp_path, CLEAN + "Demo,P-2,President\n")
    told = json.loads(run("import", "returns", path, "--case", "demo", "--json").out)
    assert told["rows"] == {"read": 5, "stored": 4, "rejected": 1}
    assert [(each["row"], each["file"]) for each in told["rejections"]] == [(6, path.name)]
    assert [len(each["sha256"]) for each in told["files"]] == [64]


def test_nothing_is_half_imported(run: Run, home: Path, tmp_path: Path) -> None:
    """One unreadable file of two leaves no case behind."""
    ran = run(
        "import", "returns", written(tmp_path, CLEAN), written(tmp_path, PAGE, "page.csv"), "--case", "demo"
    )
    assert ran.code == 1
    assert run("case", "list").out.startswith("No cases yet.")


def test_undo_takes_an_import_back(demo: Run) -> None:
    """The count goes back to the version before, and the case shows what was undone."""
    ran = demo("import", "undo", 3, "--case", "demo", "--reason", "not certified")
    assert ran.out == "Import 3 of case demo is undone (event 4); 1 import counts.\n"
    assert json.loads(demo("count", "--case", "demo", "--json").out)["contests"][0]["leader"] == "Ann Adams"
    assert "undone" in demo("case", "show", "demo").out
    assert demo("import", "undo", 3, "--case", "demo", "--reason", "again").code == 1


def test_a_mapping_is_drafted_and_used(run: Run, tmp_path: Path) -> None:
    """A table of unknown layout is refused with a hint; the draft of ``--propose`` reads it."""
    table = written(tmp_path, WIDE, "odd.csv")
    refused = run("import", "returns", table, "--case", "odd", "--state", "WI")
    assert (refused.code, "--propose" in refused.err) == (1, True)
    draft = run("import", "returns", "--propose", table)
    assert draft.code == 0
    mapping = written(tmp_path, draft.out, "odd.toml")
    refused = run("import", "returns", table, "--case", "odd", "--state", "WI", "--mapping", mapping)
    assert (refused.code, "does not name the contest yet" in refused.err) == (1, True)
    mapping = written(tmp_path, draft.out.replace("Unnamed contest", "President"), "odd.toml")
    ran = run("import", "returns", table, "--case", "odd", "--state", "WI", "--mapping", mapping, "--json")
    assert json.loads(ran.out)["rows"] == {"read": 2, "stored": 2, "rejected": 0}


def test_a_mapping_reads_what_no_importer_knows(run: Run, tmp_path: Path) -> None:
    """With a mapping file the same table is imported, and ``diff`` can be given one for each side."""
    table = written(tmp_path, "Kreis,Bezirk,T,C\nRock,W-1,100,90\nRock,W-2,80,95\n", "odd.csv")
    mapping = written(tmp_path, MAPPING.format(first="T", second="C"), "odd.toml")
    swapped = written(tmp_path, MAPPING.format(first="C", second="T"), "swapped.toml")
    ran = run("import", "returns", table, "--case", "odd", "--mapping", mapping, "--json")
    assert json.loads(ran.out)["rows"] == {"read": 2, "stored": 2, "rejected": 0}
    found = json.loads(
        run("diff", table, table, "--mapping", mapping, "--after-mapping", swapped, "--json").out
    )
    assert (len(found["changes"]), found["units"]) == (4, ["Rock, W-1", "Rock, W-2"])


WIDE = """County,Ward,Donald Trump,Hillary Clinton
Rock,W-1,100,90
Rock,W-2,80,95
"""
MAPPING = """
[columns]
county = "Kreis"
unit = "Bezirk"
[constants]
state = "WI"
office = "President"
[[choices]]
column = "{first}"
name = "Donald Trump"
[[choices]]
column = "{second}"
name = "Hillary Clinton"
"""


def test_a_mapping_that_names_no_column_of_the_table_is_told(run: Run, tmp_path: Path) -> None:
    """The sentence names the mapping with its line, the table and the column."""
    table = written(tmp_path, WIDE, "odd.csv")
    mapping = written(tmp_path, MAPPING.format(first="T", second="C"), "odd.toml")
    ran = run("import", "returns", table, "--case", "odd", "--mapping", mapping)
    assert (ran.code, ran.out) == (1, "")
    for part in ("odd.toml, line", "odd.csv", "'Kreis'"):
        assert part in ran.err


def test_the_count_in_a_sentence(demo: Run) -> None:
    """One contest is told in a sentence with its choices, now and as of the first day."""
    assert "Wisconsin: Ann Adams leads by 35 of 485 votes" in " ".join(
        demo("count", "--case", "demo").out.split()
    )
    before = demo("count", "--case", "demo", "--as-of", "2016-11-10").out
    assert "Ann Adams leads by 135 of 585 votes" in " ".join(before.split())


def test_the_count_as_json(demo: Run) -> None:
    """Leader, margin, total, status, source and choices of each contest."""
    [contest] = json.loads(demo("count", "--case", "demo", "--json").out)["contests"]
    assert (contest["leader"], contest["runner_up"], contest["margin"], contest["total"]) == (
        "Ann Adams", "Bob Baker", 35, 485,
    )  # fmt: skip
    assert (contest["as_of"], contest["source"], contest["seats"], contest["unknown_cells"]) == (
        "2016-11-22T12:00:00+00:00", "Clerk", 1, 0,
    )  # fmt: skip
    assert [(each["choice"], each["votes"]) for each in contest["choices"]] == [
        ("Ann Adams", 260), ("Bob Baker", 225),
    ]  # fmt: skip


def test_the_difference_between_two_imports(demo: Run, tmp_path: Path) -> None:
    """In sentences, as JSON and as a table."""
    out = demo("diff", 2, 3, "--case", "demo").out
    assert out.startswith("1 of 4 numbers changed, in 1 unit.\nwi-president: margin 135 (Ann Adams) → 35")
    told = json.loads(demo("diff", 2, 3, "--case", "demo", "--json").out)
    assert [(each["unit"], each["before"], each["after"], each["by"]) for each in told["changes"]] == [
        ("Demo, P-1", 360, 260, -100)
    ]
    assert (told["added"], told["removed"]) == ([], [])
    demo("diff", 2, 3, "--case", "demo", "--output", tmp_path / "d.xlsx")
    assert (tmp_path / "d.xlsx").read_bytes().startswith(b"PK")


def test_the_difference_between_two_files(run: Run, tmp_path: Path) -> None:
    """Without a case; units that came or went are named."""
    old = written(tmp_path / "1", CLEAN)
    new = written(tmp_path / "2", CLEAN.replace("P-1", "P-9"))
    out = run("diff", old, new).out
    assert "No longer there: Demo, P-1" in out
    assert "New: Demo, P-9" in out
    assert run("diff", old, old).out == "No number changed among 4 compared.\n"


def test_a_finding_from_open_to_resolved(run: Run, tmp_path: Path) -> None:
    """Shown with question, numbers, innocent explanations and source row; explained, resolved, reopened."""
    run("import", "returns", written(tmp_path, ERROR), "--case", "demo")
    shown = run("finding", "show", FAULT, "--case", "demo").out
    for part in (
        f"{FAULT}  (open)",
        "Question: ",
        "Formula: ",
        "Numbers: votes = 585",
        "candidate: Ann Adams",
    ):
        assert part in shown
    said = ("--case", "demo", "--words", "Read twice.", "--note", "secret", "--by", "Jane Doe")
    cite = ("--cite", "Letter of the clerk")
    assert run("finding", "explain", FAULT, *said, *cite).out == f"Finding {FAULT} is explained.\n"
    assert f"[{FAULT}] (explained)" in run("check", "--case", "demo").out
    assert run("finding", "resolve", FAULT, *said, *cite).out == f"Finding {FAULT} is resolved.\n"
    assert run("finding", "explain", FAULT, *said, *cite).code == 1
    assert run("finding", "reopen", FAULT, *said).out == f"Finding {FAULT} is open.\n"
    told = run("finding", "show", FAULT, "--case", "demo", "--json").out
    assert [step["kind"] for step in json.loads(told)["history"]] == [
        "finding explained", "finding resolved", "finding reopened",
    ]  # fmt: skip
    assert "secret" not in told
    assert "Jane Doe" not in told + run("ledger", "events", "--case", "demo", "--json").out


def test_a_long_explanation_is_one_entry_of_its_list(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 80 columns its second line stands under its first word, with no mark of its own."""
    monkeypatch.setenv("COLUMNS", "80")
    run("import", "returns", written(tmp_path, ERROR), "--case", "demo")
    shown = run("finding", "show", FAULT, "--case", "demo").out
    assert "one sheet of a two-sheet\n    ballot\n  - one set" in shown


def test_a_case_without_returns_is_not_said_to_add_up(run: Run, tmp_path: Path) -> None:
    """Nothing to check is no answer: exit 1, and none is recorded; also where all imports are undone."""
    run("case", "open", "demo")
    ran = run("check", "--case", "demo")
    assert (ran.code, ran.out) == (1, "")
    assert "Case demo has no returns yet, so there is nothing to check. Import some: " in ran.err
    assert "checks answered" not in run("ledger", "events", "--case", "demo").out
    run("import", "returns", written(tmp_path, ERROR), "--case", "demo")
    assert run("check", "--case", "demo").code == 2
    run("import", "undo", 2, "--case", "demo", "--reason", "wrong file")
    assert run("check", "--case", "demo").code == 1


def test_one_of_a_thing_is_said_of_one(run: Run, tmp_path: Path) -> None:
    """One event, one row, one number: the words follow the number."""
    run("case", "open", "demo")
    assert ", 1 event, head " in run("case", "show", "demo").out
    one = written(tmp_path, "county,precinct,office,party,candidate,votes\nDemo,Ash,Sheriff,,Ann,5\n")
    imported = run("import", "returns", one, "--case", "demo").out
    assert "\n1 row read, 1 stored, 0 rejected (event 2)." in imported
    assert run("check", "--case", "demo").out.startswith("1 row read, 1 stored, 0 rejected.")
    assert run("export", "demo", "--output", tmp_path / "out.csv").out.startswith("1 number of ")


def test_cases_are_opened_and_listed(run: Run) -> None:
    """A case can be opened before anything is imported."""
    assert run("case", "open", "rock", "--title", "Rock County", "--election", "2016-11-08").code == 0
    assert "Rock County" in run("case", "list").out
    [told] = json.loads(run("case", "list", "--json").out)
    assert (told["case"], told["election"], told["imports"]) == ("rock", "2016-11-08", 0)
    assert "has no contest with votes yet" in run("count", "--case", "rock").out.replace("\n", " ")
