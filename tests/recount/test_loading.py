"""Rule files: read, written and read again; every fault named with its line; never another exception."""

import datetime as dt
from typing import Any

import msgspec
import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError, StoreError
from tallyproof.recount.loading import load
from tallyproof.recount.rule import StateRules
from tallyproof.store import rules

FILE = """state = "WI"
name = "Wisconsin"
as_of = "2026"
confidence = "high"
sources = ["https://example.org"]

[[law]]
effective_from = 2015-07-03
effective_to = 2018-04-17
citation = "9.01"
basis = "source"

[[law.test]]
name = "any candidate"
then = "requestable"
when = "margin <= 1%*total"
citation = "9.01(1)"
basis = "source"

[[law.deadline]]
act = "request"
words = "third business day"
closes = { count = 3, unit = "business-days", after = "election" }
citation = "9.01(1)"
basis = "source"

[[law.cost]]
payer = "the petitioner"
words = "$25"
citation = "9.01(1)"
basis = "source"

[[law.cost.tiers]]
per_precinct = "25"

[[law]]
effective_from = 2018-04-18
citation = "9.01"
basis = "source"

[[law.test]]
name = "aggrieved"
then = "requestable"
when = "margin <= 1%*total"
citation = "9.01(1)"
basis = "source"
"""
FAULTS = [
    ('state = "WI"', 'state = "ZZ"', 1, "'ZZ' is no state"),
    ('state = "WI"', 'state = "Wisconsin"', 1, "regex"),
    ('confidence = "high"', 'confidence = "sure"', 4, "Invalid enum value 'sure'"),
    ("effective_to = 2018-04-17", "effective_to = 2014-04-17", 9, "ends before it begins"),
    (
        "effective_to = 2018-04-17",
        "effective_to = 2018-04-18",
        37,
        "on 2018-04-18 an older version still holds",
    ),
    ("effective_from = 2018-04-18", "effective_from = 2018", 37, "Expected `date`"),
    ('name = "aggrieved"\n', "", 41, "missing required field `name`"),
    ('name = "aggrieved"', 'name = "aggrieved"\ncolour = "red"', 41, "unknown field `colour`"),
    (
        'name = "aggrieved"\nthen = "requestable"',
        'name = "aggrieved"\nthen = "yes"',
        43,
        "Invalid enum value 'yes'",
    ),
    ('when = "margin <= 1%*total"', 'when = "margin <= 1%*votes"', 16, "'votes' is no variable"),
    ('when = "margin <= 1%*total"', 'when = "margin <="', 16, "cannot be read"),
    ('basis = "source"\n\n[[law.test]]', 'basis = "hearsay"\n\n[[law.test]]', 11, "Invalid enum value"),
    ('name = "any candidate"', 'name = "any candidate"\nscope = ["dogs"]', 15, "'dogs' names no contests"),
    (
        'name = "any candidate"',
        'name = "any candidate"\nmemory = ["colour"]',
        15,
        "'colour' is no field here",
    ),
    ('name = "any candidate"', 'name = "any candidate"\nstage = 0', 15, ">= 1"),
    ('after = "election"', 'after = "supper"', 23, "'supper' is no act; acts: election"),
    ('after = "election"', 'before = "election", after = "election"', 23, "either after or before"),
    (', after = "election"', "", 23, "counted after or before an act"),
    ("count = 3, ", "", 23, "'count' and 'unit' belong together"),
    ("count = 3", "count = -3", 23, "count from 0"),
    ("count = 3", "count = 30000", 23, "count from 0 to 10,000"),
    ('unit = "business-days"', 'unit = "hours", rolls = true', 23, "'rolls' and 'at' are for days"),
    ('unit = "business-days"', 'unit = "weeks"', 23, "Invalid enum value 'weeks'"),
    ('count = 3, unit = "business-days"', "ordinal = 2", 23, "'ordinal' and 'weekday' belong together"),
    ('count = 3, unit = "business-days"', 'ordinal = 7, weekday = "friday"', 23, "from 1 to 6"),
    ('per_precinct = "25"', 'per_precinct = "$25"', 34, "'$25' is no amount in dollars"),
    ('per_precinct = "25"', 'per_precinct = "25"\nwhen = "margin"', 35, "'margin' is not a test"),
    ('per_precinct = "25"', 'per_precinct = "25"\nincluded = -1', 35, ">= 0"),
    ("[[law.cost]]", "[[law.cost", 27, "line 27"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS, ids=[f"{each[1]!s:.40}" for each in FAULTS])
def test_each_fault_is_named_with_file_and_line(old: str, new: str, line: int, words: str) -> None:
    """A slip in a rule file says where it is and what is wrong."""
    assert old in FILE
    with pytest.raises(RequestError) as fault:
        load(FILE.replace(old, new, 1), "wi.toml")
    assert str(fault.value).startswith("wi.toml") and f"line {line}" in str(fault.value), fault.value
    assert words in str(fault.value)


def test_the_file_without_a_fault_loads() -> None:
    """It is the faults that were refused."""
    found = load(FILE, "wi.toml")
    assert [law.effective_from for law in found.laws] == [dt.date(2015, 7, 3), dt.date(2018, 4, 18)]


def written(found: StateRules) -> str:
    """Write rules as TOML, without what is not given."""
    plain = msgspec.to_builtins(found, builtin_types=(dt.date, dt.time))
    return tomlkit.dumps(_given(plain))


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _given(each) for name, each in value.items() if each is not None}
    return [_given(each) for each in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("state", rules.states())
def test_each_rule_file_is_the_same_when_written_and_read_again(state: str) -> None:
    """Nothing of a file is lost between reading and writing."""
    found = rules.rules_of(state)
    assert found.state == state
    assert load(written(found), f"{state}.toml") == found


def test_there_are_51_rule_files() -> None:
    """50 states and the District of Columbia."""
    assert len(rules.states()) == 51


def test_a_state_without_a_file_is_a_fault_of_the_store() -> None:
    """Names that lead out of the folder lead nowhere."""
    for name in ("ZZ", "../wi", "wi"):
        with pytest.raises(StoreError, match="There is no rule file"):
            rules.rules_of(name)


PIECES = st.sampled_from(
    [*FILE.splitlines(), "[[law.test]]", "a = [[[[", "when = 3", '"""', "x.y = 1", "[law]"]
)


def outcome(text: str) -> str:
    """That the text loads as a file x.toml, or the words of the refusal."""
    try:
        load(text, "x.toml")
    except RequestError as fault:
        return str(fault)
    return "loads"


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES | st.text(max_size=20), max_size=30).map("\n".join))
def test_any_text_loads_or_is_refused_in_a_sentence(text: str) -> None:
    """Never another exception than RequestError."""
    assert outcome(text).startswith(("loads", "x.toml"))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_file_with_lines_changed_loads_or_is_refused(data: st.DataObject) -> None:
    """Lines dropped, doubled and changed, numbers blown up."""
    lines = FILE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[place])))
        change = data.draw(
            st.sampled_from(["", lines[place] * 2, lines[place][:cut], "9" * 5_000, lines[place] + "9"])
        )
        lines[place] = change
    assert outcome("\n".join(lines)).startswith(("loads", "x.toml"))


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5_000, "a = " + "9" * 5_000, "a = {b = " * 400, "\x00", "\ud800 = 1"]
)
def test_monstrous_files_are_refused(text: str) -> None:
    """Deep nesting, numbers of thousands of digits, signs that are no letters."""
    with pytest.raises(RequestError, match=r"x\.toml"):
        load(text, "x.toml")
