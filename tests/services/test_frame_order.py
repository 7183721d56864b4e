"""The order of a frame's lines: the right one passes; lines swapped or standing twice do not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallyproof.errors import UnreadableError
from tallyproof.sampling.frame import card_id, order_key
from tallyproof.services import frame_files
from tallyproof.services.draw_records import Method
from tallyproof.services.frame_order import LineOrder, OrderFault, twice

from .frames import batch_frame, drawn

NAMES = st.one_of(
    st.integers(0, 10**20).map(str),
    st.integers(0, 120).map(lambda number: f"101-{number:02}"),
    st.text('019-aB, "é(/', min_size=1, max_size=24).map(str.strip).filter(bool),
)
CARDS = st.lists(
    st.tuples(st.sampled_from(("", "Adams", "El Paso")), st.sampled_from(("", "9", "10")), NAMES, NAMES),
    min_size=2, max_size=30, unique=True,
)  # fmt: skip


def taken(order: LineOrder, lines: list[str], together: int) -> LineOrder:
    """All lines, so many at a time."""
    for start in range(0, len(lines), together):
        order.take("".join(f"{text}\n" for text in lines[start : start + together]).encode())
    return order


def listed(cards: list[tuple[str, str, str, str]]) -> list[str]:
    return [f"{place % 120},{card_id((a, b, c), d)}" for place, (a, b, c, d) in enumerate(cards)]


@settings(deadline=None, max_examples=150)
@given(CARDS, st.integers(1, 40), st.data())
def test_canonical_order_passes_and_any_two_lines_swapped_do_not(
    cards: list[tuple[str, str, str, str]], together: int, data: st.DataObject
) -> None:
    """Whatever the names and wherever the blocks end, the order is that of order_key, field by field."""
    right = sorted(cards, key=lambda card: [order_key(part) for part in card])
    taken(LineOrder("canonical"), listed(right), together)
    one, other = data.draw(st.tuples(*[st.integers(0, len(right) - 1)] * 2))
    assume(one != other)
    right[one], right[other] = right[other], right[one]
    with pytest.raises(OrderFault, match="not canonical order"):
        taken(LineOrder("canonical"), listed(right), together)


@settings(deadline=None, max_examples=80)
@given(CARDS, st.integers(1, 40), st.data())
def test_a_card_that_stands_twice_is_found_in_any_order(
    cards: list[tuple[str, str, str, str]], together: int, data: st.DataObject
) -> None:
    """As listed: no id has a mark twice; with one line repeated anywhere, that line is found."""
    assert not len(taken(LineOrder("as-listed"), listed(cards), together).again())
    again = data.draw(st.sampled_from(cards))
    cards = [*cards]
    cards.insert(data.draw(st.integers(0, len(cards))), again)
    lines = listed(cards)
    marks = taken(LineOrder("as-listed"), lines, together).again()
    assert len(marks) == 1
    last = max(place for place, card in enumerate(cards) if card == again)
    with pytest.raises(OrderFault, match="more than once") as caught:
        twice("".join(f"{text}\n" for text in lines).encode(), 0, marks, set())
    assert caught.value.place == last


def test_equal_marks_of_other_cards_are_no_fault() -> None:
    """Marks that happen to be alike are looked at, and the lines decide."""
    block = b"0,,1,1,1\n0,,1,1,2\n"
    order = LineOrder("as-listed")
    order.take(block)
    every = np.concatenate([order.again(), *order._marks])
    seen: set[bytes] = set()
    twice(block, 0, every, seen)
    assert seen == {b",1,1,1", b",1,1,2"}


@pytest.mark.parametrize("method", ["uniform", "rivest", "consistent"])
@pytest.mark.parametrize("block", [64, 1 << 20])
def test_a_frame_in_another_order_than_its_head_says_is_refused(
    method: Method, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines of a canonical frame swapped: refused with the row; called as-listed it may be drawn from."""
    monkeypatch.setattr(frame_files, "BLOCK", block)
    lines = [f"0,Adams,1,7,{card}" for card in range(1, 41)]
    lines[19], lines[20] = lines[20], lines[19]
    path, sizes = tmp_path / "frame.csv", {"Mayor": 3} if method == "consistent" else None
    head = ["contests,0,40,Mayor", "style,jurisdiction,tabulator,batch,card"]
    size = 0 if sizes else 3
    path.write_text("\n".join(["tallyproof frame,1,cards,canonical", *head, *lines, ""]))
    with pytest.raises(UnreadableError, match=r"row 24: lists 'Adams, 1, 7, 20' after 'Adams, 1, 7, 21'"):
        drawn(path, method, size, sizes)
    path.write_text("\n".join(["tallyproof frame,1,cards,as-listed", *head, *lines, ""]))
    assert len(drawn(path, method, size, sizes).draws) == 3


@pytest.mark.parametrize("order", ["canonical", "as-listed"])
@pytest.mark.parametrize("method", ["uniform", "rivest", "consistent"])
def test_a_card_listed_twice_is_refused_by_every_method(method: Method, order: str, tmp_path: Path) -> None:
    """Also where neither of its lines would be drawn; the row of the second is named."""
    lines = [f"0,Adams,1,7,{card}" for card in range(1, 200)]
    lines.insert(1, lines[0])
    path, sizes = tmp_path / "frame.csv", {"Mayor": 3} if method == "consistent" else None
    head = ["contests,0,200,Mayor", "style,jurisdiction,tabulator,batch,card"]
    path.write_text("\n".join([f"tallyproof frame,1,cards,{order}", *head, *lines, ""]))
    with pytest.raises(UnreadableError, match=r"row 5: lists 'Adams, 1, 7, 1' more than once"):
        drawn(path, method, 0 if sizes else 3, sizes)


def test_batches_in_another_order_than_their_head_says_are_refused(tmp_path: Path) -> None:
    """The frame of batches in canonical order, turned round."""
    path = batch_frame(tmp_path / "batches.csv", order="as-listed")
    path.write_text(path.read_text(encoding="utf-8").replace("as-listed", "canonical", 1), encoding="utf-8")
    with pytest.raises(UnreadableError, match="where in canonical order"):
        drawn(path, "uniform", 3)
