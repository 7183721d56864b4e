"""``tallyproof recount options``: the answer first, then everything behind it."""

import json

import pytest

from .conftest import Run

WISCONSIN = (
    *("recount", "options", "--state", "WI", "--office", "president", "--total", "2976150"),
    *("--votes", "Trump=1,404,440", "Clinton=1381823", "Stein=31072"),
)
ON_THE_23RD = ("--date", "2016-11-08", "--on", "2016-11-23", "--act", "last_county_statement=2016-11-21")


def flat(text: str) -> str:
    """Return the words without the lines that the terminal made of them."""
    return " ".join(text.split())


def test_the_sentence_comes_first(run: Run) -> None:
    """Asked for Stein on 23 November 2016: at her cost, until Friday at five."""
    ran = run(*WISCONSIN, *ON_THE_23RD, "--requester", "Stein")
    out = flat(ran.out)
    assert ran.code == 0
    assert out.startswith(
        "In Wisconsin a recount may be asked for, at the requester's cost. "
        "The time to ask ends Fri 25 Nov 2016, 17:00 CST."
    )
    assert "3 business days after (not counted: Thu 24 Nov 2016): Fri 25 Nov 2016 → until 17:00." in out
    assert "Stein qualifies. [Wis. Stat. 9.01" in out
    for title in ("Conditions", "Who may ask", "Deadlines", "Where to file", "Cost", "Basis"):
        assert f"\n{title}\n" in ran.out
    assert out.endswith("Research, not legal advice: read the clause, and ask a lawyer of the state.")


def test_todays_law_does_not_hear_stein(run: Run) -> None:
    """The same votes in 2026: she cannot ask, and the numbers say why."""
    out = flat(run(*WISCONSIN, "--date", "2026-11-03", "--requester", "Stein").out)
    assert out.startswith("By the law that we know of Wisconsin, Stein cannot ask for a recount")
    assert "margin to the one who asks ≤ 1 % × total/seats: 1,373,368 ≤ 29,761.5 is not so" in out
    assert "Stein does not qualify." in out


def test_what_is_from_memory_gets_no_day(run: Run) -> None:
    """Pennsylvania's five days of 25 P.S. 3263 are to be looked up, not counted."""
    words = ("--state", "PA", "--date", "2016-11-08", "--margin", 44_292, "--total", 6_165_478)
    out = flat(run("recount", "options", *words, "--on", "2016-11-23").out)
    assert (
        "no day is counted from it. Look it up in 25 P.S. 3263. [25 P.S. 3263, from memory: look it up]"
        in out
    )
    assert "A contest in court is open until Mon 28 Nov 2016, 23:59 EST." in out


def test_json_is_the_answer_of_solve(run: Run) -> None:
    """The same values, with the conditions' exact sides."""
    ran = run(*WISCONSIN, *ON_THE_23RD, "--json")
    found = json.loads(ran.out)
    assert (found["verdict"], found["free"], found["numbers"]["margin"]) == ("requestable", False, 22_617)
    assert found["deadlines"][0]["closes"] == "2016-11-25T17:00:00-06:00"


def test_all_states_are_compared_in_a_table(run: Run) -> None:
    """A line for each of 51, and the sentence on what a trigger cannot see."""
    words = ("--all-states", "--date", "2026-11-03", "--margin", 22_177, "--total", 2_975_313)
    ran = run("recount", "options", *words)
    lines = ran.out.splitlines()
    table = lines[next(n for n, line in enumerate(lines) if line.split()[:2] == ["state", "verdict"]) + 1 :]
    assert (
        sum(bool(line.strip()) and line.split()[0].isupper() and len(line.split()[0]) == 2 for line in table)
        == 51
    )
    assert "A trigger reads only the reported margin" in flat(ran.out)
    assert len(json.loads(run("recount", "options", *words, "--json").out)["answers"]) == 51


def test_no_rule_known_is_no_failure(run: Run) -> None:
    """Before the first version: said, with exit 0, and never as if no recount were possible."""
    ran = run("recount", "options", "--state", "MI", "--date", "1990-11-06", "--margin", 3, "--total", 9)
    assert ran.code == 0
    assert flat(ran.out).startswith(
        "No rule known for Michigan on 6 November 1990. That does not mean that no recount is possible"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--state", "ZZ", "--margin", 1, "--total", 9), "'ZZ' is no state. There are rules for: AK, AL,"),
        (("--state", "MI", "--margin", 10, "--total", 9), "The margin of 10 is larger than all 9 votes."),
        (("--state", "MI", "--margin", -1, "--total", 9), "in 'margin'"),
        (("--state", "MI"), "Give the votes by choice, or the margin"),
        (("--margin", 1), "--state is needed, or --case"),
        (("--state", "MI", "--votes", "Ann"), "'Ann' must be a name of its own and a number"),
        (("--state", "MI", "--votes", "Ann=3"), "nobody can lose"),
        (("--state", "MI", "--margin", 1, "--on", "noon"), "'noon' is not a time"),
        (("--state", "MI", "--margin", 1, "--act", "noon"), "--act noon: write it like"),
        (("--state", "MI", "--margin", 1, "--act", "supper=2016-11-28"), "'supper' is no official act"),
        (("--state", "MI", "--margin", 1, "--stage", "1=3"), "the first stage is --margin"),
        (("--state", "MI", "--margin", 1, "--as-of", "2016-11-28"), "--as-of says nothing without --case"),
        (
            ("--all-states", "--state", "MI", "--margin", 1),
            "--state says nothing where all states are compared",
        ),
        (("--all-states", "--margin", 1), "one margin and one total"),
        (("--case", "none", "--state", "MI"), "--state says nothing of a case"),
        (("--case", "none", "--margin", "0"), "--margin says nothing of a case"),
        (("--case", "none", "--date", "2016-11-08"), "--date says nothing of a case"),
    ],
)
def test_misuse_is_told_in_a_sentence(run: Run, words: tuple[object, ...], sentence: str) -> None:
    """Exit 1, nothing on standard output."""
    ran = run("recount", "options", "--date", "2016-11-08", *words)
    assert (ran.code, ran.out) == (1, "")
    assert sentence in flat(ran.err)
