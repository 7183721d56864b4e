"""Uploads of the same file twice, and by two people at once: imported once, and nothing lost."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from formats.bad_files import GOOD
from tallyproof.errors import RequestError
from tallyproof.services import access, cases, drafts, receiving, uploading
from tallyproof.services.access import Actor
from tallyproof.services.drafts import Draft
from tallyproof.services.uploading import Upload
from tallyproof.services.workspace import Workspace

from . import made_uploads
from .made_uploads import CASE, Send, finish

case, send = made_uploads.case, made_uploads.send
SECOND = Actor("official:2", frozenset(access.Right), "Bo Second")


def test_bytes_that_count_already_are_named_and_not_imported_twice(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    finish(workspace, clerk, send(("returns.csv", GOOD)))
    again = send(("renamed.csv", GOOD))
    assert (again.state(again.draft.files[0]), again.can_import) == ("counted", False)
    assert again.counted[1].sequence == cases.state(workspace, clerk, CASE).active[0].sequence


def test_bytes_that_count_already_are_imported_as_another_report_where_the_official_says_so(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    finish(workspace, clerk, send(("returns.csv", GOOD)))
    again = send(("returns.csv", GOOD))
    uploading.describe(workspace, clerk, CASE, again.draft.id, {"status": "certified"})
    uploading.import_again(workspace, clerk, CASE, again.draft.id, 1, again=True)
    finish(workspace, clerk, again)
    assert len(cases.state(workspace, clerk, CASE).active) == 2


def test_the_same_bytes_twice_in_one_upload_are_read_once(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("a.csv", GOOD), ("b.csv", GOOD))
    assert [upload.state(each) for each in upload.draft.files] == ["ready", "twice"]
    assert finish(workspace, clerk, upload).draft.imported
    assert len(cases.state(workspace, clerk, CASE).active[0].readings) == 1


def test_two_files_of_one_name_must_be_sent_apart(workspace: Workspace, clerk: Actor, send: Send) -> None:
    upload = send(("a.csv", GOOD), ("a.csv", GOOD.replace("12", "13")))
    assert [upload.state(each) for each in upload.draft.files] == ["ready", "named"]
    left = receiving.remove(workspace, clerk, CASE, upload.draft.id, 2)
    assert [each.name for each in left.files] == ["a.csv"]


def test_two_officials_who_import_the_same_file_at_once_import_it_once(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    uploads = [send(("one.csv", GOOD)), send(("two.csv", GOOD), actor=SECOND)]
    done: list[Upload] = []
    threads = [
        threading.Thread(target=lambda a=actor, u=each: done.append(finish(workspace, a, u)))
        for actor, each in zip((clerk, SECOND), uploads, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cases.state(workspace, clerk, CASE).active) == 1
    assert len({each.draft.imported for each in done}) == 1
    assert sorted(each.draft.already for each in done) == [False, True]


def test_what_changed_since_the_upload_was_looked_at_stands_in_the_way(
    workspace: Workspace, clerk: Actor, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second official types a day that cannot be followed just before the import takes hold."""
    upload = send(("returns.csv", GOOD))
    change = drafts.change

    def later(workspace: Workspace, case: str, draft: str, decide: Callable[[Draft], Draft]) -> Draft:
        change(workspace, case, draft, lambda known: replace(known, about={"as_of_day": "20 Nov"}))
        return change(workspace, case, draft, decide)

    monkeypatch.setattr(drafts, "change", later)
    with pytest.raises(RequestError, match="stands in the way"):
        finish(workspace, clerk, upload)
    assert cases.state(workspace, clerk, CASE).active == ()


def test_an_upload_that_is_imported_is_not_imported_again(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    upload = send(("returns.csv", GOOD))
    done = finish(workspace, clerk, upload)
    assert finish(workspace, SECOND, upload).draft.imported == done.draft.imported
    assert len(cases.state(workspace, clerk, CASE).active) == 1


def test_two_officials_who_import_different_files_at_once_import_both(
    workspace: Workspace, clerk: Actor, send: Send
) -> None:
    uploads = [send(("one.csv", GOOD)), send(("two.csv", GOOD.replace("12", "13")), actor=SECOND)]
    threads = [
        threading.Thread(target=finish, args=(workspace, actor, each))
        for actor, each in zip((clerk, SECOND), uploads, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    active = cases.state(workspace, clerk, CASE).active
    assert {each.actor for each in active} == {clerk.id, SECOND.id}
    assert not workspace.ledger.verify(CASE).broken


def test_a_draft_has_one_lock_for_all_who_ask_at_once() -> None:
    """Eight ask for the locks of 5,000 drafts while the interpreter changes between them all the time."""
    names = [f"draft {number}" for number in range(5_000)]
    start = threading.Barrier(8)

    def ask(_: int) -> list[int]:
        start.wait(10)
        return [id(drafts.lock(name)) for name in names]

    every = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            asked = list(pool.map(ask, range(8)))
    finally:
        sys.setswitchinterval(every)
    assert all(each == asked[0] for each in asked)
