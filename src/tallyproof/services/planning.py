"""Plan an audit: what margins would cost by each method, as rows, as words and as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.plan import SampleSize, Size
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
}


def margin_of(contest: Contest) -> tuple[float, float]:
    """The smallest diluted margin of a contest, and the share of cards with a vote for that pair.

    Raises RequestError where no assertions can confirm the outcome: a tie has no sample size.
    """
    tally, claims = claims_of(contest)
    if not claims.assertions:
        raise RequestError(f"No sample can confirm this contest: {claims.sentence}")
    closest = min(claims.assertions, key=lambda each: tally.margin(each) / each.assorter.upper)
    margin = float(tally.margin(closest) / closest.assorter.upper)
    counted = zip(closest.assorter.weights, tally.votes.values(), strict=True)
    voted = sum(votes for weight, votes in counted if weight) / tally.cards
    return margin, min(1.0, max(voted, margin))


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
