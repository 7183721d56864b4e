"""``tallyproof case``: open, list and show cases."""

from __future__ import annotations

from typing import Annotated

import typer

from tallyproof.cli import options

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="CASE", help="Short name, such as my-county-2024.")]


@app.command("open", help="Open a case for an election.")
def open_case(
    case: Name,
    title: Annotated[str, typer.Option("--title", help="What people call it.")] = "",
    election: options.Election = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Record that a case exists."""
    from tallyproof.cli import show
    from tallyproof.services import access, cases

    cases.open_case(
        options.workspace(home), access.terminal(by), case, title=title, election=options.day(election)
    )
    show.say(f"Opened the case {case}. Next: tallyproof import returns FILE --case {case}")


@app.command("list", help="All cases.")
def list_cases(home: options.Home = None, json: options.Json = False) -> None:
    """One line per case."""
    from tallyproof.cli import show
    from tallyproof.services import access, cases

    found = cases.cases(options.workspace(home), access.terminal())
    if json:
        show.as_json(
            [
                {
                    "case": each.id,
                    "title": each.title,
                    "election": each.election.isoformat() if each.election else None,
                    "imports": len(each.active),
                    "head": each.head,
                }
                for each in found
            ]
        )
    elif not found:
        show.say("No cases yet. Look at the example with: tallyproof demo")
    else:
        show.table(
            ["case", "title", "election", "imports"],
            [(each.id, each.title, each.election or "not stated", len(each.active)) for each in found],
        )


@app.command("show", help="A case's imports with their event numbers.")
def show_case(case: Name, home: options.Home = None) -> None:
    """Imports in order, undone ones marked."""
    from tallyproof.cli import show
    from tallyproof.services import access, cases

    state = cases.state(options.workspace(home), access.terminal(), case)
    show.say(
        f"{state.title} ({state.id}), election {state.election or 'not stated'}, "
        f"{show.counted(state.sequence, 'event')}, head {state.head[:16]}…"
    )
    show.table(
        ["event", "source", "status", "as of", "rows", "rejected", ""],
        [
            (
                each.sequence,
                each.snapshot.source,
                each.snapshot.status.value,
                f"{each.snapshot.as_of:%Y-%m-%d %H:%M}" if each.snapshot.as_of else "not stated",
                each.rows["read"],
                each.rows["rejected"],
                "undone" if each.undone else "",
            )
            for each in state.imports
        ],
    )
    if state.cards or state.manifests:
        show.say(f"Cards and manifests too: tallyproof cards list {case}")
