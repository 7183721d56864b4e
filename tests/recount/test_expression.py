"""Margin tests: exact, never wrong about what is unknown, and nothing but margin tests."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.recount.expression import LONGEST, VARIABLES, parse

NAMES = ["margin", "total", "winner", "loser", "seats"]
KNOWN = st.fixed_dictionaries({name: st.integers(0, 10**9) for name in NAMES})
Made = tuple[str, ...]
"""The text of an expression, and the same as Python over fractions."""
UNKNOWN = st.fixed_dictionaries({name: st.none() | st.integers(0, 40) for name in NAMES})


def decimals() -> st.SearchStrategy[str]:
    """Numbers as laws have them: 2000, 0.25, 0.015."""
    parts = st.tuples(st.integers(0, 5_000), st.sampled_from(["", ".5", ".25", ".015", ".1"]))
    return parts.map(lambda part: f"{part[0]}{part[1]}")


def numbers() -> st.SearchStrategy[Made]:
    """Texts of numbers, each with the same as Python over fractions."""
    plain = decimals().map(lambda text: (text, f"Fraction('{text}')"))
    shares = decimals().map(lambda text: (f"{text}%", f"Fraction('{text}')/100"))
    names = st.sampled_from(NAMES).map(lambda name: (name, f"Fraction({name})"))
    return st.recursive(plain | shares | names, _larger, max_leaves=6)


def _larger(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    signs = st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda made: (f"({made[0][0]}{made[1]}{made[2][0]})", f"(({made[0][1]}){made[1]}({made[2][1]}))")
    )
    chosen = st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
        lambda made: tuple(f"{made[0]}({made[1][side]}, {made[2][side]})" for side in (0, 1))
    )
    return signs | chosen | inner.map(lambda each: (f"abs({each[0]})", f"abs({each[1]})"))


def margin_tests() -> st.SearchStrategy[Made]:
    """Texts of tests, each with the same as Python over fractions."""
    compared = st.tuples(numbers(), st.sampled_from(["<", "<=", ">", ">=", "=="]), numbers()).map(
        lambda made: tuple(f"{made[0][side]} {made[1]} {made[2][side]}" for side in (0, 1))
    )
    return st.recursive(
        compared,
        lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda made: tuple(f"({made[0][side]}) {made[1]} ({made[2][side]})" for side in (0, 1))
        ),
        max_leaves=4,
    )


@settings(deadline=None)
@given(margin_tests(), KNOWN)
def test_a_test_is_decided_as_fractions_decide_it(made: Made, known: dict[str, int]) -> None:
    """No rounding anywhere: 0.1 % of 5,000 is 5."""
    assume(len(made[0]) <= LONGEST)
    tested = parse(made[0]).test(known)
    assert tested.value is eval(made[1], {"Fraction": Fraction, **known})
    assert tested.missing == ()


@settings(deadline=None)
@given(margin_tests())
def test_what_was_read_reads_the_same_again(made: Made) -> None:
    """The text that an expression keeps is the expression; its variables are those of the text."""
    assume(len(made[0]) <= LONGEST)
    once = parse(made[0])
    assume(len(once.text) <= LONGEST)
    again = parse(once.text)
    assert (again.text, again.variables) == (once.text, once.variables)
    assert set(once.variables) == {name for name in NAMES if name in made[0]}


@settings(deadline=None)
@given(margin_tests(), UNKNOWN, KNOWN)
def test_more_numbers_never_turn_an_answer(
    made: Made, known: dict[str, int | None], more: dict[str, int]
) -> None:
    """What is decided without a number stays so whatever the number is; what is not names what it lacks."""
    assume(len(made[0]) <= LONGEST)
    test = parse(made[0])
    found = test.test(known)
    filled = {name: more[name] if value is None else value for name, value in known.items()}
    if found.value is None:
        assert found.missing == tuple(name for name in test.variables if known[name] is None) != ()
    else:
        assert test.test(filled).value is found.value


@pytest.mark.parametrize(
    ("text", "known", "value"),
    [
        ("margin <= 0.1%*total", {"margin": 5, "total": 5_000}, True),
        ("margin < 0.1%*total", {"margin": 5, "total": 5_000}, False),
        ("margin <= 0.3 % * total", {"margin": 3, "total": 1_000}, True),
        ("margin == 0", {"margin": 0}, True),
        ("0 < margin <= 20", {"margin": 20}, True),
        ("margin <= 2%*total/seats", {"margin": 180, "total": 20_000, "seats": 2}, True),
        ("margin < 2000 and margin < 0.5%*top2", {"margin": 2_000}, False),
        ("margin < 20 or discrepancy > margin", {"margin": 19}, True),
        ("margin < 20 or discrepancy > margin", {"margin": 21}, None),
        ("True or margin < 3", {}, True),
        ("-margin < 0", {"margin": 1}, True),
    ],
)
def test_rules_of_the_law(text: str, known: dict[str, int], value: bool | None) -> None:
    """Shares at their edge, both conditions, one condition enough, and what nobody told."""
    assert parse(text).test(known).value is value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "cannot be read"),
        ("margin <", "cannot be read"),
        ("margin", "'margin' is not a test"),
        ("margin < votes", "'votes' is no variable; there are: margin,"),
        ("margin < min", "'min' is no variable"),
        ("margin < 5%%", "percent sign that follows no number"),
        ("margin % 2 == 0", "percent sign that follows no number"),
        ("margin != 3", "none of < <= > >= =="),
        ("margin in total", "none of < <= > >= =="),
        ("not margin < 3", "is not a test"),
        ("margin < 1e9", "'1e9' is not a number"),
        ("margin < 0x10", "'0x10' is not a number"),
        ("margin < 1_000", "'1_000' is not a number"),
        ("margin < 2**3", "is not a number"),
        ("margin < 'a'", "is not a number"),
        ("margin < True", "is not a number"),
        ("min(margin) < 3", "gives min 1 numbers"),
        ("abs(margin, 3) < 3", "gives abs 2 numbers"),
        ("min(margin, total, key=abs) < 3", "is not a number"),
        ("print(margin) < 3", "is not a number"),
        ("().__class__ < 3", "is not a number"),
        ("(lambda: 3)() < 3", "is not a number"),
        ("__import__('os').getcwd() < 3", "is not a number"),
        ("margin < 3\x00", "cannot be read"),
        ("margin < " + "(" * 300 + "3" + ")" * 300, "more than 500"),
        ("margin < " + "(" * 240 + "3" + ")" * 240, "cannot be read"),
    ],
)
def test_all_else_is_refused(text: str, fault: str) -> None:
    """What is not of the language is refused in a sentence that shows it."""
    with pytest.raises(ValueError, match=fault.replace("(", r"\(").replace(")", r"\)").replace("*", r"\*")):
        parse(text)


@settings(deadline=None)
@given(st.text(alphabet="margintotal<>=()%*/+-0123456789. andorx,", max_size=60) | st.text(max_size=40))
def test_nothing_else_than_a_test_or_a_refusal_comes_of_any_text(text: str) -> None:
    """Whatever is written: an expression over known variables, or a ValueError."""
    try:
        found = parse(text)
    except ValueError:
        return
    assert set(found.variables) <= set(VARIABLES)


def test_the_law_never_divides_by_nothing() -> None:
    """A base of 0 is a fault of the numbers and said so."""
    with pytest.raises(RequestError, match="'seats' is 0, and the law divides by it"):
        parse("margin < total/seats").test({"margin": 1, "total": 5, "seats": 0})


def test_a_condition_is_shown_as_readers_write_numbers() -> None:
    """Percent signs, and thousands separated as in the numbers beside them."""
    tested = parse("total <= 25000 or margin <= min((0.5/100)*total, 10000)").test({"total": 2, "margin": 1})
    assert [each.text for each in tested.compared] == [
        "total ≤ 25,000",
        "margin ≤ min(0.5 % × total, 10,000)",
    ]
