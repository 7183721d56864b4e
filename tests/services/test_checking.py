"""Checking a case or plain files: as of a time, against older returns, kept until something changes."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tallyproof.checks import catalogue
from tallyproof.checks.catalogue import Report
from tallyproof.checks.material import Material
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.errors import AccessError, RequestError
from tallyproof.services import cases, checking, reports
from tallyproof.services.access import READER, Actor
from tallyproof.services.importing import import_returns, undo_import
from tallyproof.services.reading import Request
from tallyproof.services.reports import Checked
from tallyproof.services.workspace import Workspace

from .county import CLEAN, FAULT, FAULTY, FIRST, SECOND, asked, written


def ids(checked: Checked, which: str = "B2") -> list[str]:
    """The ids of what one check found."""
    return [each.id for each in checked.findings if each.check == which]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Material]]:
    """The materials on which the checks were really run."""
    seen: list[Material] = []
    real = catalogue.run

    def counting(material: Material, only: object = ()) -> Report:
        seen.append(material)
        return real(material, only)  # type: ignore[arg-type]

    monkeypatch.setattr(catalogue, "run", counting)
    yield seen


@pytest.fixture
def demo(workspace: Workspace, clerk: Actor, tmp_path: Path) -> Workspace:
    """A case whose first version has a fault that the second corrects."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "1", FAULTY), as_of=FIRST))
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "2", CLEAN), as_of=SECOND))
    return workspace


def test_a_fault_is_found_at_its_file_and_row(tmp_path: Path) -> None:
    """Files are checked without a case; the finding names the row to look at."""
    checked = checking.check_files(Request((written(tmp_path, FAULTY),)))
    found = next(each for each in checked.findings if each.check == "B2")
    assert (found.id, found.severity, found.source.row) == (FAULT, Severity.ERROR, 4)
    assert dict(checked.rows) == {"read": 8, "stored": 8, "rejected": 0}


def test_a_clean_file_has_no_error(tmp_path: Path) -> None:
    """Where everything adds up no finding is an error."""
    assert not checking.check_files(Request((written(tmp_path),))).at_or_above(Severity.ERROR)


def test_checking_files_keeps_nothing(tmp_path: Path, workspace: Workspace) -> None:
    """No case and no original come of checking plain files."""
    checking.check_files(Request((written(tmp_path, FAULTY),)))
    assert workspace.ledger.cases() == []
    assert not list(Path(workspace.place).rglob("files/*"))


def test_ballots_of_another_source_make_a_warning(tmp_path: Path) -> None:
    """The same impossible numbers from two sources are a warning that the two disagree."""
    votes = "".join(line + "\n" for line in FAULTY.splitlines() if "Ballots" not in line)
    ballots = "".join(
        line + "\n" for line in CLEAN.splitlines() if "Ballots" in line or line.startswith("county")
    )
    files = (
        written(tmp_path, votes),
        written(tmp_path, ballots, "20161108__wi__general__demo__ballots__precinct.csv"),
    )
    found = [each for each in checking.check_files(Request(files)).findings if each.check == "B2"]
    assert [each.severity for each in found] == [Severity.WARNING]
    together = checking.check_files(Request(files, source="Demo County Clerk")).findings
    assert [each.severity for each in together if each.check == "B2"] == [Severity.ERROR]


def test_a_source_in_several_files_is_one_snapshot(tmp_path: Path) -> None:
    """Where a source is named, its snapshot holds all its files."""
    files = (written(tmp_path), written(tmp_path, CLEAN.replace("Demo", "Rock"), "rock.csv"))
    snapshots = checking.check_files(Request(files, source="Clerk", state="WI")).snapshots or {}
    assert [[file.name for file in each.files] for each in snapshots.values()] == [
        [file.name for file in files]
    ]


def test_a_case_is_checked_by_its_newest_version(demo: Workspace, clerk: Actor) -> None:
    """The corrected version stands; the fault of the older one is history."""
    assert ids(checking.check_case(demo, clerk, "demo")) == []
    material = checking.material_of(demo, clerk, "demo")
    assert [snapshot.sequence for snapshot, _ in material.earlier] == [2]


def test_a_case_is_checked_as_of_a_time(demo: Workspace, clerk: Actor) -> None:
    """As of the first day only the first version is known, with its fault; the day before nothing is."""
    assert ids(checking.check_case(demo, clerk, "demo", as_of=FIRST)) == [FAULT]
    before = checking.check_case(demo, clerk, "demo", as_of=datetime(2016, 11, 8, tzinfo=UTC))
    assert (before.findings, before.rows["read"]) == ((), 0)


def test_an_older_election_is_what_came_before(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Returns of an election before are compared with and never added, whichever was imported first."""
    older = written(tmp_path, CLEAN, "20121106__wi__general__demo__precinct.csv")
    oldest = written(tmp_path, CLEAN + "\n", "20081104__wi__general__demo__precinct.csv")
    import_returns(workspace, clerk, "demo", asked(older, source="Archive"))
    import_returns(workspace, clerk, "demo", asked(oldest, source="Archive"))
    import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    material = checking.material_of(workspace, clerk, "demo")
    assert material.returns["snapshot"].unique().to_list() == ["import-4"]
    assert material.previous is not None
    assert material.previous["snapshot"].unique().to_list() == ["import-2"]


def test_files_of_two_elections_are_told_apart(tmp_path: Path, runs: list[Material]) -> None:
    """Given together, the older election's file is what the newer is compared with."""
    older = written(tmp_path, FAULTY, "20121106__wi__general__demo__precinct.csv")
    checked = checking.check_files(Request((older, written(tmp_path))))
    assert ids(checked) == []
    assert runs[0].previous is not None
    assert runs[0].previous.height == runs[0].returns.height


def test_previous_and_earlier_are_given_by_request(tmp_path: Path, runs: list[Material]) -> None:
    """``previous`` and ``earlier`` reach the checks as the election before and as older versions."""
    checking.check_files(
        Request((written(tmp_path),)),
        previous=Request((written(tmp_path / "p", CLEAN, "before.csv"),), state="WI"),
        earlier=Request((written(tmp_path / "e", FAULTY),)),
    )
    assert runs[0].previous is not None
    assert [snapshot.source_id for snapshot, _ in runs[0].earlier] == [
        snapshot.source_id for snapshot in runs[0].snapshots.values()
    ]


def test_the_answer_is_kept_until_the_case_changes(
    workspace: Workspace, clerk: Actor, tmp_path: Path, runs: list[Material]
) -> None:
    """Asked again the checks do not run; after an import or an undo they do."""
    first = import_returns(workspace, clerk, "demo", asked(written(tmp_path / "1", FAULTY)))
    found = [ids(checking.check_case(workspace, clerk, "demo")) for _ in range(2)]
    assert (found, len(runs)) == ([[FAULT], [FAULT]], 1)
    second = import_returns(workspace, clerk, "demo", asked(written(tmp_path / "2"), as_of=SECOND))
    assert (ids(checking.check_case(workspace, clerk, "demo")), len(runs)) == ([], 2)
    undo_import(workspace, clerk, "demo", second.record.sequence, "wrong file")
    assert (ids(checking.check_case(workspace, clerk, "demo")), len(runs)) == ([FAULT], 2)
    undo_import(workspace, clerk, "demo", first.record.sequence, "wrong file")
    assert (ids(checking.check_case(workspace, clerk, "demo")), len(runs)) == ([], 3)


def test_a_kept_answer_is_the_answer(demo: Workspace, clerk: Actor) -> None:
    """What is read back equals what was found, and a damaged copy is made anew."""
    made = checking.check_case(demo, clerk, "demo", as_of=FIRST)
    assert checking.check_case(demo, clerk, "demo", as_of=FIRST).findings == made.findings
    for path in Path(demo.place).rglob("reports/*.json"):
        path.write_text("damaged")
    assert checking.check_case(demo, clerk, "demo", as_of=FIRST).findings == made.findings


def test_only_some_checks_are_not_kept_as_the_answer(demo: Workspace, clerk: Actor) -> None:
    """Asking for one check answers that one and leaves the whole answer alone."""
    some = checking.check_case(demo, clerk, "demo", as_of=FIRST, only=["B4"])
    assert (ids(some), some.findings) == ([], ())
    assert ids(checking.check_case(demo, clerk, "demo", as_of=FIRST)) == [FAULT]


def test_an_answer_is_recorded_only_when_it_changed(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """The ledger holds each answer once, in order, with the number of findings by severity."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "1", FAULTY)))
    checked = checking.check_case(workspace, clerk, "demo")
    assert [checking.record_answer(workspace, clerk, "demo", checked) for _ in range(2)] == [True, False]
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "2"), as_of=SECOND))
    assert checking.record_answer(workspace, clerk, "demo", checking.check_case(workspace, clerk, "demo"))
    answers = [event.body for event in workspace.ledger.events("demo") if event.kind == cases.ANSWERED]
    assert [body["findings"]["error"] for body in answers] == [1, 0]  # type: ignore[call-overload, index]
    with workspace.files.open(str(answers[0]["report"])) as stream:
        assert FAULT in [each["id"] for each in json.load(stream)["findings"]]


def test_who_may_not_read_is_refused(demo: Workspace) -> None:
    """Checking and recording ask for their rights."""
    nobody = Actor("nobody", frozenset())
    with pytest.raises(AccessError):
        checking.check_case(demo, nobody, "demo")
    checked = checking.check_case(demo, READER, "demo")
    with pytest.raises(AccessError):
        checking.record_answer(demo, READER, "demo", checked)


def test_an_unknown_case_is_named(workspace: Workspace, clerk: Actor) -> None:
    """The sentence names the cases there are."""
    with pytest.raises(RequestError, match=r"There is no case 'nope'\. Known cases: none yet\."):
        checking.check_case(workspace, clerk, "nope")


def test_the_json_is_what_is_promised() -> None:
    """A finding has exactly the promised names; numbers that JSON cannot hold become text or null."""
    finding = Finding(
        "B2", Severity.ERROR, "wi-president", "Sauk", "Too many.",
        {"x": 2_485, "z": float("inf"), "r": float("nan")}, 2_485, 22_177, ("entered twice",),
        Source("a.csv", 4, "votes", "import-2"), (Source("b.csv", 9),),
    )  # fmt: skip
    shown = reports.to_json(Checked({"read": 1, "stored": 1, "rejected": 0}, (finding,), ()))
    assert json.loads(json.dumps(shown, allow_nan=False)) == {
        "rows": {"read": 1, "stored": 1, "rejected": 0},
        "findings": [
            {
                "id": "B2/wi-president/sauk", "check": "B2", "severity": "error", "contest": "wi-president",
                "unit": "Sauk", "numbers": {"x": 2485, "z": "inf", "r": None}, "votes_at_stake": 2485,
                "margin": 22177, "message": "Too many.", "benign": ["entered twice"],
                "source": {"file": "a.csv", "row": 4},
            }
        ],
        "not_checkable": [],
    }  # fmt: skip


def test_a_case_opened_for_a_day_compares_with_the_days_before(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """In a case that was opened for 2016 a file of 2012 is what came before, though it is alone."""
    cases.open_case(workspace, clerk, "demo", election=date(2016, 11, 8))
    older = written(tmp_path, FAULTY, "20121106__wi__general__demo__precinct.csv")
    import_returns(workspace, clerk, "demo", asked(older))
    assert ids(checking.check_case(workspace, clerk, "demo")) == []
