"""Who acts, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tallyproof.errors import AccessError


class Right(StrEnum):
    """Something an actor may be allowed to do."""

    READ = "read"
    IMPORT = "import"
    EXPLAIN = "explain"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: a stable id that enters the ledger, and a name that enters it only committed.

    ``cases`` are those that the rights hold for, None for every case; ``shown`` are others that may be
    read, whatever the rights.
    """

    id: str
    rights: frozenset[Right]
    name: str = ""
    cases: frozenset[str] | None = None
    shown: frozenset[str] = frozenset()

    def acts_on(self, case: str) -> bool:
        """Whether the rights hold for a case."""
        return self.cases is None or case in self.cases

    def sees(self, case: str) -> bool:
        """Whether a case may be read; one that may not is as good as not there."""
        return self.acts_on(case) or case in self.shown


READER = Actor("reader", frozenset({Right.READ}))
"""Anyone who looks at pages."""


def terminal(name: str = "") -> Actor:
    """The person at this machine's command line, who owns its data and may do everything."""
    return Actor("terminal", frozenset(Right), name)


def require(actor: Actor, right: Right) -> None:
    """Raise AccessError unless the actor has the right."""
    if right not in actor.rights:
        raise AccessError(f"{actor.id} may not {right.value} here. Ask an official of this case to do it.")
