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
    """Somebody who asks: a stable id that enters the ledger, and a name that enters it only committed."""

    id: str
    rights: frozenset[Right]
    name: str = ""


READER = Actor("reader", frozenset({Right.READ}))
"""Anyone who looks at pages."""


def terminal(name: str = "") -> Actor:
    """The person at this machine's command line, who owns its data and may do everything."""
    return Actor("terminal", frozenset(Right), name)


def require(actor: Actor, right: Right) -> None:
    """Raise AccessError unless the actor has the right."""
    if right not in actor.rights:
        raise AccessError(f"{actor.id} may not {right.value} here. Ask an official of this case to do it.")
