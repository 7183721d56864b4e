"""Proposals of standard names: which wordings of contests and choices may mean the same, and why."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tallyproof.election.standard_names import (
    Decision,
    NamedContest,
    StandardChoice,
    StandardContest,
    StandardNames,
    Wording,
    one_line,
)
from tallyproof.formats.name_groups import Group, Item, grouped, jurisdictions
from tallyproof.formats.name_keys import SAME_WORDS, Likeness, choices_alike, same_people, title, titles_alike

PLACES = 3
"""Jurisdictions named in a remark; others are counted."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a wording is proposed; ``is_same`` where it differs in case, punctuation, accents or notes only."""

    words: str
    is_same: bool = False

    def __str__(self) -> str:
        return self.words


Why = dict[tuple[str, str, str], Reason]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Names with proposed wordings, and the reason for each by contest, choice and wording."""

    names: StandardNames
    why: Why


def proposed(named: Sequence[NamedContest], known: StandardNames | None = None) -> Proposal:
    """Propose standard names for these contests and their choices, added to the names known already.

    Contests are never joined where votes per voter or kind differ, where they stand in one source of one
    jurisdiction, or where both list candidates and have none in common. What is known keeps its state, and
    what was refused is not proposed again.
    """
    names = known or StandardNames()
    refused = {
        (one_line(each.name), one_line(wording.name))
        for each in names.contests
        for wording in each.wordings
        if wording.state is Decision.REFUSED
    }

    def alike(one: Item, other: Item) -> Likeness | None:
        return None if (other.name, one.name) in refused else _contests_alike(one, other)

    taken = {one_line(each.name) for each in named}
    entries, why = dict[str, StandardContest](), Why()
    for group in grouped(_contests(named, names), alike, _contest_keys):
        entry = _entry(group, names, taken, why)
        if entry.wordings or any(choice.wordings for choice in entry.choices):
            entries[one_line(entry.name)] = entry
    kept = [entries.pop(one_line(each.name), each) for each in names.contests]
    return Proposal(StandardNames((*kept, *entries.values())), why)


# ---- contests


def _contests(named: Sequence[NamedContest], names: StandardNames) -> list[Item]:
    """The names of contests; one name of several contests is several items."""
    users: dict[str, list[NamedContest]] = {}
    for each in named:
        users.setdefault(names.contest(each.jurisdiction, each.name), []).append(each)
    items = []
    for name, found in users.items():
        clusters = sorted(_clusters(found), key=len, reverse=True)
        if not _are_apart(clusters):
            continue  # no rule could say which is meant
        everywhere = jurisdictions(found)
        rest = [
            frozenset(everywhere - jurisdictions(each)) if len(clusters) > 1 else frozenset()
            for each in clusters
        ]
        main = Item(name, tuple(clusters[0]), names.standard(name) is not None, rest[0])
        items.append(main)
        items += [
            Item(name, tuple(each), False, other, _apart(main, each))
            for each, other in zip(clusters[1:], rest[1:], strict=True)
        ]
    return items


def _are_apart(clusters: Sequence[Sequence[NamedContest]]) -> bool:
    """Whether each jurisdiction means one contest by the name, so that a rule can tell them apart."""
    places = [jurisdictions(cluster) for cluster in clusters]
    named = all("" not in each for each in places)
    return len(clusters) == 1 or (named and sum(map(len, places)) == len(set().union(*places)))


def _clusters(users: Sequence[NamedContest]) -> list[list[NamedContest]]:
    """Users of one name who may mean one contest."""
    clusters: list[list[NamedContest]] = []
    for user in users:
        mine = next((each for each in clusters if all(_fits(user, other) for other in _kinds(each))), None)
        if mine is None:
            clusters.append([user])
        else:
            mine.append(user)
    return clusters


def _kinds(users: Sequence[NamedContest]) -> list[NamedContest]:
    """One user of each kind: those after it with the same choices and votes add nothing to compare."""
    return list({(each.choices, each.vote_for, each.is_ranked): each for each in users}.values())


def _fits(one: NamedContest, other: NamedContest) -> bool:
    votes = {one.vote_for, other.vote_for} - {None}
    people = one.choices == other.choices or same_people(one.choices, other.choices)
    is_other = isinstance(people, tuple) and not people[0]
    return len(votes) < 2 and one.is_ranked == other.is_ranked and not is_other


def _apart(main: Item, cluster: Sequence[NamedContest]) -> str:
    one, other = cluster[0], main.users[0]
    there = _told(main.users)
    if one.vote_for != other.vote_for and None not in (one.vote_for, other.vote_for):
        return f"votes per voter are {one.vote_for} here and {other.vote_for} in {there}"
    if one.is_ranked != other.is_ranked:
        return f"choices are ranked here or in {there}, not in both"
    return f"no candidate in common with the contest of this name in {there}"


def _contest_keys(item: Item) -> Iterator[Hashable]:
    """Keys of which two names share one, if they are alike at all."""
    read = title(item.name)
    yield read.apart
    if read.office:
        yield read.office.name, read.office.district


def _contests_alike(one: Item, other: Item) -> Likeness | None:
    votes = {one.votes, other.votes} - {None}
    if (
        len(votes) > 1
        or one.users[0].is_ranked != other.users[0].is_ranked
        or (one.is_known and other.is_known)
    ):
        return None
    return titles_alike(one.name, other.name, same_people(one.choices, other.choices))


# ---- what is proposed


def _entry(group: Group, names: StandardNames, taken: set[str], why: Why) -> StandardContest:
    head = group.head
    name = _split_name(head, taken) if head.split else head.name
    entry = names.standard(name) or StandardContest(name, head.votes)
    wordings = {head.name: (head, Reason(f"{head.split} (in {_told(head.users)})"))} if head.split else {}
    for item, likeness, is_ambiguous in group.members:
        wordings[item.name] = (item, _reason(item, likeness, is_ambiguous))
    listed = {one_line(each.name) for each in entry.wordings}
    added = []
    for wording, (item, reason) in wordings.items():
        is_limited = bool(item.elsewhere or head.elsewhere)
        places = sorted({user.jurisdiction for user in item.users if user.jurisdiction}) if is_limited else []
        if wording in listed or wording == name or (is_limited and not places):
            continue
        added.append(Wording(wording, Decision.PROPOSED, tuple(places)))
        why[name, "", wording] = reason
    choices = _choices(list(group.joined()), entry, names, why)
    return StandardContest(name, entry.vote_for, entry.jurisdictions, (*entry.wordings, *added), choices)


def _split_name(head: Item, taken: set[str]) -> str:
    """A name that tells a contest from another of its name by where it is."""
    name = f"{head.name} ({_told(head.users)})"
    while name in taken:
        name += " 2"
    taken.add(name)
    return name


def _told(users: Iterable[NamedContest]) -> str:
    """Where users are: jurisdictions, else sources."""
    places = list(dict.fromkeys(user.jurisdiction or user.source for user in users))
    if len(places) <= PLACES:
        return ", ".join(places)
    return f"{', '.join(places[: PLACES - 1])} and {len(places) - PLACES + 1} more"


def _choices(
    items: Sequence[Item], entry: StandardContest, names: StandardNames, why: Why
) -> tuple[StandardChoice, ...]:
    """The choices of a contest: those known, and those for which another wording is proposed."""
    users: dict[str, list[NamedContest]] = {}
    for user in (user for item in items for user in item.users):
        for choice in user.choices:
            users.setdefault(names.choice(user.jurisdiction, entry.name, choice), []).append(user)
    known = {one_line(each.name): each for each in entry.choices}
    refused = {
        (one_line(each.name), one_line(wording.name))
        for each in entry.choices
        for wording in each.wordings
        if wording.state is Decision.REFUSED
    }
    listing = sum(bool(user.choices) for item in items for user in item.users)
    if all(len(each) == listing for each in users.values()):
        return entry.choices

    def alike(one: Item, other: Item) -> Likeness | None:
        is_kept = (other.name, one.name) in refused or (one.is_known and other.is_known)
        return None if is_kept else choices_alike(one.name, other.name)

    listed_items = [Item(name, tuple(each), name in known) for name, each in users.items()]
    made = {
        group.head.name: _choice(group, known.get(group.head.name), entry.name, why)
        for group in grouped(listed_items, alike, lambda _: (0,))
    }
    kept = [made.pop(one_line(each.name), each) for each in entry.choices]
    return (*kept, *(each for each in made.values() if each.wordings))


def _choice(group: Group, known: StandardChoice | None, contest: str, why: Why) -> StandardChoice:
    """A choice with the wordings that were known, and those that are proposed."""
    choice = known or StandardChoice(group.head.name)
    listed, added = {one_line(each.name) for each in choice.wordings}, []
    for item, likeness, is_ambiguous in group.members:
        if item.name not in listed:
            added.append(Wording(item.name, Decision.PROPOSED))
            why[contest, choice.name, item.name] = _reason(item, likeness, is_ambiguous)
    return StandardChoice(choice.name, (*choice.wordings, *added))


def _reason(item: Item, likeness: Likeness, is_ambiguous: bool) -> Reason:
    others = "AMBIGUOUS, another is as likely; " if is_ambiguous else ""
    is_same = likeness.score == SAME_WORDS and not is_ambiguous
    return Reason(f"{likeness.score}: {others}{likeness.why} (in {_told(item.users)})", is_same)


# ---- what a person decides at once


def same_accepted(proposal: Proposal) -> Proposal:
    """The proposal with all wordings accepted that differ in case, punctuation, accents or notes only."""

    def decided(wordings: tuple[Wording, ...], contest: str, choice: str = "") -> tuple[Wording, ...]:
        return tuple(
            replace(each, state=Decision.ACCEPTED)
            if (reason := proposal.why.get((contest, choice, each.name))) and reason.is_same
            else each
            for each in wordings
        )

    contests = tuple(
        replace(
            each,
            wordings=decided(each.wordings, each.name),
            choices=tuple(
                replace(choice, wordings=decided(choice.wordings, each.name, choice.name))
                for choice in each.choices
            ),
        )
        for each in proposal.names.contests
    )
    return Proposal(StandardNames(contests), proposal.why)
