"""Answers of the rule files read as a lawyer would: days that cannot be, words for numbers, no noise."""

from datetime import date, datetime

import msgspec
import pytest

from tallyproof.errors import RequestError
from tallyproof.recount.evaluate import known_acts
from tallyproof.recount.options import RecountOptions
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
