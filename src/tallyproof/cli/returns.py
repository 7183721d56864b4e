"""``tallyproof import``: returns into a case, a mapping drafted, an import undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.services.importing import Imported
    from tallyproof.services.reading import Request

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="CSV, Excel or zip files, read by recognising them.")
]
Propose = Annotated[
    bool, typer.Option("--propose", help="Print a draft mapping for FILE and import nothing.")
]
Note = Annotated[str, typer.Option("--note", help="A remark for the ledger.")]


@app.command("returns", help="Import results files: every row is stored or rejected with a reason.")
def returns(
    files: Files,
    case: options.Case = "",
    as_of: options.AsOf = "",
    status: options.StatusOption = "",
    source: options.Source = "",
    election: options.Election = "",
    state: options.State = "",
    importer: options.ImporterName = "",
    mapping: options.MappingFile = None,
    encoding: options.Encoding = "",
    note: Note = "",
    propose: Propose = False,
    by: options.By = "",
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Read all files first; either every file is imported in one event, or nothing changes."""
    from tallyproof.cli import show

    if propose:
        if len(files) > 1:
            raise RequestError("A mapping is drafted from one file. Name one with --propose.")
        show.say(_draft(files[0], encoding))
        return
    if not case:
        raise RequestError(
            "Say which case with --case NAME (a new name opens a new case). "
            "To check without a case: tallyproof check FILE"
        )
    from tallyproof.services import access, importing

    request = request_of(files, source, status, as_of, election, state, importer, mapping, encoding, note)
    imported = importing.import_returns(options.workspace(home), access.terminal(by), case, request)
    show.done()
    _report(imported, as_json=json)


def request_of(
    files: list[Path],
    source: str = "",
    status: str = "",
    as_of: str = "",
    election: str = "",
    state: str = "",
    importer: str = "",
    mapping: Path | None = None,
    encoding: str = "",
    note: str = "",
) -> Request:
    """The import request that these options make."""
    from tallyproof.services.reading import Request

    return Request(
        tuple(files),
        source,
        options.status(status),
        options.moment(as_of),
        options.day(election),
        options.state(state),
        importer,
        mapping,
        encoding,
        note,
    )


def _draft(file: Path, encoding: str) -> str:
    from tallyproof.services.proposing import propose

    return propose(file, encoding)


def _report(imported: Imported, *, as_json: bool) -> None:
    from tallyproof.cli import show

    rows, record = imported.record.rows, imported.record
    if as_json:
        show.as_json(
            {
                "case": imported.case,
                "event": record.sequence,
                "already": imported.already,
                "rows": dict(rows),
                "files": [
                    {"name": each.file.name, "sha256": each.file.sha256, "importer": each.importer}
                    for each in record.readings
                ],
                "rejections": [
                    {"file": each.file, "row": each.row, "reason": each.reason, "raw": each.raw}
                    for each in imported.rejections
                ],
                "remarks": [
                    {"file": each.file, "row": each.row, "topic": each.topic, "text": each.text}
                    for each in imported.remarks
                ],
            }
        )
        return
    if imported.already:
        show.say(f"Already imported as event {record.sequence} of case {imported.case}; nothing changed.")
        return
    if imported.opened:
        show.say(f"Opened the case {imported.case}.")
    for reading in record.readings:
        show.say(f"{reading.file.name}: read as {reading.importer}, SHA-256 {reading.file.sha256[:16]}…")
    show.say(
        f"{show.counted(rows['read'], 'row')} read, {rows['stored']:,} stored, "
        f"{rows['rejected']:,} rejected (event {record.sequence})."
    )
    for remark in imported.remarks:
        show.wrapped(f"{remark.file} {remark.text}.", "  ")
    for rejection in imported.rejections[:10]:
        show.wrapped(f"{rejection.file}, row {rejection.row:,} {rejection.reason}.", "  ")
    if len(imported.rejections) > 10:
        show.say(
            f"  … and {len(imported.rejections) - 10:,} more; all of them with --json or on the Record page."
        )
    show.say(
        f"Next: tallyproof check --case {imported.case}. To take it back: "
        f"tallyproof import undo {record.sequence} --case {imported.case} --reason …"
    )


@app.command("undo", help="Undo an import by its event number; the event and the original stay.")
def undo(
    event: Annotated[int, typer.Argument(help="Event number of the import.")],
    case: options.Case,
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who read the ledger later.")] = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Record that an import no longer counts."""
    from tallyproof.services import access, importing

    state = importing.undo_import(options.workspace(home), access.terminal(by), case, event, reason)
    from tallyproof.cli import show

    counting = f"{len(state.active)} {'import counts' if len(state.active) == 1 else 'imports count'}"
    show.say(f"Import {event} of case {case} is undone (event {state.sequence}); {counting}.")
