"""Names put into groups that may mean the same, the likeliest standard at the head of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tallyproof.election.standard_names import NamedContest, jurisdiction_key
from tallyproof.formats.name_keys import SAME_WORDS, Likeness

AMBIGUOUS = 5
"""Two standards whose scores lie no further apart than this are both proposed."""

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A name as some sources write it: of a contest, or of a choice.

    ``users`` are the contests that bear it. ``elsewhere`` are jurisdictions where the name means another
    contest, and ``split`` says why these users are apart from most.
    """

    name: str
    users: tuple[NamedContest, ...]
    is_known: bool = False
    elsewhere: frozenset[str] = frozenset()
    split: str = ""

    @property
    def places(self) -> set[Place]:
        """Where the name stands; two names in one place are two contests or choices."""
        return {(jurisdiction_key(user.jurisdiction), user.source) for user in self.users}

    @property
    def votes(self) -> int | None:
        """Votes per voter, where a user says so."""
        return next((user.vote_for for user in self.users if user.vote_for is not None), None)

    @property
    def choices(self) -> tuple[str, ...]:
        """The longest list of choices among the users."""
        return max((user.choices for user in self.users), key=len)

    @property
    def order(self) -> tuple[object, ...]:
        """First what is known, then what most sources write, then what is pleasant to read."""
        return (
            not self.is_known,
            bool(self.split),
            -len(self.users),
            self.name.isupper(),
            len(self.name),
            self.name,
        )


@dataclass(slots=True, eq=False)
class Group:
    """Names that may mean the same: the head, and the others with how alike they are."""

    head: Item
    members: list[tuple[Item, Likeness, bool]] = field(default_factory=list)

    def joined(self) -> Iterator[Item]:
        """The names that were not ambiguous."""
        yield self.head
        yield from (item for item, _, is_ambiguous in self.members if not is_ambiguous)


Alike = Callable[[Item, Item], Likeness | None]
Keys = Callable[[Item], Iterable[Hashable]]


def jurisdictions(users: Iterable[NamedContest]) -> set[str]:
    """The keys of the jurisdictions of these users; an empty one where nobody said."""
    return {jurisdiction_key(user.jurisdiction) for user in users}


def grouped(items: Sequence[Item], alike: Alike, keys: Keys) -> list[Group]:
    """Put each name, the likeliest standard first, with the group that is most like it."""
    groups: list[Group] = []
    index: dict[Hashable, list[Group]] = {}
    ordered = sorted(items, key=lambda each: each.order)
    by_key: dict[Hashable, list[Item]] = {}
    for item in ordered:
        for key in keys(item):
            by_key.setdefault(key, []).append(item)
    for item in ordered:
        near = {id(group): group for key in keys(item) for group in index.get(key, ())}
        close = _closest(item, list(near.values()), alike)
        beside = (each for key in keys(item) for each in by_key[key] if each is not item)
        is_ambiguous = len(close) > 1 or (bool(close) and _has_rival(item, *close[0], beside, alike))
        for likeness, group in close:
            group.members.append((item, likeness, is_ambiguous))
        if is_ambiguous:
            continue  # it is no evidence for what is like it
        joined = close[0][1] if close else Group(item)
        groups += [] if close else [joined]
        for key in keys(item):
            if joined not in (listed := index.setdefault(key, [])):
                listed.append(joined)
    return groups


def _closest(item: Item, groups: Sequence[Group], alike: Alike) -> list[tuple[Likeness, Group]]:
    """The group most like a name, with those hardly less like it; the very same words go before all."""
    found = [(likeness, group) for group in groups if (likeness := _alike_group(item, group, alike))]
    best = max((likeness.score for likeness, _ in found), default=0)
    return [each for each in found if each[0].score >= _least(best)]


def _least(score: int) -> int:
    return score if score == SAME_WORDS else score - AMBIGUOUS


def _has_rival(item: Item, likeness: Likeness, group: Group, beside: Iterable[Item], alike: Alike) -> bool:
    """Whether another name of the same source, where both cannot be one, is as like the group."""
    return any(
        (found := _alike_group(other, group, alike)) is not None and found.score >= _least(likeness.score)
        for other in beside
        if other.places & item.places
    )


def _alike_group(item: Item, group: Group, alike: Alike) -> Likeness | None:
    """The best likeness to a name of the group; None where the two cannot be one."""
    best: Likeness | None = None
    if not group.head.split and jurisdictions(item.users) & group.head.elsewhere:
        return None  # the name that would be its standard means another contest there
    for other in group.joined():
        if item.places & other.places:
            return None
        if (found := alike(item, other)) and (best is None or found.score > best.score):
            best = found
        votes = {item.votes, other.votes} - {None}
        if len(votes) > 1:
            return None
    return best
