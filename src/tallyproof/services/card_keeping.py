"""Cards of imports: kept in the card store, and built again from the originals where they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import CardPart
from tallyproof.election.evidence import Rejection, slug
from tallyproof.election.standardizing import standardized
from tallyproof.errors import RequestError, StoreError, UnreadableError
from tallyproof.formats import manifests
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards, CardFile
from tallyproof.services import caching, cases
from tallyproof.services.card_records import CardImport, CardReading, ManifestImport
from tallyproof.services.card_styles import contest_sets
from tallyproof.services.cases import CaseState
from tallyproof.services.name_records import names_of
from tallyproof.services.tables import document_of
from tallyproof.services.workspace import Workspace
from tallyproof.store.cards import CardStore, Kept, Shelf, key_of

READER_VERSION = 2
"""Raised when the same original would be read differently: its cards are then built anew."""


def key(sha256: str, document: str, importer: str, mapping: str, encoding: str, jurisdiction: str) -> str:
    """The key of a reading by this version of the program."""
    return key_of(sha256, document, importer, mapping, encoding, jurisdiction, READER_VERSION)


def shelf_of(record: CardImport, each: CardReading) -> Shelf:
    """Where this version of the program keeps the cards of a document."""
    file = each.file
    now = key(file.sha256, file.name, each.importer, each.mapping, each.encoding, record.jurisdiction)
    return Shelf(now, record.jurisdiction)


def keep(workspace: Workspace, shelf: Shelf, name: str, reading: CardFile) -> Kept:
    """Keep the cards of a document that is being read, and tell how far it is.

    Where it turns out that it cannot be read, nothing of it stays; where the program is cut off, what was
    kept is taken up the next time.
    """
    store = CardStore(workspace.files)
    try:
        return store.keep(shelf, reading, lambda cards: workspace.progress(f"{name}: {cards:,} cards"))
    except UnreadableError:
        store.forget(shelf)
        raise


def require_cards(workspace: Workspace, shelf: Shelf, name: str, kept: Kept) -> None:
    """Raise UnreadableError where no card stands in a document, or all are rejected."""
    if kept.cards:
        return
    first = next(CardStore(workspace.files).rejections(shelf, kept), None)
    if first is None:
        remedy = "Nothing was imported. Look whether the export is complete"
        raise UnreadableError(name, "holds no cards: nothing stands below its header", remedy=remedy)
    raise _all_rejected(name, first, kept.rejected)


def require_batches(manifest: Manifest) -> None:
    """Raise UnreadableError where all rows of a manifest are rejected: it would take a good one's place."""
    if manifest.rejections and not manifest.batches:
        raise _all_rejected(manifest.file, manifest.rejections[0], len(manifest.rejections))


def _all_rejected(name: str, first: Rejection, rejected: int) -> UnreadableError:
    rows = "The only row is" if rejected == 1 else f"All {rejected:,} rows are"
    remedy = f"{rows} rejected, so nothing was imported"
    return UnreadableError(name, first.reason, row=first.row, remedy=remedy)


def require_names(workspace: Workspace, known: CaseState, reading: CardReading, shelf: Shelf) -> None:
    """Raise RequestError where the case's standard names cannot be put over these cards."""
    kept = CardStore(workspace.files).kept(shelf)
    if kept is None:
        return
    part = _part(workspace, shelf, kept, reading.file.name, reading.content)
    try:
        standardized(part, names_of(workspace.files, known.names))
    except RequestError as fault:
        raise RequestError(
            f"{fault} Nothing was imported. Correct the names first: tallyproof cards names {known.id} "
            "--use FILE.toml --reason …"
        ) from None


def part_of(workspace: Workspace, record: CardImport, each: CardReading) -> CardPart:
    """The cards of one document as a part, built again from the original where they are gone."""
    shelf, kept = kept_of(workspace, record, each)
    try:
        return _part(workspace, shelf, kept, each.file.name, each.content)
    except StoreError:  # a copy on another machine that was damaged
        kept = _rebuilt(workspace, shelf, each)
        return _part(workspace, shelf, kept, each.file.name, each.content)


def styles_kept(workspace: Workspace, shelf: Shelf, kept: Kept) -> int:
    """How many different sets of contests stand on the cards kept."""
    return len(contest_sets(_part(workspace, shelf, kept)))


def _part(workspace: Workspace, shelf: Shelf, kept: Kept, file: str = "", content: str = "") -> CardPart:
    frame = CardStore(workspace.files).frame(shelf, kept)
    return CardPart(shelf.jurisdiction, file, content, kept.contests, frame, kept.election, kept.rejected)


def rejections_of(workspace: Workspace, record: CardImport, each: CardReading) -> Iterator[Rejection]:
    """The rows of a document that could not be read."""
    shelf, kept = kept_of(workspace, record, each)
    return CardStore(workspace.files).rejections(shelf, kept)


def kept_of(workspace: Workspace, record: CardImport, each: CardReading) -> tuple[Shelf, Kept]:
    """Where a document's cards are kept, and the book."""
    shelf = shelf_of(record, each)
    return shelf, CardStore(workspace.files).kept(shelf) or _rebuilt(workspace, shelf, each)


def _rebuilt(workspace: Workspace, shelf: Shelf, each: CardReading) -> Kept:
    asked = AskedCards("" if each.mapping else each.importer, each.mapping)
    again = cases.Reading(each.file, shelf.key, each.importer, each.mapping, each.encoding)
    with document_of(workspace, again) as document:
        _require_same(document.facts.sha256 == each.content, each.file.name, each.file.sha256)
        reading = registry.read(document, asked)
        return keep(workspace, shelf, each.file.name, reading)


def manifest_of(workspace: Workspace, case: str, record: ManifestImport, jurisdiction: str) -> Manifest:
    """A jurisdiction's batches in the manifest of an import, read from its original once for all of them.

    All batches where the manifest names no jurisdiction.
    """
    question = ("manifest", record.sequence)
    read = caching.remember(workspace, case, question, lambda: batches_of(workspace, record))
    return read.get(slug(jurisdiction)) or read[""]


def _require_same(holds: bool, name: str, sha256: str) -> None:
    if not holds:
        raise StoreError(
            f"The original of {name} is missing or not as it was imported. "
            f"Import the file with SHA-256 {sha256} again: it is put in its place."
        )


def batches_of(workspace: Workspace, record: ManifestImport) -> dict[str, Manifest]:
    """The manifest of an import by jurisdiction (as a slug), read now; "" has batches that name none."""
    _require_same(workspace.files.verify(record.file.sha256), record.file.name, record.file.sha256)
    again = cases.Reading(record.file, record.key, record.layout, "", record.encoding)
    with document_of(workspace, again) as document:
        manifest = manifests.read_manifest(document)
    batches: dict[str, list[Batch]] = {"": []}
    for batch in manifest.batches:
        batches.setdefault(slug(batch.jurisdiction), []).append(batch)
    return {name: replace(manifest, batches=tuple(own)) for name, own in batches.items()}
