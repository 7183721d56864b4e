"""Plan an audit: what margins would cost by each method, as rows, as words and as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from tallyproof.audit.assertion import Status
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.plan import ErrorRates, SampleSize, Size, solve_sample_size
from tallyproof.errors import RequestError, StoreError
from tallyproof.figures.sizes import Point, sizes_chart

TITLES: Mapping[str, str] = {
    "comparison": "card comparison",
    "super_simple": "super-simple",
    "pools": "comparison with pools",
    "alpha_polling": "polling, ALPHA",
    "minerva": "polling, Minerva",
    "bravo": "polling, BRAVO",
    "batch": "batch comparison",
    "batch_rule": "batches, rule of thumb",
}
NO_ERRORS = ErrorRates()
HALF, NINE_IN_TEN = 0.5, 0.9
MARGINS = (0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
"""Margins beside the contest's own for which sizes are shown."""
QUICK, CLOSELY = 500_000, 10_000_000
"""Cards that the simulation of one figure may draw: at once, and where somebody asks for more."""
GLANCE = 100_000
"""Cards that the simulation of a figure at another margin may draw."""
AUDITS, CLOSE_AUDITS, GLANCED_AUDITS = 200, 400, 80
"""Audits simulated for a figure in each of the three cases, where its cards allow."""


@dataclass(frozen=True)
class Closest:
    """The pair of choices that are closest: diluted margin, share of cards with a vote for one of the two.

    Names are empty and ``lead`` is None where a claim is not about a pair.
    """

    margin: float
    voted: float
    winner: str = ""
    loser: str = ""
    lead: int | None = None


@dataclass(frozen=True)
class Question:
    """What a planner is asked: the margin on so many cards, and what is expected of records and batches.

    Without ``batch_cards`` batches are left out, without ``pooled`` pools.
    """

    cards: int
    margin: float
    voted: float
    risk_limit: float = 0.05
    rates: ErrorRates = NO_ERRORS
    pooled: float | None = None
    batch_cards: int | None = None
    closely: bool = False


@dataclass(frozen=True)
class Row:
    """One method: the size that half of all audits need at most, and nine in ten."""

    method: str
    half: Size
    nine: Size


@dataclass(frozen=True)
class Planned:
    """The answer: sizes at the contest's own margin, and nine-in-ten sizes at others."""

    rows: tuple[Row, ...]
    others: tuple[Size, ...]

    def row(self, method: str) -> Row | None:
        """The sizes of a method, None where it was not asked for."""
        return next((row for row in self.rows if row.method == method), None)


def closest_of(contest: Contest) -> Closest:
    """The assertion of a contest that needs most cards.

    Raises RequestError where no assertions can confirm the outcome: a tie has no sample size.
    """
    tally, claims = claims_of(contest)
    if not claims.assertions:
        unopposed = claims.status is Status.UNOPPOSED
        why = "needs no audit" if unopposed else "cannot be confirmed by a sample"
        raise RequestError(f"This contest {why}: {claims.sentence}")
    closest = min(claims.assertions, key=lambda each: tally.margin(each) / each.assorter.upper)
    margin = float(tally.margin(closest) / closest.assorter.upper)
    counted = zip(closest.assorter.weights, tally.votes.values(), strict=True)
    voted = sum(votes for weight, votes in counted if weight) / tally.cards
    share = min(1.0, max(voted, margin))
    if closest.winner not in tally.votes or closest.loser not in tally.votes:
        return Closest(margin, share)
    lead = tally.votes[closest.winner] - tally.votes[closest.loser]
    return Closest(margin, share, closest.winner, closest.loser, lead)


def margin_of(contest: Contest) -> tuple[float, float]:
    """The smallest diluted margin of a contest, and the share of cards with a vote for that pair.

    Raises RequestError where no assertions can confirm the outcome: a tie has no sample size.
    """
    closest = closest_of(contest)
    return closest.margin, closest.voted


@lru_cache(maxsize=256)
def planned(question: Question) -> Planned:
    """Sizes by method, as ``tallyproof plan`` gives them for the same chance and limits.

    What is simulated draws at most so many cards; answers are kept.
    """
    half, nine = (_sizes(question, chance, question.margin) for chance in (HALF, NINE_IN_TEN))
    rows = tuple(Row(one.method, one, other) for one, other in zip(half, nine, strict=True))
    margins = [margin for margin in MARGINS if margin * question.cards >= 1 and margin <= question.voted]
    others = [size for margin in margins for size in _sizes(question, NINE_IN_TEN, margin, at_a_glance=True)]
    return Planned(rows, tuple(others))


def at_a_glance(cards: int, lead: int, voted: int, risk_limit: float = 0.05) -> tuple[str, str]:
    """Cards that half of all audits need at most, in words: compared one by one, and polled in one round.

    ``lead`` and ``voted`` are votes of the two in front; by formula (card comparison, Minerva).
    """
    if not 0 < lead <= voted <= cards:
        return ("all", "all")
    asked = SampleSize(
        cards, (lead / cards,), ("comparison", "minerva"), risk_limit=risk_limit, quantile=HALF,
        voted=voted / cards,
    )  # fmt: skip
    compared, polled = (
        "all" if size.cards is None else f"about {size.cards:,}" for size in solve_sample_size(asked).sizes
    )
    return compared, polled


def problem_of(question: Question, chance: float, margin: float, *, at_a_glance: bool = False) -> SampleSize:
    """The problem as ``tallyproof solve`` takes it."""
    closely = (CLOSELY, CLOSE_AUDITS) if question.closely else (QUICK, AUDITS)
    most, audits = (GLANCE, GLANCED_AUDITS) if at_a_glance else closely
    asked = {
        "comparison": True,
        "super_simple": True,
        "pools": question.pooled is not None,
        "batch": question.batch_cards is not None,
        "alpha_polling": True,
        "minerva": True,
        "bravo": True,
    }
    given = {
        "cards": question.cards,
        "margins": [margin],
        "methods": [method for method, is_asked in asked.items() if is_asked],
        "rates": [msgspec.to_builtins(question.rates)],
        "risk_limit": question.risk_limit,
        "quantile": chance,
        "voted": question.voted,
        "pooled": question.pooled or 0.1,
        "batch_cards": question.batch_cards or 500,
        "most_drawn": most,
        "replications": audits,
    }
    return msgspec.convert(given, SampleSize)


def _sizes(
    question: Question, chance: float, margin: float, *, at_a_glance: bool = False
) -> tuple[Size, ...]:
    return solve_sample_size(problem_of(question, chance, margin, at_a_glance=at_a_glance)).sizes


def chart(problem: SampleSize, sizes: Sequence[Size]) -> str:
    """The sizes as an SVG picture."""
    lines: dict[str, list[Point]] = {}
    for size in sizes:
        if size.cards is not None:
            lines.setdefault(label(size), []).append(Point(size.margin, size.cards, size.low, size.high))
    title = f"Cards for a {100 * problem.risk_limit:g} % risk limit, chance {100 * problem.quantile:g} %"
    return sizes_chart(title, lines)


def save_chart(problem: SampleSize, sizes: Sequence[Size], path: Path) -> None:
    """Write the picture. Raises StoreError where the file cannot be written."""
    try:
        path.write_text(chart(problem, sizes), encoding="utf-8")
    except OSError as fault:
        raise StoreError(f"{path} cannot be written ({fault.strerror}). Name another file.") from None


def label(size: Size) -> str:
    """The method in words, with the rates of errors where there are any."""
    title = TITLES[size.method]
    rates = [
        f"{100 * rate:g} % {what}"
        for rate, what in ((size.two_votes, "two-vote"), (size.one_vote, "one-vote"))
        if rate
    ]
    return f"{title}, {' and '.join(rates)} errors" if rates else title
