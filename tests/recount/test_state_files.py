"""Rule files of the 51 jurisdictions: what holds of every one of them."""

from __future__ import annotations

import datetime as dt

import pytest

from tallyproof.errors import RequestError
from tallyproof.recount.calendar import Happened, days_of, reckon
from tallyproof.recount.loading import load
from tallyproof.recount.rule import Certification

from .contests import EASTERN, FOLDER, FROM_MONTANA, TO_MISSOURI, answered, rules_of

HALVES = pytest.mark.parametrize("states", [TO_MISSOURI, FROM_MONTANA], ids=["to Missouri", "from Montana"])


@HALVES
def test_each_file_is_of_the_state_that_names_it(states: tuple[str, ...]) -> None:
    """Every file loads and says whose law it is, from what, and as of when."""
    for state, rules in zip(states, map(rules_of, states), strict=True):
        assert (rules.state, bool(rules.sources), bool(rules.as_of)) == (state, True, True)


@HALVES
def test_versions_of_a_state_follow_one_another_without_overlap(states: tuple[str, ...]) -> None:
    """An election day never falls into two versions, and each version but the last has an end."""
    for state, rules in zip(states, map(rules_of, states), strict=True):
        assert rules.laws and rules.laws[-1].effective_to is None
        for older, newer in zip(rules.laws, rules.laws[1:], strict=False):
            assert older.effective_to and older.effective_to < newer.effective_from, state


@pytest.mark.parametrize(
    ("states", "asking"),
    [(TO_MISSOURI, {"requestable", "discretionary"}), (FROM_MONTANA, {"requestable"})],
    ids=["to Missouri", "from Montana"],
)
def test_a_law_without_a_request_says_so(states: tuple[str, ...], asking: set[str]) -> None:
    """Where no test lets anybody ask, the file says in words that nobody can."""
    for state, rules in zip(states, map(rules_of, states), strict=True):
        for law in rules.laws:
            assert any(test.then in asking for test in law.tests) or law.no_request, (
                state,
                law.effective_from,
            )


@pytest.mark.parametrize(
    ("states", "more_than"), [(TO_MISSOURI, 10), (FROM_MONTANA, 15)], ids=["to Missouri", "from Montana"]
)
def test_what_is_from_memory_is_never_counted(states: tuple[str, ...], more_than: int) -> None:
    """A deadline that nobody has checked gets no day; the answer says where to look it up."""
    seen = 0
    for state, rules in zip(states, map(rules_of, states), strict=True):
        for law in rules.laws:
            found = answered(state, str(law.effective_from), "president", margin=1, total=1_000)
            unread = [each for each in found.deadlines if each.known.basis == "memory"]
            seen += len(unread)
            assert all(each.closes is None and each.look_up for each in unread), state
    assert seen > more_than


@HALVES
def test_before_its_first_version_no_file_says_no(states: tuple[str, ...]) -> None:
    """An election before all versions gets "no rule known", never "no recount"."""
    for state in states:
        assert answered(state, "1990-11-06", "governor", margin=1, total=1_000).verdict == "no-rule-known"


@pytest.mark.parametrize("state", FROM_MONTANA)
def test_an_altered_file_is_refused_with_its_line(state: str) -> None:
    """A consequence that the language does not have is a fault, said with file and line."""
    name = f"{state.lower()}.toml"
    text = (FOLDER / name).read_text(encoding="utf-8").replace('then = "', 'then = "perhaps-')
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("then ="))
    with pytest.raises(RequestError, match=rf"{name}, line {line}: "):
        load(text, name)


# ---- certification

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
    ("WY", "2020-11-03", "state", "2020-11-11 23:59"),
    ("NM", "2020-11-03", "state", "2020-11-24 23:59"),
    ("NE", "2020-11-03", "state", "2020-11-30 23:59"),
    ("PA", "2024-11-05", "county", "2024-11-25 23:59"),
    ("WA", "2024-11-05", "county", "2024-11-26 23:59"),
    ("WA", "2024-11-05", "state", "2024-12-05 23:59"),
    ("NC", "2024-11-05", "county", "2024-11-15 11:00"),
    ("NC", "2024-11-05", "state", "2024-11-26 11:00"),
    ("OK", "2024-11-05", "state", "2024-11-12 17:00"),
    ("OK", "2024-11-05", "county", "2024-11-08 17:00"),
    ("OR", "2020-11-03", "state", "2020-12-03 23:59"),
    ("OR", "2024-11-05", "state", "2024-12-12 23:59"),
    ("SC", "2026-11-03", "county", "2026-11-07 12:00"),
    ("SD", "2024-11-05", "county", "2024-11-11 23:59"),
    ("SD", "2024-11-05", "state", "2024-11-12 23:59"),
    ("TN", "2026-11-03", "county", "2026-11-23 23:59"),
    ("VT", "2024-11-05", "state", "2024-11-12 23:59"),
]


def held(each: Certification, day: dt.date) -> bool:
    """Whether a certification rule is for an election day."""
    return (each.effective_from or day) <= day <= (each.effective_to or day)


@pytest.mark.parametrize(("state", "day", "level", "by"), CERTIFIED)
def test_certification_falls_on_the_day_of_the_rule(state: str, day: str, level: str, by: str) -> None:
    """Days, ordinals, hours and the holiday that Georgia's Monday fell on in 2024, by that day's version."""
    election = dt.date.fromisoformat(day)
    rules = [each for each in rules_of(state).certifications if each.level == level and held(each, election)]
    assert len(rules) == 1 and rules[0].by
    at = reckon(rules[0].by, {"election": Happened(election)}, EASTERN).at
    assert f"{at:%Y-%m-%d %H:%M}" == by


@pytest.mark.parametrize("state", [*TO_MISSOURI, *FROM_MONTANA])
def test_known_days_of_certification_keep_the_rule(state: str) -> None:
    """A day that the file gives is later than the state's own rule allows only after a recount."""
    rules = rules_of(state)
    for act in (each for each in rules.acts if each.event == "certification"):
        for each in rules.certifications:
            if each.level == "state" and each.by and held(each, act.election):
                days = {"election": Happened(act.election), **days_of(act.election.year)}
                last = reckon(each.by, days, EASTERN).at
                assert last and (act.on <= last.date() or "after the recount" in act.note)
