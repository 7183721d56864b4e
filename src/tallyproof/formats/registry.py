"""The list of importers, and how a document finds its own."""

from __future__ import annotations

from collections.abc import Sequence

from tallyproof.errors import UnreadableError
from tallyproof.formats import tables
from tallyproof.formats.ballots_by_unit import BallotsByUnit
from tallyproof.formats.importer import Asked, Importer, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.medsl import Medsl
from tallyproof.formats.openelections import OpenElections
from tallyproof.formats.tallyproof_csv import TallyproofCsv


def registry() -> tuple[Importer, ...]:
    """All importers, in the order in which they are listed to users."""
    return (OpenElections(), Medsl(), BallotsByUnit(), TallyproofCsv())


def recognise(document: Document, asked: Asked, importers: Sequence[Importer] = ()) -> Importer:
    """The one importer that claims the document.

    Raises UnreadableError where none or several do, with what to do next.
    """
    known = tuple(importers) or registry()
    if asked.importer:
        return _by_name(asked.importer, known, document)
    if document.kind not in TABLES:
        reason = f"is {document.kind.upper()}, which no importer reads"
        raise UnreadableError(document.name, reason, remedy="Give the returns as CSV or Excel")
    rows = tables.head(document)
    answers = [(importer, importer.identify(document, rows)) for importer in known]
    claims = [importer for importer, answer in answers if answer.fits]
    if len(claims) == 1:
        return claims[0]
    if claims:
        names = " and ".join(importer.id for importer in claims)
        raise UnreadableError(
            document.name, f"is claimed by {names}", remedy="Say which one with --importer NAME"
        )
    raise UnreadableError(document.name, _nearest(answers), remedy=_REMEDY)


_REMEDY = "Draft a mapping with 'tallyproof import returns --propose FILE' and give it with --mapping"


def _by_name(name: str, known: Sequence[Importer], document: Document) -> Importer:
    for importer in known:
        if importer.id == name:
            return importer
    names = ", ".join(importer.id for importer in known)
    raise UnreadableError(document.name, f"there is no importer '{name}'", remedy=f"Use one of: {names}")


def _nearest(answers: Sequence[tuple[Importer, Match]]) -> str:
    near = min(answers, key=lambda answer: len(answer[1].missing) or 99)
    if not 0 < len(near[1].missing) <= 2:
        return "is not in a format that Tallyproof recognises"
    columns = " and ".join(f"'{name}'" for name in near[1].missing)
    word = "column" if len(near[1].missing) == 1 else "columns"
    nearest = f"nearest is {near[0].title}, but it has no {word} {columns}"
    return f"is not in a format that Tallyproof recognises; {nearest}"
