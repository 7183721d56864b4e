"""``tallyproof recount compare``: a recount followed against the count before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.cli.recount_paper import paper
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.recount.comparison import GroupChange, UnitState
    from tallyproof.services.comparing import Asked, Attached, Compared
    from tallyproof.services.reading import Request

SHOWN = 12

Before = Annotated[str, typer.Argument(help="The first count: a file, or an import's event with --case.")]
After = Annotated[str, typer.Argument(help="The recount, finished or not: a file, or an event number.")]
ContestOption = Annotated[str, typer.Option("--contest", help="The contest, where the counts share several.")]
AfterMapping = Annotated[
    Path | None, typer.Option("--after-mapping", help="Mapping of the recount, where it is another.")
]
Equipment = Annotated[Path | None, typer.Option("--equipment", help="Table of voting equipment by place.")]
EquipmentMapping = Annotated[
    Path | None, typer.Option("--equipment-mapping", help="Which column of it holds what (TOML).")
]
Methods = Annotated[Path | None, typer.Option("--methods", help="Table of counting methods by place.")]
MethodsMapping = Annotated[
    Path | None, typer.Option("--methods-mapping", help="Which column of it holds what (TOML).")
]
Cannot = Annotated[
    Path | None, typer.Option("--cannot", help="Table of units that cannot be recounted, with the reason.")
]
CannotMapping = Annotated[
    Path | None, typer.Option("--cannot-mapping", help="Which column of it holds what (TOML).")
]
LargestChange = Annotated[
    int | None,
    typer.Option("--largest-change", help="Assume that no unit's margin changes by more votes than this."),
]
Confidence = Annotated[float, typer.Option("--confidence", help="Of the projected margin, such as 0.95.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the order in which units enter the projection.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write a report to this .pdf file.")]
All = Annotated[bool, typer.Option("--all", help="List every unit and row, not only the first.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``recount``."""
    app.command("compare", help="Hold a recount, finished or not, against the count before it.")(compare)
    app.command("paper", help="Show how much of a contest has a paper record to be checked.")(paper)


def compare(
    before: Before,
    after: After,
    case: options.Case = "",
    contest: ContestOption = "",
    state: options.State = "",
    importer: options.ImporterName = "",
    mapping: options.MappingFile = None,
    after_mapping: AfterMapping = None,
    encoding: options.Encoding = "",
    equipment: Equipment = None,
    equipment_mapping: EquipmentMapping = None,
    methods: Methods = None,
    methods_mapping: MethodsMapping = None,
    cannot: Cannot = None,
    cannot_mapping: CannotMapping = None,
    largest_change: LargestChange = None,
    confidence: Confidence = 0.95,
    seed: Seed = 1,
    show_all: All = False,
    output: options.Output = None,
    report: Report = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """What a recount changed, how far it is, and what it can still change."""
    from tallyproof.services import comparing

    tables = equipment, methods, cannot
    _require_places(output, report, [*tables, *(() if case else (Path(before), Path(after)))])
    asked = comparing.Asked(
        contest=contest,
        state=options.state(state),
        equipment=_attached("equipment", equipment, equipment_mapping),
        methods=_attached("methods", methods, methods_mapping),
        cannot=_attached("cannot", cannot, cannot_mapping),
        largest_change=largest_change,
        confidence=confidence,
        seed=seed,
    )
    if case:
        options.refuse(
            "of a case, whose imports say it", importer=importer, mapping=mapping,
            after_mapping=after_mapping, encoding=encoding,
        )  # fmt: skip
        found = _of_case(case, before, after, asked, home)
    else:
        first = _request(before, state, importer, mapping, encoding)
        second = _request(after, state, importer, after_mapping or mapping, encoding)
        found = comparing.compare_files(first, second, asked)
    _keep(found, output, report, f"{before} and {after}" + (f" of case {case}." if case else "."))
    if json:
        _as_json(found)
    else:
        _print(found, show_all=show_all)


# ---- the question


def _require_places(output: Path | None, report: Path | None, read: Sequence[Path | None]) -> None:
    """Raise RequestError unless what is to be written can be, and is none of the files to be read."""
    from tallyproof.services import exporting, papers

    if report:
        papers.require_file(report, ".pdf")
    if output:
        exporting.require_output(output, [path for path in read if path])


def _of_case(case: str, before: str, after: str, asked: Asked, home: Path | None) -> Compared:
    from tallyproof.services import access, comparing

    numbers = _event(before), _event(after)
    return comparing.compare_case(options.workspace(home), access.terminal(), case, *numbers, asked)


def _attached(name: str, path: Path | None, mapping: Path | None) -> Attached | None:
    from tallyproof.services.comparing import Attached

    if path is None and mapping is not None:
        raise RequestError(f"--{name}-mapping needs the table that it maps. Name it with --{name}.")
    return None if path is None else Attached(path, mapping)


def _event(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RequestError(
            f"'{text}' is not an event number. List the imports with: tallyproof case show NAME"
        )
    return int(text)


def _request(path: str, state: str, importer: str, mapping: Path | None, encoding: str) -> Request:
    from tallyproof.cli.returns import request_of

    return request_of([Path(path)], "", "", "", "", state, importer, mapping, encoding)


# ---- the answer kept


def _keep(found: Compared, output: Path | None, report: Path | None, source: str) -> None:
    """Write tables and report where they are wanted; said on standard error."""
    from tallyproof.cli import show

    show.done()
    if output:
        _save(found, output)
    if report:
        from tallyproof.services import papers

        papers.write(report, papers.comparison(found.answer, found.contest, source))
        show.tell(f"Report written to {report}.")


def _save(found: Compared, path: Path) -> None:
    """Every table as a sheet, or the units as CSV; said on standard error."""
    from tallyproof.cli import show
    from tallyproof.services import exporting
    from tallyproof.services.comparing_tables import UNITS, comparison_tables

    count = exporting.write_all(comparison_tables(found), path, UNITS)
    show.tell(f"{show.counted(count, 'row')} written to {path}.")


def _as_json(found: Compared) -> None:
    import msgspec

    from tallyproof.cli import show

    unused = [
        {"table": each.table, "row": each.row, "place": each.place, "reason": each.reason}
        for each in found.unused
    ]
    show.as_json({"contest": found.contest, **msgspec.to_builtins(found.answer), "unused_rows": unused})


# ---- the answer on the screen


def _print(found: Compared, *, show_all: bool) -> None:
    from tallyproof.cli import show

    answer = found.answer
    show.say(found.contest)
    for sentence in answer.sentences:
        show.wrapped(sentence, "  ")
    show.say()
    show.table(
        ["choice", "before", "after", "net", "added", "removed", "units changed"],
        [
            (
                each.choice, each.before, each.after, f"{each.net:+,}", each.added, each.removed,
                each.units_changed,
            )
            for each in answer.choices
        ],
    )  # fmt: skip
    for label in dict.fromkeys(each.label for each in answer.groups):
        show.say()
        _print_groups(label, [each for each in answer.groups if each.label == label])
    for title, units in (
        ("Only in the recount", answer.only_after),
        ("Recounted in part", answer.partly),
        ("Cannot be recounted", answer.cannot),
        ("Said to be beyond recounting, and recounted", answer.anyway),
        ("Left", answer.left),
    ):
        _print_units(title, units, show_all=show_all)
    _print_unused(found, show_all=show_all)


def _print_groups(label: str, groups: Sequence[GroupChange]) -> None:
    from tallyproof.cli import show

    show.table(
        [label, "units", "left", "votes", "gross", "two leading", "margin"],
        [
            (
                each.value, each.units, each.left, each.votes, _percent(each.percent, 3),
                _percent(each.two_percent, 2), f"{each.margin_change:+,}" if each.units else "",
            )
            for each in groups
        ],
    )  # fmt: skip


def _percent(share: float | None, digits: int) -> str:
    return "" if share is None else f"{share:.{digits}f} %"


def _print_units(title: str, units: Sequence[UnitState], *, show_all: bool) -> None:
    from tallyproof.cli import show

    if not units:
        return
    shown = units if show_all else units[:SHOWN]
    show.say()
    show.say(f"{title}: {show.counted(len(units), 'unit')}")
    show.table(["unit", "votes", "why"], [(each.unit, each.votes, each.why) for each in shown])
    if len(shown) < len(units):
        show.say(f"  … and {len(units) - len(shown):,} more; show them with --all or --json.")


def _print_unused(found: Compared, *, show_all: bool) -> None:
    from tallyproof.cli import show

    if not found.unused:
        return
    shown = found.unused if show_all else found.unused[:SHOWN]
    show.say()
    show.say(f"Rows on places that were not used: {len(found.unused):,}")
    show.table(
        ["table", "row", "place", "why"],
        [(each.table, each.row, each.place, each.reason) for each in shown],
    )
    if len(shown) < len(found.unused):
        show.say(f"  … and {len(found.unused) - len(shown):,} more; show them with --all or --json.")
