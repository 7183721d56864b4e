"""``tallyproof recount memo``, ``petition`` and ``calendar``: papers of what the law allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallyproof.cli import options, recount
from tallyproof.cli.plan import converted
from tallyproof.cli.recount_plan import PaperSize, of_case, plan, sheet
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.documents.press import Sheet
    from tallyproof.services.papers import Answered

To = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write; else one named for the state.")
]
ToFolder = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write, with --districts the folder.")
]
Client = Annotated[str, typer.Option("--client", help="For whom the memo is.")]
NumbersBy = Annotated[str, typer.Option("--numbers-by", help="Who states the numbers.")]
DistrictList = Annotated[
    Path | None,
    typer.Option("--districts", help="A CSV list of districts: a sheet for each, in PDFs by county."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``recount``."""
    app.command("plan", help="Budget recounts in several states, with every act in order.")(plan)
    app.command("memo", help="Print a cited memo of one page for one client.")(memo)
    app.command("petition", help="Print petition worksheets with the facts filled in.")(petition)
    app.command("calendar", help="Write the deadlines as a calendar file (.ics).")(calendar)


@recount.on_contests
def memo(
    asked: recount.Asked,
    client: Client = "",
    numbers_by: NumbersBy = "",
    paper: PaperSize = "us-letter",
    output: To = None,
    home: options.Home = None,
) -> None:
    """What the law allows in one contest, on one page, as a PDF."""
    size = sheet(paper)
    found = _one(_answered(asked, home, numbers_by))
    _write(found, "memo", output, lambda services: services.memo(found, client, size))


@recount.on_contests
def petition(
    asked: recount.Asked,
    districts: DistrictList = None,
    numbers_by: NumbersBy = "",
    paper: PaperSize = "us-letter",
    output: ToFolder = None,
    home: options.Home = None,
) -> None:
    """A petition worksheet for the contest, or one for each district of a list, as PDF."""
    size = sheet(paper)
    found = _one(_answered(asked, home, numbers_by))
    if districts is None:
        _write(found, "petition", output, lambda services: services.worksheet(found, size))
        return
    _by_district(found, districts, output or Path(_name(found, "petitions", "")), size)


@recount.on_contests
def calendar(asked: recount.Asked, output: To = None, home: options.Home = None) -> None:
    """The deadlines of a contest, or of a case's contests, as a calendar file without alarms."""
    from tallyproof.cli import show
    from tallyproof.services import papers

    answered = _answered(asked, home, "")
    path = output or Path(f"{asked.case or _name(answered[0], 'deadlines', '')}.ics")
    papers.require_file(path, ".ics")
    found = papers.calendar(answered)
    papers.write(path, found.content)
    show.done()
    show.wrapped(f"{show.counted(found.events, 'deadline')} written to {path}.")
    for task in found.left_out:
        show.wrapped(f"Not in it – {task.state_name}: {task.deadline.sentence}", "  ")
    show.wrapped(answered[0].answer.caution)


def _answered(asked: recount.Asked, home: Path | None, numbers_by: str) -> list[Answered]:
    """Answers for the contest given, or for those of a case; at least one."""
    import msgspec

    from tallyproof.recount.options import RecountOptions
    from tallyproof.services import papers

    shared = recount.shared_of(asked)
    if not asked.case:
        return [papers.ask(recount.one_contest(asked, shared), numbers_by)]
    recount.require_a_case(asked)
    found = of_case(asked.case, asked.rest or (), asked.as_of, home, asked.office, asked.requester)
    return [
        papers.ask(converted(msgspec.to_builtins(each.problem) | shared, RecountOptions), each.sentence)
        for each in found
    ]


def _one(asked: list[Answered]) -> Answered:
    """The only contest. Raises RequestError naming them where there are several."""
    if len(asked) > 1:
        states = ", ".join(each.answer.state_name for each in asked)
        raise RequestError(f"The case has {len(asked)} contests ({states}). Name one after the options.")
    return asked[0]


def _name(asked: Answered, what: str, ending: str) -> str:
    found = asked.answer
    return f"{found.state.lower()}-{found.date}-{found.office}-{what}{ending}"


def _write(asked: Answered, what: str, output: Path | None, make: Any) -> None:
    """Make a PDF, write it, and say the answer that it gives."""
    from tallyproof.cli import show
    from tallyproof.services import papers

    path = output or Path(_name(asked, what, ".pdf"))
    papers.require_file(path, ".pdf")
    content = make(papers)
    papers.write(path, content)
    show.done()
    show.wrapped(asked.answer.sentence)
    show.wrapped(f"Written to {path}. {asked.answer.caution}")


def _by_district(asked: Answered, file: Path, folder: Path, size: Sheet) -> None:
    from tallyproof.cli import show
    from tallyproof.services import papers

    districts = papers.read_districts(file, asked.problem.votes)
    written = papers.worksheets(asked, districts.found, folder, size, show.progress)
    show.done()
    show.wrapped(asked.answer.sentence)
    sheets = show.counted(len(districts.found), "worksheet")
    show.wrapped(
        f"{sheets} written to {folder}, in {show.counted(len(written), 'file')}. {asked.answer.caution}"
    )
    for reason in dict.fromkeys(reason for _, reason in districts.left_out):
        rows = [f"{row:,}" for row, why in districts.left_out if why == reason]
        more = f" and {len(rows) - 12:,} more" if len(rows) > 12 else ""
        show.wrapped(f"Left out: row {', '.join(rows[:12])}{more} {reason}.", "  ")
