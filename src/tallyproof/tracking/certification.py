"""How far the contests of each state are certified, by the sources that the count relies on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tallyproof.election.canvass import Snapshot


@dataclass(frozen=True, slots=True)
class Certified:
    """A state's contests: how many there are, and how many a source calls certified or later.

    ``last`` is the snapshot with the latest time among those relied on.
    """

    state: str
    contests: int
    certified: int
    last: Snapshot

    @property
    def is_whole(self) -> bool:
        """Whether every contest counted is certified."""
        return self.certified == self.contests


def certified(relied_on: Iterable[tuple[str, Snapshot]]) -> list[Certified]:
    """Each state with the snapshots that its contests rely on, in the order of the states' codes."""
    by_state: dict[str, list[Snapshot]] = {}
    for state, snapshot in relied_on:
        by_state.setdefault(state, []).append(snapshot)
    return [
        Certified(
            state,
            len(found),
            sum(each.status.is_final for each in found),
            max(found, key=lambda each: each.order),
        )
        for state, found in sorted(by_state.items())
    ]
