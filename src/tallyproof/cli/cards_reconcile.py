"""``tallyproof cards reconcile``: manifest, cast vote records, returns and poll book side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallyproof.cli import cards_counted, options, show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.audit.reconciliation import Reconciliation
    from tallyproof.election.evidence import Finding
    from tallyproof.services.reconciling import Reconciled

SHOWN = 20
FAULTS = 2

Case = Annotated[
    str, typer.Argument(metavar="[CASE]", help="Short name of the case, or leave it out and give files.")
]
Cards = Annotated[
    list[Path] | None,
    typer.Option("--cards", help="Cast vote records of one jurisdiction (may be repeated)."),
]
ManifestFile = Annotated[Path | None, typer.Option("--manifest", help="Its ballot manifest.")]
Returns = Annotated[
    list[Path] | None, typer.Option("--returns", help="Reported results or ballots cast (may be repeated).")
]
Jurisdiction = Annotated[
    str, typer.Option("--jurisdiction", "-j", help="Whose cards these are, such as the county.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="How to read cards of another layout (TOML).")
]
All = Annotated[bool, typer.Option("--all", help="Show every batch, contest and finding.")]


def reconcile(
    case: Case = "",
    cards: Cards = None,
    manifest: ManifestFile = None,
    returns: Returns = None,
    jurisdiction: Jurisdiction = "",
    state: options.State = "",
    mapping: MappingFile = None,
    encoding: options.Encoding = "",
    show_all: All = False,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Hold cards against the manifest, the reported totals and the poll book, by batch and by contest.

    The exit code is 2 where something needs an explanation.
    """
    from tallyproof.services import access, reconciling

    if bool(case) == bool(cards):
        raise RequestError(
            "Name either a case or files: tallyproof cards reconcile CASE, or "
            "tallyproof cards reconcile --cards FILE --manifest FILE."
        )
    if case:
        options.refuse(
            "of a case, whose imports say it", manifest=manifest, returns=returns, jurisdiction=jurisdiction,
            state=state, mapping=mapping, encoding=encoding,
        )  # fmt: skip
        found = reconciling.reconcile_case(options.workspace(home), access.terminal(), case)
    else:
        found = _files(cards or [], manifest, returns, jurisdiction, state, mapping, encoding)
    show.done()
    if json:
        show.as_json(_told(found))
    else:
        _print(found, show_all=show_all)
    if any(finding.severity != "info" for finding in found.findings):
        raise typer.Exit(FAULTS)


def _files(
    cards: list[Path], manifest: Path | None, returns: list[Path] | None, jurisdiction: str, state: str,
    mapping: Path | None, encoding: str,
) -> Reconciled:  # fmt: skip
    from tallyproof.cli.returns import request_of
    from tallyproof.services import reconciling

    asked = cards_counted.asked_cards(mapping)
    request = request_of(returns, state=state, encoding=encoding) if returns else None
    return reconciling.reconcile_files(
        cards, manifest, request, jurisdiction=jurisdiction, asked=asked, encoding=encoding
    )


def _told(found: Reconciled) -> dict[str, Any]:
    from tallyproof.services import reconciling

    return reconciling.to_json(found)


def _print(found: Reconciled, *, show_all: bool) -> None:
    _print_sums(found.tables)
    _print_rejected(found)
    _print_batches(found.tables, show_all=show_all)
    _print_contests(found.tables, show_all=show_all)
    _print_findings(found, show_all=show_all)


def _print_sums(tables: Reconciliation) -> None:
    rows = [
        (line.jurisdiction or "–", _number(line.listed), line.cards, line.ballots,
         _number(line.batches_listed), line.batches, line.missing if line.listed is not None else "–",
         line.over if line.listed is not None else "–", line.repeated, line.same_runs)
        for line in tables.jurisdictions
    ]  # fmt: skip
    show.table(
        ["jurisdiction", "listed", "cards", "ballots", "batches listed", "found", "short", "over", "repeated",
         "scanned twice"],
        rows,
    )  # fmt: skip


def _print_rejected(found: Reconciled) -> None:
    told = [(rows, file) for file, rows in found.unread.items()]
    for line in found.tables.jurisdictions:
        told += [(line.rejected, ", ".join(line.files)), (line.manifest_rejected, line.manifest)]
    for rows, file in told:
        if rows:
            show.say()
            show.wrapped(
                f"{show.counted(rows, 'row')} of {file} could not be read and "
                f"{'counts' if rows == 1 else 'count'} for nothing here; "
                "what is short, not listed or not compared may stand in them."
            )


def _print_batches(tables: Reconciliation, *, show_all: bool) -> None:
    differing = [*tables.unlisted, *tables.differing]
    lines = list(tables.batches) if show_all else differing[:SHOWN]
    show.say()
    if not differing:
        listed = any(line.listed is not None for line in tables.batches)
        show.say("Every batch holds as many cards as the manifest lists." if listed else "No manifest.")
    elif not show_all:
        show.say("Batches that differ:")
    if lines:
        show.table(
            ["jurisdiction", "tabulator", "batch", "listed", "found", "difference"],
            [(line.jurisdiction or "–", line.tabulator or "–", line.batch, _number(line.listed), line.found,
              _signed(line.difference)) for line in lines],
        )  # fmt: skip
    if len(differing) > SHOWN and not show_all:
        show.say(f"  and {len(differing) - SHOWN:,} more; --all or --json shows them.")


def _print_contests(tables: Reconciliation, *, show_all: bool) -> None:
    shown = tables.contests if show_all else tables.contests[:SHOWN]
    show.say()
    show.table(
        ["contest", "cards", "at most", "by", "phantoms", "margin", "margin left"],
        [(line.contest, line.cards, _number(line.bound), line.bound_by or "–", _number(line.phantoms),
          _number(line.margin), _number(line.margin_left)) for line in shown],
    )  # fmt: skip
    if len(tables.contests) > len(shown):
        show.say(f"  and {len(tables.contests) - len(shown):,} more; --all or --json shows them.")


def _print_findings(found: Reconciled, *, show_all: bool) -> None:
    aside = {finding.id for finding in found.not_compared}
    findings = [finding for finding in found.findings if finding.id not in aside]
    shown = findings if show_all else findings[:SHOWN]
    show.say()
    if not shown:
        is_whole = not aside and not found.not_checkable
        show.say(
            "Nothing found that needs an explanation." if is_whole else "Nothing found in what was compared."
        )
    for finding in shown:
        _print_finding(finding)
    if len(findings) > len(shown):
        show.say(f"  … and {len(findings) - len(shown):,} more; --all or --json shows them.")
    if aside:
        show.say("\nNot compared, or under another name:")
    for finding in found.not_compared:
        _print_finding(finding)
    if found.not_checkable:
        show.say("\nCannot be checked with what is here:")
        for each in found.not_checkable:
            show.wrapped(f"{each.check} {each.question} Needs {each.needs}.", "  ")


def _print_finding(finding: Finding) -> None:
    votes = finding.votes_at_stake
    stake = "" if votes is None else f"  {show.counted(votes, 'vote')} at stake"
    margin = "" if finding.margin is None else f" against a margin of {finding.margin:,}"
    show.say(f"{finding.severity.value.upper():7} {finding.check}{stake}{margin}  [{finding.id}]")
    show.wrapped(finding.message, "  ")
    show.say(f"  at {finding.source}")


def _number(number: int | None) -> str | int:
    return "–" if number is None else number


def _signed(number: int | None) -> str:
    return "–" if number is None else f"{number:+,}"
