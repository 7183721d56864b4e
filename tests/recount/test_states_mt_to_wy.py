"""Rule files from Montana to Wyoming: what single states do, in answers and days that people have read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tallyproof.recount.calendar import Happened, reckon
from tallyproof.recount.evaluate import known_acts
from tallyproof.recount.options import RecountOptions
from tallyproof.recount.rule import Moment, Skipped, Unit

from .contests import EASTERN, answered, charged, rules_of, short, times, two


@pytest.mark.parametrize(
    ("state", "winner", "loser", "rest", "verdict"),
    [
        ("NE", 50_100, 49_600, 300, "auto"),
        ("NE", 40_000, 39_500, 20_500, "ask"),
        ("NE", 250, 245, 5, "auto"),
        ("NE", 250, 244, 6, "ask"),
        ("NE", 250, 245, 6, "ask"),
        ("ND", 100_000, 99_500, 0, "auto"),
        ("ND", 100_000, 99_499, 0, "ask"),
        ("ND", 100_000, 98_001, 0, "ask"),
        ("ND", 100_000, 98_000, 0, "no"),
        ("WY", 100_000, 99_001, 50_000, "auto"),
        ("WY", 100_000, 99_000, 50_000, "ask"),
        ("TX", 100_000, 90_001, 50_000, "ask"),
        ("TX", 100_000, 90_000, 50_000, "weigh"),
        ("OR", 220_450, 219_550, 60_000, "ask"),
        ("OR", 220_440, 219_560, 60_000, "auto"),
        ("VA", 100_500, 99_500, 90_000, "ask+free"),
        ("VA", 100_501, 99_500, 90_000, "ask"),
        ("WA", 188_250, 186_750, 5_000, "auto"),
        ("WA", 125_750, 124_250, 5_000, "ask"),
    ],
)
def test_a_base_of_the_winner_or_the_two_leaves_the_others_out(
    state: str, winner: int, loser: int, rest: int, verdict: str
) -> None:
    """The share is of the winner's votes or of the two compared, never of all."""
    votes = {"A": winner, "B": loser, "C": rest}
    assert short(answered(state, "2026-11-03", "governor", votes=votes)) == verdict


def test_the_base_is_divided_by_the_seats_in_vermont_and_wisconsin() -> None:
    """Two seats halve the votes that the share is taken of."""
    vermont = [two("VT", "2026-11-03", "state-senate", m, 20_000, seats=2) for m in (180, 200, 201)]
    wisconsin = [two("WI", "2026-11-03", "school-board", m, 20_000, seats=2) for m in (25, 100, 101)]
    assert vermont == ["ask+free", "ask+free", "no+free"]
    assert wisconsin == ["ask+free", "ask", "no"]


def test_primaries_have_limits_of_their_own() -> None:
    """1 % of the winner in North Dakota; 10 votes or 1.5 % of the party's ballots in New Hampshire."""
    north = {"A": 50_000, "B": 49_500}
    assert short(answered("ND", "2026-06-09", "governor", election="primary", votes=north)) == "auto"
    given: dict[str, Any] = {"election": "primary", "numbers": {"ballots": 10_000}}
    hampshire = [two("NH", "2026-09-08", "governor", m, 10_000, **given) for m in (9, 149, 150)]
    assert hampshire == ["ask", "ask", "no"]


@pytest.mark.parametrize(("votes", "verdict"), [(9, "ask"), (8, "no")])
def test_a_presidential_primary_of_new_hampshire_asks_for_nine_percent(votes: int, verdict: str) -> None:
    """Any person with 9 % of the votes may ask, however far behind."""
    given = {"A": 80, "C": 20 - votes, "B": votes}
    found = answered(
        "NH",
        "2024-01-23",
        "president",
        election="primary",
        votes=given,
        requester="B",
        numbers={"ballots": 100},
    )
    assert short(found) == verdict


@pytest.mark.parametrize(("ballots", "verdict"), [(1_000_000, "auto"), (999_999, "weigh"), (None, "open")])
def test_new_york_recounts_a_million_ballots_below_5000_votes(ballots: int | None, verdict: str) -> None:
    """4,999 of 900,000 votes are more than half a percent: the ballots cast decide."""
    given = {} if ballots is None else {"ballots": ballots}
    assert two("NY", "2026-11-03", "governor", 4_999, 900_000, numbers=given) == verdict
    assert two("NY", "2026-11-03", "governor", 5_000, 900_000, numbers=given) == "weigh"


@pytest.mark.parametrize(("registered", "verdict"), [(150_000, "auto"), (150_001, "ask"), (None, "open")])
def test_county_offices_of_new_mexico_depend_on_the_registered_voters(
    registered: int | None, verdict: str
) -> None:
    """0.7 % is automatic in a smaller county only; without the number nothing is decided."""
    given = {} if registered is None else {"registered": registered}
    assert two("NM", "2026-11-03", "county-office", 700, 100_000, numbers=given) == verdict


@pytest.mark.parametrize(("write_ins", "verdict"), [(1, "ask"), (0, "no"), (None, "open")])
def test_virginia_gives_a_contest_with_a_write_in_candidate_five_percent(
    write_ins: int | None, verdict: str
) -> None:
    """At 3 % it has to be said whether one of the two is a write-in candidate."""
    given = {} if write_ins is None else {"write_ins": write_ins}
    assert two("VA", "2026-11-03", "governor", 30_000, 1_000_000, numbers=given) == verdict


@pytest.mark.parametrize(("margin", "method"), [(999, "by hand"), (1_000, "by machine")])
def test_washington_counts_by_hand_where_fewer_than_1000_votes_decide(margin: int, method: str) -> None:
    """The sentence names the count by hand first; 1,000 votes are counted by machine."""
    found = answered("WA", "2026-11-03", "governor", margin=margin, total=1_000_000, only_two=True)
    first = next(each for each in found.conditions if each.then == "automatic" and each.holds)
    assert first.method.startswith(method)


@pytest.mark.parametrize(("margin", "holds"), [(149, True), (150, False)])
def test_washington_counts_other_offices_by_hand_below_150_votes(margin: int, holds: bool) -> None:
    """The limit of 1,000 votes is for statewide offices alone."""
    found = answered("WA", "2026-11-03", "us-house", margin=margin, total=100_000, only_two=True)
    assert [each.holds for each in found.conditions if each.method.startswith("by hand")] == [holds]


@pytest.mark.parametrize(
    ("office", "votes_for", "given", "verdict"),
    [
        ("statewide-question", 4_900, {}, "auto"),
        ("statewide-question", 4_899, {}, "ask"),
        ("constitutional-amendment", 4_880, {"ballots": 12_000}, "auto"),
        ("constitutional-amendment", 4_879, {"ballots": 12_000}, "ask"),
        ("constitutional-amendment", 4_880, {}, "open"),
    ],
)
def test_wyoming_measures_a_proposition_by_its_distance_from_passage(
    office: str, votes_for: int, given: dict[str, int], verdict: str
) -> None:
    """1 % of the votes on it, for an amendment of all ballots, either side of the 5,000 required."""
    numbers = {"votes_for": votes_for, "required": 5_000, **given}
    assert two("WY", "2026-11-03", office, 200, 10_000, numbers=numbers) == verdict


def test_oregon_measures_a_nonpartisan_primary_by_its_distance_from_a_majority() -> None:
    """A candidate 20 votes from the majority of 10,000 is recounted, one 21 votes away is not."""
    found = [
        two(
            "OR",
            "2026-05-19",
            "trial-court",
            500,
            10_000,
            election="primary",
            numbers={"votes_for": votes, "required": 5_001},
        )
        for votes in (4_981, 4_980)
    ]
    assert found == ["auto", "ask"]


def test_later_stages_read_what_comes_later() -> None:
    """The audit of South Dakota against the margin, the sample of North Carolina on demand."""
    for margin, holds in ((9, True), (10, False), (None, None)):
        stages = {} if margin is None else {"2": margin}
        found = answered(
            "SD", "2026-11-03", "governor", margin=9, total=900, stages=stages, numbers={"discrepancy": 10}
        )
        assert [each.holds for each in found.conditions if each.stage == 2] == [holds]
    carolina = answered("NC", "2026-11-03", "governor", margin=9, total=900)
    assert [each.returns for each in carolina.conditions if each.stage == 2] == ["the machine recount"]


# ---- races that happened


WISCONSIN = {"Trump": 1_404_440, "Clinton": 1_381_823, "Stein": 31_072}


def test_under_todays_law_stein_could_not_ask_in_wisconsin_and_clinton_could() -> None:
    """In 2016 any candidate could; since 2018 only one who trails by at most 1 %."""
    found = {
        (day, who): short(answered("WI", day, "president", votes=WISCONSIN, total=2_976_150, requester=who))
        for day in ("2016-11-08", "2024-11-05")
        for who in ("Stein", "Clinton")
    }
    assert list(found.values()) == ["ask", "ask", "no", "ask"]


def test_the_race_of_2011_would_not_be_free_today() -> None:
    """7,316 of 1,498,880 votes: within half a percent, not within a quarter."""
    assert two("WI", "2011-04-05", "supreme-court", 7_316, 1_498_880) == "ask+free"
    assert two("WI", "2023-04-04", "supreme-court", 7_316, 1_498_880) == "ask"


def test_washington_2004_would_be_counted_by_hand_today() -> None:
    """261 votes were counted by machine then, and would be by hand under the text of 2025."""
    methods = {}
    for day in ("2004-11-02", "2026-11-03"):
        found = answered("WA", day, "governor", margin=261, total=2_883_499, only_two=True)
        methods[day] = next(
            each.method for each in found.conditions if each.then == "automatic" and each.holds
        )
    assert methods["2004-11-02"].startswith("by machine")
    assert methods["2026-11-03"].startswith("by hand")


@pytest.mark.parametrize(("on", "standing"), [("2016-11-23T12:00", "open"), ("2016-12-01T12:00", "past")])
def test_wisconsin_2016_ends_on_the_friday_after_thanksgiving(on: str, standing: str) -> None:
    """The third business day after Monday the 21st, the receipt given by the one who asks."""
    acts = {"last_county_statement": "2016-11-21"}
    found = answered("WI", "2016-11-08", "president", on=on, votes=WISCONSIN, acts=acts)
    request = next(each for each in found.deadlines if each.act == "request")
    assert (request.standing, times(found, "request")) == (standing, ["2016-11-25 17:00"])


def test_the_receipt_of_the_last_county_statement_of_2016_is_not_in_the_file() -> None:
    """It has not been verified, so without it no day is counted and the answer says what it needs."""
    found = answered("WI", "2016-11-08", "president", votes=WISCONSIN)
    request = next(each for each in found.deadlines if each.act == "request")
    assert request.closes is None and "last_county_statement" in request.needs


@pytest.mark.parametrize(
    ("on", "petition", "contest"),
    [
        ("2016-11-18T12:00", "open", "open"),
        ("2016-11-23T12:00", "past", "open"),
        ("2016-11-28T12:00", "past", "open"),
        ("2016-12-01T12:00", "past", "past"),
    ],
)
def test_pennsylvania_2016_had_closed_its_petitions_before_its_court_contest(
    on: str, petition: str, contest: str
) -> None:
    """Voters' petitions to the boards ended with the county computation, the contest on the 28th."""
    found = answered("PA", "2016-11-08", "president", on=on, margin=44_292, total=6_165_478)
    board = next(each for each in found.deadlines if each.act == "request")
    court = next(each for each in found.deadlines if each.act == "court-contest")
    assert (board.standing, court.standing) == (petition, contest)
    assert f"{court.closes:%Y-%m-%d}" == "2016-11-28"


def test_pennsylvania_asks_for_three_voters_of_each_district() -> None:
    """Both ways are petitions of voters, district by district; their prices are from memory."""
    found = answered("PA", "2016-11-08", "president", margin=44_292, total=6_165_478)
    assert {(each.number, each.per) for each in found.requesters} == {(3, "election district")}
    assert [each.known.basis for each in found.costs] == ["memory"]


# ---- days

PA_2024 = ("PA", "2024-11-05", "us-senate")
DAYS = [
    ("WI", "2020-11-03", "president", {}, "request", ["2020-11-18 17:00"]),
    ("WI", "2020-11-03", "us-house", {}, "request", ["2020-11-20 17:00"]),
    ("WI", "2026-11-03", "county-office", {"county_canvass": "2026-11-10"}, "request", ["2026-11-16 17:00"]),
    ("WI", "2026-11-03", "governor", {"recount_determination": "2026-11-20"}, "appeal", ["2026-11-30 23:59"]),
    (*PA_2024, {}, "waiver", ["2024-11-13 12:00"]),
    (*PA_2024, {}, "start", ["2024-11-20 23:59"]),
    (*PA_2024, {}, "completion", ["2024-11-26 12:00", "2024-11-27 12:00"]),
    ("VA", "2013-11-05", "attorney-general", {}, "request", ["2013-12-05 23:59"]),
    ("VA", "2026-11-03", "president", {"certification": "2026-12-07"}, "request", ["2026-12-09 17:00"]),
    ("VA", "2026-11-03", "governor", {"certification": "2026-12-07"}, "request", ["2026-12-17 23:59"]),
    ("NE", "2026-11-03", "governor", {"state_canvass": "2026-11-30"}, "request", ["2026-12-05 23:59"]),
    ("NE", "2026-11-03", "governor", {}, "start", ["2026-12-02 23:59"]),
    ("MT", "2026-11-03", "governor", {"state_canvass": "2026-11-30"}, "request", ["2026-12-05 23:59"]),
    ("NV", "2026-11-03", "governor", {"state_canvass": "2026-11-24"}, "request", ["2026-11-30 23:59"]),
    ("NV", "2026-11-03", "president", {"state_canvass": "2026-11-24"}, "request", []),
    ("NH", "2016-11-08", "president", {}, "request", ["2016-11-11 23:59"]),
    ("NJ", "2016-11-08", "president", {}, "request", ["2016-11-25 23:59"]),
    ("NJ", "2026-11-03", "governor", {"certification": "2026-12-08"}, "request", ["2026-12-11 23:59"]),
    ("NM", "2026-11-03", "governor", {"state_canvass": "2026-11-23"}, "request", ["2026-11-30 23:59"]),
    ("NM", "2026-11-03", "governor", {"state_canvass": "2026-11-22"}, "request", ["2026-11-28 23:59"]),
    ("NC", "2026-11-03", "governor", {"county_canvass": "2026-11-13"}, "request", ["2026-11-17 12:00"]),
    ("NC", "2026-11-03", "county-office", {"county_canvass": "2026-11-13"}, "request", ["2026-11-16 17:00"]),
    ("ND", "2026-11-03", "governor", {"state_canvass": "2026-11-20"}, "request", ["2026-11-23 23:59"]),
    ("OH", "2026-11-03", "governor", {"declaration": "2026-11-24"}, "request", ["2026-11-29 23:59"]),
    ("OK", "2016-11-08", "president", {}, "request", ["2016-11-11 17:00"]),
    ("OK", "2026-11-03", "governor", {}, "completion", ["2026-12-18 23:59"]),
    ("OR", "2028-11-07", "president", {"declaration": "2028-12-07"}, "request", ["2028-12-14 23:59"]),
    ("OR", "2026-11-03", "governor", {}, "request", []),
    ("RI", "2026-11-03", "governor", {"declaration": "2026-11-05"}, "request", ["2026-11-12 16:00"]),
    ("SD", "2026-11-03", "governor", {"state_canvass": "2026-11-10"}, "request", ["2026-11-13 23:59"]),
    (
        "SD",
        "2026-11-03",
        "statewide-question",
        {"state_canvass": "2026-11-10"},
        "request",
        ["2026-11-20 23:59"],
    ),
    ("SD", "2028-11-07", "president", {"state_canvass": "2028-11-14T10:00"}, "request", ["2028-11-14 10:00"]),
    ("TX", "2026-11-03", "county-office", {"county_canvass": "2026-11-05"}, "request", ["2026-11-08 23:59"]),
    ("TX", "2026-11-03", "county-office", {"county_canvass": "2026-11-10"}, "request", ["2026-11-12 23:59"]),
    ("TX", "2026-11-03", "governor", {}, "request", []),
    ("UT", "2026-11-03", "governor", {"state_canvass": "2026-11-23"}, "request", ["2026-11-30 17:00"]),
    ("VT", "2026-11-03", "governor", {}, "request", ["2026-11-10 23:59"]),
    ("VT", "2026-11-03", "municipal-office", {}, "request", ["2026-11-13 23:59"]),
    ("WA", "2026-11-03", "governor", {"certification": "2026-12-03"}, "request", []),
    ("WV", "2026-11-03", "governor", {"declaration": "2026-11-20T15:00"}, "request", ["2026-11-24 15:00"]),
    ("WV", "2026-11-03", "governor", {"declaration": "2026-11-25T15:00"}, "request", ["2026-11-30 15:00"]),
    ("WY", "2026-11-03", "governor", {"state_canvass": "2026-11-11"}, "request", ["2026-11-13 23:59"]),
    ("WY", "2026-11-03", "governor", {"request": "2026-11-13T09:00"}, "completion", ["2026-11-16 09:00"]),
]


@pytest.mark.parametrize(("state", "day", "office", "acts", "act", "closes"), DAYS)
def test_a_time_ends_on_the_day_of_the_law(
    state: str, day: str, office: str, acts: dict[str, str], act: str, closes: list[str]
) -> None:
    """Counted from the acts of the file or those given; what is from memory is not counted."""
    assert times(answered(state, day, office, margin=1, total=1_000, acts=acts), act) == closes


def test_primaries_have_days_of_their_own() -> None:
    """One day in Rhode Island, three for a municipal primary in Utah where others have seven."""
    rhode = answered("RI", "2026-09-08", "governor", election="primary", margin=1, total=1_000)
    assert times(rhode, "request") == ["2026-09-09 16:00"]
    acts = {"county_canvass": "2026-09-15"}
    utah = [
        times(
            answered("UT", "2026-09-01", office, election="primary", margin=1, total=1_000, acts=acts),
            "request",
        )
        for office in ("municipal-office", "county-office")
    ]
    assert utah == [["2026-09-18 17:00"], ["2026-09-22 17:00"]]


def test_wisconsin_opens_with_the_last_county_canvass() -> None:
    """Not before the last meeting day of the last county board of canvassers."""
    acts = {"last_county_canvass": "2026-11-16", "last_county_statement": "2026-11-17"}
    found = answered("WI", "2026-11-03", "governor", on="2026-11-15T23:59", margin=1, total=9, acts=acts)
    request = next(each for each in found.deadlines if each.act == "request")
    assert (request.standing, f"{request.opens:%Y-%m-%d %H:%M}") == ("not-yet-running", "2026-11-16 00:00")


@pytest.mark.parametrize(("start", "end"), [(8, 14), (9, 16), (10, 16)])
def test_a_day_may_move_from_sundays_alone(start: int, end: int) -> None:
    """Six days later: a Sunday moves to Monday, a Saturday stays."""
    moment = Moment(count=6, unit=Unit.DAYS, after="state_canvass", rolls_from=(Skipped.SUNDAYS,))
    at = reckon(moment, {"state_canvass": Happened(dt.date(2026, 11, start))}, EASTERN).at
    assert at is not None and at.date() == dt.date(2026, 11, end)


def test_a_known_act_from_memory_feeds_no_deadline() -> None:
    """Nebraska's canvass of 2020 is known from a list, that of 2024 was only computed."""
    for day, known in (("2020-11-03", True), ("2024-11-05", False)):
        problem = RecountOptions(
            state="NE", date=dt.date.fromisoformat(day), office="president", margin=1, total=9
        )
        assert ("state_canvass" in known_acts(problem, rules_of("NE"))) is known


# ---- prices


@pytest.mark.parametrize(
    ("state", "day", "office", "margin", "given", "amounts"),
    [
        ("NH", "2016-11-08", "president", 9_999, {}, ["500"]),
        ("NH", "2016-11-08", "president", 10_000, {}, ["1000"]),
        ("NH", "2016-11-08", "president", 20_000, {}, [None]),
        ("NH", "2026-11-03", "us-house", 10_000, {}, ["500"]),
        ("NH", "2026-11-03", "state-house", 9_999, {}, ["10"]),
        ("PA", "2016-11-08", "president", 44_292, {"precincts": 9_100}, ["455000", "910000"]),
        ("WA", "2026-11-03", "governor", 5_000, {"ballots": 1_000}, ["250", "150"]),
        ("WA", "2004-11-02", "governor", 261, {"ballots": 2_920_000}, ["730000"]),
        ("VA", "2026-11-03", "governor", 5_000, {"precincts": 100}, ["0"]),
        ("VA", "2026-11-03", "governor", 5_001, {"precincts": 100}, ["1000"]),
        ("OH", "2016-11-08", "president", 5_000, {"precincts": 100}, ["5000"]),
        ("NJ", "2016-11-08", "president", 5_000, {"precincts": 100}, ["2500"]),
        ("OK", "2026-11-03", "governor", 5_000, {"areas": 2, "ballots": 3_000}, ["1200", "600"]),
        ("OK", "2026-11-03", "governor", 5_000, {"areas": 2, "ballots": 3_001}, ["1200", None]),
        ("WV", "2016-11-08", "president", 5_000, {"areas": 55}, ["16500"]),
        ("WY", "2026-11-03", "governor", 25_640, {"areas": 23}, ["11500"]),
        ("WY", "2026-11-03", "governor", 25_642, {"areas": 23}, ["69000"]),
        ("WI", "2014-11-04", "governor", 5_000, {"areas": 10}, ["0"]),
        ("WI", "2014-11-04", "governor", 5_001, {"areas": 10}, ["50"]),
        ("WI", "2014-11-04", "governor", 20_001, {"areas": 10}, [None]),
        ("WI", "2016-11-08", "president", 2_500, {}, ["0"]),
        ("WI", "2016-11-08", "president", 2_501, {}, [None]),
    ],
)
def test_a_price_follows_from_margin_and_size(
    state: str, day: str, office: str, margin: int, given: dict[str, int], amounts: list[str | None]
) -> None:
    """Tiers by margin, per precinct, ballot, county or ward; None where the actual cost is charged."""
    found = answered(state, day, office, margin=margin, total=1_000_000, only_two=True, numbers=given)
    assert charged(found) == amounts


def test_a_day_between_two_versions_gets_no_rule_known() -> None:
    """December 2017 in Wisconsin, 2024 in New Jersey, 2022 in Oklahoma: the change has not been read."""
    for state, day in (("WI", "2017-12-05"), ("NJ", "2024-11-05"), ("OK", "2022-11-08")):
        assert answered(state, day, "governor", margin=1, total=1_000).verdict == "no-rule-known"
