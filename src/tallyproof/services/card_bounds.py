"""How many cards may bear a contest: from the manifests where there are any, else from the records alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tallyproof.election.ballot_manifest import Manifest

MANIFESTS, RECORDS, BOTH = "manifests", "cast vote records", "manifests and cast vote records"


@dataclass(frozen=True, slots=True)
class CardBound:
    """The cards that may bear a contest.

    ``cards`` is the bound: ``recorded`` cards whose records show it, ``pooled`` cards known in pools only,
    and ``phantoms``, cards that manifests list and nothing records, any of which may bear it. ``all_cards``
    are those of the ``jurisdictions`` that vote on it, whether they bear it or not. ``source`` says what the
    bound rests on; ``faults`` are sentences about jurisdictions whose manifest cannot be right.
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
    """A jurisdiction's cards: with records of their own, in pools, and as listed (None: nowhere)."""

    recorded: int
    pooled: int = 0
    listed: int | None = None

    @property
    def phantoms(self) -> int:
        """Cards listed that neither a record nor a pool accounts for."""
        return 0 if self.listed is None else max(0, self.listed - self.recorded - self.pooled)

    @property
    def cards(self) -> int:
        """All cards."""
        return self.recorded + self.pooled + self.phantoms


def listed_cards(
    recorded: Mapping[str, int], pooled: Mapping[str, int], manifests: Mapping[str, Manifest]
) -> dict[str, Listed]:
    """The cards of each jurisdiction that has any."""
    names = sorted({*recorded, *pooled, *manifests})
    return {
        name: Listed(
            recorded.get(name, 0), pooled.get(name, 0), manifests[name].cards if name in manifests else None
        )
        for name in names
    }


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
    faults = tuple(_too_few(name, each) for name, each in there.items() if _has_too_few(each))
    cards = recorded + pooled + phantoms
    return CardBound(cards, recorded, pooled, phantoms, all_cards, source, tuple(there), faults)


def _has_too_few(each: Listed) -> bool:
    return each.listed is not None and each.listed < each.recorded + each.pooled


def _too_few(name: str, each: Listed) -> str:
    where = f"{name}: the" if name else "The"
    return (
        f"{where} manifest lists {each.listed:,} cards, fewer than the {each.recorded + each.pooled:,} that "
        "records and pools show. Settle which is wrong before an audit; the larger number is used here."
    )
