"""``tallyproof export``: the returns of a case as a file for others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options

if TYPE_CHECKING:
    from tallyproof.services.exporting_returns import Exported

Name = Annotated[str, typer.Argument(metavar="CASE", help="The case whose returns are written.")]
File = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
Format = Annotated[
    str, typer.Option("--format", help="nist-json, nist-xml, csv or xlsx; else told by the file's ending.")
]
Import = Annotated[
    int, typer.Option("--import", help="Event number of the import, where the case has several.")
]
Issuer = Annotated[str, typer.Option("--issuer", help="NIST: who issues the report; else the source.")]
Abbreviation = Annotated[
    str, typer.Option("--issuer-abbreviation", help="NIST: the issuer in letters; else its initials.")
]
ElectionName = Annotated[
    str, typer.Option("--election-name", help="NIST: the election's name; else the case's title.")
]
ElectionType = Annotated[
    str, typer.Option("--election-type", help="NIST: general, primary, runoff, special …; else by the day.")
]


def export(
    case: Name,
    output: File,
    format: Format = "",
    import_number: Import = 0,
    issuer: Issuer = "",
    issuer_abbreviation: Abbreviation = "",
    election_name: ElectionName = "",
    election_type: ElectionType = "",
    election: options.Election = "",
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Write one import's numbers; what the format cannot express is said."""
    from tallyproof.cli import show
    from tallyproof.services import access, exporting_returns

    chosen = exporting_returns.require_target(output, format)
    if chosen in {"csv", "xlsx"}:
        options.refuse(
            "in a table", issuer=issuer, issuer_abbreviation=issuer_abbreviation,
            election_name=election_name, election_type=election_type, election=election,
        )  # fmt: skip
    wanted = exporting_returns.Wanted(
        chosen,
        import_number,
        issuer,
        issuer_abbreviation,
        election_name,
        election_type,
        options.day(election),
    )
    done = exporting_returns.export_returns(options.workspace(home), access.terminal(), case, output, wanted)
    show.done()
    if json:
        show.as_json(_as_json(done, output))
    else:
        _print(done, output)


def _print(done: Exported, output: Path) -> None:
    from tallyproof.cli import show

    show.wrapped(f"{show.counted(done.numbers, 'number')} of {done.snapshot.label} written to {output}.")
    if done.left_out:
        missing = ", ".join(f"{number:,} {name}" for name, number in done.left_out.items())
        show.wrapped(f"Not in it, because the format has no place for them: {missing}.")
    for text in done.changed:
        show.wrapped(f"{text[0].upper()}{text[1:]}.")


def _as_json(done: Exported, output: Path) -> dict[str, object]:
    return {
        "file": str(output),
        "event": done.import_number,
        "source": done.snapshot.source,
        "status": done.snapshot.status.value,
        "numbers": done.numbers,
        "left_out": dict(done.left_out),
        "changed": list(done.changed),
    }
