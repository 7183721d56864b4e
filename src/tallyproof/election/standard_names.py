"""Standard names: one name for each contest and choice, whatever jurisdictions and sources call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import msgspec

from tallyproof.election.jurisdiction import county_name, place_key


class Decision(StrEnum):
    """Whether a wording is read as the standard name: somebody said so, said no, or has not said yet."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name as files write it. ``jurisdictions`` limits it to those; none means all of them."""

    name: str
    state: Decision = Decision.ACCEPTED
    jurisdictions: tuple[str, ...] = ()


class StandardChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice by its standard name, with the other wordings that stand for it."""

    name: str
    wordings: tuple[Wording, ...] = ()


class StandardContest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A contest by its standard name, its other wordings, and its choices.

    ``vote_for`` and ``jurisdictions`` (those whose voters vote in it) are held against the files where they
    are given; ``vote_for`` is also used where a file does not say how many votes a voter has.
    """

    name: str
    vote_for: int | None = None
    jurisdictions: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    choices: tuple[StandardChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedContest:
    """A contest as one source of one jurisdiction names it, with its choices where the source lists them.

    ``jurisdiction`` is empty where nobody said; ``vote_for`` None where the source does not say. A file may
    list contests of other jurisdictions that no card of its own bears: ``is_borne`` is False for those.
    """

    jurisdiction: str
    source: str
    name: str
    choices: tuple[str, ...] = ()
    vote_for: int | None = None
    is_ranked: bool = False
    is_borne: bool = True


Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What names mean in one jurisdiction: contests by wording, choices by standard contest and wording."""

    contests: Words
    choices: dict[str, Words]


@dataclass(frozen=True)
class StandardNames:
    """Standard names of contests and choices. Only accepted wordings have an effect."""

    contests: tuple[StandardContest, ...] = ()
    _scopes: dict[str, _Scope] = field(default_factory=dict, compare=False, repr=False)

    def contest(self, jurisdiction: str, name: str) -> str:
        """The standard name of a contest that this jurisdiction calls so; its own name where no rule is."""
        return self._scope(jurisdiction).contests.get(one_line(name), one_line(name))

    def choice(self, jurisdiction: str, contest: str, name: str) -> str:
        """The standard name of a choice in a contest, which may be named either way."""
        words = self._scope(jurisdiction).choices.get(self.contest(jurisdiction, contest), {})
        return words.get(one_line(name), one_line(name))

    def standard(self, name: str) -> StandardContest | None:
        """The entry of a contest by its standard name."""
        return self._entries.get(name)

    @cached_property
    def _entries(self) -> dict[str, StandardContest]:
        return {one_line(each.name): each for each in self.contests}

    def _scope(self, jurisdiction: str) -> _Scope:
        place = jurisdiction_key(jurisdiction)
        if place not in self._scopes:
            choices = {one_line(each.name): _words(each.choices, place) for each in self.contests}
            self._scopes[place] = _Scope(_words(self.contests, place), choices)
        return self._scopes[place]


def one_line(name: str) -> str:
    """A name with its line ends and repeated spaces made single spaces."""
    return " ".join(name.split())


def jurisdiction_key(name: str) -> str:
    """A key under which spellings of one jurisdiction meet; nothing for no jurisdiction.

    >>> jurisdiction_key("ADAMS COUNTY") == jurisdiction_key("Adams")
    True
    """
    return place_key(county_name(name)) or one_line(name).casefold()


Entry = StandardContest | StandardChoice


def _words(entries: Iterable[Entry], place: str) -> Words:
    """What wordings stand for in a jurisdiction; one that names it goes before one for all."""
    general: Words = {}
    own: Words = {}
    for entry in entries:
        for wording in entry.wordings:
            if wording.state is Decision.ACCEPTED and place in (places := _places(wording)):
                own[one_line(wording.name)] = one_line(entry.name)
            elif wording.state is Decision.ACCEPTED and not places:
                general[one_line(wording.name)] = one_line(entry.name)
    return general | own


def _places(wording: Wording) -> set[str]:
    return {jurisdiction_key(name) for name in wording.jurisdictions}


# ---- what can be wrong with the names themselves


def faults(names: StandardNames) -> list[str]:
    """Sentences on what keeps these names from meaning one thing only; none where all is well."""
    found = _faults_of(names.contests, "")
    for contest in names.contests:
        found += _faults_of(contest.choices, f"{one_line(contest.name)}: ")
    return found


def _faults_of(entries: tuple[Entry, ...], where: str) -> list[str]:
    return [*_twice(entries, where), *(_two_standards(entries, where) or _chained(entries, where))]


def _twice(entries: tuple[Entry, ...], where: str) -> Iterator[str]:
    seen = set[str]()
    for name in (one_line(entry.name) for entry in entries):
        if name in seen:
            yield f"{where}the standard name '{name}' stands twice. Put its wordings under one entry."
        seen.add(name)


def _two_standards(entries: tuple[Entry, ...], where: str) -> list[str]:
    """Accepted wordings that would stand for two names in the same jurisdiction, or in all of them."""
    meant: dict[tuple[str, str], dict[str, None]] = {}
    shown: dict[str, str] = {"": "all jurisdictions"}
    for entry in entries:
        for wording in (each for each in entry.wordings if each.state is Decision.ACCEPTED):
            shown |= {jurisdiction_key(name): name for name in wording.jurisdictions}
            for place in _places(wording) or {""}:
                meant.setdefault((place, one_line(wording.name)), {})[one_line(entry.name)] = None
    return [
        f"{where}'{wording}' is accepted for {' and for '.join(repr(name) for name in standards)} in "
        f"{shown[place]}. Refuse all but one."
        for (place, wording), standards in meant.items()
        if len(standards) > 1
    ]


def _chained(entries: tuple[Entry, ...], where: str) -> Iterator[str]:
    """Standard names that are themselves wordings of another: reading names twice would change them."""
    named = {place for entry in entries for each in entry.wordings for place in _places(each)}
    for place in sorted(named | {""}):
        words = _words(entries, place)
        for wording, standard in words.items():
            if words.get(standard, standard) != standard:
                yield (
                    f"{where}'{wording}' stands for '{standard}', which itself stands for "
                    f"'{words[standard]}'. Choose a standard name that is no wording of another."
                )
                return


def counts(names: StandardNames) -> Mapping[str, int]:
    """How many contests and choices there are, and how many wordings in each state."""
    wordings = [each for contest in names.contests for each in contest.wordings]
    choices = [each for contest in names.contests for each in contest.choices]
    wordings += [each for choice in choices for each in choice.wordings]
    by_state = {state.value: sum(each.state is state for each in wordings) for state in Decision}
    return {"contests": len(names.contests), "choices": len(choices), **by_state}
