"""Petition worksheets: facts filled in, nothing from memory, and a reason in words where there is none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from tallyproof.documents.petition import District, refusal, worksheets
from tallyproof.errors import RequestError
from tallyproof.recount.options import Verdict
from tallyproof.services import papers
from tallyproof.services.papers import Answered

from .papers import asked, pages


def test_wisconsin_for_stein() -> None:
    """One page: to whom, the votes, the clause, the time, the price, her name and lines to write on."""
    (page,) = pages(papers.worksheet(asked("WI", "Stein")))
    for words in (
        "Worksheet, not an official form", "To The Elections Commission", "Stein 31,006", "Margin 22,617",
        "Any candidate voted for at the election. Stein qualifies.", "until Fri 25 Nov 2016, 17:00 CST",
        "the actual cost, estimated and paid in advance", "Name Stein", "Signature",
    ):  # fmt: skip
        assert words in page


def test_pennsylvania_leaves_amount_and_time_out() -> None:
    """$50 and five days are from memory: neither is on the sheet, the clause to look up is."""
    (page,) = pages(papers.worksheet(asked("PA")))
    assert (
        "The amount is left out. It is known from memory only: look it up in 25 P.S. 3261 and 3262." in page
    )
    assert "A time limit is left out. It is known from memory only: look it up in 25 P.S. 3263." in page
    assert "$50" not in page
    assert "five days" not in page
    for number in ("1. Name", "2. Name", "3. Name"):
        assert number in page


def test_a_sheet_for_each_district() -> None:
    """Each on one page of its own with its name, county and votes, however long the names."""
    long = "Ward " * 30
    districts = [District("10", "Adams County", {"Trump": 274, "Clinton": 119}), District(long, "<b>#x</b>")]
    one = asked("PA")
    first, second = pages(worksheets(one.answer, one.problem, one.at, districts))
    assert "Election district 10, Adams County" in first
    assert "Votes here Trump 274; Clinton 119" in first
    assert "<b>#x</b>" in second
    assert "Trump" not in second


def altered(found: Answered, **more: object) -> Answered:
    """The same with another answer."""
    answer = msgspec.structs.replace(found.answer, **more)
    return Answered(found.problem, answer, found.at)


def test_a_right_from_memory_gets_no_sheet() -> None:
    """It is refused in words that say what to look up."""
    found = asked("WI", "Stein")
    memory = [
        msgspec.structs.replace(each, known=msgspec.structs.replace(each.known, basis="memory"))
        for each in found.answer.conditions
    ]
    with pytest.raises(
        RequestError, match=r"The right to ask .* memory only.*Look it up in Wis\. Stat\. 9\.01"
    ):
        papers.worksheet(altered(found, conditions=tuple(memory)))


def test_who_may_ask_from_memory_gets_no_sheet() -> None:
    """The same for the person."""
    found = asked("WI", "Stein")
    memory = [
        msgspec.structs.replace(each, known=msgspec.structs.replace(each.known, memory=("words",)))
        for each in found.answer.requesters
    ]
    assert refusal(altered(found, requesters=tuple(memory)).answer).startswith(
        "Who may ask in Wisconsin is known"
    )


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        ("WI", {"date": dt.date(1900, 11, 6)}, "No rule known for Wisconsin"),
        ("WI", {"date": dt.date(2026, 11, 3), "requester": "Stein", "acts": {}}, "Stein cannot ask"),
        ("MI", {"votes": {"A": 1_000, "B": 999}}, "Nobody has to petition for it"),
    ],
)
def test_where_nothing_can_be_petitioned_for_it_says_why(
    state: str, more: dict[str, Any], words: str
) -> None:
    """No rule, no right, or no need."""
    with pytest.raises(RequestError, match=words):
        papers.worksheet(asked(state, **more))


def test_every_verdict_is_thought_of() -> None:
    """Only what may be asked for has a sheet."""
    found = asked("WI", "Stein")
    have = {each for each in Verdict if not refusal(msgspec.structs.replace(found.answer, verdict=each))}
    assert have == {Verdict.REQUESTABLE, Verdict.DISCRETIONARY}
