"""Cards written out as tables, and manifests beside them."""

import polars as pl

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import FACTS, CardPart, column
from tallyproof.election.cast_vote_record import CardContest, Marks

BLANK = Marks(((),))


def part(
    codes: list[list[int | None]],
    contests: list[CardContest],
    facts: dict[str, list[str]],
    file: str = "a.csv",
    jurisdiction: str = "Lake",
    rejected: int = 0,
) -> CardPart:
    """Cards with these codes in each contest, and these facts; the first stands in row 2."""
    size = len(codes[0])
    columns = {"row": range(2, size + 2), **{name: facts.get(name, [""] * size) for name in FACTS}}
    votes = {column(place): pl.Series(own, dtype=pl.UInt32) for place, own in enumerate(codes)}
    cards = pl.DataFrame({**columns, **votes}).lazy()
    return CardPart(jurisdiction, file, "0" * 64, tuple(contests), cards, rejected=rejected)


def two_choices(name: str = "Mayor", *, turned: bool = False) -> CardContest:
    """A race of two, codes Ann, Bob, nobody, both; ``turned`` names and numbers all the other way round."""
    contest = CardContest(name, ["Bob", "Ann"] if turned else ["Ann", "Bob"])
    marks = [Marks(((0,),)), Marks(((1,),)), BLANK, Marks(((0, 1),))]
    for each in reversed(marks) if turned else marks:
        contest.code(each)
    return contest


def manifest(*batches: tuple[str, str, int], without_records: tuple[str, ...] = ()) -> Manifest:
    """Batches listed, from row 2, by tabulator, name and cards; some are said to have no records."""
    return Manifest(
        "m.csv",
        "Arlo",
        tuple(
            Batch(name, cards, row, tabulator, has_cvr=False if name in without_records else None)
            for row, (tabulator, name, cards) in enumerate(batches, 2)
        ),
    )
