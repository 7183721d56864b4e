"""Error bounds of batches from a file: a table, or the answer to a ``batch_audit`` problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from tallyproof.audit.batch_audit import BatchAuditAnswer
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import tables
from tallyproof.formats.intake import documents
from tallyproof.sampling.frame import BatchKey, FrameBatch, batch_name, bound_of, field_text

COLUMNS = {"jurisdiction": ("jurisdiction", "county"), "tabulator": ("tabulator", "scanner"),
           "batch": ("batch", "batch name"), "bound": ("bound", "error bound", "u")}  # fmt: skip


def read_bounds(path: Path, encoding: str = "") -> Mapping[BatchKey, Fraction]:
    """Bounds by batch from a table with columns Batch and Bound, and Jurisdiction and Tabulator if needed.

    A ``.json`` file is the answer to a ``batch_audit`` problem. Raises UnreadableError naming the row.
    """
    if path.suffix.casefold() == ".json" and path.is_file():
        return _once(
            path, enumerate(((("", "", each.batch), each.bound) for each in _answer(path).bounds), 1)
        )
    with documents([path], encoding) as found:
        if len(found) != 1:
            raise RequestError(f"{path.name} holds {len(found)} files. Give the one that is wanted.")
        table = tables.read(found[0])
    columns = {
        key: name
        for name in table.header
        for key, words in COLUMNS.items()
        if name.strip().casefold() in words
    }
    for needed in ("batch", "bound"):
        if needed not in columns:
            raise UnreadableError(path.name, f"has no column '{needed}'", row=1,
                                  remedy="Name columns Jurisdiction, Tabulator, Batch, Bound")  # fmt: skip
    rows = []
    for cells in table.cells.iter_rows(named=True):
        values = {key: field_text(str(cells[name] or "")) for key, name in columns.items()}
        key = (values.get("jurisdiction", ""), values.get("tabulator", ""), values["batch"])
        rows.append((int(cells[tables.ROW]), (key, values["bound"])))
    return _once(path, rows)


def _answer(path: Path) -> BatchAuditAnswer:
    try:
        return msgspec.json.decode(path.read_bytes(), type=BatchAuditAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        remedy = "Give what tallyproof solve answers to it, or a table with columns Batch, Bound"
        raise UnreadableError(
            path.name, f"is no answer to a batch_audit problem ({fault})", remedy=remedy
        ) from fault


def _once(path: Path, rows: Iterable[tuple[int, tuple[BatchKey, str]]]) -> dict[BatchKey, Fraction]:
    bounds: dict[BatchKey, Fraction] = {}
    for row, (key, text) in rows:
        if key in bounds:
            raise UnreadableError(path.name, f"has a second bound of {batch_name(key)}", row=row)
        try:
            bounds[key] = bound_of(text)
        except RequestError as fault:
            raise UnreadableError(path.name, str(fault).rstrip("."), row=row) from fault
    return bounds


def bounded(batches: Iterable[FrameBatch], bounds: Mapping[BatchKey, Fraction]) -> list[FrameBatch]:
    """Batches with their bounds; a bound that names a batch alone is that of the only batch so named.

    Raises RequestError where a batch is without, or a bound is of no batch or could be of several.
    """
    listed = {batch.key: batch for batch in batches}
    by_name: dict[str, list[BatchKey]] = {}
    for key in listed:
        by_name.setdefault(key[2], []).append(key)
    found: dict[BatchKey, Fraction] = {}
    for key, bound in bounds.items():
        own = [key] if key in listed else by_name.get(key[2], []) if key[:2] == ("", "") else []
        if len(own) != 1:
            several = " alone; several have this name, so name jurisdiction and tabulator too" if own else ""
            raise RequestError(
                f"There is a bound of {batch_name(key)}{several or ', which no manifest lists'}."
            )
        if own[0] in found:
            raise RequestError(f"There are two bounds of {batch_name(own[0])}.")
        found[own[0]] = bound
    for key in listed:
        if key not in found:
            raise RequestError(f"{batch_name(key)} has no bound; every batch needs one.")
    return [FrameBatch(key, batch.cards, found[key]) for key, batch in listed.items()]
