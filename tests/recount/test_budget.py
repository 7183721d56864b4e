"""Plans of recounts: what asking costs in several states, and every act in the order of its time."""

from __future__ import annotations

import datetime as dt
import io
from fractions import Fraction

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallyproof.errors import RequestError
from tallyproof.recount.budget import Jurisdiction, PlannedContest, StatedPrice
from tallyproof.services import papers

from .plans import contest, planned, steins_three


def test_steins_three_states() -> None:
    """Known prices are summed; Pennsylvania's, from memory, stand apart with the clause to look up."""
    found = steins_three()
    assert [each.low for each in found.states] == ["3499689", "973250", "457900"]
    assert [each.basis for each in found.states] == ["stated", "law", "memory"]
    assert (found.low, found.high) == ("4472939", "4472939")
    assert (found.memory_low, found.memory_high) == ("457900", "915800")
    assert found.sentence == (
        "Asking in Wisconsin and Michigan costs $4,472,939. Pennsylvania would add $457,900 to $915,800 by "
        "amounts from memory: look them up in 25 P.S. 3261 and 3262."
    )


def test_clinton_pays_the_lower_price_in_michigan() -> None:
    """7,786 precincts at $25, because she is within 0.5 % of the winner."""
    assert planned(PlannedContest(contest=contest("MI", "Clinton", precincts=7_786))).low == "194650"


def test_actual_cost_needs_an_estimate() -> None:
    """Wisconsin's price is no number until somebody estimates it: it is named, never taken as nothing."""
    found = planned(PlannedContest(contest=contest("WI")))
    assert (found.states[0].low, found.states[0].basis) == (None, "unknown")
    assert found.sentence == "Wisconsin is not in the sum: needs an estimate of the actual cost."


def test_the_checklist_goes_by_time_and_counts_nothing_from_memory() -> None:
    """Times rise; what is from memory stands last and says where to look."""
    found = steins_three().checklist
    times = [task.deadline.closes for task in found if task.deadline.closes]
    assert times == sorted(times)
    assert len(times) == len(found) - 1
    assert found[-1].deadline.look_up.endswith("Look it up in 25 P.S. 3263.")
    assert not any(task.deadline.act == "waiver" for task in found)


def test_a_time_that_may_end_early_stands_where_it_ends_first() -> None:
    """Michigan's 48 hours may end before North Carolina's noon, or twelve hours after it."""
    michigan = replace(contest("MI"), acts={"state_canvass": "2016-11-28"})
    carolina = replace(
        contest("MI"), state="NC", office="us-senate", acts={"county_canvass": "2016-11-28"}
    )  # fmt: skip
    found = planned(PlannedContest(contest=carolina), PlannedContest(contest=michigan)).checklist
    asking = [task for task in found if task.deadline.act == "request" and task.deadline.closes]
    assert [task.state for task in asking] == ["MI", "NC"]
    michigans, carolinas = (task.deadline.closes for task in asking)
    assert michigans and carolinas and michigans > carolinas


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=8))
@settings(deadline=None, max_examples=25)
def test_jurisdictions_add_up_to_the_state(precincts: list[int]) -> None:
    """However the precincts are divided, the lines of a price per precinct are its sum."""
    parts = tuple(Jurisdiction(name=f"County {at}", precincts=n) for at, n in enumerate(precincts))
    state = planned(PlannedContest(contest=contest("MI"), jurisdictions=parts)).states[0]
    assert [line.jurisdiction for line in state.lines] == [part.name for part in parts]
    assert sum(Fraction(line.amount or 0) for line in state.lines) == Fraction(state.low or 0)
    assert Fraction(state.low or 0) == 125 * sum(precincts)


def test_stated_unit_prices_go_by_jurisdiction() -> None:
    """A price per ballot that an office states; each county has its line with its method."""
    parts = (
        Jurisdiction(name="Dane", ballots=300_000, method="hand"),
        Jurisdiction(name="Door", ballots=17_000, method="machine"),
    )
    price = StatedPrice(per_ballot="1.25", source="the clerks")
    state = planned(PlannedContest(contest=contest("WI"), jurisdictions=parts, stated=price)).states[0]
    assert state.low == "396250"
    assert [(line.method, line.amount) for line in state.lines] == [("hand", "375000"), ("machine", "21250")]


def test_one_of_several_prices_may_be_chosen() -> None:
    """The bond instead of cash; a choice that is none is told with those there are."""
    bond = PlannedContest(contest=contest("PA", precincts=10), choose="bond")
    assert planned(bond).memory_high == planned(bond).memory_low == "1000"
    with pytest.raises(RequestError, match=r"no price fits 'gold': cash, each election district"):
        planned(PlannedContest(contest=contest("PA", precincts=10), choose="gold"))


FOUR = (Jurisdiction(name="A", precincts=4),)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (PlannedContest(contest=contest("MI", precincts=5), jurisdictions=FOUR), "its jurisdictions have 4"),
        (PlannedContest(contest=contest("WI"), stated=StatedPrice(source="x")), "state an amount"),
        (PlannedContest(contest=contest("WI"), stated=StatedPrice(source="x", amount="1", per_ballot="2")),
         "not both"),
    ],
)  # fmt: skip
def test_plans_that_contradict_themselves_are_refused(wrong: PlannedContest, why: str) -> None:
    """Units or prices that say two things, or nothing."""
    with pytest.raises(RequestError, match=why):
        planned(wrong)


def test_where_nobody_may_ask_there_is_no_price() -> None:
    """The winner has nothing to petition for; nothing is summed for him."""
    found = planned(PlannedContest(contest=contest("MI", "Trump", precincts=7_786)))
    assert found.states[0].low is None
    assert found.low == "0"
    assert "no recount can be asked for" in found.sentence


def test_a_plan_on_paper() -> None:
    """Sums, basis, and the checklist with what is to be looked up."""
    pdf = papers.plan(steins_three(), dt.datetime(2016, 11, 23, 18, tzinfo=dt.UTC))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    words = " ".join(text.split())
    for each in ("$4,472,939", "$973,250", "$457,900 to $915,800", "Fri 25 Nov 2016, 17:00 CST", "look up"):
        assert each in words
