"""Verdicts in detail: what is said, and the borders between one verdict and the next."""

import pytest

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.audit.verdict import HandCount, MeasuredAssertion, Verdict, decide
from tallyproof.errors import RequestError

REPORTED = Tally({"W": 600, "L": 300, "M": 100}, 1_000)
CLAIMS = plurality(REPORTED)


def measured(*risks: float, margin: float = 0.2, disproved: bool = False) -> list[MeasuredAssertion]:
    given = zip(CLAIMS.assertions, risks, strict=True)
    return [MeasuredAssertion(each.claim, margin, risk, disproved) for each, risk in given]


def test_every_assertion_gives_its_reason() -> None:
    """Confirmed at most at the limit, open above it; the sentence counts the open ones."""
    found = decide(CLAIMS, measured(0.05, 0.25), 0.05, 1_000, 999)
    assert found.verdict is Verdict.CONTINUE
    assert found.sentence == ("1 of 2 assertions not confirmed yet: draw more cards, or count all by hand.")
    assert found.reasons == (
        "Confirmed, risk 0.05, at most 0.05: W has more votes than L.",
        "Not confirmed yet, risk 0.25, above 0.05: W has more votes than M.",
    )
    done = decide(CLAIMS, measured(0.05, 0.0), 0.05, 1_000, 0)
    assert (done.verdict, done.sentence) == (
        Verdict.CONFIRMED,
        "Every assertion is confirmed at risk limit 0.05.",
    )


def test_failing_assertions_say_how() -> None:
    """By the reported votes, or by the cards; one of many is enough."""
    false = decide(CLAIMS, measured(0.0, 0.0, margin=0.0), 0.05, 1_000, 10)
    assert false.reasons[0] == "False by the reported votes: W has more votes than L."
    assert false.sentence == "An assertion fails; only a full hand count can tell."
    one = [*measured(0.0, 0.0)[:1], *measured(0.0, 0.0, disproved=True)[1:]]
    shown = decide(CLAIMS, one, 0.05, 1_000, 10)
    assert shown.verdict is Verdict.FULL_HAND_COUNT
    assert shown.reasons[1] == (
        "The cards examined leave no way for this to be shown: W has more votes than M."
    )
    small = decide(CLAIMS, measured(0.0, 0.0, margin=0.001), 0.05, 1_000, 10)
    assert small.verdict is Verdict.CONFIRMED


def test_a_hand_count_with_cards_missing_needs_a_lead_above_them() -> None:
    """A lead of eleven with ten cards missing stands; a lead of ten could be a tie."""
    for lead, verdict in ((11, Verdict.CONFIRMED), (10, Verdict.CANNOT)):
        tally = Tally({"W": 400 + lead, "L": 400, "M": 100}, 990)
        by_hand = HandCount(plurality(tally), tally, 10)
        found = decide(CLAIMS, [], 0.05, 1_000, 0, by_hand)
        assert found.verdict is verdict
    assert found.sentence == "Of 1,000 cards 10 were not found, which could change the outcome."
    assert found.reasons == (
        "10 cards not found could make it false that W has more votes than L.",
        "True on paper, whatever the cards not found show: W has more votes than M.",
    )


def test_what_no_sample_can_settle_is_told() -> None:
    """A tie, and a contest in which nobody can lose."""
    tied = decide(plurality(Tally({"W": 5, "L": 5}, 10)), [], 0.05, 10, 0)
    assert tied.sentence == "No sample can confirm this: L and W tie with 5 votes."
    alone = decide(plurality(Tally({"W": 5}, 10)), [], 0.05, 10, 0)
    assert alone.sentence == "Nothing could be otherwise: There are no more choices than seats."


def test_every_card_and_every_assertion_counts() -> None:
    """All cards examined is the end; fewer than none, or an assertion without a risk, is refused."""
    end = decide(CLAIMS, measured(0.06, 0.01), 0.05, 1_000, 1_000)
    assert end.verdict is Verdict.FULL_HAND_COUNT
    assert end.sentence == (
        "All cards were examined and not every assertion is confirmed: count them by hand."
    )
    with pytest.raises(RequestError, match="'examined' is -1"):
        decide(CLAIMS, measured(0.0, 0.0), 0.05, 1_000, -1)
    with pytest.raises(RequestError, match="each of the 2 assertions"):
        decide(CLAIMS, measured(0.0, 0.0)[:1], 0.05, 1_000, 10)
    assert MeasuredAssertion("x", 0.1, 0.0).disproved is False
    assert MeasuredAssertion("x", 0.1, 1.0).risk == 1
    assert HandCount(CLAIMS, REPORTED).not_found == 0


def test_a_full_count_confirms_whatever_the_order_of_the_losers() -> None:
    """The outcome is who wins, not by how much."""
    tally = Tally({"W": 500, "L": 200, "M": 300}, 1_000)
    found = decide(CLAIMS, [], 0.05, 1_000, 0, HandCount(plurality(tally), tally))
    assert found.sentence == "A full hand count shows the reported outcome: W wins."
