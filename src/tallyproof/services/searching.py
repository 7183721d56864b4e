"""Search in a case: contests, places and findings that hold every word asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from tallyproof.election.evidence import Finding, slug
from tallyproof.election.jurisdiction import STATES
from tallyproof.services import pages, places
from tallyproof.services.access import Actor
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import Look
from tallyproof.services.places import Place
from tallyproof.services.workspace import Workspace

LONGEST = 200
"""Letters of a question that are read."""

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Found:
    """What holds every word: contests, places (nearest name first), findings in rank order."""

    words: tuple[str, ...]
    contests: tuple[ContestCount, ...] = ()
    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def number(self) -> int:
        """How many were found."""
        return len(self.contests) + len(self.places) + len(self.findings)


def search(workspace: Workspace, actor: Actor, case: str, asked: str, as_of: datetime | None = None) -> Found:
    """Whatever holds every word, whatever its case, accents and punctuation; nothing for no word."""
    seen = pages.look(workspace, actor, case, as_of)
    words = tuple(plain(asked[:LONGEST]).split())
    if not words:
        return Found(())
    known = places.places(workspace, actor, case, as_of)
    found = holding(known.by_key.values(), _of_place, words)
    return Found(
        words,
        tuple(holding(seen.count.contests, _of_contest, words)),
        tuple(sorted(found, key=lambda each: _nearness(each, words))),
        tuple(holding(seen.checked.findings, lambda each: _of_finding(seen, each), words)),
    )


def plain(text: str) -> str:
    """A text in small letters without accents, its words separated by blanks.

    >>> plain("Doña Ana, St. Croix")
    'dona ana st croix'
    """
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return slug(bare).replace("-", " ")


def holding(things: Iterable[Thing], text: Callable[[Thing], str], words: tuple[str, ...]) -> list[Thing]:
    """The things whose text holds every word, in their order."""
    return [thing for thing in things if _holds(plain(text(thing)), words)]


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)


def _nearness(place: Place, words: tuple[str, ...]) -> tuple[bool, bool, int, str]:
    """A name that is what was asked for comes first, then one that begins so, then larger places."""
    label, asked = plain(place.label), " ".join(words)
    return (label != asked, not label.startswith(asked), place.key.count("/"), label)


def _of_place(place: Place) -> str:
    return f"{place.label} {place.state_name} {place.state}"


def _of_contest(counted: ContestCount) -> str:
    names = " ".join(choice.choice for choice in counted.choices)
    return f"{counted.contest.title} {STATES.get(counted.contest.state, '')} {names}"


def _of_finding(seen: Look, finding: Finding) -> str:
    contest = seen.contest(finding.contest)
    title = contest.contest.title if contest else finding.contest
    return f"{finding.id} {finding.message} {finding.unit} {title} {finding.source.file}"
