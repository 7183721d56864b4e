"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.election.canvass import Status
    from tallyproof.services.exporting import Rows
    from tallyproof.services.workspace import Workspace

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the cases (else TALLYPROOF_HOME, else your data folder)."),
]
Case = Annotated[str, typer.Option("--case", "-c", help="Short name of the case.")]
AsOf = Annotated[
    str,
    typer.Option("--as-of", help="Source time, such as 2016-11-28T17:00-06:00 (a plain date means its end)."),
]
Source = Annotated[
    str, typer.Option("--source", help="Who says so, such as 'Wisconsin Elections Commission'.")
]
StatusOption = Annotated[
    str,
    typer.Option(
        "--status",
        help="unofficial-partial, unofficial-complete, canvassed, certified, correction or recount.",
    ),
]
Election = Annotated[str, typer.Option("--election", help="Election day, such as 2016-11-08.")]
State = Annotated[str, typer.Option("--state", help="Postal code, for files that do not name their state.")]
ImporterName = Annotated[
    str, typer.Option("--importer", help="Read as this format instead of recognising it.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="Mapping file (TOML) for tables of any other layout.")
]
Encoding = Annotated[
    str, typer.Option("--encoding", help="Text encoding, such as cp1252; UTF-8 unless given.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write a table to this .csv or .xlsx file.")
]
By = Annotated[str, typer.Option("--by", help="Your name; it enters the ledger only as a salted commitment.")]


_END_OF_DAY = time(23, 59, 59)


def workspace(home: Path | None) -> Workspace:
    """The workspace that the options name; progress goes to standard error where someone watches."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.cli.show import progress

    return open_workspace(home, progress)


def refuse(where: str, **options: object) -> None:
    """Raise RequestError for the first of these options that was given: it would change nothing there.

    An option that takes a number is None where it was not given, so that 0 counts as given.
    """
    for name, value in options.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value or is_number:
            raise RequestError(f"--{name.replace('_', '-')} says nothing {where}. Leave it out.")


def save(rows: Rows, path: Path) -> None:
    """Write a table and say so on standard error, so that standard output stays the answer."""
    from tallyproof.cli import show
    from tallyproof.services import exporting

    count = exporting.write(rows, path)
    show.tell(f"{count:,} {'row' if count == 1 else 'rows'} written to {path}.")


def moment(text: str) -> datetime | None:
    """A time with its zone; a plain date is the end of that day here. Raises RequestError."""
    if not text:
        return None
    try:
        if len(text) == len("2016-11-28"):
            return datetime.combine(date.fromisoformat(text), _END_OF_DAY).astimezone()
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else given.astimezone()
    except (ValueError, OverflowError, OSError):  # the last two for years that no clock here reaches
        raise RequestError(
            f"'{text}' is not a time. Write it like 2016-11-28 or 2016-11-28T17:00-06:00."
        ) from None


def day(text: str) -> date | None:
    """A day. Raises RequestError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"'{text}' is not a day. Write it like 2016-11-08.") from None


def state(text: str) -> str:
    """The postal code of a state given by code or name, empty where none is. Raises RequestError."""
    from tallyproof.election.jurisdiction import STATES, state_code

    code = state_code(text)
    if code and code not in STATES:
        raise RequestError(f"'{text}' is no state. Write its postal code, such as WI, or its name.")
    return code


def status(text: str) -> Status:
    """A status by its word. Raises RequestError naming the words."""
    from tallyproof.election.canvass import Status

    try:
        return Status(text or "unknown")
    except ValueError:
        raise RequestError(f"'{text}' is not a status. Use one of: {', '.join(Status)}.") from None
