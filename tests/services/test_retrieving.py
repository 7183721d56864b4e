"""The order in which drawn cards are pulled."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.errors import RequestError
from tallyproof.services.draw_records import VERSION, Drawn, DrawRecord, DrawRound, FrameFacts
from tallyproof.services.retrieving import by_batch, natural, places_of, retrieval, retrieval_table

FACTS = FrameFacts("f.csv", "0" * 64, "cards", "canonical", 100)
ROUNDS = (
    DrawRound(3, {}, (Drawn(1, "Adams", "1", "10", "7"), Drawn(2, "Adams", "1", "9", "1-9-10"),
                      Drawn(3, "Adams", "1", "10", "7"))),
    DrawRound(3, {}, (Drawn(4, "Adams", "1", "9", "1-9-9"), Drawn(5, "Adams", "1", "10", "7"),
                      Drawn(6, "Adams", "2", "9", "1"))),
)  # fmt: skip
RECORD = DrawRecord(VERSION, FACTS, "1" * 20, "uniform", ROUNDS, usable={"Mayor": (1, 4), "Council": (4,)})


def test_each_card_is_pulled_once_with_all_its_draws() -> None:
    """Batch 9 before 10, card 9 before 10; three draws of one card are one line."""
    pulls = retrieval(RECORD)
    assert [(pull.key[1:], pull.card, pull.draws) for pull in pulls] == [
        (("1", "9"), "1-9-9", (4,)), (("1", "9"), "1-9-10", (2,)), (("1", "10"), "7", (1, 3, 5)),
        (("2", "9"), "1", (6,)),
    ]  # fmt: skip
    assert pulls[0].contests == ("Mayor", "Council")
    assert [cards for _, _, cards in by_batch(pulls)] == [2, 1, 1]
    assert retrieval_table(pulls)[3] == (3, "Adams", "", "1", "10", "7", "1 3 5", "Mayor")


def test_a_round_lists_only_what_no_round_before_has_pulled() -> None:
    """Card 7 of batch 10 lies on the table already."""
    assert [pull.card for pull in retrieval(RECORD, round_number=2)] == ["1-9-9", "1"]
    assert [pull.draws for pull in retrieval(RECORD, round_number=1)] == [(2,), (1, 3)]
    with pytest.raises(RequestError, match="no round 3"):
        retrieval(RECORD, round_number=3)


def test_places_come_before_batches() -> None:
    """Boxes are walked to in order, whatever their batches are called."""
    batches = (Batch("9", 20, 2, "1", place="Shelf 2"), Batch("10", 20, 3, "1", place="Shelf 1"))
    pulls = retrieval(RECORD, places_of({"Adams": Manifest("m.csv", "", batches)}))
    assert [(pull.place, pull.key[2]) for pull in pulls] == [
        ("", "9"), ("Shelf 1", "10"), ("Shelf 2", "9"), ("Shelf 2", "9"),
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("12"), st.text("0123456789-x ²", max_size=4)), max_size=12))
def test_every_draw_stands_on_the_list_once(cards: list[tuple[str, str]]) -> None:
    """No draw is lost or doubled, and no card stands twice, whatever the names are."""
    draws = tuple(Drawn(number, "", "", batch, card) for number, (batch, card) in enumerate(cards, 1))
    pulls = retrieval(msgspec.structs.replace(RECORD, rounds=(DrawRound(0, {}, draws),)))
    assert sorted(draw for pull in pulls for draw in pull.draws) == list(range(1, len(cards) + 1))
    assert len({(pull.key, pull.card) for pull in pulls}) == len(pulls)


def test_numbers_within_names_sort_by_value() -> None:
    """So a person finds the next card further on in the box."""
    names = ["101-10-2", "101-9-30", "A", "101-9-4", ""]
    assert sorted(names, key=natural) == ["", "101-9-4", "101-9-30", "101-10-2", "A"]
