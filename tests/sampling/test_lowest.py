"""The low tickets of a block are those of the whole draw."""

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.sampling.lowest import cut, lowest_by_place, lowest_in, share_with_room

PREFIX = b"53417960661093690826,"
BLOCK = b"".join(b"%d,Adams,1,1,%d\n" % (number % 3, number) for number in range(300))


@settings(deadline=None)
@given(st.floats(0, 1.5), st.floats(0, 1.5))
def test_the_cards_below_their_cut_are_found(first: float, second: float) -> None:
    """Exactly the cards of wanted styles whose SHA-256 lies below the cut, in their order."""
    cuts = {b"0": cut(first), b"2": cut(second)}
    expected = [
        (b"%d" % (number % 3), name, sha256(PREFIX + name).digest())
        for number, name in enumerate(b"Adams,1,1,%d" % number for number in range(300))
        if b"%d" % (number % 3) in cuts and sha256(PREFIX + name).digest() < cuts[b"%d" % (number % 3)]
    ]
    assert lowest_in(BLOCK, PREFIX, cuts) == expected


def test_a_share_of_one_takes_all_and_of_nothing_none() -> None:
    """The ends of the range."""
    assert len(lowest_in(BLOCK, PREFIX, {b"0": cut(1), b"1": cut(2), b"2": cut(1)})) == 300
    assert not lowest_in(BLOCK, PREFIX, {b"0": cut(0)})
    assert lowest_in(b"", PREFIX, {}) == lowest_in(BLOCK, PREFIX, {}) == []


def test_by_place_the_tickets_do_not_depend_on_blocks() -> None:
    """Line k has SHA-256 of the seed and k zero bytes, however the lines are cut into blocks."""
    cuts = {b"0": cut(1), b"1": cut(1), b"2": cut(1)}
    half = BLOCK.index(b"\n", 1_000) + 1
    found = list(lowest_by_place([BLOCK[:half], BLOCK[half:]], PREFIX, cuts))
    tickets = [card[2] for each in found for card in each]
    assert tickets == [sha256(PREFIX + bytes(k)).digest() for k in range(300)]


def test_room_is_above_what_is_wanted() -> None:
    """The share for ten thousand of ten million is a little above one in a thousand; of none it is all."""
    assert 0.00108 < share_with_room(10_000, 10_000_000) < 0.0011
    assert share_with_room(5, 0) == 1
