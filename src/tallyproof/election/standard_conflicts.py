"""What files and standard names disagree on: names nobody uses, votes per voter, lists of choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tallyproof.election.ballot_manifest import closest
from tallyproof.election.cast_vote_record import is_write_in
from tallyproof.election.standard_names import (
    Decision,
    NamedContest,
    StandardContest,
    StandardNames,
    Wording,
    jurisdiction_key,
    one_line,
)

PLACES = 3
"""Jurisdictions and choices named in a sentence; others are counted."""

Users = dict[str, list[NamedContest]]


def users_of(named: Iterable[NamedContest], names: StandardNames) -> Users:
    """The contests of all sources by standard name, in their order."""
    users: Users = {}
    for each in named:
        users.setdefault(names.contest(each.jurisdiction, each.name), []).append(each)
    return users


def conflicts(named: Sequence[NamedContest], names: StandardNames) -> list[str]:
    """Sentences on what does not fit together; none where every rule is used and all sources agree."""
    users = users_of(named, names)
    places = {jurisdiction_key(each.jurisdiction): each.jurisdiction for each in named if each.jurisdiction}
    found = list(_strange_places(names, places))
    for entry in names.contests:
        found += _unused(entry, named)
        found += _stated(entry, users.get(one_line(entry.name), []), places)
    for name, each in users.items():
        found += _votes(name, each)
        found += _choices(name, each, names)
    return found


def told(names: Iterable[str], quoted: str = "") -> str:
    """A few of these names, and how many more there are."""
    listed = [f"{quoted}{name}{quoted}" for name in dict.fromkeys(names)]
    if len(listed) > PLACES:
        return f"{', '.join(listed[: PLACES - 1])} and {len(listed) - PLACES + 1:,} more"
    return " and ".join(filter(None, [", ".join(listed[:-1]), listed[-1]])) if listed else "nowhere"


def place_of(user: NamedContest) -> str:
    """Where a contest stands: its jurisdiction, else its source."""
    return user.jurisdiction or user.source


# ---- rules that nothing fits


def _strange_places(names: StandardNames, places: dict[str, str]) -> Iterator[str]:
    stated: dict[str, None] = {}
    for contest in names.contests:
        stated |= dict.fromkeys(contest.jurisdictions)
        wordings = [*contest.wordings, *(each for choice in contest.choices for each in choice.wordings)]
        stated |= {place: None for each in wordings for place in each.jurisdictions}
    for place in stated:
        if places and jurisdiction_key(place) not in places:
            yield f"Nothing here is of the jurisdiction '{place}'.{_hint(place, places.values())}"


def _unused(entry: StandardContest, named: Sequence[NamedContest]) -> Iterator[str]:
    """Accepted wordings of the contest and of its choices that no source uses."""
    standard = one_line(entry.name)
    for wording in _accepted(entry.wordings):
        there = [each for each in named if _covers(wording, each.jurisdiction)]
        if not any(one_line(each.name) == one_line(wording.name) for each in there):
            yield (
                f"No contest is called '{one_line(wording.name)}'{_in(wording)}, which '{standard}' lists."
                f"{_hint(wording.name, (one_line(each.name) for each in there))}"
            )
    names = StandardNames((entry,))
    users = [each for each in named if names.contest(each.jurisdiction, each.name) == standard]
    if not users and not entry.wordings:
        yield f"No contest is called '{standard}'.{_hint(standard, (one_line(each.name) for each in named))}"
    listing = [each for each in users if each.choices]
    for choice in entry.choices if listing else ():
        written = {one_line(name) for each in listing for name in each.choices}
        wordings = {one_line(each.name) for each in _accepted(choice.wordings)}
        missing = sorted(wordings - written)
        if not missing and not written & {one_line(choice.name), *wordings}:
            missing = [one_line(choice.name)]
        for name in missing:
            yield f"{standard}: no choice is called '{name}'.{_hint(name, written)}"


def _accepted(wordings: Iterable[Wording]) -> list[Wording]:
    return [each for each in wordings if each.state is Decision.ACCEPTED]


def _covers(wording: Wording, jurisdiction: str) -> bool:
    places = {jurisdiction_key(name) for name in wording.jurisdictions}
    return not places or jurisdiction_key(jurisdiction) in places


def _in(wording: Wording) -> str:
    return f" in {told(wording.jurisdictions)}" if wording.jurisdictions else ""


def _hint(name: str, known: Iterable[str]) -> str:
    near = closest(one_line(name), set(known) - {one_line(name)})
    return f" The closest is '{near}'." if near else ""


# ---- what is stated against what is found


def _stated(entry: StandardContest, users: Sequence[NamedContest], places: dict[str, str]) -> Iterator[str]:
    name = one_line(entry.name)
    if entry.vote_for is not None:
        other = [each for each in users if each.vote_for not in {None, entry.vote_for}]
        for votes in sorted({each.vote_for or 0 for each in other}):
            where = told(place_of(each) for each in other if each.vote_for == votes)
            yield f"{name}: votes per voter are {entry.vote_for} by the names and {votes} in {where}."
    if not entry.jurisdictions or not users:
        return
    stated = {jurisdiction_key(each): each for each in entry.jurisdictions}
    borne = [each.jurisdiction for each in users if each.jurisdiction and each.is_borne]
    found = {jurisdiction_key(place): place for place in borne}
    if extra := [place for key, place in found.items() if key not in stated]:
        yield f"{name} is in {told(stated.values())} by the names, and stands in {told(extra)} too."
    if missing := [place for key, place in stated.items() if key in places and key not in found]:
        yield f"{name} is in {told(missing)} by the names, where no contest of this name stands."


# ---- sources against each other


def _votes(name: str, users: Sequence[NamedContest]) -> Iterator[str]:
    by_votes: dict[int, list[str]] = {}
    for each, label in zip(users, _labels(users), strict=True):
        if each.vote_for is not None:
            by_votes.setdefault(each.vote_for, []).append(label)
    if len(by_votes) > 1:
        parts = [f"{votes} in {told(places)}" for votes, places in sorted(by_votes.items())]
        yield f"{name}: votes per voter are {' and '.join(parts)}. Two contests need two standard names."
    if len({each.is_ranked for each in users}) > 1:
        where = told(label for each, label in zip(users, _labels(users), strict=True) if each.is_ranked)
        yield f"{name}: choices are ranked in {where} and not elsewhere."


def _choices(name: str, users: Sequence[NamedContest], names: StandardNames) -> Iterator[str]:
    """How lists of choices differ from the most frequent list; places for write-ins aside."""
    lists: dict[frozenset[str], list[str]] = {}
    for each, label in zip(users, _labels(users), strict=True):
        chosen = (names.choice(each.jurisdiction, name, choice) for choice in each.choices)
        if listed := frozenset(choice for choice in chosen if not is_write_in(choice)):
            lists.setdefault(listed, []).append(label)
    if len(lists) < 2:
        return
    usual = max(lists, key=lambda listed: len(lists[listed]))
    for listed, places in lists.items():
        missing, extra = sorted(usual - listed), sorted(listed - usual)
        if not usual & listed:
            have = "has" if len(set(places)) == 1 else "have"
            other = told(lists[usual])
            yield (
                f"{name}: {told(places)} {have} no choice in common with {other}. "
                "Two contests need two standard names."
            )
            continue
        ends = "s" if len(set(places)) == 1 else ""
        parts = [f"lack{ends} {told(missing, chr(39))}"] if missing else []
        parts += [f"list{ends} {told(extra, chr(39))}"] if extra else []
        if parts:
            yield f"{name}: {told(places)} {' and '.join(parts)}, unlike {told(lists[usual])}."


def _labels(users: Sequence[NamedContest]) -> list[str]:
    """Where each stands; with its source where a jurisdiction has several."""
    sources: dict[str, set[str]] = {}
    for each in users:
        sources.setdefault(each.jurisdiction, set()).add(each.source)
    return [
        f"{each.jurisdiction} ({each.source})" if each.jurisdiction and len(sources[each.jurisdiction]) > 1
        else place_of(each)
        for each in users
    ]  # fmt: skip
