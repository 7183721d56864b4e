"""The importers of cast vote records, and which of them reads a document."""

from __future__ import annotations

from dataclasses import replace

from tallyproof.errors import RequestError, UnreadableError, UnrecognisedError
from tallyproof.formats import tables
from tallyproof.formats.cards import dominion, mapped, raire, ranked_json, vendors
from tallyproof.formats.cards.importer import AskedCards, CardFile, CardImporter
from tallyproof.formats.cards.watch import watched
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES

IMPORTERS: tuple[CardImporter, ...] = (dominion, raire, ranked_json, mapped)
HEAD_ROWS = 8


def recognise(document: Document, asked: AskedCards) -> CardImporter:
    """The importer for a document: the one asked for, the mapping's, or the only one that claims it.

    Raises UnrecognisedError, which names the vendor where the export is known but not read yet, and
    RequestError for an unknown name.
    """
    if asked.importer:
        return _named(asked.importer)
    if asked.mapping:
        return mapped
    rows = _head(document) if document.kind in TABLES else []
    matches = [(importer, importer.identify(document, rows)) for importer in IMPORTERS]
    claims = [importer for importer, match in matches if match.fits]
    if len(claims) == 1:
        return claims[0]
    if refused := vendors.refusal(document, rows):
        raise refused
    known = ", ".join(importer.title for importer in IMPORTERS if importer is not mapped)
    remedy = f"Known are {known}; any other CSV is read with --mapping FILE"
    raise UnrecognisedError(document.name, "is in no layout of cast vote records that Tallyproof recognises",
                            remedy=remedy)  # fmt: skip


def _head(document: Document) -> list[list[str]]:
    """The first rows; only those of a header where a card behind it has a quotation mark too many."""
    try:
        return tables.head(document, HEAD_ROWS)
    except UnreadableError:
        return tables.head(document, dominion.HEADER_ROWS)


def read(document: Document, asked: AskedCards) -> CardFile:
    """Open a document with the importer that fits, and watch what is odd about it."""
    importer = recognise(document, asked)
    return replace(watched(document, importer.read(document, asked)), layout=importer.title)


def _named(name: str) -> CardImporter:
    for importer in IMPORTERS:
        if importer.id == name:
            return importer
    known = ", ".join(importer.id for importer in IMPORTERS)
    raise RequestError(f"'{name}' is not an importer of cast vote records. There are: {known}.")
