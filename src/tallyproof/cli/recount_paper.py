"""``tallyproof recount paper``: what of a contest can be checked at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.recount.paper import PlacePaper
    from tallyproof.services.paper_trails import Trail

SHOWN = 20
NOTE = (
    "Paper is a ballot, or the printed record of a machine that the voter could read before casting; whether "
    "voters read it is another question. The equipment is that of polling places: ballots by mail are on "
    "paper, and how many there were such a table does not say."
)

EquipmentTable = Annotated[Path, typer.Argument(help="Table of voting equipment by place.")]
EquipmentMapping = Annotated[
    Path | None, typer.Option("--equipment-mapping", help="Which column of it holds what (TOML).")
]
Returns = Annotated[
    list[Path] | None, typer.Option("--returns", help="Count the votes in these files (may be repeated).")
]
ContestOption = Annotated[str, typer.Option("--contest", help="The contest, where there are several.")]
All = Annotated[bool, typer.Option("--all", help="List every place, not only the first without paper.")]


def paper(
    equipment: EquipmentTable,
    equipment_mapping: EquipmentMapping = None,
    returns: Returns = None,
    case: options.Case = "",
    contest: ContestOption = "",
    state: options.State = "",
    mapping: options.MappingFile = None,
    importer: options.ImporterName = "",
    encoding: options.Encoding = "",
    show_all: All = False,
    output: options.Output = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """How much of a contest has a paper record that the voter could verify."""
    from tallyproof.cli import show
    from tallyproof.cli.returns import request_of
    from tallyproof.services import access, exporting, paper_trails
    from tallyproof.services.comparing import Attached

    if output:
        exporting.require_output(output, [equipment, *(returns or [])])
    if case and returns:
        raise RequestError("Give --case or --returns, not both.")
    table, postal = Attached(equipment, equipment_mapping), options.state(state)
    if case:
        workspace = options.workspace(home)
        found = paper_trails.of_case(workspace, access.terminal(), case, table, contest, postal)
    elif returns:
        request = request_of(returns, "", "", "", "", state, importer, mapping, encoding)
        found = paper_trails.of_files(table, request, contest, postal)
    else:
        options.refuse("of a table of equipment alone", contest=contest, mapping=mapping, importer=importer)
        found = paper_trails.of_table(table, postal)
    show.done()
    if output:
        count = exporting.write_all(paper_trails.trail_tables(found), output, "places")
        show.tell(f"{show.counted(count, 'row')} written to {output}.")
    if json:
        _as_json(found)
    else:
        _print(found, show_all=show_all)


def _as_json(found: Trail) -> None:
    import msgspec

    from tallyproof.cli import show

    unused = [{"row": each.row, "place": each.place, "reason": each.reason} for each in found.unused]
    show.as_json({"contest": found.contest, **msgspec.to_builtins(found.answer), "unused_rows": unused})


def _print(found: Trail, *, show_all: bool) -> None:
    from tallyproof.cli import show

    answer = found.answer
    show.wrapped(answer.sentence)
    show.wrapped(f"Numbers are {answer.counted}. {NOTE}")
    show.say()
    show.table(
        ["state", "all", "with paper", "partly", "without", "not stated", "margin"],
        [
            (
                each.state, each.all.number, each.paper.number, each.part.number, each.none.number,
                each.not_stated.number, "" if each.margin is None else each.margin,
            )
            for each in answer.states
        ],
    )  # fmt: skip
    listed = [each for each in answer.places if show_all or each.record.value != "paper"]
    _print_places(listed if show_all else listed[:SHOWN], len(listed))
    if found.unused:
        show.wrapped(
            f"{show.counted(len(found.unused), 'row')} on equipment met no place of the contest; "
            "they are listed with --json and --output."
        )


def _print_places(shown: list[PlacePaper], number: int) -> None:
    from tallyproof.cli import show

    if not shown:
        return
    show.say()
    show.table(
        ["state", "place", "number", "paper", "equipment"],
        [(each.state, each.place, each.number, each.record.value, each.equipment) for each in shown],
    )
    if len(shown) < number:
        show.say(f"  … and {number - len(shown):,} more; show them with --all or --json.")
