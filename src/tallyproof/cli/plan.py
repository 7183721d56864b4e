"""``tallyproof plan``: how many cards an audit would take, by method and margin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from tallyproof.cli import show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.audit.contest import Contest
    from tallyproof.audit.plan import SampleSize, Size

Problem = TypeVar("Problem")
MARGINS = (0.1, 0.05, 0.02, 0.01)
USUAL_CHANCE = 0.8

VotesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=VOTES...]", help="Reported votes, such as Ann=600 Bob=400."),
]
CardsOption = Annotated[int, typer.Option("--cards", help="All cards that may bear the contest, not votes.")]
SeatsOption = Annotated[int, typer.Option("--seats", help="How many choices win.")]
VoteForOption = Annotated[int, typer.Option("--vote-for", help="How many choices a voter may mark.")]
RiskLimitOption = Annotated[float, typer.Option("--risk-limit", help="Such as 0.05.")]


class Plan(NamedTuple):
    """A problem and the sizes that answer it."""

    problem: SampleSize
    sizes: Sequence[Size]


def plan(
    votes: VotesArgument = None,
    cards: CardsOption = 0,
    margin: Annotated[
        list[float] | None,
        typer.Option("--margin", help="Diluted margin such as 0.02, in place of votes (may be repeated)."),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option("--method", help="Only this method, such as comparison (may be repeated)."),
    ] = None,
    seats: SeatsOption = 1,
    vote_for: VoteForOption = 1,
    two_votes: Annotated[float, typer.Option("--two-votes", help="Share of cards two votes over.")] = 0,
    one_vote: Annotated[float, typer.Option("--one-vote", help="Share of cards one vote over.")] = 0,
    voted: Annotated[
        float, typer.Option("--voted", help="With --margin: share of cards with a vote for the two.")
    ] = 1,
    pooled: Annotated[float, typer.Option("--pooled", help="Share of cards without own records.")] = 0.1,
    batch_cards: Annotated[int, typer.Option("--batch-cards", help="Cards of a batch.")] = 500,
    risk_limit: RiskLimitOption = 0.05,
    chance: Annotated[
        list[float] | None,
        typer.Option("--chance", help="Chance that the sample suffices, 0.8 unless told (may be repeated)."),
    ] = None,
    replications: Annotated[int, typer.Option("--replications", help="Simulated audits per figure.")] = 400,
    most_drawn: Annotated[
        int, typer.Option("--most-drawn", help="Cards that the simulation of a figure may draw.")
    ] = 100_000_000,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Write the sizes as a picture to this .svg file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """How many cards an audit would take, by method and margin."""
    if not cards:
        raise RequestError(
            "Say with --cards how many cards may bear the contest, also those left blank in it: "
            "tallyproof plan Ann=600 Bob=400 --cards 1100"
        )
    asked: dict[str, object] = {
        "cards": cards, "margins": margin or list(MARGINS), "voted": voted, "pooled": pooled,
        "batch_cards": batch_cards, "rates": _rates(two_votes, one_vote), "risk_limit": risk_limit,
        "replications": replications, "most_drawn": most_drawn,
    }  # fmt: skip
    if method:
        asked["methods"] = _known(method)
    if votes:
        if margin:
            raise RequestError("Give votes or --margin, not both.")
        asked |= _closest(contest_of(votes, cards, seats, vote_for))
    _tell(_plans(asked, chance or [USUAL_CHANCE], chart), json=json)


def _rates(two_votes: float, one_vote: float) -> list[dict[str, float]]:
    """No errors, and those that were told."""
    told = {"two_votes": two_votes, "one_vote": one_vote}
    return [{}, told] if any(told.values()) else [{}]


def _closest(contest: Contest) -> dict[str, object]:
    from tallyproof.services import planning

    smallest, voted = planning.margin_of(contest)
    return {"margins": [smallest], "voted": voted}


def _plans(asked: dict[str, object], chances: Sequence[float], chart: Path | None) -> list[Plan]:
    """A plan for each chance; the picture of the one plan where a ``chart`` is wanted."""
    from tallyproof.audit.plan import SampleSize
    from tallyproof.services import planning
    from tallyproof.services.solving import solve

    if chart is not None and len(chances) > 1:
        raise RequestError("--chart draws the sizes of one --chance.")
    problems = [converted({**asked, "quantile": each}, SampleSize) for each in chances]
    plans = [Plan(problem, solve(problem).sizes) for problem in problems]
    if chart is not None:
        planning.save_chart(*plans[0], chart)
    return plans


def _tell(plans: Sequence[Plan], *, json: bool) -> None:
    if json:
        import msgspec

        told = [{"chance": each.problem.quantile, "sizes": msgspec.to_builtins(each.sizes)} for each in plans]
        show.as_json(told[0]["sizes"] if len(plans) == 1 else told)
        return
    if len(plans) == 1:
        _print(*plans[0])
    else:
        _print_side_by_side(plans)
    _print_notes(plans)


def _print(problem: SampleSize, sizes: Sequence[Size]) -> None:
    """The table and, beside each size, a bar on a logarithmic scale."""
    from tallyproof.services import planning

    show.wrapped(
        f"Cards to examine at a risk limit of {100 * problem.risk_limit:g} %, enough with a chance of "
        f"{100 * problem.quantile:g} %, of {problem.cards:,} {'card' if problem.cards == 1 else 'cards'}:"
    )
    rows = [
        (
            planning.label(size),
            f"{100 * size.margin:.3g} %",
            _cards(size),
            _range(size),
            _bar(size, problem.cards),
        )
        for size in sizes
    ]
    show.table(*_filled(["method", "margin", "cards", "simulated range", "log scale"], rows))


def _print_side_by_side(plans: Sequence[Plan]) -> None:
    """A table with the cards, and their simulated range, of each chance."""
    from tallyproof.services import planning

    problem = plans[0].problem
    show.wrapped(
        f"Cards to examine at a risk limit of {100 * problem.risk_limit:g} %, of {problem.cards:,} "
        f"{'card' if problem.cards == 1 else 'cards'}, by the chance that they are enough:"
    )
    rows = [
        (
            planning.label(of_method[0]),
            f"{100 * of_method[0].margin:.3g} %",
            *(cell for size in of_method for cell in (_cards(size), _range(size))),
        )
        for of_method in zip(*(plan.sizes for plan in plans), strict=True)
    ]
    heads = [head for plan in plans for head in (f"{100 * plan.problem.quantile:g} %", "range")]
    show.table(*_filled(["method", "margin", *heads], rows))


def _known(methods: Sequence[str]) -> Sequence[str]:
    """The methods, each of which there is. Raises RequestError naming them all."""
    from tallyproof.audit.plan import NAMES

    for each in methods:
        if each not in NAMES:
            raise RequestError(f"There is no method '{each}'. Methods: {', '.join(NAMES)}.")
    return methods


def _filled(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Heads and rows without columns that are empty throughout, such as ranges where all is by formula."""
    kept = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    return [heads[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _print_notes(plans: Sequence[Plan]) -> None:
    """What the figures of the table are, as far as there is something to say."""
    problem, sizes = plans[0].problem, [size for plan in plans for size in plan.sizes]
    audits = [size.replications for size in sizes if size.how == "simulated"]
    if audits:
        number = f"{min(audits):,}" if min(audits) == max(audits) else f"{min(audits):,} to {max(audits):,}"
        show.wrapped(
            f"Ranges: two standard errors either way of {number} simulated audits; formulas need none."
        )
    if min(audits, default=problem.replications) < problem.replications:
        show.wrapped(
            f"--most-drawn {problem.most_drawn:,} allows fewer than {problem.replications:,} audits for some "
            "figures; a larger number makes them more exact, and takes longer."
        )
    minervas = {size.how for size in sizes if size.method == "minerva"}
    if "formula" in minervas:
        show.wrapped("Minerva: the size from which on every larger round ends the audit with that chance.")
    if any(size.how == "normal approximation" for size in sizes):
        show.wrapped("~: the normal approximation, used where exact rounds would take long to work out.")


def percent(share: float) -> str:
    """A share in percent, to three digits."""
    return f"{100 * share:.3g} %"


def _cards(size: Size) -> str:
    if size.cards is None:
        return "all" if size.low is None else f"more than {size.low:,}"
    if size.how == "normal approximation":
        return f"~ {size.cards:,}"
    return f"{size.cards:,}" if size.draws is None else f"{size.cards:,} in {size.draws:,} batches"


def _range(size: Size) -> str:
    if size.low is None or size.cards is None:
        return ""
    return f"{size.low:,} – {size.high:,}" if size.high is not None else f"{size.low:,} or more"


def _bar(size: Size, cards: int) -> str:
    known = size.cards or size.low or cards
    share = math.log(max(known, 1)) / math.log(max(cards, 2))
    return "#" * max(1, round(16 * share))


def contest_of(votes: Sequence[str], cards: int, seats: int, vote_for: int) -> Contest:
    """A contest from arguments such as Ann=600."""
    from tallyproof.audit.contest import Contest

    named = {"votes": counted(votes), "cards": cards, "seats": seats, "votes_per_card": vote_for}
    return converted(named, Contest)


def counted(words: Sequence[str]) -> dict[str, int]:
    """Numbers by name from words such as Ann=600. Raises RequestError."""
    found: dict[str, int] = {}
    for word in words:
        name, sign, digits = word.rpartition("=")
        if not sign or not name or not digits.replace(",", "").isdigit() or name in found:
            raise RequestError(f"'{word}' must be a name of its own and a number, such as Ann=600.")
        found[name] = int(digits.replace(",", ""))
    return found


def converted(given: dict[str, object], kind: type[Problem]) -> Problem:
    """A problem object from options, checked as JSON would be. Raises RequestError."""
    import msgspec

    from tallyproof.services.solving import plain

    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as fault:
        raise RequestError(f"{plain(str(fault))}.") from None
