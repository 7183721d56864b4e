"""Sample sizes for several contests drawn together: each contest's own, and the cards that all need at once.

With card styles one draw serves all contests: every card has one ticket, and a contest takes its lowest
(Glazer, Spertus and Stark 2020, "More style, less work", section 3). A card of style s is then drawn with a
chance close to the largest n_c / N_c of the contests c on it, so the cards to be retrieved are expected to
number the sum over styles of N_s max n_c / N_c. Without styles one sample of all cards must serve every
contest, at margins diluted by the cards that do not bear it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.assertion import Assertion, Status, Tally
from tallyproof.audit.card_audit import usual_method
from tallyproof.audit.contest import Contest, RiskLimit, claims_of
from tallyproof.audit.methods import OneBet, Rate, bet_of
from tallyproof.audit.overstatement import Comparison
from tallyproof.errors import RequestError
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.sample_size import Sizes, simulated_sizes
from tallyproof.risk.shuffle import Cards as Pile
from tallyproof.risk.shuffle import cards as pile_of

MOST_DRAWS = 10**7  # of all simulated audits together
FEWEST = 20  # audits simulated, unless all would be the same
Replications = Annotated[int, Meta(ge=FEWEST, le=20_000)]
Seed = Annotated[int, Meta(ge=0, description="of the simulation, so that it can be repeated")]
Quantile = Annotated[float, Meta(gt=0, lt=1, description="chance that the cards suffice")]


class StyleCards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many cards that bear these contests."""

    contests: tuple[str, ...]
    cards: Annotated[int, Meta(ge=0, le=2**53 - 1)]


@dataclass(frozen=True)
class Simulation:
    """What every simulation needs to know."""

    risk_limit: float
    quantile: float
    replications: int
    seed: int


Styles = Annotated[tuple[StyleCards, ...], Meta(description="all cards, by the contests on them")]


class ContestsSize(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="contests_size"
):
    """How many cards several contests need, each and together, with and without card styles.

    A contest's ``cards`` bound those that bear it; where ``styles`` list fewer, the rest are phantoms. Cards
    are compared with records, overstated at the rates given, or only read ("polling"). The ``quantile`` is
    each assertion's.
    """

    contests: Annotated[dict[str, Contest], Meta(min_length=1)]
    styles: Styles
    design: Literal["comparison", "polling"] = "comparison"
    two_votes: Rate = 0
    one_vote: Rate = 0
    method: OneBet | None = None
    risk_limit: RiskLimit = 0.05
    quantile: Quantile = 0.8
    replications: Replications = 400
    seed: Seed = 1


class ContestSize(msgspec.Struct, frozen=True):
    """A contest's sample; null where all its cards are counted by hand, and why in the sentence.

    ``low`` and ``high`` lie two standard errors of the simulation either way; they are null where every
    simulated audit would take equally many cards. ``claim`` is the assertion that needs most; another may
    need most in truth, so the ends are the largest of all assertions' ends.
    """

    cards: int | None
    low: int | None
    high: int | None
    claim: str
    margin: float | None
    sentence: str


class ContestsSizeAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="contests_size"):
    """Sizes by contest, and cards to retrieve in all: drawn by style, and drawn alike from all cards.

    ``by_style`` is an expected number, rounded up; its ``low`` and ``high`` are that number if every
    contest's size is at its own low or high end, null where no size was simulated. ``uniform`` is the
    largest size of a contest over all cards, null where that is a full count, its ends the largest ends.
    """

    contests: dict[str, ContestSize]
    by_style: int
    by_style_low: int | None
    by_style_high: int | None
    uniform: int | None
    uniform_low: int | None
    uniform_high: int | None
    all_cards: int
    replications: int


def solve_contests_size(problem: ContestsSize) -> ContestsSizeAnswer:
    """Sizes with and without card styles. Raises RequestError for styles that hold more than a contest."""
    frame = with_phantoms(problem.contests, problem.styles)
    cards = sum(style.cards for style in frame)
    sizes = {name: _size(problem, contest, None) for name, contest in problem.contests.items()}
    alike = [
        sizes[name] if contest.cards == cards else _size(problem, contest, cards)
        for name, contest in problem.contests.items()
    ]
    needed = {name: span_of(size, problem.contests[name].cards) for name, size in sizes.items()}
    together = over_spans(needed, lambda sizes: expected_cards(frame, problem.contests, sizes))
    low, high = together.ends
    most = largest(alike)
    return ContestsSizeAnswer(
        sizes,
        together.cards,
        low,
        high,
        most.cards,
        most.low,
        most.high,
        cards,
        problem.replications,
    )


@dataclass(frozen=True)
class Span:
    """A number of cards, and where it lies two standard errors of the simulation either way."""

    low: int
    cards: int
    high: int
    simulated: bool

    @property
    def ends(self) -> tuple[int, int] | tuple[None, None]:
        """The low and the high end; none where nothing was simulated."""
        return (self.low, self.high) if self.simulated else (None, None)


def span_of(size: ContestSize, most: int) -> Span:
    """A contest's cards: ``most``, all of them, where they are counted by hand or no high end is known."""
    if size.cards is None:
        return Span(most, most, most, simulated=False)
    if size.low is None:
        return Span(size.cards, size.cards, size.cards, simulated=False)
    return Span(size.low, size.cards, most if size.high is None else size.high, simulated=True)


def over_spans(spans: Mapping[str, Span], number: Callable[[Mapping[str, int]], float]) -> Span:
    """A number of cards that grows with every contest's size, rounded up, with all low ends and all high.

    It holds as often as the contests' own spans hold together, also where their errors go the same way.
    """
    low, cards, high = (
        math.ceil(number({name: end(span) for name, span in spans.items()}) - 1e-9)
        for end in (attrgetter("low"), attrgetter("cards"), attrgetter("high"))
    )
    return Span(low, cards, high, any(span.simulated for span in spans.values()))


def with_phantoms(contests: Mapping[str, Contest], styles: Sequence[StyleCards]) -> tuple[StyleCards, ...]:
    """The styles, and one more for each contest whose bound promises more cards.

    Raises RequestError for a contest that nobody knows, and for more cards than a contest's bound.
    """
    unknown = {name for style in styles for name in style.contests} - set(contests)
    if unknown:
        raise RequestError(f"'styles' name {', '.join(sorted(unknown))}; give all contests that are audited.")
    more = []
    for name, contest in contests.items():
        there = sum(style.cards for style in styles if name in style.contests)
        if there > contest.cards:
            raise RequestError(
                f"'styles' hold {there:,} cards with {name}; its 'cards' are {contest.cards:,}. Settle which "
                "of the two is wrong before an audit."
            )
        if there < contest.cards:
            more.append(StyleCards((name,), contest.cards - there))
    return (*styles, *more)


def expected_cards(
    styles: Sequence[StyleCards], contests: Mapping[str, Contest], sizes: Mapping[str, int]
) -> float:
    """Cards that a draw by ticket is expected to take: the sum over styles of N_s max n_c / N_c."""
    return float(
        sum(
            style.cards * max((Fraction(sizes[c], contests[c].cards) for c in style.contests), default=0)
            for style in styles
        )
    )


def _size(problem: ContestsSize, contest: Contest, among: int | None) -> ContestSize:
    """A contest's size among its own cards, or among so many cards of all contests."""
    share = 1.0
    if among is not None:
        share = contest.cards / among
        contest = msgspec.structs.replace(contest, cards=among)
    tally, claims = claims_of(contest)
    if claims.status is Status.UNOPPOSED:
        return ContestSize(0, None, None, "", None, claims.sentence)
    if claims.status is not Status.ASSERTIONS:
        return _full(f"All cards must be counted: {claims.sentence}")
    return largest(_of_assertion(problem, tally, each, share) for each in claims.assertions)


def largest(sizes: Iterable[ContestSize]) -> ContestSize:
    """The size with most cards, the first of equal ones; a full count is more than any sample.

    Its ends are the largest of all low and of all high ends: of two close sizes either may be the larger.
    """
    found = list(sizes)
    most = max(found, key=lambda size: math.inf if size.cards is None else size.cards)
    if most.cards is None:
        return most
    low, high = (max(ends) for ends in zip(*map(_ends, found), strict=True))
    if most.low is None and high <= most.cards:
        return most
    return msgspec.structs.replace(most, low=int(low), high=None if math.isinf(high) else int(high))


def _ends(size: ContestSize) -> tuple[float, float]:
    """Both ends of a sample's size: the size itself where it is exact."""
    if size.cards is None or size.low is None:
        return (size.cards or 0,) * 2
    return size.low, math.inf if size.high is None else size.high


def _of_assertion(problem: ContestsSize, tally: Tally, assertion: Assertion, share: float) -> ContestSize:
    """The size for one assertion; errors are on the ``share`` of cards that bear the contest."""
    v = tally.margin(assertion)
    if problem.design == "polling":
        pile, expected = reported_pile(tally, assertion), float(1 + v) / 2
        population = Population(float(assertion.assorter.upper), 0.5, tally.cards)
    else:
        comparison = Comparison(assertion.assorter, v)
        pile = _overstated(comparison, tally.cards, share * problem.two_votes, share * problem.one_vote)
        population, expected = comparison.population(tally.cards), float(comparison.no_error)
    bet = bet_of(problem.method or usual_method(problem.design), population, expected)
    asked = Simulation(problem.risk_limit, problem.quantile, problem.replications, problem.seed)
    found = planned(pile, population, bet, asked)
    return msgspec.structs.replace(found, claim=assertion.claim, margin=float(v))


def planned(
    pile: Pile, population: Population, bet: Bet, asked: Simulation, drawn: Sequence[float] = ()
) -> ContestSize:
    """Cards in all, those ``drawn`` too, at the quantile, if ``pile`` is what is left: whole cards.

    Where every card left counts alike one audit tells all. Simulations draw ten million cards at most, and
    play fewer audits where that is not enough, at least 20.
    """
    if pile.mean <= 0.5:
        return _full("No sample would suffice if the cards left are like this.")
    left, before = int(pile.counts.sum()), len(drawn)
    found = _played(pile, population, bet, asked, drawn)
    size = found.quantile(asked.quantile)
    if size is None and found.horizon < left:
        most = f"{before + found.horizon:,}"
        return _full(f"More than {most} cards: count by hand, or take a method that suits better.")
    if size is None or size.value >= left:
        return _full("A sample would be no smaller than all cards.")
    value = int(size.value) + before
    if found.replications == 1:
        return ContestSize(value, None, None, "", None, "Every such audit takes so many.")
    high = None if math.isinf(size.high) else int(size.high) + before
    share = f"{100 * asked.quantile:g} % of {found.replications:,} simulated audits end by then."
    return ContestSize(value, int(size.low) + before, high, "", None, share)


def _played(pile: Pile, population: Population, bet: Bet, asked: Simulation, drawn: Sequence[float]) -> Sizes:
    """Audits as long as ten million draws allow, begun again with a third of them where that is too short."""
    left, likely = int(pile.counts.sum()), likely_draws(pile, asked)
    audits = min(asked.replications, max(FEWEST, int(MOST_DRAWS / likely))) if len(pile.values) > 1 else 1
    while True:
        horizon = min(left, MOST_DRAWS // audits)
        chance, wanted = np.random.default_rng(asked.seed), (asked.quantile,)
        found = simulated_sizes(
            pile, population, bet, asked.risk_limit, chance, audits, wanted, horizon, drawn
        )
        if audits <= FEWEST or horizon == left or found.quantile(asked.quantile) is not None:
            return found
        audits = max(FEWEST, audits // 3)


def likely_draws(pile: Pile, asked: Simulation) -> float:
    """About how many cards an audit takes: 2 ln(1 / alpha) variance / edge^2, fewer near a full count."""
    shares = pile.counts / pile.counts.sum()
    variance = float(shares @ (pile.values - pile.mean) ** 2)
    draws = 1 + 2 * math.log(1 / asked.risk_limit) * variance / (pile.mean - 0.5) ** 2
    return draws / (1 + draws / float(pile.counts.sum()))


def _full(why: str) -> ContestSize:
    return ContestSize(None, None, None, "", None, why)


def reported_pile(tally: Tally, assertion: Assertion) -> Pile:
    """Values of all cards if paper is as reported: each vote on a card of its own, as far as cards go.

    Where there are more votes than cards (vote for several), the rest stand together and count 1/2. Points
    are taken to be given in full.
    """
    weights, most = assertion.assorter.weights, tally.per_choice
    shown = dict.fromkeys(weights, 0)
    for weight, votes in zip(weights, tally.votes.values(), strict=True):
        if weight:
            shown[weight] += -(-votes // most) if weight < 0 else votes // most
    excess = max(0, sum(shown.values()) - tally.cards)
    for weight in (max(shown), min(shown)):
        shown[weight] -= excess
    values = [0.5 + float(weight) * most for weight in shown] + [0.5]
    counts = [*shown.values(), tally.cards - sum(shown.values())]
    return merged(values, counts)


def merged(values: Sequence[float], counts: Sequence[int]) -> Pile:
    """Each value that some card has, once."""
    found: dict[float, int] = {}
    for value, count in zip(values, counts, strict=True):
        if count > 0:
            found[value] = found.get(value, 0) + count
    return pile_of(list(found), list(found.values()))


def _overstated(comparison: Comparison, cards: int, two_votes: float, one_vote: float) -> Pile:
    usual = float(comparison.no_error)
    two, one = round(two_votes * cards), round(one_vote * cards)
    if two + one > cards:
        raise RequestError("'two_votes' and 'one_vote' must be shares of cards that are at most 1 together.")
    return merged([0.0, usual / 2, usual], [two, one, cards - two - one])
