"""Answers of the rule files read as a lawyer would: days that cannot be, words for numbers, no noise."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec
import pytest

from tallyproof.errors import RequestError
from tallyproof.recount.conditions import shown
from tallyproof.recount.evaluate import known_acts
from tallyproof.recount.options import RecountOptions, Verdict
from tallyproof.services import recounting
from tallyproof.store import rules as rule_files

FAR = ("0001-01-01", "1799-12-31", "2500-01-01", "9999-12-31")


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("state", rule_files.states())
def test_a_year_too_far_away_is_refused_in_words(state: str, day: str) -> None:
    """As the day of an act or the time of asking, whatever the zone: a sentence, no overflow."""
    problem = RecountOptions(state=state, date=date(2016, 11, 8), office="president", margin=1, total=9)
    for text in (day, f"{day}T23:59"):
        with pytest.raises(RequestError, match="is given as state_canvass, but days are counted"):
            known_acts(
                msgspec.structs.replace(problem, acts={"state_canvass": text}), rule_files.rules_of(state)
            )
    for zone in ("", "+14:00", "-12:00"):
        on = datetime.fromisoformat(f"{day}T12:00{zone}")
        with pytest.raises(RequestError, match="is given as the time of asking"):
            recounting.options(msgspec.structs.replace(problem, on=on))


def test_what_is_missing_is_said_in_words() -> None:
    """Arizona compares with the votes of two choices, which a margin and a total do not give."""
    problem = RecountOptions(
        state="AZ", date=date(2022, 11, 8), office="attorney-general", margin=511, total=2_509_000
    )
    told = recounting.options(problem).sentence
    assert told.endswith("from these numbers: votes of the two choices compared not known.")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Fraction(22_617), "22,617"),
        (Fraction("7440.375"), "7,440.375"),
        (Fraction(1, 3), "about 0.333333"),
        (Fraction("2.0000001"), "about 2"),
        (None, "unknown"),
    ],
)
def test_a_number_is_said_as_people_read_it(number: Fraction | None, words: str) -> None:
    """Exactly where six decimals suffice, and never with a point that nothing follows."""
    assert shown(number) == words


def test_the_district_has_its_article() -> None:
    """In a sentence; states have none."""
    problem = RecountOptions(
        state="DC", date=date(2026, 11, 3), office="president", margin=9, total=999, only_two=True
    )
    assert recounting.options(problem).sentence.startswith(
        "In the District of Columbia a recount is automatic"
    )
    wisconsin = recounting.options(msgspec.structs.replace(problem, state="WI"))
    assert wisconsin.sentence.startswith("In Wisconsin a recount")


@pytest.mark.parametrize(("margin", "acts"), [(30_827, {"waiver", "start", "completion"}), (30_828, set())])
def test_deadlines_of_automatic_recounts_stand_where_one_is_automatic(margin: int, acts: set[str]) -> None:
    """Pennsylvania 2016: to waive, to begin and to finish at 0.5 %; one vote more and they say nothing."""
    problem = RecountOptions(
        state="PA", date=date(2016, 11, 8), office="president", margin=margin, total=6_165_478
    )
    found = {each.act for each in recounting.options(problem).deadlines}
    assert found - {"request", "court-contest"} == acts


def test_it_is_not_said_of_deadlines_that_need_no_trigger() -> None:
    """Nevada's days after a demand stand whatever the margin; numbers that are lacking hide nothing."""
    nevada = RecountOptions(
        state="NV", date=date(2016, 11, 8), office="president", margin=90_000, total=999_999
    )
    assert {"start", "completion"} <= {each.act for each in recounting.options(nevada).deadlines}
    arizona = RecountOptions(
        state="AZ", date=date(2024, 11, 5), office="governor", margin=511, total=2_509_000
    )
    assert "start" in {each.act for each in recounting.options(arizona).deadlines}


@pytest.mark.parametrize("text", ["2016-11-07", "2016-11-07T23:59", "1999-12-31"])
def test_an_act_before_the_election_is_refused(text: str) -> None:
    """Nothing is certified before it: a slip of the year would end every deadline."""
    problem = RecountOptions(
        state="MI",
        date=date(2016, 11, 8),
        office="president",
        margin=1,
        total=9,
        acts={"state_canvass": text},
    )
    with pytest.raises(RequestError, match="before the election of 2016-11-08: correct one"):
        recounting.options(problem)
    on_the_day = msgspec.structs.replace(problem, acts={"state_canvass": "2016-11-08"})
    assert recounting.options(on_the_day).deadlines


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"margin": 10, "total": 9}, "margin of 10 is larger than all 9 votes"),
        ({"votes": {"Ann": 9}}, "With 1 choice for 1 seat nobody can lose"),
        ({"votes": {"Ann": 9, "Bo": 8}, "seats": 2}, "With 2 choices for 2 seats nobody can lose"),
        ({"votes": {"Ann": 9, "Bo": 8}, "total": 16}, "total is 16, less than the choices' 17 votes"),
        ({"votes": {"Ann": 9, "Bo": 8}, "requester": "Cy"}, "'Cy' is not among the choices: Ann, Bo"),
        ({"total": 16}, "Give the votes by choice, or the margin"),
    ],
)
@pytest.mark.parametrize("state", rule_files.states())
def test_impossible_numbers_are_refused_by_every_law(state: str, told: dict[str, object], why: str) -> None:
    """Also where no margin matters: the answer would rest on a slip."""
    whole = {"state": state, "date": "2026-11-03", "office": "president", **told}
    with pytest.raises(RequestError, match=why):
        recounting.options(msgspec.convert(whole, RecountOptions))


@pytest.mark.parametrize("name", ["margin", "total", "votes"])
def test_numbers_below_zero_are_no_question(name: str) -> None:
    """They are refused where a question is read, with the field."""
    wrong = {"Ann": -1, "Bo": 2} if name == "votes" else -1
    whole = {"state": "WI", "date": "2026-11-03", "office": "president", "margin": 1, "total": 9, name: wrong}
    with pytest.raises(msgspec.ValidationError, match=rf">= 0.*\$\.{name}"):
        msgspec.convert(whole, RecountOptions)


@pytest.mark.parametrize("state", ["XX", "", "Atlantis", "Puerto Rico"])
def test_an_unknown_state_is_answered_with_those_there_are(state: str) -> None:
    """And none of them is taken for it."""
    problem = RecountOptions(state=state, date=date(2026, 11, 3), office="president", margin=1, total=9)
    with pytest.raises(RequestError, match="There are rules for: AK, AL, AR"):
        recounting.options(problem)


@pytest.mark.parametrize("state", rule_files.states())
def test_before_the_first_version_no_rule_is_known(state: str) -> None:
    """Which is said so that nobody reads it as no recount."""
    first = min(law.effective_from for law in rule_files.rules_of(state).laws)
    before = first - timedelta(days=1)
    answer = recounting.options(
        RecountOptions(state=state, date=before, office="president", margin=1, total=9)
    )
    assert answer.verdict is Verdict.NO_RULE_KNOWN
    assert "That does not mean that no recount is possible" in answer.sentence
