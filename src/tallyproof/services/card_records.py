"""Imports of cards and of ballot manifests as a case's events tell them, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallyproof.election.canvass import SourceFile
from tallyproof.election.evidence import slug
from tallyproof.store.chain import Event

CARDS_IMPORTED = "cards imported"
MANIFEST_IMPORTED = "manifest imported"


@dataclass(frozen=True, slots=True)
class CardReading:
    """One document of cards: how it was read, so that it can be read again, and what it held.

    ``file`` has the SHA-256 of the original as it came, ``content`` that of the document itself, which
    differs where it came packed.
    """

    file: SourceFile
    content: str
    key: str
    importer: str
    mapping: str
    encoding: str
    election: str
    cards: int
    rejected: int
    contests: int
    styles: int


@dataclass(frozen=True, slots=True)
class CardImport:
    """One import of cards: of which jurisdiction, from which source, and whether it was undone.

    ``source`` is empty where each file is its own source, under its name.
    """

    sequence: int
    at: str
    actor: str
    jurisdiction: str
    source: str
    readings: tuple[CardReading, ...]
    undone: str = ""
    reason: str = ""

    @property
    def cards(self) -> int:
        """All cards of its files."""
        return sum(each.cards for each in self.readings)

    @property
    def rejected(self) -> int:
        """All rows of its files that could not be read."""
        return sum(each.rejected for each in self.readings)

    def source_of(self, reading: CardReading) -> tuple[str, str]:
        """What a later import must bear to take this document's place: jurisdiction and source."""
        return slug(self.jurisdiction), slug(self.source) or reading.file.name.casefold()


@dataclass(frozen=True, slots=True)
class ManifestImport:
    """One import of a ballot manifest, and the jurisdictions whose batches it lists."""

    sequence: int
    at: str
    actor: str
    jurisdictions: tuple[str, ...]
    file: SourceFile
    key: str
    encoding: str
    layout: str
    batches: int
    cards: int
    rejected: int
    undone: str = ""
    reason: str = ""


def counting_cards(imports: Iterable[CardImport]) -> list[tuple[CardImport, CardReading]]:
    """The documents that count, in the order in which they came: of each source its newest import."""
    standing = [each for each in imports if not each.undone]
    newest = {each.source_of(reading): each.sequence for each in standing for reading in each.readings}
    return [
        (each, reading)
        for each in standing
        for reading in each.readings
        if newest[each.source_of(reading)] == each.sequence
    ]


def counting_manifests(imports: Sequence[ManifestImport]) -> dict[str, ManifestImport]:
    """The manifest that counts for each jurisdiction: the newest that lists it, whatever its name."""
    standing = (each for each in imports if not each.undone)
    newest = {slug(name): (name, each) for each in standing for name in each.jurisdictions}
    return dict(newest.values())


def card_import(event: Event) -> CardImport:
    """The import of cards that an event records."""
    body: Mapping[str, Any] = event.body
    return CardImport(
        event.sequence, event.at, event.actor, body["jurisdiction"], body["source"],
        tuple(_reading(each) for each in body["files"]),
    )  # fmt: skip


def _reading(each: Mapping[str, Any]) -> CardReading:
    return CardReading(
        SourceFile(each["name"], each["sha256"], each["size"], each["importer"]), each["content"],
        each["key"], each["importer"], each["mapping"], each["encoding"], each["election"], each["cards"],
        each["rejected"], each["contests"], each["styles"],
    )  # fmt: skip


def manifest_import(event: Event) -> ManifestImport:
    """The import of a ballot manifest that an event records."""
    body: Mapping[str, Any] = event.body
    file = SourceFile(body["name"], body["sha256"], body["size"], body["layout"])
    return ManifestImport(
        event.sequence, event.at, event.actor, tuple(body["jurisdictions"]), file, body["key"],
        body["encoding"], body["layout"], body["batches"], body["cards"], body["rejected"],
    )  # fmt: skip


def file_body(each: CardReading) -> dict[str, Any]:
    """A document of cards as an event tells it: no card's votes are in it."""
    return {
        "name": each.file.name,
        "sha256": each.file.sha256,
        "size": each.file.size,
        "content": each.content,
        "importer": each.importer,
        "mapping": each.mapping,
        "encoding": each.encoding,
        "key": each.key,
        "election": each.election,
        "cards": each.cards,
        "rejected": each.rejected,
        "contests": each.contests,
        "styles": each.styles,
    }


def manifest_body(each: ManifestImport) -> dict[str, Any]:
    """A ballot manifest as an event tells it."""
    return {
        "jurisdictions": list(each.jurisdictions),
        "name": each.file.name,
        "sha256": each.file.sha256,
        "size": each.file.size,
        "encoding": each.encoding,
        "key": each.key,
        "layout": each.layout,
        "batches": each.batches,
        "cards": each.cards,
        "rejected": each.rejected,
    }
