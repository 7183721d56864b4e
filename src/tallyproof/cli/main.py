"""The program ``tallyproof`` and its commands."""

from __future__ import annotations

import io
import os
import sys

import typer

from tallyproof.cli import (
    calendar,
    cards,
    cases,
    check,
    count,
    demo,
    export,
    findings,
    ledger,
    plan,
    publish,
    recount,
    recount_compare,
    recount_papers,
    reproduce,
    returns,
    risk,
    solve,
    users,
)
from tallyproof.errors import TallyproofError

app = typer.Typer(
    name="tallyproof",
    help="Did the count get it right? Check it yourself, from public data and paper.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(
    returns.app, name="import", help="Read results files into a case, draft a mapping, undo an import."
)
app.command("check", help="Ask whether the numbers of a case, or of plain files, add up.")(check.check)
app.command("count", help="Show totals, leader, margin and status of each contest.")(count.count)
app.command("diff", help="Show what changed between two versions of a count.")(count.diff)
app.command("export", help="Write an import's returns as NIST SP 1500-100 v2, CSV or Excel.")(export.export)
app.add_typer(
    findings.app, name="finding", help="Show a finding, explain it in the office's words, resolve it."
)
app.add_typer(cases.app, name="case", help="Open, list and show cases.")
app.add_typer(
    cards.app, name="cards", help="Cast vote records and manifests: tally, keep, reconcile, margins, draw."
)
app.add_typer(ledger.app, name="ledger", help="Verify the ledger, list its events.")
app.command("publish", help="Write the public pages of a case to a folder.")(publish.publish)
app.add_typer(risk.app, name="risk", help="Measure the risk of a sample: compared, polled, or as values.")
app.command("plan", help="Show how many cards an audit would take, by method and margin.")(plan.plan)
app.add_typer(recount.app, name="recount", help="Say what recount law allows, until when, at what cost.")
recount_compare.register(recount.app)
app.command(
    "calendar", help="Show when a state certifies, the federal days, the audit that the law asks for."
)(calendar.calendar)
recount_papers.register(recount.app)
app.command(
    "reproduce", help="Recompute a published audit from its files: agree, differ, cannot be checked."
)(reproduce.reproduce)
app.command("solve", help="Answer a JSON problem with JSON; a list gives a list.")(solve.solve)
app.command("serve", help="Show the pages on this machine.")(demo.serve)
app.add_typer(users.app, name="user", help="Say who may sign in to the pages.")
app.command("demo", help="Build the example case, print its headline results, show its pages.")(demo.demo)


@app.callback()
def common() -> None:
    """Everything a command needs is said by its own options; data lies in TALLYPROOF_HOME."""


INTERRUPTED = 130
"""What the parser answers when the user presses Ctrl-C."""


def main() -> None:
    """Run a command and exit with its code: 0 done, 1 could not be done, 2 and 3 by the command."""
    _never_fail_to_print()
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:  # somebody like "head" has read enough
        code = 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _never_fail_to_print() -> None:
    """Letters that the terminal or pipe cannot show become question marks instead of faults."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except TallyproofError as fault:
        return _say(str(fault))
    except BrokenPipeError:
        raise
    except OSError as fault:
        return _say(f"{fault.filename or 'The data'} cannot be read or written: {fault.strerror or fault}.")
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as fault:
        return _usage(fault)
    if code == INTERRUPTED:
        return _say("Stopped. What was finished before is kept; run it again to go on.")
    return code if isinstance(code, int) else 0


def _usage(fault: Exception) -> int:
    """Misuse of options is exit 1 with the parser's own sentence; a bare command is a wish for help.

    Anything else is a fault of ours and raised as it is.
    """
    describe = getattr(fault, "format_message", None)
    if describe is None:
        raise fault
    if type(fault).__name__ == "NoArgsIsHelpError":
        print(describe())
        return 0
    context = getattr(fault, "ctx", None)
    path = getattr(context, "command_path", "")
    told = describe().rstrip(".")
    end = "" if told.endswith("?") else "."
    return _say(f"{told}{end}{f' See: {path} --help' if path else ''}")


def _say(sentence: str) -> int:
    from tallyproof.cli import show

    show.done()
    show.tell(f"tallyproof: {sentence}")
    return 1
