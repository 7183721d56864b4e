"""The lines of a frame: their order, their bytes, and what is refused."""

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.sampling.frame import (
    CardStyle,
    FrameBatch,
    Head,
    batch_line,
    bound_of,
    canonical,
    card_id,
    field_text,
    fields,
    head_lines,
    line,
    order_key,
    read_batch,
    read_card,
    read_head,
    require_once,
)

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).map(field_text)
SOME = st.text('0123456789aB,"- é', max_size=8).map(field_text)
KEYS = st.tuples(SOME, SOME, SOME.filter(bool))


@settings(deadline=None)
@given(st.lists(KEYS, unique=True, max_size=12), st.randoms())
def test_canonical_order_does_not_depend_on_the_order_given(
    keys: list[tuple[str, str, str]], chance: object
) -> None:
    """Batches in any order come out in one order."""
    batches = [FrameBatch(key, 1) for key in keys]
    shuffled = list(batches)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert canonical(shuffled) == canonical(batches)


@settings(deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=6))
def test_a_line_is_what_the_csv_module_writes_and_reads(names: list[str]) -> None:
    """Another program's CSV writer gives the same bytes, and its reader the same fields."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(names)
    assert line(names) + "\n" == written.getvalue()
    assert fields(line(names)) == names


@settings(deadline=None)
@given(KEYS, SOME.filter(bool))
def test_a_card_is_read_back_from_its_id(key: tuple[str, str, str], card: str) -> None:
    """The id, which draws hash, tells batch and card, so two cards never share one."""
    assert read_card(card_id(key, card)) == (key, card)


@settings(deadline=None)
@given(KEYS, st.integers(0, 10**9), st.none() | st.fractions(0, 10**30, max_denominator=10**30))
def test_a_batch_is_read_back_from_its_line(
    key: tuple[str, str, str], cards: int, bound: Fraction | None
) -> None:
    """Cards and the exact bound survive."""
    batch = FrameBatch(key, cards, bound)
    assert read_batch(batch_line(batch)) == batch


def test_whole_numbers_are_ordered_by_value_before_other_texts() -> None:
    """Batch 9 comes before batch 10; names come after numbers, by their UTF-8 bytes."""
    names = ["10", "b", "9", "Z", "é", "010", "", "1" * 19]
    assert sorted(names, key=order_key) == ["9", "010", "10", "", "1" * 19, "Z", "b", "é"]
    others = names[1:2] + names[3:5]
    assert sorted(others, key=order_key) == sorted(others, key=str.encode)


def test_a_head_is_read_back() -> None:
    """Styles, kind and order survive; the lines after the head are left."""
    head = Head("cards", "as-listed", (CardStyle(("Mayor", 'The "A", B'), 3), CardStyle((), 2)))
    lines = iter([*head_lines(head), "0,,1,1,1"])
    assert read_head(lines) == head
    assert next(lines) == "0,,1,1,1"
    assert (head.cards, head.lines, head.cards_with("Mayor")) == (5, 4, 3)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "is not a frame"),
        (["a,b"], "is not a frame"),
        (["tallyproof frame,2,cards,canonical"], "version that this program does not know"),
        (["tallyproof frame,1,cards"], "version that this program does not know"),
        (["tallyproof frame,1,votes,canonical"], "lists 'votes'"),
        (["tallyproof frame,1,cards,random"], "order 'random'"),
        (["tallyproof frame,1,cards,canonical"], "ends before its header"),
        (["tallyproof frame,1,cards,canonical", "contests,1,5"], "should begin with 'contests,0,'"),
        (["tallyproof frame,1,cards,canonical", "contests,0,x"], "should begin with 'contests,0,'"),
        (["tallyproof frame,1,cards,canonical", "0,,1,1,1"], "where its header"),
        (["tallyproof frame,1,batches,canonical", "contests,0,1"], "where its header"),
        (['tallyproof frame,1,"cards'], "no CSV"),
    ],
)
def test_what_is_no_frame_is_refused(lines: list[str], sentence: str) -> None:
    """Each way a head can be wrong has its sentence."""
    with pytest.raises(RequestError, match=sentence):
        read_head(lines)


@pytest.mark.parametrize("text", [",1,2,x,", ",1,,3,", "1,2,3", ",1,2,3,-1", ",1,2,3,1e3", ",1,2,3,1/0"])
def test_what_is_no_batch_is_refused(text: str) -> None:
    """A batch needs a name, a count and a bound that is none or a number."""
    with pytest.raises(RequestError):
        read_batch(text)


@pytest.mark.parametrize("text", ["Adams,1,2", "Adams,1,,4", "Adams,1,2,", "Adams,1,2,3,4"])
def test_what_is_no_card_is_refused(text: str) -> None:
    """A card needs a batch and a name in it."""
    with pytest.raises(RequestError, match="no card"):
        read_card(text)


def test_bounds_are_exact() -> None:
    """0.1 is one tenth, not the nearest binary number."""
    assert bound_of("0.1") == bound_of("1/10") == Fraction(1, 10)


def test_names_are_in_one_form_and_hold_no_line_break() -> None:
    """Letters with accents are one sign each; a line break would make two lines of one card."""
    assert field_text(" Jose\u0301 ") == "Jos\u00e9"
    for bad in ("a\nb", "a\rb", "a\x00b", "a\u2028b"):
        with pytest.raises(RequestError, match="line break"):
            field_text(bad)


def test_a_batch_listed_twice_is_refused() -> None:
    """The sentence names it."""
    with pytest.raises(RequestError, match="Adams, tabulator 1, batch 2 is listed twice"):
        require_once([("Adams", "1", "2"), ("Adams", "1", "3"), ("Adams", "1", "2")])
