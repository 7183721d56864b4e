"""``tallyproof recount plan``: what asking costs in several states at once, and every act in order."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tallyproof.cli import options, recount
from tallyproof.cli.plan import converted
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.documents.press import Sheet
    from tallyproof.recount.budget import RecountPlan, RecountPlanAnswer, StateBudget
    from tallyproof.services.recounting import CaseProblem

T = TypeVar("T")

Named = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILE|CONTEST...]", help="A plan as JSON or TOML, as solve takes it; with --case contests."
    ),
]
StateActs = Annotated[
    list[str] | None,
    typer.Option("--act", metavar="STATE:EVENT=DAY", help="WI:last_county_statement=2016-11-21 …"),
]
Units = Annotated[
    list[str] | None,
    typer.Option("--precincts", metavar="STATE=N", help="Precincts to be recounted, such as MI=7786."),
]
StateBallots = Annotated[
    list[str] | None, typer.Option("--ballots", metavar="STATE=N", help="Ballots to be recounted.")
]
Estimates = Annotated[
    list[str] | None,
    typer.Option("--estimate", metavar="STATE=DOLLARS", help="The office's estimate, such as WI=3499689."),
]
Sources = Annotated[
    list[str] | None, typer.Option("--estimate-by", metavar="STATE=NAME", help="Who made the estimate.")
]
Lists = Annotated[
    list[str] | None,
    typer.Option(
        "--jurisdictions", metavar="STATE=FILE",
        help="CSV of jurisdiction, precincts, ballots, areas, method: the cost of each.",
    ),
]  # fmt: skip
Choices = Annotated[
    list[str] | None,
    typer.Option(
        "--choose", metavar="STATE=PRICE", help="Of several prices the one chosen, such as PA=cash."
    ),
]
PaperSize = Annotated[str, typer.Option("--paper", help="us-letter or a4.")]
ToPdf = Annotated[Path | None, typer.Option("--output", "-o", help="Write it to this .pdf file too.")]
UNITS = ("precincts", "ballots", "areas")


def plan(
    named: Named = None,
    case: recount.CaseOption = "",
    as_of: options.AsOf = "",
    on: recount.On = "",
    requester: recount.Requester = "",
    act: StateActs = None,
    precincts: Units = None,
    ballots: StateBallots = None,
    estimate: Estimates = None,
    estimate_by: Sources = None,
    jurisdictions: Lists = None,
    choose: Choices = None,
    paper: PaperSize = "us-letter",
    output: ToPdf = None,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """What asking costs, state by state, and every deadline in the order of its time."""
    import msgspec

    from tallyproof.cli import show
    from tallyproof.services import papers, recount_plans

    if not case:
        if len(named or ()) != 1:
            raise RequestError("Name one plan as a file, or a case with --case and perhaps its contests.")
        options.refuse(
            "with a file, which says it", as_of=as_of, requester=requester, act=act, precincts=precincts,
            ballots=ballots, estimate=estimate, estimate_by=estimate_by, jurisdictions=jurisdictions,
            choose=choose,
        )  # fmt: skip
        problem = _of_file(Path((named or [""])[0]), on)
    else:
        told: dict[str, dict[str, Any]] = {
            "acts": _acts(act or ()),
            "precincts": _keyed("precincts", precincts or (), _count),
            "ballots": _keyed("ballots", ballots or (), _count),
            "estimate": _keyed("estimate", estimate or (), _dollars),
            "by": _keyed("estimate-by", estimate_by or (), str),
            "jurisdictions": _keyed("jurisdictions", jurisdictions or (), _jurisdictions),
            "choose": _keyed("choose", choose or (), str),
        }
        problem = _of_case(case, named or [], as_of, on, requester, told, home)
    size = sheet(paper)
    if output:
        papers.require_file(output, ".pdf")
    found = recount_plans.plan(problem)
    if output:
        papers.write(output, papers.plan(found, problem.on, size))
        show.tell(f"Written to {output}.")
    show.done()
    if json:
        show.as_json(msgspec.to_builtins(found))
    else:
        _print(found)


def sheet(text: str) -> Sheet:
    """A size of paper by its word. Raises RequestError."""
    from tallyproof.documents.press import Sheet

    try:
        return Sheet(text)
    except ValueError:
        raise RequestError(f"'{text}' is no size of paper here. Use one of: {', '.join(Sheet)}.") from None


def _of_file(file: Path, on: str) -> RecountPlan:
    import tomllib
    from json import JSONDecodeError, loads

    import msgspec

    from tallyproof.recount.budget import RecountPlan

    try:
        text = file.read_text(encoding="utf-8-sig")
        plain = tomllib.loads(text) if file.suffix.casefold() == ".toml" else loads(text)
    except OSError as fault:
        raise RequestError(f"{file} cannot be read: {fault.strerror or fault}.") from None
    except (UnicodeDecodeError, JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise RequestError(f"{file} is no plan: {fault}.") from None
    problem = converted(plain, RecountPlan)
    return msgspec.structs.replace(problem, on=recount.time_of_asking(on)) if on else problem


def of_case(
    case: str, named: Sequence[str], as_of: str, home: Path | None, office: str, requester: str
) -> list[CaseProblem]:
    """The contests named, else every contest of the case that a rule is for and the one who asks is in."""
    from tallyproof.services import access, recounting

    workspace, actor, at = options.workspace(home), access.terminal(), options.moment(as_of)
    found = [
        each
        for contest in named or [""]
        for each in recounting.of_case(workspace, actor, case, contest, as_of=at, office=office)
    ]
    asks = requester.casefold()
    kept = [each for each in found if not asks or any(asks in name.casefold() for name in each.problem.votes)]
    if not (kept if not named else found):
        raise RequestError(f"Case {case} has no contest to ask this of. Give the numbers instead.")
    return found if named else kept


def _of_case(
    case: str,
    named: Sequence[str],
    as_of: str,
    on: str,
    requester: str,
    told: dict[str, dict[str, Any]],
    home: Path | None,
) -> RecountPlan:
    """The contests of the case, with what the options say of each state."""
    import msgspec

    from tallyproof.recount.budget import RecountPlan

    found = of_case(case, named, as_of, home, "", requester)
    known = {each.problem.state for each in found}
    for name, given in told.items():
        for state in given:
            if state not in known:
                states = ", ".join(sorted(known))
                raise RequestError(f"--{name} {state}: no contest asked about is there, but in {states}.")
    contests = [_planned(msgspec.to_builtins(each.problem), requester, told) for each in found]
    return converted({"contests": contests, "on": recount.time_of_asking(on)}, RecountPlan)


def _planned(contest: dict[str, Any], requester: str, told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    state = contest["state"]
    contest["requester"] = requester
    contest["acts"] = told["acts"].get(state, {})
    contest["numbers"] = {name: told[name][state] for name in ("precincts", "ballots") if state in told[name]}
    planned = {
        "contest": contest,
        "jurisdictions": told["jurisdictions"].get(state, []),
        "choose": told["choose"].get(state, ""),
    }
    if state in told["estimate"]:
        by = told["by"].get(state, "an estimate whose author is not named")
        planned["stated"] = {"amount": told["estimate"][state], "source": by}
    return planned


def _keyed(option: str, words: Sequence[str], value: Callable[[str], T]) -> dict[str, T]:
    """Values by state, from words such as "MI=7786"."""
    found: dict[str, T] = {}
    for word in words:
        state, sign, text = word.partition("=")
        key = state.strip().upper()
        if not (key and sign and text) or key in found:
            raise RequestError(f"--{option} {word}: write it like MI=…, each state once.")
        try:
            found[key] = value(text.strip())
        except ValueError:
            raise RequestError(f"--{option} {word}: '{text}' is no number. Write it like MI=7786.") from None
    return found


def _acts(words: Sequence[str]) -> dict[str, dict[str, str]]:
    """Days of acts by state, from words such as "WI:last_county_statement=2016-11-21"."""
    found: dict[str, list[str]] = {}
    for word in words:
        state, colon, rest = word.partition(":")
        if not colon or "=" in state:
            raise RequestError(f"--act {word}: write it like WI:last_county_statement=2016-11-21.")
        found.setdefault(state.strip().upper(), []).append(rest)
    return {state: recount.days_of_acts(own) for state, own in found.items()}


def _count(text: str) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise ValueError(text)
    return int(plain)


def _dollars(text: str) -> str:
    plain = text.replace(",", "").removeprefix("$")
    whole, _, cents = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not cents or (cents.isascii() and cents.isdigit()))):
        raise ValueError(text)
    return plain


def _jurisdictions(text: str) -> list[dict[str, Any]]:
    """Rows of a table with a header: jurisdiction, and any of precincts, ballots, areas, method."""
    path = Path(text)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {(name or "").strip().casefold(): (cell or "").strip() for name, cell in row.items()
                 if isinstance(cell, str) or cell is None}
                for row in csv.DictReader(file)
            ]  # fmt: skip
    except OSError as fault:
        raise RequestError(f"{path} cannot be read: {fault.strerror or fault}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise RequestError(f"{path} is no CSV table in UTF-8. Save it as one.") from None
    if not rows or "jurisdiction" not in rows[0] or not set(UNITS) & set(rows[0]):
        raise RequestError(f"{path}: needs a column jurisdiction, and one of {', '.join(UNITS)}, with rows.")
    return [_jurisdiction(row, number, path) for number, row in enumerate(rows, start=2)]


def _jurisdiction(row: Mapping[str, str], number: int, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row["jurisdiction"], "method": row.get("method", "")}
    for unit in UNITS:
        if text := row.get(unit, ""):
            try:
                found[unit] = _count(text)
            except ValueError:
                raise RequestError(f"{path}, row {number:,}: '{text}' is no number of {unit}.") from None
    return found


# ---- the answer


def _print(found: RecountPlanAnswer) -> None:
    from tallyproof.cli import show

    show.wrapped(found.sentence)
    show.say("\nBudget")
    for each in found.states:
        _state(each)
    show.say("\nChecklist")
    for task in found.checklist:
        show.wrapped(f"{task.state}: {_upper(task.deadline.act)} – {task.deadline.sentence}", "  ")
    show.say()
    show.wrapped(found.caution)


def _state(each: StateBudget) -> None:
    from tallyproof.cli import show
    from tallyproof.recount.budget import between

    amount = between(each.low, each.high) if each.low is not None and each.high is not None else "unknown"
    source = f" [{each.source}]" if each.source else ""
    show.wrapped(f"{each.state_name}: {amount}. {_upper(each.cost)}.{source}", "  ")
    if each.look_up:
        show.wrapped(each.look_up, "      ")
    if each.needs:
        show.wrapped(f"Needs {' and '.join(each.needs)}.", "      ")
    if each.form:
        show.wrapped(f"Paid as: {each.form}.", "      ")
    if each.refund:
        show.wrapped(f"Returned: {each.refund}.", "      ")
    if len(each.lines) > 1:
        show.table(
            ["jurisdiction", "method", "price", "precincts", "ballots", "dollars"],
            [
                (
                    line.jurisdiction,
                    line.method,
                    line.words,
                    line.precincts,
                    line.ballots,
                    between(line.amount, line.amount) if line.amount is not None else "unknown",
                )
                for line in each.lines
            ],
            indent="      ",
        )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:].replace("-", " ")
