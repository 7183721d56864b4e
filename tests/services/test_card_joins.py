"""Contests of one name in several jurisdictions: joined where choices say so, told, and never in silence."""

import pytest

from tallyproof.election.card_joins import join_of, sentence
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.election.standard_names import StandardContest, StandardNames, Wording
from tallyproof.election.standardizing import standardized_cards
from tallyproof.errors import RequestError
from tallyproof.services.card_margins import margins
from tallyproof.services.card_pools import gather
from tallyproof.services.card_problems import problem_for
from tallyproof.services.card_tallies import count_contests
from tallyproof.testing.cards import MadeCard, MadeContest

from .made_parts import part_of

COUNTIES = ("Adams", "Baca")


def parts_with(name: str, *choices: tuple[str, ...]) -> tuple[CardPart, ...]:
    """A contest of this name in two counties, three votes for the first choice of each."""
    cards = [MadeCard("1", "1", str(n), {0: ((0,),)}) for n in range(3)]
    return tuple(
        part_of([MadeContest(name, own)], cards, county)
        for county, own in zip(COUNTIES, choices, strict=True)
    )


TWO_MAYORS = parts_with("Mayor", ("A. Lee", "Write-in"), ("Al Lee", "Write-in"))


def test_contests_without_a_common_choice_are_a_fault() -> None:
    """Two towns' mayors are not a tie: nobody wins, no problem is made, and both lists are named."""
    pooled = gather(CaseCards(TWO_MAYORS))
    (told,) = margins(pooled.contests)
    assert (told.status, told.winners) == ("cannot be told", ())
    assert "(Adams: A. Lee; Baca: Al Lee). These look like different contests" in told.sentence
    assert pooled.faults == (f"Mayor: {told.sentence}",) == count_contests(TWO_MAYORS).faults
    with pytest.raises(RequestError, match="look like different contests"):
        problem_for(pooled.contests[0])


def test_a_measure_of_one_name_is_told() -> None:
    """Yes and No say nothing about the question, so whose cards were joined is a remark."""
    pooled = gather(
        CaseCards(parts_with("Ballot Issue 1", ("Yes/For", "No/Against"), ("Yes/For", "No/Against")))
    )
    (told,) = margins(pooled.contests)
    assert told.winners == ("Yes/For",) and pooled.faults == ()
    assert told.remarks[0].startswith("The cards of Adams and Baca are counted together, for they have this")
    assert "another standard name for one jurisdiction keeps them apart" in told.remarks[0]


def test_choices_that_stand_in_one_jurisdiction_only_are_told() -> None:
    """One common choice makes it one contest; what differs is named."""
    (told,) = margins(gather(CaseCards(parts_with("Clerk", ("Kim", "Lo"), ("Kim", "Mo")))).contests)
    assert told.winners == ("Kim",)
    assert "Lo stands in Adams only, Mo stands in Baca only" in told.remarks[0]


def test_the_same_choices_are_joined_without_a_word() -> None:
    """A contest of the whole state needs no remark, nor does one of a single county."""
    same = gather(CaseCards(parts_with("Governor", ("Kim", "Lo", "Write-in"), ("Lo", "Kim"))))
    (told,) = margins(same.contests)
    assert (told.remarks, told.bound.jurisdictions, same.faults) == ((), COUNTIES, ())
    assert gather(CaseCards(TWO_MAYORS[:1])).faults == ()


@pytest.mark.parametrize(
    "parts", [TWO_MAYORS, parts_with("Mayor", ("Yes", "No"), ("Yes", "No"))], ids=["towns", "measures"]
)
def test_a_rule_for_one_jurisdiction_keeps_contests_apart(parts: tuple[CardPart, ...]) -> None:
    """Another standard name in Baca alone makes two contests of three cards, without a fault or remark."""
    rule = StandardContest("Mayor of Baca", wordings=(Wording("Mayor", jurisdictions=("Baca",)),))
    pooled = gather(standardized_cards(CaseCards(parts), StandardNames((rule,))))
    assert {each.name: each.bound.cards for each in pooled.contests} == {"Mayor": 3, "Mayor of Baca": 3}
    assert pooled.faults == () and not any(each.remarks for each in pooled.contests)


def test_places_are_linked_through_others() -> None:
    """Where the first and last have nothing in common but both something with a third, it is one contest."""
    join = join_of("Board", {"a": ("K", "Yes"), "b": ("M", "Yes"), "c": ("K", "M")}, ())
    assert join is not None and not join.is_apart
    apart = join_of("Board", {"a": ("K",), "b": ("M",), "c": ("K",), "d": ("Write-in",)}, ("Write-in",))
    assert apart is not None and apart.groups == (("a", "c"), ("b",), ("d",))
    assert "a and c: K; b: M; d: write-ins only" in sentence(apart)
