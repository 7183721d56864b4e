"""What a file of an upload will be read as: its format, first numbers, contests, rejections, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tallyproof.election.canvass import Status
from tallyproof.election.contest import Contest
from tallyproof.errors import RequestError, UnreadableError, UnrecognisedError
from tallyproof.services import importing, proposing, reading
from tallyproof.services.drafts import Cell, Seen, Sum
from tallyproof.services.reading import How, ReadFile, Request
from tallyproof.services.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

CELLS, CONTESTS, CHOICES = 20, 50, 30
"""Numbers, contests and choices of a contest that a preview shows at most."""

RAW_ROWS, RAW_COLUMNS = 12, 40


def preview(workspace: Workspace, path: Path, how: How, state: str, encoding: str) -> tuple[Seen, str]:
    """What reading the file gives, and the mapping that was proposed for it where no format fits.

    Tables that were read are kept under their keys, so that rejected rows can be looked through.
    """
    try:
        return _read(workspace, path, how, state, encoding), ""
    except UnrecognisedError as fault:
        if fault.claims or not fault.is_table:
            return Seen(reason=fault.reason, remedy=fault.remedy, claims=fault.claims), ""
        return _unknown(workspace, path, fault, state, encoding)
    except UnreadableError as fault:
        return Seen(reason=_placed(fault, path), remedy=fault.remedy), ""
    except RequestError as fault:
        return _unmapped(path, how, encoding, str(fault)), ""


def _read(workspace: Workspace, path: Path, how: How, state: str, encoding: str) -> Seen:
    request = Request((path,), state=state, encoding=encoding, own={path.name: how})
    read = reading.read_files(request)
    keys = importing.readings_of(read, request)
    for key, each in zip(keys, read, strict=True):
        found = each.reading
        workspace.tables.put(key.key, found.frame, found.rejections, found.remarks)
    seen = _seen(read, tuple(each.key for each in keys))
    return _with_table(seen, path, how, encoding) if how.mapping else seen


def _seen(read: Sequence[ReadFile], keys: tuple[str, ...]) -> Seen:
    import polars as pl

    frame = pl.concat(each.reading.frame for each in read)
    rows = reading.rows(read)
    sums, count = _sums(frame)
    day = reading.election_day(read)
    moment = next((each.reading.as_of for each in read if each.reading.as_of), None)
    status = next((each.reading.status for each in read if each.reading.status is not Status.UNKNOWN), "")
    return Seen(
        recognised=tuple((each.document, each.importer) for each in read), keys=keys,
        read=rows["read"], stored=rows["stored"], rejected=rows["rejected"], numbers=frame.height,
        is_stateless=bool(frame.height) and bool((frame["state"].cast(pl.String) == "").all()),
        cells=tuple(_cells(frame)), contests=sums, contest_count=count,
        remarks=tuple(f"{each.file} {each.text}." for each in reading.remarks(read)),
        election=day.isoformat() if day else "", status=str(status),
        as_of=moment.isoformat() if moment else "",
    )  # fmt: skip


def _cells(frame: pl.DataFrame) -> Iterable[Cell]:
    """The numbers of the first rows, in their order; without putting the whole table in order."""
    last = frame["row"].bottom_k(CELLS).max() if frame.height else 0
    first = frame.filter(frame["row"] <= last).sort("row", maintain_order=True)
    for row in first.head(CELLS).iter_rows(named=True):
        choice = row["choice"] or row["measure"].replace("_", " ")
        yield Cell(row["row"], _place(row), _title(row), choice, row["measure"], row["mode"], row["votes"])


def _place(row: dict[str, Any]) -> str:
    return ", ".join(each for each in (row["unit"], row["county"], row["state"]) if each)


def _title(row: dict[str, Any]) -> str:
    if not row["contest"]:
        return ""
    return Contest(row["contest"], row["state"], row["office"], row["district"]).title


def _sums(frame: pl.DataFrame) -> tuple[tuple[Sum, ...], int]:
    """The contests' votes at the finest level given, in the order of the file."""
    import polars as pl

    from tallyproof.election.returns import VOTES, finest, is_measure, resolve_modes

    votes = finest(resolve_modes(frame.filter(is_measure(*VOTES))))
    if not votes.height:
        return (), 0
    contest = ["contest", "state", "office", "district"]
    places = votes.group_by("contest").agg(n=pl.struct("county", "unit").n_unique())
    counted = dict(places.with_columns(pl.col("contest").cast(pl.String)).iter_rows())
    choices = votes.group_by(*contest, "choice_id", maintain_order=True).agg(
        pl.col("choice").first(), votes=pl.col("votes").sum(), known=pl.col("votes").is_not_null().any()
    )
    found: dict[str, tuple[str, list[tuple[str, int | None]]]] = {}
    for row in choices.iter_rows(named=True):
        _, some = found.setdefault(row["contest"], (_title(row), []))
        some.append((row["choice"], row["votes"] if row["known"] else None))
    shown = list(found.items())[:CONTESTS]
    sums = (Sum(title, counted[key], tuple(_most(some))) for key, (title, some) in shown)
    return tuple(sums), len(found)


def _most(choices: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    return sorted(choices, key=lambda each: -(each[1] or 0))[:CHOICES]


def proposal(path: Path, encoding: str) -> str:
    """A mapping proposed for the file's table; one that names nothing yet where no votes are seen in it."""
    try:
        return proposing.propose(path, encoding)
    except UnreadableError:
        return "# nothing was proposed\n"


# ---- tables that no format fits


def _unknown(
    workspace: Workspace, path: Path, fault: UnrecognisedError, state: str, encoding: str
) -> tuple[Seen, str]:
    """A table of unknown layout as the mapping that we propose reads it."""
    try:
        mapping = proposing.propose(path, encoding)
    except UnreadableError:
        return _with_table(Seen(reason=fault.reason, is_unknown=True), path, How(), encoding), ""
    try:
        return _read(workspace, path, How(mapping=mapping), state, encoding), mapping
    except (RequestError, UnreadableError) as second:
        return _unmapped(path, How(mapping=mapping), encoding, str(second)), mapping


def _unmapped(path: Path, how: How, encoding: str, told: str) -> Seen:
    return _with_table(Seen(mapping_fault=told, is_unknown=True), path, how, encoding)


def _with_table(seen: Seen, path: Path, how: How, encoding: str) -> Seen:
    """With the table's sheets, first rows and column names, from which a mapping is made."""
    from msgspec.structs import replace

    raw, sheets, columns = proposing.table(path, encoding, how.mapping, RAW_ROWS)
    cut = tuple(tuple(cell[:80] for cell in row[:RAW_COLUMNS]) for row in raw)
    return replace(seen, is_unknown=True, raw=cut, sheets=sheets, columns=columns)


def _placed(fault: UnreadableError, path: Path) -> str:
    """The reason with the member of a zip and the row that it speaks of."""
    inner = fault.file.removeprefix(path.name).lstrip("/")
    row = f"row {fault.row:,}" if fault.row is not None else ""
    place = ", ".join(each for each in (inner, row) if each)
    return f"{place}: {fault.reason}" if place else fault.reason
