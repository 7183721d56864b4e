"""Cards and returns under standard names count what they counted before."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.card_part import CardPart, CaseCards, code_counts, column
from tallyproof.election.cast_vote_record import CardContest, Marks, tally
from tallyproof.election.contest import contest_id
from tallyproof.election.returns import Measure, conform
from tallyproof.election.standard_names import StandardChoice, StandardContest, StandardNames, Wording
from tallyproof.election.standardizing import (
    returns_name,
    standardized,
    standardized_cards,
    standardized_returns,
)
from tallyproof.errors import RequestError

Card = dict[str, tuple[str, ...]]


def part_of(
    cards: list[Card], contests: dict[str, list[str]], votes: int | None = 1, county: str = "Adams"
) -> CardPart:
    """Cards given as the choices marked in each contest that they bear."""
    books = [CardContest(name, list(choices), votes) for name, choices in contests.items()]
    columns: dict[str, pl.Series] = {"row": pl.Series(range(5, 5 + len(cards)), dtype=pl.UInt32)}
    for place, book in enumerate(books):
        codes = [
            book.code(Marks((tuple(sorted(map(book.choices.index, card[book.name]))),)))
            if book.name in card
            else None
            for card in cards
        ]
        columns[column(place)] = pl.Series(codes, dtype=pl.UInt32)
    return CardPart(county, "cards.csv", "0" * 64, tuple(books), pl.DataFrame(columns).lazy())


def tallied(part: CardPart, names: StandardNames) -> Counter[tuple[str, str]]:
    """Votes by standard contest and choice, and the cards and overvotes of each contest."""
    found: Counter[tuple[str, str]] = Counter()
    for contest, counts in zip(part.contests, code_counts(part), strict=True):
        standard, told = names.contest(part.jurisdiction, contest.name), tally(contest, counts)
        for choice, votes in told.votes.items():
            found[standard, names.choice(part.jurisdiction, contest.name, choice)] += votes
        found[standard, "(cards)"] += told.cards
        found[standard, "(overvotes)"] += told.overvotes
    return +found


def named(contest: str, wordings: str = "", choices: dict[str, str] | None = None) -> StandardContest:
    made = tuple(
        StandardChoice(name, tuple(map(Wording, words.split()))) for name, words in (choices or {}).items()
    )
    return StandardContest(contest, wordings=tuple(map(Wording, wordings.split())), choices=made)


CARDS: list[Card] = [
    {"M": ("Ann",)},
    {"M": ("ANN",)},
    {"M": ("Bob",)},
    {"M": ("Ann", "Bob")},
    {"M2": ("Bob",)},
    {},
]
CONTESTS = {"M": ["Ann", "ANN", "Bob"], "M2": ["Bob", "Ann"]}


def test_contests_and_choices_that_are_one_are_counted_as_one() -> None:
    """Two columns of one contest and two places of one choice become one; overvotes stay overvotes."""
    part = standardized(part_of(CARDS, CONTESTS), StandardNames((named("Mayor", "M M2", {"Ann": "ANN"}),)))
    (contest,), (counts,) = part.contests, code_counts(part)
    assert (contest.name, contest.choices) == ("Mayor", ["Ann", "Bob"])
    found = tally(contest, counts)
    assert (dict(found.votes), found.cards, found.overvotes) == ({"Ann": 2, "Bob": 2}, 5, 1)
    assert part.cards.collect_schema().names() == ["row", "c0"]


def test_names_without_a_rule_for_a_part_leave_it_as_it_is() -> None:
    """The very same part comes back where nothing is renamed."""
    part = part_of(CARDS, CONTESTS)
    assert standardized(part, StandardNames((named("Sheriff", "S"),))) is part


def test_a_contest_that_is_only_renamed_keeps_codes_and_book() -> None:
    """No book is written anew where no choices become one."""
    part = part_of(CARDS, CONTESTS)
    renamed = standardized(part, StandardNames((named("Mayor", "M", {"Anna": "Ann"}),)))
    assert [each.name for each in renamed.contests] == ["Mayor", "M2"]
    assert renamed.contests[0].choices == ["Anna", "ANN", "Bob"]
    assert renamed.cards.collect().equals(part.cards.collect())


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (
            {"M": ("Ann",), "M2": ("Bob",)},
            "'M' and 'M2' are both 'Mayor' by the standard names, but the card in row 11",
        ),
        (
            {"M": ("Ann", "ANN")},
            "M: 'Ann' and 'ANN' are both 'Ann' by the standard names, but the card in row 11",
        ),
    ],
)
def test_a_card_that_bears_both_is_told_by_its_row(card: Card, said: str) -> None:
    """Contests or choices of which one card bears two are not one; the sentence names both and the row."""
    names = StandardNames((named("Mayor", "M M2", {"Ann": "ANN"}),))
    with pytest.raises(RequestError, match="Give them two standard names") as fault:
        standardized(part_of([*CARDS, card], CONTESTS), names)
    assert said in str(fault.value)


def test_contests_of_one_file_that_differ_in_votes_per_voter_do_not_become_one() -> None:
    """Vote for 1 and vote for 2 are two contests, whatever the names say."""
    part = part_of(CARDS, CONTESTS)
    part.contests[1].vote_for = 2
    with pytest.raises(RequestError, match="vote for 1 and 2"):
        standardized(part, StandardNames((named("Mayor", "M M2"),)))


def test_votes_per_voter_come_from_the_names_where_the_file_is_silent() -> None:
    """A file that does not say how many votes a voter has is read with what the names say."""
    part = part_of([{"M": ("Ann", "Bob")}], CONTESTS, votes=None)
    (contest, other) = standardized(part, StandardNames((StandardContest("M", 1),))).contests
    assert (contest.vote_for, other.vote_for) == (1, None)


def test_a_ranked_choice_under_two_names_is_one_at_every_rank() -> None:
    """Rankings are renamed rank by rank; a choice that stays itself may stand at two ranks."""
    book = CardContest("J", ["Flo", "Gus", "GUS"], 1, 3)
    codes = [book.code(Marks(ranks)) for ranks in (((2,), (0,), ()), ((1,), (0,), ()), ((0,), (0,), ()))]
    cards = pl.DataFrame({"row": [1, 2, 3], "c0": pl.Series(codes, dtype=pl.UInt8)}).lazy()
    part = CardPart("", "j.csv", "", (book,), cards)
    made = standardized(part, StandardNames((named("J", "", {"Gus": "GUS"}),)))
    assert made.contests[0].marks == (Marks(((1,), (0,), ())), Marks(((0,), (0,), ())))
    assert made.cards.collect()["c0"].to_list() == [0, 0, 1]


WORDS = ("a", "b", "c")
CHOSEN = st.sets(st.sampled_from(["x", "y", "z"]), max_size=2).map(tuple)
CARDS_MADE = st.lists(st.dictionaries(st.sampled_from(WORDS), CHOSEN, max_size=2), max_size=8)


@given(CARDS_MADE, CARDS_MADE, st.sets(st.sampled_from(WORDS[1:])), st.sets(st.sampled_from(["y", "z"])))
def test_the_tally_of_all_counties_is_the_same_before_and_after(
    adams: list[Card], baca: list[Card], contests: set[str], choices: set[str]
) -> None:
    """By standard name, the counts of the files are those after renaming, unless a card bears both of two."""
    names = StandardNames((named("a", " ".join(contests), {"x": " ".join(choices)}),))
    files = {name: ["x", "y", "z"] for name in WORDS}
    parts = (part_of(adams, files), part_of(baca, files, county="Baca"))
    joined, merged = {"a", *contests}, {"x", *choices}
    bears_both = any(
        len(joined & set(card)) > 1 or any(len(merged & set(card.get(each, ()))) > 1 for each in joined)
        for card in (*adams, *baca)
    )
    if bears_both:
        with pytest.raises(RequestError, match="Give them two standard names"):
            standardized_cards(CaseCards(parts), names)
        return
    made = standardized_cards(CaseCards(parts), names).parts
    before = sum((tallied(part, names) for part in parts), Counter())
    assert sum((tallied(part, StandardNames()) for part in made), Counter()) == before
    assert all(standardized(part, names) is part for part in made)


# ---- returns

RETURNS = [
    ("Adams", "U.S. House", "1", "LEE, ANN", "lee", 5),
    ("Adams", "U.S. House", "1", "Bob Roy", "roy", 3),
    ("Baca", "U.S. House", "1", "Ann Lee", "lee", 7),
    ("Baca", "Sheriff", "", "Cy Dunn", "dunn", 2),
]


def returns() -> pl.DataFrame:
    return _returns(RETURNS)


def _returns(rows: list[tuple[str, str, str, str, str, int]]) -> pl.DataFrame:
    """A returns table of these rows, each contest with the id that its office and district give."""
    texts = dict.fromkeys(("county", "office", "district", "choice", "choice_id"), pl.String)
    frame = pl.DataFrame(rows, schema={**texts, "votes": pl.Int64}, orient="row")
    ids = [contest_id("CO", office, district) for _, office, district, *_ in rows]
    return conform(
        frame.with_columns(
            pl.Series("contest", ids, dtype=pl.String), state=pl.lit("CO"), file=pl.lit("r.csv")
        )
    )


def test_returns_take_the_standard_names_that_their_own_words_stand_for() -> None:
    """A contest is found by office and district, a choice by its name; other contests stay as they are."""
    entry = named("CD 1", "", {"Ann Lee": ""})
    words = (Wording("U.S. House, district 1"),)
    choices = (StandardChoice("Ann Lee", (Wording("LEE, ANN"),)),)
    names = StandardNames((StandardContest(entry.name, 1, (), words, choices),))
    made = standardized_returns(returns(), names)
    assert made["office"].to_list() == ["CD 1", "CD 1", "CD 1", "Sheriff"]
    assert made["choice"].to_list() == ["Ann Lee", "Bob Roy", "Ann Lee", "Cy Dunn"]
    assert made["contest"].to_list() == ["co-cd-1"] * 3 + ["co-sheriff"]
    assert made["vote_for"].to_list() == [1, 1, 1, None]
    assert made.schema == returns().schema and made["votes"].to_list() == [5, 3, 7, 2]
    assert standardized_returns(made, names).equals(made)


COUNTED = st.lists(
    st.tuples(
        st.sampled_from(["Adams", "Baca"]), st.sampled_from(["A", "B", "C"]), st.sampled_from(["", "1"]),
        st.sampled_from(["Ann Lee", "LEE, ANN", "Bob Roy"]), st.just("k"), st.integers(0, 9),
    ), max_size=8,
)  # fmt: skip


@given(COUNTED, st.sets(st.sampled_from(["B", "C", "A, district 1"])), st.booleans())
def test_votes_of_returns_are_the_same_before_and_after(
    rows: list[tuple[str, str, str, str, str, int]], wordings: set[str], joins: bool
) -> None:
    """By county, standard contest and standard choice, votes are those of the table as it came."""
    choices = (StandardChoice("Ann Lee", (Wording("LEE, ANN"),) if joins else ()),)
    names = StandardNames((StandardContest("A", None, (), tuple(map(Wording, wordings)), choices),))
    before: Counter[tuple[str, str, str]] = Counter()
    for county, office, district, choice, _, votes in rows:
        contest = names.contest(county, returns_name(office, district))
        before[county, contest, names.choice(county, contest, choice)] += votes
    made = standardized_returns(_returns(rows), names)
    after: Counter[tuple[str, str, str]] = Counter()
    for county, office, district, choice, votes in made.select(
        "county", "office", "district", "choice", "votes"
    ).iter_rows():
        after[county, returns_name(office, district), choice] += votes
    assert after == before and made.height == len(rows)
    assert standardized_returns(made, names).equals(made)


def test_returns_of_which_no_rule_speaks_stay_as_they_are() -> None:
    """Names of other contests change nothing, and write-in totals are no choice to be renamed."""
    frame = returns()
    assert standardized_returns(frame, StandardNames((named("Mayor", "M"),))) is frame
    totals = frame.with_columns(measure=pl.lit(Measure.TOTAL_VOTES.value).cast(frame["measure"].dtype))
    made = standardized_returns(totals, StandardNames((named("Sheriff", "", {"X": "Dunn"}),)))
    assert made["choice"].to_list() == totals["choice"].to_list()
