"""Rule files from Alabama to Missouri: what single states do, in answers and days that people have read."""

from __future__ import annotations

import datetime as dt

import pytest

from tallyproof.recount.calendar import days_of
from tallyproof.recount.evaluate import known_acts
from tallyproof.recount.options import RecountOptions, Standing

from .contests import answered, charged, rules_of, short, times, two


@pytest.mark.parametrize(("loser", "verdict"), [(99_501, "auto"), (99_500, "auto"), (99_499, "ask")])
def test_colorado_takes_its_half_percent_of_the_winner_alone(loser: int, verdict: str) -> None:
    """With 100,000 votes for the winner 500 are automatic, whatever others got."""
    found = answered("CO", "2026-11-03", "governor", votes={"A": 100_000, "B": loser, "C": 90_000})
    assert short(found) == verdict


@pytest.mark.parametrize(("loser", "verdict"), [(48_450, "ask"), (48_449, "no")])
def test_illinois_compares_with_95_percent_of_the_winner(loser: int, verdict: str) -> None:
    """Of 51,000 votes 48,450 are exactly 95 %."""
    assert short(answered("IL", "2026-11-03", "governor", votes={"A": 51_000, "B": loser})) == verdict


@pytest.mark.parametrize(("absentee", "verdict"), [(99, "no"), (100, "ask"), (None, "open")])
def test_louisiana_asks_whether_absentee_and_early_votes_could_change_the_outcome(
    absentee: int | None, verdict: str
) -> None:
    """Without their number nothing is decided, least of all that no recount is possible."""
    given = {} if absentee is None else {"category_votes": absentee}
    found = answered("LA", "2026-11-03", "governor", margin=100, total=1_000, numbers=given)
    assert short(found) == verdict


@pytest.mark.parametrize(
    ("margin", "total", "holds"),
    [(150, 1_000_000, True), (151, 1_000_000, False), (1_000, 10**7, True), (1_001, 10**7, False)],
)
def test_the_governor_of_california_may_order_a_recount_of_the_closest_races(
    margin: int, total: int, holds: bool
) -> None:
    """The lesser of 1,000 votes and 0.015 %, beside the voters' right to ask at any margin."""
    found = answered("CA", "2026-11-03", "attorney-general", margin=margin, total=total)
    assert [each.holds for each in found.conditions if each.then == "discretionary"] == [holds]


def test_michigan_leaves_out_partisan_offices_with_more_than_one_seat() -> None:
    """Two seats of a statewide board are no automatic recount; two of the Supreme Court are."""
    found = {
        office: answered("MI", "2026-11-03", office, margin=10, total=1_000, seats=2).verdict
        for office in ("statewide-office", "supreme-court")
    }
    assert found == {"statewide-office": "discretionary", "supreme-court": "automatic"}


def test_alabama_and_connecticut_treat_primaries_apart() -> None:
    """Alabama's rule is for general elections; Connecticut's cap at primaries is 1,000 votes."""
    assert two("AL", "2026-05-19", "governor", 0, 1_000, election="primary") == "ask"
    primary = [two("CT", "2026-08-11", "governor", m, 500_000, election="primary") for m in (1_000, 1_001)]
    assert primary == ["auto", "no"]


def test_the_audit_of_connecticut_decides_at_a_later_stage() -> None:
    """A discrepancy of 3 votes in 700 districts is more than a margin of 2,099, not of 2,100."""
    for margin, holds in ((2_099, True), (2_100, False), (None, None)):
        found = answered(
            "CT",
            "2026-11-03",
            "governor",
            margin=2_500,
            total=1_000_000,
            stages={} if margin is None else {"2": margin},
            numbers={"discrepancy": 3, "districts": 700},
        )
        assert [each.holds for each in found.conditions if each.stage == 2] == [holds]


@pytest.mark.parametrize(
    ("second", "over", "holds"), [(2_500, 2_500, True), (2_501, 9_999, False), (2_500, 2_499, False)]
)
def test_the_second_stage_of_florida_reads_the_second_returns(second: int, over: int, holds: bool) -> None:
    """A quarter of a percent after the machines, and overvotes and undervotes that could matter."""
    found = answered(
        "FL",
        "2026-11-03",
        "governor",
        margin=5_000,
        total=1_000_000,
        stages={"2": second},
        numbers={"overvotes": 0, "undervotes": over},
    )
    assert [each.holds for each in found.conditions] == [True, holds]


# ---- races that happened


def test_the_overvotes_of_florida_2018_are_asked_for_and_not_guessed() -> None:
    """The margin of the second returns is within 0.25 %, and the answer names what else decides."""
    found = answered("FL", "2018-11-06", "us-senate", margin=12_562, total=8_190_005, stages={"2": 12_603})
    manual = next(each for each in found.conditions if each.stage == 2)
    assert (manual.holds, manual.compared[0].holds) == (None, True)
    assert {"overvotes", "undervotes"} <= set(manual.missing)


def test_arizona_2022_is_automatic_under_the_new_law_only() -> None:
    """511 of 2,508,715 votes: more than the 200 of the law before, less than 0.5 %."""
    votes = {"Mayes": 1_254_613, "Hamadeh": 1_254_102}
    found = [answered("AZ", d, "attorney-general", votes=votes).verdict for d in ("2022-08-02", "2022-11-08")]
    assert found == ["not-available", "automatic"]


def test_minnesota_2008_would_be_on_request_and_free_today() -> None:
    """215 votes of 2,887,646: automatic then, publicly paid on request now."""
    assert two("MN", "2008-11-04", "us-senate", 215, 2_887_646) == "auto"
    assert two("MN", "2026-11-03", "us-senate", 215, 2_887_646) == "ask+free"


MICHIGAN = {"Trump": 2_279_543, "Clinton": 2_268_839, "Stein": 51_463}


@pytest.mark.parametrize(("who", "fee"), [("Stein", "973250"), ("Clinton", "194650")])
def test_michigan_2016_charged_by_the_margin_to_the_one_who_asks(who: str, fee: str) -> None:
    """7,786 precincts at $125 for Stein and at $25 for Clinton."""
    found = answered(
        "MI",
        "2016-11-08",
        "president",
        votes=MICHIGAN,
        total=4_799_284,
        requester=who,
        numbers={"precincts": 7_786},
    )
    applied = charged(found)
    assert (found.verdict, applied) == ("discretionary", [fee])


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("2016-11-23T12:00", "not-yet-running"),
        ("2016-11-29T12:00", "open"),
        ("2016-11-30T12:00", "unknown"),
        ("2016-12-01T12:00", "past"),
    ],
)
def test_michigan_2016_counts_48_hours_from_the_state_canvass(on: str, standing: str) -> None:
    """The canvass of 28 November stands in the file; its hour is not known: both ends are told."""
    found = answered("MI", "2016-11-08", "president", on=on, votes=MICHIGAN)
    request = next(each for each in found.deadlines if each.act == "request")
    assert (request.standing, str(request.closes)[:16]) == (standing, "2016-11-30 23:59")
    assert str(request.earliest)[:16] == "2016-11-30 00:00"
    assert (
        "Wed 30 Nov 2016, 00:00 EST at the earliest, Wed 30 Nov 2016, 23:59 EST at the latest"
        in request.sentence
    )
    assert any("hour of the act is not known" in step for step in request.chain)


# ---- days

REQUESTS = [
    ("GA", "2020-11-03", "president", {}, "2020-11-24 23:59"),
    ("AK", "2020-11-03", "president", {}, "2020-12-05 23:59"),
    ("AK", "2022-11-08", "governor", {"certification": "2022-11-30"}, "2022-12-03 23:59"),
    ("AL", "2026-11-03", "governor", {"county_canvass": "2026-11-13T12:00"}, "2026-11-15 12:00"),
    ("AR", "2026-11-03", "governor", {"unofficial_returns": "2026-11-05"}, "2026-11-07 23:59"),
    ("CO", "2026-11-03", "governor", {}, "2026-11-25 23:59"),
    ("CO", "2023-11-07", "county-office", {}, "2023-12-05 23:59"),
    ("CA", "2026-11-03", "governor", {}, "2026-12-08 23:59"),
    ("CA", "2026-11-03", "us-house", {}, "2026-12-08 23:59"),
    ("DC", "2026-11-03", "president", {"certification": "2026-11-30"}, "2026-12-07 23:59"),
    ("DE", "2026-11-03", "governor", {"court_adjournment": "2026-11-05T15:00"}, "2026-11-05 15:00"),
    ("ID", "2020-11-03", "president", {}, "none"),
    ("ID", "2026-11-03", "governor", {"state_canvass": "2026-11-24"}, "2026-12-14 23:59"),
    ("IL", "2026-11-03", "governor", {"state_canvass": "2026-12-04"}, "2026-12-09 23:59"),
    ("IN", "2026-11-03", "governor", {}, "2026-11-17 12:00"),
    ("IA", "2024-11-05", "president", {"county_canvass": "2024-11-12"}, "2024-11-15 17:00"),
    ("KS", "2026-11-03", "governor", {}, "2026-11-13 17:00"),
    ("KS", "2026-11-03", "county-office", {"county_canvass": "2026-11-12"}, "2026-11-13 17:00"),
    ("KY", "2026-11-03", "president", {}, "2026-11-17 23:59"),
    ("KY", "2026-11-03", "county-office", {}, "2026-11-13 23:59"),
    ("LA", "2026-11-03", "governor", {}, "2026-11-06 23:59"),
    ("ME", "2026-11-03", "governor", {}, "2026-11-10 23:59"),
    ("MD", "2026-11-03", "governor", {"certification": "2026-12-08"}, "2026-12-11 23:59"),
    ("MA", "2026-11-03", "governor", {}, "2026-11-13 17:00"),
    ("MN", "2026-11-03", "governor", {"state_canvass": "2026-11-19"}, "2026-11-21 17:00"),
    ("MO", "2026-11-03", "governor", {"certification": "2026-12-08"}, "2026-12-15 23:59"),
]


@pytest.mark.parametrize(("state", "day", "office", "acts", "closes"), REQUESTS)
def test_the_time_to_ask_ends_on_the_day_of_the_law(
    state: str, day: str, office: str, acts: dict[str, str], closes: str
) -> None:
    """Counted from the acts of the file or those given; Alaska's Saturday is not moved."""
    found = answered(state, day, office, margin=1, total=1_000, acts=acts)
    assert (times(found, "request") or ["none"])[0] == closes


def test_two_states_open_the_time_to_ask_on_a_day() -> None:
    """Colorado from the 10th day, California from the first minute of the 31st."""
    for state, day in (("CO", "2026-11-13 00:00"), ("CA", "2026-12-04 00:00")):
        found = answered(state, "2026-11-03", "governor", margin=1, total=1_000)
        first = next(each for each in found.deadlines if each.act == "request")
        assert (f"{first.opens:%Y-%m-%d %H:%M}", first.standing) == (day, Standing.NOT_YET_RUNNING)


@pytest.mark.parametrize(
    ("state", "office", "election", "closes"),
    [
        ("MA", "governor", "primary", "2026-09-07 17:00"),
        ("MA", "governor", "general", "2026-09-11 17:00"),
        ("AK", "governor", "primary", "2026-09-20 23:59"),
        ("AK", "governor", "general", "2026-09-18 23:59"),
        ("AK", "us-house", "general", "2026-09-20 23:59"),
    ],
)
def test_primaries_and_governors_have_days_of_their_own(
    state: str, office: str, election: str, closes: str
) -> None:
    """Six days for ten in Massachusetts; three for five in Alaska for Governor at a general election."""
    found = answered(
        state,
        "2026-09-01",
        office,
        election=election,
        margin=1,
        total=1_000,
        acts={"certification": "2026-09-15"},
    )
    assert [f"{d.closes:%Y-%m-%d %H:%M}" for d in found.deadlines if d.act == "request"] == [closes]


def test_a_known_act_from_memory_feeds_no_deadline() -> None:
    """Minnesota's canvass days have not been checked, so no request is counted from them."""
    problem = RecountOptions(state="MN", date=dt.date(2020, 11, 3), office="president", margin=1, total=9)
    assert set(known_acts(problem, rules_of("MN"))) - set(days_of(2020)) == {"election"}


# ---- prices


@pytest.mark.parametrize(
    ("state", "margin", "given", "amounts"),
    [
        ("IN", 10_000, {"precincts": 25}, ["250"]),
        ("IN", 10_001, {"precincts": 25}, ["1600"]),
        ("IN", 10_001, {"precincts": 4}, ["100"]),
        ("MI", 5_000, {"precincts": 10}, ["500"]),
        ("MI", 5_001, {"precincts": 10}, ["2500"]),
        ("MI", 50_001, {"precincts": 10}, ["5000"]),
        ("AK", 5_000, {"precincts": 3, "areas": 2}, ["3000", "4000", "15000"]),
        ("ID", 5_000, {"precincts": 20}, ["2000"]),
        ("DC", 5_000, {"precincts": 20}, ["1000"]),
    ],
)
def test_a_price_follows_from_margin_and_precincts(
    state: str, margin: int, given: dict[str, int], amounts: list[str]
) -> None:
    """Tiers by margin, precincts that are included, and Alaska's three choices."""
    found = answered(state, "2026-11-03", "president", margin=margin, total=1_000_000, numbers=given)
    assert charged(found) == amounts


@pytest.mark.parametrize(
    ("day", "office", "margin", "amount"),
    [
        ("2020-11-03", "president", 5_000, "250"),
        ("2020-11-03", "president", 5_001, "1250"),
        ("2020-11-03", "county-office", 50_001, "2500"),
        ("2026-11-03", "county-office", 50_001, "5000"),
    ],
)
def test_michigan_charges_the_amounts_of_its_time(day: str, office: str, margin: int, amount: str) -> None:
    """Ten precincts under PA 130 of 2018 and PA 74 of 2024, for state and county offices alike."""
    found = answered("MI", day, office, margin=margin, total=1_000_000, numbers={"precincts": 10})
    assert charged(found) == [amount]


def test_iowa_asked_for_a_bond_by_office_before_2025() -> None:
    """$1,000 statewide, $150 for the state house, nothing within 50 votes or 1 %."""
    found = {}
    for office, margin in (("president", 20_000), ("state-house", 20_000), ("governor", 10)):
        answer = answered("IA", "2024-11-05", office, margin=margin, total=1_000_000)
        found[office] = charged(answer)
    assert found == {"president": ["1000"], "state-house": ["150"], "governor": ["0"]}
