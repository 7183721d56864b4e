"""Contests as cards record them, in detail: votes a voter has, write-ins, the order of rankings."""

from tallyproof.audit.assorter import NO_VOTE, OVERVOTE, Interpretation
from tallyproof.audit.card_codes import ALL_WRITE_INS, rankings_of, recorded_contest, votes_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.election.cast_vote_record import CardContest, Marks


def book(*marks: Marks, choices: tuple[str, ...] = ("A", "B", "C"), vote_for: int | None = None,
         ranks: int = 0) -> CardContest:  # fmt: skip
    """A contest whose codes are these marks."""
    contest = CardContest("Council", list(choices), vote_for, ranks)
    for each in marks:
        contest.code(each)
    return contest


ONE, TWO, THREE = (Marks((tuple(range(number)),)) for number in (1, 2, 3))
VOID = Marks(((0, 1, 2),), overvoted=True)


def test_votes_for_are_the_most_marked_where_the_source_does_not_say() -> None:
    """The card with most marks that stands anywhere, overvotes left out, tells how many votes a voter has."""
    told = book(ONE, TWO, THREE, VOID)
    assert [recorded_contest(told, codes).vote_for for codes in ([0], [0, 1], [1, 0], [0, 1, 3], [2, 0])] == [
        1, 2, 2, 2, 3,
    ]  # fmt: skip


def test_votes_for_are_at_least_one() -> None:
    """No card, only void cards, only blank ones, and a source that says 0: one vote."""
    told = book(Marks(((),)), VOID)
    assert [recorded_contest(told, codes).vote_for for codes in ([], [1], [0])] == [1, 1, 1]
    assert recorded_contest(book(vote_for=0), []).vote_for == 1


def test_votes_for_are_those_of_the_source_where_it_says() -> None:
    """Fewer marks or more on the cards change nothing, and too many marks are no vote."""
    contest = recorded_contest(book(ONE, THREE, Marks(((),)), vote_for=2), [0, 1, 2])
    assert contest.vote_for == 2
    assert contest.shown([0, 1, 2]) == {0: Interpretation((1, 0, 0)), 1: OVERVOTE, 2: NO_VOTE}


def test_write_ins_are_one_choice_only_where_there_are_several() -> None:
    """None: no name; one: its own; two: one place at the end, where a mark for each is one vote."""
    none, single = (recorded_contest(book(choices=names), []) for names in (("A", "B"), ("Write-in", "B")))
    assert (none.choices, none.places, none.write_in) == (("A", "B"), (0, 1), "")
    assert (single.choices, single.places, single.write_in) == (("Write-in", "B"), (0, 1), "Write-in")
    names = ("Write-in 1", "A", "All write-ins", "B")
    both = recorded_contest(book(Marks(((0, 2),)), choices=names, vote_for=2), [0])
    assert (both.choices, both.places, both.write_in) == (
        ("A", "B", ALL_WRITE_INS), (2, 0, 2, 1), "All write-ins"
    )  # fmt: skip
    assert votes_of(both, {0: 5}) == {"A": 0, "B": 0, "All write-ins": 5}


def test_rankings_stand_by_their_cards_then_by_their_choices() -> None:
    """The most frequent ranking first; of equally frequent ones that of the earlier choices."""
    told = book(Marks(((2,), (0,))), Marks(((1,),)), Marks(((0,), (2,))), Marks(((),)), ranks=2)
    contest = recorded_contest(told, range(4))
    assert rankings_of(contest, {0: 4, 1: 9, 2: 4, 3: 7}) == (
        EqualBallots(9, ("B",)), EqualBallots(4, ("A", "C")), EqualBallots(4, ("C", "A")),
    )  # fmt: skip
    assert votes_of(contest, {0: 4, 1: 9, 2: 4, 3: 7}) == {"A": 4, "B": 9, "C": 4}


def test_a_card_said_to_be_void_is_one_whatever_its_marks() -> None:
    """The source calls a card with one mark overvoted; and two write-ins beside a vote are three marks."""
    void = recorded_contest(book(Marks(((0,),), overvoted=True), vote_for=1), [0])
    assert void.shown([0]) == {0: OVERVOTE}
    names = ("A", "Write-in 1", "Write-in 2")
    three = recorded_contest(book(Marks(((0, 1, 2),)), choices=names, vote_for=2), [0])
    assert three.shown([0]) == {0: OVERVOTE}


def test_only_codes_on_cards_count_and_what_was_read_before_is_not_read_again() -> None:
    """A ranking on no card is none; what codes show may be given."""
    contest = recorded_contest(book(Marks(((0,),)), Marks(((1,),)), ranks=1), [0, 1])
    counts = {0: 3, 1: 0}
    assert rankings_of(contest, counts) == (EqualBallots(3, ("A",)),)
    read = {0: Interpretation(ranking=(2, 0))}
    assert rankings_of(contest, counts, read) == (EqualBallots(3, ("C", "A")),)
    assert votes_of(contest, counts, read) == {"A": 0, "B": 0, "C": 3}
