"""Verdicts: five answers, each with its reasons; a full count decides by itself."""

import pytest

from tallyproof.audit.assertion import Claims, Tally, plurality, reported_as
from tallyproof.audit.verdict import Decision, HandCount, MeasuredAssertion, Verdict, decide
from tallyproof.errors import RequestError

REPORTED = Tally({"W": 600, "L": 400}, 1_000)
CLAIMS = plurality(REPORTED)


def measured(risk: float, margin: float = 0.2, disproved: bool = False) -> list[MeasuredAssertion]:
    return [MeasuredAssertion(each.claim, margin, risk, disproved) for each in CLAIMS.assertions]


def hand(votes: dict[str, int], cards: int, not_found: int = 0) -> HandCount:
    tally = Tally(votes, cards)
    return HandCount(plurality(tally), tally, not_found)


def verdict(
    risk: float, examined: int = 50, by_hand: HandCount | None = None, claims: Claims = CLAIMS
) -> Decision:
    return decide(claims, measured(risk), 0.05, 1_000, examined, by_hand)


def test_risks_at_the_limit_confirm_and_above_it_go_on() -> None:
    """The limit itself is enough; every assertion says why."""
    assert verdict(0.05).verdict is Verdict.CONFIRMED
    found = verdict(0.0501)
    assert found.verdict is Verdict.CONTINUE
    assert found.reasons == ("Not confirmed yet, risk 0.0501, above 0.05: W has more votes than L.",)


def test_a_full_count_of_another_winner_is_never_a_confirmation() -> None:
    """However small the risk was: the reported outcome is wrong."""
    found = verdict(0.0, 1_000, hand({"W": 100, "L": 900}, 1_000))
    assert found.verdict is Verdict.DIFFERENT_OUTCOME
    assert found.sentence == "The reported outcome is wrong. On paper: L wins."
    assert verdict(1.0, 1_000, hand({"W": 501, "L": 499}, 1_000)).verdict is Verdict.CONFIRMED
    assert verdict(0.0, 1_000, hand({"W": 500, "L": 500}, 1_000)).verdict is Verdict.DIFFERENT_OUTCOME


def test_a_hand_count_is_full_only_if_every_card_is_accounted_for() -> None:
    """999 of 1,000 cards, one of them missing: full; 990 and none missing: not."""
    assert verdict(1.0, 990, hand({"W": 400, "L": 590}, 990)).verdict is Verdict.CONTINUE
    assert verdict(1.0, 990, hand({"W": 400, "L": 590}, 990, 10)).verdict is Verdict.DIFFERENT_OUTCOME
    assert verdict(1.0, 990, hand({"W": 501, "L": 489}, 990, 10)).verdict is Verdict.CONFIRMED
    lost = verdict(1.0, 990, hand({"W": 500, "L": 490}, 990, 10))
    assert lost.verdict is Verdict.CANNOT
    assert "10 cards not found could make it false" in lost.reasons[0]


def test_a_tie_and_a_contradiction_cannot_be_confirmed() -> None:
    """No sample settles either; a full hand count still can."""
    tied = plurality(Tally({"W": 500, "L": 500}, 1_000))
    other = reported_as(CLAIMS, ["L"])
    for claims in (tied, other):
        assert decide(claims, [], 0.05, 1_000, 0).verdict is Verdict.CANNOT
    alone = plurality(Tally({"W": 500}, 1_000))
    assert decide(alone, [], 0.05, 1_000, 0).verdict is Verdict.CONFIRMED


@pytest.mark.parametrize("given", [measured(0.001, margin=0.0), measured(0.001, disproved=True)])
def test_an_assertion_that_fails_asks_for_a_full_count(given: list[MeasuredAssertion]) -> None:
    """False of its own records, or disproved by the cards examined."""
    assert decide(CLAIMS, given, 0.05, 1_000, 50).verdict is Verdict.FULL_HAND_COUNT


def test_all_cards_examined_without_a_confirmation_ask_for_a_count() -> None:
    """The sample is exhausted; what is left is to count what was examined."""
    assert verdict(0.3, 1_000).verdict is Verdict.FULL_HAND_COUNT


def test_what_is_no_audit_is_refused() -> None:
    """No risk measured, more cards than there are, a risk that is none."""
    with pytest.raises(RequestError, match="'measured'"):
        decide(CLAIMS, [], 0.05, 1_000, 10)
    with pytest.raises(RequestError, match="'examined' is 1,001"):
        verdict(0.5, 1_001)
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(RequestError, match="'risk' is"):
            measured(wrong)
    with pytest.raises(RequestError, match="'alpha'"):
        decide(CLAIMS, measured(0.5), 1.0, 1_000, 10)
