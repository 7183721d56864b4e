"""Ids that are unique in a report and valid in XML, and texts that XML and JSON can hold."""

from __future__ import annotations

import re
import unicodedata

from tallyproof.formats.nist.people import InternationalizedText, LanguageString

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML 1.0 cannot hold."""


class Ids:
    """Hands out each id once."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def new(self, *parts: str) -> str:
        """A new id from these words: letters, digits and dashes, the first word telling the kind."""
        plain = (unicodedata.normalize("NFKD", part).casefold() for part in parts)
        words = [word for part in plain for word in re.findall(r"[a-z0-9]+", part)]
        wanted = "-".join(words)
        number = self._taken.get(wanted, 0)
        while True:
            number += 1
            found = wanted if number == 1 else f"{wanted}_{number}"
            if number == 1 or found not in self._taken:
                break
        self._taken[wanted] = number
        self._taken.setdefault(found, 1)
        return found


def international(words: str) -> InternationalizedText:
    """A text in English, as the specification wants it."""
    return InternationalizedText(Text=[LanguageString(Content=fit(words), Language="en")])


def fit(words: str) -> str:
    """The text without signs that XML cannot hold, its spaces made single."""
    return " ".join(_UNFIT.sub("", words).split())
