"""Reading what may be absent, and texts in several languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import UnsetType

from tallyproof.formats.nist.people import ExternalIdentifier, InternationalizedText

Item = TypeVar("Item")


def each(values: Sequence[Item] | UnsetType) -> Sequence[Item]:
    """The values; none where they are absent."""
    return () if isinstance(values, UnsetType) else values


def word(value: str | UnsetType) -> str:
    """The text, trimmed; nothing where it is absent."""
    return "" if isinstance(value, UnsetType) else " ".join(value.split())


def text(words: InternationalizedText | UnsetType) -> str:
    """A text in English where it is given in several languages, else in the first."""
    if isinstance(words, UnsetType):
        return ""
    english = (one for one in words.Text if one.Language.casefold().startswith("en"))
    return word(next(english, words.Text[0]).Content)


def identifier(given: Sequence[ExternalIdentifier] | UnsetType, kind: str, other: str = "") -> str:
    """The first key of this kind (``other`` names it where the kind is "other"); nothing without one."""
    fitting = (one for one in each(given) if one.Type == kind and (not other or word(one.OtherType) == other))
    return next((word(one.Value) for one in fitting), "")


def count(number: int, what: str) -> str:
    """So many of something, in words.

    >>> count(1, "unit"), count(1200, "unit")
    ('1 unit', '1,200 units')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
