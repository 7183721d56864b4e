"""``tallyproof finding``: one finding, and its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options

if TYPE_CHECKING:
    from tallyproof.services.findings import FindingInCase

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Id = Annotated[str, typer.Argument(metavar="FINDING", help="Its id, such as B2/wi-president/sauk.")]
Words = Annotated[str, typer.Option("--words", help="What is said, in the office's own words.")]
Cite = Annotated[
    str, typer.Option("--cite", help="Where it stands: a link, a letter with its date, a record.")
]
Note = Annotated[str, typer.Option("--note", help="A note that stays secret (a commitment in the ledger).")]


@app.command(
    "show", help="The question, the numbers, innocent explanations, the source rows and what was said."
)
def show_finding(
    finding: Id, case: options.Case, home: options.Home = None, json: options.Json = False
) -> None:
    """Print one finding with everything needed to settle it."""
    from tallyproof.cli import show
    from tallyproof.services import access, findings, reports

    workspace, actor = options.workspace(home), access.terminal()
    found = findings.finding(workspace, actor, case, finding)
    show.done()
    if json:
        body = reports.finding_json(found.finding) if found.finding else {"id": found.id}
        history = [
            {name: getattr(each, name) for name in each.__dataclass_fields__} for each in found.life.history
        ]
        show.as_json({**body, "state": found.life.state, "history": history})
        return
    _print(found)
    if found.finding:
        for row in findings.source_rows(workspace, actor, case, found.finding):
            show.say(f"\n{row.source}")
            for name, cell in zip(row.header, row.cells, strict=False):
                if cell:
                    show.wrapped(f"{name}: {cell}", "  ")


def _print(found: FindingInCase) -> None:
    from tallyproof.cli import show

    check, finding = found.check, found.finding
    show.say(f"{found.id}  ({found.life.state})")
    show.wrapped(finding.message if finding else "The checks no longer find this.")
    show.wrapped(f"Question: {check.question}")
    show.wrapped(f"Formula: {check.formula}")
    if finding:
        numbers = ", ".join(
            f"{name} = {value:,}" if isinstance(value, int) else f"{name} = {value}"
            for name, value in finding.numbers.items()
        )
        show.wrapped(f"Numbers: {numbers}")
        if finding.votes_at_stake is not None:
            margin = "unknown" if finding.margin is None else f"{finding.margin:,}"
            show.wrapped(f"Votes at stake: {finding.votes_at_stake:,}; margin: {margin}")
        show.say("Innocent explanations:")
        for each in finding.benign:
            show.item(each)
    show.wrapped(f"Settled by: {check.record}, held by {check.holder}.")
    for step in found.life.history:
        show.wrapped(
            f"{step.at[:19]}Z {step.kind.removeprefix('finding ')} by {step.actor}: {step.words} {step.cite}"
        )


@app.command("explain", help="Record the office's own words and where they stand.")
def explain(
    finding: Id,
    case: options.Case,
    words: Words = "",
    cite: Cite = "",
    note: Note = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Move a finding from open to explained."""
    from tallyproof.services import access, findings

    findings.explain(options.workspace(home), access.terminal(by), case, finding, words, cite, note)
    _say(finding, "explained")


@app.command("resolve", help="Record how a finding was settled and by which record.")
def resolve(
    finding: Id,
    case: options.Case,
    words: Words = "",
    cite: Cite = "",
    note: Note = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Move a finding to resolved."""
    from tallyproof.services import access, findings

    findings.resolve(options.workspace(home), access.terminal(by), case, finding, words, cite, note)
    _say(finding, "resolved")


@app.command("reopen", help="Open a finding again and say why.")
def reopen(
    finding: Id,
    case: options.Case,
    words: Words = "",
    note: Note = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Move a finding back to open."""
    from tallyproof.services import access, findings

    findings.reopen(options.workspace(home), access.terminal(by), case, finding, words, note)
    _say(finding, "open")


def _say(finding: str, state: str) -> None:
    from tallyproof.cli import show

    show.done()
    show.say(f"Finding {finding} is {state}.")
