"""Ballot manifests and batch totals as CSV or Excel, in the layouts of Arlo, Colorado and San Francisco."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tallyproof.election.ballot_manifest import Batch, BatchTotals, Manifest, closest
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import UnreadableError
from tallyproof.formats import tables
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.spreadsheet_cells import is_spoiled

NAMES: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": ("county", "countyid", "countyname", "jurisdiction"),
    "tabulator": ("tabulator", "tabulatorid", "tabulatornum", "tabulatornumber", "tabulatorname",
                  "scannerid", "scanner", "deviceid"),
    "batch": ("batchname", "batch", "batchid", "batchnumber"),
    "cards": ("numberofballots", "numballots", "ofballots", "ofballot", "totalballots", "ballots",
              "numberofcards", "numcards", "cards", "ballotcount", "ofballotcards",
              "ofballotscards", "ballotcards", "ofcards", "inbatch", "recordid"),
    "has_cvr": ("cvr",),
}  # fmt: skip
"""What columns are called, in small letters and without other signs. Boulder calls the cards RecordId."""

PLACES = ("container", "storagelocation", "location", "locations", "boxlocation", "tray", "cart",
          "cartnumber", "vbmcartcartnumber", "box", "shelf")  # fmt: skip
NEEDED = ("batch", "cards")
MOST_CARDS = 10_000_000
HEAD = 20

_COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d{1,3}([ \u00a0\u2009\u202f]\d{3})+|\d{1,9}(\.0{1,2})?")
_TOTAL = re.compile(r"^(grand )?(sub)?totals?\b", re.IGNORECASE)


def read_manifest(document: Document) -> Manifest:
    """Read a manifest: the columns are known by their names, in any order, below any title rows.

    Raises UnreadableError where the file is no table or its columns are not those of a manifest.
    """
    row, header = _header(document)
    table = tables.read(document, header_row=row)
    columns = _columns(table.header)
    places = [name for name in table.header if _plain(name) in PLACES]
    batches: list[Batch] = []
    rejections = list(table.rejections)
    first: dict[tuple[str, ...], int] = {}
    for cells in table.cells.iter_rows(named=True):
        number = int(cells[tables.ROW])
        values = {key: str(cells[name] or "").strip() for key, name in columns.items()}
        place = ", ".join(_place(name, cells[name], len(places)) for name in places if cells[name])
        reason = _reason(values)
        same = (values.get("jurisdiction", ""), values.get("tabulator", "") or place, values["batch"])
        if not reason and same in first:
            reason = f"the batch stands already in row {first[same]:,}; count its cards once"
        if reason:
            shown = ",".join(str(cell or "") for name, cell in cells.items() if name != tables.ROW)
            rejections.append(Rejection(document.name, number, reason, shown[:200]))
            continue
        first[same] = number
        batches.append(_batch(values, place, number))
    batches, sums = _without_sum(document.name, batches)
    ordered = tuple(sorted([*rejections, *sums], key=lambda each: each.row))
    remarks = tuple(_remarks(document.name, batches))
    return Manifest(document.name, _layout(columns, header), tuple(batches), ordered, remarks)


def _remarks(name: str, batches: Sequence[Batch]) -> Iterator[Remark]:
    """Names that a spreadsheet program seems to have changed: no cast vote record will match them."""
    for what in ("batch", "tabulator"):
        named = [(batch.row, batch.name if what == "batch" else batch.tabulator, batch.tabulator)
                 for batch in batches]  # fmt: skip
        found = [(row, text) for row, text, tabulator in named if is_spoiled(text, tabulator)]
        if found:
            (row, text), *others = found
            more = f", like that of {len(others):,} more," if others else ""
            told = (
                f"the {what} '{text[:40]}'{more} looks as if a spreadsheet program had taken it for a date "
                "or a number. Unless it is named so, enter it as cast vote records have it, as text"
            )
            yield Remark(name, "spoiled cells", told, row)


def is_manifest(header: Sequence[str]) -> bool:
    """Whether these are the names of a manifest's columns."""
    return set(NEEDED) <= set(_columns(header, strict=False))


def read_totals(document: Document) -> BatchTotals:
    """Read totals by batch: a column Batch Name, and one for each choice or "Contest - Choice"."""
    row, _ = _header(document, needed=("batch",))
    table = tables.read(document, header_row=row)
    name = _columns(table.header, needed=("batch",))["batch"]
    choices = tuple(each for each in table.header if each != name)
    if not choices:
        raise UnreadableError(document.name, "has no column of votes", row=row,
                              remedy="Give each choice a column of its own")  # fmt: skip
    votes: dict[str, tuple[int, ...]] = {}
    rows: dict[str, int] = {}
    rejections = list(table.rejections)
    for cells in table.cells.iter_rows(named=True):
        number, batch = int(cells[tables.ROW]), str(cells[name] or "").strip()
        texts = [str(cells[each] or "").strip() for each in choices]
        wrong = next((each for each, text in zip(choices, texts, strict=True) if _count(text) is None), "")
        reason = _totals_reason(batch, wrong, dict(zip(choices, texts, strict=True)), rows)
        if reason:
            rejections.append(Rejection(document.name, number, reason, ",".join([batch, *texts])[:200]))
            continue
        rows[batch], votes[batch] = number, tuple(_count(text) or 0 for text in texts)
    return BatchTotals(document.name, choices, votes, rows, tuple(rejections))


def _totals_reason(batch: str, wrong: str, texts: Mapping[str, str], rows: Mapping[str, int]) -> str:
    if not batch:
        return "has no batch name"
    if _TOTAL.match(batch):
        return "is a total row; totals are added up anew"
    if wrong:
        found = f"'{texts[wrong][:40]}' in column {wrong}"
        return f"{found} is not a whole number of votes; write it with digits alone"
    return f"the batch stands already in row {rows[batch]:,}" if batch in rows else ""


def _header(document: Document, needed: Sequence[str] = NEEDED) -> tuple[int, list[str]]:
    """The first row that names the columns needed, and its cells; raises UnreadableError."""
    if document.kind not in TABLES:
        raise UnreadableError(document.name, f"is {document.kind.upper()}, not a table",
                              remedy="Save the manifest as CSV or .xlsx")  # fmt: skip
    head = tables.head(document, HEAD)
    for row, cells in enumerate(head, 1):
        if set(needed) <= set(_columns(cells, needed, strict=False)):
            return row, cells
    first = next((cells for cells in head if any(cells)), [])
    found = _columns(first, needed, strict=False)
    missing = next((key for key in needed if key not in found), needed[0])
    wanted = {"batch": "Batch Name", "cards": "Number of Ballots"}[missing]
    near = closest(wanted, [cell for cell in first if cell])
    hint = f"The closest column is '{near}'. " if near else ""
    remedy = f"{hint}Name the columns Tabulator, Batch Name, Number of Ballots"
    raise UnreadableError(document.name, f"has no column such as '{wanted}'", row=1, remedy=remedy)


def _columns(header: Sequence[str], needed: Sequence[str] = NEEDED, *, strict: bool = True) -> dict[str, str]:
    plain = {_plain(name): name for name in reversed(header) if name}
    found = {key: next((plain[word] for word in words if word in plain), "") for key, words in NAMES.items()}
    if "imprintedid" in plain:  # these are cast vote records, where RecordId counts nothing
        found["cards"] = ""
    kept = {key: name for key, name in found.items() if name}
    assert not strict or set(needed) <= set(kept)
    return kept


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _place(name: str, cell: object, columns: int) -> str:
    return str(cell).strip() if columns == 1 else f"{name.strip()} {str(cell).strip()}"


def _reason(values: Mapping[str, str]) -> str:
    """Why a row is no batch; empty where it is one."""
    texts = [text for key, text in values.items() if key != "cards"]
    if any(_TOTAL.match(text) for text in texts):
        return "is a total row; totals are added up anew"
    if not values["batch"]:
        return "has no batch name" + ("" if any(texts) else "; it may be a total row")
    if "tabulator" in values and not values["tabulator"]:
        return "has no tabulator"
    cards = _count(values["cards"])
    if cards is None or cards > MOST_CARDS:
        return f"'{values['cards'][:40]}' is not a whole number of cards; write it with digits alone"
    if cards < 1:
        return "has 0 cards; leave empty batches out, or correct the number"
    if values.get("has_cvr", "").casefold() not in {"", "y", "n", "yes", "no"}:
        return f"'{values['has_cvr'][:40]}' in column CVR is neither Y nor N"
    return ""


def _count(text: str) -> int | None:
    """A whole number, also as 1,234 or 1 234 or 12.0; None for what is none, or might be 1.000 in Europe."""
    if not _COUNT.fullmatch(text):
        return None
    digits = "".join(sign for sign in text.split(".")[0] if sign.isdecimal())
    return int(digits) if digits.isascii() else None


def _batch(values: Mapping[str, str], place: str, row: int) -> Batch:
    told = values.get("has_cvr", "").casefold()
    return Batch(
        values["batch"], _count(values["cards"]) or 0, row, values.get("tabulator", ""),
        values.get("jurisdiction", ""), place, told.startswith("y") if told else None,
    )  # fmt: skip


def _without_sum(name: str, batches: list[Batch]) -> tuple[list[Batch], list[Rejection]]:
    """A last row with just the cards of all others (three or more) is their total, whatever its name."""
    if len(batches) < 4 or batches[-1].cards != sum(batch.cards for batch in batches[:-1]):
        return batches, []
    last = batches[-1]
    reason = f"has {last.cards:,} cards, just as many as all rows above: it looks like their total"
    return batches[:-1], [Rejection(name, last.row, reason, last.name)]


def _layout(columns: Mapping[str, str], header: Sequence[str]) -> str:
    names = {_plain(cell) for cell in header}
    if "jurisdiction" in columns:
        return "Colorado"
    return "San Francisco" if names & {"tray", "vbmcartcartnumber"} else "Arlo"
