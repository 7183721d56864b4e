"""Cards given again in detail: which repeats which, by pairs of batches, and which repeat none."""

from tallyproof.audit.card_facts import facts_of
from tallyproof.audit.card_repeats import RepeatedCards, Repeats, repeated_cards
from tallyproof.audit.card_votes import count_votes
from tallyproof.election.card_part import CardPart

from .card_tables import part, two_choices


def repeated(*parts: CardPart) -> RepeatedCards:
    """Repeats among all cards of these files."""
    facts = facts_of(parts)
    return repeated_cards(facts, count_votes(facts, facts.group, len(facts.groups))[1])


def test_every_number_of_two_pairs() -> None:
    """A card of batch 2 stands again in batch 1; three of batch 1 in batch 3, one with another vote."""
    one = part(
        [[0, 0, 1, 1, 0]], [two_choices()],
        {"batch": ["1", "1", "1", "2", "1"], "record": list("12345"), "imprint": list("abcdd")},
    )  # fmt: skip
    other = part([[0, 1, 1]], [two_choices()], {"batch": ["3"] * 3, "imprint": list("bac")}, "b.csv")
    found = repeated(one, other)
    assert found.pairs == (
        Repeats("imprint", 0, 2, cards=3, same=2, part=1, row=2, first_part=0, first_row=3),
        Repeats("imprint", 1, 0, cards=1, same=0, part=0, row=6, first_part=0, first_row=5),
    )
    assert found.label.tolist() == [-1, -1, -1, -1, 1, 0, 0, 0]


def test_the_imprint_speaks_before_the_place() -> None:
    """A card with the imprint and the place of another is told once; one with its place alone by that."""
    facts = {"batch": ["1"] * 4, "record": ["1", "1", "1", "2"], "imprint": ["a", "a", "b", ""]}
    found = repeated(part([[0, 0, 1, 1]], [two_choices()], facts))
    assert found.pairs == (
        Repeats("imprint", 0, 0, 1, 1, 0, 3, 0, 2), Repeats("record", 0, 0, 1, 0, 0, 4, 0, 2),
    )  # fmt: skip
    assert found.label.tolist() == [-1, 0, 1, -1]


def test_a_card_given_three_times_repeats_the_first() -> None:
    """Both later ones are of the first; cards with no imprint and no place repeat none."""
    found = repeated(part([[0, 0, 0]], [two_choices()], {"imprint": ["a", "a", "a"]}))
    assert [(pair.cards, pair.row, pair.first_row) for pair in found.pairs] == [(2, 3, 2)]
    none = repeated(part([[0, 0, 0]], [two_choices()], {"record": ["1", "1", "1"]}))
    assert (none.pairs, none.label.tolist()) == ((), [-1, -1, -1])


def test_sheets_of_one_ballot_are_no_repeats() -> None:
    """The same imprint on cards with other contests is one ballot's; with the same ones a repeat."""
    contests = [two_choices(), two_choices("Judge")]
    facts = {"imprint": ["a", "a", "a"]}
    found = repeated(part([[0, None, 1], [None, 0, None]], contests, facts))
    assert [(pair.cards, pair.same, pair.row) for pair in found.pairs] == [(1, 0, 4)]


def test_pairs_of_equal_size_stand_as_their_cards_do() -> None:
    """Forty batches of one card, each given again in its own order, all pairs of the same size."""
    names = [str(place * 17 % 40) for place in range(40)]
    facts = {"batch": [*names, *(f"again {name}" for name in names)], "imprint": names * 2}
    found = repeated(part([[0] * 80], [two_choices()], facts))
    assert [(pair.first_batch, pair.batch) for pair in found.pairs] == [(n, n + 40) for n in range(40)]
    assert found.label.tolist() == [-1] * 40 + list(range(40))
