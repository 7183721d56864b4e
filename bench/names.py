"""How long proposals of standard names take, and counting cards under them.

Run it alone (``python bench/names.py``), or take its lines from ``measure``.
"""

import random
import time
from collections.abc import Iterator

COUNTIES, SHARED, OWN, CARDS, CONTESTS = 64, 25, 15, 1_000_000, 50


def measure(cards: int = CARDS) -> Iterator[str]:
    """Propose names for a state's counties; count cards as they are, renamed, and with choices joined."""
    yield proposing(COUNTIES)
    yield from counting(cards)


def proposing(counties: int) -> str:
    """Counties with contests in common and their own; every fourth writes all in capitals."""
    from tallyproof.election.standard_names import NamedContest
    from tallyproof.formats.name_proposals import proposed

    chance = random.Random(7)
    people = [
        " ".join("".join(chance.choices("abcdefghijk", k=6)).title() for _ in range(2)) for _ in range(400)
    ]
    named = []
    for county in range(counties):
        titles = [f"State Office {number}" for number in range(SHARED)]
        titles += [f"County {county} Board Seat {number}" for number in range(OWN)]
        for place, title in enumerate(titles):
            choices = tuple(people[4 * place : 4 * place + 4])
            if county % 4 == 3:
                title, choices = title.upper(), tuple(name.upper() for name in choices)
            named.append(NamedContest(f"County {county}", f"{county}.csv", title, choices, 1))
    start = time.perf_counter()
    proposed(named)
    return line(
        f"names: proposed for {len(named):,} contests of {counties} counties", time.perf_counter() - start
    )


def counting(cards: int) -> Iterator[str]:
    """The tally of every contest of a part, under three sets of names."""
    import numpy as np
    import polars as pl

    from tallyproof.election.card_part import CardPart, code_counts, column
    from tallyproof.election.cast_vote_record import CardContest, Marks
    from tallyproof.election.standard_names import StandardChoice, StandardContest, StandardNames, Wording
    from tallyproof.election.standardizing import standardized

    chance, contests = np.random.default_rng(7), []
    columns = {"row": pl.Series(np.arange(cards, dtype=np.uint32))}
    for place in range(CONTESTS):
        contest = CardContest(f"Contest {place}", ["Ann", "Bob", "ANN", "Write-in"])
        for marks in ((), (0,), (1,), (2,), (3,), (0, 1)):
            contest.code(Marks((marks,)))
        contests.append(contest)
        columns[column(place)] = pl.Series(chance.integers(0, 6, cards).astype(np.uint8))
    part = CardPart("Adams", "cards", "", tuple(contests), pl.DataFrame(columns).lazy())
    joined = (StandardChoice("Ann", (Wording("ANN"),)),)
    none: tuple[StandardChoice, ...] = ()
    for what, renamed, choices in (("as they are", 0, none), ("renamed", CONTESTS, none),
                                   ("choices joined", CONTESTS, joined)):  # fmt: skip
        names = StandardNames(
            tuple(
                StandardContest(f"Race {place}", wordings=(Wording(f"Contest {place}"),), choices=choices)
                for place in range(renamed)
            )
        )
        start = time.perf_counter()
        code_counts(standardized(part, names))
        yield line(f"names: {cards:,} cards x {CONTESTS} counted, {what}", time.perf_counter() - start)


def line(what: str, seconds: float) -> str:
    """One line of the table."""
    return f"{what:60} {seconds:8.2f} s"


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
