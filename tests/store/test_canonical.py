"""JSON is written in one way only, and what it cannot hold exactly is refused."""

import math
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.errors import StoreError
from tallyproof.store.canonical import LARGEST_EXACT, canonical, parse

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_EXACT, LARGEST_EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def test_the_example_of_rfc_8785_is_written_as_printed_there() -> None:
    """Sections 3.2.2 and 3.2.4 of the standard: literals, numbers, escapes and the order of names."""
    value: dict[str, Any] = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(values)
def test_reading_back_and_writing_again_changes_no_byte(value: Any) -> None:
    """Holds for every JSON value, also for doubles that are written as long whole numbers."""
    written = canonical(value)
    assert canonical(parse(written)) == written


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_the_order_in_which_names_were_given_does_not_matter(value: dict[str, int]) -> None:
    """Names are sorted."""
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "NaN"),
        ([math.inf], "infinity"),
        ({"votes": 2**53}, "beyond 2"),
        (-(2**53), "beyond 2"),
        ("\ud800", "cannot be recorded"),
        ({"\ud800": 1}, "cannot be recorded"),
        ({1: 2}, "cannot be recorded"),
        (b"bytes", "cannot be recorded"),
        ({"a", "set"}, "cannot be recorded"),
    ],
)
def test_what_json_cannot_hold_is_refused(value: Any, reason: str) -> None:
    """Each with a sentence that says what it was."""
    with pytest.raises(StoreError, match=reason):
        canonical(value)


def test_nesting_without_end_is_refused() -> None:
    """A list within a list, a hundred thousand deep, is refused in writing and in reading."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(StoreError, match="nested"):
        canonical(value)
    with pytest.raises(StoreError, match="not JSON"):
        parse("[" * 100_000 + "]" * 100_000)


def test_read_only_mappings_and_tuples_are_welcome() -> None:
    """They are written as objects and lists."""
    assert canonical(MappingProxyType({"b": (1, 2), "a": None})) == b'{"a":null,"b":[1,2]}'


@pytest.mark.parametrize("text", ["NaN", "Infinity", "{", "[1,]", ""])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    """Python's own additions to JSON count as not JSON."""
    with pytest.raises(StoreError, match="not JSON"):
        parse(text)
