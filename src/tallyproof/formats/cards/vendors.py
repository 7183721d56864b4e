"""Exports of cast vote records that are known by their headers but not read yet."""

from __future__ import annotations

from collections.abc import Sequence

from tallyproof.errors import UnrecognisedError
from tallyproof.formats.intake import Document
from tallyproof.formats.manifests import is_manifest

_CLEAR_BALLOT = frozenset({
    "rownumber", "boxid", "boxposition", "ballotid", "precinctid", "ballotstyleid", "precinctstylename",
    "scancomputername", "remade",
})  # fmt: skip
_ESS = frozenset({
    "precinct", "ballot style", "style", "batch", "batch name", "tabulator cvr", "ballot status", "choice 1",
})  # fmt: skip
_ENOUGH = 4

_BY_MAPPING = "Describe its columns in a mapping and give it with --mapping FILE"
_AS_CSV = "Ask for an export with one row for each card as CSV, and describe its columns with --mapping FILE"


def refusal(document: Document, rows: Sequence[Sequence[str]]) -> UnrecognisedError | None:
    """Why a known export is not read, and what to do instead; None for what is not known.

    ``rows`` are the first rows of cells, none for what is no table.
    """
    if document.kind in {"csv", "xlsx"}:
        return _of_table(document, rows)
    found = _of_text(document.kind, document.facts.head)
    return _refused(document, *found) if found else None


def _of_table(document: Document, rows: Sequence[Sequence[str]]) -> UnrecognisedError | None:
    remedy = _BY_MAPPING if document.kind == "csv" else f"Save the sheet as CSV UTF-8. {_BY_MAPPING}"
    for number, row in enumerate(rows, 1):
        names = {" ".join(cell.casefold().split()) for cell in row}
        if len(names & _CLEAR_BALLOT) >= _ENOUGH:
            return _refused(document, "Clear Ballot's CSV export of cast vote records", remedy, number)
        if "cast vote record" in names and names & _ESS:
            return _refused(document, "an ES&S export of cast vote records", remedy, number)
        if any(name.startswith("#formatversion") for name in names):
            return _refused(document, "Hart's list of scanned ballots", _AS_CSV, number)
    if any(is_manifest(row) for row in rows):
        return UnrecognisedError(
            document.name, "is a ballot manifest, not cast vote records", remedy="Give it with --manifest"
        )
    return None


def _of_text(kind: str, head: bytes) -> tuple[str, str] | None:
    if kind == "xml" and b"CVRDesign.xsd" in head:
        return "a Hart Verity cast vote record (XML)", _AS_CSV
    if kind == "xml" and b"CastVoteRecordReport" in head:
        is_unisyn = b"NIST_V0_cast_vote_records" in head
        what = "Unisyn's" if is_unisyn else "a NIST SP 1500-103"
        return f"{what} cast vote record report (XML)", _AS_CSV
    if kind == "json" and (b'"CVRSnapshot"' in head or b'"CVR.' in head or b"CastVoteRecordReport" in head):
        return "a NIST SP 1500-103 cast vote record report (JSON)", _AS_CSV
    is_export = b'"Sessions"' in head and b'"TabulatorId"' in head
    if kind == "json" and (is_export or (b'"Version"' in head and b'"List"' in head)):
        return "Dominion's JSON export", "Export the cast vote records as CSV from the same program"
    return None


def _refused(document: Document, what: str, remedy: str, row: int | None = None) -> UnrecognisedError:
    """``row`` is the header by which the export is known."""
    by = "" if row is None else f" (known by its row {row})"
    return UnrecognisedError(document.name, f"is {what}{by}, which is not read yet", remedy=remedy)
