"""Importing cards and ballot manifests: read everything, keep cards and originals, then record it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.election.canvass import SourceFile
from tallyproof.election.evidence import Rejection, Remark, slug
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import manifests, mapping_file
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards, CardFile
from tallyproof.formats.intake import Document, documents
from tallyproof.services import card_faults, card_keeping, card_listing, card_originals, cases
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.card_records import (
    CARDS_IMPORTED,
    MANIFEST_IMPORTED,
    CardImport,
    CardReading,
    ManifestImport,
    card_import,
    counting_cards,
    file_body,
    manifest_body,
    manifest_import,
)
from tallyproof.services.cases import CaseState
from tallyproof.services.workspace import Workspace
from tallyproof.store.cards import CardStore, Shelf, key_of

MOST_SHOWN = 1_000
"""Rejections that an answer holds; all of them are kept beside the cards."""


@dataclass(frozen=True, slots=True)
class CardRequest:
    """Files of cards of one jurisdiction, and how to read them; a ballot manifest, alone or beside them.

    ``source`` names who says so where all files together are one snapshot; else each file is a source of
    its own, under its name. ``jurisdiction`` may be empty for a manifest that names its own.
    """

    files: tuple[Path, ...] = ()
    jurisdiction: str = ""
    manifest: Path | None = None
    mapping: Path | None = None
    importer: str = ""
    encoding: str = ""
    source: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files."""
        return self.files if self.manifest is None else (*self.files, self.manifest)


@dataclass(frozen=True, slots=True)
class CardsImported:
    """What was recorded: cards, a manifest, both, or nothing where all of it counted already.

    ``already`` has a sentence for each file that was left out because it counts, and for each of those whose
    original was lost and is kept again, ``others`` for each that counts no longer because a newer one came,
    and for those that count beside the new ones;
    ``faults`` say what does not fit together.
    """

    case: str
    cards: CardImport | None = None
    manifest: ManifestImport | None = None
    already: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    opened: bool = False


@dataclass(frozen=True, slots=True)
class _Listed:
    """A manifest as read, and the record that it would become."""

    manifest: Manifest
    record: ManifestImport


def import_cards(workspace: Workspace, actor: Actor, case: str, request: CardRequest) -> CardsImported:
    """Import cards of a jurisdiction, or its ballot manifest, into a case, which is opened where it is new.

    Everything is read before anything is recorded. An import that was cut off is taken up where it stopped.
    Files that count in the case already are left out and named. Raises RequestError, UnreadableError.
    """
    require(actor, Right.IMPORT)
    _check(request)
    known = _known(workspace, actor, case)
    workspace.progress("Reading")
    listed = _read_manifest(request)
    with documents(list(request.files), request.encoding) as found:
        fresh, already = _fresh(known, found, request)
        counting = [each.original for each in found if each not in fresh]
        readings = _keep_all(workspace, fresh, request)
    for reading, shelf in readings:
        card_keeping.require_names(workspace, known, reading, shelf)
    new_manifest = listed
    if listed and (same := _same_manifest(known, listed.record)):
        already.append(f"{listed.manifest.file} counts already, as import {same.sequence}.")
        counting.append(listed.record.file)
        new_manifest = None
    workspace.progress("Keeping the originals")
    new = [reading.file for reading, _ in readings] + ([new_manifest.record.file] if new_manifest else [])
    card_originals.keep(workspace, request.paths, new)
    already += card_originals.restored(workspace, request.paths, counting)
    opened = not known.sequence and cases.open_if_new(workspace, actor, case, None)
    return _recorded(workspace, actor, case, request, readings, new_manifest, tuple(already), opened=opened)


def import_manifest(
    workspace: Workspace, actor: Actor, case: str, path: Path, jurisdiction: str = "", encoding: str = ""
) -> CardsImported:
    """Import a ballot manifest alone; ``jurisdiction`` may be empty where it names its own."""
    request = CardRequest((), jurisdiction, path, encoding=encoding)
    return import_cards(workspace, actor, case, request)


def undo(workspace: Workspace, actor: Actor, case: str, sequence: int, reason: str) -> CaseState:
    """Undo an import of cards or of a manifest: it no longer counts; the event and the original stay."""
    require(actor, Right.IMPORT)
    if not reason.strip():
        raise RequestError("Say why the import is undone with --reason, for those who read the ledger later.")

    def decide(known: CaseState) -> dict[str, Any]:
        records: list[CardImport | ManifestImport] = [*known.cards, *known.manifests]
        record = next((each for each in records if each.sequence == sequence), None)
        if record is None:
            standing = sorted(each.sequence for each in records if not each.undone)
            numbers = ", ".join(map(str, standing)) or "none"
            raise RequestError(
                f"Event {sequence} of case {case} imports neither cards nor a manifest. "
                f"Those that do: {numbers}."
            )
        if record.undone:
            raise RequestError(f"Import {sequence} of case {case} was undone already on {record.undone}.")
        return {"import": sequence, "reason": reason.strip()}

    cases.state(workspace, actor, case)
    cases.record(workspace, actor, case, cases.UNDONE, decide)
    return cases.state(workspace, actor, case)


# ---- before anything is kept


def _check(request: CardRequest) -> None:
    if not request.files and request.manifest is None:
        raise RequestError("Name at least one file of cards, or a ballot manifest.")
    if request.files and not slug(request.jurisdiction):
        raise RequestError("Say whose cards these are with --jurisdiction NAME, such as the county.")


def _known(workspace: Workspace, actor: Actor, case: str) -> CaseState:
    if not workspace.ledger.head(case).sequence:
        cases.require_name(case)
        return CaseState(case, case)
    known = cases.state(workspace, actor, case)
    cases.require_part(actor, known)
    return known


def _read_manifest(request: CardRequest) -> _Listed | None:
    if request.manifest is None:
        return None
    with documents([request.manifest], request.encoding) as found:
        if len(found) != 1:
            raise RequestError(f"{request.manifest.name} holds {len(found)} files. Give the manifest alone.")
        document = found[0]
        manifest = manifests.read_manifest(document)
    card_keeping.require_batches(manifest)
    named = tuple(dict.fromkeys(each.jurisdiction for each in manifest.batches if each.jurisdiction))
    places = named or ((request.jurisdiction.strip(),) if slug(request.jurisdiction) else ())
    if not places:
        raise RequestError(f"{manifest.file} names no jurisdiction. Say whose manifest it is with "
                           "--jurisdiction NAME.")  # fmt: skip
    original = replace(document.original, name=document.name, importer=manifest.layout)
    key = key_of(original.sha256, document.name, request.encoding, "manifest", card_keeping.READER_VERSION)
    return _Listed(manifest, ManifestImport(
        0, "", "", places, original, key, request.encoding, manifest.layout, len(manifest.batches),
        manifest.cards, len(manifest.rejections),
    ))  # fmt: skip


def _same_manifest(known: CaseState, new: ManifestImport) -> ManifestImport | None:
    """The import that counts now and lists the same batches: the same bytes, read the same way."""
    standing = [each for each in known.manifests if not each.undone]
    same = (each for each in reversed(standing)
            if (each.file.sha256, each.encoding, each.jurisdictions)
            == (new.file.sha256, new.encoding, new.jurisdictions))  # fmt: skip
    newest = next(same, None)
    is_last = newest is not None and not any(
        later.sequence > newest.sequence and set(later.jurisdictions) & set(newest.jurisdictions)
        for later in standing
    )
    return newest if is_last else None


def _fresh(
    known: CaseState, found: Sequence[Document], request: CardRequest
) -> tuple[list[Document], list[str]]:
    """The documents that do not count yet, and a sentence for each that does. Raises RequestError."""
    counting = {reading.content: (record, reading) for record, reading in counting_cards(known.cards)}
    fresh: dict[str, Document] = {}
    already: list[str] = []
    names: set[str] = set()
    for each in found:
        if each.name in names:
            raise RequestError(f"Two files are called {each.name}. Give one after the other, or rename one.")
        names.add(each.name)
        if each.facts.sha256 in fresh:
            raise RequestError(f"{each.name} holds the same bytes as {fresh[each.facts.sha256].name}. "
                               "Give them once.")  # fmt: skip
        if each.facts.sha256 in counting:
            already.append(_counts(each, *counting[each.facts.sha256], request))
        else:
            fresh[each.facts.sha256] = each
    return list(fresh.values()), already


def _counts(document: Document, record: CardImport, reading: CardReading, request: CardRequest) -> str:
    """That a document counts already. Raises RequestError where the request says something else of it."""
    name = "" if reading.file.name == document.name else f"{reading.file.name} of "
    same = f"{document.name} counts already, as {name}import {record.sequence}"
    undo_first = "Undo that import first if it was wrong"
    if slug(record.jurisdiction) != slug(request.jurisdiction):
        raise RequestError(f"{same}, for {record.jurisdiction}. {undo_first}.")
    text = mapping_file.load(request.mapping).text if request.mapping else ""
    asked = request.importer or (reading.importer if not text else "mapped-cards")
    if (reading.mapping, reading.encoding, reading.importer) != (text, request.encoding, asked):
        raise RequestError(f"{same}, read in another way. {undo_first}.")
    return f"{same}."


# ---- keeping


def _keep_all(
    workspace: Workspace, fresh: Sequence[Document], request: CardRequest
) -> list[tuple[CardReading, Shelf]]:
    """Open every document before the first card is kept, so that a wrong file is told at once."""
    asked = AskedCards(request.importer)
    if request.mapping is not None:
        text = mapping_file.load(request.mapping)
        asked = AskedCards(request.importer, text.text, text.name)
    importers = [registry.recognise(document, asked).id for document in fresh]
    readings = [registry.read(document, asked) for document in fresh]
    kept: list[tuple[CardReading, Shelf]] = []
    new: list[Shelf] = []
    try:
        for opened in zip(fresh, importers, readings, strict=True):
            kept.append(_keep(workspace, opened, asked, request, new))
    except UnreadableError:
        for shelf in new:
            CardStore(workspace.files).forget(shelf)
        raise
    return kept


def _keep(
    workspace: Workspace, opened: tuple[Document, str, CardFile], asked: AskedCards, request: CardRequest,
    new: list[Shelf],
) -> tuple[CardReading, Shelf]:  # fmt: skip
    """Keep a document's cards; where they were not kept before, ``new`` names their place."""
    document, importer, reading = opened
    original, jurisdiction = document.original, request.jurisdiction.strip()
    key = card_keeping.key(
        original.sha256, document.name, importer, asked.mapping, request.encoding, jurisdiction
    )
    shelf = Shelf(key, jurisdiction)
    kept = CardStore(workspace.files).kept(shelf)
    if kept is None:
        new.append(shelf)
        kept = card_keeping.keep(workspace, shelf, document.name, reading)
    card_keeping.require_cards(workspace, shelf, document.name, kept)
    file = SourceFile(document.name, original.sha256, original.size, importer)
    styles = card_keeping.styles_kept(workspace, shelf, kept)
    return CardReading(
        file, document.facts.sha256, key, importer, asked.mapping, request.encoding, kept.election,
        kept.cards, kept.rejected, len(kept.contests), styles,
    ), shelf  # fmt: skip


# ---- recording


def _recorded(
    workspace: Workspace, actor: Actor, case: str, request: CardRequest,
    readings: Sequence[tuple[CardReading, Shelf]], listed: _Listed | None, already: tuple[str, ...],
    *, opened: bool,
) -> CardsImported:  # fmt: skip
    before: CaseState | None = None

    def cards(known: CaseState) -> dict[str, Any]:
        nonlocal before
        before = known
        _require_new(known, [reading for reading, _ in readings])
        files = [file_body(reading) for reading, _ in readings]
        return {"jurisdiction": request.jurisdiction.strip(), "source": request.source, "files": files}

    def manifest(known: CaseState) -> dict[str, Any] | None:
        nonlocal before
        before = before or known
        return manifest_body(listed.record) if listed and not _same_manifest(known, listed.record) else None

    event = cases.record(workspace, actor, case, CARDS_IMPORTED, cards) if readings else None
    other = cases.record(workspace, actor, case, MANIFEST_IMPORTED, manifest) if listed else None
    now = cases.state(workspace, actor, case)
    store = CardStore(workspace.files)
    rejections = (each for _, shelf in readings if (kept := store.kept(shelf)) is not None
                  for each in store.rejections(shelf, kept))  # fmt: skip
    remarks = [each for _, shelf in readings if (kept := store.kept(shelf)) for each in kept.remarks]
    remarks += listed.manifest.remarks if listed else ()
    record, batches = card_import(event) if event else None, manifest_import(other) if other else None
    place = request.jurisdiction.strip()
    unfit = card_faults.unfit(place, listed.manifest, listed.record) if listed else ()
    unfit = unfit or card_faults.named_apart(now, record, batches)
    return CardsImported(
        case, record, batches, already,
        (*card_faults.replaced(before or now, now), *card_faults.beside(now, record)),
        (*card_faults.mixed(now, record), *unfit, *card_listing.unlisted(workspace, now, record, batches)),
        tuple(islice([*(listed.manifest.rejections if listed else ()), *islice(rejections, MOST_SHOWN)],
                     MOST_SHOWN)),
        tuple(remarks), opened,
    )  # fmt: skip


def _require_new(known: CaseState, readings: Iterable[CardReading]) -> None:
    """Raise RequestError where somebody imported the same at the same moment."""
    counting = {reading.content: record.sequence for record, reading in counting_cards(known.cards)}
    for each in readings:
        if each.content in counting:
            raise RequestError(f"{each.file.name} was imported by somebody else just now, as import "
                               f"{counting[each.content]}. Nothing was recorded.")  # fmt: skip
