"""Uploads: reading what came, saying how, and importing it; every step can be left and found again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as with_fields
from pathlib import Path

from msgspec.structs import replace

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Rejection
from tallyproof.errors import RequestError, TallyproofError
from tallyproof.services import cases, drafts, importing, mapping_form, previewing, source_typed, working
from tallyproof.services.access import Actor
from tallyproof.services.cases import ImportRecord
from tallyproof.services.drafts import Draft, DraftFile, Seen
from tallyproof.services.reading import How, Request
from tallyproof.services.working import Work
from tallyproof.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Upload:
    """A draft as it stands.

    By file number: ``counted``, imports that brought its bytes before; ``twice``, the file of this upload
    that has the same bytes; ``named``, the one of the same name. ``work`` is what is being done with it.
    """

    draft: Draft
    counted: Mapping[int, ImportRecord]
    twice: Mapping[int, DraftFile]
    named: Mapping[int, DraftFile]
    work: Work | None

    def state(self, file: DraftFile) -> str:
        """Where a file stands, in a word.

        One of receiving, twice, named, reading, counted, unreadable, claimed, unknown, proposed, ready.
        """
        if not file.is_here:
            return "receiving"
        if file.number in self.twice:
            return "twice"
        if file.number in self.named:
            return "named"
        if file.seen is None:
            return "reading"
        return "counted" if file.number in self.counted and not file.again else _state(file, file.seen)

    @property
    def files(self) -> tuple[DraftFile, ...]:
        """The files that will be imported."""
        return tuple(each for each in self.draft.files if self.state(each) == "ready")

    @property
    def undecided(self) -> tuple[DraftFile, ...]:
        """The files that stand in the way of importing: to be read otherwise, or left out."""
        return tuple(
            each for each in self.draft.files if self.state(each) not in {"ready", "counted", "twice"}
        )

    @property
    def rows(self) -> int:
        """Rows that will be stored."""
        return sum(each.seen.stored for each in self.files if each.seen)

    @property
    def can_import(self) -> bool:
        """Whether there is something to import and nothing in the way."""
        return bool(self.files) and not self.undecided and not source_typed.faults_of(self.draft.about)


def _state(file: DraftFile, seen: Seen) -> str:
    if seen.claims and not file.importer:
        return "claimed"
    if seen.mapping_fault or (seen.is_unknown and not seen.is_read):
        return "unknown"
    if not seen.is_read:
        return "unreadable"
    return "proposed" if file.mapping and not file.is_agreed else "ready"


def look(workspace: Workspace, actor: Actor, case: str, draft: str) -> Upload:
    """An upload as it stands; work that a restart of the server broke off begins again."""
    drafts.allow(actor, case)
    found = drafts.load(workspace, case, draft)
    if found.imported or not (found.is_importing or _to_read(found)):
        return _upload(workspace, actor, found)
    work = _start(workspace, actor, found)
    if not work.over.is_set():
        return _upload(workspace, actor, found, work)
    return _upload(workspace, actor, drafts.load(workspace, case, draft))  # done since it was loaded


def unfinished(workspace: Workspace, actor: Actor, case: str) -> list[Upload]:
    """The case's uploads that are not imported yet, the latest first."""
    drafts.allow(actor, case)
    return [
        _upload(workspace, actor, each, working.current(workspace.place, each.id))
        for each in drafts.listed(workspace, case)
    ]


def _upload(workspace: Workspace, actor: Actor, draft: Draft, work: Work | None = None) -> Upload:
    known = cases.state(workspace, actor, draft.case)
    counted = importing.counted(known, {each.sha256 for each in draft.files if each.sha256})
    return Upload(
        draft, {each.number: counted[each.sha256] for each in draft.files if each.sha256 in counted},
        _repeats(draft, lambda each: each.sha256), _repeats(draft, lambda each: each.name),
        work,
    )  # fmt: skip


def _repeats(draft: Draft, key: Callable[[DraftFile], str]) -> dict[int, DraftFile]:
    """The files that have the same key as one before them, with that one."""
    first: dict[str, DraftFile] = {}
    found: dict[int, DraftFile] = {}
    for each in draft.files:
        if not key(each):
            continue
        if (before := first.setdefault(key(each), each)) is not each:
            found[each.number] = before
    return found


# ---- saying how


def describe(workspace: Workspace, actor: Actor, case: str, draft: str, about: Mapping[str, str]) -> Draft:
    """Keep what was typed of source, status and times, right or wrong; files are read anew where needed."""
    drafts.allow(actor, case)
    typed = {name: about.get(name, "").strip()[:500] for name in source_typed.ABOUT}

    def decide(known: Draft) -> Draft:
        _require_open(known)
        changed = source_typed.how_read(known.about) != source_typed.how_read(typed)
        files = tuple(_unread(workspace, each) for each in known.files) if changed else known.files
        return replace(known, about=typed, files=files, problem="")

    return drafts.change(workspace, case, draft, decide)


def read_as(workspace: Workspace, actor: Actor, case: str, draft: str, number: int, importer: str) -> Draft:
    """Read a file as this format; "mapping" proposes a mapping for it, nothing recognises it again."""

    def decide(file: DraftFile) -> DraftFile:
        if importer != "mapping":
            return replace(file, importer=importer, mapping="", typed={}, is_agreed=False)
        path, about = drafts.path_of(workspace, draft, file), drafts.load(workspace, case, draft).about
        mapping = previewing.proposal(path, source_typed.how_read(about)["encoding"])
        return replace(file, importer="", mapping=mapping, typed={}, is_agreed=False)

    return _anew(workspace, actor, case, draft, number, decide)


def read_by(
    workspace: Workspace, actor: Actor, case: str, draft: str, number: int, typed: Mapping[str, str]
) -> Draft:
    """Read a file by the mapping that these fields make; what was typed is kept, right or wrong."""
    fields = mapping_form.kept(typed)

    def decide(file: DraftFile) -> DraftFile:
        try:
            mapping = mapping_form.mapping_of(fields, file.mapping)
        except RequestError as fault:
            seen = replace(file.seen or Seen(is_unknown=True), mapping_fault=str(fault))
            return replace(file, typed=fields, seen=seen, is_agreed=False)
        return replace(file, mapping=mapping, typed=fields, is_agreed=True)

    return _anew(workspace, actor, case, draft, number, decide)


def read_by_text(
    workspace: Workspace, actor: Actor, case: str, draft: str, number: int, mapping: str
) -> Draft:
    """Read a file by a mapping given as text."""

    def decide(file: DraftFile) -> DraftFile:
        return replace(file, mapping=mapping.replace("\r\n", "\n"), typed={}, is_agreed=True)

    return _anew(workspace, actor, case, draft, number, decide)


def import_again(
    workspace: Workspace, actor: Actor, case: str, draft: str, number: int, again: bool
) -> Draft:
    """Say whether a file whose bytes count already is imported once more, as another report."""
    drafts.allow(actor, case)

    def decide(known: Draft) -> Draft:
        _require_open(known)
        return known.with_file(replace(known.file(number), again=again))

    return drafts.change(workspace, case, draft, decide)


def _anew(
    workspace: Workspace, actor: Actor, case: str, draft: str, number: int,
    decide: Callable[[DraftFile], DraftFile],
) -> Draft:  # fmt: skip
    """Change how a file is read, and have it read so unless what was typed cannot be followed."""
    drafts.allow(actor, case)

    def change(known: Draft) -> Draft:
        _require_open(known)
        file = known.file(number)
        changed = decide(file)
        is_new = changed.seen is file.seen
        return known.with_file(_unread(workspace, changed) if is_new else changed)

    return drafts.change(workspace, case, draft, change)


def _unread(workspace: Workspace, file: DraftFile) -> DraftFile:
    drafts.forget(workspace, file)
    return replace(file, seen=None, asked=file.asked + 1)


def _require_open(draft: Draft) -> None:
    if draft.imported or draft.is_importing:
        raise RequestError("This upload is imported or being imported, and cannot be changed any more.")


def rejections(workspace: Workspace, file: DraftFile) -> tuple[Rejection, ...]:
    """The rows of a file that will not be stored, each with its reason."""
    keys = file.seen.keys if file.seen else ()
    return tuple(each for key in keys for each in workspace.tables.notes(key)[0])


# ---- reading, in the background


def read(workspace: Workspace, actor: Actor, case: str, draft: str, patience: float = 0.0) -> None:
    """Have every file read that came and was not read yet; wait for it so many seconds at most."""
    drafts.allow(actor, case)
    found = drafts.load(workspace, case, draft)
    if _to_read(found):
        _start(workspace, actor, found).over.wait(patience)


def _to_read(draft: Draft) -> list[DraftFile]:
    twice = _repeats(draft, lambda each: each.sha256)
    return [each for each in draft.files if each.is_here and each.seen is None and each.number not in twice]


def _start(workspace: Workspace, actor: Actor, draft: Draft) -> Work:
    def run(work: Work) -> None:
        with suppress(RequestError):  # the upload was discarded meanwhile
            known = _read_files(workspace, draft, work)
            if known.is_importing:
                _import(workspace, actor, known, work)

    return working.start(workspace.place, draft.id, run)


def _read_files(workspace: Workspace, draft: Draft, work: Work) -> Draft:
    known = drafts.load(workspace, draft.case, draft.id)
    while waiting := _to_read(known):
        file = waiting[0]
        work.files = work.place + len(waiting)
        work.total = work.done + sum(each.size for each in waiting)
        work.begin("reading", file.name, file.size)
        known = _read_file(workspace, known, file)
        seen = next((each.seen for each in known.files if each.number == file.number), None)
        work.end(seen.read if seen else 0)
    return known


def _read_file(workspace: Workspace, draft: Draft, file: DraftFile) -> Draft:
    """Read one file and keep what was seen, unless it was asked to be read otherwise meanwhile."""
    path = drafts.path_of(workspace, draft.id, file)
    if file.size and not path.exists():
        gone = Seen(reason="did not stay where it was kept", remedy="Leave it out and send it again")
        return _put(workspace, draft, file, lambda each: replace(each, seen=gone))
    if not file.sha256:
        digest = _digest(path)
        draft = _put(workspace, draft, file, lambda each: replace(each, sha256=digest))
        if file.number in _repeats(draft, lambda each: each.sha256):
            return draft
    how, about = How(file.importer, file.mapping), source_typed.how_read(draft.about)
    try:
        seen, proposal = previewing.preview(workspace, path, how, about["state"], about["encoding"])
    except TallyproofError as fault:
        seen, proposal = Seen(reason=str(fault)), ""
    except Exception:
        working.log_fault(file.name)
        seen, proposal = Seen(reason="the program met a fault of its own while reading it"), ""

    def keep(each: DraftFile) -> DraftFile:
        is_old = each.asked != file.asked
        return each if is_old else replace(each, seen=seen, mapping=proposal or each.mapping)

    return _put(workspace, draft, file, keep)


def _digest(path: Path) -> str:
    if not path.exists():  # a file of no bytes has none on the disk
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put(
    workspace: Workspace, draft: Draft, file: DraftFile, decide: Callable[[DraftFile], DraftFile]
) -> Draft:
    def change(known: Draft) -> Draft:
        here = [each for each in known.files if each.number == file.number]
        return known.with_file(decide(here[0])) if here else known

    return drafts.change(workspace, draft.case, draft.id, change)


# ---- importing


def import_upload(workspace: Workspace, actor: Actor, case: str, draft: str, patience: float = 0.0) -> Upload:
    """Import the upload's files in one event, in the background; wait for it so many seconds at most.

    Raises RequestError where something stands in the way.
    """
    drafts.allow(actor, case)

    def decide(known: Draft) -> Draft:  # as it stands at this moment, whoever changed it since it was shown
        if known.imported or known.is_importing:
            return known
        if not _upload(workspace, actor, known).can_import:
            raise RequestError(
                "Something stands in the way of importing this upload. Look at its files first."
            )
        return replace(known, is_importing=True, problem="")

    known = drafts.change(workspace, case, draft, decide)
    if not known.imported:
        _start(workspace, actor, known).over.wait(patience)
    return look(workspace, actor, case, draft)


def _import(workspace: Workspace, actor: Actor, draft: Draft, work: Work) -> None:
    upload = _upload(workspace, actor, draft)
    size = sum(each.size for each in upload.files)
    work.total = work.done + size
    work.begin("importing", "", size)
    watched = with_fields(workspace, progress=lambda phrase: None)
    try:
        done = importing.import_returns(watched, actor, draft.case, _request(workspace, upload))
    except TallyproofError as fault:
        _failed(workspace, draft, str(fault))
        return
    except Exception:
        working.log_fault(draft.id)
        _failed(workspace, draft, "The program met a fault of its own while importing. Try once more.")
        return
    sequence, already = done.record.sequence, done.already
    known = drafts.change(
        workspace, draft.case, draft.id,
        lambda known: replace(known, is_importing=False, imported=sequence, already=already),
    )  # fmt: skip
    drafts.empty(workspace, known)


def _failed(workspace: Workspace, draft: Draft, problem: str) -> None:
    drafts.change(
        workspace, draft.case, draft.id, lambda known: replace(known, is_importing=False, problem=problem)
    )


def _request(workspace: Workspace, upload: Upload) -> Request:
    draft, about = upload.draft, upload.draft.about
    return Request(
        tuple(drafts.path_of(workspace, draft.id, each) for each in upload.files),
        about.get("source", ""), Status(about.get("status") or "unknown"), source_typed.as_of(about),
        source_typed.day(about, "election"),
        about.get("state", "").upper(),
        encoding=about.get("encoding", ""), note=about.get("note", ""),
        own={each.name: How(each.importer, each.mapping) for each in upload.files},
        once=not any(each.again for each in upload.files),
    )  # fmt: skip
