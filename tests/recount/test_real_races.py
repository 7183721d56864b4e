"""The law put to races that happened, to numbers at the edge, and to days that are known."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tallyproof.recount.expression import parse
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer, Standing, Verdict
from tallyproof.services import recounting

OFFICES = {
    "President": "president",
    "Governor": "governor",
    "US Senate": "us-senate",
    "Supreme Court": "supreme-court",
    "Attorney General": "attorney-general",
    "Superintendent of Public Instruction": "superintendent",
}
AUTOMATIC, ASKED, WEIGHED = Verdict.AUTOMATIC, Verdict.REQUESTABLE, Verdict.DISCRETIONARY
RACES: dict[str, tuple[Verdict, bool | None]] = {
    "FL-2000-president": (AUTOMATIC, False),
    "WA-2004-governor": (AUTOMATIC, False),
    "MN-2008-senate": (AUTOMATIC, False),
    "WI-2011-supreme-court": (ASKED, True),
    "VA-2013-attorney-general": (ASKED, True),
    "WI-2016-president": (ASKED, False),
    "MI-2016-president": (WEIGHED, False),
    "PA-2016-president": (ASKED, False),
    "FL-2018-senate": (AUTOMATIC, False),
    "WI-2020-president": (ASKED, False),
    "GA-2020-president": (ASKED, True),
    "AZ-2022-attorney-general": (AUTOMATIC, False),
    "AZ-2022-superintendent": (AUTOMATIC, False),
    "PA-2024-senate": (AUTOMATIC, False),
}
"""What follows in each race by the law of its day, and whether asking is free."""
WI_2016 = {"Trump": 1_404_440, "Clinton": 1_381_823, "Stein": 31_072}
MI_2016 = {"Trump": 2_279_543, "Clinton": 2_268_839, "Stein": 51_463}
PA_2016 = {"Trump": 2_970_733, "Clinton": 2_926_441, "Stein": 49_941}


@pytest.fixture
def law(shared_data: Path) -> dict[str, Any]:
    """Return the worked cases of the shared data."""
    text = (shared_data.parent / "law" / "worked_cases.json").read_text(encoding="utf-8")
    worked: dict[str, Any] = json.loads(text)
    return worked


def answer(
    state: str, date: str, office: str = "president", on: str = "", **more: Any
) -> RecountOptionsAnswer:
    """Ask the law, the week after the election unless said otherwise."""
    day = dt.date.fromisoformat(date)
    asked = dt.datetime.fromisoformat(on) if on else dt.datetime.combine(day, dt.time(12)) + dt.timedelta(7)
    return recounting.options(RecountOptions(state=state, date=day, office=office, on=asked, **more))


def of_race(race: dict[str, Any]) -> RecountOptionsAnswer:
    """Put a race to the law; where the votes are not known, as if two choices shared the total."""
    given: dict[str, Any] = {"margin": race["margin"], "total": race["total"]}
    if not race.get("winner_votes"):
        given["only_two"] = True
    elif race.get("winner_votes") and race["winner_votes"] - race["loser_votes"] == race["margin"]:
        others = race["total"] - race["winner_votes"] - race["loser_votes"]
        third = {f"other {n}": others // 3 for n in range(3)}
        votes = {"winner": race["winner_votes"], "loser": race["loser_votes"], **third}
        given = {"votes": votes, "total": race["total"]}
    if "margin2" in race:
        given["stages"] = {"2": race["margin2"]}
        given["numbers"] = {"overvotes": 20_000, "undervotes": 20_000}
    return answer(race["state"], race["date"], OFFICES[race["office"]], **given)


@pytest.mark.parametrize("name", RACES)
def test_each_real_race_gets_the_answer_it_got(law: dict[str, Any], name: str) -> None:
    """By the law of its election day: automatic, on request, free or not."""
    race = next(each for each in law["cases"] if each["id"] == name)
    found = of_race(race)
    then, free = RACES[name]
    assert (found.verdict, found.free) == (then, free)
    assert found.verdict == AUTOMATIC or race["expect"]["automatic"] is False
    assert bool(found.free) is race["expect"].get("free", False)


def test_no_race_is_left_out(law: dict[str, Any]) -> None:
    """Every worked case stands in the table above."""
    assert {each["id"] for each in law["cases"]} == set(RACES)


def test_every_boundary_is_on_its_side(law: dict[str, Any]) -> None:
    """15 sets of numbers at the edge of a rule fall where exact arithmetic puts them."""
    found = {each["id"]: parse(each["expr"]).test(each).value for each in law["boundary_tests"]}
    assert found == {each["id"]: each["expect"] for each in law["boundary_tests"]}
    assert len(found) == 15


def test_florida_2018_reads_other_returns_the_second_time(law: dict[str, Any]) -> None:
    """12,562 on the first returns, 12,603 on the second: machines, then overvotes and undervotes by hand."""
    found = of_race(next(each for each in law["cases"] if each["id"] == "FL-2018-senate"))
    assert [(each.stage, each.holds) for each in found.conditions] == [(1, True), (2, True)]


def test_arizona_2022_is_automatic_only_under_the_new_law() -> None:
    """511 votes: half a percent of the two since 2022, but more than the 200 of before."""
    new = answer("AZ", "2022-11-08", "attorney-general", votes={"Mayes": 1_254_613, "Hamadeh": 1_254_102})
    old = answer("AZ", "2020-11-03", "attorney-general", votes={"Mayes": 1_254_613, "Hamadeh": 1_254_102})
    assert (new.verdict, old.verdict) == (Verdict.AUTOMATIC, Verdict.NOT_AVAILABLE)


@pytest.mark.parametrize(
    ("requester", "date", "verdict", "qualifies"),
    [
        ("Stein", "2016-11-08", Verdict.REQUESTABLE, True),
        ("Clinton", "2016-11-08", Verdict.REQUESTABLE, True),
        ("Stein", "2026-11-03", Verdict.NOT_AVAILABLE, False),
        ("Clinton", "2026-11-03", Verdict.REQUESTABLE, True),
    ],
)
def test_todays_wisconsin_law_would_have_heard_clinton_and_not_stein(
    requester: str, date: str, verdict: Verdict, qualifies: bool
) -> None:
    """In 2016 any candidate could ask; since 2017 one who trails by at most 1 %."""
    found = answer("WI", date, votes=WI_2016, total=2_976_150, requester=requester)
    assert found.verdict == verdict
    assert [each.qualifies for each in found.requesters if each.kind == "candidate"] == [qualifies]


@pytest.mark.parametrize(("requester", "fee"), [("Stein", "973250"), ("Clinton", "194650")])
def test_michigans_fee_depends_on_who_asks(requester: str, fee: str) -> None:
    """7,786 precincts: $125 each for Stein, $25 for Clinton, who was close behind."""
    numbers = {"precincts": 7_786}
    found = answer("MI", "2016-11-08", votes=MI_2016, total=4_799_284, requester=requester, numbers=numbers)
    assert [tier.amount for tier in found.costs[0].tiers if tier.applies] == [fee]


# ---- days


def standings(found: RecountOptionsAnswer, act: str) -> list[Standing]:
    """Return where the deadlines of an act stand, those that can be counted."""
    return [each.standing for each in found.deadlines if each.act == act and each.closes]


def three_states(on: str) -> dict[str, RecountOptionsAnswer]:
    """Ask in Stein's three states; Wisconsin's last county statement of 21 November is an input."""
    return {
        "PA": answer("PA", "2016-11-08", on=on, votes=PA_2016, total=6_165_478),
        "WI": answer(
            "WI",
            "2016-11-08",
            on=on,
            votes=WI_2016,
            total=2_976_150,
            acts={"last_county_statement": "2016-11-21"},
        ),
        "MI": answer("MI", "2016-11-08", on=on, votes=MI_2016, total=4_799_284),
    }


def test_asked_on_23_november_2016() -> None:
    """Pennsylvania's petitions past and its court open until the 28th, Wisconsin open, Michigan to come."""
    found = three_states("2016-11-23T12:00")
    assert standings(found["PA"], "request") == [Standing.PAST]
    (court,) = (each for each in found["PA"].deadlines if each.act == "court-contest")
    assert (court.standing, court.closes and court.closes.date()) == (Standing.OPEN, dt.date(2016, 11, 28))
    (wisconsin,) = (each for each in found["WI"].deadlines if each.act == "request" and each.closes)
    assert wisconsin.standing == Standing.OPEN
    assert wisconsin.closes and wisconsin.closes.isoformat() == "2016-11-25T17:00:00-06:00"
    (michigan,) = (each for each in found["MI"].deadlines if each.act == "request" and each.closes)
    assert michigan.standing == Standing.NOT_YET_RUNNING
    assert michigan.closes and michigan.closes.date() == dt.date(2016, 11, 30)
    assert "48 hours" in michigan.words
    assert michigan.chain[0] == "the canvass of the state: Mon 28 Nov 2016"


def test_asked_on_1_december_2016() -> None:
    """All three are past, and so is Pennsylvania's court."""
    found = three_states("2016-12-01T12:00")
    assert {state: standings(each, "request") for state, each in found.items()} == {
        "PA": [Standing.PAST],
        "WI": [Standing.PAST],
        "MI": [Standing.PAST],
    }
    assert standings(found["PA"], "court-contest") == [Standing.PAST]


DAYS = [
    ("WI", "2020-11-03", "request", {"last_county_statement": "2020-11-17"}, "2020-11-18T17:00"),
    ("MI", "2016-11-08", "request", {"state_canvass": "2016-11-28"}, "2016-11-30"),
    ("GA", "2020-11-03", "request", {"certification": "2020-11-20"}, "2020-11-24"),
    ("AK", "2020-11-03", "request", {"certification": "2020-11-30"}, "2020-12-05"),
    ("PA", "2024-11-05", "waiver", {}, "2024-11-13T12:00"),
    ("PA", "2024-11-05", "start", {}, "2024-11-20"),
    ("PA", "2024-11-05", "completion", {}, "2024-11-26T12:00"),
    ("VA", "2013-11-05", "request", {"certification": "2013-11-25"}, "2013-12-05"),
]


@pytest.mark.parametrize(("state", "date", "act", "acts", "day"), DAYS)
def test_deadlines_fall_on_the_days_that_are_known(
    state: str, date: str, act: str, acts: dict[str, str], day: str
) -> None:
    """Days that officials or the press named, counted anew; Alaska's Saturday is not moved."""
    office = "attorney-general" if state == "VA" else "president" if state != "PA" else "us-senate"
    found = answer(state, date, office, margin=1, total=1_000, acts=acts)
    closes = [f"{each.closes:%Y-%m-%dT%H:%M}" for each in found.deadlines if each.act == act and each.closes]
    assert any(each.startswith(day) for each in closes), closes


CERTIFIED = [
    ("WY", "2020-11-03", "2020-11-11"),
    ("NM", "2020-11-03", "2020-11-24"),
    ("FL", "2024-11-05", "2024-11-19T08:00"),
    ("AZ", "2024-11-05", "2024-11-25"),
    ("NE", "2020-11-03", "2020-11-30"),
    ("IA", "2020-11-03", "2020-11-30"),
    ("GA", "2024-11-05", "2024-11-22T17:00"),
]


@pytest.mark.parametrize(("state", "date", "day"), CERTIFIED)
def test_certification_falls_on_the_days_that_are_known(state: str, date: str, day: str) -> None:
    """When each state certifies by its rule for an election."""
    from tallyproof.recount.calendar import Happened, reckon

    election = dt.date.fromisoformat(date)
    rules, office = recounting.rules_of(state), recounting.office_of(state)
    found = [
        reckon(each.by, {"election": Happened(election)}, office).at
        for each in rules.certifications
        if each.by
        and each.level == "state"
        and (each.effective_from or election) <= election <= (each.effective_to or election)
    ]
    assert day in [f"{at:%Y-%m-%dT%H:%M}"[: len(day)] for at in found if at], found
