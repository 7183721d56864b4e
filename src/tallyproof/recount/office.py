"""Offices and the words by which rules name the contests they are for."""

from __future__ import annotations

_CANDIDATE = ("any", "candidate")
_STATEWIDE = (*_CANDIDATE, "statewide", "state-canvassed")
_EXECUTIVE = (*_STATEWIDE, "state-office", "executive")
_LEGISLATURE = (*_CANDIDATE, "state-office", "legislature", "state-canvassed")
_QUESTION = ("any", "question")

OFFICES: dict[str, tuple[str, ...]] = {
    "president": (*_STATEWIDE, "federal"),
    "us-senate": (*_STATEWIDE, "federal", "congress"),
    "us-house": (*_CANDIDATE, "federal", "congress", "state-canvassed"),
    "governor": _EXECUTIVE,
    "lieutenant-governor": _EXECUTIVE,
    "attorney-general": _EXECUTIVE,
    "secretary-of-state": _EXECUTIVE,
    "treasurer": _EXECUTIVE,
    "auditor": _EXECUTIVE,
    "agriculture-commissioner": _EXECUTIVE,
    "superintendent": _EXECUTIVE,
    "statewide-office": _EXECUTIVE,
    "supreme-court": (*_STATEWIDE, "state-office", "judicial"),
    "appeals-court": (*_CANDIDATE, "state-office", "judicial", "state-canvassed"),
    "trial-court": (*_CANDIDATE, "judicial", "multi-county"),
    "state-senate": _LEGISLATURE,
    "state-house": _LEGISLATURE,
    "district-attorney": (*_CANDIDATE, "county"),
    "multi-county-office": (*_CANDIDATE, "multi-county"),
    "county-office": (*_CANDIDATE, "county", "local"),
    "municipal-office": (*_CANDIDATE, "municipal", "local"),
    "school-board": (*_CANDIDATE, "school", "local", "special-district"),
    "special-district": (*_CANDIDATE, "local", "special-district"),
    "party-office": (*_CANDIDATE, "local", "party-office"),
    "delegate": (*_CANDIDATE, "federal"),
    "retention": ("any", "retention", "statewide", "judicial", "state-canvassed"),
    "local-retention": ("any", "retention", "judicial", "local"),
    "statewide-question": (*_QUESTION, "statewide", "state-canvassed"),
    "constitutional-amendment": (*_QUESTION, "statewide", "state-canvassed", "statewide-question"),
    "local-question": (*_QUESTION, "local"),
}
"""Offices by their word, with the other words that name them; each names itself too."""

ELECTIONS = ("general", "special", "primary", "runoff")
"""Types of election: each is a word of the contest's scope too."""


def words_of(office: str, election: str = "general", seats: int = 1) -> frozenset[str]:
    """All words by which a rule may name a contest.

    Raises KeyError for an unknown office.
    """
    seat = "multi-seat" if seats > 1 else "one-seat"
    return frozenset({office, election, seat, *OFFICES[office]})


VOCABULARY = frozenset(
    {"one-seat", "multi-seat", *ELECTIONS, *OFFICES, *(word for words in OFFICES.values() for word in words)}
)


def covers(scope: tuple[str, ...], excluding: tuple[str, ...], words: frozenset[str]) -> bool:
    """True where one word of the scope names the contest and none of the exceptions does."""
    return not words.isdisjoint(scope) and words.isdisjoint(excluding)


def in_sentence(state: str) -> str:
    """The name of a state as it stands in a sentence: "in the District of Columbia"."""
    return f"the {state}" if state.startswith("District") else state
