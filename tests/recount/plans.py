"""Plans to ask of: the three states of 2016."""

from __future__ import annotations

import datetime as dt

from tallyproof.recount.budget import PlannedContest, RecountPlan, RecountPlanAnswer, StatedPrice
from tallyproof.recount.options import RecountOptions
from tallyproof.services import recount_plans

VOTES = {
    "WI": {"Trump": 1_404_440, "Clinton": 1_381_823, "Johnson": 106_585, "Stein": 31_006},
    "MI": {"Trump": 2_279_543, "Clinton": 2_268_839, "Johnson": 172_136, "Stein": 51_463},
    "PA": {"Trump": 2_970_733, "Clinton": 2_926_441, "Johnson": 146_715, "Stein": 49_941},
}
ESTIMATE = StatedPrice(amount="3499689", source="Wisconsin Elections Commission, 28 November 2016")


def contest(state: str, requester: str = "Stein", **numbers: int) -> RecountOptions:
    """President 2016 in one of the three states."""
    return RecountOptions(
        state=state,
        date=dt.date(2016, 11, 8),
        office="president",
        votes=VOTES[state],
        requester=requester,
        numbers=numbers,
        acts={"last_county_statement": "2016-11-21"},
    )


def planned(*contests: PlannedContest) -> RecountPlanAnswer:
    """A plan as of noon of 23 November 2016."""
    return recount_plans.plan(RecountPlan(contests=contests, on=dt.datetime(2016, 11, 23, 12)))  # noqa: DTZ001


def steins_three() -> RecountPlanAnswer:
    """Wisconsin by the estimate, Michigan by precinct, Pennsylvania by district."""
    return planned(
        PlannedContest(contest=contest("WI"), stated=ESTIMATE),
        PlannedContest(contest=contest("MI", precincts=7_786)),
        PlannedContest(contest=contest("PA", precincts=9_158)),
    )
