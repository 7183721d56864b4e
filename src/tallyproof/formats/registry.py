"""The list of importers, and how a document finds its own."""

from __future__ import annotations

from collections.abc import Sequence

from tallyproof.errors import UnreadableError, UnrecognisedError
from tallyproof.formats import tables
from tallyproof.formats.ballots_by_unit import BallotsByUnit
from tallyproof.formats.clarity import Clarity
from tallyproof.formats.clarity_summary import ClaritySummary
from tallyproof.formats.importer import Asked, Importer, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.medsl import Medsl
from tallyproof.formats.nist.results import NistResults
from tallyproof.formats.openelections import OpenElections
from tallyproof.formats.tallyproof_csv import TallyproofCsv


def registry() -> tuple[Importer, ...]:
    """All importers, in the order in which they are listed to users."""
    return (
        OpenElections(),
        Medsl(),
        BallotsByUnit(),
        Clarity(),
        ClaritySummary(),
        NistResults(),
        TallyproofCsv(),
    )


def recognise(document: Document, asked: Asked, importers: Sequence[Importer] = ()) -> Importer:
    """The one importer that claims the document.

    Raises UnrecognisedError where none or several do, UnreadableError where the one asked for by name
    does not fit, each with what to do next.
    """
    known = tuple(importers) or registry()
    rows = tables.head(document) if document.kind in TABLES else []
    if asked.importer:
        return _by_name(asked.importer, known, document, rows)
    answers = [(importer, importer.identify(document, rows)) for importer in known]
    claims = [importer for importer, answer in answers if answer.fits]
    if len(claims) == 1:
        return claims[0]
    if claims:
        names = " and ".join(importer.id for importer in claims)
        fault = UnrecognisedError(
            document.name, f"is claimed by {names}", remedy="Say which one with --importer NAME"
        )
        fault.claims = tuple(importer.id for importer in claims)
        raise fault
    if document.kind not in TABLES:
        reason = f"holds {document.kind.upper()} of a layout that is not known here"
        fault = UnrecognisedError(document.name, reason, remedy="Give the returns as CSV or Excel")
        fault.is_table = False
        raise fault
    raise UnrecognisedError(document.name, _nearest(answers), remedy=_REMEDY)


_REMEDY = "Draft a mapping with 'tallyproof import returns --propose FILE' and give it with --mapping"


def _by_name(
    name: str, known: Sequence[Importer], document: Document, rows: Sequence[Sequence[str]]
) -> Importer:
    found = next((importer for importer in known if importer.id == name), None)
    if found is None:
        names = ", ".join(importer.id for importer in known)
        raise UnreadableError(document.name, f"there is no importer '{name}'", remedy=f"Use one of: {names}")
    answer = found.identify(document, rows)
    if not answer.fits:
        lacking = f": it has no {_columns(answer.missing)}" if answer.missing else ""
        raise UnreadableError(document.name, f"cannot be read as {found.title}{lacking}", remedy=_REMEDY)
    return found


def _columns(names: Sequence[str]) -> str:
    quoted = " and ".join(f"'{name}'" for name in names)
    return f"column {quoted}" if len(names) == 1 else f"columns {quoted}"


def _nearest(answers: Sequence[tuple[Importer, Match]]) -> str:
    importer, match = min(answers, key=lambda answer: len(answer[1].missing) or 99)
    unknown = "is not in a format that Tallyproof recognises"
    if not 0 < len(match.missing) <= 2:
        return unknown
    return f"{unknown}; nearest is {importer.title}, but it has no {_columns(match.missing)}"
