"""What the law allows, by each state's own clock and holidays, and with the numbers of a case."""

import datetime as dt
from zoneinfo import available_timezones

import pytest

from tallyproof.election.jurisdiction import STATES
from tallyproof.errors import RequestError
from tallyproof.recount.options import RecountOptions, Verdict
from tallyproof.recount.parts import RecountCost, RecountDeadline
from tallyproof.recount.rule import Moment, Unit
from tallyproof.services import cases, clocks, importing, recounting
from tallyproof.services.access import READER, Actor
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.store import rules

DAY = dt.date(2016, 11, 8)
VOTES = {"Donald Trump": 2_279_543, "Hillary Clinton": 2_268_839, "Jill Stein": 51_463}


def asked(**more: object) -> RecountOptions:
    """Michigan's race for President, with what a test changes."""
    given = {"state": "MI", "date": DAY, "office": "president", "votes": VOTES, "total": 4_799_284}
    return RecountOptions(**(given | more))  # type: ignore[arg-type]


def test_every_state_has_a_clock() -> None:
    """51 zones that exist; where counties keep another time it is said."""
    assert set(clocks.ZONES) == set(rules.states())
    assert set(clocks.ZONES.values()) <= available_timezones()
    assert set(clocks.SPLIT) <= set(clocks.ZONES)


@pytest.mark.parametrize(
    ("state", "day", "holiday", "doubtful"),
    [
        ("WI", dt.date(2016, 11, 24), True, False),
        ("WI", dt.date(2016, 11, 25), False, False),
        ("PA", dt.date(2016, 11, 25), False, True),
        ("PA", dt.date(2016, 10, 10), True, False),
        ("WI", dt.date(2016, 10, 10), False, False),
        ("MI", dt.date(2016, 11, 8), False, True),
        ("WY", dt.date(2016, 12, 26), True, False),
        ("HI", dt.date(2024, 11, 11), True, False),
    ],
)
def test_holidays_are_those_of_state_and_nation_both(
    state: str, day: dt.date, holiday: bool, doubtful: bool
) -> None:
    """What a state alone keeps is doubtful; what the nation keeps and the state does not is a working day."""
    office = recounting.office_of(state)
    assert (office.is_holiday(day), office.is_doubtful(day)) == (holiday, doubtful)


def test_the_same_minute_is_another_hour_in_another_state() -> None:
    """A time without zone is the state's; one with a zone is turned to it; none is now."""
    noon = dt.datetime.fromisoformat("2016-11-23T12:00")
    assert recounting.asked_at(noon, "WI").isoformat() == "2016-11-23T12:00:00-06:00"
    assert recounting.asked_at(noon.replace(tzinfo=dt.UTC), "HI").isoformat() == "2016-11-23T02:00:00-10:00"
    now = recounting.asked_at(None, "AZ")
    assert abs(now - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert now.utcoffset() == dt.timedelta(hours=-7)


def test_states_are_known_by_code_and_name() -> None:
    """A state that is none is refused with the list."""
    assert recounting.rules_of("wisconsin").state == recounting.rules_of(" wi ").state == "WI"
    with pytest.raises(RequestError, match=r"'Cheese' is no state. There are rules for: AK, AL, .* WY\."):
        recounting.rules_of("Cheese")
    with pytest.raises(RequestError, match="Puerto Rico has no rule file"):
        recounting.rules_of("PR")


def test_the_one_who_asks_is_found_by_part_of_the_name() -> None:
    """ "stein" is Jill Stein; a part that fits two or none is refused."""
    assert recounting.options(asked(requester="stein")).requester == "Jill Stein"
    with pytest.raises(RequestError, match="'l' fits 3 choices"):
        recounting.options(asked(requester="l"))
    with pytest.raises(RequestError, match="'Nobody' is not among the choices: Donald Trump"):
        recounting.options(asked(requester="Nobody"))


def test_a_winner_cannot_ask() -> None:
    """Who has won by these numbers has nothing to ask for."""
    found = recounting.options(asked(requester="Donald Trump", date=dt.date(2026, 11, 3), state="WI"))
    assert found.verdict is Verdict.NOT_AVAILABLE
    assert [each.because for each in found.requesters] == ["Donald Trump has won by these numbers."]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"votes": {}, "total": None}, "Give the votes by choice, or the margin"),
        ({"margin": 5}, "Give the votes by choice or the margin, not both"),
        ({"votes": {}, "margin": 11, "total": 10}, "The margin of 11 is larger than all 10 votes"),
        ({"votes": {}, "margin": 1, "requester": "Stein"}, "Whether Stein may ask depends on the votes"),
        ({"votes": {"Ann": 3}, "total": 3}, "nobody can lose"),
        ({"votes": {"Ann": 3, "Bob": -1}, "total": 3}, "Votes cannot be below 0"),
        ({"total": 7}, "The total is 7, less than the choices' 4,599,845 votes"),
        ({"office": "dog-catcher"}, "'dog-catcher' is no office here; offices: president,"),
        ({"election": "raffle"}, "'raffle' is no type of election: general,"),
        ({"acts": {"supper": "2016-11-28"}}, "'supper' is no official act; acts: election,"),
        ({"acts": {"state_canvass": "noon"}}, "'noon' is no day; write state_canvass=2016-11-28"),
        ({"acts": {"state_canvass": "2016-11-28T16:00-05:00"}}, "by the clock of the state, without one"),
        ({"numbers": {"dogs": 3}}, "'dogs' is no number that a law reads"),
    ],
)
def test_impossible_numbers_are_refused(more: dict[str, object], words: str) -> None:
    """In a sentence that says what to do."""
    with pytest.raises(RequestError, match=words):
        recounting.options(asked(**more))


def test_before_the_first_version_no_rule_is_known() -> None:
    """That is never said to be no recount."""
    found = recounting.options(asked(date=dt.date(1990, 11, 6)))
    assert found.verdict is Verdict.NO_RULE_KNOWN
    assert "That does not mean that no recount is possible" in found.sentence
    assert (found.deadlines, found.costs, found.conditions) == ((), (), ())


def test_one_margin_put_to_every_state() -> None:
    """22,177 of 2,975,313: few triggers fire, and what they cannot see is said."""
    found = recounting.every_state(
        asked(state="", date=dt.date(2026, 11, 3), votes={}, margin=22_177, total=2_975_313)
    )
    groups = [found.fire, found.blind, found.without, found.open, found.no_rule]
    assert sorted(state for group in groups for state in group) == list(rules.states())
    assert {"SC", "DC"} <= set(found.fire)
    assert {"PA", "FL", "MI"} <= set(found.blind)
    assert "WI" in found.without
    silent = len(found.blind) + len(found.without)
    assert f"no trigger would tell in the {silent} where none fires" in found.trigger_sentence
    with pytest.raises(RequestError, match="give one margin and one total"):
        recounting.every_state(asked())


def test_a_moment_is_counted_by_the_states_clock() -> None:
    """Three business days after election day in Michigan, Veterans Day left out."""
    moment = Moment(count=3, unit=Unit.BUSINESS_DAYS, after="election")
    found = recounting.deadlines(RecountDeadline(state="MI", date=DAY, moment=moment))
    assert found.moment and found.moment.at
    assert found.moment.at.isoformat() == "2016-11-14T23:59:00-05:00"
    assert found.moment.standing == "past"
    with pytest.raises(RequestError, match="moment: 'count' and 'unit' belong together"):
        recounting.deadlines(RecountDeadline(state="MI", date=DAY, moment=Moment(count=3, after="election")))


def test_deadlines_alone_are_those_of_the_whole_answer() -> None:
    """The same days, without asking for votes."""
    on = dt.datetime.fromisoformat("2016-11-29T09:00")
    found = recounting.deadlines(RecountDeadline(state="MI", date=DAY, on=on))
    assert found.deadlines == recounting.options(asked(on=on)).deadlines
    assert (
        "Wed 30 Nov 2016, 00:00 EST at the earliest, Wed 30 Nov 2016, 23:59 EST at the latest"
        in found.sentence
    )


@pytest.mark.parametrize(
    ("state", "margin", "numbers", "sentence"),
    [
        ("MI", 10_704, {"precincts": 7_786}, "For the petitioner: $25 per precinct ($194,650)."),
        ("MI", 10_704, {}, "For the petitioner: $25 per precinct."),
        ("MI", 2_000, {}, "The recount is automatic, so nobody has to ask and pay for it."),
        ("WI", 5_000, {}, "Free of charge for the one who asks."),
        (
            "PA", 44_292, {"precincts": 9_158},
            "For the petitioners: $50 per precinct ($457,900); or $100 per precinct ($915,800). "
            "The price is from memory: look it up in 25 P.S. 3261 and 3262.",
        ),
    ],
)  # fmt: skip
def test_costs_alone(state: str, margin: int, numbers: dict[str, int], sentence: str) -> None:
    """What the one who asks pays, in a sentence."""
    found = recounting.cost(
        RecountCost(
            state=state, date=DAY, office="president", margin=margin, total=4_799_284, numbers=numbers
        )
    )
    assert found.sentence == sentence


def test_numbers_of_a_case_are_put_to_the_law(workspace: Workspace, clerk: Actor, tmp_path: object) -> None:
    """Each contest of a case with the votes that it has, its state and its day."""
    from pathlib import Path

    table = Path(str(tmp_path)) / "20161108__mi__general__county.csv"
    rows = [("Donald Trump", 600), ("Hillary Clinton", 590), ("Jill Stein", 20)]
    text = "county,office,district,party,candidate,votes\n" + "".join(
        f"Kent,President,,,{name},{votes}\n" for name, votes in rows
    )
    table.write_text(text)
    cases.open_case(workspace, clerk, "kent", title="Kent", election=DAY)
    importing.import_returns(workspace, clerk, "kent", Request((table,), source="Kent", state="MI"))
    (found,) = recounting.of_case(workspace, READER, "kent")
    assert found.contest == "mi-president"
    assert found.problem == RecountOptions(
        state="MI", date=DAY, office="president", votes=dict(rows), total=1_210
    )
    assert recounting.options(found.problem).verdict is Verdict.AUTOMATIC
    with pytest.raises(RequestError, match="has no contest 'mi-governor'"):
        recounting.of_case(workspace, READER, "kent", "mi-governor")


def test_every_state_that_has_rules_has_a_name_and_a_file() -> None:
    """All rules are read, each under the name that people know."""
    assert [each.state for each in recounting.all_rules()] == list(rules.states())
    assert all(STATES[each.state] == each.name for each in recounting.all_rules())
