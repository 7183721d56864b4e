"""How fast margins, comparisons, pools, batches and plans answer.

Run it alone (``python bench/audit.py``), or take its lines from ``measure``. Each figure is the best of a few
runs in a warm process.
"""

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.audit.assorter import Column, margin, one_vote_kinds
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.audit.card_audit import CardAudit, solve_card_audit
from tallyproof.audit.contest import Contest
from tallyproof.audit.contests_size import ContestsSize, StyleCards, solve_contests_size
from tallyproof.audit.discrepancy import pairs_of, super_simple_risk
from tallyproof.audit.drawn_cards import DrawnCards, Shown
from tallyproof.audit.overstatement import Comparison, compared
from tallyproof.audit.plan import SampleSize, SizeMethod, solve_sample_size
from tallyproof.audit.proportional import highest_averages
from tallyproof.risk.betting import FixedBet
from tallyproof.risk.wealth import history

CARDS, CONTESTS = 1_000_000, 10
TALLY = Tally({"a": 400, "b": 300, "c": 100}, 1_000)


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    chance = np.random.default_rng(1)
    shares = [0.4, 0.3, 0.1, 0.1, 0.03, 0.02, 0.05]
    kinds = one_vote_kinds(3)
    codes = [chance.choice(7, size=CARDS, p=shares).astype(np.int8) for _ in range(CONTESTS)]
    pairs = plurality(TALLY).assertions
    yield line(
        f"{len(pairs) * CONTESTS} margins, {CARDS:,} cards x {CONTESTS} contests, columns",
        best(lambda: [margin(each.assorter, column) for column in columns(codes) for each in pairs]),
        "25 ms",
    )
    sample = Column(codes[0][:10_000], kinds)
    comparison = Comparison(pairs[0].assorter, Fraction(1, 50))
    values = np.tile(compared(comparison, sample, sample)[:, np.newaxis], (1, 131))
    yield line(
        "10,000 sampled cards compared, one assertion", best(lambda: compared(comparison, sample, sample))
    )
    yield line(
        "131 assertions x 10,000 sampled cards, all risks",
        best(lambda: history(values, comparison.population(), FixedBet(1.8)).p_value, 3),
        "40 ms",
    )
    papers = Column(np.roll(sample.codes, 1), kinds)
    found = pairs_of(TALLY)
    yield line(
        "10,000 cards, super-simple risk with errors", best(lambda: super_simple_risk(sample, papers, found))
    )
    yield from batches()
    yield from plans()
    yield from several()


def columns(codes: list[np.ndarray]) -> Iterator[Column]:
    """New columns every time, so that nothing is counted beforehand."""
    kinds = one_vote_kinds(3)
    return (Column(each, kinds) for each in codes)


def batches() -> Iterator[str]:
    """A state's batches: bounds as exact fractions."""
    made = tuple(Batch(str(place), (40 + place % 7, 30, 9), 90) for place in range(5_640))
    totals = {name: sum(batch.votes[place] for batch in made) for place, name in enumerate("abc")}
    tally = Tally(totals, 90 * len(made))
    claims = plurality(tally).assertions
    yield line(
        "5,640 batches, exact bounds and U", best(lambda: BatchContest(tally, claims, made).total_bound, 3)
    )
    parties = Tally({str(party): 400_000 - 31_007 * party for party in range(12)}, 6_000_000)
    yield line(
        "D'Hondt, 12 parties, 24 seats: all assertions",
        best(lambda: highest_averages(parties, 24, threshold=Fraction(1, 20)), 3),
    )


def plans() -> Iterator[str]:
    """Plans at four margins, 400 simulated audits where no formula answers."""
    methods: tuple[SizeMethod, ...] = ("comparison", "pools", "alpha_polling", "minerva", "bravo")
    for method in methods:
        asked = SampleSize(1_000_000, (0.1, 0.05, 0.02), methods=(method,))
        yield line(f"plan, {method}, margins 10, 5 and 2 %", best(partial(solve_sample_size, asked), 1))


def several() -> Iterator[str]:
    """Twenty contests planned together, and ten thousand cards judged that are told one by one."""
    contests, styles = {}, []
    for place in range(20):
        cards = 50_000 * (place + 1)
        contests[str(place)] = Contest({"w": cards * 52 // 100, "l": cards * 40 // 100}, cards)
        styles.append(StyleCards((str(place),), cards))
    asked = ContestsSize(contests, tuple(styles), two_votes=0.0005, one_vote=0.001)
    yield line("20 contests planned together, 400 audits each", best(partial(solve_contests_size, asked), 2))
    votes = dict(zip("abcdef", (40_000, 30_000, 15_000, 8_000, 4_000, 3_000), strict=True))
    chance = np.random.default_rng(5)
    drawn = tuple(
        DrawnCards(Shown((name,)), Shown((name,)))
        for name in chance.choice(list(votes), size=10_000, p=np.array(list(votes.values())) / 100_000)
    )
    audit = CardAudit(Contest(votes, 100_000), drawn)
    yield line(
        "10,000 cards told one by one, 5 assertions, verdict", best(partial(solve_card_audit, audit), 2)
    )


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the fastest run."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def line(title: str, seconds: float, aim: str = "") -> str:
    """One line of the table."""
    return f"{title:62} {1000 * seconds:10.2f} ms  {aim}".rstrip()


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
