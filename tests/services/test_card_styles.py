"""Card styles: sets of contests, ballot types beside them, rare styles."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.card_part import FACTS, ROW, CardPart, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.services.card_styles import card_styles, contest_sets

Card = tuple[str, frozenset[int]]
"""A card's ballot type and the places of the contests on it."""


def part(cards: list[Card], contests: int, jurisdiction: str = "Adams") -> CardPart:
    columns: dict[str, pl.Series] = {ROW: pl.Series(range(len(cards)), dtype=pl.UInt32)}
    columns |= {name: pl.Series([""] * len(cards), dtype=pl.String) for name in FACTS}
    columns["style"] = pl.Series([style for style, _ in cards], dtype=pl.String)
    for place in range(contests):
        codes = [0 if place in borne else None for _, borne in cards]
        columns[column(place)] = pl.Series(codes, dtype=pl.UInt8)
    named = tuple(CardContest(f"Contest {place}", []) for place in range(contests))
    return CardPart(jurisdiction, "f.csv", "0" * 64, named, pl.LazyFrame(columns))


def test_styles_are_the_sets_of_contests_with_their_ballot_types() -> None:
    """Most cards first, cards without a contest too; each card has one style."""
    cards = [("A", frozenset({0, 1}))] * 3 + [("B", frozenset({0}))] * 2 + [("", frozenset[int]())]
    (report,) = card_styles([part(cards, 2)], rare_below=3)
    assert [(each.contests, each.cards, each.stated) for each in report.styles] == [
        (("Contest 0", "Contest 1"), 3, {"A": 3}), (("Contest 0",), 2, {"B": 2}), ((), 1, {}),
    ]  # fmt: skip
    assert (report.cards, report.rare, report.rare_cards) == (6, 2, 3)
    assert report.contests_per_card == {0: 1, 1: 2, 2: 3}
    assert report.remarks == ()


def test_a_ballot_type_with_several_sets_of_contests_is_told() -> None:
    """The sentence names the type, the cards of each set, and the harmless reason."""
    cards = [("A", frozenset({0, 1}))] * 4 + [("A", frozenset({0}))]
    (report,) = card_styles([part(cards, 2)])
    (said,) = report.remarks
    assert said.startswith("Ballot type A stands on cards with 2 different sets of contests (4, 1 cards).")
    assert "several sheets" in said


def test_one_set_of_contests_under_several_ballot_types_is_told() -> None:
    """Types with a name only: cards that state none are no type."""
    cards = [(style, frozenset({0})) for style in ("A", "B", "", "B")]
    (report,) = card_styles([part(cards, 1)])
    (said,) = report.remarks
    assert said.startswith("2 ballot types bear the same contest (A, B).")
    (silent,) = card_styles([part([("A", frozenset({0})), ("", frozenset({0}))], 1)])
    assert silent.remarks == ()


def test_files_of_one_jurisdiction_are_taken_together() -> None:
    """Contests meet by their names, whatever their places; other jurisdictions stay apart."""
    one, two = part([("A", frozenset({0}))] * 6, 1), part([("A", frozenset({0}))] * 6, 2, "ADAMS")
    other = part([("A", frozenset({0}))], 1, "Brown")
    adams, brown = card_styles([one, two, other])
    assert [(each.contests, each.cards) for each in adams.styles] == [(("Contest 0",), 12)]
    assert (adams.rare, brown.rare) == (0, 1)


@given(st.integers(0, 130).flatmap(lambda number: st.tuples(
    st.just(number), st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.frozensets(
        st.integers(0, max(number - 1, 0)), max_size=6)), max_size=30))))  # fmt: skip
def test_every_card_has_just_one_style(made: tuple[int, list[Card]]) -> None:
    """Counted by hand, with more contests than fit into one number as well."""
    contests, cards = made
    known = [(style, frozenset(place for place in borne if place < contests)) for style, borne in cards]
    found = contest_sets(part(known, contests))
    counted = {
        (style, frozenset(places)): cards for places, by in found.items() for style, cards in by.items()
    }
    assert counted == {card: known.count(card) for card in set(known)}
