"""One JSON problem in, one answer out; the JSON Schemas say what is a problem."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tallyproof.errors import RequestError
from tallyproof.services import solving
from tallyproof.tracking.margin import MOST

GOOD: list[dict[str, Any]] = [
    {"kind": "margin", "votes": {"Trump": 1_404_000, "Clinton": 1_381_823}},
    {"kind": "margin", "votes": {"a": 3.0, "b": 1}},
    {"kind": "margin", "votes": {"a": 3, "b": 2, "c": 1}, "seats": 2, "total": 9},
    {"kind": "margin", "votes": {"a": 0, "b": 0}, "total": None},
    {"kind": "needed_share", "lead": 12_828, "remaining": 25_430},
    {"kind": "needed_share", "lead": 0, "remaining": 0, "two_party_share": "19/20"},
    {"kind": "needed_share", "lead": 1, "remaining": 10, "two_party_share": "0.95"},
    {"kind": "votes_at_stake"},
    {"kind": "votes_at_stake", "moved": 5, "added_or_removed": 1, "margin": 11},
    {"kind": "votes_at_stake", "margin": None},
]
MALFORMED: list[Any] = [
    {"kind": "margin"},
    {"kind": "margin", "votes": {"a": 1}},
    {"kind": "margin", "votes": {"a": -1, "b": 1}},
    {"kind": "margin", "votes": {"a": 1.5, "b": 1}},
    {"kind": "margin", "votes": {"a": True, "b": 1}},
    {"kind": "margin", "votes": {"a": "3", "b": 1}},
    {"kind": "margin", "votes": {"a": None, "b": 1}},
    {"kind": "margin", "votes": ["a", "b"]},
    {"kind": "margin", "votes": {"a": MOST + 1, "b": 1}},
    {"kind": "margin", "votes": {"a": 2, "b": 1}, "seats": 0},
    {"kind": "margin", "votes": {"a": 2, "b": 1}, "winners": 1},
    {"kind": "needed_share", "lead": 1},
    {"kind": "needed_share", "lead": -1, "remaining": 5},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": 0.5},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "half"},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "1e999999999"},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "0.0"},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "1/0"},
    {"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "-1/2"},
    {"kind": "votes_at_stake", "moved": -2},
    {"kind": "votes_at_stake", "moved": [2]},
]
NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "margin", "votes": {"a": 2, "b": 1}, "seats": 2}, "2 choices for 2 seats, so nobody can lose"),
    ({"kind": "margin", "votes": {"a": 2, "b": 1}, "total": 2}, "less than the choices' 3 votes"),
    ({"kind": "needed_share", "lead": 1, "remaining": 5, "two_party_share": "3/2"}, "at most 1"),
]
"""Well-formed, but what one field says contradicts another: no schema can tell."""


def solved(problem: Any) -> Any:
    """The answer as a program reads it."""
    return json.loads(solving.solve_json(json.dumps(problem)))


def is_problem(problem: Any) -> bool:
    """Whether a schema of some kind accepts this."""
    schemas = solving.schemas()
    return any(Draft202012Validator(schemas[f"{kind}.problem"]).is_valid(problem) for kind in solving.kinds())


@pytest.mark.parametrize("problem", GOOD, ids=str)
def test_what_solves_is_what_the_schema_accepts(problem: dict[str, Any]) -> None:
    """Each good problem passes its schema, and its answer passes the answer's."""
    answer = solved(problem)
    assert is_problem(problem)
    Draft202012Validator(solving.schemas()[f"{problem['kind']}.answer"]).validate(answer)
    assert answer["kind"] == problem["kind"]


@pytest.mark.parametrize("problem", MALFORMED, ids=str)
def test_what_is_refused_is_what_the_schema_refuses(problem: Any) -> None:
    """Each malformed problem is refused by its schema and, in a sentence naming its kind, by solve."""
    assert not is_problem(problem)
    with pytest.raises(RequestError, match=f"^{problem['kind']}: "):
        solved(problem)


@pytest.mark.parametrize(("problem", "reason"), NONSENSE, ids=str)
def test_contradictions_are_refused(problem: dict[str, Any], reason: str) -> None:
    """What one field says against another is refused in a sentence."""
    assert is_problem(problem)
    with pytest.raises(RequestError, match=reason):
        solved(problem)


@pytest.mark.parametrize(
    "problem", [None, 3, "margin", {}, {"kind": "oracle"}, {"kind": ["margin"]}, {"votes": {}}]
)
def test_what_is_no_problem_is_told_the_kinds(problem: Any) -> None:
    """Anything that is not an object of a known kind is answered with the kinds."""
    with pytest.raises(RequestError, match="one of: .*margin, .*needed_share, .*votes_at_stake"):
        solved(problem)
    assert not is_problem(problem)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "NaN", '{"kind": "margin", "votes": {"a": Infinity, "b": 1}}', b"\xff\xfe{",
        "[" * 50_000, "9" * 5_000,
        '{"kind": "margin", "votes": {"a": 1, "b": 2, "a": 3}}', '{"\\ud800": 1}',
    ],
    ids=lambda text: str(text[:24]),
)  # fmt: skip
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    """Broken text, NaN, a name twice, half a character and endless nesting are refused in a sentence."""
    with pytest.raises(RequestError, match=r"^This is not (JSON|a problem)"):
        solving.solve_json(text)


def test_a_list_gives_a_list() -> None:
    """Answers stand in the order of the problems; a fault names the number of its problem."""
    assert [each["kind"] for each in solved(GOOD)] == [each["kind"] for each in GOOD]
    assert solved([]) == []
    with pytest.raises(RequestError, match="^problem 2: margin: there is no field 'votes'"):
        solved([GOOD[0], {"kind": "margin"}])


def test_a_wrong_field_is_named() -> None:
    """The sentence names the field, in the words of those who write JSON."""
    with pytest.raises(RequestError, match="^needed_share: expected a whole number >= 0, in 'lead'"):
        solved({"kind": "needed_share", "lead": -1, "remaining": 5})
    with pytest.raises(RequestError, match="^margin: there is an unknown field 'winners'"):
        solved({"kind": "margin", "votes": {"a": 2, "b": 1}, "winners": 1})


def test_every_kind_has_its_schemas() -> None:
    """Each schema is a valid schema of draft 2020-12, for problem and answer of every kind."""
    schemas = solving.schemas()
    assert set(schemas) == {f"{kind}.{side}" for kind in solving.kinds() for side in ("problem", "answer")}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


@settings(deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["kind", "votes", "lead", "remaining", "seats", "moved"]),
        inner | st.sampled_from(["margin", "needed_share", "votes_at_stake"]), max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
def test_any_json_is_answered_or_refused_in_a_sentence(problem: Any) -> None:
    """Whatever JSON comes in, an answer or a RequestError comes out."""
    try:
        solved(problem)
    except RequestError as fault:
        assert str(fault).endswith(".")
