"""One case's ledger as it stood at an event: it is read like any other, and nothing can be added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tallyproof.errors import StoreError
from tallyproof.store.canonical import JSON
from tallyproof.store.chain import Event, Head, Verification, verify_events
from tallyproof.store.commitment import Opening
from tallyproof.store.ledger import Ledger


class FrozenLedger(Ledger):
    """Events in memory, without the openings of their secrets: what a stranger has of a case."""

    def __init__(self, case: str, events: Sequence[Event]) -> None:
        self._case, self._events = case, tuple(events)

    def append(
        self,
        case: str,
        actor: str,
        kind: str,
        body: Mapping[str, JSON],
        *,
        secrets: Mapping[str, JSON] | None = None,
        at: datetime | None = None,
        expected_head: Head | None = None,
    ) -> Event:
        """Raise StoreError: this is the past."""
        raise StoreError("Nothing can be added to a ledger as it stood.")

    def events(self, case: str, upto: int | None = None) -> Iterator[Event]:
        """The case's events in order; none of any other case."""
        own = self._events if case == self._case else ()
        return (event for event in own if upto is None or event.sequence <= upto)

    def head(self, case: str) -> Head:
        """The last event's number and hash; number 0 for any other case."""
        if case != self._case or not self._events:
            return Head()
        return Head(self._events[-1].sequence, self._events[-1].hash)

    def cases(self) -> list[str]:
        """The one case."""
        return [self._case] if self._events else []

    def opening(self, case: str, sequence: int, field: str) -> Opening | None:
        """None: openings do not leave the ledger that keeps them."""
        return None

    def erase_opening(self, case: str, sequence: int, field: str) -> bool:
        """False: there is none."""
        return False

    def verify(self, case: str | None = None, published: Mapping[str, Head] | None = None) -> Verification:
        """Check the chain link by link."""
        return verify_events(self._events if case in (None, self._case) else ())

    def close(self) -> None:
        """Nothing is open."""


def frozen(ledger: Ledger, case: str, is_needed: Callable[[Event], bool]) -> FrozenLedger:
    """The case up to its last event that is needed; later ones are left out."""
    events = list(ledger.events(case))
    while events and not is_needed(events[-1]):
        events.pop()
    return FrozenLedger(case, events)
