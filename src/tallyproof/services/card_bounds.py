"""How many cards may bear a contest: from the manifests where there are any, else from the records alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MANIFESTS, RECORDS, BOTH = "manifests", "cast vote records", "manifests and cast vote records"


@dataclass(frozen=True, slots=True)
class CardBound:
    """The cards that may bear a contest.

    ``cards`` is the bound: ``recorded`` cards whose records show it, ``pooled`` cards known in pools only,
    and ``phantoms``, cards that manifests list and nothing records, any of which may bear it. ``all_cards``
    are those of the ``jurisdictions`` that vote on it, whether they bear it or not. ``source`` says what the
    bound rests on; ``faults`` are sentences about jurisdictions whose batches do not meet.
    """

    cards: int
    recorded: int
    pooled: int
    phantoms: int
    all_cards: int
    source: str
    jurisdictions: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A jurisdiction's cards: with records of their own, in pools, and as listed (None: nowhere).

    ``phantoms`` are cards listed, batch by batch, that neither a record nor a pool accounts for; ``faults``
    are sentences about batches of cards and manifest that do not meet.
    """

    recorded: int
    pooled: int = 0
    listed: int | None = None
    phantoms: int = 0
    faults: tuple[str, ...] = ()

    @property
    def cards(self) -> int:
        """All cards."""
        return self.recorded + self.pooled + self.phantoms


def bound_of(
    recorded: int, pooled: int, voting: Collection[str], jurisdictions: Mapping[str, Listed]
) -> CardBound:
    """The bound for a contest on so many cards with records and in pools, voted on in these jurisdictions.

    A phantom may bear any contest of its jurisdiction, so it counts for each of them.
    """
    there = {name: jurisdictions[name] for name in sorted(voting)}
    phantoms = sum(each.phantoms for each in there.values())
    all_cards = sum(each.cards for each in there.values())
    with_list = sum(each.listed is not None for each in there.values())
    source = RECORDS if not with_list else MANIFESTS if with_list == len(there) else BOTH
    faults = tuple(fault for each in there.values() for fault in each.faults)
    cards = recorded + pooled + phantoms
    return CardBound(cards, recorded, pooled, phantoms, all_cards, source, tuple(there), faults)
