"""``tallyproof count`` and ``tallyproof diff``: where the count stands, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.services.counting import ContestCount, Count
    from tallyproof.tracking.difference import Difference

ContestId = Annotated[str, typer.Option("--contest", help="Only this contest, such as wi-president.")]
All = Annotated[bool, typer.Option("--all", help="Show every change.")]
SHOWN, SHOWN_UNITS = 40, 10


def count(
    case: options.Case,
    as_of: options.AsOf = "",
    contest: ContestId = "",
    output: options.Output = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Totals, leader, margin and status per contest and state as of any time."""
    from tallyproof.cli import show
    from tallyproof.services import access, counting, exporting

    if output:
        exporting.require_output(output)
    counted = counting.count(
        options.workspace(home), access.terminal(), case, as_of=options.moment(as_of), contest=contest
    )
    show.done()
    if output:
        options.save(exporting.count_table(counted), output)
    if json:
        show.as_json(_count_json(counted))
        return
    if not counted.contests:
        show.say(
            f"Case {case} has no contest with votes yet. "
            f"Import some: tallyproof import returns FILE --case {case}"
        )
    elif len(counted.contests) == 1:
        _one(counted.contests[0])
    else:
        _many(counted)


def _many(counted: Count) -> None:
    from tallyproof.cli import show

    show.table(
        ["contest", "leader", "margin", "votes", "status", "as of"],
        [
            (
                each.contest.id,
                each.standing.leader,
                "" if each.standing.is_unopposed else each.standing.margin,
                each.standing.total,
                each.snapshot.status.value,
                f"{each.snapshot.as_of:%Y-%m-%d}" if each.snapshot.as_of else "not stated",
            )
            for each in counted.contests
        ],
    )
    if counted.electors:
        show.say("\nElectors")
        show.table(
            ["person", "pledged", "cast"],
            [(each.choice, each.pledged, each.cast) for each in counted.electors],
        )


def _one(contest: ContestCount) -> None:
    from tallyproof.cli import show

    show.wrapped(contest.sentence)
    show.table(
        ["choice", "party", "votes"], [(each.choice, each.party, each.votes) for each in contest.choices]
    )


def _count_json(counted: Count) -> dict[str, object]:
    return {
        "contests": [_contest_json(each) for each in counted.contests],
        "electors": [
            {"person": each.choice, "pledged": each.pledged, "cast": each.cast} for each in counted.electors
        ],
    }


def _contest_json(each: ContestCount) -> dict[str, object]:
    return {
        "contest": each.contest.id,
        "state": each.contest.state,
        "office": each.contest.office,
        "district": each.contest.district,
        "leader": each.standing.leader,
        "runner_up": each.standing.runner_up,
        "margin": each.standing.margin,
        "total": each.standing.total,
        "seats": each.standing.seats,
        "unknown_cells": each.standing.unknown,
        "status": each.snapshot.status.value,
        "source": each.snapshot.source,
        "as_of": each.snapshot.as_of.isoformat() if each.snapshot.as_of else None,
        "choices": [
            {
                "choice": one.choice,
                "party": one.party,
                "measure": one.measure,
                "votes": one.votes,
                "unknown_cells": one.unknown,
            }
            for one in each.choices
        ],
    }


Before = Annotated[str, typer.Argument(help="The older file, or the event number of an import with --case.")]
After = Annotated[str, typer.Argument(help="The newer file, or event number.")]
AfterMapping = Annotated[
    Path | None, typer.Option("--after-mapping", help="Mapping of the newer file, where it is another.")
]


def diff(
    before: Before,
    after: After,
    case: options.Case = "",
    state: options.State = "",
    importer: options.ImporterName = "",
    mapping: options.MappingFile = None,
    after_mapping: AfterMapping = None,
    encoding: options.Encoding = "",
    show_all: All = False,
    output: options.Output = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """What changed between two imports of a case, or between two files."""
    from tallyproof.cli import show
    from tallyproof.cli.returns import request_of
    from tallyproof.services import access, counting, exporting

    if output:
        exporting.require_output(output, [] if case else [Path(before), Path(after)])
    if case:
        options.refuse(
            "of a case, whose imports say it", state=state, importer=importer, mapping=mapping,
            after_mapping=after_mapping, encoding=encoding,
        )  # fmt: skip
        numbers = _event(before), _event(after)
        found = counting.difference_between(options.workspace(home), access.terminal(), case, *numbers)
    else:
        said = ("", "", "", "", state, importer)
        found = counting.difference_of_files(
            request_of([Path(before)], *said, mapping, encoding),
            request_of([Path(after)], *said, after_mapping or mapping, encoding),
        )
    show.done()
    if output:
        options.save(exporting.changes_table(found), output)
    if json:
        show.as_json(_difference_json(found))
    else:
        _print_difference(found, show_all=show_all)


def _event(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RequestError(
            f"'{text}' is not an event number. List the imports with: tallyproof case show NAME"
        )
    return int(text)


def _print_difference(found: Difference, *, show_all: bool) -> None:
    from tallyproof.cli import show

    _print_units("No longer there", found.removed, show_all=show_all)
    _print_units("New", found.added, show_all=show_all)
    if not found.changes:
        show.say(f"No number changed among {found.compared:,} compared.")
        return
    units = len(found.units)
    show.say(
        f"{len(found.changes):,} of {found.compared:,} numbers changed, "
        f"in {units:,} unit{'' if units == 1 else 's'}."
    )
    for each in found.margins:
        before = "unknown" if each.margin_before is None else f"{each.margin_before:,} ({each.leader_before})"
        after = "unknown" if each.margin_after is None else f"{each.margin_after:,} ({each.leader_after})"
        show.say(f"{each.contest}: margin {before} → {after}")
    largest = sorted(found.changes, key=lambda each: -abs(each.by or 0))
    shown = largest if show_all else largest[:SHOWN]
    show.table(
        ["unit", "contest", "choice", "before", "after", "change"],
        [
            (
                each.unit,
                each.contest,
                each.choice or each.measure,
                each.before,
                each.after,
                "" if each.by is None else f"{each.by:+,}",
            )
            for each in shown
        ],
    )
    if len(shown) < len(largest):
        show.say(f"  … and {len(largest) - len(shown):,} more; show them with --all or --json.")


def _print_units(word: str, units: tuple[str, ...], *, show_all: bool) -> None:
    from tallyproof.cli import show

    shown = units if show_all else units[:SHOWN_UNITS]
    more = f" … and {len(units) - len(shown):,} more" if len(shown) < len(units) else ""
    if units:
        show.wrapped(f"{word}: {'; '.join(shown)}{more}")


def _difference_json(found: Difference) -> dict[str, object]:
    return {
        "compared": found.compared,
        "units": list(found.units),
        "added": list(found.added),
        "removed": list(found.removed),
        "margins": [
            {name: getattr(each, name) for name in each.__dataclass_fields__} for each in found.margins
        ],
        "changes": [
            {**{name: getattr(each, name) for name in each.__dataclass_fields__}, "by": each.by}
            for each in found.changes
        ],
    }
