"""Answers as tables for a spreadsheet: the count, findings, changes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tallyproof.errors import RequestError

if TYPE_CHECKING:
    import polars as pl

    from tallyproof.election.evidence import Finding
    from tallyproof.services.counting import ChoiceCount, ContestCount, Count
    from tallyproof.services.reports import Checked
    from tallyproof.tracking.difference import Change, Difference

Row: TypeAlias = "tuple[object, ...]"
Rows: TypeAlias = "list[Row]"
"""Rows of cells; the first holds the column names."""

ENDINGS = (".csv", ".xlsx")


def require_output(path: Path, inputs: Iterable[Path] = ()) -> None:
    """Raise RequestError unless we can write a table there: asked before the work that fills it."""
    if path.suffix.casefold() not in ENDINGS:
        raise RequestError(f"{path}: a table can be written as .csv or .xlsx. Name such a file.")
    require_place(path)
    if path.exists() and any(each.exists() and path.samefile(each) for each in inputs):
        raise RequestError(f"{path} is the file that is read. Name another one to write to.")


def require_place(path: Path) -> None:
    """Raise RequestError unless there is a folder in which a file of this name can be."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise RequestError(f"{path}: there is no folder to write this file in. Name another place.")


def require_new(path: Path) -> None:
    """Raise RequestError where a file of this name is: what was published or drawn is never written over."""
    require_place(path)
    if path.exists():
        raise RequestError(f"{path} is there already, and it is kept. Name a new file.")


def count_table(counted: Count) -> Rows:
    """One row per choice of each contest."""
    header = (
        "contest", "state", "office", "district", "choice", "party", "measure", "votes", "unknown_cells",
        "contest_total", "contest_margin", "status", "as_of", "source",
    )  # fmt: skip
    return [header, *(_choice(each, one) for each in counted.contests for one in each.choices)]


def _choice(counted: ContestCount, one: ChoiceCount) -> Row:
    contest, standing, snapshot = counted.contest, counted.standing, counted.snapshot
    return (
        contest.id, contest.state, contest.office, contest.district, one.choice, one.party, one.measure,
        one.votes, one.unknown, standing.total, standing.margin, snapshot.status.value,
        snapshot.as_of.isoformat() if snapshot.as_of else None, snapshot.source,
    )  # fmt: skip


def findings_table(checked: Checked) -> Rows:
    """One row per finding, in rank order."""
    header = (
        "rank", "id", "check", "severity", "contest", "unit", "votes_at_stake", "margin", "message",
        "numbers", "benign", "file", "row", "column",
    )  # fmt: skip
    return [header, *(_finding(rank, each) for rank, each in enumerate(checked.findings, start=1))]


def _finding(rank: int, each: Finding) -> Row:
    numbers = "; ".join(f"{name} = {value}" for name, value in each.numbers.items())
    return (
        rank, each.id, each.check, each.severity.value, each.contest, each.unit, each.votes_at_stake,
        each.margin, each.message, numbers, "; ".join(each.benign), each.source.file, each.source.row,
        each.source.column,
    )  # fmt: skip


def changes_table(found: Difference) -> Rows:
    """One row per changed number."""
    header = (
        "contest", "unit", "choice", "measure", "before", "after", "change", "row_before", "row_after",
    )  # fmt: skip
    return [header, *(_change(each) for each in found.changes)]


def _change(each: Change) -> Row:
    return (
        each.contest, each.unit, each.choice, each.measure, each.before, each.after, each.by,
        each.row_before, each.row_after,
    )  # fmt: skip


def write(rows: Rows | pl.DataFrame, path: Path) -> int:
    """Write the table to a .csv or .xlsx file, whole or not at all; how many rows follow the header."""
    from tallyproof.formats.export import write_csv, write_xlsx

    if path.suffix.casefold() == ".xlsx":
        return replacing(path, lambda staged: write_xlsx(rows, staged))

    def as_csv(staged: Path) -> int:
        with staged.open("w", encoding="utf-8", newline="") as stream:
            return write_csv(rows, stream)

    return replacing(path, as_csv)


def write_all(tables: Mapping[str, Rows], path: Path, single: str) -> int:
    """Write every table as a sheet of an .xlsx file, or the table called ``single`` as a .csv file."""
    from tallyproof.formats.export import write_workbook

    if path.suffix.casefold() == ".xlsx":
        return replacing(path, lambda staged: write_workbook(tables, staged))
    return write(tables[single], path)


def replacing(path: Path, fill: Callable[[Path], int]) -> int:
    """Fill a file beside the wanted one, then give it its name; what ``fill`` answers.

    Raises RequestError where the disk refuses.
    """
    staged = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        staged.touch(exist_ok=False)
        count = fill(staged)
        staged.replace(path)
    except OSError as fault:
        raise RequestError(
            f"{path} cannot be written ({fault.strerror or fault}). Name another place."
        ) from None
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)
    return count
