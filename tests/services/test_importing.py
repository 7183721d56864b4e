"""Importing: everything or nothing, once, and undone by an event."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.errors import AccessError, RequestError, StoreError, TallyproofError, UnreadableError
from tallyproof.services import cases, tables
from tallyproof.services.access import READER, Actor
from tallyproof.services.importing import import_returns, undo_import
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .county import BROKEN, CLEAN, HEADER, SECOND, asked, written


def kinds(workspace: Workspace, case: str = "demo") -> list[str]:
    """The kinds of a case's events, in order."""
    return [event.kind for event in workspace.ledger.events(case)]


def test_every_row_is_stored_or_rejected(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Rows read are rows stored plus rows rejected, in the event and in the answer."""
    path = written(
        tmp_path, CLEAN + "Demo,P-2,President,,REP,Bob Baker\nDemo,P-2,U.S. Senate,,REP,Carl Cole,many\n"
    )
    imported = import_returns(workspace, clerk, "demo", asked(path))
    assert dict(imported.record.rows) == {"read": 10, "stored": 8, "rejected": 2}
    assert [each.row for each in imported.rejections] == [10, 11]
    assert imported.opened
    assert kinds(workspace) == [cases.OPENED, cases.IMPORTED]


def test_the_same_bytes_are_imported_once(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A second import of the same file, said to be the same, records nothing and names the first."""
    first = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    again = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    assert (again.already, again.record.sequence) == (True, first.record.sequence)
    assert len(kinds(workspace)) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"source": "State"}, {"as_of": SECOND}, {"status": Status.CERTIFIED}, {"election": date(2016, 11, 9)},
        {"state": "MI"},
    ],
)  # fmt: skip
def test_the_same_bytes_said_to_be_something_else_are_another_import(
    workspace: Workspace, clerk: Actor, tmp_path: Path, said: dict[str, object]
) -> None:
    """Another source, time, status, election day or state makes it another import."""
    request = asked(written(tmp_path))
    import_returns(workspace, clerk, "demo", request)
    changed = replace(request, **said)  # type: ignore[arg-type]
    assert not import_returns(workspace, clerk, "demo", changed).already


def test_an_unreadable_second_file_imports_nothing(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """No event, no case, no original and no table come of a request that cannot be read whole."""
    with pytest.raises(UnreadableError, match="broken"):
        import_returns(
            workspace, clerk, "demo", asked(written(tmp_path), written(tmp_path, BROKEN, "broken.csv"))
        )
    assert workspace.ledger.cases() == []
    assert not list(Path(workspace.place).rglob("files/**/*.parquet"))


def test_a_store_that_fails_opens_no_case(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Where the original cannot be kept, no case is opened for it."""
    (Path(workspace.place) / "files").write_text("in the way")
    with pytest.raises(StoreError):
        import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    assert workspace.ledger.cases() == []


def test_an_unfit_name_is_refused_before_the_file_is_read(workspace: Workspace, clerk: Actor) -> None:
    """The name of a new case is looked at first."""
    for name in ("Demo County", "", "a/b"):
        with pytest.raises(RequestError, match="cannot name a case"):
            import_returns(workspace, clerk, name, asked(Path("absent.csv")))


def test_undone_returns_no_longer_count(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Undo is an event with its reason; the import and the original stay."""
    imported = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    state = undo_import(workspace, clerk, "demo", imported.record.sequence, "wrong county")
    assert state.active == ()
    assert state.imports[0].reason == "wrong county"
    assert workspace.files.verify(imported.record.readings[0].file.sha256)
    assert kinds(workspace)[-1] == cases.UNDONE


def test_what_was_undone_can_be_imported_again(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """After undo the same bytes come in as a new import."""
    first = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    undo_import(workspace, clerk, "demo", first.record.sequence, "by mistake")
    again = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    assert not again.already
    assert [each.sequence for each in cases.state(workspace, clerk, "demo").active] == [again.record.sequence]


def test_undo_says_what_is_wrong(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """An event that is no import, one undone already, and a missing reason are refused in a sentence."""
    sequence = import_returns(workspace, clerk, "demo", asked(written(tmp_path))).record.sequence
    with pytest.raises(RequestError, match=r"Event 9 of case demo is no import\. Imports: 2\."):
        undo_import(workspace, clerk, "demo", 9, "why")
    with pytest.raises(RequestError, match="Say why"):
        undo_import(workspace, clerk, "demo", sequence, "  ")
    undo_import(workspace, clerk, "demo", sequence, "why")
    with pytest.raises(RequestError, match="was undone already"):
        undo_import(workspace, clerk, "demo", sequence, "why")
    with pytest.raises(RequestError, match="There is no case 'other'"):
        undo_import(workspace, clerk, "other", sequence, "why")


def test_two_who_import_at_once_import_once(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Of many who import the same file at the same moment one opens the case and one imports."""
    path = written(tmp_path)

    def one(_: int) -> bool:
        return import_returns(workspace, clerk, "demo", asked(path)).already

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(6))) == [False, True, True, True, True, True]
    assert kinds(workspace) == [cases.OPENED, cases.IMPORTED]
    assert workspace.ledger.verify().holds


def test_different_files_at_once_are_all_imported(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Nobody's import is lost where several come at the same moment."""
    paths = [written(tmp_path, CLEAN.replace("260", f"{n}"), f"county-{n}.csv") for n in range(1, 7)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda path: import_returns(workspace, clerk, "demo", asked(path)), paths))
    assert sorted(kinds(workspace)) == [cases.OPENED, *[cases.IMPORTED] * 6]


def test_a_deleted_table_is_built_again_equal(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """The derived table, its rejections and its remarks come out of the original as they were."""
    path = written(tmp_path, "\ufeff" + CLEAN + "Demo,P-2,President\n")
    record = import_returns(workspace, clerk, "demo", asked(path)).record
    before, notes = tables.table_of(workspace, record), tables.notes_of(workspace, record)
    workspace.tables.forget(record.readings[0].key)
    assert not workspace.tables.has(record.readings[0].key)
    assert tables.table_of(workspace, record).equals(before)
    assert tables.notes_of(workspace, record) == notes
    assert notes[0]
    assert notes[1]


def test_a_damaged_table_is_built_again(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A table or note that cannot be read is as good as none."""
    record = import_returns(workspace, clerk, "demo", asked(written(tmp_path))).record
    before, key = tables.table_of(workspace, record), record.readings[0].key
    for ending in ("parquet", "json"):
        workspace.files.put_named(f"returns/{key}.{ending}", b"damaged")
    assert tables.notes_of(workspace, record) == ((), ())
    assert tables.table_of(workspace, record).equals(before)


def test_two_documents_of_one_import_are_rebuilt_each_for_itself(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """Two files of different formats in one import come back each from its own original."""
    other = written(tmp_path, CLEAN.replace("Demo", "Rock"), "20161108__wi__general__rock__precinct.csv")
    ballots = written(
        tmp_path, "county,municipality,reporting unit,total ballots\nDemo,Town,P-1,500\n", "b.csv"
    )
    record = import_returns(workspace, clerk, "demo", asked(written(tmp_path), other, ballots)).record
    before = tables.table_of(workspace, record)
    for each in record.readings:
        workspace.tables.forget(each.key)
    assert tables.table_of(workspace, record).equals(before)
    assert len({each.importer for each in record.readings}) == 2


def test_the_same_bytes_twice_in_one_request_are_refused(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """A copy of a file would count its votes twice."""
    request = asked(written(tmp_path), written(tmp_path, CLEAN, "copy.csv"))
    with pytest.raises(RequestError, match=r"copy\.csv holds the same bytes as 2016"):
        import_returns(workspace, clerk, "demo", request)


def test_two_files_of_one_name_are_refused(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A number's file could not be told by its name."""
    request = asked(
        written(tmp_path / "a", CLEAN, "x.csv"),
        written(tmp_path / "b", HEADER + "Rock,P,President,,,Ann Adams,1\n", "x.csv"),
    )
    with pytest.raises(RequestError, match=r"Two files are called x\.csv"):
        import_returns(workspace, clerk, "demo", request)


def test_a_reader_may_not_import_or_undo(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Who only reads changes nothing."""
    with pytest.raises(AccessError, match="reader may not import"):
        import_returns(workspace, READER, "demo", asked(written(tmp_path)))
    assert workspace.ledger.cases() == []
    sequence = import_returns(workspace, clerk, "demo", asked(written(tmp_path))).record.sequence
    with pytest.raises(AccessError):
        undo_import(workspace, READER, "demo", sequence, "why")


def test_a_time_without_its_zone_is_refused(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Times are compared, so each needs its zone."""
    request = Request((written(tmp_path),), as_of=datetime(2016, 11, 9))  # noqa: DTZ001
    with pytest.raises(RequestError, match="has no zone"):
        import_returns(workspace, clerk, "demo", request)


def test_a_mapping_that_is_not_there_is_named(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """The sentence names the mapping and not the results file."""
    request = Request((written(tmp_path),), mapping=tmp_path / "absent.toml")
    with pytest.raises(TallyproofError, match=r"absent\.toml: cannot be opened"):
        import_returns(workspace, clerk, "demo", request)


def test_no_file_is_no_request(workspace: Workspace, clerk: Actor) -> None:
    """A request without files is refused."""
    with pytest.raises(RequestError, match="at least one file"):
        import_returns(workspace, clerk, "demo", Request(()))
