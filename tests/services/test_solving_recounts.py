"""Recount law as JSON: what the schemas accept is answered, all else refused in a sentence."""

import json
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tallyproof.errors import RequestError
from tallyproof.services import solving

RACE = {"state": "MI", "date": "2016-11-08", "office": "president"}
MOMENT = {"count": 48, "unit": "hours", "after": "state_canvass"}
GOOD: list[dict[str, Any]] = [
    {"kind": "recount_options", **RACE, "margin": 10_704, "total": 4_799_284},
    {
        "kind": "recount_options",
        **RACE,
        "votes": {"a": 3, "b": 2},
        "requester": "b",
        "acts": {"request": "2016-11-30"},
    },
    {"kind": "recount_options", **RACE, "margin": 1, "total": 9, "on": "2016-11-23T12:00:00-05:00"},
    {
        "kind": "recount_options",
        **RACE,
        "margin": 1,
        "total": 9,
        "stages": {"2": 3},
        "numbers": {"ballots": 9},
    },
    {"kind": "recount_deadline", "state": "MI", "date": "2016-11-08"},
    {"kind": "recount_deadline", **RACE, "on": "2016-11-29T12:00:00", "moment": MOMENT},
    {"kind": "recount_cost", **RACE, "margin": 10_704, "total": 4_799_284, "numbers": {"precincts": 7_786}},
]
CLOSE = {"kind": "recount_options", **RACE, "margin": 10_704, "total": 4_799_284}
GOOD += [
    {"kind": "recount_plan", "contests": [{"contest": CLOSE}]},
    {
        "kind": "recount_plan",
        "on": "2016-11-23T12:00:00",
        "contests": [
            {
                "contest": CLOSE,
                "jurisdictions": [{"name": "Wayne", "precincts": 1_680, "method": "hand"}],
                "stated": {"source": "the clerks", "per_precinct": "99.50"},
            }
        ],
    },
]
MALFORMED: list[dict[str, Any]] = [
    {"kind": "recount_options", "state": "MI", "date": "2016-11-08"},
    {"kind": "recount_options", **RACE, "date": 2016},
    {"kind": "recount_options", **RACE, "margin": -1, "total": 9},
    {"kind": "recount_options", **RACE, "margin": 1.5, "total": 9},
    {"kind": "recount_options", **RACE, "votes": {"a": -3, "b": 2}},
    {"kind": "recount_options", **RACE, "margin": 1, "total": 9, "seats": 0},
    {"kind": "recount_options", **RACE, "margin": 1, "total": 9, "colour": "red"},
    {"kind": "recount_deadline", **RACE, "moment": {"count": 3, "unit": "weeks", "after": "election"}},
    {"kind": "recount_cost", "state": "MI", "date": "2016-11-08", "margin": 1},
    {"kind": "recount_plan", "contests": []},
    {"kind": "recount_plan", "contests": [{"contest": CLOSE, "stated": {"source": "x", "amount": "much"}}]},
]
NONSENSE: list[tuple[dict[str, Any], str]] = [
    (
        {"kind": "recount_options", **RACE, "state": "ZZ", "margin": 1, "total": 9},
        "'ZZ' is no state. There are",
    ),
    ({"kind": "recount_options", **RACE, "margin": 10, "total": 9}, "larger than all 9 votes"),
    ({"kind": "recount_deadline", **RACE, "moment": {"count": 3}}, "counted after or before an act"),
    ({"kind": "recount_cost", **RACE}, "Give the votes by choice, or the margin"),
    (
        {"kind": "recount_plan", "contests": [{"contest": CLOSE, "stated": {"source": "x"}}]},
        "state an amount, or an amount per precinct",
    ),
]


def solved(problem: Any) -> Any:
    return json.loads(solving.solve_json(json.dumps(problem)))


def fits(problem: dict[str, Any], side: str) -> bool:
    return bool(Draft202012Validator(solving.schemas()[f"{problem['kind']}.{side}"]).is_valid(problem))


@pytest.mark.parametrize("problem", GOOD, ids=lambda each: str(each)[:60])
def test_what_solves_is_what_the_schema_accepts(problem: dict[str, Any]) -> None:
    """Each good problem passes its schema, and its answer the answer's, with the caution."""
    answer = solved(problem)
    assert fits(problem, "problem") and fits(answer, "answer")
    assert "not legal advice" in answer["caution"]


@pytest.mark.parametrize("problem", MALFORMED, ids=lambda each: str(each)[:90])
def test_what_the_schema_refuses_is_refused(problem: dict[str, Any]) -> None:
    """In a sentence that begins with the kind."""
    assert not fits(problem, "problem")
    with pytest.raises(RequestError, match=f"^{problem['kind']}: .*\\.$"):
        solved(problem)


@pytest.mark.parametrize(("problem", "why"), NONSENSE, ids=lambda each: str(each)[:50])
def test_contradictions_are_refused(problem: dict[str, Any], why: str) -> None:
    """What no schema can tell: an unknown state, a margin above the total, half a moment."""
    assert fits(problem, "problem")
    with pytest.raises(RequestError, match=why):
        solved(problem)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date", "8 November 2016", "expected a day such as \"2016-11-08\", in 'date'"),
        ("on", "noon", "expected a time such as \"2016-11-23T12:00:00-06:00\", in 'on'"),
    ],
)
def test_days_and_times_are_asked_for_in_their_form(field: str, value: str, words: str) -> None:
    """The sentence shows how to write them."""
    problem = {"kind": "recount_options", **RACE, "margin": 1, "total": 9, field: value}
    with pytest.raises(RequestError, match=words):
        solved(problem)


def test_small_problems_load_no_rules() -> None:
    """A margin is worked out without rule files, calendars or holidays."""
    code = (
        "import sys\nfrom tallyproof.services.solving import solve_json\n"
        'solve_json(b\'{"kind": "margin", "votes": {"a": 2, "b": 1}}\')\n'
        "print([name for name in sys.modules if 'recount' in name or name == 'holidays'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
