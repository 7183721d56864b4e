"""Events chained by hash, and the check of a chain that needs no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import TypeVar

from tallyproof.errors import StoreError
from tallyproof.store.canonical import JSON, digest

NOTHING_BEFORE = "0" * 64
"""What the first event of a case names as its previous hash."""

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a case.

    ``sequence`` counts 1, 2, 3 … within the case. ``at`` is RFC 3339 in UTC with six decimals, such
    as ``2016-11-23T17:00:00.000000Z``. ``previous`` is the ``hash`` of the event before; the first
    event of a case has 64 zeros. ``hash`` is the SHA-256, in lower-case hexadecimal digits, of the
    canonical JSON (RFC 8785, UTF-8) of one object with the other seven fields under these names::

        {"actor": …, "at": …, "body": {…}, "case": …, "kind": …, "previous": …, "sequence": …}
    """

    case: str
    sequence: int
    at: str
    actor: str
    kind: str
    body: Mapping[str, JSON]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain: publishing it fixes everything before it."""

    sequence: int = 0
    hash: str = NOTHING_BEFORE


class Fault(StrEnum):
    """What is wrong with a link."""

    GAP = "gap in sequence"
    PREVIOUS = "previous does not match"
    CONTENT = "hash does not match content"
    OPENING = "opening does not match its commitment"
    HEAD = "published head is not in the ledger"
    UNREADABLE = "cannot be read from the database"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where a chain does not hold; ``sequence`` is the event that should stand there."""

    case: str
    sequence: int
    what: Fault

    def __str__(self) -> str:
        return f"{self.case}, event {self.sequence:,}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of one or all chains found.

    ``heads``: for each case the last event up to which its chain holds. ``broken``: for each case
    whose chain does not hold its first broken link.
    """

    heads: Mapping[str, Head]
    broken: tuple[BrokenLink, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every chain looked at holds to its end."""
        return not self.broken

    @property
    def first_broken(self) -> BrokenLink | None:
        """The first broken link, or None where everything holds."""
        return self.broken[0] if self.broken else None

    @property
    def events(self) -> int:
        """How many events hold."""
        return sum(head.sequence for head in self.heads.values())


def event_hash(event: Event) -> str:
    """The hash that the event ought to carry; see Event for the formula."""
    return digest(
        {
            "actor": event.actor,
            "at": event.at,
            "body": event.body,
            "case": event.case,
            "kind": event.kind,
            "previous": event.previous,
            "sequence": event.sequence,
        }
    )


def next_event(head: Head, case: str, at: str, actor: str, kind: str, body: Mapping[str, JSON]) -> Event:
    """The event that follows the head, with its hash."""
    unsigned = Event(case, head.sequence + 1, at, actor, kind, body, previous=head.hash, hash="")
    return replace(unsigned, hash=event_hash(unsigned))


def fault_after(head: Head, event: Event) -> Fault | None:
    """What keeps the event from following the head, or None where it follows."""
    if event.sequence != head.sequence + 1:
        return Fault.GAP
    if event.previous != head.hash:
        return Fault.PREVIOUS
    return None if _carries_its_hash(event) else Fault.CONTENT


def verify_events(events: Iterable[Event]) -> Verification:
    """The chains in a published record, cases in any mixture, each in the order of its events."""
    heads: dict[str, Head] = {}
    broken: dict[str, BrokenLink] = {}
    for event in events:
        head = heads.setdefault(event.case, Head())
        if event.case in broken:
            continue
        fault = fault_after(head, event)
        if fault:
            broken[event.case] = BrokenLink(event.case, head.sequence + 1, fault)
        else:
            heads[event.case] = Head(event.sequence, event.hash)
    return Verification(heads, tuple(broken.values()))


def fold(events: Iterable[Event], step: Callable[[State, Event], State], start: State) -> State:
    """The state after the events: ``step(state, event)`` for each in turn, from ``start``."""
    return reduce(step, events, start)


def _carries_its_hash(event: Event) -> bool:
    try:
        return event.hash == event_hash(event)
    except StoreError:  # content that canonical JSON cannot hold has no hash
        return False
