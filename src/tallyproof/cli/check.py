"""The command ``tallyproof check``, which asks whether the numbers add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.election.evidence import Finding, Severity
    from tallyproof.services.reports import Checked

Files = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE...]", help="Files to check without a case.")
]
FailOn = Annotated[
    str, typer.Option("--fail-on", help="Exit 2 from this severity on: error, warning or info.")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only this check, such as B2 (may be repeated).")
]
Previous = Annotated[
    list[Path] | None, typer.Option("--previous", help="Returns of the election before, to compare with.")
]
Earlier = Annotated[list[Path] | None, typer.Option("--earlier", help="An older version of the same file.")]
All = Annotated[bool, typer.Option("--all", help="Show every finding, not only the first 20.")]
PreviousMapping = Annotated[
    Path | None, typer.Option("--previous-mapping", help="Mapping file for --previous.")
]

SHOWN = 20


def check(
    files: Files = None,
    case: options.Case = "",
    as_of: options.AsOf = "",
    fail_on: FailOn = "error",
    only: Only = None,
    previous: Previous = None,
    previous_mapping: PreviousMapping = None,
    earlier: Earlier = None,
    source: options.Source = "",
    status: options.StatusOption = "",
    election: options.Election = "",
    state: options.State = "",
    importer: options.ImporterName = "",
    mapping: options.MappingFile = None,
    encoding: options.Encoding = "",
    show_all: All = False,
    output: options.Output = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Findings are ranked by the votes they could move against the margin; they are never added up."""
    from tallyproof.cli.returns import request_of
    from tallyproof.services import checking, exporting

    threshold, chosen = _severity(fail_on), _known(only or [])
    if bool(case) == bool(files):
        raise RequestError(
            "Name either files or a case: tallyproof check FILE..., or tallyproof check --case NAME."
        )
    if output:
        exporting.require_output(output, [*(files or []), *(previous or []), *(earlier or [])])
    states: dict[str, str] = {}
    if files:
        said = (status, as_of, election, state, importer, mapping, encoding)
        before = (
            request_of(previous, "", "", "", "", state, "", previous_mapping, encoding) if previous else None
        )
        older = (
            request_of(earlier, source, "", "", "", state, importer, mapping, encoding) if earlier else None
        )
        checked = checking.check_files(
            request_of(files, source, *said), previous=before, earlier=older, only=chosen
        )
    else:
        options.refuse(
            "of a case, whose imports say it", previous=previous, previous_mapping=previous_mapping,
            earlier=earlier, source=source, status=status, election=election, state=state, importer=importer,
            mapping=mapping, encoding=encoding,
        )  # fmt: skip
        checked, states = _check_case(home, case, as_of, chosen)
    _show(checked, states, case, output, show_all=show_all, as_json=json)
    raise typer.Exit(2 if checked.at_or_above(threshold) else 0)


def _check_case(home: Path | None, case: str, as_of: str, only: list[str]) -> tuple[Checked, dict[str, str]]:
    """The answer, recorded where it is the whole one of now, and where each finding stands.

    A case without anything to check is refused: "nothing found" would sound like an answer.
    """
    from tallyproof.services import access, cases, checking
    from tallyproof.services.card_answers import has_cards

    workspace, actor = options.workspace(home), access.terminal()
    checked = checking.check_case(workspace, actor, case, as_of=options.moment(as_of), only=only)
    state = cases.state(workspace, actor, case)
    if not checked.snapshots and not has_cards(state):
        if state.active:
            raise RequestError(f"Case {case} had no returns by {as_of}, so there is nothing to check.")
        raise RequestError(
            f"Case {case} has no returns yet, so there is nothing to check. "
            f"Import some: tallyproof import returns FILE --case {case}"
        )
    if not as_of and not only:
        checking.record_answer(workspace, actor, case, checked)
    lives = state.lives
    return checked, {name: life.state for name, life in lives.items() if life.state != "open"}


def _show(
    checked: Checked, states: dict[str, str], case: str, output: Path | None, *, show_all: bool, as_json: bool
) -> None:
    from tallyproof.cli import show
    from tallyproof.services import exporting, reports

    show.done()
    if output:
        options.save(exporting.findings_table(checked), output)
    if as_json:
        show.as_json(reports.to_json(checked))
    else:
        _print(checked, states, case, show_all=show_all)


def _severity(text: str) -> Severity:
    from tallyproof.election.evidence import Severity

    try:
        return Severity(text)
    except ValueError:
        raise RequestError(f"'{text}' is not a severity. Use error, warning or info.") from None


def _known(only: list[str]) -> list[str]:
    if not only:
        return []
    from tallyproof.checks.catalogue import catalogue

    wanted = [each.upper() for each in only]
    for each in wanted:
        if each not in catalogue():
            raise RequestError(f"There is no check '{each}'. Checks: {', '.join(catalogue())}.")
    return wanted


def _print(checked: Checked, states: dict[str, str], case: str, *, show_all: bool) -> None:
    from tallyproof.cli import show

    rows = checked.rows
    read = show.counted(rows["read"], "row")
    show.say(f"{read} read, {rows['stored']:,} stored, {rows['rejected']:,} rejected.")
    show.wrapped(_answer(checked))
    shown = checked.findings if show_all else checked.findings[:SHOWN]
    for finding in shown:
        _print_finding(finding, states.get(finding.id, ""))
    if len(checked.findings) > len(shown):
        show.say(f"\n… and {len(checked.findings) - len(shown):,} more; show them with --all or --json.")
    if checked.not_checkable:
        show.say("\nCannot be checked with what is here:")
        for each in checked.not_checkable:
            show.wrapped(f"{each.check} {each.question} Needs {each.needs}.", "  ")
    if case and checked.findings:
        show.say(f"\nShow one: tallyproof finding show --case {case} {checked.findings[0].id}")


def _answer(checked: Checked) -> str:
    """The first sentence, which answers whether the numbers add up."""
    from tallyproof.cli import show

    if not checked.findings:
        return "Nothing found that does not add up."
    grave = [
        (len([f for f in checked.findings if f.severity == word]), word) for word in ("error", "warning")
    ]
    parts = [show.counted(number, word) for number, word in grave]
    notes = len(checked.findings) - sum(number for number, _ in grave)
    first = checked.findings[0]
    stake = ""
    if first.votes_at_stake is not None and first.margin is not None:
        could = show.counted(first.votes_at_stake, "vote")
        stake = f" The largest could move {could} against a margin of {first.margin:,}."
    return f"{', '.join(parts)} and {notes:,} to know, ranked by the votes each could move.{stake}"


def _print_finding(finding: Finding, state: str) -> None:
    from tallyproof.cli import show

    stake = (
        "votes at stake unknown"
        if finding.votes_at_stake is None
        else f"{show.counted(finding.votes_at_stake, 'vote')} at stake"
    )
    margin = "" if finding.margin is None else f" against a margin of {finding.margin:,}"
    stands = f" ({state})" if state else ""
    show.say(f"\n{finding.severity.value.upper():7} {finding.check}  {stake}{margin}  [{finding.id}]{stands}")
    show.wrapped(finding.message, "  ")
    show.say(f"  at {finding.source}")
