"""Tables that say something of places: voting equipment, method of counting, why a unit cannot be recounted.

Columns are found by their names, or by a mapping file::

    [columns]            # which column holds what; all but one may be left out
    county = "county"
    place = "municipality"
    weight = "registration"

    [labels]             # what is said of the place, under the name by which it will be shown
    model = "tabulator"

    [constants]
    state = "WI"

    [words]              # cells to be read as another word
    "machine only" = "machine"
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tallyproof.election.evidence import Rejection
from tallyproof.election.places import PlaceRow
from tallyproof.errors import RequestError
from tallyproof.formats import intake, mapping_file, numbers, tables
from tallyproof.formats.intake import Document
from tallyproof.formats.mapping_file import Text
from tallyproof.formats.tables import ROW

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "state": ("state", "state_po"),
    "county": ("county", "county_name"),
    "place": ("place", "municipality", "jurisdiction", "unit", "reporting_unit", "precinct"),
    "unit_id": ("unit_id", "ru_id"),
    "weight": ("registration", "registered", "registrants", "ballots", "total_ballots"),
}
"""What a column can hold, and the names by which it is known without a mapping."""

LABELS: Mapping[str, tuple[str, ...]] = {
    "model": ("model", "models", "tabulator"),
    "class": ("class", "equip_class", "equipment", "equipment_type"),
    "method": ("method", "method_reported"),
    "reason": ("reason",),
}


@dataclass(frozen=True, slots=True)
class PlaceMapping:
    """Which column holds what; ``labels`` by the names under which they are shown."""

    text: Text | None = None
    columns: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None
    constants: Mapping[str, str] | None = None
    words: Mapping[str, str] | None = None
    header_row: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """The rows of a table of places; ``weight_column`` is what it calls their weight.

    ``read`` counts the rows met: each is in ``rows`` or in ``rejections``.
    """

    rows: tuple[PlaceRow, ...]
    rejections: tuple[Rejection, ...]
    read: int
    weight_column: str = ""


def read_places(
    path: Path, mapping: Path | None = None, wanted: Sequence[str] = (), state: str = ""
) -> Places:
    """Read a table of places; ``state`` is that of rows which name none.

    Without a mapping at least one of the ``wanted`` labels (any, where none is named) must be found by its
    name. Raises RequestError for a mapping or table in which something needed is missing.
    """
    given = read_mapping(mapping) if mapping else PlaceMapping()
    with intake.documents([path]) as documents:
        if len(documents) != 1:
            raise RequestError(f"{path.name} holds {len(documents):,} tables. Give the one on places.")
        return _read(documents[0], given, wanted, state)


# ---- the mapping


def read_mapping(path: Path) -> PlaceMapping:
    """The mapping file, read strictly. Raises RequestError with file and line of a fault."""
    text = mapping_file.load(path)
    try:
        data = tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as fault:
        raise RequestError(f"{text.name} is not TOML: {fault}. Look at this line.") from None
    known = ("table", "columns", "labels", "constants", "words")
    _require_known(text, (), data, known)
    parts = {name: _texts(text, name, data.get(name, {})) for name in known[1:]}
    _require_known(text, ("columns",), parts["columns"], COLUMNS)
    _require_known(text, ("constants",), parts["constants"], ("state", "county"))
    if not parts["labels"]:
        raise RequestError(f'{text.name}: [labels] names no column. Write [labels], then model = "…".')
    return PlaceMapping(text, **parts, **_table(text, data.get("table", {})))  # type: ignore[arg-type]


def _table(text: Text, data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise text.fault(("table",), "is not a table", "Write it as [table]")
    _require_known(text, ("table",), data, ("header_row", "sheet"))
    row, sheet = data.get("header_row", 1), data.get("sheet", "")
    if type(row) is not int or not 0 < row < 1000:
        raise text.fault(("table", "header_row"), "is not a row number", "Write header_row = 1")
    if not isinstance(sheet, str):
        raise text.fault(("table", "sheet"), "is not a text in quotation marks")
    return {"header_row": row, "sheet": sheet}


def _texts(text: Text, name: str, data: object) -> dict[str, str]:
    if not isinstance(data, dict):
        raise text.fault((name,), "is not a table", f"Write it as [{name}]")
    for key, value in data.items():
        if not isinstance(value, str):
            raise text.fault((name, key), "is not a text in quotation marks")
    return dict(data)


def _require_known(text: Text, path: tuple[str, ...], data: Iterable[str], known: Iterable[str]) -> None:
    names = list(known)
    for key in data:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(names)}"
            raise text.fault((*path, key), "is not a key of a mapping of places", remedy)


# ---- the table


def _read(document: Document, mapping: PlaceMapping, wanted: Sequence[str], state: str) -> Places:
    table = tables.read(document, header_row=mapping.header_row, sheet=mapping.sheet)
    columns = _found(document, table.header, mapping, "columns", mapping.columns, COLUMNS)
    labels = _found(document, table.header, mapping, "labels", mapping.labels, LABELS)
    if mapping.labels is None:
        labels = {name: column for name, column in labels.items() if not wanted or name in wanted}
    if not labels:
        names = [name for label in wanted or LABELS for name in LABELS.get(label, (label,))]
        raise RequestError(
            f"{document.name} has no column called {' or '.join(names)}. Say which holds what with a mapping."
        )
    return _rows(document, table, mapping, columns, labels, state)


def _found(
    document: Document,
    header: Sequence[str],
    mapping: PlaceMapping,
    part: str,
    given: Mapping[str, str] | None,
    usual: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """Columns by what they hold: as the mapping says, else by their usual names."""
    if mapping.text is None or given is None:
        by_name = {column.strip().casefold(): column for column in reversed(header)}
        return {
            word: by_name[name]
            for word, names in usual.items()
            if (name := next((each for each in names if each in by_name), ""))
        }
    for word, column in given.items():
        if column not in header:
            near = difflib.get_close_matches(column, header, 1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Its columns are: {', '.join(header[:12])}"
            raise mapping.text.fault((part, word), f"{document.name} has no column '{column}'", remedy)
    return dict(given)


def _rows(
    document: Document,
    table: tables.Table,
    mapping: PlaceMapping,
    columns: Mapping[str, str],
    labels: Mapping[str, str],
    state: str,
) -> Places:
    constants, words = {"state": state, **(mapping.constants or {})}, mapping.words or {}
    weights = _weights(table.cells, columns.get("weight"))
    rows, rejections = list[PlaceRow](), list(table.rejections)
    for cells, weight in zip(table.cells.iter_rows(named=True), weights, strict=True):
        named = {
            word: " ".join((cells[columns[word]] or "").split())
            if word in columns
            else constants.get(word, "")
            for word in ("state", "county", "place", "unit_id")
        }
        if not any(named[word] for word in ("county", "place", "unit_id")) and not named["state"]:
            rejections.append(_rejection(document, cells, "names no place"))
            continue
        said = {name: _said(cells[column], words) for name, column in labels.items()}
        rows.append(PlaceRow(cells[ROW], **named, labels=said, weight=weight))
    return Places(tuple(rows), tuple(rejections), table.read, columns.get("weight", ""))


def _said(cell: str | None, words: Mapping[str, str]) -> str:
    text = " ".join((cell or "").split())
    return words.get(text, text)


def _weights(cells: pl.DataFrame, column: str | None) -> list[int | None]:
    if column is None:
        return [None] * cells.height
    frame = cells.select(
        ROW, votes=pl.col(column).fill_null(""), choice=pl.lit(""), measure=pl.lit("registered")
    )
    found = dict(numbers.parse(frame).select(ROW, "number").iter_rows())
    return [found.get(row) for row in cells[ROW]]


def _rejection(document: Document, cells: Mapping[str, Any], reason: str) -> Rejection:
    raw = ", ".join(f"{name}: {cell}" for name, cell in cells.items() if name != ROW and cell)
    return Rejection(document.name, int(cells[ROW]), reason, raw)
