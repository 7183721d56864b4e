"""Margins of all contests from their cards: laws for any cards, and what an answer says of odd ones."""

from collections import Counter
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.assorter import NOT_FOUND, margin
from tallyproof.audit.card_codes import column_of, kinds, to_assorters, values
from tallyproof.audit.contest import claims_of
from tallyproof.audit.overstatement import overstatement
from tallyproof.election.card_part import FEW_CODES, CaseCards, code_counts, column
from tallyproof.election.cast_vote_record import Marks
from tallyproof.errors import RequestError
from tallyproof.services.card_contests import HowWon
from tallyproof.services.card_margins import ContestMargin, margins, problem_of
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.card_pools import gather
from tallyproof.services.card_problems import problem_for
from tallyproof.services.card_tallies import count_contests, results
from tallyproof.services.cards import tally_cards
from tallyproof.testing.cards import MadeCard, MadeContest, dominion_text, make_cards, write

from .made_parts import manifest_of, part_of

CONTESTS = [
    MadeContest("Mayor", ("Ann", "Bob", "Write-in")),
    MadeContest("Council", ("Cy", "Di", "Ed", "Write-in 1", "Write-in 2"), 2),
    MadeContest("Judge", ("P", "Q", "R", "S"), 1, 3),
]
SEEDS = st.integers(0, 10_000)


def one_vote(votes: dict[str, int], vote_for: int = 1) -> CaseCards:
    """Cards with one mark each for these choices of one contest."""
    contest, cards = MadeContest("Mayor", tuple(votes), vote_for), []
    for place, number in enumerate(votes.values()):
        cards += [MadeCard("1", "1", f"{place}-{n}", {0: ((place,),)}) for n in range(number)]
    return CaseCards((part_of([contest], cards),))


def margin_of(cards: CaseCards, **told: HowWon) -> ContestMargin:
    """The margin of the only contest."""
    (found,) = margins(gather(cards, told=told).contests)
    return found


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.integers(20, 120))
def test_the_mean_over_the_cards_is_the_margin(seed: int, number: int) -> None:
    """For every assertion 2 mean - 1 of the cards' own values is the margin by the formula."""
    pooled = gather(CaseCards((part_of(CONTESTS, make_cards(seed, CONTESTS, number)),)))
    for contest in pooled.contests:
        tally, claims = claims_of(contest.problem())
        for each in claims.assertions:
            found = values(contest.recorded, claims, each, contest.counts)
            total = sum((value * contest.counts[code] for code, value in found.items()), Fraction())
            assert 2 * total / contest.bound.cards - 1 == tally.margin(each)


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_the_column_of_an_audit_has_the_same_margin(seed: int) -> None:
    """The cards as a column, those without the contest included, give the margin over all cards with it."""
    part = part_of(CONTESTS, make_cards(seed, CONTESTS, 60))
    contest = gather(CaseCards((part,))).contests[0]
    tally, claims = claims_of(contest.problem())
    codes = part.cards.collect()[column(0)].cast(int).fill_null(-1).to_numpy()
    found = column_of(kinds(contest.recorded, claims, contest.counts), codes.astype(np.int64))
    assert found.with_contest == contest.bound.cards
    for each in claims.assertions:
        assert margin(each.assorter, found, contest.bound.cards) == tally.margin(each)


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.integers(0, 50))
def test_phantoms_never_widen_a_margin(seed: int, more: int) -> None:
    """With more cards listed than recorded no margin is larger, and the same votes stand behind it."""
    part = part_of(CONTESTS, make_cards(seed, CONTESTS, 80))
    listed = {"": manifest_of([("1", "1", 80 + more, None)])}
    for told, bound in zip(
        margins(gather(CaseCards((part,))).contests),
        margins(gather(CaseCards((part,), listed)).contests),
        strict=True,
    ):
        assert bound.votes == told.votes
        assert bound.bound.cards == told.bound.cards + more and bound.bound.phantoms == more
        if told.smallest and bound.smallest:
            assert Fraction(str(bound.diluted)) <= Fraction(str(told.diluted))
            assert Fraction(str(bound.over_all)) <= Fraction(str(bound.diluted))


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.permutations(range(3)))
def test_the_order_of_documents_does_not_matter(seed: int, order: list[int]) -> None:
    """Any order of the same documents gives the same answer, assertion by assertion."""
    parts = [
        part_of(CONTESTS, make_cards(seed + n, CONTESTS, 30), f"County {n % 2}", file=f"{n}.csv")
        for n in range(3)
    ]
    wanted = margins(gather(CaseCards(tuple(parts))).contests)
    assert margins(gather(CaseCards(tuple(parts[n] for n in order))).contests) == wanted


def test_tallies_over_documents_are_those_of_each_added_up() -> None:
    """Two counties whose files list choices in another order are one contest."""
    first = part_of([MadeContest("Mayor", ("Ann", "Bob"))], [MadeCard("1", "1", "1", {0: ((0,),)})], "A")
    other = part_of([MadeContest("Mayor", ("Bob", "Ann"))], [MadeCard("1", "1", "1", {0: ((0,),)})], "B")
    (found,) = results(count_contests([first, other]))
    assert found.votes == {"Ann": 1, "Bob": 1}


@settings(deadline=None, max_examples=15)
@given(SEEDS, st.integers(1, 80))
def test_tallies_of_parts_are_those_straight_from_the_file(seed: int, number: int) -> None:
    """Votes, overvotes, blanks, undervotes and rankings: counting codes loses nothing."""
    cards = make_cards(seed, CONTESTS, number)
    with TemporaryDirectory() as folder:
        path = write(dominion_text(CONTESTS, cards), Path(folder) / "cards.csv")
        assert results(count_contests(parts_from_files([path]))) == tally_cards([path]).contests
        assert results(count_contests([part_of(CONTESTS, cards)])) == tally_cards([path]).contests


def test_codes_are_counted_alike_in_short_and_long_books() -> None:
    """Contests with few marks, with many, and without any card are counted as cards are read."""
    contests = [*CONTESTS, MadeContest("Long", tuple("ABCDEFGH"), 1, 4), MadeContest("Nowhere", ("X",))]
    cards = make_cards(5, contests[:4], 300)
    part = part_of(contests, cards)
    assert {len(each.codes) > FEW_CODES for each in part.contests} == {True, False}
    for place, counts in enumerate(code_counts(part)):
        codes = part.contests[place].codes
        assert counts == Counter(codes[Marks(card.votes[place])] for card in cards if place in card.votes)


def test_a_tie_at_the_top_of_a_ranked_contest_is_an_answer() -> None:
    """No assertions can confirm one of two who tie."""
    contest = MadeContest("Mayor", ("Ann", "Bob"), 1, 2)
    cards = [MadeCard("1", "1", str(n), {0: ((n,), ())}) for n in range(2)]
    found = margin_of(CaseCards((part_of([contest], cards),)))
    assert (found.status, found.winners, found.assertions) == ("tied", (), ())


def test_write_ins_of_a_ranked_contest_count_as_one_choice() -> None:
    """Two places for write-ins in a ranking count once, at the first, and it is said."""
    contest = MadeContest("Mayor", ("Ann", "Write-in 1", "Write-in 2"), 1, 3)
    cards = [MadeCard("1", "1", str(n), {0: ((0,), (1,), ())}) for n in range(3)]
    cards.append(MadeCard("1", "1", "9", {0: ((2,), (1,), (0,))}))
    (counted,) = gather(CaseCards((part_of([contest], cards),))).contests
    assert counted.rankings[1].ranking == ("All write-ins", "Ann")
    (found,) = margins([counted])
    assert found.winners == ("Ann",) and "counts as one choice" in found.remarks[0]


def test_an_overstatement_is_read_from_marks() -> None:
    """A card recorded for the winner and read by hand for the loser overstates by 1, a lost card by 1 too."""
    contest = gather(one_vote({"Ann": 3, "Bob": 2})).contests[0]
    _, claims = claims_of(contest.problem())
    (claim,) = claims.assertions
    recorded = kinds(contest.recorded, claims, contest.counts)[0]
    by_hand = to_assorters(contest.recorded.read(Marks(((1,),))), claims)
    both = to_assorters(contest.recorded.read(Marks(((0, 1),))), claims)
    assert overstatement(claim.assorter, recorded, by_hand, styles=True) == 1
    assert overstatement(claim.assorter, recorded, both, styles=True) == Fraction(1, 2)
    assert overstatement(claim.assorter, recorded, NOT_FOUND, styles=True) == 1


def test_a_tie_is_an_answer() -> None:
    """With equal votes nobody wins and nothing can be asserted."""
    found = margin_of(one_vote({"Ann": 2, "Bob": 2}))
    assert (found.status, found.winners, found.smallest) == ("tied", (), None)
    assert "tie with 2 votes" in found.sentence


def test_write_ins_that_win_are_not_a_person() -> None:
    """Most votes for all written in together: who they are for stands on the paper."""
    found = margin_of(one_vote({"Ann": 2, "Write-in": 3}))
    assert (found.status, found.assertions) == ("write-ins win", ())
    assert "count the names on the paper first" in found.sentence


def test_a_margin_over_all_write_ins_is_said_to_be_one() -> None:
    """Two places for write-ins count as one choice, of which no person written in can have more votes."""
    found = margin_of(one_vote({"Ann": 9, "Bob": 1, "Write-in 1": 2, "Write-in 2": 2}))
    assert found.votes == {"Ann": 9, "Bob": 1, "All write-ins": 4}
    assert {each.loser: each.votes for each in found.assertions} == {"Bob": 8, "All write-ins": 5}
    assert "no person written in has more votes" in " ".join(found.remarks)


def test_several_winners_are_as_many_as_votes_unless_told() -> None:
    """Vote for two elects two and says that this is supposed; one seat is told, and the margin another."""
    cards = one_vote({"Ann": 9, "Bob": 5, "Cy": 2}, 2)
    two, one = margin_of(cards), margin_of(cards, Mayor=HowWon(1))
    assert (two.winners, two.smallest, len(two.assertions)) == (("Ann", "Bob"), 3, 2)
    assert "Winners are taken to be 2" in two.remarks[0]
    assert (one.winners, one.smallest, one.remarks) == (("Ann",), 4, ())


@pytest.mark.parametrize(
    ("yes", "no", "claim", "votes"),
    [(60, 40, "Yes has more than 11/20", 5), (52, 48, "Yes has less than 11/20", 3)],
)
def test_a_measure_that_needs_a_share_has_the_votes_beyond_it(
    yes: int, no: int, claim: str, votes: int
) -> None:
    """Of 100 votes 55 % are 55: with 60 it passes by five, with 52 it fails by three."""
    found = margin_of(one_vote({"Yes": yes, "No": no}), Mayor=HowWon(choice="Yes", share="0.55"))
    (each,) = found.assertions
    assert each.claim.startswith(claim) and (each.votes, found.smallest) == (votes, votes)
    assert each.percent == votes and each.upper == ("10/11" if yes > 55 else "10/9")
    assert found.kind == "more than 0.55"


def test_without_a_majority_two_go_to_a_runoff() -> None:
    """Both lead the third and neither has half: all four claims, of which the hardest gives the margin."""
    found = margin_of(one_vote({"Ann": 40, "Bob": 35, "Cy": 25}), Mayor=HowWon(runoff=True))
    assert (found.winners, len(found.assertions)) == (("Ann", "Bob"), 4)
    assert (found.smallest, found.diluted) == (10, "1/10")
    assert [each.votes for each in found.assertions] == [15, 10, 10, 15]


def two_by_ranking(vote_for: int) -> CaseCards:
    """Cards that rank three choices, under a header with so many positions."""
    contest = MadeContest("Mayor", ("P", "Q", "R"), vote_for, 3)
    votes = ((0,), (1,)), ((0,), (2,)), ((1,), (0,))
    return CaseCards((part_of([contest], [MadeCard("1", "1", str(n), {0: v}) for n, v in enumerate(votes)]),))


@pytest.mark.parametrize(("positions", "told"), [(2, {}), (1, {"Mayor": HowWon(seats=2)})])
def test_several_seats_by_ranking_are_refused(positions: int, told: dict[str, HowWon]) -> None:
    """Two positions, of the records or as said: no winner, no assertion and no problem, and the reason."""
    pooled = gather(two_by_ranking(positions), told=told)
    (found,) = margins(pooled.contests)
    assert (found.status, found.winners, found.assertions, found.seats) == ("cannot be told", (), (), 2)
    assert "Several seats by ranking" in found.sentence
    for problem in (problem_of, problem_for):
        with pytest.raises(RequestError, match="Several seats by ranking"):
            problem(pooled.contests[0])


def test_one_seat_by_ranking_may_be_said_of_two_positions() -> None:
    """Whoever says that one wins gets instant runoff, and is told what the records name."""
    found = margin_of(two_by_ranking(2), Mayor=HowWon(seats=1))
    assert found.winners == ("P",) and "The records name 2 positions" in found.remarks[-1]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (HowWon(choice="Zed", share="0.6"), "no choice of 'Mayor'"),
        (HowWon(seats=0), "at least one choice wins"),
    ],
)
def test_what_is_said_of_a_contest_must_fit_it(how: HowWon, said: str) -> None:
    """Unknown choices and seats below one are refused, and so is a share where voters have two votes."""
    with pytest.raises(RequestError, match=said):
        margin_of(one_vote({"Ann": 1, "Bob": 0}), Mayor=how)
    with pytest.raises(RequestError, match="one vote for each voter"):
        margin_of(one_vote({"Ann": 1, "Bob": 0}, 2), Mayor=HowWon(share="0.6"))


def test_seats_of_an_unknown_contest_are_refused() -> None:
    """The closest name is told."""
    with pytest.raises(RequestError, match="The closest is 'Mayor'"):
        margin_of(one_vote({"Ann": 1, "Bob": 0}), Maior=HowWon(1))


def test_a_contest_that_no_card_bears_says_so() -> None:
    """No card is an answer, and so are cards without a vote."""
    empty = CaseCards((part_of([MadeContest("Mayor", ("Ann", "Bob"))], [MadeCard("1", "1", "1", {})]),))
    assert margin_of(empty).status == "no cards"
    assert margin_of(one_vote({"Ann": 0, "Bob": 0})).status == "no cards"


def test_a_manifest_with_fewer_cards_than_records_is_a_fault() -> None:
    """The larger number is used, and the sentence asks to settle which is wrong."""
    cards = CaseCards(one_vote({"Ann": 6, "Bob": 2}).parts, {"": manifest_of([("1", "1", 5, None)])})
    found = margin_of(cards)
    assert (found.bound.cards, found.bound.phantoms) == (8, 0)
    assert "batch 1: 5 listed, 8 records), 3 too many" in found.remarks[0]


def test_a_ranked_contest_with_many_choices_is_searched_within_a_time() -> None:
    """Thirteen choices are searched apart: with time there is an answer, without it a sentence."""
    names = tuple("ABCDEFGHIJKLM")
    contest = MadeContest("Mayor", names, 1, 3)
    cards = [
        MadeCard("1", "1", str(number), {0: ((place,), ((place + 1) % 13,), ())})
        for number, place in enumerate(place for place in range(13) for _ in range(13 - place))
    ]
    contests = gather(CaseCards((part_of([contest], cards),))).contests
    (found,), (late,) = margins(contests), margins(contests, seconds=0.001)
    assert found.status != "not found in time" and found.winners == ("A",)
    assert late.status == "not found in time" and "longer than 0.001 seconds" in late.sentence
