"""``tallyproof recount``: what the law allows after an election."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallyproof.cli import options
from tallyproof.cli.plan import converted, counted
from tallyproof.cli.spread import spread
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from datetime import datetime

    from tallyproof.recount.options import RecountOptions
    from tallyproof.services.recounting import CaseProblem

app = typer.Typer(no_args_is_help=True)

Rest = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=N...|CONTEST]", help="Further votes by choice; with --case a contest."),
]
Date = Annotated[str, typer.Option("--date", help="Election day, such as 2016-11-08.")]
StateOption = Annotated[str, typer.Option("--state", help="Postal code or name, such as WI.")]
OfficeOption = Annotated[
    str, typer.Option("--office", help="president, governor, us-senate, state-house, county-office …")
]
Kind = Annotated[str, typer.Option("--election", help="general, special, primary or runoff.")]
Margin = Annotated[int | None, typer.Option("--margin", help="The winner's lead over the next, in votes.")]
Total = Annotated[int | None, typer.Option("--total", help="All votes for the office.")]
Votes = Annotated[
    list[str] | None,
    typer.Option("--votes", metavar="NAME=N", help="Votes by choice, such as --votes Ann=600 Bob=400."),
]
Seats = Annotated[int, typer.Option("--seats", help="How many choices win.")]
CaseOption = Annotated[str, typer.Option("--case", "-c", help="Take the numbers of this case.")]
On = Annotated[
    str, typer.Option("--on", help="When it is asked, such as 2016-11-23T12:00 in the state; else now.")
]
Requester = Annotated[str, typer.Option("--requester", help="Who asks: one of the choices.")]
Acts = Annotated[
    list[str] | None,
    typer.Option("--act", metavar="EVENT=DAY", help="state_canvass=2016-11-28, last_county_statement=…"),
]
Stages = Annotated[
    list[str] | None,
    typer.Option("--stage", metavar="2=N", help="The margin of a later stage of the count."),
]
Precincts = Annotated[int | None, typer.Option("--precincts", help="Precincts to be recounted.")]
Ballots = Annotated[int | None, typer.Option("--ballots", help="Ballots to be recounted.")]
Numbers = Annotated[
    list[str] | None,
    typer.Option("--number", metavar="NAME=N", help="Another number that a law reads, such as areas=3."),
]
AllStates = Annotated[
    bool, typer.Option("--all-states", help="Put one margin and total to the law of every state.")
]


@app.callback()
def group() -> None:
    """Ask what recount law allows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is put to the law: a contest by its numbers, or those of a case; by whom, when, after what."""

    rest: Rest = None
    state: StateOption = ""
    date: Date = ""
    office: OfficeOption = ""
    election: Kind = "general"
    margin: Margin = None
    total: Total = None
    votes: Votes = None
    seats: Seats = 1
    case: CaseOption = ""
    as_of: options.AsOf = ""
    on: On = ""
    requester: Requester = ""
    act: Acts = None
    stage: Stages = None
    precincts: Precincts = None
    ballots: Ballots = None
    number: Numbers = None


on_contests = spread(Asked, "asked")
"""The command with an option for each field of Asked in place of its parameter ``asked``."""


@app.command("options")
@on_contests
def options_command(
    asked: Asked,
    all_states: AllStates = False,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Say whether a recount is automatic, who may ask, until when, how and at what cost."""
    shared = shared_of(asked)
    if asked.case:
        _of_case(home, asked, shared, json=json)
        return
    if all_states:
        options.refuse("where all states are compared", state=asked.state, requester=asked.requester)
        _all_states(shared | _numbers(asked), json=json)
        return
    _print([one_contest(asked, shared)], [None], json=json)


def shared_of(asked: Asked) -> dict[str, Any]:
    """What is asked of a contest whether its numbers are given or a case's."""
    return {
        "election": asked.election, "on": time_of_asking(asked.on), "requester": asked.requester,
        "acts": days_of_acts(asked.act or ()), "stages": stages_of(asked.stage or ()),
        "numbers": numbers_of(asked.number or (), asked.precincts, asked.ballots),
    }  # fmt: skip


def require_a_case(asked: Asked) -> None:
    """Raise RequestError for what a case says itself."""
    options.refuse(
        "of a case, which says it", state=asked.state, margin=asked.margin, total=asked.total,
        votes=asked.votes, date=asked.date,
    )  # fmt: skip


def one_contest(asked: Asked, shared: dict[str, Any]) -> RecountOptions:
    """The question on a contest by its numbers. Raises RequestError where one is missing or wrong."""
    told = shared | _numbers(asked)
    for name in ("state", "date"):
        if not told[name]:
            raise RequestError(
                f"--{name} is needed, or --case with a case. See: tallyproof recount options --help"
            )
    return _problem(told)


def _numbers(asked: Asked) -> dict[str, Any]:
    options.refuse("without --case", as_of=asked.as_of)
    return {
        "state": asked.state, "date": asked.date, "office": asked.office or "president",
        "votes": counted([*(asked.votes or ()), *(asked.rest or ())]),
        "margin": asked.margin, "total": asked.total, "seats": asked.seats,
    }  # fmt: skip


def _problem(told: dict[str, Any]) -> RecountOptions:
    from tallyproof.recount.options import RecountOptions

    options.day(told["date"])
    return converted(told, RecountOptions)


def _print(problems: Sequence[RecountOptions], cases: Sequence[CaseProblem | None], *, json: bool) -> None:
    import msgspec

    from tallyproof.cli import recount_show, show
    from tallyproof.services import recounting

    answers = [recounting.options(problem) for problem in problems]
    show.done()
    if json:
        plain = [msgspec.to_builtins(each) for each in answers]
        show.as_json(plain[0] if cases == [None] else plain)
        return
    if len(answers) > 1:
        recount_show.several(answers, [case.contest for case in cases if case])
        return
    at = recounting.asked_at(problems[0].on, answers[0].state)
    recount_show.answer(answers[0], problems[0], at, cases[0].sentence if cases[0] else "")


def _of_case(home: Path | None, asked: Asked, shared: dict[str, Any], *, json: bool) -> None:
    """Every contest of the case that a rule is for, or the one named."""
    import msgspec

    from tallyproof.recount.options import RecountOptions
    from tallyproof.services import access, recounting

    require_a_case(asked)
    case, rest = asked.case, asked.rest or []
    if len(rest) > 1:
        raise RequestError(f"One contest at a time: '{rest[1]}' is a second.")
    contest = rest[0] if rest else ""
    found = recounting.of_case(
        options.workspace(home),
        access.terminal(),
        case,
        contest,
        as_of=options.moment(asked.as_of),
        office=asked.office,
    )
    if not contest:
        options.refuse("of several contests; name one", act=asked.act, stage=asked.stage)
        asks = asked.requester.casefold()
        found = [
            each for each in found if not asks or any(asks in name.casefold() for name in each.problem.votes)
        ]
    if not found:
        raise RequestError(
            f"Case {case} has no contest that a rule could be put to. "
            "Give the numbers with --state, --date, --margin and --total."
        )
    problems = [converted(msgspec.to_builtins(each.problem) | shared, RecountOptions) for each in found]
    _print(problems, found, json=json)


def _all_states(told: dict[str, Any], *, json: bool) -> None:
    import msgspec

    from tallyproof.cli import recount_show, show
    from tallyproof.services import recounting

    if not told["date"]:
        raise RequestError("--date is needed: the law is that of the election day.")
    problem = _problem(told)
    found = recounting.every_state(problem)
    if json:
        show.as_json(msgspec.to_builtins(found))
        return
    recount_show.survey(found, problem)


def time_of_asking(text: str) -> datetime | None:
    """The time of asking; without a zone it is one of the state's clock. Raises RequestError."""
    from datetime import datetime

    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(
            f"'{text}' is not a time. Write it like 2016-11-23T17:00; a day alone is its first minute."
        ) from None


def days_of_acts(words: Sequence[str]) -> dict[str, str]:
    """Days of acts by their words. Raises RequestError for one that cannot be read, or is given twice."""
    found: dict[str, str] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not (name and sign and text) or name in found:
            raise RequestError(f"--act {word}: write it like state_canvass=2016-11-28, each act once.")
        found[name] = text
    return found


def stages_of(words: Sequence[str]) -> dict[str, int]:
    """Margins by the later stage."""
    found = counted(words)
    wrong = [name for name in found if not (name.isascii() and name.isdigit() and int(name) > 1)]
    if wrong:
        raise RequestError(f"--stage {wrong[0]}: the first stage is --margin; later ones are like 2=12603.")
    return found


def numbers_of(words: Sequence[str], precincts: int | None, ballots: int | None) -> dict[str, int]:
    """Numbers that a law reads, by their names."""
    given = counted(words)
    for name, value in (("precincts", precincts), ("ballots", ballots)):
        if value is not None:
            given[name] = value
    return given
