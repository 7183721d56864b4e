"""The life of a finding, what stays secret of it, and the source rows behind it."""

import gzip
import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.errors import AccessError, RequestError
from tallyproof.services import cases, checking, findings, reports
from tallyproof.services.access import READER, Actor
from tallyproof.services.importing import import_returns
from tallyproof.services.workspace import Workspace

from .county import CLEAN, FAULT, FAULTY, HEADER, SECOND, asked, written

WORDS, CITE = "One memory stick was read twice.", "Letter of the clerk, 2016-11-10"
NOTE = "called Jane at home"


@pytest.fixture
def demo(workspace: Workspace, clerk: Actor, tmp_path: Path) -> Workspace:
    """A case with one error."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "1", FAULTY)))
    return workspace


def stands(workspace: Workspace, actor: Actor) -> str:
    """The state of the fault."""
    return findings.finding(workspace, actor, "demo", FAULT).life.state


def test_a_finding_lives_from_open_to_reopened(demo: Workspace, clerk: Actor) -> None:
    """Open, explained, resolved, opened again: each step with actor, time, words and citation."""
    states = [stands(demo, clerk)]
    findings.explain(demo, clerk, "demo", FAULT, WORDS, CITE)
    states.append(stands(demo, clerk))
    findings.resolve(demo, clerk, "demo", FAULT, "Corrected to 260.", "Canvass statement")
    states.append(stands(demo, clerk))
    findings.reopen(demo, clerk, "demo", FAULT, "The tape says 261.")
    states.append(stands(demo, clerk))
    assert states == ["open", "explained", "resolved", "open"]
    history = findings.finding(demo, clerk, "demo", FAULT).life.history
    assert [(step.kind, step.words, step.cite, step.actor) for step in history] == [
        (cases.EXPLAINED, WORDS, CITE, "terminal"),
        (cases.RESOLVED, "Corrected to 260.", "Canvass statement", "terminal"),
        (cases.REOPENED, "The tape says 261.", "", "terminal"),
    ]
    assert all(datetime.fromisoformat(step.at).tzinfo for step in history)


def test_each_refusal_says_what_is_wrong(demo: Workspace, clerk: Actor) -> None:
    """A missing citation, missing words, an unknown finding and a step from the wrong state are refused."""
    with pytest.raises(RequestError, match=r"where they stand .* with --cite"):
        findings.explain(demo, clerk, "demo", FAULT, WORDS, " ")
    with pytest.raises(RequestError, match="own words with --words"):
        findings.explain(demo, clerk, "demo", FAULT, "", CITE)
    with pytest.raises(RequestError, match="record that settles it with --cite"):
        findings.resolve(demo, clerk, "demo", FAULT, WORDS, "")
    with pytest.raises(RequestError, match="why it is opened again"):
        findings.reopen(demo, clerk, "demo", FAULT, "")
    with pytest.raises(RequestError, match="is open; it cannot be open from there"):
        findings.reopen(demo, clerk, "demo", FAULT, "why")
    with pytest.raises(RequestError, match="has no finding 'B2/other'"):
        findings.explain(demo, clerk, "demo", "B2/other", WORDS, CITE)
    findings.resolve(demo, clerk, "demo", FAULT, WORDS, CITE)
    with pytest.raises(RequestError, match="is resolved; it cannot be explained"):
        findings.explain(demo, clerk, "demo", FAULT, WORDS, CITE)


def test_a_reader_explains_nothing(demo: Workspace) -> None:
    """Who only reads sees a finding and cannot change where it stands."""
    assert stands(demo, READER) == "open"
    with pytest.raises(AccessError, match="reader may not explain"):
        findings.explain(demo, READER, "demo", FAULT, WORDS, CITE)


def test_note_and_name_are_only_committed(demo: Workspace, clerk: Actor) -> None:
    """Neither the secret note nor the actor's name stands in an event, in a report or in the events table."""
    findings.explain(demo, clerk, "demo", FAULT, WORDS, CITE, note=NOTE)
    events = [[event.actor, event.kind, event.body] for event in demo.ledger.events("demo")]
    published = json.dumps(reports.to_json(checking.check_case(demo, clerk, "demo")))
    with sqlite3.connect(Path(demo.place) / "ledger.sqlite3") as database:
        rows = database.execute("SELECT * FROM events").fetchall()
        opened = [row[0] for row in database.execute("SELECT value FROM openings")]
    for text in (json.dumps(events), published, json.dumps(rows)):
        assert NOTE not in text
        assert clerk.name not in text
    assert json.dumps(NOTE) in opened
    assert set(events[-1][2]["note"]) == {"commitment"}  # type: ignore[index]


def test_a_note_can_be_erased_and_the_chain_holds(demo: Workspace, clerk: Actor) -> None:
    """The commitment stays, the note is gone, and every link still holds."""
    sequence = findings.explain(demo, clerk, "demo", FAULT, WORDS, CITE, note=NOTE).sequence
    assert demo.ledger.erase_opening("demo", sequence, "note")
    assert demo.ledger.opening("demo", sequence, "note") is None
    assert demo.ledger.verify().holds


def test_a_finding_that_is_gone_keeps_its_life(demo: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """After the correction the checks no longer find it; what was said of it stays."""
    findings.explain(demo, clerk, "demo", FAULT, WORDS, CITE)
    import_returns(demo, clerk, "demo", asked(written(tmp_path / "2", CLEAN), as_of=SECOND))
    gone = findings.finding(demo, clerk, "demo", FAULT)
    assert (gone.finding, gone.life.state) == (None, "explained")
    assert gone.check.id == "B2"


def test_the_source_row_stands_beside_what_was_read(demo: Workspace, clerk: Actor) -> None:
    """The raw cells of the row under their column names, and the number that was read from them."""
    found = findings.finding(demo, clerk, "demo", FAULT).finding
    assert found is not None
    votes, ballots = findings.source_rows(demo, clerk, "demo", found)[:2]
    assert dict(zip(votes.header, votes.cells, strict=True))["candidate"] == "Ann Adams"
    assert votes.parsed[0]["votes"] == 360
    assert ballots.cells[2] == "Ballots Cast"
    assert (ballots.parsed[0]["measure"], ballots.parsed[0]["votes"]) == ("ballots_cast", 500)


def test_source_rows_come_from_kept_bytes(demo: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """The row is read from the kept original, whatever became of the user's file and the derived table."""
    found = findings.finding(demo, clerk, "demo", FAULT).finding
    assert found is not None
    (tmp_path / "1").joinpath("20161108__wi__general__demo__precinct.csv").write_text(HEADER)
    for path in Path(demo.place).rglob("returns/*"):
        path.unlink()
    row = findings.source_rows(demo, clerk, "demo", found)[0]
    assert row.cells[-1] == "360"
    assert row.parsed[0]["votes"] == 360


def test_a_header_of_two_rows_is_shown_whole(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Under the names that the mapping made of it."""
    table, mapping = tmp_path / "wards.csv", tmp_path / "wards.toml"
    table.write_text(",Ann Adams,\nWard,Early,Late\n1,5,2\n", encoding="utf-8")
    choices = "".join(
        f'[[choices]]\ncolumn = "Ann Adams / {name}"\nname = "Ann Adams"\nmode = "{mode}"\n'
        for name, mode in (("Early", "early"), ("Late", "absentee"))
    )
    mapping.write_text(
        f'[table]\nheader_row = [1, 2]\nfill_right = true\n[columns]\nunit = "Ward"\n'
        f'[constants]\noffice = "Mayor"\n{choices}', encoding="utf-8",
    )  # fmt: skip
    import_returns(workspace, clerk, "wards", replace(asked(table), mapping=mapping))
    found = Finding("A1", Severity.INFO, "", "", "A remark.", source=Source("wards.csv", 3))
    (row,) = findings.source_rows(workspace, clerk, "wards", found)
    assert (row.header, row.cells) == (("Ward", "Ann Adams / Early", "Ann Adams / Late"), ("1", "5", "2"))


def test_rows_stand_in_the_order_of_their_cells(demo: Workspace, clerk: Actor) -> None:
    """Each cell has its row, also where two stand in one row or no snapshot is named."""
    file = written(Path(demo.place), CLEAN).name
    cells = (Source(file, 6), Source(file, 4), Source(file, 6), Source(file), Source("other.csv", 4))
    found = Finding("A1", Severity.INFO, "", "", "A remark.", source=Source(file, 5), also=cells)
    rows = findings.source_rows(demo, clerk, "demo", found)
    assert [row.source.row for row in rows] == [5, 6, 4, 6]
    assert [row.cells[-1] for row in rows] == ["225", "400", "360", "400"]


def test_a_row_that_no_import_brought_is_left_out(demo: Workspace, clerk: Actor) -> None:
    """A finding on plain files has no kept rows to show."""
    found = findings.finding(demo, clerk, "demo", FAULT).finding
    assert found is not None
    elsewhere = checking.check_files(asked(Path(demo.place).parent / "1" / found.source.file)).findings[0]
    assert findings.source_rows(demo, clerk, "demo", elsewhere) == []


def test_the_source_row_of_a_packed_file_is_found(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """The kept bytes are packed with gzip as they came, and the row is that of the file inside."""
    plain = written(tmp_path / "1", FAULTY)
    packed = plain.with_name(plain.name + ".gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    import_returns(workspace, clerk, "demo", asked(packed))
    found = findings.finding(workspace, clerk, "demo", FAULT).finding
    assert found is not None
    votes, ballots = findings.source_rows(workspace, clerk, "demo", found)[:2]
    assert votes.parsed[0]["votes"] == 360 and ballots.cells[2] == "Ballots Cast"
