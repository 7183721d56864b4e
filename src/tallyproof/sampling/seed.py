"""The public seed, from which every draw follows."""

from __future__ import annotations

from dataclasses import dataclass

from tallyproof.errors import RequestError

SEED_DIGITS = 20


@dataclass(frozen=True)
class Seed:
    """The text that was made in public, as it was written down; leading zeros count.

    A new audit needs at least 20 decimal digits and nothing else, such as 20 rolls of a ten-sided die:
    fewer could be tried out one by one. ``reproducing`` admits any text that an earlier audit used.
    Raises RequestError where the text is too short or not made of digits.
    """

    text: str
    reproducing: bool = False

    def __post_init__(self) -> None:
        if not self.text:
            raise RequestError("'seed' is empty; write down the digits that were rolled in public.")
        if not _is_encodable(self.text):
            raise RequestError("'seed' has characters that no UTF-8 text can hold; write it anew.")
        if not self.reproducing:
            _require_rolled_digits(self.text)


def _require_rolled_digits(text: str) -> None:
    if not (text.isascii() and text.isdigit()):
        raise RequestError(
            f"'seed' is '{text}'; it must be made of the decimal digits 0 to 9 alone, at least {SEED_DIGITS} "
            "of them, unless an earlier audit is reproduced."
        )
    if len(text) < SEED_DIGITS:
        raise RequestError(
            f"'seed' is too short: it has {len(text)} decimal digit{'' if len(text) == 1 else 's'} and needs "
            f"at least {SEED_DIGITS}, unless an earlier audit is reproduced; roll the rest in public."
        )


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
