"""Uploads: recognised, previewed, imported once, left and found again; hostile and broken files refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from formats.bad_files import GOOD, MAKERS
from tallyproof.errors import AccessError, RequestError
from tallyproof.services import access, cases, drafts, importing, receiving, source_typed, uploading, working
from tallyproof.services.access import Actor
from tallyproof.services.workspace import Workspace

from . import made_uploads
from .made_uploads import CASE, Send, finish

case, send = made_uploads.case, made_uploads.send
UNKNOWN = "Ort,Wahllokal,Ann Adams (DEM),Bob Baker (REP),Total Votes\nAdams,W1,12,9,21\nAdams,W2,8,10,18\n"
THROUGH_A_BROWSER = sorted(set(MAKERS) - {"folder", "missing file", "line of 2 GB"})
SECOND = Actor("official:2", frozenset(access.Right), "Bo Second")


# ---- the usual way


def test_a_known_file_is_recognised_previewed_and_imported(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    file = upload.draft.files[0]
    assert file.seen is not None
    assert (upload.state(file), file.seen.recognised) == ("ready", (("returns.csv", "openelections"),))
    assert [(each.row, each.choice, each.votes) for each in file.seen.cells] == [(2, "Ann Adams", 12)]
    assert file.seen.contests[0].choices == (("Ann Adams", 12),)
    assert (upload.rows, upload.can_import) == (1, True)
    done = finish(workspace, clerk, upload)
    record = cases.state(workspace, clerk, CASE).active[0]
    assert (done.draft.imported, record.readings[0].file.name) == (record.sequence, "returns.csv")
    assert not uploading.unfinished(workspace, clerk, CASE)


def test_several_files_of_several_formats_are_one_import(
    workspace: Workspace, clerk: Actor, send: Send, shared_data: Path
) -> None:
    toy = shared_data / "toy_election"
    names = ("2024-zz-precinct-general.csv", "detail.xml", "err_v2.json")
    upload = send(*((name, (toy / name).read_bytes()) for name in names))
    assert [upload.state(each) for each in upload.draft.files] == ["ready"] * 3
    finish(workspace, clerk, upload)
    record = cases.state(workspace, clerk, CASE).active[0]
    assert [each.importer for each in record.readings] == ["medsl", "clarity", "nist-results"]


def test_what_the_official_says_of_the_source_enters_the_ledger(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    about = {"source": "County clerk", "status": "certified", "as_of_day": "2024-11-20", "state": "wi"}
    about |= {"zone": "America/Chicago"}
    uploading.describe(workspace, clerk, CASE, upload.draft.id, about)
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    finish(workspace, clerk, upload)
    snapshot = cases.state(workspace, clerk, CASE).active[0].snapshot
    assert (snapshot.source, snapshot.status.value) == ("County clerk", "certified")
    assert snapshot.as_of is not None and snapshot.as_of.isoformat() == "2024-11-20T23:59:59-06:00"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("as_of_day", "20 Nov"),
        ("as_of_time", "5 pm"),
        ("zone", "Mars"),
        ("status", "final"),
        ("state", "Wis"),
        ("encoding", "klingon"),
        ("election", "yesterday"),
    ],
)
def test_what_cannot_be_followed_is_kept_and_stands_in_the_way(
    workspace: Workspace, clerk: Actor, send: Send, field: str, text: str
) -> None:
    upload = send(("returns.csv", GOOD))
    typed = {"as_of_day": "2024-11-20", field: text}
    draft = uploading.describe(workspace, clerk, CASE, upload.draft.id, typed)
    assert draft.about[field] == text and field in source_typed.faults_of(draft.about)
    with pytest.raises(RequestError, match="stands in the way"):
        finish(workspace, clerk, upload)


def test_who_may_only_read_cannot_upload(workspace: Workspace, case: str) -> None:
    with pytest.raises(AccessError):
        receiving.begin(workspace, access.READER, case)


# ---- tables of unknown layout


def test_a_proposed_mapping_is_shown_but_not_imported_unless_an_official_agrees(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("ergebnis.csv", UNKNOWN))
    file = upload.draft.files[0]
    assert (upload.state(file), upload.can_import) == ("proposed", False)
    fields = {"header": "1", "column1.county": "Ort", "column1.unit": "Wahllokal", "same.office": "Mayor"}
    fields |= {"use.Ann Adams (DEM)": "choice", "name.Ann Adams (DEM)": "Ann Adams", "same.state": "WI"}
    uploading.read_by(workspace, clerk, CASE, upload.draft.id, file.number, fields)
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    agreed = uploading.look(workspace, clerk, CASE, upload.draft.id)
    assert agreed.can_import and agreed.rows == 2
    finish(workspace, clerk, agreed)
    assert 'state = "WI"' in cases.state(workspace, clerk, CASE).active[0].readings[0].mapping


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"header": "one"}, "'one' is no header row"),
        ({"header": "1", "use.Nothing": "choice", "same.office": "Mayor"}, "has no column 'Nothing'"),
        ({"header": "1", "column1.county": "Ort"}, "names no column that holds numbers"),
        ({"header": "99", "use.Ann": "choice", "same.office": "Mayor"}, "holds no column names"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_why_and_keeps_what_was_typed(
    workspace: Workspace, clerk: Actor, send: Send, fields: dict[str, str], told: str
) -> None:
    upload = send(("ergebnis.csv", UNKNOWN))
    uploading.read_by(workspace, clerk, CASE, upload.draft.id, 1, fields)
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    after = uploading.look(workspace, clerk, CASE, upload.draft.id)
    file = after.draft.files[0]
    assert file.seen is not None and told in file.seen.mapping_fault
    assert (after.state(file), file.typed) == ("unknown", fields)


def test_one_file_by_a_mapping_and_one_recognised_are_imported_together(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD), ("ergebnis.csv", UNKNOWN))
    mapping = upload.draft.files[1].mapping.replace("Unnamed contest", "Mayor")
    uploading.read_by_text(workspace, clerk, CASE, upload.draft.id, 2, mapping)
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    finish(workspace, clerk, upload)
    readings = cases.state(workspace, clerk, CASE).active[0].readings
    assert [each.importer for each in readings] == ["openelections", "mapping"]
    table = importing.table_of(workspace, cases.state(workspace, clerk, CASE).active[0])
    assert table["votes"].sum() == 12 + 2 * 39


def test_a_contest_that_nobody_named_is_not_imported(workspace: Workspace, clerk: Actor, send: Send) -> None:
    """The draft's own word for it is for the preview."""
    upload = send(("ergebnis.csv", UNKNOWN))
    uploading.read_by_text(workspace, clerk, CASE, upload.draft.id, 1, upload.draft.files[0].mapping)
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    refused = finish(workspace, clerk, upload)
    assert "ergebnis.csv: the mapping does not name the contest yet" in refused.draft.problem
    assert cases.state(workspace, clerk, CASE).active == ()


def test_a_recognised_table_can_be_read_by_a_mapping_instead(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    uploading.read_as(workspace, clerk, CASE, upload.draft.id, 1, "mapping")
    uploading.read(workspace, clerk, CASE, upload.draft.id, patience=30)
    after = uploading.look(workspace, clerk, CASE, upload.draft.id)
    assert after.state(after.draft.files[0]) == "proposed"


def test_a_mapping_is_proposed_in_the_encoding_that_was_typed(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    """A name in Cyrillic by code page 1251; by a guess it would be of other letters."""
    upload = send(("ergebnis.csv", UNKNOWN.replace("Ann Adams", "Анна Адамова").encode("cp1251")))
    uploading.describe(workspace, clerk, CASE, upload.draft.id, {"encoding": "cp1251"})
    draft = uploading.read_as(workspace, clerk, CASE, upload.draft.id, 1, "mapping")
    assert "Анна Адамова (DEM)" in draft.files[0].mapping


# ---- left and found again


def test_bytes_go_on_where_a_break_left_them(workspace: Workspace, clerk: Actor, case: str) -> None:
    draft, content = receiving.begin(workspace, clerk, case).id, GOOD.encode()
    file = receiving.expect(workspace, clerk, case, draft, "returns.csv", len(content))

    def broken() -> object:
        yield content[:20]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        receiving.append(workspace, clerk, case, draft, file.number, 0, broken())  # type: ignore[arg-type]
    here = drafts.load(workspace, case, draft).file(file.number).received
    assert here == 20
    with pytest.raises(receiving.OffsetError) as fault:
        receiving.append(workspace, clerk, case, draft, file.number, 0, [content])
    assert fault.value.offset == 20
    assert receiving.append(workspace, clerk, case, draft, file.number, 20, [content[20:]]) == len(content)
    uploading.read(workspace, clerk, case, draft, patience=30)
    assert uploading.look(workspace, clerk, case, draft).can_import


def test_an_upload_is_read_again_after_the_server_was_killed(
    workspace: Workspace, clerk: Actor, case: str
) -> None:
    draft = receiving.begin(workspace, clerk, case).id
    receiving.receive(workspace, clerk, case, draft, "returns.csv", [GOOD.encode()])
    work = uploading.look(workspace, clerk, case, draft).work  # nobody asked for it: it begins by itself
    if work:
        assert work.over.wait(30)
    assert uploading.look(workspace, clerk, case, draft).can_import


def test_what_is_read_while_it_is_looked_at_is_shown_as_read(
    workspace: Workspace, clerk: Actor, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file may be done before the answer is made: it never stands there as being read by nobody."""
    draft, start = receiving.begin(workspace, clerk, case).id, working.start
    receiving.receive(workspace, clerk, case, draft, "returns.csv", [GOOD.encode()])

    def at_once(place: str, name: str, run: Callable[[working.Work], None]) -> working.Work:
        work = start(place, name, run)
        assert work.over.wait(30)
        return work

    monkeypatch.setattr(working, "start", at_once)
    upload = uploading.look(workspace, clerk, case, draft)
    assert (upload.state(upload.draft.files[0]), upload.work) == ("ready", None)


def test_a_fault_of_the_program_while_importing_is_told_and_can_be_tried_again(
    workspace: Workspace, clerk: Actor, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is imported, the upload is not stuck, and a second try imports it."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    upload = send(("returns.csv", GOOD))
    with monkeypatch.context() as fault:
        fault.setattr(importing, "import_returns", broken)
        failed = finish(workspace, clerk, upload)
    assert "a fault of its own" in failed.draft.problem and failed.can_import
    assert not cases.state(workspace, clerk, CASE).active
    assert finish(workspace, clerk, upload).draft.imported


def test_an_import_that_was_broken_off_is_finished_once(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    drafts.change(workspace, CASE, upload.draft.id, lambda known: replace(known, is_importing=True))
    work = uploading.look(workspace, clerk, CASE, upload.draft.id).work
    assert work is None or work.over.wait(30)
    done = uploading.look(workspace, clerk, CASE, upload.draft.id)
    assert done.draft.imported == cases.state(workspace, clerk, CASE).active[0].sequence


def test_an_unfinished_upload_is_listed_and_can_be_discarded(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    assert [each.draft.id for each in uploading.unfinished(workspace, SECOND, CASE)] == [upload.draft.id]
    receiving.discard(workspace, clerk, CASE, upload.draft.id)
    assert not uploading.unfinished(workspace, clerk, CASE)
    with pytest.raises(RequestError, match="may have been discarded"):
        uploading.look(workspace, clerk, CASE, upload.draft.id)


def test_what_was_left_too_long_is_discarded(workspace: Workspace, clerk: Actor, send: Send) -> None:
    upload = send(("returns.csv", GOOD))
    path = drafts.folder(workspace, upload.draft.id) / "state.json"
    text = path.read_text()
    path.write_text(text.replace(upload.draft.touched, "2020-01-01T00:00:00+00:00"))
    assert not drafts.listed(workspace, CASE)
    assert not path.exists()


def test_an_upload_is_found_only_in_its_own_case(workspace: Workspace, clerk: Actor, send: Send) -> None:
    upload = send(("returns.csv", GOOD))
    cases.open_case(workspace, clerk, "other")
    for case, draft in (("other", upload.draft.id), (CASE, "../../etc"), (CASE, "0" * 16)):
        with pytest.raises(RequestError):
            uploading.look(workspace, clerk, case, draft)


# ---- limits and bad input


def test_more_bytes_than_the_limit_are_refused_when_announced_and_when_they_come(
    workspace: Workspace, clerk: Actor, case: str
) -> None:
    from dataclasses import replace as with_fields

    small = with_fields(workspace, largest_upload=1000)
    draft = receiving.begin(small, clerk, case).id
    with pytest.raises(receiving.TooLargeError, match="the most that is taken here"):
        receiving.expect(small, clerk, case, draft, "large.csv", 1001)
    came: list[int] = []

    def stream() -> object:
        for piece in range(100):
            came.append(piece)
            yield b"x" * 100

    with pytest.raises(receiving.TooLargeError, match=r"large.csv would make the upload larger"):
        receiving.receive(small, clerk, case, draft, "large.csv", stream())  # type: ignore[arg-type]
    assert len(came) == 11 and not drafts.load(small, case, draft).files
    assert not list(drafts.folder(small, draft).glob("*/*"))


def test_no_more_bytes_come_than_were_announced(workspace: Workspace, clerk: Actor, case: str) -> None:
    draft = receiving.begin(workspace, clerk, case).id
    file = receiving.expect(workspace, clerk, case, draft, "a.csv", 3)
    with pytest.raises(receiving.TooLargeError):
        receiving.append(workspace, clerk, case, draft, file.number, 0, [b"four"])


@pytest.mark.parametrize("name", THROUGH_A_BROWSER)
def test_each_bad_file_says_one_plain_sentence_and_nothing_is_imported(
    workspace: Workspace, clerk: Actor, send: Send, tmp_path: Path, name: str
) -> None:
    path = MAKERS[name](tmp_path)
    upload = send((path.name, path.read_bytes()))
    seen = upload.draft.files[0].seen
    assert seen is not None and (seen.reason or seen.mapping_fault or seen.is_unknown)
    assert "\n" not in seen.reason and "Traceback" not in seen.reason
    assert not upload.can_import and not cases.state(workspace, clerk, CASE).imports


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\temp\\returns.csv", "returns.csv"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
        ("a\x00b\ncsv\u202egnp.csv", "abcsvgnp.csv"),
        ("", "file"),
        ("...", "file"),
        ("ü" * 300 + ".csv", "ü" * 73 + ".csv"),
        ("state.json", "state.json"),
    ],
)
def test_a_hostile_name_stays_in_its_folder(workspace: Workspace, send: Send, given: str, kept: str) -> None:
    upload = send((given, GOOD))
    file = upload.draft.files[0]
    path = drafts.path_of(workspace, upload.draft.id, file)
    assert file.name == kept
    assert path.is_file() and path.resolve().is_relative_to(drafts.folder(workspace, upload.draft.id))


def test_work_tells_what_is_done_and_what_is_left() -> None:
    work = working.Work(total=3_000_000)
    work.begin("reading", "a.csv", 1_000_000)
    work.end(rows=500)
    work.begin("reading", "b.csv", 2_000_000)
    assert (work.rows, work.done, work.file, work.place) == (500, 1_000_000, "b.csv", 2)
    assert work.seconds_left is not None and work.share is not None and 1 / 3 <= work.share < 1
