"""Hand counts with cards that nobody found: an answer holds whatever those cards show, tried card by card."""

from itertools import combinations_with_replacement
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.card_audit import CardAudit, solve_card_audit
from tallyproof.audit.contest import Contest

WRONG = "full hand count shows a different outcome"
RULES: list[dict[str, Any]] = [
    {},
    {"seats": 2},
    {"seats": 2, "votes_per_card": 2},
    {"rule": "supermajority", "share": "1/2"},
    {"rule": "supermajority", "share": "2/5", "choice": "a"},
    {"rule": "supermajority", "share": "2/5"},
    {"rule": "majority_or_runoff"},
    {"rule": "dhondt", "seats": 3},
    {"rule": "sainte_lague", "seats": 2},
    {"rule": "dhondt", "seats": 3, "threshold": "1/5"},
]
VOTES = st.tuples(*[st.integers(1, 9)] * 3)
WINNERS = st.sampled_from([None, ("a",), ("b",), ("a", "b"), ("a", "c"), {"a": 2, "b": 1}, {"a": 3}])


def verdict(contest: Contest, votes: tuple[int, ...], lost: int) -> str:
    counted = dict(zip("abc", votes, strict=True))
    return solve_card_audit(CardAudit(contest, hand_count=counted, not_found=lost)).verdict


@given(VOTES, VOTES, WINNERS, st.sampled_from(RULES), st.integers(1, 3))
@settings(deadline=None, max_examples=250)
def test_no_missing_card_undoes_an_answer(
    told: tuple[int, ...], seen: tuple[int, ...], winners: Any, rule: dict[str, Any], lost: int
) -> None:
    """Right stays right and wrong stays wrong for every way to fill in the cards; else nothing is said."""
    contest = Contest(dict(zip("abc", told, strict=True)), 30, winners=winners, **rule)
    found = verdict(contest, seen, lost)
    marks = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    if rule.get("votes_per_card") == 2:
        marks += [(1, 1, 0), (1, 0, 1), (0, 1, 1)]
    ways = combinations_with_replacement(marks, lost)
    full = {verdict(contest, tuple(map(sum, zip(seen, *way, strict=True))), 0) for way in ways}
    if found == "confirmed":
        assert full == {"confirmed"}
    if found == WRONG:
        assert "confirmed" not in full
    assert found in ("confirmed", WRONG, "cannot be confirmed")


def test_the_law_is_not_empty() -> None:
    """All three answers occur among small contests."""
    contest = Contest({"a": 6, "b": 4, "c": 1}, 30)
    found = [verdict(contest, votes, 2) for votes in ((8, 5, 0), (6, 5, 1), (3, 6, 1))]
    assert found == ["confirmed", "cannot be confirmed", WRONG]
