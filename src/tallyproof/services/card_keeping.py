"""Cards of imports: kept in the card store, and built again from the originals where they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import CardPart
from tallyproof.election.evidence import Rejection, slug
from tallyproof.errors import StoreError, UnreadableError
from tallyproof.formats import manifests
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards, CardFile
from tallyproof.services import caching, cases
from tallyproof.services.card_records import CardImport, CardReading, ManifestImport
from tallyproof.services.card_styles import contest_sets
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
    read = caching.remember(workspace, case, question, lambda: _by_jurisdiction(workspace, record))
    return read.get(slug(jurisdiction)) or read[""]


def _require_same(holds: bool, name: str, sha256: str) -> None:
    if not holds:
        raise StoreError(
            f"The original of {name} is missing or not as it was imported. "
            f"Put the file with SHA-256 {sha256} in its place."
        )


def _by_jurisdiction(workspace: Workspace, record: ManifestImport) -> dict[str, Manifest]:
    _require_same(workspace.files.verify(record.file.sha256), record.file.name, record.file.sha256)
    again = cases.Reading(record.file, record.key, record.layout, "", record.encoding)
    with document_of(workspace, again) as document:
        manifest = manifests.read_manifest(document)
    batches: dict[str, list[Batch]] = {"": []}
    for batch in manifest.batches:
        batches.setdefault(slug(batch.jurisdiction), []).append(batch)
    return {name: replace(manifest, batches=tuple(own)) for name, own in batches.items()}
