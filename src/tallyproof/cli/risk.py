"""``tallyproof risk``: the measured risk of a sample."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tallyproof.cli import show
from tallyproof.cli.plan import (
    CardsOption,
    RiskLimitOption,
    SeatsOption,
    VoteForOption,
    contest_of,
    converted,
    counted,
)
from tallyproof.errors import RequestError

app = typer.Typer(no_args_is_help=True)
Votes = Annotated[
    list[str], typer.Argument(metavar="NAME=VOTES...", help="Reported votes, such as Ann=600 Bob=400.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
NOBODY, LOST = "none", "lost"


@app.command("comparison")
def comparison(
    votes: Votes,
    cards: CardsOption,
    draws: Annotated[int, typer.Option("--draws", help="Cards drawn, repeated draws counted again.")],
    misread: Annotated[
        list[str] | None,
        typer.Option(
            "--misread",
            metavar="RECORD>PAPER=N",
            help="N draws whose record and paper differ: names, 'none' or 'lost' (may be repeated).",
        ),
    ] = None,
    seats: SeatsOption = 1,
    vote_for: VoteForOption = 1,
    gamma: Annotated[float, typer.Option("--gamma", help="Inflation of the error bound.")] = 1.03905,
    risk_limit: RiskLimitOption = 0.05,
    json: Json = False,
) -> None:
    """The super-simple (Kaplan-Markov) risk of cards compared with their records."""
    import msgspec

    from tallyproof.audit.card_audit import SuperSimple
    from tallyproof.services.solving import solve

    if not 0 < risk_limit < 1:
        raise RequestError(f"--risk-limit is {risk_limit:g}; it must be above 0 and below 1, such as 0.05.")
    drawn = [_misread(word) for word in misread or ()]
    wrong = sum(int(str(each["times"])) for each in drawn)
    if draws < 0:
        raise RequestError(f"--draws is {draws:,}; it must be 0 or more.")
    if wrong > draws:
        raise RequestError(f"--misread names {wrong:,} draws, more than the {draws:,} of --draws.")
    contest = contest_of(votes, cards, seats, vote_for)
    given = {
        "contest": msgspec.to_builtins(contest), "drawn": drawn, "clean": draws - wrong, "gamma": gamma,
    }  # fmt: skip
    answer = solve(converted(given, SuperSimple))
    if json:
        show.as_json(msgspec.to_builtins(answer))
        return
    over, under = answer.over_one + answer.over_two, answer.under_one + answer.under_two
    show.say(
        f"{show.counted(answer.draws, 'draw')}, {over:,} overstated, {under:,} understated; "
        f"margin {answer.diluted_margin}"
    )
    _limit(answer.risk, risk_limit)


@app.command("polling")
def polling(
    votes: Votes,
    cards: CardsOption,
    rounds: Annotated[
        list[str],
        typer.Option(
            "--round",
            metavar="NAME=N,NAME=N",
            help="Votes on a round's ballots (repeat for each round).",
        ),
    ],
    method: Annotated[str, typer.Option("--method", help="bravo, minerva or providence.")] = "bravo",
    seats: SeatsOption = 1,
    vote_for: VoteForOption = 1,
    risk_limit: RiskLimitOption = 0.05,
    json: Json = False,
) -> None:
    """The risk of a ballot-polling audit after its rounds: the largest over winners and losers.

    Of each pair the smallest after any round counts: an assertion that met the limit stays confirmed.
    """
    import msgspec

    from tallyproof.audit.assertion import Status
    from tallyproof.audit.contest import claims_of
    from tallyproof.audit.sample_risk import PollingRounds
    from tallyproof.services.solving import solve

    contest = contest_of(votes, cards, seats, vote_for)
    tally, claims = claims_of(contest)
    if not claims.assertions:
        unopposed = claims.status is Status.UNOPPOSED
        why = "needs no audit" if unopposed else "cannot be confirmed by a sample"
        raise RequestError(f"This contest {why}: {claims.sentence}")
    seen = [counted(text.split(",")) for text in rounds]
    unknown = [name for each in seen for name in each if name not in tally.votes]
    if unknown:
        raise RequestError(f"--round: {unknown[0]} is none of the choices: {', '.join(tally.votes)}.")
    found = {}
    for each in claims.assertions:
        ahead, behind = tally.votes[each.winner], tally.votes[each.loser]
        given = {
            "share": ahead / (ahead + behind),
            "rounds": [{"winner": r.get(each.winner, 0), "loser": r.get(each.loser, 0)} for r in seen],
            "method": method,
            "risk_limit": risk_limit,
        }
        found[each.claim] = min(solve(converted(given, PollingRounds)).risks)  # shown once, it stays shown
    if json:
        show.as_json(msgspec.to_builtins({"risks": found, "risk": max(found.values())}))
        return
    show.table(["assertion", "risk"], [(claim, f"{risk:.4g}") for claim, risk in found.items()])
    _limit(max(found.values()), risk_limit)


@app.command("values")
def values(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One value per line, in the order drawn.")],
    cards: Annotated[int, typer.Option("--cards", help="All cards; 0 where drawn with replacement.")] = 0,
    upper: Annotated[float, typer.Option("--upper", help="The largest value that a card can have.")] = 1.0,
    null_mean: Annotated[float, typer.Option("--null-mean", help="The mean to be exceeded.")] = 0.5,
    expected: Annotated[
        float | None, typer.Option("--expected", help="The mean if all is as reported.")
    ] = None,
    method: Annotated[
        str, typer.Option("--method", help="shrink_trunc, cobra, agrapa, kaplan_wald, portfolio and others.")
    ] = "shrink_trunc",
    risk_limit: RiskLimitOption = 0.05,
    json: Json = False,
) -> None:
    """The risk that a mean is no larger than its null mean, from a sample in draw order."""
    import msgspec

    from tallyproof.audit.sample_risk import SampleRisk
    from tallyproof.services.solving import solve

    given: dict[str, object] = {
        "sample": _numbers(file), "upper": upper, "null_mean": null_mean, "cards": cards or None,
        "expected": expected, "risk_limit": risk_limit, "method": {"name": method},
    }  # fmt: skip
    answer = solve(converted(given, SampleRisk))
    if json:
        show.as_json(msgspec.to_builtins(answer))
        return
    mean = answer.mean if answer.mean is None else round(answer.mean, 6)
    show.say(f"{show.counted(answer.draws, 'draw')}, mean {mean}")
    if answer.disproved:
        show.say("The values drawn leave no room for a larger mean.")
    _limit(answer.risk, risk_limit)


def _limit(risk: float, risk_limit: float) -> None:
    met = "met" if risk <= risk_limit else "not met: draw more cards, or count all by hand"
    show.say(f"Measured risk {risk:.6g}; risk limit {risk_limit:g} {met}.")


def _misread(word: str) -> dict[str, object]:
    """What record and paper show, from RECORD>PAPER=N."""
    both, sign, times = word.rpartition("=")
    record, arrow, paper = both.partition(">")
    if not (sign and arrow and record and paper and times.isdigit() and int(times)):
        raise RequestError(f"'{word}' must be written like 'Ann>Bob=2': record, paper, how many draws.")
    return {"record": _shown(record), "paper": _shown(paper), "times": int(times)}


def _shown(name: str) -> dict[str, object]:
    if name == LOST:
        return {"state": "not found"}
    return {} if name == NOBODY else {"marks": name.split("+")}


def _numbers(file: str) -> list[float]:
    """The values of a file, or of standard input."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise RequestError(f"{file} cannot be read ({fault}). Name a text file with numbers.") from None
    found = []
    for row, line in enumerate(text.split(), start=1):
        try:
            found.append(float(line))
        except ValueError:
            raise RequestError(f"{file}: value {row:,} is '{line}', which is no number.") from None
    return found
