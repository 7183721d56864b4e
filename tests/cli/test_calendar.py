"""``tallyproof calendar`` and the problem electoral_calendar."""

import json

import pytest
from typer.testing import CliRunner

from tallyproof.cli.main import app
from tallyproof.errors import RequestError
from tallyproof.services.solving import solve_json

WISCONSIN = ["calendar", "--state", "Wisconsin", "--date", "2016-11-08", "--on", "2016-11-28T12:00"]


def test_the_calendar_is_said_in_words() -> None:
    """The next day first, then each act with its clause, the audit and the caution."""
    answer = CliRunner().invoke(app, WISCONSIN)
    told = " ".join(answer.stdout.split())
    assert answer.exit_code == 0
    assert told.startswith("The next day for Wisconsin is Thu 1 Dec 2016: the state certifies.")
    assert "Safe harbor for the state's electors: due Tue 13 Dec 2016. (3 U.S.C. 5 (until 2022))" in told
    assert "It does not bind the result. (Wis. Stat. 7.08(6); from memory)" in told
    assert told.endswith("Research, not legal advice: read the clause, and ask a lawyer of the state.")


def test_json_is_what_solve_answers() -> None:
    """One problem, one answer, whichever door."""
    printed = json.loads(CliRunner().invoke(app, [*WISCONSIN, "--json"]).stdout)
    problem = {"kind": "electoral_calendar", "state": "WI", "date": "2016-11-08", "on": "2016-11-28T12:00:00"}
    solved = json.loads(solve_json(json.dumps(problem)))
    assert {**solved, "kind": ""} == {**printed, "kind": ""}


def test_a_known_act_is_told_by_hand() -> None:
    """--act says when it was done."""
    answer = CliRunner().invoke(
        app, [*WISCONSIN[:-1], "2016-12-01T08:00", "--act", "certification=2016-11-29"]
    )
    assert "done Tue 29 Nov 2016, due Thu 1 Dec 2016" in " ".join(answer.stdout.split())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--state", "WI"], "Say which state's calendar"),
        (["--state", "Atlantis", "--date", "2016-11-08"], "no state"),
        (["--state", "WI", "--date", "8 November"], "not a day"),
        (["--state", "WI", "--date", "2016-11-08", "--act", "certification"], "write it like"),
        (["--state", "WI", "--date", "2016-11-08", "--on", "noon"], "not a time"),
    ],
)
def test_what_cannot_be_asked_is_said(words: list[str], why: str) -> None:
    """In words, with what to do."""
    fault = CliRunner().invoke(app, ["calendar", *words]).exception
    assert isinstance(fault, RequestError)
    assert why in str(fault)
