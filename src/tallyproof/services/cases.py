"""Cases: opening one, and folding its events into where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from tallyproof.election.canvass import Snapshot, SourceFile, Status
from tallyproof.election.evidence import slug
from tallyproof.errors import AccessError, RequestError, StoreError
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.card_records import (
    CARDS_IMPORTED,
    MANIFEST_IMPORTED,
    CardImport,
    ManifestImport,
    card_import,
    manifest_import,
)
from tallyproof.services.name_records import NAMES_SET, NamesRecord, names_record
from tallyproof.services.workspace import Workspace
from tallyproof.store.chain import NOTHING_BEFORE, Event, Head

OPENED = "case opened"
IMPORTED = "returns imported"
UNDONE = "import undone"
ANSWERED = "checks answered"
EXPLAINED = "finding explained"
RESOLVED = "finding resolved"
REOPENED = "finding reopened"
PUBLISHED = "case published"

STATE_AFTER = {EXPLAINED: "explained", RESOLVED: "resolved", REOPENED: "open"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one original file was read, so that it can be read again: importer, mapping, encoding, state."""

    file: SourceFile
    key: str
    importer: str
    mapping: str = ""
    encoding: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import of a case: what came, from whom, how many rows, and whether it was undone."""

    sequence: int
    at: str
    actor: str
    snapshot: Snapshot
    readings: tuple[Reading, ...]
    rows: Mapping[str, int]
    note: str = ""
    undone: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A step in a finding's life: who said what when, and where it stands."""

    sequence: int
    at: str
    actor: str
    kind: str
    words: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """A finding's state (open, explained, resolved) and how it came to it."""

    state: str = "open"
    history: tuple[LifeEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as its events tell it up to ``sequence``."""

    id: str
    title: str
    election: date | None = None
    summary: str = ""
    sequence: int = 0
    head: str = NOTHING_BEFORE
    imports: tuple[ImportRecord, ...] = ()
    lives: Mapping[str, Life] = field(default_factory=dict)
    reports: tuple[tuple[int, str, str], ...] = ()
    published: Mapping[str, Any] = field(default_factory=dict)
    cards: tuple[CardImport, ...] = ()
    manifests: tuple[ManifestImport, ...] = ()
    names: NamesRecord | None = None

    @property
    def active(self) -> tuple[ImportRecord, ...]:
        """Imports that were not undone."""
        return tuple(record for record in self.imports if not record.undone)

    def life(self, finding_id: str) -> Life:
        """The life of a finding; open where nothing was said."""
        return self.lives.get(finding_id, Life())


def open_case(
    workspace: Workspace,
    actor: Actor,
    case: str,
    *,
    title: str = "",
    election: date | None = None,
    summary: str = "",
) -> CaseState:
    """Open a case under a short name. Raises RequestError where the name is taken or unfit."""
    require(actor, Right.IMPORT)
    require_name(case)
    if not open_if_new(workspace, actor, case, election, title, summary):
        raise RequestError(f"There is a case {case} already. Choose another name.")
    return state(workspace, actor, case)


def require_name(case: str) -> None:
    """Raise RequestError unless the text can name a case."""
    if not case or slug(case) != case:
        raise RequestError(
            f"'{case}' cannot name a case: use lower-case letters, digits and dashes, "
            f"like {slug(case) or 'my-county-2024'}."
        )


def open_if_new(
    workspace: Workspace, actor: Actor, case: str, election: date | None, title: str = "", summary: str = ""
) -> bool:
    """Open the case unless there is one of that name; whether it was opened now."""
    body = {
        "title": title or case,
        "election": election.isoformat() if election else None,
        "summary": summary,
    }
    event = record(workspace, actor, case, OPENED, lambda known: None if known.sequence else body)
    return event is not None


def record(
    workspace: Workspace,
    actor: Actor,
    case: str,
    kind: str,
    decide: Callable[[CaseState], dict[str, Any] | None],
    secrets: Mapping[str, str] | None = None,
) -> Event | None:
    """Append the event whose body ``decide`` makes of where the case stands; nothing where that is None.

    Where another writer was faster, it is decided anew on what that one left, so that two people who
    do the same thing at the same moment do it once.
    """
    hidden = {**named(actor), **(secrets or {})}
    while True:
        known = _folded(workspace, case)
        require_part(actor, known)
        body = decide(known)
        if body is None:
            return None
        expected = Head(known.sequence, known.head)
        try:
            return workspace.ledger.append(case, actor.id, kind, body, secrets=hidden, expected_head=expected)
        except StoreError:
            if workspace.ledger.head(case) == expected:
                raise


def require_part(actor: Actor, known: CaseState) -> None:
    """Raise AccessError unless the actor's rights hold for the case."""
    if known.sequence and not actor.acts_on(known.id):
        raise AccessError(f"{actor.id} takes no part in case {known.id}. Ask an administrator to add you.")


def named(actor: Actor) -> dict[str, str]:
    """The actor's own name as a secret field: it enters events only as a salted commitment."""
    return {"actor_name": actor.name} if actor.name else {}


def cases(workspace: Workspace, actor: Actor) -> list[CaseState]:
    """All cases, newest election first."""
    require(actor, Right.READ)
    found = [state(workspace, actor, case) for case in visible(workspace, actor)]
    return sorted(found, key=lambda case: (case.election or date.min, case.id), reverse=True)


def visible(workspace: Workspace, actor: Actor) -> list[str]:
    """The names of the cases that the actor may see."""
    return [case for case in workspace.ledger.cases() if actor.sees(case)]


def state(workspace: Workspace, actor: Actor, case: str, upto: int | None = None) -> CaseState:
    """Fold a case's events, all or up to number ``upto``. Raises RequestError for an unknown case."""
    require(actor, Right.READ)
    folded = _folded(workspace, case, upto)
    if not folded.sequence or not actor.sees(case):
        known = ", ".join(visible(workspace, actor)) or "none yet"
        raise RequestError(f"There is no case '{case}'. Known cases: {known}.")
    return folded


def _folded(workspace: Workspace, case: str, upto: int | None = None) -> CaseState:
    folded = CaseState(case, case)
    for event in workspace.ledger.events(case, upto):
        folded = replace(_step(folded, event), sequence=event.sequence, head=event.hash)
    return folded


def _step(case: CaseState, event: Event) -> CaseState:
    kind, body = event.kind, _body(event)
    if kind == OPENED:
        return replace(case, title=body["title"], election=_date(body["election"]), summary=body["summary"])
    if kind == IMPORTED:
        return replace(case, imports=(*case.imports, import_record(event)))
    if kind == CARDS_IMPORTED:
        return replace(case, cards=(*case.cards, card_import(event)))
    if kind == MANIFEST_IMPORTED:
        return replace(case, manifests=(*case.manifests, manifest_import(event)))
    if kind == NAMES_SET:
        return replace(case, names=names_record(event))
    if kind == UNDONE:
        return _undone(case, event)
    if kind == ANSWERED:
        return replace(case, reports=(*case.reports, (event.sequence, event.at, body["report"])))
    if kind == PUBLISHED:
        return replace(case, published=body)
    if kind in STATE_AFTER:
        return replace(case, lives={**case.lives, body["finding"]: _lived(case, event)})
    return case


Import = TypeVar("Import", ImportRecord, CardImport, ManifestImport)


def _undone(case: CaseState, event: Event) -> CaseState:
    body = _body(event)

    def marked(imports: tuple[Import, ...]) -> tuple[Import, ...]:
        return tuple(
            replace(each, undone=event.at, reason=body["reason"]) if each.sequence == body["import"] else each
            for each in imports
        )

    return replace(
        case, imports=marked(case.imports), cards=marked(case.cards), manifests=marked(case.manifests)
    )


def _body(event: Event) -> Mapping[str, Any]:
    return event.body


def _lived(case: CaseState, event: Event) -> Life:
    body = _body(event)
    step = LifeEvent(
        event.sequence, event.at, event.actor, event.kind, body.get("words", ""), body.get("cite", "")
    )
    return Life(STATE_AFTER[event.kind], (*case.life(body["finding"]).history, step))


def import_record(event: Event) -> ImportRecord:
    """The import that an event records."""
    body = _body(event)
    readings = tuple(_reading(each) for each in body["files"])
    snapshot = Snapshot(
        f"import-{event.sequence}",
        body["source"],
        Status(body["status"]),
        _time(body["as_of"]),
        _date(body["election"]),
        tuple(reading.file for reading in readings),
        event.sequence,
        event.at,
    )
    return ImportRecord(
        event.sequence, event.at, event.actor, snapshot, readings, body["rows"], body.get("note", "")
    )


def _reading(each: Mapping[str, Any]) -> Reading:
    file = SourceFile(each["name"], each["sha256"], each["size"], each["importer"])
    return Reading(file, each["key"], each["importer"], each["mapping"], each["encoding"], each["state"])


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
