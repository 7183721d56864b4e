"""Rule files of 26 jurisdictions, from Alabama to Missouri: answers and days that people have read."""

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import tallyproof.recount
from tallyproof.recount.calendar import Happened, Office, days_of, reckon
from tallyproof.recount.evaluate import evaluate, known_acts
from tallyproof.recount.loading import load
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer, Standing
from tallyproof.recount.rule import Certification, StateRules

CODES = [
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID"),
    *("IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO"),
]
FOLDER = Path(tallyproof.recount.__path__[0]) / "states"
HOLIDAYS = {
    dt.date(2016, 11, 11),
    dt.date(2016, 11, 24),
    dt.date(2020, 11, 11),
    dt.date(2020, 11, 26),
    dt.date(2024, 11, 11),
    dt.date(2024, 11, 28),
    dt.date(2026, 11, 11),
    dt.date(2026, 11, 26),
}
"""Veterans Day and Thanksgiving."""
EASTERN = Office(ZoneInfo("America/New_York"), HOLIDAYS.__contains__)
WORDS = {
    "auto": "automatic",
    "ask": "requestable",
    "weigh": "discretionary",
    "no": "not-available",
    "open": "cannot-be-decided",
    "none": "no-rule-known",
}


@lru_cache
def rules_of(state: str) -> StateRules:
    """Read the state's file."""
    name = f"{state.lower()}.toml"
    return load((FOLDER / name).read_text(encoding="utf-8"), name)


def answered(state: str, day: str, office: str, on: str = "", **given: Any) -> RecountOptionsAnswer:
    """The answer for a contest, asked the day after the election unless said otherwise."""
    problem = RecountOptions(state=state, date=dt.date.fromisoformat(day), office=office, **given)
    asked = dt.datetime.fromisoformat(on) if on else dt.datetime.combine(problem.date, dt.time(12))
    return evaluate(problem, rules_of(state), EASTERN, asked.replace(tzinfo=EASTERN.zone))


def two(state: str, day: str, office: str, margin: int, total: int, **more: Any) -> str:
    """The verdict of two choices that share all votes, with "+free" or "+free?"."""
    found = answered(state, day, office, margin=margin, total=total, only_two=True, **more)
    short = {long: word for word, long in WORDS.items()}[found.verdict]
    return short + {True: "+free", None: "+free?", False: ""}[found.free]


def test_each_file_is_of_the_state_that_names_it() -> None:
    """Every file loads and says whose law it is, from what, and as of when."""
    for state, rules in zip(CODES, map(rules_of, CODES), strict=True):
        assert (rules.state, bool(rules.sources), bool(rules.as_of)) == (state, True, True)


def test_versions_of_a_state_follow_one_another_without_overlap() -> None:
    """An election day never falls into two versions, and each version but the last has an end."""
    for state, rules in zip(CODES, map(rules_of, CODES), strict=True):
        for older, newer in zip(rules.laws, rules.laws[1:], strict=False):
            assert older.effective_to and older.effective_to < newer.effective_from, state


def test_a_law_without_a_request_says_so() -> None:
    """Where no test lets anybody ask, the file says in words that nobody can."""
    for state, rules in zip(CODES, map(rules_of, CODES), strict=True):
        for law in rules.laws:
            asks = any(test.then in ("requestable", "discretionary") for test in law.tests)
            assert asks or law.no_request, (state, law.effective_from)


# ---- every state at seven margins of 1,000,000 votes: 0, 1, 0.1 %, 0.25 %, 0.5 %, 1 %, 5 %

MARGINS = (0, 1, 1_000, 2_500, 5_000, 10_000, 50_000)
ASK, FREE, NO = "ask", "ask+free", "no"
AUTO_THEN = {n: lambda rest, n=n: ["auto"] * n + [rest] * (7 - n) for n in (1, 2, 3, 4, 5)}
FREE_THEN = {n: lambda rest, n=n: [FREE] * n + [rest] * (7 - n) for n in (2, 3, 4, 5)}
AT_MARGINS: dict[str, list[str]] = {
    "AK": ["auto+free", FREE, FREE, FREE, ASK, ASK, ASK],
    "AZ": AUTO_THEN[5](NO),
    "AR": [ASK] * 7,
    "CA": [ASK] * 7,
    "CO": AUTO_THEN[4](ASK),
    "CT": AUTO_THEN[3](NO),
    "DE": FREE_THEN[2]("no+free"),
    "FL": AUTO_THEN[5](NO),
    "GA": FREE_THEN[5]("no+free"),
    "HI": AUTO_THEN[4](NO),
    "ID": FREE_THEN[3](ASK),
    "IL": [ASK] * 6 + [NO],
    "IN": [ASK] * 7,
    "IA": [ASK] * 3 + [NO] * 4,
    "KS": FREE_THEN[5](ASK),
    "LA": ["open"] * 7,
    "ME": FREE_THEN[3](ASK),
    "MD": FREE_THEN[4](ASK),
    "MA": FREE_THEN[5]("no+free"),
    "MI": AUTO_THEN[3]("weigh"),
    "MN": FREE_THEN[3](ASK),
    "MS": [NO] * 7,
    "MO": FREE_THEN[4]("no+free"),
}
BY_OFFICE = {
    ("AL", "president"): AUTO_THEN[5](NO),
    ("AL", "governor"): AUTO_THEN[5](ASK),
    ("AL", "us-senate"): AUTO_THEN[5](NO),
    ("DC", "president"): AUTO_THEN[5](ASK),
    ("DC", "governor"): AUTO_THEN[5](ASK),
    ("DC", "us-senate"): [ASK] * 7,
    ("KY", "president"): [ASK] * 7,
    ("KY", "governor"): AUTO_THEN[5](ASK),
    ("KY", "us-senate"): AUTO_THEN[5](ASK),
}


@pytest.mark.parametrize("office", ["president", "governor", "us-senate"])
@pytest.mark.parametrize("state", CODES)
def test_the_answer_at_seven_margins_is_that_of_the_law(state: str, office: str) -> None:
    """From a tie to 5 % of a million votes each state answers as its law of 2026 says."""
    expected = BY_OFFICE.get((state, office)) or AT_MARGINS[state]
    assert [two(state, "2026-11-03", office, margin, 1_000_000) for margin in MARGINS] == expected


# ---- each threshold: inside, at, outside

BOUNDARIES = [
    ("AL", "2026-11-03", "governor", 1_000_000, {5_000: "auto", 5_001: "ask"}),
    ("AL", "2016-11-08", "state-house", 20_001, {100: "auto", 101: "ask"}),
    ("AK", "2026-11-03", "state-house", 100, {0: "auto+free", 20: "ask+free", 21: "ask"}),
    ("AK", "2026-11-03", "governor", 1_000_000, {4_999: "ask+free", 5_000: "ask"}),
    ("AZ", "2026-11-03", "governor", 1_000_000, {4_999: "auto", 5_000: "auto", 5_001: "no"}),
    ("AZ", "2020-11-03", "president", 1_000_000, {199: "auto", 200: "auto", 201: "no"}),
    ("AZ", "2020-11-03", "us-house", 100_000, {100: "auto", 101: "no"}),
    ("AZ", "2020-11-03", "us-house", 25_000, {25: "auto", 26: "no"}),
    ("AZ", "2020-11-03", "state-house", 100_000, {50: "auto", 51: "no"}),
    ("AZ", "2020-11-03", "county-office", 100_000, {10: "auto", 11: "no"}),
    ("AZ", "2020-11-03", "statewide-question", 1_000_000, {200: "auto", 201: "no"}),
    ("AZ", "2026-11-03", "school-board", 1_000, {0: "no"}),
    ("CT", "2026-11-03", "governor", 1_000_000, {1_999: "auto", 2_000: "auto", 2_001: "no"}),
    ("CT", "2026-11-03", "governor", 600_000, {2_000: "auto", 2_400: "no"}),
    ("CT", "2026-11-03", "state-house", 10_000, {49: "auto", 50: "no"}),
    ("CT", "2026-11-03", "state-house", 500, {19: "auto", 20: "no"}),
    ("CT", "2026-11-03", "local-question", 500, {0: "auto", 2: "auto", 3: "no", 19: "no"}),
    ("CT", "2016-11-08", "president", 1_000_000, {2_000: "auto", 2_001: "no"}),
    ("CO", "2016-11-08", "president", 201_000, {502: "auto", 504: "ask"}),
    ("DE", "2026-11-03", "governor", 150_000, {749: "ask+free", 750: "no+free"}),
    ("DE", "2026-11-03", "us-house", 1_000_000, {999: "ask+free", 1_000: "no+free"}),
    ("DE", "2026-11-03", "state-house", 10_000, {49: "auto", 50: "no"}),
    ("DC", "2026-11-03", "delegate", 100_000, {999: "auto", 1_000: "ask"}),
    ("DC", "2026-11-03", "local-question", 100_000, {999: "auto", 1_000: "no"}),
    ("FL", "2026-11-03", "statewide-question", 1_000_000, {4_999: "auto", 5_000: "auto", 5_001: "no"}),
    ("GA", "2026-11-03", "governor", 1_000_000, {5_000: "ask+free", 5_001: "no+free"}),
    ("GA", "2016-11-08", "president", 1_000_000, {10_000: "ask+free", 10_001: "no+free"}),
    ("HI", "2026-11-03", "state-house", 10_000, {90: "auto", 100: "auto", 101: "no"}),
    ("HI", "2026-11-03", "governor", 1_000_000, {2_500: "auto", 2_501: "no"}),
    ("HI", "2016-11-08", "president", 400_000, {0: "no"}),
    ("ID", "2026-11-03", "governor", 1_000_000, {1_000: "ask+free", 1_001: "ask"}),
    ("ID", "2026-11-03", "state-house", 5_000, {5: "ask+free", 6: "ask"}),
    ("IA", "2024-11-05", "state-house", 1_000, {49: "ask+free", 50: "ask"}),
    ("IA", "2024-11-05", "president", 1_000_000, {9_999: "ask+free", 10_000: "ask"}),
    ("IA", "2026-11-03", "us-house", 1_000_000, {1_500: "ask", 1_501: "no"}),
    ("IA", "2026-11-03", "state-house", 10_000, {50: "ask", 51: "no"}),
    ("IA", "2026-11-03", "county-office", 1_000, {10: "ask", 11: "no"}),
    ("KS", "2026-11-03", "governor", 1_000_000, {5_000: "ask+free", 5_001: "ask"}),
    ("KS", "2026-11-03", "county-office", 1_000, {0: "ask"}),
    ("KY", "2026-11-03", "us-house", 1_000_000, {5_000: "auto", 5_001: "ask"}),
    ("KY", "2016-11-08", "governor", 1_000_000, {0: "no"}),
    ("ME", "2026-11-03", "governor", 50_000, {500: "ask+free", 501: "ask"}),
    ("ME", "2026-11-03", "us-house", 1_000_000, {1_000: "ask+free", 1_001: "ask"}),
    ("ME", "2026-11-03", "state-house", 10_000, {150: "ask+free", 151: "ask"}),
    ("ME", "2016-11-08", "president", 1_000_000, {20_000: "ask+free", 20_001: "ask"}),
    ("MD", "2026-11-03", "governor", 1_000_000, {2_500: "ask+free", 2_501: "ask"}),
    ("MD", "2026-11-03", "local-question", 100, {5: "ask", 6: "no"}),
    ("MD", "2016-11-08", "president", 1_000_000, {1_000: "ask+free", 1_001: "ask"}),
    ("MA", "2026-11-03", "governor", 1_000_000, {5_000: "ask+free", 5_001: "no+free"}),
    ("MA", "2026-11-03", "state-house", 1_000, {500: "ask+free"}),
    ("MI", "2026-11-03", "statewide-question", 4_000_000, {1_999: "auto", 2_000: "auto", 2_001: "ask"}),
    ("MI", "2026-11-03", "us-house", 300_000, {0: "weigh"}),
    ("MN", "2026-11-03", "governor", 1_000_000, {2_499: "ask+free", 2_500: "ask"}),
    ("MN", "2026-11-03", "state-house", 1_000_000, {4_999: "ask+free", 5_000: "ask"}),
    ("MN", "2026-11-03", "state-house", 400, {10: "ask+free", 11: "ask"}),
    ("MN", "2026-11-03", "state-house", 401, {10: "ask"}),
    ("MN", "2008-11-04", "us-senate", 1_000_000, {4_999: "auto", 5_000: "ask"}),
    ("MO", "2026-11-03", "us-house", 1_000_000, {4_999: "ask+free", 5_000: "no+free"}),
    ("MO", "2026-11-03", "county-office", 10_000, {99: "ask+free", 100: "no+free"}),
]


@pytest.mark.parametrize(("state", "day", "office", "total", "expected"), BOUNDARIES)
def test_a_threshold_holds_up_to_its_last_vote(
    state: str, day: str, office: str, total: int, expected: dict[int, str]
) -> None:
    """The last vote inside a margin and the first one outside get different answers."""
    assert {margin: two(state, day, office, margin, total) for margin in expected} == expected


@pytest.mark.parametrize(("loser", "verdict"), [(99_501, "auto"), (99_500, "auto"), (99_499, "ask")])
def test_colorado_takes_its_half_percent_of_the_winner_alone(loser: int, verdict: str) -> None:
    """With 100,000 votes for the winner 500 are automatic, whatever others got."""
    found = answered("CO", "2026-11-03", "governor", votes={"A": 100_000, "B": loser, "C": 90_000})
    assert found.verdict == WORDS[verdict]


@pytest.mark.parametrize(("loser", "verdict"), [(48_450, "ask"), (48_449, "no")])
def test_illinois_compares_with_95_percent_of_the_winner(loser: int, verdict: str) -> None:
    """Of 51,000 votes 48,450 are exactly 95 %."""
    assert answered("IL", "2026-11-03", "governor", votes={"A": 51_000, "B": loser}).verdict == WORDS[verdict]


@pytest.mark.parametrize(("absentee", "verdict"), [(99, "no"), (100, "ask"), (None, "open")])
def test_louisiana_asks_whether_absentee_and_early_votes_could_change_the_outcome(
    absentee: int | None, verdict: str
) -> None:
    """Without their number nothing is decided, least of all that no recount is possible."""
    given = {} if absentee is None else {"category_votes": absentee}
    found = answered("LA", "2026-11-03", "governor", margin=100, total=1_000, numbers=given)
    assert found.verdict == WORDS[verdict]


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

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "FL-2000-president": ("president", {}),
    "MN-2008-senate": ("us-senate", {}),
    "MI-2016-president": ("president", {}),
    "FL-2018-senate": ("us-senate", {"stages": {"2": 12_603}}),
    "GA-2020-president": ("president", {}),
    "AZ-2022-attorney-general": ("attorney-general", {}),
    "AZ-2022-superintendent": ("superintendent", {"only_two": True}),
}


@pytest.mark.parametrize("case", CASES)
def test_races_that_happened_are_answered_as_they_were(case: str, shared_data: Path) -> None:
    """Automatic, to be asked for, free: as the law of the day had it, from the margin of the day."""
    facts = json.loads((shared_data.parent / "law" / "worked_cases.json").read_text(encoding="utf-8"))
    fact = next(each for each in facts["cases"] if each["id"] == case)
    office, more = CASES[case]
    given = {"margin": fact["margin"], "total": fact["total"], "only_two": "top2" in fact} | more
    found = answered(fact["state"], fact["date"], office, **given)
    assert (found.verdict == "automatic") is fact["expect"]["automatic"]
    if "requestable" in fact["expect"]:
        assert any(each.then == "requestable" and each.holds for each in found.conditions)
    assert found.free is fact["expect"].get("free", False)


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
    applied = [tier.amount for cost in found.costs for tier in cost.tiers if tier.applies]
    assert (found.verdict, applied) == ("discretionary", [fee])


@pytest.mark.parametrize(
    ("on", "standing"),
    [("2016-11-23T12:00", "not-yet-running"), ("2016-11-29T12:00", "open"), ("2016-12-01T12:00", "past")],
)
def test_michigan_2016_counts_48_hours_from_the_state_canvass(on: str, standing: str) -> None:
    """The canvass of 28 November stands in the file; its hour is not known, and the chain says so."""
    found = answered("MI", "2016-11-08", "president", on=on, votes=MICHIGAN)
    request = next(each for each in found.deadlines if each.act == "request")
    assert (request.standing, str(request.closes)[:16]) == (standing, "2016-11-30 23:59")
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
    ends = [each.closes for each in found.deadlines if each.act == "request" and each.closes]
    assert ([f"{end:%Y-%m-%d %H:%M}" for end in ends] or ["none"])[0] == closes


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


def test_what_is_from_memory_is_never_counted() -> None:
    """A deadline that nobody has checked gets no day; the answer says where to look it up."""
    seen = 0
    for state, rules in zip(CODES, map(rules_of, CODES), strict=True):
        for law in rules.laws:
            found = answered(state, str(law.effective_from), "president", margin=1, total=1_000)
            unread = [each for each in found.deadlines if each.known.basis == "memory"]
            seen += len(unread)
            assert all(each.closes is None and each.look_up for each in unread), state
    assert seen > 10


CERTIFIED = [
    ("FL", "2024-11-05", "state", "2024-11-19 08:00"),
    ("AZ", "2024-11-05", "state", "2024-11-25 23:59"),
    ("AZ", "2020-11-03", "state", "2020-11-30 23:59"),
    ("AZ", "2024-11-05", "county", "2024-11-21 23:59"),
    ("IA", "2020-11-03", "state", "2020-11-30 23:59"),
    ("GA", "2024-11-05", "state", "2024-11-22 17:00"),
    ("GA", "2024-11-05", "county", "2024-11-12 17:00"),
    ("AL", "2020-11-03", "county", "2020-11-13 12:00"),
    ("ID", "2020-11-03", "state", "2020-11-18 23:59"),
    ("KY", "2024-11-05", "state", "2024-11-25 23:59"),
    ("MI", "2024-11-05", "county", "2024-11-19 23:59"),
    ("MO", "2024-11-05", "county", "2024-11-19 23:59"),
    ("MN", "2020-11-03", "state", "2020-11-24 23:59"),
    ("MN", "2024-11-05", "state", "2024-11-21 23:59"),
]


def held(each: Certification, day: dt.date) -> bool:
    """Whether a certification rule is for an election day."""
    return (each.effective_from or day) <= day <= (each.effective_to or day)


@pytest.mark.parametrize(("state", "day", "level", "by"), CERTIFIED)
def test_certification_falls_on_the_day_of_the_rule(state: str, day: str, level: str, by: str) -> None:
    """Ordinals, hours and the holiday that Georgia's Monday fell on in 2024."""
    election = dt.date.fromisoformat(day)
    rules = [each for each in rules_of(state).certifications if each.level == level and held(each, election)]
    assert len(rules) == 1 and rules[0].by
    at = reckon(rules[0].by, {"election": Happened(election)}, EASTERN).at
    assert f"{at:%Y-%m-%d %H:%M}" == by


@pytest.mark.parametrize("state", CODES)
def test_known_days_of_certification_keep_the_rule(state: str) -> None:
    """A day that a source gives is never later than the state's own rule for that election allows."""
    for act in rules_of(state).acts:
        for each in rules_of(state).certifications:
            if (
                act.event == "certification"
                and each.level == "state"
                and each.by
                and held(each, act.election)
            ):
                last = reckon(each.by, {"election": Happened(act.election)}, EASTERN).at
                assert last and act.on <= last.date()


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
    assert [t.amount for cost in found.costs for t in cost.tiers if t.applies] == amounts


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
    assert [t.amount for cost in found.costs for t in cost.tiers if t.applies] == [amount]


def test_iowa_asked_for_a_bond_by_office_before_2025() -> None:
    """$1,000 statewide, $150 for the state house, nothing within 50 votes or 1 %."""
    found = {}
    for office, margin in (("president", 20_000), ("state-house", 20_000), ("governor", 10)):
        answer = answered("IA", "2024-11-05", office, margin=margin, total=1_000_000)
        found[office] = [t.amount for cost in answer.costs for t in cost.tiers if t.applies]
    assert found == {"president": ["1000"], "state-house": ["150"], "governor": ["0"]}


def test_before_its_first_version_no_file_says_no() -> None:
    """An election before all versions gets "no rule known", never "no recount"."""
    for state in CODES:
        assert answered(state, "1990-11-06", "governor", margin=1, total=1_000).verdict == "no-rule-known"
