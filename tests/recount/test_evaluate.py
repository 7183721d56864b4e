"""One contest put to one law: conditions, who may ask, deadlines and prices of rules made for the test."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallyproof.recount.calendar import Office
from tallyproof.recount.evaluate import evaluate
from tallyproof.recount.loading import load
from tallyproof.recount.numbers import of_margin, of_votes
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer, Standing, Verdict

OFFICE = Office(ZoneInfo("America/Chicago"), lambda day: False)
DAY = dt.date(2026, 11, 3)
HEAD = """
state = "WI"
name = "Wisconsin"
as_of = "2026"
confidence = "high"
sources = []
[[law]]
effective_from = 2020-01-01
"""
CITED = 'citation = "9.01"\nbasis = "source"\n'
AUTOMATIC = f'[[law.test]]\nname = "close"\nthen = "automatic"\nwhen = "margin <= 10"\n{CITED}'
ASKED = f'[[law.test]]\nname = "any"\nthen = "requestable"\nwhen = "margin_petitioner <= 50"\n{CITED}'
FREE = f'[[law.test]]\nname = "no fee"\nthen = "free"\nwhen = "margin_petitioner <= 20"\n{CITED}'
WEIGHED = f'[[law.test]]\nname = "a court"\nthen = "discretionary"\n{CITED}'
CANDIDATE = f'[[law.requester]]\nwho = "candidate"\nkind = "candidate"\nwords = "a loser"\n{CITED}'
REQUEST = f'[[law.deadline]]\nact = "request"\nwords = "two days after"\n{CITED}'
COUNTED = 'closes = { count = 2, unit = "days", after = "certification" }\n'
COST = f'[[law.cost]]\npayer = "she"\nwords = "money"\nform = "fee"\n{CITED}'
TIERS = """[[law.cost.tiers]]
name = "near"
when = "margin_petitioner <= 30"
per_precinct = "25"
included = 2
[[law.cost.tiers]]
name = "far"
fixed = "0.5"
per_ballot = "0.15"
"""


def answer(*law: str, on: str = "2026-11-20", **given: Any) -> RecountOptionsAnswer:
    """Ask this law about a contest."""
    rules = load(HEAD + CITED + "\n".join(law), "wi.toml")
    asked = dt.datetime.fromisoformat(on).replace(tzinfo=OFFICE.zone)
    problem: dict[str, Any] = {"state": "WI", "date": DAY, "office": "governor", "total": 1_000} | given
    return evaluate(RecountOptions(**problem), rules, OFFICE, asked)


@pytest.mark.parametrize(
    ("margin", "law", "verdict", "free"),
    [
        (10, [AUTOMATIC, ASKED], Verdict.AUTOMATIC, False),
        (11, [AUTOMATIC, ASKED], Verdict.REQUESTABLE, False),
        (20, [ASKED, FREE], Verdict.REQUESTABLE, True),
        (21, [ASKED, FREE], Verdict.REQUESTABLE, False),
        (51, [AUTOMATIC, ASKED], Verdict.NOT_AVAILABLE, False),
        (51, [ASKED, WEIGHED], Verdict.DISCRETIONARY, False),
        (11, [AUTOMATIC.replace("margin <= 10", "margin <= overvotes")], Verdict.CANNOT_BE_DECIDED, False),
        (
            11,
            [AUTOMATIC.replace("margin <= 10", "margin <= overvotes"), ASKED],
            Verdict.CANNOT_BE_DECIDED,
            False,
        ),
        (9, [AUTOMATIC, AUTOMATIC.replace("margin <= 10", "margin <= overvotes")], Verdict.AUTOMATIC, False),
        (11, [], Verdict.NOT_AVAILABLE, False),
    ],
)
def test_the_strongest_verdict_that_follows(
    margin: int, law: list[str], verdict: Verdict, free: bool
) -> None:
    """What cannot be decided is never taken as no, and discretion is a verdict of its own."""
    found = answer(*law, margin=margin)
    assert (found.verdict, found.free) == (verdict, free)


def test_a_day_before_every_version_has_no_rule_known() -> None:
    """The first version begins in 2020."""
    assert answer(AUTOMATIC, margin=1, date=dt.date(2019, 12, 31)).verdict is Verdict.NO_RULE_KNOWN
    assert answer(AUTOMATIC, margin=1, date=dt.date(2020, 1, 1)).verdict is Verdict.AUTOMATIC


def test_a_statement_is_for_the_contests_of_its_scope() -> None:
    """One word must fit, no exception may; where no test is for a contest, its rule is not known."""
    only = AUTOMATIC.replace("then =", 'scope = ["executive"]\nexcluding = ["primary"]\nthen =')
    assert answer(only, margin=1).verdict is Verdict.AUTOMATIC
    assert answer(only, margin=1, office="us-senate").verdict is Verdict.NO_RULE_KNOWN
    assert answer(only, margin=1, election="primary").verdict is Verdict.NOT_AVAILABLE


@pytest.mark.parametrize("on", ["2026-11-20", "2026-11-25"])
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_that_end_together_the_surer_is_told(order: int, on: str) -> None:
    """Two days end as 48 hours do at the latest, of an act whose hour is not known, and not before."""
    hours = COUNTED.replace("days", "hours").replace("count = 2,", "count = 48,")
    told = [REQUEST + COUNTED, REQUEST + hours][::order]
    found = answer(ASKED, *told, margin=11, on=on, acts={"certification": "2026-11-20"})
    word = "ends" if on < "2026-11-22" else "ended"
    assert found.sentence.endswith(f"The time to ask {word} Sun 22 Nov 2026, 23:59 CST.")


@pytest.mark.parametrize(
    ("asked", "standing", "words"),
    [
        ("2026-11-22T23:59", Standing.OPEN, "It is open until Sun 22 Nov 2026, 23:59 CST."),
        ("2026-11-23T00:00", Standing.PAST, "It ended Sun 22 Nov 2026, 23:59 CST."),
        (
            "2026-11-19T23:59",
            Standing.NOT_YET_RUNNING,
            "not yet running; it ends Sun 22 Nov 2026, 23:59 CST.",
        ),
    ],
)
def test_a_deadline_stands_as_the_clock_says(asked: str, standing: Standing, words: str) -> None:
    """Open to its last minute, past after it, not yet running before the act."""
    acts = {"certification": "2026-11-20"}
    (found,) = answer(ASKED, REQUEST + COUNTED, margin=11, on=asked, acts=acts).deadlines
    assert found.standing is standing
    assert words in found.sentence


@pytest.mark.parametrize(
    "deadline",
    [
        REQUEST.replace('basis = "source"', 'basis = "memory"') + COUNTED,
        REQUEST + 'memory = ["closes"]\n' + COUNTED,
        REQUEST + 'memory = ["words"]\n' + COUNTED,
    ],
)
def test_what_is_from_memory_gets_no_time(deadline: str) -> None:
    """Neither time nor chain; the answer says what to look up and where."""
    (found,) = answer(ASKED, deadline, margin=11, acts={"certification": "2026-11-20"}).deadlines
    assert (found.closes, found.chain, found.standing) == (None, (), Standing.UNKNOWN)
    assert found.look_up.endswith("Look it up in 9.01.")


def test_an_act_from_memory_is_not_counted_from() -> None:
    """The day of an act that nobody has checked must be given."""
    act = '[[act]]\nelection = 2026-11-03\nevent = "certification"\non = 2026-11-20\n'
    act += 'citation = "9"\nbasis = "{}"\n'
    for basis, closes in (("memory", None), ("source", dt.date(2026, 11, 22))):
        (found,) = answer(ASKED, REQUEST + COUNTED, act.format(basis), margin=11).deadlines
        assert (found.closes and found.closes.date()) == closes
    (given,) = answer(
        ASKED, REQUEST + COUNTED, act.format("source"), margin=11, acts={"certification": "2026-11-24"}
    ).deadlines
    assert given.closes and given.closes.date() == dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("margin", "numbers", "prices"),
    [
        (30, {"precincts": 12}, {"near": (True, "250"), "far": (False, None)}),
        (30, {"precincts": 1}, {"near": (True, "0"), "far": (False, None)}),
        (30, {}, {"near": (True, None), "far": (False, None)}),
        (31, {"ballots": 1_001}, {"near": (False, None), "far": (True, "150.65")}),
    ],
)
def test_prices_are_exact(
    margin: int, numbers: dict[str, int], prices: dict[str, tuple[bool, str | None]]
) -> None:
    """The first tier that holds, units that are free, nothing lost in cents: 1,001 × 0.15 + 0.5."""
    (found,) = answer(ASKED, COST + TIERS, margin=margin, numbers=numbers).costs
    assert {tier.name: (tier.applies, tier.amount) for tier in found.tiers} == prices


def test_where_the_payer_chooses_every_tier_that_holds_is_shown() -> None:
    """By hand or by machine, each with its price."""
    (found,) = answer(
        ASKED, COST + "choices = true\n" + TIERS, margin=30, numbers={"precincts": 3, "ballots": 100}
    ).costs
    assert [(tier.applies, tier.amount) for tier in found.tiers] == [(True, "25"), (True, "15.50")]


@pytest.mark.parametrize(
    ("requester", "verdict", "qualifies"),
    [
        ("Bob", Verdict.REQUESTABLE, True),
        ("Cy", Verdict.NOT_AVAILABLE, True),
        ("Ann", Verdict.NOT_AVAILABLE, False),
    ],
)
def test_who_asks_decides(requester: str, verdict: Verdict, qualifies: bool) -> None:
    """Bob trails by 40, Cy by 300, Ann has won."""
    votes = {"Ann": 500, "Bob": 460, "Cy": 200}
    found = answer(AUTOMATIC, ASKED, CANDIDATE, votes=votes, total=1_160, requester=requester)
    assert (found.verdict, found.requesters[0].qualifies) == (verdict, qualifies)


@pytest.mark.parametrize("requester", ["Ann", "Bob", "Cy"])
def test_in_a_tie_each_of_the_tied_may_ask(requester: str) -> None:
    """Whatever their names: of two seats Dee has won one, and three have as many votes for the other."""
    votes = {"Ann": 500, "Bob": 500, "Cy": 500, "Dee": 501}
    found = of_votes(votes, 2, None, requester)
    assert (found.has_won, found.request["margin"]) == (False, 0)
    assert of_votes(votes, 2, None, "Dee").has_won
    asked = answer(ASKED, CANDIDATE, votes=votes, total=2_001, seats=2, requester=requester)
    assert (asked.verdict, asked.requesters[0].qualifies) == (Verdict.REQUESTABLE, True)


@settings(deadline=None)
@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**7), min_size=2, max_size=6), st.data()
)
def test_votes_give_the_margin_of_lowest_winner_and_highest_loser(
    votes: dict[str, int], data: st.DataObject
) -> None:
    """And that to the one who asks; the two are the same for the highest loser."""
    seats = data.draw(st.integers(1, len(votes) - 1))
    ordered = sorted(votes.values(), reverse=True)
    found = of_votes(votes, seats, None, "").contest
    assert found["margin"] == ordered[seats - 1] - ordered[seats] == found["margin_petitioner"]
    assert (found["total"], found["top2"]) == (sum(ordered), ordered[seats - 1] + ordered[seats])
    name = data.draw(st.sampled_from(sorted(votes)))
    asked = of_votes(votes, seats, None, name)
    if not asked.has_won:
        assert asked.request["margin"] == ordered[seats - 1] - votes[name]


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_choices_share_all_votes(margin: int, total: int) -> None:
    """Winner and loser add up to the total, or to one more where the numbers leave half a vote."""
    assume(margin <= total)
    found = of_margin(margin, total, 1, only_two=True).contest
    winner, loser = found["winner"], found["loser"]
    assert winner is not None and loser is not None
    assert winner - loser == margin and 0 <= winner + loser - total <= 1
