"""A sample of the size that the plan tells ends the audit that it plans for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.audit.card_audit import CardAudit, solve_card_audit
from tallyproof.audit.contest import Contest
from tallyproof.audit.drawn_cards import DrawnCards, Shown
from tallyproof.audit.methods import Cobra, bet_of, clean_comparison_size
from tallyproof.audit.plan import SampleSize, solve_sample_size
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population

CARDS = 1_000_000


def audited(lead: int, cards: int, risk_limit: float) -> str:
    """The verdict of a default card audit in which so many cards are as recorded."""
    votes = {"Ann": (CARDS + lead) // 2, "Bob": (CARDS - lead) // 2}
    seen = Shown(marks=("Ann",))
    problem = CardAudit(
        Contest(votes=votes, cards=CARDS), drawn=(DrawnCards(record=seen, paper=seen, times=cards),),
        risk_limit=risk_limit,
    )  # fmt: skip
    return str(solve_card_audit(problem).verdict)


@given(st.integers(1_000, 500_000).map(lambda half: 2 * half), st.sampled_from([0.01, 0.05, 0.1]))
def test_a_clean_sample_of_the_planned_size_confirms(lead: int, risk_limit: float) -> None:
    """Whatever the margin: the plan bets as the audit does."""
    asked = SampleSize(CARDS, (lead / CARDS,), ("comparison",), risk_limit=risk_limit)
    planned = solve_sample_size(asked).sizes[0].cards
    assert planned is not None
    assert audited(lead, planned, risk_limit) == "confirmed"


@pytest.mark.parametrize("margin", [0.002, 0.01, 0.05, 0.3, 1.0])
def test_few_cards_less_would_not_have_done(margin: float) -> None:
    """The formula draws with replacement: without, at most a card in a hundred can be spared."""
    planned = clean_comparison_size(0.05, margin)
    assert audited(round(margin * CARDS), planned * 98 // 100 - 1, 0.05) == "continue"


def test_cobra_names_what_it_cannot_compare() -> None:
    """Values of at most 1 are paper alone."""
    told = "'method' cobra compares records with paper: 'upper' must be above 1"
    with pytest.raises(RequestError, match=told):
        bet_of(Cobra(), Population(1.0, 0.5), 0.6)
