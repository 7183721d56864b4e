"""The retrieval list: the drawn cards in the order in which they are pulled, each once with all its draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.errors import RequestError
from tallyproof.sampling.frame import BatchKey, field_text
from tallyproof.services.draw_records import DrawRecord
from tallyproof.services.exporting import Rows

_NUMBER = re.compile(r"([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Pull:
    """A card to be pulled, or with no card a whole batch: where it lies, its draws and what they are for."""

    key: BatchKey
    place: str
    card: str
    draws: tuple[int, ...]
    contests: tuple[str, ...] = ()


def retrieval(
    record: DrawRecord, places: Mapping[BatchKey, str] | None = None, *, round_number: int | None = None
) -> list[Pull]:
    """The cards of a draw sorted for pulling: jurisdiction, place, tabulator, batch, card.

    Numbers within names sort by value, so batch 9 comes before batch 10. ``round_number`` leaves only what
    no earlier round has pulled. ``contests`` are those for which a card counts now. Raises RequestError for
    a round that there is not.
    """
    if round_number is not None and not 1 <= round_number <= len(record.rounds):
        raise RequestError(f"There is no round {round_number}; the record has {len(record.rounds)}.")
    chosen = record.rounds[:round_number] if round_number else record.rounds
    before = {(each.key, each.card) for one in chosen[: (round_number or 1) - 1] for each in one.draws}
    numbers: dict[tuple[BatchKey, str], list[int]] = {}
    for each in (each for one in chosen for each in one.draws):
        numbers.setdefault((each.key, each.card), []).append(each.draw)
    contests = _contests(record)
    pulls = [
        Pull(key, (places or {}).get(key, ""), card, tuple(draws),
             tuple(dict.fromkeys(name for draw in draws for name in contests.get(draw, ()))))
        for (key, card), draws in numbers.items() if (key, card) not in before
    ]  # fmt: skip
    return sorted(pulls, key=_order)


def _contests(record: DrawRecord) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for contest, draws in record.usable.items():
        for draw in draws:
            found.setdefault(draw, []).append(contest)
    return found


def _order(pull: Pull) -> list[list[tuple[int, int, str]]]:
    jurisdiction, tabulator, batch = pull.key
    return [natural(text) for text in (jurisdiction, pull.place, tabulator, batch, pull.card)]


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts numbers within a name by value: "101-1-9" before "101-1-10"."""
    parts = [part for part in _NUMBER.split(text) if part]
    return [(0, int(part), part) if _NUMBER.fullmatch(part) else (1, 0, part) for part in parts]


def places_of(manifests: Mapping[str, Manifest]) -> dict[BatchKey, str]:
    """Where each batch stands, from manifests by jurisdiction."""
    return {
        (field_text(name), field_text(batch.tabulator), field_text(batch.name)): batch.place
        for name, manifest in manifests.items()
        for batch in manifest.batches
    }


def by_batch(pulls: Iterable[Pull]) -> list[tuple[BatchKey, str, int]]:
    """Each batch in the order of the list, where it stands, and how many cards are pulled from it."""
    found: dict[BatchKey, tuple[str, int]] = {}
    for pull in pulls:
        place, cards = found.get(pull.key, (pull.place, 0))
        found[pull.key] = place, cards + 1
    return [(key, place, cards) for key, (place, cards) in found.items()]


def retrieval_table(pulls: Sequence[Pull]) -> Rows:
    """One row per card or batch."""
    header = ("pull", "jurisdiction", "place", "tabulator", "batch", "card", "draws", "contests")
    return [header, *(
        (number, pull.key[0], pull.place, *pull.key[1:], pull.card, " ".join(map(str, pull.draws)),
         "; ".join(pull.contests))
        for number, pull in enumerate(pulls, 1)
    )]  # fmt: skip
