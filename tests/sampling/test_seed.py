"""Seeds: long enough for a new audit, as they are for an old one."""

import pytest

from tallyproof.errors import RequestError
from tallyproof.sampling.seed import Seed


def test_twenty_digits_are_enough() -> None:
    """A seed of 20 digits is kept as it was written, zeros in front included."""
    assert Seed("06712221796172622814").text == "06712221796172622814"


@pytest.mark.parametrize("text", ["", "0671222179617262281", "314159"])
def test_a_short_seed_is_refused(text: str) -> None:
    """19 digits are one too few, and the message names the argument."""
    with pytest.raises(RequestError, match="'seed' is (too short|empty)"):
        Seed(text)


@pytest.mark.parametrize("text", ["5341796066109369082x", "5341796066109 3690826", "٥" * 20, "-" + "1" * 20])
def test_a_seed_of_other_characters_is_refused(text: str) -> None:
    """Letters, blanks, signs and other scripts' digits are refused; people write them differently."""
    with pytest.raises(RequestError, match="decimal digits 0 to 9 alone"):
        Seed(text)


def test_an_earlier_audit_may_have_used_any_text() -> None:
    """To reproduce an audit its seed is taken as it was, but not an empty one."""
    assert Seed("dice 😊", reproducing=True).text == "dice 😊"
    with pytest.raises(RequestError, match="empty"):
        Seed("", reproducing=True)
    with pytest.raises(RequestError, match="UTF-8"):
        Seed("\ud800", reproducing=True)
