"""Drafts of uploads: files that came, what they were recognised as, and what an official said of them."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tallyproof.errors import AccessError, RequestError, StoreError
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.workspace import Workspace

KEPT = timedelta(days=30)
"""An upload that nobody touched for so long is discarded."""

_ID = re.compile(r"[0-9a-f]{16}")
_STATE = "state.json"


class Cell(msgspec.Struct, frozen=True):
    """A number as it will be read, with the row it stands on."""

    row: int
    place: str
    contest: str
    choice: str
    measure: str
    mode: str
    votes: int | None


class Sum(msgspec.Struct, frozen=True):
    """A contest as it will be read: its choices with their votes, over how many places."""

    contest: str
    places: int
    choices: tuple[tuple[str, int | None], ...]


class Seen(msgspec.Struct, frozen=True):
    """What reading a file gave, or why it could not be read.

    ``recognised`` pairs each document with its importer; ``keys`` name the tables that were read.
    ``claims`` are importers that all fit; ``raw``, ``sheets`` and ``columns`` describe a table of
    unknown layout. ``is_stateless``: no row names its state. ``election``, ``status`` and ``as_of`` are
    what the file itself states.
    """

    recognised: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    read: int = 0
    stored: int = 0
    rejected: int = 0
    numbers: int = 0
    is_stateless: bool = False
    cells: tuple[Cell, ...] = ()
    contests: tuple[Sum, ...] = ()
    contest_count: int = 0
    remarks: tuple[str, ...] = ()
    election: str = ""
    status: str = ""
    as_of: str = ""
    reason: str = ""
    remedy: str = ""
    claims: tuple[str, ...] = ()
    is_unknown: bool = False
    raw: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping_fault: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the file can be read as it is."""
        return not (self.reason or self.mapping_fault)


class DraftFile(msgspec.Struct, frozen=True):
    """A file of a draft. ``asked`` counts how often it was asked to be read anew.

    ``mapping`` is TOML that was proposed or made of the form, ``typed`` the form as it was typed;
    ``is_agreed`` tells that an official looked at the mapping. ``again``: import bytes that count already.
    """

    number: int
    name: str
    size: int
    received: int = 0
    sha256: str = ""
    importer: str = ""
    mapping: str = ""
    typed: dict[str, str] = {}
    is_agreed: bool = False
    again: bool = False
    asked: int = 0
    seen: Seen | None = None

    @property
    def is_here(self) -> bool:
        """Whether every byte has come."""
        return self.received >= self.size


class Draft(msgspec.Struct, frozen=True):
    """An upload before it is imported; ``who`` began it, by name.

    ``about`` holds what was typed of source, status and times. ``imported`` is the import's number once
    it is done, ``already`` whether nothing new was in it; ``is_importing`` tells that it was asked for,
    ``problem`` why it did not come about.
    """

    id: str
    case: str
    who: str
    begun: str
    touched: str
    files: tuple[DraftFile, ...] = ()
    about: dict[str, str] = {}
    next: int = 1
    is_importing: bool = False
    imported: int = 0
    already: bool = False
    problem: str = ""

    def file(self, number: int) -> DraftFile:
        """The file of this number. Raises RequestError where there is none."""
        found = next((each for each in self.files if each.number == number), None)
        if found is None:
            raise RequestError(f"Upload {self.id} has no file {number}; it may have been left out.")
        return found

    def with_file(self, file: DraftFile) -> Draft:
        """The draft with this file in place of the one of its number."""
        files = tuple(file if each.number == file.number else each for each in self.files)
        return msgspec.structs.replace(self, files=files)

    @property
    def size(self) -> int:
        """The bytes of all files, come or announced."""
        return sum(each.size for each in self.files)


_locks: dict[str, threading.RLock] = {}


def allow(actor: Actor, case: str) -> None:
    """Raise AccessError unless the actor may import into the case, whether there is one or not."""
    require(actor, Right.IMPORT)
    if not actor.acts_on(case):
        raise AccessError(
            f"{actor.id} takes no part in the case {case[:80]}. Ask an administrator to add you."
        )


def new(workspace: Workspace, case: str, who: str) -> Draft:
    """A draft without files, kept under a new id that cannot be guessed."""
    now = workspace.clock().isoformat()
    draft = Draft(secrets.token_hex(8), case, who, now, now)
    _save(workspace, draft)
    return draft


def load(workspace: Workspace, case: str, draft: str) -> Draft:
    """A case's draft. Raises RequestError where there is none, or no longer."""
    path = folder(workspace, draft) / _STATE
    gone = RequestError(f"There is no upload {draft[:40]} in case {case}. It may have been discarded.")
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Draft)
    except FileNotFoundError:
        raise gone from None
    except (OSError, msgspec.DecodeError) as fault:
        raise StoreError(
            f"The upload {draft} cannot be read ({fault}). Discard it and begin again."
        ) from fault
    if found.case != case:
        raise gone
    return found


def change(workspace: Workspace, case: str, draft: str, decide: Callable[[Draft], Draft]) -> Draft:
    """Keep what ``decide`` makes of the draft; one change at a time."""
    with lock(draft):
        changed = decide(load(workspace, case, draft))
        changed = msgspec.structs.replace(changed, touched=workspace.clock().isoformat())
        _save(workspace, changed)
    return changed


def lock(draft: str) -> threading.RLock:
    """What holds off other changes to a draft, or to one of its files, while it is held."""
    return _locks.setdefault(draft, threading.RLock())  # in one step, so that no two get different ones


def listed(workspace: Workspace, case: str) -> list[Draft]:
    """The case's drafts that are not imported, the latest first; what was left too long is discarded."""
    found = []
    for path in sorted(_place(workspace).glob(f"*/{_STATE}")):
        try:
            draft = msgspec.json.decode(path.read_bytes(), type=Draft)
        except (OSError, msgspec.DecodeError):
            continue
        if workspace.clock() - datetime.fromisoformat(draft.touched) > KEPT:
            discard(workspace, draft)
        elif draft.case == case and not draft.imported:
            found.append(draft)
    return sorted(found, key=lambda each: each.begun, reverse=True)


def discard(workspace: Workspace, draft: Draft) -> None:
    """Delete the draft, its files and the tables that were read from them."""
    with lock(draft.id):
        for each in draft.files:
            forget(workspace, each)
        shutil.rmtree(folder(workspace, draft.id), ignore_errors=True)


def forget(workspace: Workspace, file: DraftFile) -> None:
    """Delete the tables that were read from a file; an import that has the same builds them anew."""
    for key in file.seen.keys if file.seen else ():
        workspace.tables.forget(key)


def empty(workspace: Workspace, draft: Draft) -> None:
    """Delete the draft's files, which the store of originals has by now."""
    for each in draft.files:
        shutil.rmtree(path_of(workspace, draft.id, each).parent, ignore_errors=True)


def path_of(workspace: Workspace, draft: str, file: DraftFile) -> Path:
    """Where a file's bytes lie, under its own name in a folder of its own."""
    return folder(workspace, draft) / str(file.number) / file.name


def folder(workspace: Workspace, draft: str) -> Path:
    """The draft's folder. Raises RequestError for what cannot be an id."""
    if not _ID.fullmatch(draft):
        raise RequestError(f"'{draft[:40]}' is no upload. Look at the list of unfinished uploads.")
    return _place(workspace) / draft


def _place(workspace: Workspace) -> Path:
    return Path(workspace.place) / "drafts"


def _save(workspace: Workspace, draft: Draft) -> None:
    path = folder(workspace, draft.id) / _STATE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(".new")
        staged.write_bytes(msgspec.json.encode(draft))
        staged.replace(path)
    except OSError as fault:
        raise StoreError(
            f"The upload cannot be kept in {path.parent} ({fault.strerror or fault})."
        ) from fault
