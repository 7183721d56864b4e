"""The memo: one page with every clause, and nothing from memory that looks like a countdown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tallyproof.services import papers
from tallyproof.store import rules

from .papers import asked, pages


def test_wisconsin_for_stein() -> None:
    """Sentence, deadline with its chain, cost, refund and clauses, on one page."""
    (page,) = pages(papers.memo(asked("WI", "Stein"), "The Stein campaign"))
    for words in (
        "The time to ask ends Fri 25 Nov 2016, 17:00 CST.",
        "For The Stein campaign",
        "Trump 1,404,440; Clinton 1,381,823; Johnson 106,585; Stein 31,006; margin 22,617",
        "3 business days after (not counted: Thu 24 Nov 2016): Fri 25 Nov 2016 → until 17:00",
        "Stein qualifies.",
        "Where to file The Elections Commission",
        "[Wis. Stat. 9.01(1)(a)1",
        "As of Wed 23 Nov 2016, 12:00 CST.",
        "Research, not legal advice",
        "Page 1 of 1",
    ):
        assert words in page


def test_what_is_from_memory_is_to_be_looked_up() -> None:
    """Pennsylvania's five days and its $50 have no day and no amount, but the clause to look up."""
    (page,) = pages(papers.memo(asked("PA", numbers={"precincts": 9_158})))
    assert "no day is counted from it. Look it up in 25 P.S. 3263. [25 P.S. 3263]" in page
    assert "From memory, not checked: look it up in 25 P.S. 3261 and 3262." in page
    assert "457,900" not in page
    assert "Sat 26 Nov" not in page


def test_an_amount_that_was_checked_is_worked_out() -> None:
    """Michigan's price for Clinton."""
    (page,) = pages(papers.memo(asked("MI", "Clinton", numbers={"precincts": 7_786})))
    assert "$25 per precinct = $194,650" in page


@pytest.mark.parametrize("state", rules.states())
def test_every_state_fits_on_one_page(state: str) -> None:
    """Whatever the law of 2026 says of a close race for Governor."""
    close: dict[str, Any] = {
        "office": "governor",
        "votes": {},
        "margin": 900,
        "total": 2_000_000,
        "only_two": True,
    }
    found = asked(state, date=dt.date(2026, 11, 3), acts={}, **close)
    assert len(pages(papers.memo(found))) == 1


def test_no_rule_known_is_a_memo_too() -> None:
    """Before the first version: that no rule is known, never that there is no recount."""
    (page,) = pages(papers.memo(asked("WI", date=dt.date(1900, 11, 6), acts={})))
    assert "No rule known for Wisconsin" in page


def test_of_a_thousand_choices_the_first_and_the_one_who_asks_are_named() -> None:
    """The memo stays one page, and says how many more there are."""
    votes = {f"Choice {place}": 90_000 - place for place in range(1_000)}
    (page,) = pages(papers.memo(asked("MI", "Choice 700", votes=votes)))
    assert "Choice 9 89,991; Choice 700 89,300; 989 more; margin 1" in page
    assert "Choice 10 " not in page
